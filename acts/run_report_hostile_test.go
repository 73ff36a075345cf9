package acts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"secretariat/reports"
	"secretariat/reports/document"
	"secretariat/reports/html"
	"secretariat/reports/prose"
	"secretariat/reports/sheet"
	"secretariat/store"
	"secretariat/templates"
)

var keepFiles = flag.String("keep", "", "folder that keeps the PDF files of script/matrix")

// hostileTexts have broken typesetters, file formats or readers. What PostgreSQL itself refuses stands in TestWhatPostgreSQLRefuses.
var hostileTexts = []string{
	"emoji 😀 and 👨‍👩‍👧‍👦 a family, 🇺🇿 a flag, 1️⃣ a keycap",
	"page {nb} of {nb} {x} {y}", ")(\\ (( )) \\) <</Type /Catalog>> endobj stream", "=1+1|@SUM(A1)", "+998901234567", "<script>alert(1)</script> & \"quoted\"",
	"overrides \u202eabc\u202c \u2066def\u2069 \ufeff end", "controls \u0001\u001b\u007f\u0085 end",
	"The ministry (وزارة الخارجية, 2026) of عربي text 12.5 % (a)", "عربي English عربي 12-15 (نص) ISRS", "塔什干举行《会议》，各方同意。", "soft\u00adhyphen and no\u00a0break 45\u00a0000\u00a0000\u00a0USD",
	"e\u0301 decomposed, Oʻzbekiston maʼruza", "unknown scripts हिन्दी ไทย עברית \ue000", strings.Repeat("title of two hundred ", 10), "\u200b", "**bold** [x](javascript:1) | # h", "line\nfeed\ttab",
}

// hostileOffice is the sample with hostile activities and the hostile report.
func hostileOffice(t *testing.T) *desk {
	t.Helper()
	d := newsroom(t)
	library, err := reports.Load(joinedFS{templates.Reports(), os.DirFS(filepath.Join("testdata", "hostile"))})
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	d.clock("2026-11-23T09:00:00+05:00")
	for i, text := range hostileTexts {
		title, err := json.Marshal(map[string]string{"en": text})
		if err != nil {
			t.Fatal(err)
		}
		d.inTx(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `
				insert into activity (ref, title, area_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on, percent, confidentiality)
				select 'HOSTILE-' || lpad($1::text, 3, '0'), $2::jsonb, area_id, kind, lead_id, focal_point_id, 'implementation', '2026-01-01', '2026-11-01', '2026-10-01', 10, 'public'
				from   activity order by id limit 1`, i, string(title))
			return err
		})
	}
	return d
}

// joinedFS is one folder of two.
type joinedFS struct{ a, b fs.FS }

func (j joinedFS) Open(name string) (fs.File, error) {
	if f, err := j.b.Open(name); err == nil && name != "." {
		return f, nil
	}
	return j.a.Open(name)
}

func (j joinedFS) Glob(pattern string) ([]string, error) {
	a, err := fs.Glob(j.a, pattern)
	if err != nil {
		return nil, err
	}
	b, err := fs.Glob(j.b, pattern)
	return append(a, b...), err
}

