package typeset_test

import (
	"fmt"
	"time"

	"secretariat/reports/document"
)

// words are the texts of the sample report in one language.
type words struct {
	title, subtitle, programme, issue, mark, foot, page, contents, continued, today, unshown string
	lead                                                                                     string
	tiles                                                                                    [4]document.Tile
	progress, share, timeline, span, session, plan, count, money, risks                      string
	areas                                                                                    [6]string
	states                                                                                   [5]string
	completed                                                                                string
	months                                                                                   []string
	rows                                                                                     [8][2]string
	legend                                                                                   []string
	card                                                                                     document.Card
	heat                                                                                     string
	heads                                                                                    [6]string
	activities                                                                               []string
	moneyHeads                                                                               [4]string
	donors                                                                                   []string
	total, overdue, note                                                                     string
	rtl                                                                                      bool
	mark2                                                                                    string
	number                                                                                   func(int) string
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// sample is a report modelled on the programme of the sample data, in one of five languages.
func sample(lang string, rows int) document.Document {
	w := samples[lang]
	d := document.Document{Meta: document.Meta{Title: w.title, Subtitle: w.subtitle, Programme: w.programme, Issue: w.issue,
		Language: lang, Subject: w.subtitle, Author: w.programme, Mark: w.mark, Foot: w.foot, PageLabel: w.page, Contents: w.contents,
		Continued: w.continued, Today: w.today, Unshown: w.unshown, AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), RightToLeft: w.rtl}}
	d.Sections = []document.Section{
		{ID: "top", Level: 1, Blocks: []document.Block{
			document.Paragraph{Lead: true, Spans: []document.Span{{Text: w.lead}}},
			document.Tiles{Items: w.tiles[:]}}},
		{ID: "progress", Title: w.progress, Aside: w.share, Level: 1, Blocks: []document.Block{w.stacked()}},
		{ID: "timeline", Title: w.timeline, Aside: w.span, Level: 1, Blocks: []document.Block{w.timelineBlock()}},
		{ID: "session", Title: w.session, Level: 1, Blocks: []document.Block{document.Columns{Items: []document.ColumnItem{
			{Span: 7, Blocks: []document.Block{document.Cards{Items: []document.Card{w.card}}}},
			{Span: 5, Blocks: []document.Block{w.heatBlock()}}}}}},
		{ID: "plan", Title: w.plan, Aside: w.count, Level: 1, Blocks: []document.Block{w.table(rows)}},
		{ID: "money", Title: w.money, Level: 1, Blocks: []document.Block{w.moneyTable(), w.line(),
			document.Note{Tone: document.ToneWarn, Spans: []document.Span{{Text: w.note}}},
			document.Bars{Rows: []document.Share{{Label: w.areas[0], Value: 120, Text: "120", Tone: document.ToneAccent},
				{Label: w.areas[2], Value: 84, Text: "84", Tone: document.ToneAccent}, {Label: w.areas[3], Value: -12, Text: "−12", Tone: document.ToneBad}}}}},
		{ID: "risks", Title: w.risks, Level: 2, Blocks: []document.Block{
			document.List{Ordered: true, Items: [][]document.Span{{{Text: w.rows[1][0] + ". "}, {Text: w.states[3], Bold: true}}, {{Text: w.lead}},
				{{Text: w.rows[2][0] + " "}, {Text: "example.org", Link: "https://example.org/joint-action-plan"}}}},
			document.Donut{Center: "56 %", Label: w.completed, Parts: w.shares()}}},
	}
	return d
}

var stateTones = [5]document.Tone{document.ToneGood, document.ToneAccent, document.ToneWarn, document.ToneBad, document.ToneMute}

func (w words) legendOf() (out []document.Status) {
	for i, s := range w.states {
		out = append(out, document.Status{Word: s, Tone: stateTones[i]})
	}
	return out
}

func (w words) shares() (out []document.Share) {
	for i, v := range []float64{34, 12, 4, 3, 9} {
		out = append(out, document.Share{Label: w.states[i], Value: v, Text: fmt.Sprint(v), Tone: stateTones[i]})
	}
	return out
}

func (w words) stacked() document.Stacked {
	parts := [6][]float64{{8, 3, 1, 0, 2}, {9, 1, 0, 0, 1}, {5, 4, 2, 1, 3}, {6, 2, 0, 1, 3}, {3, 1, 1, 0, 0}, {3, 1, 0, 1, 0}}
	s := document.Stacked{Legend: w.legendOf(), Donut: &document.Donut{Parts: w.shares(), Center: "56 %", Label: w.completed}}
	for i, p := range parts {
		sum := 0.0
		for _, v := range p {
			sum += v
		}
		s.Rows = append(s.Rows, document.StackedRow{Label: w.areas[i], Parts: p, Text: fmt.Sprintf("%v / %v", p[0], sum)})
	}
	return s
}

