package typeset

import (
	"math"
	"math/bits"
)

// canvas is a page that is painted on. Its x runs in the direction of writing: in a document from right to left everything
// is mirrored here and nowhere else, time and value axes included, and only text keeps its own direction.
type canvas struct {
	page   *Page
	number int // index of the page
	right  bool
	tree   *tree
	seen   *[len(Faces)]runeSet
	pages  map[string]int // page of each anchor, for the contents
	segs   []Segment      // room for paths, taken in pieces
	buf    []byte
}

// runeSet holds the runes drawn in a face, a bit each.
type runeSet struct{ bits []uint64 }

func (s *runeSet) add(r rune) {
	if s.bits == nil {
		s.bits = make([]uint64, 1<<16/64)
	}
	s.bits[r>>6] |= 1 << (r & 63)
}

func (s *runeSet) sorted() (out []rune) {
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			out = append(out, rune(i<<6+bits.TrailingZeros64(word)))
		}
	}
	return out
}

// left is the left edge on paper of something w wide that begins at x.
func (c *canvas) left(x, w float64) float64 {
	if c.right {
		return pageWidth - x - w
	}
	return x
}

func (c *canvas) draw(op Op) { c.page.Ops = append(c.page.Ops, op) }

// outline collects the steps of a path, in the direction of writing.
type outline struct {
	c    *canvas
	segs []Segment
}

// outline begins a path of about n steps.
func (c *canvas) outline(n int) *outline {
	used := len(c.segs)
	if cap(c.segs)-used < n {
		c.segs, used = make([]Segment, 0, max(1024, n)), 0
	}
	c.segs = c.segs[:used+n]
	return &outline{c, c.segs[used : used : used+n]}
}

func (o *outline) move(x, y float64) *outline {
	o.segs = append(o.segs, Segment{'M', [6]float64{o.c.left(x, 0), y}})
	return o
}

func (o *outline) line(x, y float64) *outline {
	o.segs = append(o.segs, Segment{'L', [6]float64{o.c.left(x, 0), y}})
	return o
}

func (o *outline) curve(x1, y1, x2, y2, x, y float64) *outline {
	o.segs = append(o.segs, Segment{'C', [6]float64{o.c.left(x1, 0), y1, o.c.left(x2, 0), y2, o.c.left(x, 0), y}})
	return o
}

func (o *outline) close() *outline {
	o.segs = append(o.segs, Segment{Kind: 'Z'})
	return o
}

// pen is how a path is drawn.
type pen struct {
	fill, stroke *Color
	width, alpha float64 // alpha 0 means opaque
	dash         []float64
	node         int
}

// draw puts the path on the page. A path with a coordinate that is no number, or far off the page, is not drawn: a page
// that cannot be drawn would cost the whole report.
func (o *outline) draw(p pen) {
	for _, s := range o.segs {
		for _, v := range s.Points {
			if math.IsNaN(v) || v < -pageHeight || v > 2*pageHeight {
				return
			}
		}
	}
	if p.alpha == 0 {
		p.alpha = 1
	}
	if len(o.segs) > 0 {
		o.c.draw(Path{o.segs, p.fill, p.stroke, p.width, p.dash, p.alpha, p.node})
	}
}

func (c *canvas) rect(x, y, w, h float64, p pen) {
	if w > 0 && h > 0 {
		c.outline(5).move(x, y).line(x+w, y).line(x+w, y+h).line(x, y+h).close().draw(p)
	}
}

func (c *canvas) rule(x1, y1, x2, y2 float64, p pen) {
	c.outline(2).move(x1, y1).line(x2, y2).draw(p)
}

// corners are the radii at start top, end top, end bottom and start bottom.
type corners [4]float64

func round(r float64) corners { return corners{r, r, r, r} }

// kappa sets the controls of a Bézier curve that stands for a quarter of a circle.
const kappa = 0.5522847498

