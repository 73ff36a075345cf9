package reports

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"secretariat/programme"
	"secretariat/reports/document"
	"secretariat/reports/prose"
)

var tashkent, _ = time.LoadLocation("Asia/Tashkent")

// small reads a definition of one file.
func small(t *testing.T, front, body string) *Definition {
	t.Helper()
	d, faults, err := Parse(fstest.MapFS{"small.report.md": {Data: []byte(source(front, body))}}, "small.report.md", "small.report.md")
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	return d
}

// monday is the moment of a weekly report.
func monday() Parameters {
	return Parameters{Programme: Programme{Code: "P", Title: programme.Text{"en": "Programme"}, Languages: []string{"en"}, Timezone: tashkent, Currency: "USD"},
		Since: time.Date(2026, 11, 16, 0, 0, 0, 0, tashkent), Until: time.Date(2026, 11, 23, 0, 0, 0, 0, tashkent),
		AsOf: time.Date(2026, 11, 23, 9, 0, 0, 0, tashkent), Clearance: "public", Language: "en"}
}

func compose(t *testing.T, d *Definition, in Input) Rendering {
	t.Helper()
	r, err := d.Compose(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rowsOf(columns, types string, values ...[]any) Rows {
	return Rows{Columns: strings.Fields(columns), Types: strings.Fields(types), Values: values}
}

// Data can never become markup, in prose, headings, lists or tables.
func TestDataIsNotMarkup(t *testing.T) {
	d := small(t, "", "## Of {{(row \"x\").title}} {#s}\n```sql x\nselect 1\n```\n{{with row \"x\"}}**{{.title}}** and {{.title}}{{end}}\n\n{{range rows \"x\"}}- {{.title}}\n{{end}}")
	for _, hostile := range []string{"# h", "**b** [x](javascript:1)", "<script>", "1. x", "a|b", "{{.since}}", "![i](u)"} {
		r := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rowsOf("title", "TEXT", []any{hostile})}})
		s := r.Document.Sections[0]
		if s.Title != "Of "+hostile {
			t.Errorf("heading of %q: got %q", hostile, s.Title)
		}
		if len(s.Blocks) != 2 {
			t.Fatalf("%q: got %d blocks, want a paragraph and a list", hostile, len(s.Blocks))
		}
		p, list := s.Blocks[0].(document.Paragraph), s.Blocks[1].(document.List)
		if got := prose.Plain(p.Spans); strings.Count(strings.ReplaceAll(got, "*", ""), strings.ReplaceAll(hostile, "*", "")) != 2 {
			t.Errorf("prose of %q: got %q", hostile, got)
		}
		if got := prose.Plain(list.Items[0]); got != hostile {
			t.Errorf("list of %q: got %q", hostile, got)
		}
		for _, span := range append(p.Spans, list.Items[0]...) {
			if span.Link != "" || span.Italic {
				t.Errorf("%q became markup: %+v", hostile, span)
			}
		}
	}
}

const tracked = "```sql work track=due_on,percent\n-- @key ref\n-- @cols title due_on:date percent:bar\nselect 1 as ref, :as_of as x\n```\n## C {#c}\n```changes of=work\n```\n" +
	"{{count \"changes\"}} {{range rows \"changes\"}}[{{.kind}} {{.title}} {{.change}}]{{end}}\n"

func work(values ...[]any) Rows {
	return rowsOf("ref title due_on percent revisions", "TEXT JSONB DATE INT4 INT4", values...)
}

// What changed is found against the last delivered report, a moved due date with its slip and its revision.
func TestChanges(t *testing.T) {
	d := small(t, "", tracked)
	day := programme.NewDate
	before := work(
		[]any{"A", `{"en":"Study"}`, day(2026, 11, 10), int64(60), int64(0)},
		[]any{"B", `{"en":"Course"}`, day(2026, 12, 1), int64(10), int64(0)},
		[]any{"C", `{"en":"Gone"}`, day(2026, 12, 1), int64(10), int64(0)})
	now := work(
		[]any{"A", `{"en":"Study"}`, day(2026, 12, 20), int64(75), int64(2)},
		[]any{"B", `{"en":"Course"}`, day(2026, 12, 1), int64(10), int64(0)},
		[]any{"D", `{"en":"New"}`, day(2026, 12, 1), int64(0), int64(0)})
	first := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"work": before}})
	want := "2 [changed Study Due on: 10 Nov 2026 → 20 Dec 2026 (slip of 40 days, revision 2) · Percent: 60% → 75%][added New ]"
	last := &Previous{Snapshot: first.Snapshot}
	for name, in := range map[string]Input{
		"snapshot, with a row that only left the window": {Parameters: monday(), Rows: map[string]Rows{"work": now, "work@before": before}, Previous: last},
		"baseline": {Parameters: monday(), Rows: map[string]Rows{"work": now, "work@before": before}},
	} {
		blocks := compose(t, d, in).Document.Sections[0].Blocks
		got := strings.ReplaceAll(prose.Plain(blocks[1].(document.Paragraph).Spans), "\u00a0", " ")
		if got != want {
			t.Errorf("against the %s:\n got %s\nwant %s", name, got, want)
		}
		if rows := blocks[0].(document.Table).Rows; len(rows) != 3 {
			t.Errorf("against the %s: got %d rows, want the group and two changes", name, len(rows))
		}
	}
	gone := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"work": now, "work@before": work(before.Values[:2]...)}, Previous: last})
	if got := prose.Plain(gone.Document.Sections[0].Blocks[1].(document.Paragraph).Spans); !strings.HasSuffix(got, "[added New ][gone Gone ]") {
		t.Errorf("a row that exists no more: got %s", got)
	}
	same := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"work": before}, Previous: &Previous{Snapshot: first.Snapshot}})
	if got := prose.Plain(same.Document.Sections[0].Blocks[0].(document.Paragraph).Spans); got != "0" {
		t.Errorf("nothing changed: got %q", got)
	}
}

