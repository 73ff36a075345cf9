package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"secretariat/reports/document"
)

func report() document.Document {
	t := document.Table{Name: "overdue", Data: [][]string{
		{"no", "title", "due_on", "budget", "met", "code", "seen"},
		{"1", "Совместный проект", "2026-11-23", "45000.50", "true", "007", "2026-11-23 09:30:00"},
		{"2", "=1+1", "2026-02-30", "123456789012345678", "false", "+998901234567", "2026-11-23T04:00:00Z"},
		{"-3", "a\x00b\xff", "", "-0.25", "", "1.", strings.Repeat("ж", 40000)},
	}}
	other := document.Table{Name: "Overdue", Data: [][]string{{"a"}}}
	beside := document.Columns{Items: []document.ColumnItem{{Span: 6, Blocks: []document.Block{
		document.Table{Name: strings.Repeat("a/very:long*name", 4), Data: [][]string{{"x"}, {"1"}}}}}}}
	return document.Document{
		Meta:     document.Meta{Title: "Weekly", AsOf: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 5*3600)), RightToLeft: true},
		Sections: []document.Section{{Blocks: []document.Block{t, document.Table{Name: "empty"}, other, beside}}}}
}

func open(t *testing.T, doc document.Document) *excelize.File {
	t.Helper()
	b, err := Workbook(doc)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestSheets(t *testing.T) {
	f := open(t, report())
	want := "overdue|Overdue-2|a very long namea very long nam"
	if got := strings.Join(f.GetSheetList(), "|"); got != want {
		t.Errorf("sheets %q, want %q", got, want)
	}
	panes, err := f.GetPanes("overdue")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("head is not frozen: %+v %v", panes, err)
	}
	view, err := f.GetSheetView("overdue", 0)
	if err != nil || view.RightToLeft == nil || !*view.RightToLeft {
		t.Errorf("sheet does not run from right to left: %v", err)
	}
}

func TestCells(t *testing.T) {
	f := open(t, report())
	for _, row := range []struct {
		at, reason, want string
		kind             excelize.CellType
	}{
		{"A2", "a whole number", "1", excelize.CellTypeUnset},
		{"A4", "below zero", "-3", excelize.CellTypeUnset},
		{"B2", "text", "Совместный проект", excelize.CellTypeInlineString},
		{"B3", "a formula stays text", "=1+1", excelize.CellTypeInlineString},
		{"B4", "what XML cannot hold goes", "ab\uFFFD", excelize.CellTypeInlineString},
		{"C2", "a day", "2026-11-23", excelize.CellTypeUnset},
		{"C3", "no such day", "2026-02-30", excelize.CellTypeInlineString},
		{"D2", "a decimal", "45000.5", excelize.CellTypeUnset},
		{"D3", "more digits than a sheet keeps", "123456789012345678", excelize.CellTypeInlineString},
		{"E2", "truth", "TRUE", excelize.CellTypeBool},
		{"F2", "a code, not a number", "007", excelize.CellTypeInlineString},
		{"F3", "a telephone", "+998901234567", excelize.CellTypeInlineString},
		{"F4", "a point at the end", "1.", excelize.CellTypeInlineString},
		{"G2", "a moment", "2026-11-23 09:30:00", excelize.CellTypeUnset},
		{"G3", "a moment as reports keep it", "2026-11-23 04:00:00 UTC", excelize.CellTypeUnset},
		{"G4", "longer than a cell may be, visibly", strings.Repeat("ж", 32766) + "…", excelize.CellTypeInlineString},
	} {
		got, err := f.GetCellValue("overdue", row.at)
		kind, _ := f.GetCellType("overdue", row.at)
		if err != nil || got != row.want || kind != row.kind {
			t.Errorf("%s (%s): got %q of type %v, want %q of type %v (%v)", row.at, row.reason, got, kind, row.want, row.kind, err)
		}
		if formula, _ := f.GetCellFormula("overdue", row.at); formula != "" {
			t.Errorf("%s is a formula", row.at)
		}
	}
}

func TestSameBytes(t *testing.T) {
	a, err := Workbook(report())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if b, _ := Workbook(report()); !bytes.Equal(a, b) {
			t.Fatal("two workbooks of one report differ")
		}
	}
}

// A report without tables is a workbook that opens.
func TestNoTables(t *testing.T) {
	if n := len(open(t, document.Document{}).GetSheetList()); n != 1 {
		t.Errorf("%d sheets, want one empty one", n)
	}
}

func TestCSV(t *testing.T) {
	b := CSV(report().Sections[0].Blocks[0].(document.Table))
	text, ok := strings.CutPrefix(string(b), "\uFEFF")
	if !ok || !strings.Contains(text, "\r\n") {
		t.Errorf("no byte order mark or line ends of RFC 4180: %q", b[:20])
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range []struct{ got, want, reason string }{
		{rows[2][1], "'=1+1", "a formula is defused"}, {rows[2][5], "'+998901234567", "so is a leading plus"},
		{rows[3][0], "-3", "a number below zero stays"}, {rows[1][1], "Совместный проект", "text stays"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.reason, row.got, row.want)
		}
	}
}

// What is said under a table stands in its sheet below an empty row, outside of the filter.
func TestNoteOfATable(t *testing.T) {
	table := document.Table{Name: "x", Note: "The first 2 rows are shown; there are more.", Data: [][]string{{"n"}, {"1"}, {"2"}}}
	rows, err := open(t, document.Document{Sections: []document.Section{{Blocks: []document.Block{table}}}}).GetRows("x")
	if err != nil || len(rows) != 5 || len(rows[3]) != 0 || rows[4][0] != table.Note {
		t.Errorf("got %q, %v", rows, err)
	}
}