func (c *canvas) rounded(x, y, w, h float64, r corners, p pen) {
	if w <= 0 || h <= 0 {
		return
	}
	for i := range r {
		r[i] = max(0, min(r[i], w/2, h/2))
	}
	k := 1 - kappa
	o := c.outline(10).move(x+r[0], y).side(x+w-r[1], y, w-r[0]-r[1])
	o.curve(x+w-r[1]*k, y, x+w, y+r[1]*k, x+w, y+r[1]).side(x+w, y+h-r[2], h-r[1]-r[2])
	o.curve(x+w, y+h-r[2]*k, x+w-r[2]*k, y+h, x+w-r[2], y+h).side(x+r[3], y+h, w-r[2]-r[3])
	o.curve(x+r[3]*k, y+h, x, y+h-r[3]*k, x, y+h-r[3]).side(x, y+r[0], h-r[3]-r[0])
	o.curve(x, y+r[0]*k, x+r[0]*k, y, x+r[0], y).close().draw(p)
}

// side adds a line unless it has no length, which would grow thorns where strokes meet.
func (o *outline) side(x, y, length float64) *outline {
	if length > epsilon {
		return o.line(x, y)
	}
	return o
}

func (c *canvas) circle(x, y, r float64, p pen) {
	if r > 0 {
		c.rounded(x-r, y-r, 2*r, 2*r, round(r), p)
	}
}

// mark draws the shape of a tone around a centre; r is about half its height.
func (c *canvas) mark(s shapeKind, x, y, r float64, color Color, node int) {
	p := pen{fill: &color, node: node}
	switch s {
	case shapeRing:
		c.circle(x, y, r*0.8, pen{fill: &white, stroke: &color, width: r * 0.45, node: node})
	case shapeTriangle:
		c.outline(4).move(x, y-r).line(x+r*1.1, y+r*0.9).line(x-r*1.1, y+r*0.9).close().draw(p)
	case shapeSquare:
		c.rect(x-r*0.85, y-r*0.85, r*1.7, r*1.7, p)
	case shapeDiamond:
		c.diamond(x, y, r*1.15, p)
	case shapeBar:
		c.rect(x-r, y-r*0.4, r*2, r*0.8, p)
	default:
		c.circle(x, y, r, p)
	}
}

func (c *canvas) diamond(x, y, r float64, p pen) {
	c.outline(5).move(x, y-r).line(x+r, y).line(x, y+r).line(x-r, y).close().draw(p)
}

// pattern lays light marks over a rectangle, so that neighbouring parts differ in print without colour.
func (c *canvas) pattern(k patternKind, x, y, w, h float64, node int) {
	if w < 3 || k == patternNone {
		return
	}
	p := pen{stroke: &white, width: 0.6, alpha: 0.55, node: node}
	o := c.outline(16)
	switch k {
	case patternRising:
		rising(o, x, y, w, h, 4)
	case patternCross:
		rising(o, x, y, w, h, 3.6)
		falling(o, x, y, w, h, 3.6)
	case patternLevel:
		for v := y + h/3; v < y+h-0.5; v += h / 3 {
			o.move(x+0.5, v).line(x+w-0.5, v)
		}
	case patternDots:
		p.width = 1
		for row, v := 0, y+h/4; row < 3; row, v = row+1, v+h/4 {
			for u := x + 1.8 + float64(row%2)*2; u < x+w-1.4; u += 4 {
				o.move(u-0.5, v).line(u+0.5, v)
			}
		}
	}
	o.draw(p)
}

// rising and falling draw slanted lines cut off at the rectangle.
func rising(o *outline, x, y, w, h, step float64) {
	for d := step / 2; d < w+h; d += step {
		x1, y1, x2, y2 := x+d-h, y+h, x+d, y
		if x1 < x {
			x1, y1 = x, y+d
		}
		if x2 > x+w {
			x2, y2 = x+w, y+d-w
		}
		o.move(x1, min(y1, y+h)).line(x2, max(y2, y))
	}
}

func falling(o *outline, x, y, w, h, step float64) {
	for d := step / 2; d < w+h; d += step {
		x1, y1, x2, y2 := x+d-h, y, x+d, y+h
		if x1 < x {
			x1, y1 = x, y+h-d
		}
		if x2 > x+w {
			x2, y2 = x+w, y+h-(d-w)
		}
		o.move(x1, max(y1, y)).line(x2, min(y2, y+h))
	}
}
