package acts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/locale"
	"secretariat/reports"
	"secretariat/reports/pdf"
	"secretariat/store"
	"secretariat/templates"
)

// The files in a PDF are the rows of the report's own SQL, asked by hand: the block is cut out of the report file as text,
// its parameters are written into it, and PostgreSQL's JSON is compared with what poppler takes out of the PDF. Nothing of
// the product stands between but the catalogue of words. In all nine reports, in a language from left to right and in Arabic.
func TestFilesAreTheRowsOfTheQueries(t *testing.T) {
	d := newsroom(t)
	d.clock("2026-11-23T09:00:00+05:00")
	total := 0
	for _, definition := range d.Reports.All() {
		for _, language := range []string{"en", "ar"} {
			_, made, p, err := d.compose(t.Context(), OnDemand{Report: definition.Name, Language: language, Clearance: "limited", AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)})
			if err != nil {
				t.Fatal(err)
			}
			b, _, err := pdf.Render(made.Document)
			if err != nil {
				t.Fatal(err)
			}
			files := detached(t, b)
			w := wordBook{locale.For(language), reportText(t, definition.Name+"."+map[string]string{"en": "report", "ar": "ar"}[language]+".md")}
			rows := 0
			for _, block := range tableBlocks(t, definition.Name) {
				got, present := files[block.name+".csv"]
				if !present {
					t.Errorf("%s in %s: no file %s.csv in the PDF", definition.Name, language, block.name)
					continue
				}
				want := askedByHand(t, d, block, p)
				delete(files, block.name+".csv")
				rows += len(want.rows)
				want.compare(t, fmt.Sprintf("%s in %s, %s.csv", definition.Name, language, block.name), got, block, w, p)
			}
			delete(files, "changes.csv") // computed, not read: TestSlipOnThePage
			if len(files) > 0 {
				t.Errorf("%s in %s: files of no query: %v", definition.Name, language, slices.Sorted(maps.Keys(files)))
			}
			if rows == 0 {
				t.Errorf("%s in %s: nothing was compared", definition.Name, language)
			}
			total += rows
		}
	}
	t.Logf("%d rows compared", total)
}

// detached are the files in a PDF, as poppler takes them out.
func detached(t *testing.T, b []byte) map[string][][]string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	runTool(t, "pdfdetach", "-saveall", "-o", dir, file)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if out[e.Name()], err = csv.NewReader(bytes.NewReader(b)).ReadAll(); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
	}
	return out
}

// tableBlock is a block of a report file that is shown as a table, cut out with expressions of this test.
type tableBlock struct {
	name, group, sql string
	columns          []string          // in the order of @cols
	words            map[string]string // column to the prefix of its words, where the file has words for values
}

var (
	fencedBlock  = regexp.MustCompile("(?ms)^```sql (\\S+) ([^\n]*\\bas=table\\b[^\n]*)\n(.*?)^```")
	groupOption  = regexp.MustCompile(`\bgroup=(\S+)`)
	columnsLine  = regexp.MustCompile(`(?m)^-- @cols (.*)$`)
	parameterUse = regexp.MustCompile(`(^|[^:]):(since|until|as_of|clearance|programme|currency|lang|session|lines)\b`)
)

