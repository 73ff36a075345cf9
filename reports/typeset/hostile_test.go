package typeset_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
)

func para(s string) document.Paragraph {
	return document.Paragraph{Spans: []document.Span{{Text: s}}}
}

func oneBlock(blocks ...document.Block) document.Document {
	return document.Document{Meta: document.Meta{Title: "Report", Language: "en", PageLabel: "Page {x} of {y}"},
		Sections: []document.Section{{Title: "Section", Level: 1, Blocks: blocks}}}
}

func textTable(rows [][]string) document.Table {
	t := document.Table{Name: "t"}
	for i := range rows[0] {
		t.Columns = append(t.Columns, document.Column{Title: fmt.Sprint("c", i), Weight: float64(i % 2)})
	}
	for _, r := range rows {
		var row document.Row
		for _, c := range r {
			row.Cells = append(row.Cells, document.Cell{Spans: []document.Span{{Text: c}}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func repeat(n int, row ...string) (rows [][]string) {
	for range n {
		rows = append(rows, row)
	}
	return rows
}

func share(label string, v float64) document.Share {
	return document.Share{Label: label, Value: v, Text: fmt.Sprint(v)}
}

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// hostile are inputs that have broken typesetters; the reason stands in the name.
var hostile = map[string][]document.Block{
	"word of 10 kB":                {para(strings.Repeat("antidisestablishment", 512))},
	"word of 10 kB in a cell":      {textTable([][]string{{strings.Repeat("x", 10240), "b", "c"}})},
	"row taller than a page":       {textTable([][]string{{"a", strings.Repeat("many words ", 3000), "c"}, {"d", "e", "f"}})},
	"5,000 rows":                   {textTable(repeat(5000, "one", "two words", "3"))},
	"40 columns":                   {textTable([][]string{strings.Split(strings.Repeat("column,", 40), ",")})},
	"empty cells":                  {textTable([][]string{{"", "", ""}})},
	"table without columns":        {document.Table{Rows: []document.Row{{}}}, document.Table{Empty: "nothing"}},
	"row with too few cells":       {document.Table{Columns: []document.Column{{Title: "a"}, {Title: "b"}}, Rows: []document.Row{{Cells: []document.Cell{{}}}}}},
	"emoji, joiners, flags":        {para("a 👨‍👩‍👧‍👦 b 🇺🇿 c 👍🏽 d ☎️ e 1️⃣")},
	"alias of a page count":        {para("{nb} {x} {y} )(\\ <<>> %")},
	"invalid UTF-8 and NUL":        {para("caf\xe9 \x00 \xed\xa0\x80 end")},
	"right to left and left":       {para("The ministry (وزارة الخارجية, 2026) of عربي text 12.5 % (a)"), para("عربي English عربي 12-15 (نص) ISRS")},
	"overrides":                    {para("abc\u202edef\u2066ghi\u2069")},
	"unknown scripts":              {para("हिन्दी ไทย עברית ✓ → ▲ − ≤")},
	"only spaces":                  {para("   \n\n  "), document.List{Items: [][]document.Span{{{Text: " "}}}}},
	"narrow columns":               {document.Columns{Items: []document.ColumnItem{{Span: 1, Blocks: []document.Block{para("Verwaltungsverfahrensgesetz")}}, {Span: 1, Blocks: []document.Block{document.Bars{Rows: []document.Share{share("long label here", 1)}}}}}}},
	"long column":                  {document.Columns{Items: []document.ColumnItem{{Span: 6, Blocks: []document.Block{para(strings.Repeat("words ", 4000))}}, {Span: 6, Blocks: []document.Block{para("short")}}}}},
	"300 bars":                     {bars300()},
	"bars without sense":           {document.Bars{Rows: []document.Share{share("nan", nan), share("inf", inf), share("minus", -5), share("huge", 1e308), share("low", -1e308)}}, document.Bars{Rows: []document.Share{share("zero", 0)}}, document.Bars{}},
	"stacked without sense":        {document.Stacked{Legend: []document.Status{{Word: "one"}}, Rows: []document.StackedRow{{Label: "a", Parts: []float64{nan, -1, inf}}, {Label: "b"}, {Label: "c", Parts: []float64{0, 0}}, {Label: "d", Parts: []float64{1e308, 1e308}}}, Donut: &document.Donut{}}},
	"bullets without sense":        {document.Bullet{Legend: [2]string{"spent", "budget"}, Rows: []document.BulletRow{{Label: "half", Value: 5, Target: 10, Text: "5 of 10"}, {Label: "none", Value: nan, Target: 10, Text: "– of 10"}, {Label: "no target", Value: 3, Target: 0, Text: "3 of 0"}, {Label: "minus", Value: -3, Target: 10, Text: "-3 of 10"}, {Label: "over", Value: 1e308, Target: 1e-308, Text: "much"}, {Label: "inf", Value: inf, Target: inf, Text: "x"}, {Label: "below", Value: 1, Target: -4, Text: "y"}}}, document.Bullet{}},
	"donut without sense":          {document.Donut{Parts: []document.Share{share("a", nan), share("b", 0)}}, document.Donut{Parts: []document.Share{share("all", 5)}}, document.Donut{}},
	"line of one point":            {document.Line{Labels: []string{"a"}, Series: []document.Series{{Name: "s", Values: []float64{5}}}, Area: true}},
	"line without sense":           {document.Line{Series: []document.Series{{Values: []float64{nan, inf, nan}}}}, document.Line{}, document.Line{Series: []document.Series{{Values: []float64{0, 0, 0}}}}, document.Line{Series: []document.Series{{Values: []float64{1, nan, 3, -1e300, 1e300}}}, Ticks: []document.Tick{{Value: nan, Text: "x"}}}},
	"ticks of 300 digits":          {document.Line{Labels: []string{"a", "b"}, Series: []document.Series{{Name: "s", Values: []float64{1, 3}}}, Ticks: []document.Tick{{Value: 1, Text: strings.Repeat("9", 300)}, {Value: 2, Text: strings.Repeat("8", 300)}, {Value: 3, Text: "3"}}}},
	"heat without sense":           {document.Heat{Values: []float64{nan, -3, 7, inf}}, document.Heat{}},
	"tiles without sense":          {document.Tiles{Items: []document.Tile{{Value: strings.Repeat("9", 60), Label: strings.Repeat("label ", 40), Trend: []float64{nan}}, {Trend: []float64{1}}, {Trend: []float64{2, 2}}, {}, {}}}, document.Tiles{}},
	"timeline without days":        {document.Timeline{Rows: []document.TimelineRow{{Label: "a"}}}, document.Timeline{From: day(2026, 1, 1), To: day(2026, 3, 1), Rows: []document.TimelineRow{{Label: "none"}, {Label: "back", From: day(2026, 3, 1), To: day(2026, 1, 1), Progress: nan}, {Label: "far", To: day(1900, 1, 1), Milestone: true}, {Label: "through", From: day(1900, 1, 1), To: day(2100, 1, 1)}}}},
	"timeline of ten years":        {document.Timeline{From: day(2020, 1, 1), To: day(2030, 1, 1), Rows: []document.TimelineRow{{Label: strings.Repeat("long label ", 30), To: day(2026, 1, 1), Milestone: true, Status: document.Status{Word: "a very long status that wraps"}}}, Months: strings.Split(strings.Repeat("month,", 121), ",")}},
	"200 rows on a timeline":       {longTimeline()},
	"card taller than a page":      {document.Cards{Items: []document.Card{{Day: "1234567890", Month: "December 2026", Title: strings.Repeat("title ", 2000)}}}, document.Cards{}},
	"heads taller than a page":     {document.Table{Columns: []document.Column{{Title: strings.Repeat("long head ", 900), Weight: 1}, {Title: "b"}}, Rows: textTable(repeat(60, "a", "b")).Rows}},
	"two tall cards":               {document.Cards{Items: []document.Card{{Title: strings.Repeat("title ", 2000)}, {Title: "b", Day: "1"}}}},
	"title of 2,000 letters":       {para("x")},
	"hundreds of list items":       {document.List{Ordered: true, Items: items(400)}},
	"note taller than a page":      {document.Note{Spans: []document.Span{{Text: strings.Repeat("remark ", 2500)}}}},
	"kept together and too tall":   {document.Table{Columns: []document.Column{{Title: "a"}}, Rows: textTable(repeat(200, "row")).Rows, Keep: document.KeepWhole}},
	"everything kept with next":    keptParagraphs(),
	"links and languages":          {document.Paragraph{Spans: []document.Span{{Text: "see "}, {Text: strings.Repeat("a link ", 40), Link: "https://example.org"}, {Text: " или по-русски", Lang: "ru"}}}},
	"page breaks only":             {document.PageBreak{}, document.PageBreak{}, para("x"), document.PageBreak{}},
	"status as long as a sentence": {document.Table{Columns: []document.Column{{Title: "s"}, {Title: "t", Weight: 1}}, Rows: []document.Row{{Cells: []document.Cell{{Status: &document.Status{Word: strings.Repeat("waiting for approval ", 20)}}, {Gauge: &document.Gauge{Share: nan}}}}}}},
}

func items(n int) (out [][]document.Span) {
	for i := range n {
		out = append(out, []document.Span{{Text: fmt.Sprint("item ", i)}})
	}
	return out
}

func bars300() document.Bars {
	var b document.Bars
	for i := range 300 {
		b.Rows = append(b.Rows, share(fmt.Sprint("Area number ", i), float64(i)))
	}
	return b
}

func longTimeline() document.Timeline {
	t := document.Timeline{From: day(2026, 1, 1), To: day(2026, 12, 31), Today: day(2026, 6, 1), Legend: []string{"done", "planned", "original", "met", "missed"}}
	for i := range 200 {
		t.Rows = append(t.Rows, document.TimelineRow{Label: fmt.Sprint("Activity ", i), From: day(2026, time.Month(i%12+1), 1), To: day(2026, time.Month(i%12+1), 25), Text: "25 May 2026", Progress: .5})
	}
	return t
}

func keptParagraphs() (out []document.Block) {
	for i := range 120 {
		p := para(fmt.Sprint("paragraph ", i))
		p.Keep = document.KeepWithNext
		out = append(out, p)
	}
	return out
}

// Hostile input is drawn, in both directions, with every character in the display list, nothing outside the margins and no
// two words on top of each other.
func TestHostileInput(t *testing.T) {
	for name, blocks := range hostile {
		for _, right := range []bool{false, true} {
			t.Run(fmt.Sprint(name, right), func(t *testing.T) {
				d := oneBlock(blocks...)
				d.Meta.RightToLeft = right
				if strings.HasPrefix(name, "title") {
					d.Meta.PageLabel = strings.Repeat("page ", 20) + "{x}"
					d.Meta.Title, d.Meta.Programme = strings.Repeat("title ", 330), strings.Repeat("programme ", 30)
					d.Meta.Issue, d.Meta.Foot, d.Meta.Mark = strings.Repeat("issue ", 30), strings.Repeat("foot ", 60), strings.Repeat("MARK ", 12)
					d.Sections[0].Title, d.Sections[0].Aside = d.Meta.Title, strings.Repeat("aside ", 20)
				}
				l, err := typeset.Set(d)
				if err != nil {
					t.Fatal(err)
				}
				checkLayout(t, d, l)
				if len(l.Pages) > 60 && right {
					return
				}
				b, err := pdf.Draw(l, fonts())
				if err != nil {
					t.Fatal(err)
				}
				writePDF(t, name+fmt.Sprint(right), b)
			})
		}
	}
}
