package pdf

import (
	"fmt"
	"testing"
	"time"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// benchReport is the report of the targets: 10 pages are 3 tables of 50 rows and 4 charts; times repeats it.
func benchReport(times int, language string) document.Document {
	words := map[string]string{
		"en": "Prepare the joint publication on reintegration of returnees in the region", "ar": "إعداد المنشور المشترك حول إعادة إدماج العائدين في المنطقة",
		"zh": "编写关于该地区返回者重新融入社会的联合出版物并组织区域研讨会",
	}[language]
	d := document.Document{Meta: document.Meta{Title: "Weekly progress report", Programme: "Programme of Cooperation", Language: language,
		PageLabel: "{x} / {y}", Contents: "Contents", Continued: "(continued)", Today: "today", RightToLeft: language == "ar",
		AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Foot: "Data as of 23 November 2026 · Report No. 12"}}
	day := func(n int) time.Time { return time.Date(2026, 9, n, 0, 0, 0, 0, time.UTC) }
	for k := range times {
		for t := range 3 {
			table := document.Table{Name: fmt.Sprintf("rows_%d_%d", k, t), Caption: words, Data: [][]string{{"no", "title"}},
				Columns: []document.Column{{Title: "No"}, {Title: "Activity", Weight: 3}, {Title: "Area", Weight: 2}, {Title: "Lead", Weight: 1}, {Title: "Due"}, {Title: "Status"}, {Title: "Done", Align: document.AlignEnd}}}
			for r := range 50 {
				cell := func(s string) document.Cell { return document.Cell{Spans: []document.Span{{Text: s}}} }
				table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{cell(fmt.Sprintf("%d.%02d", t, r)), cell(words), cell("UNOCT / ISRS"),
					cell("UNOCT"), cell("2026-11-23"), {Status: &document.Status{Word: "late", Tone: document.ToneBad}}, cell(fmt.Sprintf("%d %%", r))}})
				table.Data = append(table.Data, []string{fmt.Sprint(r), words})
			}
			bars := document.Bars{Alt: "bars", Rows: []document.Share{{Label: "A", Value: 3, Text: "3"}, {Label: "B", Value: 5, Text: "5"}, {Label: "C", Value: 2, Text: "2"}}}
			blocks := []document.Block{document.Paragraph{Spans: []document.Span{{Text: words + " " + words + " " + words}}}, bars}
			if t == 0 {
				line := document.Timeline{From: day(1), To: day(91), Months: []string{"Sep", "Oct", "Nov"}, Today: day(60), Alt: "timeline", Legend: []string{"done", "planned", "original", "met", "missed"}}
				for i := range 14 {
					line.Rows = append(line.Rows, document.TimelineRow{Label: fmt.Sprintf("Activity %d", i), From: day(1 + i), To: day(20 + 3*i), Progress: .5, Text: "1 Nov"})
				}
				blocks = append(blocks, line)
			}
			d.Sections = append(d.Sections, document.Section{ID: fmt.Sprintf("s%d-%d", k, t), Title: fmt.Sprintf("Section %d.%d", k, t), Level: 1,
				Blocks: append(blocks, table, document.PageBreak{})})
		}
	}
	return d
}

func layoutOf(b testing.TB, times int, language string) *typeset.Layout {
	b.Helper()
	l, err := typeset.Set(benchReport(times, language))
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func BenchmarkDraw(b *testing.B) {
	for _, row := range []struct {
		times    int
		language string
	}{{1, "en"}, {20, "en"}, {1, "zh"}, {1, "ar"}} {
		l := layoutOf(b, row.times, row.language)
		b.Run(fmt.Sprintf("%s-%dpages", row.language, len(l.Pages)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				draw(b, l)
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	for _, row := range []struct {
		times    int
		language string
	}{{1, "en"}, {20, "en"}, {1, "zh"}, {1, "ar"}} {
		d := benchReport(row.times, row.language)
		_, pages, err := Render(d)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%s-%dpages", row.language, pages), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Render(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