// reportText is a file of a built-in report as text.
func reportText(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(templates.Reports(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func tableBlocks(t *testing.T, report string) (out []tableBlock) {
	t.Helper()
	for _, m := range fencedBlock.FindAllStringSubmatch(reportText(t, report+".report.md"), -1) {
		b := tableBlock{name: m[1], sql: m[3], words: map[string]string{}}
		if group := groupOption.FindStringSubmatch(m[2]); group != nil {
			b.group = group[1]
		}
		for _, word := range strings.Fields(columnsLine.FindStringSubmatch(m[3])[1]) {
			name, look, _ := strings.Cut(word, ":")
			prefix, isWord := strings.CutPrefix(word, "word=")
			switch {
			case isWord:
				b.words[b.columns[len(b.columns)-1]] = prefix
			case strings.ContainsAny(name, "=<>"):
			default:
				b.columns = append(b.columns, name)
				switch look {
				case "word":
					b.words[name] = name
				case "lang":
					b.words[name] = "report.language"
				case "rag":
					b.words[name] = "report.rag"
				}
			}
		}
		if b.group != "" && !slices.Contains(b.columns, b.group) {
			b.columns = append([]string{b.group}, b.columns...)
		}
		out = append(out, b)
	}
	return out
}

// handRows are rows as PostgreSQL gives them in JSON, by column.
type handRows struct {
	types map[string]string
	rows  []map[string]any
}

// askedByHand asks the block's SQL with the parameters written into it.
func askedByHand(t *testing.T, d *desk, block tableBlock, p reports.Parameters) (out handRows) {
	t.Helper()
	literals := map[string]string{"clearance": p.Clearance, "programme": p.Programme.Code, "currency": p.Programme.Currency, "lang": p.Language, "session": ""}
	parts := strings.Split(block.sql, "'")
	for i := 0; i < len(parts); i += 2 { // the odd ones are texts
		parts[i] = parameterUse.ReplaceAllStringFunc(parts[i], func(use string) string {
			before, name, _ := strings.Cut(use, ":")
			for at, moment := range map[string]time.Time{"since": p.Since, "until": p.Until, "as_of": p.AsOf} {
				if at == name {
					return before + "timestamptz '" + moment.Format(time.RFC3339Nano) + "'"
				}
			}
			return before + "text '" + literals[name] + "'"
		})
	}
	query := strings.Join(parts, "'")
	d.inTx(func(tx *store.Tx) error {
		for _, set := range []string{
			`insert into report_ceiling (pid, level) values (pg_backend_pid(), '` + p.Clearance + `') on conflict (pid) do update set level = excluded.level`,
			`set local timezone = '` + p.Programme.Timezone.String() + `'`,
		} {
			if _, err := tx.ExecContext(t.Context(), set); err != nil {
				return err
			}
		}
		found, err := tx.QueryContext(t.Context(), "select * from (\n"+query+"\n) q limit 0")
		if err != nil {
			return fmt.Errorf("%s: %w", block.name, err)
		}
		kinds, err := found.ColumnTypes()
		found.Close()
		if err != nil {
			return err
		}
		out.types = map[string]string{}
		for _, k := range kinds {
			out.types[k.Name()] = k.DatabaseTypeName()
		}
		var lines []string
		if err := tx.SelectContext(t.Context(), &lines, "select row_to_json(q)::text from (\n"+query+"\n) q"); err != nil {
			return fmt.Errorf("%s: %w", block.name, err)
		}
		for _, line := range lines {
			row := map[string]any{}
			reader := json.NewDecoder(strings.NewReader(line))
			reader.UseNumber()
			if err := reader.Decode(&row); err != nil {
				return err
			}
			out.rows = append(out.rows, row)
		}
		_, err = tx.ExecContext(t.Context(), `delete from report_ceiling where pid = pg_backend_pid()`)
		return err
	})
	return out
}

// compare holds a file against the rows.
func (h handRows) compare(t *testing.T, what string, got [][]string, block tableBlock, w wordBook, p reports.Parameters) {
	t.Helper()
	if len(got) != len(h.rows)+1 || !slices.Equal(got[0], block.columns) {
		t.Errorf("%s has %d rows of %q, the query %d of %q", what, len(got)-1, got[0], len(h.rows), block.columns)
		return
	}
	for i, row := range h.rows {
		for j, column := range block.columns {
			kind, known := h.types[column]
			if want := plainText(row[column], kind, block.words[column], w, p); !known || !sameValue(row[column], got[i+1][j], want) {
				t.Errorf("%s, row %d, %s (%s): got %q, want %q", what, i+1, column, kind, got[i+1][j], want)
			}
		}
	}
}

func sameValue(v any, got, want string) bool {
	if _, isNumber := v.(json.Number); isNumber {
		a, okA := new(big.Rat).SetString(got)
		b, okB := new(big.Rat).SetString(want)
		return got == want || okA && okB && a.Cmp(b) == 0
	}
	return sameField(got, want)
}

// plainText is a value of JSON as the file has it: words in the reader's language, moments in UTC.
func plainText(v any, kind, prefix string, w wordBook, p reports.Parameters) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool, json.Number:
		return fmt.Sprint(v)
	case []any:
		var words []string
		for _, one := range v {
			words = append(words, fmt.Sprint(one))
		}
		return strings.Join(words, ", ")
	case map[string]any:
		for _, lang := range slices.Concat([]string{p.Language}, p.Programme.Languages, slices.Sorted(maps.Keys(v))) {
			if text, ok := v[lang]; ok {
				return fmt.Sprint(text)
			}
		}
		return ""
	case string:
		if prefix != "" {
			return w.word(v, prefix)
		}
		if kind == "TIMESTAMPTZ" {
			at, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return err.Error()
			}
			return at.UTC().Format(time.RFC3339)
		}
		return v
	}
	return fmt.Sprintf("%T", v)
}

// wordBook has the words for values: labels of the report's file in a language, else the catalogue.
type wordBook struct {
	catalogue *locale.Locale
	file      string
}

// word is that of "<prefix>.<value>", or of the id behind a colour.
func (w wordBook) word(value, prefix string) string {
	id := prefix + "." + value
	if _, own, ok := strings.Cut(value, ":"); ok {
		if id = own; !strings.Contains(own, ".") {
			id = prefix + "." + own
		}
	}
	if m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(id) + ` = (.*)$`).FindStringSubmatch(w.file); m != nil {
		return m[1]
	}
	for _, id := range []string{id, strings.ReplaceAll(id, "_", "-")} {
		if w.catalogue.Has(id) {
			return w.catalogue.T(id, nil)
		}
	}
	return value
}
