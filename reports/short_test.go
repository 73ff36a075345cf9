package reports

import (
	"slices"
	"strings"
	"testing"

	"secretariat/programme"
	"secretariat/reports/document"
)

// TestRowLimitIsSaid: what the row limit cut off is said under every kind of view, in the letter where no PDF goes with it, and
// to who made the report.
func TestRowLimitIsSaid(t *testing.T) {
	const words = "The first 2 rows are shown; there are more."
	for _, row := range []struct {
		why, block, front string
		names, types      string
		document, letter  []string
		short             []string
	}{
		{"a table says it itself", "sql x as=table", "", "title", "TEXT", []string{words}, nil, []string{"x"}},
		{"a list", "sql x as=list", "", "title", "TEXT", []string{words}, nil, []string{"x"}},
		{"a chart", "sql x as=bars", "", "title n", "TEXT INT4", []string{words}, nil, []string{"x"}},
		{"rows that only texts use", "sql x as=none", "", "title", "TEXT", []string{words}, nil, []string{"x"}},
		{"the author asked for no more, and shows none", "sql x as=none limit=2", "", "title", "TEXT", nil, nil, nil},
		{"rows alone are mailed: the letter says of which table", "sql x as=table", "recipients: readers\nattach: csv", "title", "TEXT", []string{words}, []string{"X: " + words}, []string{"x"}},
		{"the PDF is mailed, which says it", "sql x as=table", "recipients: readers\nattach: pdf, csv", "title", "TEXT", []string{words}, nil, []string{"x"}},
	} {
		d := small(t, row.front, "## S {#s}\n```"+row.block+"\nselect 1\n```\n")
		values := [][]any{{"A", int64(1)}, {"B", int64(2)}}
		if row.types == "TEXT" {
			values = [][]any{{"A"}, {"B"}}
		}
		rows := rowsOf(row.names, row.types, values...)
		for _, rows.More = range []bool{true, false} {
			r := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}})
			var short []string
			for _, s := range r.Short {
				short = append(short, s.Query)
			}
			in, letter := notesOf(r.Document.Sections[0].Blocks), notesOf(r.Cover)
			if !rows.More {
				if len(short)+len(in)+len(letter) > 0 {
					t.Errorf("%s: of all rows it says %q, %q and %q", row.why, in, letter, short)
				}
				continue
			}
			if !slices.Equal(in, row.document) || !slices.Equal(letter, row.letter) || !slices.Equal(short, row.short) {
				t.Errorf("%s: the document says %q, the letter %q, and short are %q", row.why, in, letter, short)
			}
		}
	}
}

// A long table in a letter says how many rows it has there, and that the report has not all of them.
func TestRowLimitInALongTable(t *testing.T) {
	d := small(t, "recipients: readers\ninline: s", "## S {#s}\n```sql x as=table\nselect 1\n```\n")
	rows := rowsOf("title", "TEXT", slices.Repeat([][]any{{"A"}}, 70)...)
	rows.More = true
	notes := notesOf(compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}}).Cover)
	if len(notes) != 1 || !strings.Contains(notes[0], "60 of 70") || !strings.HasSuffix(notes[0], "The first 70 rows are shown; there are more.") {
		t.Errorf("the letter says %q", notes)
	}
}

// Changes beyond their limit are counted, in a list as in a table.
func TestChangesBeyondTheirLimit(t *testing.T) {
	for _, view := range []string{"table", "list"} {
		d := small(t, "", strings.Replace(tracked, "changes of=work", "changes of=work limit=1 as="+view, 1))
		day := programme.NewDate(2026, 12, 1)
		now := work([]any{"A", "One", day, int64(0), int64(0)}, []any{"B", "Two", day, int64(0), int64(0)})
		r := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"work": now, "work@before": work()}})
		if got := notesOf(r.Document.Sections[0].Blocks); !slices.Equal(got, []string{"and 1 more change"}) {
			t.Errorf("as %s: it says %q", view, got)
		}
	}
}

func notesOf(blocks []document.Block) (out []string) {
	for _, b := range blocks {
		switch b := b.(type) {
		case document.Note:
			out = append(out, b.Spans[0].Text)
		case document.Table:
			if b.Note != "" {
				out = append(out, b.Note)
			}
		}
	}
	return out
}
