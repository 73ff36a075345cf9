package typeset_test

import (
	"fmt"
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// grouped is a table of groups of rows.
func groupTable(groups, rows int) document.Table {
	tb := document.Table{Columns: []document.Column{{Title: "a", Weight: 1}, {Title: "b"}}}
	cell := func(s string) document.Cell { return document.Cell{Spans: []document.Span{{Text: s}}} }
	for g := range groups {
		tb.Rows = append(tb.Rows, document.Row{Kind: document.RowGroup, Cells: []document.Cell{cell(fmt.Sprint("Group ", g))}})
		for r := range rows {
			tb.Rows = append(tb.Rows, document.Row{Cells: []document.Cell{cell(fmt.Sprintf("row %d.%d", g, r)), cell("x")}})
		}
	}
	return tb
}

// A page that begins in the middle of a group says which, as an artifact: the group's own row is read once.
func TestGroupsAreSaidAgain(t *testing.T) {
	for rows := 10; rows < 60; rows += 7 {
		d := oneBlock(groupTable(4, rows))
		d.Meta.Continued = "(continued)"
		l := set(t, d)
		checkLayout(t, d, l)
		group, heads, says := "", 0, 0
		for n := range l.Pages {
			again := ""
			for _, o := range textsOn(l, n, "") {
				switch {
				case o.Node == typeset.Artifact && strings.HasPrefix(o.Runes, "Group "):
					again = o.Runes
				case o.Runes == " (continued)":
					says++
				case strings.HasPrefix(o.Runes, "Group "):
					heads++
					group = o.Runes
				case strings.HasPrefix(o.Runes, "row "):
					if of := "Group " + strings.Split(o.Runes[4:], ".")[0]; of != group || again != "" && again != of {
						t.Errorf("%d rows, page %d: %q stands under %q, %q", rows, n+1, o.Runes, group, again)
					}
					if n > 0 && again == "" && group != "" && !strings.HasSuffix(o.Runes, ".0") && firstRow(l, n) == o.Runes {
						t.Errorf("%d rows, page %d begins with %q and does not say of which group", rows, n+1, o.Runes)
					}
					again = ""
				}
			}
		}
		if says == 0 {
			t.Errorf("%d rows: no group says that it goes on", rows)
		}
		if heads != 4 {
			t.Errorf("%d rows: %d group rows are content, want 4", rows, heads)
		}
	}
}

func firstRow(l *typeset.Layout, page int) string {
	for _, o := range textsOn(l, page, "") {
		if strings.HasPrefix(o.Runes, "row ") || o.Node != typeset.Artifact && strings.HasPrefix(o.Runes, "Group ") {
			return o.Runes
		}
	}
	return ""
}

// No page has a single row of a table that began before it.
func TestNoRowGoesOnAlone(t *testing.T) {
	for rows := 30; rows < 75; rows++ {
		l := set(t, oneBlock(textTable(repeat(rows, "cell", "b")), listOf(30, "after")))
		for n := range l.Pages {
			if cells := len(textsOn(l, n, "TD")); cells == 2 {
				t.Errorf("%d rows: page %d has one of them", rows, n+1)
			}
		}
	}
}

// A table whose sentences would stand in a narrow column many lines high is set closer and smaller; others are not.
func TestCrampedTablesAreSetCloser(t *testing.T) {
	long := "Matrix of initiatives on the prevention of extremism and terrorism in Central Asia, edition of the year"
	for _, c := range []struct {
		text    string
		smaller bool
	}{{"short", false}, {long, true}} {
		tb := textTable(repeat(8, c.text, "30 September 2026", "30 September 2026", "under preparation", "UNRCCA", "100 of 100"))
		for i := 1; i < len(tb.Columns); i++ {
			tb.Columns[i].Weight = 0
		}
		tb.Columns[0].Weight = 1
		size := textsOn(set(t, oneBlock(tb)), 0, "TD")[0].Size
		if (size < 8) != c.smaller {
			t.Errorf("%q is set in %.1f pt, want smaller: %v", c.text, size, c.smaller)
		}
	}
}
