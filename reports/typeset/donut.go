package typeset

import (
	"math"
	"slices"
	"strconv"

	"secretariat/reports/document"
)

// shortNumber writes a count as it stands; bars print no fractions.
func shortNumber(v float64) string {
	if !isFinite(v) || math.Abs(v) >= 1e15 {
		return ""
	}
	if v == math.Trunc(v) {
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// ringChart is a donut without its legend.
type ringChart struct {
	parts         []barPart
	center, label text
	centers       []line
	labels        []line
	radius        float64
}

func donutAlt(d document.Donut) string {
	parts := []string{d.Center + " " + d.Label}
	for _, p := range d.Parts {
		parts = append(parts, p.Label+": "+p.Text)
	}
	return altOr(d.Alt, parts)
}

func (s *setter) ring(d document.Donut, size float64) ringChart {
	r := ringChart{radius: size / 2}
	sum := 0.0
	for _, p := range d.Parts {
		sum += positive(p.Value) / float64(len(d.Parts))
	}
	for _, p := range d.Parts {
		bp := barPart{tone: toneOf(p.Tone)}
		if sum > 0 {
			bp.share = positive(p.Value) / float64(len(d.Parts)) / sum
		}
		r.parts = append(r.parts, bp)
	}
	inner := size * 0.56
	r.center = s.label(d.Center, look{face: faceBold, size: min(15, size*0.15), color: ink, leading: 1.2})
	if n := r.center.naturalWidth(); n > inner {
		r.center.size = max(6, r.center.size*inner/n)
	}
	r.centers = r.center.wrap(inner)
	r.label = s.ringLabel(d, inner, inner-float64(len(r.centers))*r.center.lineHeight())
	r.labels = r.label.wrap(inner)
	return r
}

// ringLabel is the text under the number in the hole of a ring. One that would grow out of the hole is left to the part that it
// names, or, where it names none, is shortened there and stands whole in the notes.
func (s *setter) ringLabel(d document.Donut, width, height float64) text {
	l := look{face: faceRegular, size: sizeTiny - 0.2, color: muted, leading: 1.2}
	t := s.label(d.Label, l)
	lines := max(1, int(height/t.lineHeight()))
	if len(t.wrap(width)) <= lines {
		return t
	}
	if slices.ContainsFunc(d.Parts, func(p document.Share) bool { return p.Label == d.Label }) {
		return s.label("", l)
	}
	return s.fitted(d.Label, l, Artifact, width, lines, func() string { return s.footnote(d.Label) })
}

// paint draws the ring from twelve o'clock on. Parts differ by colour and by marks across or along the ring.
func (r ringChart) paint(c *canvas, x, y float64, node int) {
	outer, inner := r.radius, r.radius*0.67
	sector{x, y, inner, outer, 0, 1}.draw(c, pen{fill: &soft, node: node})
	at := 0.0
	for _, p := range r.parts {
		if p.share <= 0 {
			continue
		}
		part := sector{x, y, inner, outer, at, at + p.share}
		part.draw(c, pen{fill: &p.tone.fill, node: node})
		part.mark(c, p.tone.pattern, node)
		at += p.share
	}
	at = 0
	for _, p := range r.parts {
		if p.share > 0 && p.share < 0.9999 {
			sx, sy := onCircle(x, y, inner, at)
			ex, ey := onCircle(x, y, outer, at)
			c.rule(sx, sy, ex, ey, pen{stroke: &white, width: 1.2, node: node})
		}
		at += p.share
	}
	r.paintCenter(c, x, y, node)
}

func (r ringChart) paintCenter(c *canvas, x, y float64, node int) {
	up := float64(len(r.centers)) * r.center.lineHeight()
	h := up + float64(len(r.labels))*r.label.lineHeight()
	r.center.spans = []spanLook{{color: ink, node: node}}
	r.label.spans = []spanLook{{color: muted, node: node}}
	c.lines(r.center, r.centers, x-r.radius, y-h/2, 2*r.radius, document.AlignCenter)
	c.lines(r.label, r.labels, x-r.radius, y-h/2+up, 2*r.radius, document.AlignCenter)
}

// onCircle is the point of a circle at a share of its turn, clockwise from the top.
func onCircle(x, y, r, turn float64) (float64, float64) {
	sin, cos := math.Sincos(2 * math.Pi * turn)
	return x + r*sin, y - r*cos
}

// arc adds Bézier curves along a circle, at most an eighth of a turn each.
func arc(o *outline, x, y, r, from, to float64) {
	n := max(1, int(math.Ceil(math.Abs(to-from)*8)))
	step := (to - from) / float64(n)
	k := 4.0 / 3 * math.Tan(2*math.Pi*step/4) * r
	for i := range n {
		a, b := from+float64(i)*step, from+float64(i+1)*step
		ax, ay := onCircle(x, y, r, a)
		bx, by := onCircle(x, y, r, b)
		sa, ca := math.Sincos(2 * math.Pi * a)
		sb, cb := math.Sincos(2 * math.Pi * b)
		o.curve(ax+k*ca, ay+k*sa, bx-k*cb, by-k*sb, bx, by)
	}
}

// sector is a part of a ring around a point, between two radii and two shares of a turn.
type sector struct{ x, y, inner, outer, from, to float64 }

func (s sector) draw(c *canvas, p pen) {
	o := c.outline(24)
	sx, sy := onCircle(s.x, s.y, s.outer, s.from)
	o.move(sx, sy)
	arc(o, s.x, s.y, s.outer, s.from, s.to)
	ex, ey := onCircle(s.x, s.y, s.inner, s.to)
	o.line(ex, ey)
	arc(o, s.x, s.y, s.inner, s.to, s.from)
	o.close().draw(p)
}

// mark draws spokes, rings, or both over a sector, as pattern does for bars.
func (s sector) mark(c *canvas, k patternKind, node int) {
	if k == patternNone {
		return
	}
	o := c.outline(16)
	step := 4.5 / (2 * math.Pi * s.outer)
	if k == patternRising || k == patternCross {
		for t := s.from + step; t < s.to-step/2; t += step {
			sx, sy := onCircle(s.x, s.y, s.inner+1, t)
			ex, ey := onCircle(s.x, s.y, s.outer-1, t+step/2*float64(boolInt(t+step/2 < s.to)))
			o.move(sx, sy).line(ex, ey)
		}
	}
	if k != patternRising {
		for i := 1.0; i < 3; i++ {
			r := s.inner + (s.outer-s.inner)*i/3
			sx, sy := onCircle(s.x, s.y, r, s.from)
			o.move(sx, sy)
			arc(o, s.x, s.y, r, s.from, s.to)
		}
	}
	o.draw(pen{stroke: &white, width: 0.6, alpha: 0.55, node: node, dash: dotted(k)})
}

func dotted(k patternKind) []float64 {
	if k == patternDots {
		return []float64{1, 2.5}
	}
	return nil
}

// ringSize is the width of a ring: less than usual where the names beside it would else have no room.
func (s *setter) ringSize(d document.Donut, w float64) float64 {
	wanted := 0.0
	for _, p := range d.Parts {
		label := s.label(p.Label, look{face: faceRegular, size: sizeTable, color: ink})
		value := s.label(p.Text, look{face: faceBold, size: sizeTable, color: ink})
		wanted = max(wanted, min(label.naturalWidth(), 130)+min(value.naturalWidth(), w*0.2))
	}
	return max(min(112, w*0.45, w-20-15-labelGap-2-wanted), min(72, w*0.45))
}

// donut is a ring with its parts listed beside it.
func (s *setter) donut(d document.Donut, parent int, w float64) box {
	size := s.ringSize(d, w)
	r := s.ring(d, size)
	fig := s.figure(parent, donutAlt(d))
	out := bands{least: 1}
	left := size + 20
	for _, p := range d.Parts {
		label := s.label(p.Label, look{face: faceRegular, size: sizeTable, color: ink})
		value := s.label(p.Text, look{face: faceBold, size: sizeTable, color: ink})
		valueW := min(value.naturalWidth()+1, (w-left)*0.4)
		room := min(label.naturalWidth()+0.5, w-left-15-valueW-labelGap)
		labels, values := label.wrap(room), value.wrap(valueW)
		h := max(float64(len(labels))*label.lineHeight(), float64(len(values))*value.lineHeight()) + 6
		tone := toneOf(p.Tone)
		out.rows = append(out.rows, solid{h, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, h)
			c.rounded(x+left, y+h/2-3.6, 9, 7.2, round(1.6), pen{fill: &tone.fill, node: node})
			c.pattern(tone.pattern, x+left+0.6, y+h/2-3, 7.8, 6, node)
			paintLabel(c, label, labels, x+left+15, y+h/2, room, document.AlignStart, node)
			paintLabel(c, value, values, x+left+15+room+labelGap, y+h/2, valueW, document.AlignStart, node)
		}})
	}
	return beside{left: out, width: w, high: size + 4, paintRight: func(c *canvas, x, y, h float64) {
		node := fig.on(c, x, y, size, h)
		r.paint(c, x+size/2, y+max(size, h)/2, node)
	}}
}
