package typeset

import (
	"strings"

	"secretariat/reports/document"
)

// cell is a cell of a table: text, a status pill, or a bar with its text.
type cell struct {
	text   text
	lines  []line
	status *tone
	bar    *float64
	long   float64 // of the whole bar
	fill   Color
	top    bool // of the head
	// AlignDecimal: widths before the decimal mark and of all
	before, all float64
}

const (
	pillPad   = 5.0
	pillMark  = 11.0 // room for the shape before the word
	shortText = 62.0 // a text up to this width, such as a date in any language, is not broken while other columns can give way
)

// cell prepares a cell of the body.
func (b *tableBuilder) cell(r document.Row, c document.Cell, node int) cell {
	l := look{face: faceRegular, size: b.size, color: ink}
	if r.Kind != document.RowBody {
		l.face = faceBold
	}
	if r.Kind == document.RowGroup {
		l.color = navy
	}
	if c.Tone != document.ToneNeutral {
		l.color = toneOf(c.Tone).text
	}
	made := cell{fill: toneOf(document.ToneAccent).fill}
	if c.Status != nil {
		t := toneOf(c.Status.Tone)
		made.status = &t
		l.color, l.size = t.text, b.size-0.6
		made.text = b.s.text(c.Status.Word, l, node)
		return made
	}
	made.text = b.s.spans(c.Spans, l, node)
	if c.Gauge != nil {
		v := unit(c.Gauge.Share)
		made.bar = &v
		if c.Tone != document.ToneNeutral {
			made.fill = toneOf(c.Tone).fill
		}
	}
	return made
}

// unit confines a share to 0 to 1; what is no number counts as nothing.
func unit(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, 1)
}

// extra is the width that a cell needs beside its text.
func (c *cell) extra() float64 {
	switch {
	case c.status != nil:
		return 2*pillPad + pillMark
	case c.bar != nil:
		return c.long + 6
	}
	return 0
}

func (c *cell) natural() float64 { return c.text.naturalWidth() + c.extra() }
func (c *cell) wrap(w float64)   { c.lines = c.text.wrap(w - c.extra()) }

// least is the least width. A status of a few words stays on one line, and so do short texts such as dates.
func (c *cell) least() float64 {
	if natural := c.text.naturalWidth(); natural < shortText {
		return natural + c.extra()
	}
	return max(shortText, c.text.leastWidth()) + c.extra()
}

func (c *cell) height() float64 {
	h := float64(max(len(c.lines), 1)) * c.text.lineHeight()
	if c.status != nil {
		h += 1
	}
	return h
}

// decimals measures the numbers of columns that are set at the decimal mark.
func (b *tableBuilder) decimals(shape *tableShape) {
	sign := decimalMark(b.s.doc.Meta.Language)
	for i := range shape.columns {
		col := &shape.columns[i]
		if col.align != document.AlignDecimal {
			continue
		}
		after := 0.0
		for r := range b.cells {
			if b.doc.Rows[r].Kind == document.RowGroup || i >= len(b.cells[r]) {
				continue
			}
			c := &b.cells[r][i]
			c.all = c.text.naturalWidth()
			c.before = c.text.widthBefore(sign)
			if c.all > col.w { // wrapped; it is set at the end
				c.all, c.before = 0, 0
				continue
			}
			col.whole, after = max(col.whole, c.before), max(after, c.all-c.before)
		}
		col.block = min(col.whole+after, col.w)
	}
}

// decimalMark is the mark that a language puts before the fraction.
func decimalMark(language string) rune {
	switch primary, _, _ := strings.Cut(language, "-"); primary {
	case "fr", "es", "ru", "uz", "de", "pt", "it":
		return ','
	}
	return '.'
}

// widthBefore is the width up to the last decimal mark, or up to the last digit.
func (t text) widthBefore(sign rune) float64 {
	at, digits := -1, 0
	for i, g := range t.glyphs {
		if g.r == sign {
			at = i
		}
		if g.r >= '0' && g.r <= '9' || g.r >= 0x660 && g.r <= 0x669 {
			digits = i + 1
		}
	}
	if at < 0 || at > digits {
		at = digits
	}
	if digits == 0 {
		at = len(t.glyphs)
	}
	w := 0
	for _, g := range t.glyphs[:at] {
		w += int(g.advance)
	}
	return t.points(w)
}

