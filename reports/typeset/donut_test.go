package typeset_test

import (
	"math"
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// What stands in the hole of a ring stays in it, however long and however narrow the column: else it is left to the part that it
// names, or shortened with its full text in the notes. Nothing is lost.
func TestLabelsStayInTheRing(t *testing.T) {
	long := "Contribution of the Government of the Republic of Uzbekistan to the programme of cooperation"
	for _, c := range []struct {
		label         string
		parts         [2]string
		inside, noted bool
		why           string
	}{
		{"completed", [2]string{"completed", "open"}, true, false, "a short label"},
		{long, [2]string{long, "open"}, false, false, "a long one that names a part"},
		{long, [2]string{"a", "b"}, true, true, "a long one that names none"},
	} {
		for _, span := range []int{12, 6, 4} {
			donut := document.Donut{Center: "31%", Label: c.label, Parts: []document.Share{
				{Label: c.parts[0], Value: 3, Text: "364,376.5", Tone: document.ToneAccent}, {Label: c.parts[1], Value: 7, Text: "681,006", Tone: document.ToneMute}}}
			d := oneBlock(document.Columns{Items: []document.ColumnItem{{Span: span, Blocks: []document.Block{donut}}}})
			l := set(t, d)
			if c.label != c.parts[0] { // there the words stand once and not twice
				checkLayout(t, d, l)
			}
			ring := figureOf(l)
			radius := ringRadius(l)
			inside := 0
			for _, o := range textsOn(l, 0, "Figure") {
				middle := o.X + o.Width/2
				if o.Runes == "31%" || o.Size < 7 {
					corner := math.Hypot(math.Abs(middle-ring[0])+o.Width/2, math.Abs(o.Y-o.Size*0.35-ring[1])+o.Size*0.35)
					if corner > radius*0.75 {
						t.Errorf("%s, span %d: %q reaches %.1f pt from the middle of a ring of %.1f", c.why, span, o.Runes, corner, radius)
					}
					if o.Size < 7 {
						inside++
					}
				}
			}
			if (inside > 0) != c.inside {
				t.Errorf("%s, span %d: %d lines of the label are in the ring", c.why, span, inside)
			}
			all := strings.Join(strings.Fields(strings.ReplaceAll(joined(textsOn(l, 0, "P")), "|", " ")), " ")
			if strings.Contains(all, long) != c.noted {
				t.Errorf("%s, span %d: in the notes: %v", c.why, span, !c.noted)
			}
		}
	}
}

// figureOf is the middle of the ring: of the widest path of curves.
func figureOf(l *typeset.Layout) (middle [2]float64) {
	x0, x1, y0, y1 := ringBox(l)
	return [2]float64{(x0 + x1) / 2, (y0 + y1) / 2}
}

func ringRadius(l *typeset.Layout) float64 {
	x0, x1, _, _ := ringBox(l)
	return (x1 - x0) / 2
}

// ringBox is the box of the ring's ground, the path with most curves.
func ringBox(l *typeset.Layout) (x0, x1, y0, y1 float64) {
	most := 0
	for _, op := range l.Pages[0].Ops {
		p, ok := op.(typeset.Path)
		if !ok || p.Fill == nil || len(p.Segments) <= most {
			continue
		}
		most = len(p.Segments)
		x0, x1, y0, y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, s := range p.Segments {
			at := map[byte]int{'M': 0, 'L': 0, 'C': 4}[s.Kind]
			if s.Kind == 'Z' {
				continue
			}
			x0, x1, y0, y1 = min(x0, s.Points[at]), max(x1, s.Points[at]), min(y0, s.Points[at+1]), max(y1, s.Points[at+1])
		}
	}
	return x0, x1, y0, y1
}
