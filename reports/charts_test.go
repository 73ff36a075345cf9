package reports

import (
	"math"
	"strings"
	"testing"

	"secretariat/programme"
	"secretariat/reports/document"
)

// chart composes one chart of rows.
func chart(t *testing.T, view, columns, names, types string, values ...[]any) document.Block {
	t.Helper()
	d := small(t, "", "## S {#s}\n```sql x as="+view+"\n-- @cols "+columns+"\nselect 1\n```\n")
	blocks := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rowsOf(names, types, values...)}}).Document.Sections[0].Blocks
	if len(blocks) != 1 {
		t.Fatalf("%s: %d blocks", view, len(blocks))
	}
	return blocks[0]
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		name      string
		low, high float64
	}{
		{"all zero", 0, 0}, {"one point", 5, 5}, {"negative", -7, -2}, {"through zero", -3, 12}, {"small", 0, 0.0004}, {"money", 0, 1e18},
		{"greatest numbers", -1e308, 1e308}, {"close together, far from zero", 1e17, 1e17 + 16},
	} {
		got := ticks(c.low, c.high)
		if len(got) < 2 || len(got) > 8 || got[0] > c.low || got[len(got)-1] < c.high {
			t.Errorf("%s: ticks of %v to %v are %v", c.name, c.low, c.high, got)
		}
		for i := 1; i < len(got); i++ {
			if !(got[i] > got[i-1]) || math.IsInf(got[i], 0) {
				t.Errorf("%s: %v does not rise", c.name, got)
			}
		}
	}
}

// Values below zero are drawn below zero and not as nothing.
func TestNegativeBars(t *testing.T) {
	b := chart(t, "bars", "area balance:num", "area balance", "TEXT NUMERIC", []any{"A", "-12.5"}, []any{"B", "3"}, []any{"C", nil}).(document.Bars)
	if b.Rows[0].Value != -12.5 || b.Rows[1].Value != 3 || b.Rows[2].Value != 0 {
		t.Errorf("got %+v", b.Rows)
	}
	if !strings.Contains(b.Alt, "12.5") || !strings.Contains(b.Alt, "3") {
		t.Errorf("words: %s", b.Alt)
	}
}

func TestBurnUp(t *testing.T) {
	day := programme.NewDate
	b := chart(t, "burnup", "month:month planned:int done:int", "month planned done", "DATE INT4 INT4",
		[]any{day(2026, 9, 1), int64(10), int64(8)}, []any{day(2026, 10, 1), int64(20), int64(15)}, []any{day(2026, 11, 1), int64(30), nil}).(document.Line)
	if !b.Area || len(b.Series) != 2 || !b.Series[0].Dashed || b.Series[1].Dashed || b.Series[1].Tone != document.ToneAccent {
		t.Errorf("got %+v", b)
	}
	if v := b.Series[1].Values; v[1] != 15 || !math.IsNaN(v[2]) {
		t.Errorf("what has come to be is %v, want a gap in the last month", v)
	}
	for _, number := range []string{"10", "8", "20", "15", "30"} {
		if !strings.Contains(b.Alt, number) {
			t.Errorf("the words lack %s: %s", number, b.Alt)
		}
	}
}

func TestBullet(t *testing.T) {
	b := chart(t, "bullet", "title spent:num budget:num", "title spent budget", "TEXT NUMERIC NUMERIC",
		[]any{"Research", "45", "60"}, []any{"None", nil, "60"}, []any{"Too much", "1" + strings.Repeat("0", 400), "0"}).(document.Bullet)
	if r := b.Rows[0]; r.Value != 45 || r.Target != 60 || r.Text != "45 of 60" {
		t.Errorf("got %+v", r)
	}
	if !math.IsNaN(b.Rows[1].Value) || !math.IsNaN(b.Rows[2].Value) {
		t.Errorf("what is absent or cannot be drawn has a value: %+v", b.Rows)
	}
	if !strings.Contains(b.Alt, "45 of 60") {
		t.Errorf("words: %s", b.Alt)
	}
}

func TestNumbersTooLargeToDraw(t *testing.T) {
	huge := "1" + strings.Repeat("0", 400)
	b := chart(t, "area", "at n:num", "at n", "TEXT NUMERIC", []any{"a", huge}, []any{"b", "NaN"}, []any{"c", "2"}).(document.Line)
	if v := b.Series[0].Values; !math.IsNaN(v[0]) || !math.IsNaN(v[1]) || v[2] != 2 {
		t.Errorf("got %v, want gaps for what cannot be drawn", v)
	}
}

// A letter shows the beginning of a long table and says so; the document keeps every row, and so does a letter without the report.
func TestLongTablesInLetters(t *testing.T) {
	var values [][]any
	for range 500 {
		values = append(values, []any{"row"})
	}
	for attach, want := range map[string]int{"pdf": coverRows, "none": 500} {
		d := small(t, "recipients: readers\ninline: s", "## S {#s}\n```sql x as=table\nselect 'row' as title\n```\n")
		if attach == "none" {
			d.Attach = nil
		}
		r := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rowsOf("title", "TEXT", values...)}})
		var shown, whole document.Table
		for _, b := range r.Cover {
			if table, ok := b.(document.Table); ok {
				shown = table
			}
		}
		whole = r.Document.Sections[0].Blocks[0].(document.Table)
		if len(shown.Rows) != want || len(whole.Rows) != 500 || len(whole.Data) != 501 {
			t.Errorf("attach %s: the letter has %d rows, the document %d with %d of data", attach, len(shown.Rows), len(whole.Rows), len(whole.Data))
		}
		if attach == "pdf" && !strings.Contains(shown.Note, "60 of 500") {
			t.Errorf("the letter says %q", shown.Note)
		}
	}
}
