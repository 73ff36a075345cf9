package main

import (
	"fmt"
	"strings"
	"time"

	"secretariat/reports/document"
)

// content is what every program sets: ten pages of three tables with fifty rows each and four charts, in the words of a
// weekly report. The peers read it as JSON.
type content struct {
	Title  string  `json:"title"`
	Intro  string  `json:"intro"`
	Charts []chart `json:"charts"`
	Tables []table `json:"tables"`
}

type chart struct {
	Kind   string    `json:"kind"` // bars, donut, line, timeline
	Title  string    `json:"title"`
	Labels []string  `json:"labels"`
	From   []float64 `json:"from"` // of a timeline, in days
	Values []float64 `json:"values"`
}

type table struct {
	Title string     `json:"title"`
	Head  []string   `json:"head"`
	Rows  [][]string `json:"rows"`
}

// vocabulary is the words of a language; what the program draws depends on the script.
type vocabulary struct {
	title, activity, area, lead, status string
	head                                []string
}

var vocabularies = map[string]vocabulary{
	"en": {"Weekly progress report", "Prepare the joint publication on the reintegration of returnees, part", "Research and analysis", "Institute / Office", "on track",
		[]string{"No", "Activity", "Area", "Lead", "Due", "Status", "Done"}},
	"zh": {"每周进展报告", "编写关于返回者重新融入社会的联合出版物，部分", "研究与分析", "研究所", "按计划",
		[]string{"编号", "活动", "领域", "负责", "期限", "状态", "完成"}},
	"ar": {"تقرير التقدم الأسبوعي", "إعداد المنشور المشترك حول إعادة إدماج العائدين، الجزء", "البحث والتحليل", "المعهد", "في المسار",
		[]string{"رقم", "النشاط", "المجال", "الجهة", "الموعد", "الحالة", "المنجز"}},
}

// newContent makes the content in a language, times times over. No chance is in it: two runs set the same words.
func newContent(language string, times int) content {
	v := vocabularies[language]
	c := content{Title: v.title, Intro: strings.Repeat(v.activity+". ", 6)}
	for range times {
		labels, values, from := []string{}, []float64{}, []float64{}
		for i := range 14 {
			labels = append(labels, fmt.Sprintf("%s %d", v.area, i+1))
			values = append(values, float64(20+i*37%60))
			from = append(from, float64(i*13%30))
		}
		c.Charts = append(c.Charts,
			chart{"bars", v.area, labels[:6], nil, values[:6]}, chart{"donut", v.status, labels[:4], nil, values[:4]},
			chart{"line", v.title, labels, nil, values}, chart{"timeline", v.activity, labels, from, values})
		for t := range 3 {
			tab := table{Title: fmt.Sprintf("%s %d", v.area, t+1), Head: v.head}
			for r := range 50 {
				tab.Rows = append(tab.Rows, []string{fmt.Sprintf("%d.%02d", t+1, r+1), fmt.Sprintf("%s %d", v.activity, r+1), v.area, v.lead,
					fmt.Sprintf("2026-%02d-%02d", r%12+1, r%28+1), v.status, fmt.Sprintf("%d %%", r*2)})
			}
			c.Tables = append(c.Tables, tab)
		}
	}
	return c
}

// toDocument is the content as secretariat's reports have it.
func (c content) toDocument(language string) document.Document {
	d := document.Document{Meta: document.Meta{Title: c.Title, Programme: c.Title, Issue: "47/2026", Language: language, PageLabel: "{x} / {y}",
		Contents: c.Title, Continued: "…", Today: "·", AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Foot: "12", RightToLeft: language == "ar"}}
	for i, ch := range c.Charts {
		d.Sections = append(d.Sections, document.Section{ID: fmt.Sprintf("chart-%d", i), Title: ch.Title, Level: 1, Blocks: []document.Block{
			document.Paragraph{Spans: []document.Span{{Text: c.Intro}}}, ch.block(), document.PageBreak{}}})
	}
	for i, t := range c.Tables {
		block := document.Table{Name: fmt.Sprintf("table-%d", i), Caption: t.Title, Data: append([][]string{t.Head}, t.Rows...)}
		for k, title := range t.Head {
			block.Columns = append(block.Columns, document.Column{Title: title, Weight: []float64{0, 3, 1, 1, 0, 0, 0}[k]})
		}
		for _, row := range t.Rows {
			var cells []document.Cell
			for _, text := range row {
				cells = append(cells, document.Cell{Spans: []document.Span{{Text: text}}})
			}
			cells[5] = document.Cell{Status: &document.Status{Word: row[5], Tone: document.ToneGood}}
			block.Rows = append(block.Rows, document.Row{Cells: cells})
		}
		d.Sections = append(d.Sections, document.Section{ID: fmt.Sprintf("rows-%d", i), Title: t.Title, Level: 1,
			Blocks: []document.Block{block, document.PageBreak{}}})
	}
	return d
}

func (ch chart) block() document.Block {
	var shares []document.Share
	for i, v := range ch.Values {
		shares = append(shares, document.Share{Label: ch.Labels[i], Value: v, Text: fmt.Sprint(v), Tone: document.Tone(i % 6)})
	}
	switch ch.Kind {
	case "bars":
		return document.Bars{Rows: shares, Alt: ch.Title}
	case "donut":
		return document.Donut{Parts: shares, Center: "56 %", Label: ch.Title, Alt: ch.Title}
	case "line":
		labels := make([]string, len(ch.Values))
		for i := range labels {
			labels[i] = fmt.Sprint(i + 1)
		}
		return document.Line{Labels: labels, Series: []document.Series{{Name: ch.Title, Values: ch.Values}},
			Ticks: []document.Tick{{Value: 0, Text: "0"}, {Value: 50, Text: "50"}, {Value: 100, Text: "100"}}, Alt: ch.Title}
	}
	day := func(n float64) time.Time { return time.Date(2026, 9, 1+int(n), 0, 0, 0, 0, time.UTC) }
	t := document.Timeline{From: day(0), To: day(119), Months: []string{"9", "10", "11", "12"}, Today: day(80), Alt: ch.Title,
		Legend: []string{"1", "2", "3", "4", "5"}}
	for i := range ch.Values {
		t.Rows = append(t.Rows, document.TimelineRow{Label: ch.Labels[i], From: day(ch.From[i]), To: day(ch.From[i] + ch.Values[i]), Progress: .5, Text: "1"})
	}
	return t
}
