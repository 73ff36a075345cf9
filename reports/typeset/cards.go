package typeset

import (
	"fmt"
	"math"

	"secretariat/reports/document"
)

// heat draws a strip of cells, darker for greater values, so that it reads the same without colour.
func (s *setter) heat(b document.Heat, parent int, w float64) box {
	if len(b.Values) == 0 {
		return stack{}
	}
	small := look{face: faceRegular, size: sizeSmall, color: muted}
	fig := s.figure(parent, altOr(b.Alt, []string{b.Title}))
	title := s.label(b.Title, small)
	titles := title.wrap(w)
	perRow := min(len(b.Values), max(1, int(w/10)), 26)
	each := min(w/float64(perRow), 24)
	h := float64(len(titles)) * title.lineHeight()
	out := bands{head: solid{h + 4, func(c *canvas, x, y float64) {
		paintLabel(c, title, titles, x, y+h/2, w, document.AlignStart, fig.on(c, x, y, w, h))
	}}, least: 1}
	for from := 0; from < len(b.Values); from += perRow {
		values := b.Values[from:min(from+perRow, len(b.Values))]
		first, last := s.heatLabels(b, from, from+len(values)-1)
		out.rows = append(out.rows, solid{25, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, 25)
			for i, v := range values {
				color := shade(v)
				c.rounded(x+float64(i)*each, y, each-1.6, 11, round(1.6), pen{fill: &color, node: node})
			}
			long := each*float64(len(values)) - 1.6
			paintLabel(c, first, first.wrap(long), x, y+17.5, long, document.AlignStart, node)
			if first.naturalWidth()+last.naturalWidth()+8 < long {
				paintLabel(c, last, last.wrap(long), x, y+17.5, long, document.AlignEnd, node)
			}
		}})
	}
	return out
}

// heatLabels are the labels of the first and the last cell of a row.
func (s *setter) heatLabels(b document.Heat, from, to int) (first, last text) {
	tiny := look{face: faceRegular, size: 6.4, color: muted}
	at := func(i int) string {
		if i < len(b.Labels) {
			return b.Labels[i]
		}
		return ""
	}
	first, last = s.label(at(from), tiny), s.label("", tiny)
	if to > from {
		last = s.label(at(to), tiny)
	}
	return first, last
}

// shade goes from a light grey to the green of what is done.
func shade(v float64) Color {
	dark := tones[document.ToneGood].fill
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*unit(v))) }
	return Color{mix(228, dark.R), mix(234, dark.G), mix(238, dark.B)}
}

// cards sets boxes in rows of two, or one over the whole width.
func (s *setter) cards(b document.Cards, parent int, w float64) item {
	perRow, gap := 1, 9.0
	if len(b.Items) > 1 && w > 400 {
		perRow = 2
	}
	each := (w - gap*float64(perRow-1)) / float64(perRow)
	list := -1
	if len(b.Items) > 0 {
		list = s.tree.add(parent, "L")
	}
	var rows []item
	for from := 0; from < len(b.Items); from += perRow {
		items := b.Items[from:min(from+perRow, len(b.Items))]
		made := make([]card, len(items))
		high := 0.0
		for i, it := range items {
			made[i] = s.card(it, s.tree.add(s.tree.add(list, "LI"), "LBody"), each)
			high = max(high, made[i].high)
		}
		if high > s.room {
			for _, c := range made {
				rows = append(rows, s.openCard(c, w)...)
			}
			continue
		}
		rows = append(rows, item{gap: gap, box: solid{high, func(c *canvas, x, y float64) {
			for i := range made {
				made[i].paint(c, x+float64(i)*(each+gap), y, each, high)
			}
		}}})
	}
	return item{box: stack{rows}, gap: gapBlock}
}

// openCard sets a card that is taller than a page without its box, so that it can be split.
func (s *setter) openCard(c card, w float64) (items []item) {
	texts := c.texts
	if c.dated {
		texts = append([]text{c.day, c.month}, texts...)
	}
	if c.status != nil {
		texts = append(texts, c.status.text)
	}
	for i, t := range texts {
		if t.color == white {
			t.spans = []spanLook{{color: navy, node: t.spans[0].node}}
		}
		items = append(items, item{box: paragraph{t: t, ls: t.wrap(w), w: w}, gap: 3 * float64(boolInt(i > 0))})
	}
	return items
}

type card struct {
	day, month text
	monthLines []line
	texts      []text
	lines      [][]line
	status     *cell
	dated      bool
	left, high float64
}

const (
	cardPad = 12.0
	dateBox = 50.0
)