func (w words) timelineBlock() document.Timeline {
	t := document.Timeline{From: day(2026, 9, 1), To: day(2027, 2, 28), Months: w.months, Today: day(2026, 11, 23), Legend: w.legend}
	add := func(i int, from, to, original time.Time, progress float64, milestone, met bool, state int) {
		t.Rows = append(t.Rows, document.TimelineRow{Label: w.rows[i][0], Text: w.rows[i][1], From: from, To: to, Original: original,
			Progress: progress, Milestone: milestone, Met: met, Status: document.Status{Word: w.states[state], Tone: stateTones[state]}})
	}
	none := time.Time{}
	add(0, none, day(2026, 9, 7), none, 1, true, true, 0)
	add(1, day(2026, 9, 10), day(2026, 11, 6), none, 1, false, false, 0)
	add(2, day(2026, 10, 4), day(2026, 12, 12), day(2026, 11, 28), .7, false, false, 1)
	add(3, day(2026, 10, 28), day(2026, 11, 27), none, .55, false, false, 2)
	add(4, day(2026, 11, 6), day(2026, 11, 20), none, .2, false, false, 3)
	add(5, day(2026, 10, 13), day(2026, 12, 3), none, .8, false, false, 1)
	add(6, none, day(2026, 12, 14), day(2026, 12, 1), 0, true, false, 1)
	add(7, day(2026, 12, 18), day(2027, 2, 5), none, 0, false, false, 4)
	return t
}

func (w words) heatBlock() document.Heat {
	h := document.Heat{Title: w.heat}
	for i := range 52 {
		h.Values = append(h.Values, float64((i*i*7+i*3)%11)/10)
		h.Labels = append(h.Labels, fmt.Sprintf("%02d", i+1))
	}
	return h
}

func (w words) table(n int) document.Table {
	t := document.Table{Name: "activities", Caption: w.plan, Data: [][]string{{"ref", "title", "area", "lead", "due_on", "status"}}}
	aligns := [6]document.Align{0, 0, 0, 0, document.AlignEnd, 0}
	for i, h := range w.heads {
		c := document.Column{Title: h, Align: aligns[i]}
		if i == 1 {
			c.Weight = 1
		}
		t.Columns = append(t.Columns, c)
	}
	for i := range n {
		if i%12 == 0 {
			t.Rows = append(t.Rows, document.Row{Kind: document.RowGroup, Cells: []document.Cell{{Spans: []document.Span{{Text: w.areas[i/12%6]}}}}})
		}
		state := []int{0, 1, 2, 3, 4, 0, 1}[i%7]
		due := w.rows[i%8][1]
		tone := document.ToneNeutral
		if state == 3 {
			tone = document.ToneBad
		}
		ref, title, area := fmt.Sprintf("%d.%02d", i/12+1, i%12+1), w.activities[i%len(w.activities)], w.areas[i%6]
		percent := float64(i*37%101) / 100
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{{Spans: []document.Span{{Text: ref}}, Tone: document.ToneMute},
			{Spans: []document.Span{{Text: title}}}, {Spans: []document.Span{{Text: fmt.Sprintf("%.0f %%", percent*100)}}, Gauge: &document.Gauge{Share: percent}},
			{Spans: []document.Span{{Text: []string{"ISRS", "UNOCT", "ISRS, UNOCT"}[i%3]}}}, {Spans: []document.Span{{Text: due}}, Tone: tone},
			{Status: &document.Status{Word: w.states[state], Tone: stateTones[state]}}}})
		t.Data = append(t.Data, []string{ref, title, area, "ISRS", due, w.states[state]})
	}
	return t
}

func (w words) moneyTable() document.Table {
	t := document.Table{Name: "contributions", Caption: w.money, Data: [][]string{{"title", "pledged", "received", "share"}}}
	for i, h := range w.moneyHeads {
		c := document.Column{Title: h, Align: document.AlignDecimal}
		if i == 0 {
			c = document.Column{Title: h, Weight: 1}
		}
		t.Columns = append(t.Columns, c)
	}
	cell := func(s string) document.Cell { return document.Cell{Spans: []document.Span{{Text: s}}} }
	for i, d := range w.donors {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{cell(d), cell(w.number(450000 + i*98765)), cell(w.number(312000 - i*77777)), cell([]string{"69.3", "100", "–", "7.25"}[i%4])}})
	}
	t.Rows = append(t.Rows, document.Row{Kind: document.RowTotal, Cells: []document.Cell{cell(w.total), cell(w.number(1993060)), cell(w.number(781338)), cell("39.2")}})
	return t
}

func (w words) line() document.Line {
	return document.Line{Labels: w.months, Area: true, Series: []document.Series{
		{Name: w.states[0], Values: []float64{40, 120, 180, 240, 300, 312}, Tone: document.ToneGood},
		{Name: w.states[4], Values: []float64{60, 140, 220, 300, 380, 450}, Tone: document.ToneMute, Dashed: true}}}
}
