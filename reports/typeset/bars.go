package typeset

import (
	"strings"

	"secretariat/reports/document"
)

const (
	barHigh   = 12.5
	rowSpace  = 9.0 // between bars
	labelGap  = 12.0
	patchPadX = 2.5
)

// columnOf measures texts that stand in one column: it wraps them to at most limit and returns the width that they use.
func columnOf(texts []text, limit float64) (float64, [][]line) {
	least, w := 0.0, 0.0
	for _, t := range texts {
		w = max(w, t.naturalWidth())
		least = max(least, t.leastWidth())
	}
	w = min(w+0.5, max(limit, min(least+0.5, limit*1.25)))
	lines := make([][]line, len(texts))
	for i, t := range texts {
		lines[i] = t.wrap(w)
	}
	return w, lines
}

func altOr(alt string, parts []string) string {
	if alt != "" {
		return cleaned(alt)
	}
	return cleaned(strings.Join(parts, "; "))
}

// bars draws a bar per row. Negative values go to the start side of a zero line.
func (s *setter) bars(b document.Bars, parent int, w float64) box {
	if len(b.Rows) == 0 {
		return stack{}
	}
	labels, values := make([]text, len(b.Rows)), make([]text, len(b.Rows))
	numbers, alts := make([]float64, len(b.Rows)), make([]string, len(b.Rows))
	for i, r := range b.Rows {
		labels[i] = s.label(r.Label, look{face: faceRegular, size: sizeTable, color: ink})
		values[i] = s.label(r.Text, look{face: faceBold, size: sizeTable, color: ink})
		numbers[i], alts[i] = r.Value, r.Label+": "+r.Text
	}
	fig := s.figure(parent, altOr(b.Alt, alts))
	labelW, labelLines := columnOf(labels, w*0.32)
	valueW, valueLines := columnOf(values, w*0.2)
	left, room := labelW+labelGap, w-labelW-valueW-2*labelGap
	low, high, _ := extent(append(numbers, 0))
	if b.Max > high && isFinite(b.Max) {
		high = b.Max
	}
	zero := left + room*scaled(0, low, high)
	out := bands{least: 2}
	for i, r := range b.Rows {
		h := max(barHigh, float64(len(labelLines[i]))*labels[i].lineHeight(), float64(len(valueLines[i]))*values[i].lineHeight()) + rowSpace
		tone := toneOf(r.Tone)
		out.rows = append(out.rows, solid{h, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, h)
			middle := y + h/2
			paintLabel(c, labels[i], labelLines[i], x, middle, labelW, document.AlignStart, node)
			c.rounded(x+left, middle-barHigh/2, room, barHigh, round(3), pen{fill: &soft, node: node})
			if isFinite(r.Value) {
				end := left + room*scaled(r.Value, low, high)
				c.rounded(x+min(zero, end), middle-barHigh/2, max(zero, end)-min(zero, end), barHigh, round(3), pen{fill: &tone.fill, node: node})
			}
			if low < 0 {
				c.rule(x+zero, y, x+zero, y+h, pen{stroke: &muted, width: 0.5, node: node})
			}
			paintLabel(c, values[i], valueLines[i], x+w-valueW, middle, valueW, document.AlignEnd, node)
		}})
	}
	return out
}

// paintLabel paints lines around a middle line.
func paintLabel(c *canvas, t text, lines []line, x, middle, w float64, a document.Align, node int) {
	t.spans = []spanLook{{color: t.color, node: node}}
	c.lines(t, lines, x, middle-float64(len(lines))*t.lineHeight()/2, w, a)
}

// stacked draws a bar of parts per row, its legend, and a donut beside it.
func (s *setter) stacked(b document.Stacked, parent int, w float64) box {
	if len(b.Rows) == 0 {
		return stack{}
	}
	width, ring := w, 0.0
	if b.Donut != nil {
		ring = min(104, w*0.24)
		width = w - ring - 24
	}
	fig := s.figure(parent, s.stackedAlt(b))
	out := s.stackedRows(b, fig, width)
	if b.Donut == nil {
		return out
	}
	d := s.ring(*b.Donut, ring)
	dfig := s.figure(parent, donutAlt(*b.Donut))
	return beside{left: out, width: width, high: ring + 8, paintRight: func(c *canvas, x, y, h float64) {
		d.paint(c, x+w-ring/2, y+max(ring/2, h/2), dfig.on(c, x+w-ring, y+max(ring, h)/2-ring/2, ring, ring))
	}}
}

func (s *setter) stackedAlt(b document.Stacked) string {
	var parts []string
	for _, r := range b.Rows {
		parts = append(parts, r.Label+": "+r.Text)
	}
	return altOr(b.Alt, parts)
}