func (s *setter) card(d document.Card, node int, w float64) card {
	c := card{dated: d.Day != "" || d.Month != "", left: cardPad}
	inner := w - 2*cardPad
	if c.dated {
		c.left += dateBox + 12
		inner -= dateBox + 12
		c.day = s.text(d.Day, look{face: faceBold, size: 17, color: white, leading: 1.15}, s.tree.add(node, "Span"))
		if n := c.day.naturalWidth(); n > dateBox-8 {
			c.day.size = max(5, c.day.size*(dateBox-8)/n)
		}
		c.month = s.text(d.Month, look{face: faceRegular, size: sizeTiny, color: white, leading: 1.25}, s.tree.add(node, "Span"))
		c.monthLines = c.month.wrapBalanced(dateBox - 6)
	}
	add := func(words string, l look) {
		if words != "" {
			t := s.text(words, l, s.tree.add(node, "P"))
			c.texts, c.lines = append(c.texts, t), append(c.lines, t.wrap(inner))
		}
	}
	add(d.Title, look{face: faceBold, size: 9, color: ink})
	for _, l := range d.Lines {
		add(l, look{face: faceRegular, size: sizeSmall + 0.3, color: muted, leading: 1.5})
	}
	add(d.Stress, look{face: faceBold, size: sizeTable, color: tones[document.ToneBad].text, leading: 1.6})
	for i, t := range c.texts {
		c.high += float64(len(c.lines[i]))*t.lineHeight() + 1.5
	}
	if d.Status != nil {
		tone := toneOf(d.Status.Tone)
		c.status = &cell{status: &tone, text: s.text(d.Status.Word, look{face: faceRegular, size: 7.4, color: tone.text}, s.tree.add(node, "P"))}
		c.status.wrap(inner)
		c.high += c.status.height() + 6
	}
	c.high += 2 * cardPad
	if c.dated {
		c.high = max(c.high, c.dateHeight()+2*cardPad)
	}
	return c
}

func (c *card) dateHeight() float64 {
	return max(dateBox, 14+c.day.lineHeight()+float64(len(c.monthLines))*c.month.lineHeight())
}

func (cd *card) paint(c *canvas, x, y, w, h float64) {
	c.rounded(x, y, w, h, round(4), pen{fill: &neutral.tint, node: Artifact})
	if cd.dated {
		box := cd.dateHeight()
		c.rounded(x+cardPad, y+cardPad, dateBox, box, round(3.5), pen{fill: &navy, node: Artifact})
		used := cd.day.lineHeight() + float64(len(cd.monthLines))*cd.month.lineHeight()
		top := y + cardPad + (box-used)/2
		c.lines(cd.day, cd.day.wrap(1000), x+cardPad, top, dateBox, document.AlignCenter)
		c.lines(cd.month, cd.monthLines, x+cardPad, top+cd.day.lineHeight(), dateBox, document.AlignCenter)
	}
	top := y + cardPad
	for i, t := range cd.texts {
		c.lines(t, cd.lines[i], x+cd.left, top, w, document.AlignStart)
		top += float64(len(cd.lines[i]))*t.lineHeight() + 1.5
	}
	if cd.status != nil {
		cd.status.paintPill(c, x+cd.left, top+5, w-cd.left-cardPad)
	}
}

// columns sets stacks of blocks side by side on a grid of twelve.
func (s *setter) columns(b document.Columns, parent int, w float64) (box, error) {
	const gutter = 18.0
	sum := 0
	for _, it := range b.Items {
		sum += max(it.Span, 1)
	}
	unit := (w + gutter) / float64(max(sum, 12))
	var out sideBySide
	at := 0.0
	for i, it := range b.Items {
		wide := unit*float64(max(it.Span, 1)) - gutter
		items, err := s.blocks(it.Blocks, s.tree.add(parent, "Sect"), wide)
		if err != nil {
			return nil, fmt.Errorf("column %d: %w", i+1, err)
		}
		out = append(out, side{stack{items}, at})
		at += wide + gutter
	}
	return out, nil
}

// sideBySide is columns; each is split on its own.
type sideBySide []side

type side struct {
	box box
	x   float64
}

func (s sideBySide) height() (h float64) {
	for _, c := range s {
		h = max(h, c.box.height())
	}
	return h
}

func (s sideBySide) paint(c *canvas, x, y float64) {
	for _, col := range s {
		col.box.paint(c, x+col.x, y)
	}
}

func (s sideBySide) split(room float64, force bool) (box, box) {
	var first, rest sideBySide
	for _, col := range s {
		if col.box.height() <= room+epsilon {
			first = append(first, col)
			continue
		}
		a, b := col.box.split(room, force)
		if a == nil {
			if !force {
				return nil, s
			}
			b = col.box
		} else {
			first = append(first, side{a, col.x})
		}
		if b != nil {
			rest = append(rest, side{b, col.x})
		}
	}
	if rest == nil {
		return first, nil
	}
	return first, rest
}
