package pdf

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"secretariat/reports/typeset"
)

var (
	ink    = typeset.Color{R: 30, G: 40, B: 60}
	accent = typeset.Color{R: 20, G: 90, B: 160}
	paper  = typeset.Color{R: 240, G: 244, B: 250}
)

// sheet builds a display list by hand, the way typeset does, for tests of drawing alone.
type sheet struct {
	l *typeset.Layout
}

func newSheet() *sheet {
	return &sheet{&typeset.Layout{
		Runes: map[typeset.Face][]rune{},
		Nodes: []typeset.Node{{Role: "Document", Parent: -1}},
		Info: typeset.Info{Title: "Weekly progress", Author: "Secretariat", Subject: "Week 47", Language: "en",
			Created: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("Tashkent", 5*3600))},
	}}
}

func (s *sheet) page() { s.l.Pages = append(s.l.Pages, typeset.Page{Width: 595.28, Height: 841.89}) }

func (s *sheet) add(op typeset.Op) {
	p := &s.l.Pages[len(s.l.Pages)-1]
	p.Ops = append(p.Ops, op)
}

func (s *sheet) node(role string, parent int) int {
	n := len(s.l.Nodes)
	s.l.Nodes = append(s.l.Nodes, typeset.Node{Role: role, Parent: parent})
	s.l.Nodes[parent].Children = append(s.l.Nodes[parent].Children, n)
	return n
}

func (s *sheet) text(x, y float64, face typeset.Face, size float64, node int, runes string) {
	s.note(face, runes)
	s.add(typeset.Text{X: x, Y: y, Size: size, Face: face, Color: ink, Runes: runes, Node: node})
}

// note enters runes into the sorted set of the face.
func (s *sheet) note(face typeset.Face, runes string) {
	for _, r := range runes {
		if i, found := slices.BinarySearch(s.l.Runes[face], r); !found {
			s.l.Runes[face] = slices.Insert(s.l.Runes[face], i, r)
		}
	}
}

func box(x, y, w, h float64, fill *typeset.Color, node int) typeset.Path {
	return typeset.Path{Fill: fill, Alpha: 1, Node: node, Segments: []typeset.Segment{
		{Kind: 'M', Points: [6]float64{x, y}}, {Kind: 'L', Points: [6]float64{x + w, y}},
		{Kind: 'L', Points: [6]float64{x + w, y + h}}, {Kind: 'L', Points: [6]float64{x, y + h}}, {Kind: 'Z'}}}
}

// sample is a report of two pages with a table, a figure, links, bookmarks, clips, several scripts and a file.
func sample() *typeset.Layout {
	s := newSheet()
	for page := range 2 {
		s.page()
		s.text(50, 40, typeset.Regular, 8, typeset.Artifact, fmt.Sprintf("Page %d of 2", page+1))
		section := s.node("Sect", 0)
		head := s.node("H1", section)
		s.add(typeset.Anchor{Name: fmt.Sprintf("part-%d", page), Y: 70})
		s.l.Bookmarks = append(s.l.Bookmarks, typeset.Bookmark{Title: fmt.Sprintf("Раздел %d", page+1), Anchor: fmt.Sprintf("part-%d", page)})
		s.text(50, 90, typeset.Bold, 16, head, "Progress, Ход работ, Oʻzbekiston")
		p := s.node("P", section)
		s.text(50, 120, typeset.Regular, 10, p, "Before the link ")
		link := s.node("Link", p)
		s.text(140, 120, typeset.Regular, 10, link, "the other page")
		s.add(typeset.Link{X: 140, Y: 110, Width: 80, Height: 14, Anchor: fmt.Sprintf("part-%d", 1-page), Alt: "the other page", Node: link})
		s.text(230, 120, typeset.Regular, 10, p, "after it (100%) \\ fin.")
		web := s.node("Link", s.node("P", section))
		s.text(50, 140, typeset.Italic, 10, web, "example.org")
		s.add(typeset.Link{X: 50, Y: 130, Width: 80, Height: 14, URI: "https://example.org/a b?ў=(1)", Alt: "example.org", Node: web})
		table := s.node("Table", section)
		for row := range 4 {
			tr := s.node("TR", table)
			for col := range 3 {
				role, y := "TD", 180+float64(row)*16
				if row == 0 {
					role = "TH"
				}
				if row%2 == 1 && col == 0 {
					s.add(box(45, y-11, 400, 16, &paper, typeset.Artifact))
				}
				cell := s.node(role, tr)
				if row == 0 {
					s.l.Nodes[cell].Scope = "Column"
				}
				s.add(typeset.ClipStart{X: 50 + 120*float64(col), Y: y - 11, Width: 115, Height: 16})
				s.text(50+120*float64(col), y, typeset.Regular, 9, cell, fmt.Sprintf("cell %d.%d", row, col))
				s.add(typeset.ClipEnd{})
			}
		}
		figure := s.node("Figure", section)
		s.l.Nodes[figure].Alt, s.l.Nodes[figure].Page = "Bar of 60 %, Столбец", page
		s.l.Nodes[figure].BBox = [4]float64{50, 300, 200, 60}
		s.add(box(50, 300, 120, 20, &accent, figure))
		half := box(100, 305, 100, 30, &accent, figure)
		half.Alpha, half.Stroke, half.LineWidth, half.Dash = 0.4, &ink, 0.8, []float64{3, 2}
		s.add(half)
		s.add(typeset.Path{Stroke: &accent, LineWidth: 1.2, Alpha: 1, Node: figure, Segments: []typeset.Segment{
			{Kind: 'M', Points: [6]float64{50, 350}}, {Kind: 'C', Points: [6]float64{80, 310, 120, 390, 200, 350}}}})
		arabic := s.node("P", section)
		s.l.Nodes[arabic].Lang = "ar"
		word := "\uFEA9\uFEAA\uFECC\uFEDF\uFE8D" // shaped, in the order of the line
		s.note(typeset.Arabic, word)
		s.add(typeset.Text{X: 300, Y: 420, Size: 12, Face: typeset.Arabic, Color: ink, Runes: word, Node: arabic, Backward: true})
		han := s.node("P", section)
		s.l.Nodes[han].Lang = "zh"
		s.text(50, 450, typeset.Han, 12, han, "区域专家委员会")
		s.note(typeset.Regular, "Stretched line of words")
		s.add(typeset.Text{X: 50, Y: 480, Size: 10, Face: typeset.Regular, Color: ink, Runes: "Stretched line of words", Spread: 6, Node: s.node("P", section)})
	}
	s.l.Files = []typeset.File{
		{Name: "overdue.csv", Type: "text/csv", Description: "Overdue activities", Bytes: []byte("no,title\n1,Данные\n")},
		{Name: "данные.csv", Type: "text/csv", Bytes: []byte("a\n")},
		{Name: "overdue.csv", Type: "text/csv", Bytes: []byte("b\n")},
	}
	return s.l
}

func draw(t testing.TB, l *typeset.Layout) []byte {
	t.Helper()
	b, err := Draw(l, BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	return b
}
