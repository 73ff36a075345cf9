package acts

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/reports/prose"
	"secretariat/reports/sheet"
)

// Other programs read every built-in report in every language as it was composed, on the sample and on a programme that
// has only begun: each cell of each table at its place, each row in the embedded files, the language, the pages. The structure
// tree takes pdfinfo seconds a report (it reads a page anew for each element): it is read in the three scripts and directions that
// differ, and in all languages by script/matrix; in the others the cells are looked for in the order of the text.
func TestReportsAsOthersReadThem(t *testing.T) {
	for name, all := range map[string][]composedReport{"sample": onSample.reports(t), "empty": onBeginning.reports(t)} {
		for _, r := range all {
			t.Run(name+" "+r.definition.Name+" "+r.language, func(t *testing.T) {
				t.Parallel()
				b, pages, err := pdf.Render(r.made.Document)
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.TempDir(), "report.pdf")
				if err := os.WriteFile(file, b, 0o644); err != nil {
					t.Fatal(err)
				}
				if *matrix || slices.Contains([]string{"en", "ar", "zh"}, r.language) {
					cellsAsRead(t, runTool(t, "pdfinfo", "-struct-text", file), r.made.Document)
				} else if n, want := wholeText(t, file, r.made.Document), cellsOf(r.made.Document); n != want {
					t.Errorf("%d cells were read, want %d", n, want)
				}
				pagesAsRead(t, runTool(t, "pdftotext", file, "-"), r.made.Document, pages)
				objectsAsRead(t, runTool(t, "qpdf", "--json=2", "--json-key=qpdf", file), r.language)
				filesAsRead(t, file, r.made.Document)
			})
		}
	}
}

// cellsAsRead compares the tables of the structure tree, which is the reading order of a screen reader, with those of the
// document: as many tables, rows and cells, each with its text. (The order in which pdftotext finds Arabic text on a page is
// a guess from where the pen stood; the tree's is what the file says.)
func cellsAsRead(t *testing.T, tree string, doc document.Document) {
	t.Helper()
	got := treeTables(tree)
	for _, table := range allTables(doc) {
		if len(table.Rows) == 0 {
			if !strings.Contains(reading(tree), reading(table.Empty)) {
				t.Errorf("table %s has no rows, and %q is not in the text", table.Name, table.Empty)
			}
			continue
		}
		if len(got) == 0 {
			t.Errorf("table %s is not in the tree", table.Name)
			return
		}
		want := tableTexts(table)
		if len(got[0]) != len(want) {
			t.Errorf("table %s has %d rows in the tree, want %d", table.Name, len(got[0]), len(want))
		}
		for i := range min(len(want), len(got[0])) {
			if !slices.EqualFunc(got[0][i], want[i], func(a, b string) bool { return reading(a) == reading(b) }) {
				t.Errorf("table %s, row %d:\n got %q\nwant %q", table.Name, i, got[0][i], want[i])
			}
		}
		got = got[1:]
	}
	if len(got) > 0 {
		t.Errorf("%d tables more in the tree than in the document", len(got))
	}
}

// cellsOf counts the cells of the rows of all tables.
func cellsOf(doc document.Document) (n int) {
	for _, table := range allTables(doc) {
		for _, row := range table.Rows {
			n += len(row.Cells)
		}
	}
	return n
}

// tableTexts is the text of each cell, the heads first.
func tableTexts(table document.Table) (rows [][]string) {
	var head []string
	for _, c := range table.Columns {
		head = append(head, c.Title)
	}
	rows = append(rows, head)
	for _, r := range table.Rows {
		var cells []string
		for _, c := range r.Cells {
			if c.Status != nil {
				cells = append(cells, c.Status.Word)
				continue
			}
			cells = append(cells, prose.Plain(c.Spans))
		}
		rows = append(rows, cells)
	}
	return rows
}

// treeTables reads the tables out of what pdfinfo -struct-text prints: an element a line, deeper ones indented, texts in quotes.
func treeTables(tree string) (tables [][][]string) {
	inside := -1 // indent of the table that is read
	for _, line := range strings.Split(tree, "\n") {
		element := strings.TrimLeft(line, " ")
		indent := len(line) - len(element)
		if indent <= inside {
			inside = -1
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(element, ":"), " ")
		switch {
		case name == "Table" && inside < 0:
			inside, tables = indent, append(tables, nil)
		case inside < 0 || element == "":
		case name == "TR":
			last := &tables[len(tables)-1]
			*last = append(*last, nil)
		case name == "TH" || name == "TD":
			rows := tables[len(tables)-1]
			rows[len(rows)-1] = append(rows[len(rows)-1], "")
		case strings.HasPrefix(element, `"`):
			rows := tables[len(tables)-1]
			cells := rows[len(rows)-1]
			cells[len(cells)-1] += strings.TrimSuffix(element[1:], `"`)
		}
	}
	return tables
}