// The tracked rows are read a second time, as of the beginning of the period, only when nothing was delivered before.
func TestPlan(t *testing.T) {
	d := small(t, "", tracked)
	p := monday()
	names := func(before bool) string {
		queries, err := d.Plan(p, before, Cut{})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, q := range queries {
			out = append(out, q.Name)
			if at := q.Args[0].(time.Time); q.Name == "work@before" && !at.Equal(p.Since) || q.Name == "work" && !at.Equal(p.AsOf) {
				t.Errorf("%s is read as of %s", q.Name, at)
			}
		}
		return strings.Join(out, " ")
	}
	if got := names(false); got != "work" {
		t.Errorf("got %q, want work", got)
	}
	if got := names(true); got != "work work@before" {
		t.Errorf("got %q, want work and work@before", got)
	}
}

// A reader's row leaves out blocks, and with all of its blocks a section.
func TestSkipIf(t *testing.T) {
	d := small(t, "", "## A {#a}\n```sql x skip-if=recipient.brief as=table\nselect 1\n```\nProse.\n\n## B {#b}\nText.\n")
	for brief, want := range map[bool]string{true: "B", false: "A B"} {
		p := monday()
		p.Recipient = Recipient{Columns: []string{"brief"}, Types: []string{"BOOL"}, Values: []any{brief}}
		queries, err := d.Plan(p, false, Cut{})
		if err != nil || (len(queries) == 0) != brief {
			t.Errorf("brief %v: %d queries, %v", brief, len(queries), err)
		}
		var got []string
		for _, s := range compose(t, d, Input{Parameters: p}).Document.Sections {
			got = append(got, s.Title)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("brief %v: got sections %v, want %s", brief, got, want)
		}
	}
}

func TestSendIf(t *testing.T) {
	d := small(t, "send: if-any x\notherwise: silence", "```sql x\nselect 1\n```\n")
	for n, want := range map[int]bool{0: false, 1: true} {
		rows := rowsOf("a", "INT4")
		for range n {
			rows.Values = append(rows.Values, []any{int64(1)})
		}
		if r := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}}); r.Send != want || r.Note {
			t.Errorf("%d rows: got send %v, note %v", n, r.Send, r.Note)
		}
	}
}

// A day never moves with the reader's zone; a moment always stands in it, and the programme's zone says what day it is.
func TestZones(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x\nselect 1\n```\n{{with row \"x\"}}{{date .day}} {{time .at}}{{end}} {{date .today}} {{date .since}} {{.period}}\n")
	p := monday()
	p.Zone, _ = time.LoadLocation("America/New_York")
	rows := rowsOf("day at", "DATE TIMESTAMPTZ", []any{programme.NewDate(2026, 11, 30), time.Date(2026, 12, 7, 5, 0, 0, 0, time.UTC)})
	got := prose.Plain(compose(t, d, Input{Parameters: p, Rows: map[string]Rows{"x": rows}}).Document.Sections[0].Blocks[0].(document.Paragraph).Spans)
	want := "30 November 2026 Mon 7 December 2026, 00:00 (New York, UTC−5) 23 November 2026 16 November 2026 16–22 November 2026"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A failing query or text holds the whole report, and names its place.
func TestComposeFails(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x\nselect 1,\n  :as_of, nope\n```\n{{(row \"x\").leed}}\n")
	_, err := d.Compose(Input{Parameters: monday(), Rows: map[string]Rows{"x": {Err: &PlacedError{Line: 2, Column: 22, Err: errors.New("column \"nope\" does not exist")}}}})
	if err == nil || err.Error() != `small.report.md:12:11: block "x": column "nope" does not exist` {
		t.Errorf("failing query: got %v", err)
	}
	_, err = d.Compose(Input{Parameters: monday(), Rows: map[string]Rows{"x": rowsOf("lead", "TEXT", []any{"a"})}})
	if err == nil || !strings.HasPrefix(err.Error(), "small.report.md:14:") || !strings.Contains(err.Error(), `there is no "leed" here`) {
		t.Errorf("failing text: got %v", err)
	}
	endless := small(t, "", "## S {#s}\n```sql x\nselect 1\n```\n{{range rows \"x\"}}{{range rows \"x\"}}{{range rows \"x\"}}{{end}}{{end}}{{end}}\n")
	rows := rowsOf("a", "INT4")
	for range 500 {
		rows.Values = append(rows.Values, []any{int64(1)})
	}
	if _, err := endless.Compose(Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}}); err == nil || !strings.Contains(err.Error(), "steps in the ranges") {
		t.Errorf("endless text: got %v", err)
	}
}

