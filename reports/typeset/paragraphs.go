package typeset

import (
	"fmt"
	"strconv"

	"secretariat/reports/document"
)

// paragraph is lines of text in a column.
type paragraph struct {
	t     text
	ls    []line
	w     float64
	align document.Align
}

func (p paragraph) height() float64               { return float64(len(p.ls)) * p.t.lineHeight() }
func (p paragraph) paint(c *canvas, x, y float64) { c.lines(p.t, p.ls, x, y, p.w, p.align) }

// split leaves at least two lines on either page.
func (p paragraph) split(room float64, force bool) (box, box) {
	n := max(0, int((room+epsilon)/p.t.lineHeight()))
	if n >= len(p.ls) {
		return p, nil
	}
	if len(p.ls)-n < 2 && n > 2 {
		n--
	}
	if force {
		n = max(n, 1)
	} else if n < 2 || len(p.ls) < 4 {
		return nil, p
	}
	first, rest := p, p
	first.ls, rest.ls = p.ls[:n], p.ls[n:]
	return first, rest
}

func (t text) wrapUnstumped(width float64) []line {
	return t.unstumped(int(max(width, 1)/t.size*1000 + 0.5))
}

// blocks builds blocks of a section or column.
func (s *setter) blocks(blocks []document.Block, parent int, w float64) ([]item, error) {
	var items []item
	fresh := false
	for i, b := range blocks {
		if _, ok := b.(document.PageBreak); ok {
			fresh = true
			continue
		}
		made, err := s.block(b, parent, w)
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", i+1, err)
		}
		if fresh && len(made) > 0 {
			made[0].fresh, fresh = true, false
		}
		items = append(items, made...)
	}
	return items, nil
}

// block builds one block.
func (s *setter) block(b document.Block, parent int, w float64) ([]item, error) {
	switch b := b.(type) {
	case document.Paragraph:
		return kept(b.Keep, s.paragraph(b, parent, w)), nil
	case document.List:
		return kept(b.Keep, s.list(b, parent, w)...), nil
	case document.Note:
		return kept(b.Keep, s.note(b, parent, w)), nil
	case document.Tiles:
		return kept(document.KeepNone, s.tiles(b, parent, w)), nil
	case document.Table:
		return kept(b.Keep, s.table(b, parent, w)...), nil
	case document.Bars:
		return s.whole(s.bars(b, parent, w)), nil
	case document.Stacked:
		return s.whole(s.stacked(b, parent, w)), nil
	case document.Bullet:
		return s.whole(s.bullet(b, parent, w)), nil
	case document.Donut:
		return s.whole(s.donut(b, parent, w)), nil
	case document.Timeline:
		return s.whole(s.timeline(b, parent, w)), nil
	case document.Line:
		return s.whole(s.lineChart(b, parent, w)), nil
	case document.Heat:
		return s.whole(s.heat(b, parent, w)), nil
	case document.Cards:
		return kept(document.KeepNone, s.cards(b, parent, w)), nil
	case document.Columns:
		made, err := s.columns(b, parent, w)
		return s.whole(made), err
	}
	return nil, fmt.Errorf("unknown block %T", b)
}

// kept applies what the author says about page breaks to the items of a block.
func kept(k document.Keep, items ...item) []item {
	if len(items) == 0 {
		return nil
	}
	if k == document.KeepWhole && len(items) > 1 {
		gap := items[0].gap
		items = []item{{box: stack{items}, gap: gap}}
	}
	if k == document.KeepWhole {
		items[0].whole = true
	}
	if k == document.KeepWithNext {
		items[len(items)-1].keepNext = true
	}
	return items
}

// whole keeps a figure on one page unless it takes more than two thirds of one.
func (s *setter) whole(b box) []item {
	if b == nil {
		return nil
	}
	return []item{{box: b, gap: gapBlock, whole: b.height() < s.room*2/3}}
}

func (s *setter) paragraph(p document.Paragraph, parent int, w float64) item {
	l := look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}
	if p.Lead {
		l.size = sizeLead
	}
	t := s.spans(p.Spans, l, s.tree.add(parent, "P"))
	return item{box: paragraph{t: t, ls: t.wrapUnstumped(w), w: w, align: startOf(t, s.right)}, gap: gapBlock * 0.75}
}

// list sets each text beside its number or dot.
func (s *setter) list(b document.List, parent int, w float64) (items []item) {
	node := s.tree.add(parent, "L")
	l := look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}
	indent := 12.0
	if b.Ordered {
		indent = 8 + s.text(strconv.Itoa(max(len(b.Items), 10))+".", l, Artifact).naturalWidth()
	}
	for i, spans := range b.Items {
		li := s.tree.add(node, "LI")
		label := "•"
		if b.Ordered {
			label = strconv.Itoa(i+1) + "."
		}
		sign := l
		sign.color = navy
		lbl := s.text(label, sign, s.tree.add(li, "Lbl"))
		t := s.spans(spans, l, s.tree.add(li, "LBody"))
		gap := 3.0
		if i == 0 {
			gap = gapBlock * 0.75
		}
		items = append(items, item{box: labelled{lbl, paragraph{t: t, ls: t.wrapUnstumped(w - indent), w: w - indent}, indent}, gap: gap})
	}
	return items
}

// labelled is a paragraph with a label before its first line.
type labelled struct {
	label  text
	body   paragraph
	indent float64
}

func (l labelled) height() float64 { return max(l.body.height(), orZero(l.label)) }

func (l labelled) paint(c *canvas, x, y float64) {
	if l.label.prepared != nil {
		c.lines(l.label, l.label.wrap(l.indent+100), x, y, l.indent-5, document.AlignStart)
	}
	l.body.paint(c, x+l.indent, y)
}

func (l labelled) split(room float64, force bool) (box, box) {
	first, rest := l.body.split(room, force)
	if first == nil {
		return nil, l
	}
	if rest == nil {
		return l, nil
	}
	return labelled{l.label, first.(paragraph), l.indent}, labelled{text{}, rest.(paragraph), l.indent}
}

// note is a paragraph in a tinted box with the shape of its tone.
func (s *setter) note(n document.Note, parent int, w float64) item {
	look := look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}
	t := s.spans(n.Spans, look, s.tree.add(s.tree.add(parent, "Note"), "P"))
	body := paragraph{t: t, ls: t.wrapUnstumped(w - 42), w: w - 42, align: startOf(t, s.right)}
	return item{box: framed{body, toneOf(n.Tone), w, true}, gap: gapBlock}
}

// framed is a paragraph in a box.
type framed struct {
	body   paragraph
	tone   tone
	w      float64
	marked bool
}

const framePadding = 9.0

func (f framed) height() float64 { return f.body.height() + 2*framePadding }

func (f framed) paint(c *canvas, x, y float64) {
	h := f.height()
	c.rounded(x, y, f.w, h, round(4), pen{fill: &f.tone.tint, node: Artifact})
	c.rounded(x, y, 4, h, corners{4, 0, 0, 4}, pen{fill: &f.tone.fill, node: Artifact})
	if f.marked {
		c.mark(f.tone.shape, x+17, y+framePadding+f.body.t.lineHeight()/2, 4, f.tone.text, Artifact)
	}
	f.body.paint(c, x+30, y+framePadding)
}

func (f framed) split(room float64, force bool) (box, box) {
	first, rest := f.body.split(room-2*framePadding, force)
	if first == nil {
		return nil, f
	}
	if rest == nil {
		return f, nil
	}
	return framed{first.(paragraph), f.tone, f.w, f.marked}, framed{rest.(paragraph), f.tone, f.w, false}
}
