package typeset

import (
	"slices"
	"unicode/utf8"

	"secretariat/reports/document"
)

// look is how a text is set.
type look struct {
	face    uint8
	size    float64
	color   Color
	leading float64 // line height as a multiple of the size; 0 for leadingCell
}

// text is a prepared text with its look and the elements that it belongs to.
type text struct {
	*prepared
	look
	spans []spanLook // by glyph.span
}

// spanLook is what sets a span apart from its text.
type spanLook struct {
	color Color
	node  int
	link  string
	label string // of the link
}

// text prepares a string. Equal strings of a document are prepared once.
func (s *setter) text(str string, l look, node int) text {
	key := memoKey{str, l.face}
	p := s.memo[key]
	if p == nil {
		p = prepare([]source{{str, l.face}}, s.right)
		s.memo[key] = p
	}
	s.missed(p)
	return text{p, l, []spanLook{{color: l.color, node: node}}}
}

// labelLimit is the length in characters beyond which a text in a chart is no label any more: it is shortened there and
// stands whole in the notes at the end. Labels up to it wrap and always fit on a page.
const labelLimit = 400

// label prepares a text of a chart. The element is set when it is painted, for a figure may go on on the next page.
func (s *setter) label(str string, l look) text {
	if len(str) > labelLimit {
		if runes := []rune(str); len(runes) > labelLimit {
			str = string(runes[:labelLimit]) + s.footnote(str)
		}
	}
	return s.text(str, l, Artifact)
}

type memoKey struct {
	text string
	face uint8
}

// spans prepares spans of a paragraph under an element. With links or languages within, each span becomes an element, so
// that their order is beyond doubt.
func (s *setter) spans(spans []document.Span, l look, parent int) text {
	if len(spans) == 0 {
		return s.text("", l, parent)
	}
	if len(spans) == 1 && spans[0].Link == "" && s.own(spans[0].Lang) == "" {
		l.face = faceFor(spans[0], l.face)
		return s.text(spans[0].Text, l, parent)
	}
	apart := false
	for _, sp := range spans {
		apart = apart || sp.Link != "" || s.own(sp.Lang) != ""
	}
	parts := make([]source, len(spans))
	looks := make([]spanLook, len(spans))
	for i, sp := range spans {
		parts[i] = source{sp.Text, faceFor(sp, l.face)}
		looks[i] = spanLook{color: l.color, node: parent}
		if !apart || parent == Artifact {
			continue
		}
		role := "Span"
		if sp.Link != "" {
			role = "Link"
			looks[i].link, looks[i].color = sp.Link, link
			looks[i].label, _ = clean(sp.Text)
		}
		looks[i].node = s.tree.add(parent, role)
		s.tree.nodes[looks[i].node].Lang = s.own(sp.Lang)
	}
	p := prepare(parts, s.right)
	s.missed(p)
	return text{p, l, looks}
}

// own returns a language if it is not the document's.
func (s *setter) own(lang string) string {
	if lang == s.doc.Meta.Language {
		return ""
	}
	return lang
}

func faceFor(s document.Span, base uint8) uint8 {
	switch {
	case s.Bold || base == faceBold:
		return faceBold
	case s.Italic:
		return faceItalic
	}
	return base
}

func (t text) points(units int) float64 { return float64(units) * t.size / 1000 }
func (t text) naturalWidth() float64    { return t.points(t.natural) }
func (t text) leastWidth() float64      { return t.points(t.least) }

// lineHeight is the distance of baselines. Arabic letters reach higher and lower than Latin ones.
func (t text) lineHeight() float64 {
	factor := t.leading
	if factor == 0 {
		factor = leadingCell
	}
	if t.bidi {
		factor += 0.1
	}
	return t.size * factor
}

// wrap breaks the text for a width in points.
func (t text) wrap(width float64) []line {
	return t.lines(int(max(width, 1)/t.size*1000 + 0.5))
}

func (t text) wrapBalanced(width float64) []line {
	return t.balanced(int(max(width, 1)/t.size*1000 + 0.5))
}

// baseline is the distance from the top of a line to its baseline: the text stands in the middle of its line.
func (t text) baseline() float64 { return t.lineHeight()/2 + t.size*0.36 }

// lines paints lines into a column that begins at x and is w wide; y is the top.
func (c *canvas) lines(t text, ls []line, x, y, w float64, a document.Align) {
	y += t.baseline()
	for _, l := range ls {
		used := t.points(l.width)
		at := x
		switch a {
		case document.AlignEnd:
			at = x + w - used
		case document.AlignCenter:
			at = x + (w-used)/2
		}
		c.line(t, l, at, y)
		y += t.lineHeight()
	}
}