// reading is a text without what extraction does not keep: space and marks of direction.
// (The tree gives lam and alef in their order; pdftotext turns them round.)
func reading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

var partsOf = regexp.MustCompile(`\p{Arabic}+|\p{Latin}+|\p{Cyrillic}+|\p{Nd}+|[^\p{L}\p{Nd}]`)

// parts are the words, numbers and signs of a text, sorted.
func parts(s string) []string {
	var out []string
	for _, part := range partsOf.FindAllString(s, -1) {
		if part = reading(part); part != "" {
			out = append(out, part)
		}
	}
	slices.Sort(out)
	return out
}

// pagesAsRead looks for "Page x of y", in the reader's language, on each page.
func pagesAsRead(t *testing.T, text string, doc document.Document, pages int) {
	t.Helper()
	each := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(each) != pages {
		t.Errorf("%d pages are read, %d were made", len(each), pages)
	}
	for i, page := range each {
		label := strings.NewReplacer("{x}", strconv.Itoa(i+1), "{y}", strconv.Itoa(pages)).Replace(doc.Meta.PageLabel)
		found := strings.Contains(reading(page), reading(label))
		if doc.Meta.RightToLeft { // pdftotext prints the parts of a line from left to right
			found = slices.ContainsFunc(strings.Split(page, "\n"), func(line string) bool { return slices.Equal(parts(line), parts(label)) })
		}
		if !found {
			t.Errorf("page %d does not say %q:\n%.300s", i+1, label, page[max(0, len(page)-300):])
		}
	}
}

// objectsAsRead makes sure of the language of the document and the words that stand for each figure.
func objectsAsRead(t *testing.T, text, language string) {
	t.Helper()
	var file struct{ Qpdf []json.RawMessage }
	var objects map[string]struct{ Value json.RawMessage }
	if err := json.Unmarshal([]byte(text), &file); err != nil || len(file.Qpdf) != 2 {
		t.Fatalf("qpdf: %v", err)
	}
	if err := json.Unmarshal(file.Qpdf[1], &objects); err != nil {
		t.Fatal(err)
	}
	catalogs := 0
	for id, object := range objects {
		var is struct {
			Type string `json:"/Type"`
			Role string `json:"/S"`
			Lang string `json:"/Lang"`
			Alt  string `json:"/Alt"`
		}
		if json.Unmarshal(object.Value, &is) != nil {
			continue // an array or a number
		}
		if is.Type == "/Catalog" {
			catalogs++
			if is.Lang != "u:"+language {
				t.Errorf("/Lang is %q, want %q", is.Lang, language)
			}
		}
		if is.Role == "/Figure" && strings.TrimSpace(strings.TrimPrefix(is.Alt, "u:")) == "" {
			t.Errorf("figure %s has no words", id)
		}
	}
	if catalogs != 1 {
		t.Errorf("%d catalogs", catalogs)
	}
}

// filesAsRead compares the files in the PDF with the rows of the queries, and both with the files for spreadsheets.
func filesAsRead(t *testing.T, file string, doc document.Document) {
	t.Helper()
	if len(tablesOf(doc)) > 0 {
		embedded(t, file, doc)
	}
	for _, table := range allTables(doc) {
		rows := 0
		for _, r := range table.Rows {
			if r.Kind == document.RowBody {
				rows++
			}
		}
		if len(table.Data) != rows+1 {
			t.Errorf("table %s shows %d rows and holds %d", table.Name, rows, len(table.Data)-1)
		}
		back, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(sheet.CSV(table)), "\uFEFF"))).ReadAll()
		same := func(a, b string) bool { return strings.TrimPrefix(a, "'") == strings.TrimPrefix(b, "'") }
		if err != nil || !slices.EqualFunc(back, table.Data, func(a, b []string) bool { return slices.EqualFunc(a, b, same) }) {
			t.Errorf("the sheet of %s differs from the query's rows (%v)", table.Name, err)
		}
	}
}

// allTables are the tables in reading order, also those side by side.
func allTables(doc document.Document) (out []document.Table) {
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			switch v := b.(type) {
			case document.Table:
				out = append(out, v)
			case document.Columns:
				for _, c := range v.Items {
					walk(c.Blocks)
				}
			}
		}
	}
	for _, s := range doc.Sections {
		walk(s.Blocks)
	}
	return out
}