func (r *row) paint(c *canvas, shape *tableShape, x, y float64) {
	switch {
	case r.kind == document.RowGroup:
		c.rect(x, y, shape.width, r.high, pen{fill: &neutral.tint, node: Artifact})
	case r.kind == document.RowTotal:
		c.rule(x, y, x+shape.width, y, pen{stroke: &navy, width: 0.8, node: Artifact})
	case r.zebra:
		c.rect(x, y, shape.width, r.high, pen{fill: &soft, node: Artifact})
	}
	for i := range r.cells {
		col := &shape.columns[i]
		w := col.w
		if r.kind == document.RowGroup {
			w = shape.width - 2*shape.pad
		}
		r.cells[i].paint(c, col, x+col.x, y+cellPadY, w)
	}
}

func (cl *cell) paint(c *canvas, col *tableColumn, x, y, w float64) {
	switch {
	case cl.status != nil:
		cl.paintPill(c, x, y, w)
	case cl.bar != nil:
		cl.paintBar(c, x, y, w)
	case col.align == document.AlignDecimal && cl.all > 0 && len(cl.lines) == 1:
		start := x + col.w - col.block // of the block of numbers, whose digits run left to right in either direction
		offset := col.whole - cl.before
		if c.right {
			offset = col.block - offset - cl.all
		}
		c.lines(cl.text, cl.lines, start+offset, y, w, document.AlignStart)
	case col.align == document.AlignDecimal:
		c.lines(cl.text, cl.lines, x, y, w, document.AlignEnd)
	default:
		c.lines(cl.text, cl.lines, x, y, w, col.align)
	}
}

// paintPill paints a status: a tinted pill with a shape and a word.
func (cl *cell) paintPill(c *canvas, x, y, w float64) {
	if len(cl.lines) == 0 {
		return
	}
	used := min(w, cl.text.points(widest(cl.lines))+cl.extra())
	h := float64(len(cl.lines))*cl.text.lineHeight() + 2.4
	y -= 1.2
	c.rounded(x, y, used, h, round(min(h/2, 6.5)), pen{fill: &cl.status.tint, node: Artifact})
	c.mark(cl.status.shape, x+pillPad+2.8, y+1.2+cl.text.lineHeight()/2, 2.7, cl.status.text, Artifact)
	c.lines(cl.text, cl.lines, x+pillPad+pillMark-2, y+1.2, used, document.AlignStart)
}

// paintBar paints a bar with its text at the end side.
func (cl *cell) paintBar(c *canvas, x, y, w float64) {
	h, middle := 5.0, y+cl.text.lineHeight()/2
	long := min(cl.long, w)
	c.rounded(x, middle-h/2, long, h, round(1.5), pen{fill: &rule, node: Artifact})
	if filled := long * *cl.bar; filled > 0 {
		c.rounded(x, middle-h/2, filled, h, round(1.5), pen{fill: &cl.fill, node: Artifact})
	}
	c.lines(cl.text, cl.lines, x+long+6, y, w-long-6, document.AlignStart)
}

// tear splits a row between lines so that the upper part is at most room high.
func (r row) tear(room float64) (upper, lower row, ok bool) {
	upper, lower = r, r
	upper.cells, lower.cells = append([]cell(nil), r.cells...), append([]cell(nil), r.cells...)
	upper.high, lower.high = 0, 0
	for i := range r.cells {
		c := &r.cells[i]
		n := max(1, int((room-2*cellPadY)/c.text.lineHeight()))
		n = min(n, len(c.lines))
		upper.cells[i].lines, lower.cells[i].lines = c.lines[:n], c.lines[n:]
		ok = ok || n < len(c.lines)
		if n == len(c.lines) {
			lower.cells[i].bar, lower.cells[i].status = nil, nil
		}
		upper.high, lower.high = max(upper.high, upper.cells[i].height()), max(lower.high, lower.cells[i].height())
	}
	upper.high, lower.high = upper.high+2*cellPadY, lower.high+2*cellPadY
	return upper, lower, ok
}