// word paints a text on one line.
func (c *canvas) word(t text, x, baseline float64) {
	for _, l := range t.lines(1 << 30) {
		c.line(t, l, x, baseline)
	}
}

// line paints one line whose start edge is x.
func (c *canvas) line(t text, l line, x, baseline float64) {
	glyphs := t.glyphs[l.from:l.to]
	pen := c.left(x, t.points(l.width))
	if t.bidi {
		base := uint8(boolInt(t.right))
		glyphs = reorder(glyphs, base)
		pen -= t.points(hanging(glyphs))
	}
	if t.bidi {
		pen = c.inReadingOrder(t, glyphs, pen, baseline)
	} else {
		for i := 0; i < len(glyphs); {
			pen, i = c.run(t, glyphs, i, pen, baseline)
		}
	}
	if l.hyphen {
		c.hyphen(t, l, pen, baseline)
	}
}

// stretch is a part of a reordered line of one level, face and span.
type stretch struct {
	from  int
	level uint8
	x     float64
}

// inReadingOrder paints a reordered line part by part in the order in which it is read, each at its place in the line:
// programs that read a file aloud follow the order of drawing. It returns the end of the line.
func (c *canvas) inReadingOrder(t text, g []glyph, pen, baseline float64) float64 {
	var all []stretch
	for i := 0; i < len(g); {
		all = append(all, stretch{i, g[i].level, pen})
		for first := i; i < len(g) && together(g[first], g[i]); i++ {
			if g[i].r != 0 {
				pen += t.points(int(g[i].advance))
			}
		}
	}
	logical(all)
	for _, s := range all {
		c.run(t, g, s.from, s.x, baseline)
	}
	return pen
}

// together says whether a glyph belongs to the run of another.
func together(first, g glyph) bool {
	return first.level == g.level && (g.r == 0 || first.face == g.face && first.span == g.span)
}

// logical undoes L2 of UAX 9: what was turned round from the highest level down is turned back from the lowest up.
func logical(all []stretch) {
	highest := uint8(0)
	for _, s := range all {
		highest = max(highest, s.level)
	}
	for level := uint8(1); level <= highest; level++ {
		for i := 0; i < len(all); i++ {
			j := i
			for j < len(all) && all[j].level >= level {
				j++
			}
			if j > i {
				slices.Reverse(all[i:j])
				i = j - 1
			}
		}
	}
}

// hanging is the width of the spaces at the left end of a reordered line, which hang over its edge.
func hanging(g []glyph) (w int) {
	for _, x := range g {
		if x.flags&space == 0 && x.r != 0 {
			return w
		}
		if x.level%2 == 1 {
			w += int(x.advance)
		}
	}
	return w
}

// run paints the glyphs from i that share face and span, and returns where the next run begins.
func (c *canvas) run(t text, g []glyph, i int, x, y float64) (float64, int) {
	first, width := i, 0
	buf := c.buf[:0]
	seen := &c.seen[g[i].face]
	for ; i < len(g) && together(g[first], g[i]); i++ {
		if g[i].r == 0 {
			continue
		}
		buf = utf8.AppendRune(buf, g[i].r)
		width += int(g[i].advance)
		seen.add(g[i].r)
	}
	c.buf = buf
	if len(buf) == 0 {
		return x, i
	}
	sp := t.spans[min(int(g[first].span), len(t.spans)-1)]
	wide := t.points(width)
	c.draw(Text{X: x, Y: y, Size: t.size, Width: wide, Face: Faces[g[first].face], Color: sp.color, Runes: string(buf), Node: sp.node, Backward: g[first].level%2 == 1})
	if sp.link != "" {
		c.underline(t, sp, x, y, wide)
	}
	return x + wide, i
}

// underline draws a link's line and its active area, in coordinates of the paper.
func (c *canvas) underline(t text, sp spanLook, x, y, w float64) {
	c.draw(Path{Segments: []Segment{{'M', [6]float64{x, y + 1.4}}, {'L', [6]float64{x + w, y + 1.4}}},
		Stroke: &sp.color, LineWidth: 0.4, Alpha: 1, Node: Artifact})
	c.draw(Link{X: x, Y: y - t.size, Width: w, Height: t.size * 1.3, URI: sp.link, Alt: sp.label, Node: sp.node})
}

// hyphen paints what a soft hyphen becomes at the end of a line.
func (c *canvas) hyphen(t text, l line, x, y float64) {
	last := t.glyphs[l.to-1]
	f := hyphenFace(last.face)
	c.seen[f].add('-')
	sp := t.spans[min(int(last.span), len(t.spans)-1)]
	w := t.points(int(loaded[f]().advance['-']))
	c.draw(Text{X: x, Y: y, Size: t.size, Width: w, Face: Faces[f], Color: sp.color, Runes: "-", Node: sp.node})
}
