package pdf

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

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
				table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{cell(fmt.Sprintf("%d.%02d", t, r)), cell(words), cell(words[:len(words)/6*2/2]),
					cell("UNOCT"), cell("2026-11-23"), {Status: &document.Status{Word: "late", Tone: document.ToneBad}}, cell(fmt.Sprintf("%d %%", r))}})
				table.Data = append(table.Data, []string{fmt.Sprint(r), words})
			}
			table.Rows[0].Cells[2] = table.Rows[0].Cells[3]
			for i := range table.Rows {
				table.Rows[i].Cells[2].Spans = []document.Span{{Text: "UNOCT / ISRS"}}
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

// BenchmarkPlainGofpdf draws the same display lists the way gofpdf is commonly used, with its own Unicode fonts and its own
// compression, and without tags, links or files: the base of the ratio in docs/performance.md.
func BenchmarkPlainGofpdf(b *testing.B) {
	for _, times := range []int{1, 20} {
		l := layoutOf(b, times, "en")
		b.Run(fmt.Sprintf("en-%dpages", len(l.Pages)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if out := plain(l); len(out) == 0 {
					b.Fatal("nothing drawn")
				}
			}
		})
	}
}

// plain draws a display list with gofpdf alone.
func plain(l *typeset.Layout) []byte {
	p := gofpdf.New("P", "pt", "A4", "")
	p.SetAutoPageBreak(false, 0)
	for face := range l.Runes {
		p.AddUTF8FontFromBytes(string(face), "", bytes.Clone(BuiltIn()[face]))
	}
	for _, page := range l.Pages {
		p.AddPageFormat("P", gofpdf.SizeType{Wd: page.Width, Ht: page.Height})
		for _, op := range page.Ops {
			plainOp(p, op)
		}
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil
	}
	return out.Bytes()
}

func plainOp(p *gofpdf.Fpdf, op typeset.Op) {
	switch op := op.(type) {
	case typeset.Text:
		p.SetFont(string(op.Face), "", op.Size)
		p.SetTextColor(int(op.Color.R), int(op.Color.G), int(op.Color.B))
		p.Text(op.X, op.Y, op.Runes)
	case typeset.Path:
		style := ""
		if op.Fill != nil {
			p.SetFillColor(int(op.Fill.R), int(op.Fill.G), int(op.Fill.B))
			style = "F"
		}
		if op.Stroke != nil {
			p.SetDrawColor(int(op.Stroke.R), int(op.Stroke.G), int(op.Stroke.B))
			p.SetLineWidth(op.LineWidth)
			style += "D"
		}
		for _, s := range op.Segments {
			switch s.Kind {
			case 'M':
				p.MoveTo(s.Points[0], s.Points[1])
			case 'L':
				p.LineTo(s.Points[0], s.Points[1])
			case 'C':
				p.CurveBezierCubicTo(s.Points[0], s.Points[1], s.Points[2], s.Points[3], s.Points[4], s.Points[5])
			case 'Z':
				p.ClosePath()
			}
		}
		p.DrawPath(style)
	case typeset.ClipStart:
		p.ClipRect(op.X, op.Y, op.Width, op.Height, false)
	case typeset.ClipEnd:
		p.ClipEnd()
	}
}