// Two kinds of text never get as far as a report.
func TestWhatPostgreSQLRefuses(t *testing.T) {
	d := newsroom(t)
	for name, text := range map[string]string{"NUL": `{"en":"a\u0000b"}`, "bytes that are no UTF-8": "{\"en\":\"caf\xe9\"}", "half of a surrogate pair": `{"en":"\ud800"}`} {
		err := d.Store.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update activity set title = $1::jsonb`, text)
			return err
		})
		if err == nil {
			t.Errorf("PostgreSQL takes %s", name)
		}
	}
}

// run calls a program of another hand.
func runTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed (script/bootstrap --test)", name)
		}
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%.500s", name, args, err, out)
	}
	return string(out)
}

func soundPDF(t *testing.T, file string) {
	t.Helper()
	if out := runTool(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	if out := runTool(t, "pdfinfo", file); !regexp.MustCompile(`Tagged: +yes`).MatchString(out) || strings.Contains(out, "Error") {
		t.Error(out)
	}
	trace := runTool(t, "mutool", "trace", file)
	if n := len(regexp.MustCompile(`glyph="0"|glyph="\.notdef"|="NaN|="inf`).FindAllString(trace, -1)); n > 0 || strings.Contains(trace, "error:") {
		t.Errorf("%d empty boxes or numbers that are none are drawn", n)
	}
	for _, line := range strings.Split(strings.TrimSpace(runTool(t, "pdffonts", file)), "\n")[2:] {
		if !regexp.MustCompile(`^[A-Z]{6}\+\S+ .* yes yes yes`).MatchString(line) {
			t.Errorf("font is not embedded, cut and mapped: %s", line)
		}
	}
}

// folded is a text as it can be compared after extraction: letters undone from their Arabic forms; without space, controls,
// marks of direction, the letters of lam-alef, which extraction may turn round, and what is replaced.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Co) || r > 0xFFFF || r == '\u25CC' || unicode.In(r, unicode.Devanagari, unicode.Thai, unicode.Hebrew) ||
			r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 || strings.ContainsRune("لاأإآ", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// wholeText makes sure that every cell of every table stands in the extracted text. Cells without Arabic stand in reading
// order; of the others every word of letters is looked for. It returns how many cells there were.
func wholeText(t *testing.T, file string, doc document.Document) (cells int) {
	t.Helper()
	text := folded(runTool(t, "pdftotext", "-raw", file, "-"))
	at := 0
	for _, table := range allTables(doc) {
		for n, row := range table.Rows {
			begin, torn := at, false // beside a cell that goes on on the next page, the others stand on the first
			for _, cell := range row.Cells {
				words := prose.Plain(cell.Spans)
				if cell.Status != nil {
					words = cell.Status.Word
				}
				cells++
				if doc.Meta.RightToLeft || hasRight(words) {
					for _, word := range strings.Fields(words) {
						if comparable(word) && !strings.Contains(text, folded(word)) {
							t.Errorf("table %s, row %d: %q is not in the text", table.Name, n+1, word)
						}
					}
					continue
				}
				next := follows(text[at:], words)
				if next < 0 && torn && strings.Contains(text[begin:], folded(words)) {
					continue
				}
				torn = torn || len(words) >= 2000
				if next < 0 {
					t.Fatalf("table %s, row %d: %.80q does not follow %.80q", table.Name, n+1, words, text[max(0, at-60):at])
				}
				at += next
			}
		}
	}
	return cells
}

// follows returns where a cell ends in a text, -1 where it is missing. A cell longer than a page is interrupted by running
// heads: its words are looked for one after another, and a word that is torn by the end of a page is not found whole.
func follows(text, words string) int {
	if len(words) < 2000 {
		if at := strings.Index(text, folded(words)); at >= 0 {
			return at + len(folded(words))
		}
		return -1
	}
	at, torn := 0, 0
	for _, word := range longWords.FindAllString(words, -1) {
		next := strings.Index(text[at:min(len(text), at+2000)], word)
		if next < 0 {
			torn++
			continue
		}
		at += next + len(word)
	}
	if torn > 12 {
		return -1
	}
	return at
}

// longWords parts the long texts of the hostile report, also the word that has no space.
var longWords = regexp.MustCompile(`[a-z]+[0-9]+`)

// comparable tells words that extraction leaves as they are: letters of one direction, without marks that are mirrored.
// Numbers beside Arabic letters change places with what parts them (UAX 9, W2).
func comparable(word string) bool {
	return len(word) < 200 && !hasBoth(word) && strings.ContainsFunc(word, unicode.IsLetter) && !strings.ContainsAny(word, "()[]{}<>\\|")
}

func hasRight(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) })
}

func hasBoth(s string) bool {
	return hasRight(s) && strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Nd) || unicode.IsPunct(r) })
}

func tablesOf(doc document.Document) []document.Table {
	var out []document.Table
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			if table, ok := b.(document.Table); ok && len(table.Rows) > 0 {
				out = append(out, table)
			}
		}
	}
	return out
}

// embedded makes sure that the CSV files in the PDF hold the rows of the queries.
func embedded(t *testing.T, file string, doc document.Document) {
	t.Helper()
	dir := t.TempDir()
	runTool(t, "pdfdetach", "-saveall", "-o", dir, file)
	for _, table := range tablesOf(doc) {
		b, err := os.ReadFile(filepath.Join(dir, table.Name+".csv"))
		if err != nil {
			t.Error(err)
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil || !slices.EqualFunc(rows, table.Data, func(a, b []string) bool { return slices.EqualFunc(a, b, sameField) }) {
			t.Errorf("%s.csv has %d rows, the query %d, or they differ (%v)", table.Name, len(rows), len(table.Data), err)
		}
	}
}

// sameField compares a field with what was written: readers of CSV turn CR LF into LF.
func sameField(a, b string) bool { return a == strings.ReplaceAll(b, "\r\n", "\n") }

// otherForms makes sure that no row is missing from page, letter, workbook and CSV, and that data stay data.
func checkOtherForms(t *testing.T, doc document.Document) {
	t.Helper()
	page, err := html.Page(doc)
	if err != nil || strings.Contains(page, "<script") || strings.Contains(page, "ZgotmplZ") {
		t.Errorf("page: %v, or markup in it", err)
	}
	letter, plain, err := html.Letter(doc)
	if err != nil || strings.Contains(letter, "<script") || plain == "" {
		t.Errorf("letter: %v, or markup in it", err)
	}
	rows := 0
	for _, table := range tablesOf(doc) {
		rows += len(table.Rows)
		back, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheet.CSV(table), []byte("\uFEFF")))).ReadAll()
		if err != nil || len(back) != len(table.Data) {
			t.Errorf("CSV of %s has %d rows, want %d (%v)", table.Name, len(back), len(table.Data), err)
		}
		for _, row := range back {
			for _, field := range row {
				if strings.HasPrefix(field, "=") || strings.HasPrefix(field, "@") {
					t.Errorf("%s: %q would run as a formula", table.Name, field)
				}
			}
		}
	}
	if n := strings.Count(page, "<tr"); n < rows {
		t.Errorf("the page has %d rows, the document %d", n, rows)
	}
	book, err := sheet.Workbook(doc)
	if err != nil || !bytes.HasPrefix(book, []byte("PK")) {
		t.Errorf("workbook: %v", err)
	}
	if doc.Meta.RightToLeft != strings.Contains(page, `dir="rtl"`) {
		t.Error(fmt.Errorf("the page's direction is not that of its language"))
	}
}