// beside is a chart with another at its end side; only the chart is split.
type beside struct {
	left       bands
	width      float64
	high       float64
	paintRight func(c *canvas, x, y, h float64)
}

func (b beside) height() float64 { return max(b.left.height(), b.high) }

func (b beside) paint(c *canvas, x, y float64) {
	lift := max(0, (b.high-b.left.height())/2)
	b.left.paint(c, x, y+lift)
	b.paintRight(c, x, y, min(b.height()-b.left.foot.high, 300))
}

func (b beside) split(room float64, force bool) (box, box) {
	if room < b.high && !force {
		return nil, b
	}
	first, rest := b.left.split(room, force)
	if first == nil || rest == nil {
		return first, rest
	}
	b.left = first.(bands)
	return b, rest
}

// stackedRows builds the bars and the legend. Every bar is a whole of the same length, and its parts are shares of it.
func (s *setter) stackedRows(b document.Stacked, fig *figure, w float64) bands {
	labels, values := make([]text, len(b.Rows)), make([]text, len(b.Rows))
	for i, r := range b.Rows {
		labels[i] = s.label(r.Label, look{face: faceRegular, size: sizeTable, color: ink})
		values[i] = s.label(r.Text, look{face: faceBold, size: sizeTable, color: ink})
	}
	labelW, labelLines := columnOf(labels, w*0.36)
	valueW, valueLines := columnOf(values, w*0.16)
	left, room := labelW+labelGap, w-labelW-valueW-2*labelGap
	out := bands{least: 2}
	for i, r := range b.Rows {
		h := max(barHigh, float64(len(labelLines[i]))*labels[i].lineHeight(), float64(len(valueLines[i]))*values[i].lineHeight()) + rowSpace
		parts := s.parts(b.Legend, r.Parts)
		out.rows = append(out.rows, solid{h, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, h)
			middle := y + h/2
			paintLabel(c, labels[i], labelLines[i], x, middle, labelW, document.AlignStart, node)
			paintParts(c, parts, x+left, middle-barHigh/2, room, node)
			paintLabel(c, values[i], valueLines[i], x+w-valueW, middle, valueW, document.AlignEnd, node)
		}})
	}
	out.foot = s.toneLegend(b.Legend, left, w, fig)
	return out
}

// barPart is a part of a bar with its number.
type barPart struct {
	share  float64 // of the bar
	number text
	tone   tone
}

// parts turns values into shares of their sum; what is negative or no number counts as nothing.
func (s *setter) parts(legend []document.Status, values []float64) (out []barPart) {
	sum := 0.0
	for _, v := range values {
		sum += positive(v) / float64(len(values))
	}
	for i, v := range values {
		p := barPart{tone: toneOf(document.ToneNeutral)}
		if i < len(legend) {
			p.tone = toneOf(legend[i].Tone)
		}
		if sum > 0 {
			p.share = positive(v) / float64(len(values)) / sum
		}
		p.number = s.label(shortNumber(v), look{face: faceBold, size: 6.8, color: p.tone.onFill})
		out = append(out, p)
	}
	return out
}

func positive(v float64) float64 {
	if v > 0 && isFinite(v) {
		return v
	}
	return 0
}

func paintParts(c *canvas, parts []barPart, x, y, w float64, node int) {
	c.rounded(x, y, w, barHigh, round(3), pen{fill: &soft, node: node})
	first, last := -1, -1
	for i, p := range parts {
		if p.share > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	at := x
	for i, p := range parts {
		long := w * p.share
		if long <= 0 {
			continue
		}
		r := corners{}
		if i == first {
			r[0], r[3] = 3, 3
		}
		if i == last {
			r[1], r[2] = 3, 3
		}
		c.rounded(at, y, long, barHigh, r, pen{fill: &p.tone.fill, node: node})
		inset := 0.0
		if i == first || i == last {
			inset = 1.5
		}
		c.pattern(p.tone.pattern, at+inset, y+1, long-2*inset, barHigh-2, node)
		paintNumber(c, p, at, y, long, node)
		if i != first {
			c.rule(at, y, at, y+barHigh, pen{stroke: &white, width: 1, node: node})
		}
		at += long
	}
}

// paintNumber prints the number of a part on a plain patch when there is room for it.
func paintNumber(c *canvas, p barPart, x, y, w float64, node int) {
	wide := p.number.naturalWidth()
	if wide+2*patchPadX+2 > w {
		return
	}
	if p.tone.pattern != patternNone {
		c.rect(x+(w-wide)/2-patchPadX, y+1.4, wide+2*patchPadX, barHigh-2.8, pen{fill: &p.tone.fill, node: node})
	}
	p.number.spans = []spanLook{{color: p.tone.onFill, node: node}}
	c.word(p.number, x+(w-wide)/2, y+barHigh/2+2.5)
}