// Amounts of different currencies are never added, and nothing is added to what is missing.
func TestTotals(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x as=table total=amount\n-- @cols title:wide currency amount:money\nselect 1\n```\n")
	rows := rowsOf("title currency amount", "TEXT TEXT NUMERIC", []any{"a", "USD", "10.10"}, []any{"b", "EUR", "1"}, []any{"c", "USD", "0.05"}, []any{"d", "USD", nil})
	table := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}}).Document.Sections[0].Blocks[0].(document.Table)
	var got []string
	for _, r := range table.Rows {
		if r.Kind == document.RowTotal {
			got = append(got, prose.Plain(r.Cells[1].Spans)+" "+prose.Plain(r.Cells[2].Spans))
		}
	}
	if strings.Join(got, "; ") != "USD 10.15; EUR 1.00" {
		t.Errorf("got totals %v", got)
	}
	if table.Data[1][2] != "10.1" || table.Data[0][2] != "amount" {
		t.Errorf("got data %v", table.Data)
	}
}

// A text in another language than the document's says so, for screen readers and the choice of letters.
func TestLocalised(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x as=table\n-- @cols title:wide\nselect 1\n```\n")
	p := monday()
	p.Programme.Languages = []string{"ru", "uz"}
	for value, want := range map[string]document.Span{
		`{"ru":"да","en":"yes"}`: {Text: "yes"}, `{"uz":"ha","ru":"да"}`: {Text: "да", Lang: "ru"}, `{"zh":"是"}`: {Text: "是", Lang: "zh"}, `[1]`: {Text: "[1]"},
	} {
		table := compose(t, d, Input{Parameters: p, Rows: map[string]Rows{"x": rowsOf("title", "JSONB", []any{value})}}).Document.Sections[0].Blocks[0].(document.Table)
		if got := table.Rows[0].Cells[0].Spans[0]; got != want {
			t.Errorf("%s: got %+v, want %+v", value, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04", s, tashkent)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, row := range []struct{ why, period, asOf, last, since, until string }{
		{"Monday morning covers the week before", "last-week", "2026-11-23 09:00", "", "2026-11-16 00:00", "2026-11-23 00:00"},
		{"Sunday belongs to the week that began on Monday", "last-week", "2026-11-22 23:59", "", "2026-11-09 00:00", "2026-11-16 00:00"},
		{"the first of a month", "last-month", "2026-03-01 10:00", "", "2026-02-01 00:00", "2026-03-01 00:00"},
		{"January goes back a year", "last-month", "2027-01-15 10:00", "", "2026-12-01 00:00", "2027-01-01 00:00"},
		{"a quarter", "last-quarter", "2027-01-15 10:00", "", "2026-10-01 00:00", "2027-01-01 00:00"},
		{"a year", "last-year", "2027-01-20 10:00", "", "2026-01-01 00:00", "2027-01-01 00:00"},
		{"days", "7d", "2026-11-23 09:00", "", "2026-11-16 00:00", "2026-11-23 00:00"},
		{"none: the day before stands for it", "none", "2026-11-23 09:00", "2026-11-14 00:00", "2026-11-22 00:00", "2026-11-23 00:00"},
		{"goes on from the last report", "since-last", "2026-11-23 09:00", "2026-11-14 00:00", "2026-11-14 00:00", "2026-11-23 00:00"},
		{"the first one of its kind", "since-last", "2026-11-23 09:00", "", "2026-11-16 00:00", "2026-11-23 00:00"},
	} {
		d := small(t, "period: "+row.period, "")
		var last time.Time
		if row.last != "" {
			last = at(row.last)
		}
		since, until := d.Span(at(row.asOf), last, tashkent)
		if !since.Equal(at(row.since)) || !until.Equal(at(row.until)) {
			t.Errorf("%s: got [%s, %s), want [%s, %s)", row.why, since, until, row.since, row.until)
		}
	}
}

// A number that is not there is no nought, in a cell, in its data and in a total of nothing else.
func TestAbsentNumbersAreNoZeros(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x as=table total=amount\n-- @cols title:wide amount:num\nselect 1\n```\n")
	rows := rowsOf("title amount", "TEXT NUMERIC", []any{"absent", nil}, []any{"nought", "0"})
	table := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rows}}).Document.Sections[0].Blocks[0].(document.Table)
	absent, nought := prose.Plain(table.Rows[0].Cells[1].Spans), prose.Plain(table.Rows[1].Cells[1].Spans)
	if strings.ContainsAny(absent, "0123456789") || nought != "0" {
		t.Errorf("absent is shown as %q, nought as %q", absent, nought)
	}
	if table.Data[1][1] != "" || table.Data[2][1] != "0" {
		t.Errorf("the data are %v", table.Data)
	}
}
