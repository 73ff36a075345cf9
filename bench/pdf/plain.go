package main

import (
	"bytes"

	"github.com/jung-kurt/gofpdf"

	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
)

// plain draws a display list with gofpdf alone, the way it is commonly used: its own Unicode fonts and compression, no
// structure, links, bookmarks or files. It draws the same text and shapes on the same pages.
func plain(l *typeset.Layout) ([]byte, error) {
	p := gofpdf.New("P", "pt", "A4", "")
	p.SetAutoPageBreak(false, 0)
	for face := range l.Runes {
		p.AddUTF8FontFromBytes(string(face), "", bytes.Clone(pdf.BuiltIn()[face])) // gofpdf writes into these bytes
	}
	for _, page := range l.Pages {
		p.AddPageFormat("P", gofpdf.SizeType{Wd: page.Width, Ht: page.Height})
		for _, op := range page.Ops {
			switch op := op.(type) {
			case typeset.Text:
				p.SetFont(string(op.Face), "", op.Size)
				p.SetTextColor(int(op.Color.R), int(op.Color.G), int(op.Color.B))
				p.Text(op.X, op.Y, op.Runes)
			case typeset.Path:
				plainPath(p, op)
			case typeset.ClipStart:
				p.ClipRect(op.X, op.Y, op.Width, op.Height, false)
			case typeset.ClipEnd:
				p.ClipEnd()
			}
		}
	}
	var out bytes.Buffer
	err := p.Output(&out)
	return out.Bytes(), err
}

func plainPath(p *gofpdf.Fpdf, op typeset.Path) {
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
}
