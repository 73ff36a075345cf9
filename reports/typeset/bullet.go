package typeset

import "secretariat/reports/document"

// bulletScale is what the whole length of a bullet stands for, in targets: the mark is at four fifths.
const bulletScale = 1.25

// bullet draws a bar per row up to the share of the target that is reached, with a mark at the target. What goes beyond the
// scale ends in an arrow.
func (s *setter) bullet(b document.Bullet, parent int, w float64) box {
	if len(b.Rows) == 0 {
		return stack{}
	}
	labels, values, alts := make([]text, len(b.Rows)), make([]text, len(b.Rows)), make([]string, len(b.Rows))
	for i, r := range b.Rows {
		labels[i] = s.label(r.Label, look{face: faceRegular, size: sizeTable, color: ink})
		values[i] = s.label(r.Text, look{face: faceBold, size: sizeTable, color: ink})
		alts[i] = r.Label + ": " + r.Text
	}
	fig := s.figure(parent, altOr(b.Alt, alts))
	labelW, labelLines := columnOf(labels, w*0.34)
	valueW, valueLines := columnOf(values, w*0.24)
	left, room := labelW+labelGap, w-labelW-valueW-2*labelGap
	out := bands{least: 2}
	for i, r := range b.Rows {
		h := max(barHigh, float64(len(labelLines[i]))*labels[i].lineHeight(), float64(len(valueLines[i]))*values[i].lineHeight()) + rowSpace
		out.rows = append(out.rows, solid{h, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, h)
			middle := y + h/2
			paintLabel(c, labels[i], labelLines[i], x, middle, labelW, document.AlignStart, node)
			paintBullet(c, r, x+left, middle, room, node)
			paintLabel(c, values[i], valueLines[i], x+w-valueW, middle, valueW, document.AlignEnd, node)
		}})
	}
	out.foot = s.bulletLegend(b, left, w, fig)
	return out
}

// reached is the share of the target; ok is false where there is nothing to draw.
func reached(r document.BulletRow) (share float64, ok bool) {
	if !isFinite(r.Value) || !isFinite(r.Target) || r.Target <= 0 {
		return 0, false
	}
	return max(r.Value/r.Target, 0), true
}

func paintBullet(c *canvas, r document.BulletRow, x, middle, w float64, node int) {
	c.rounded(x, middle-barHigh/2, w, barHigh, round(3), pen{fill: &soft, node: node})
	share, ok := reached(r)
	if !ok {
		return
	}
	tone := toneOf(r.Tone)
	if r.Tone == document.ToneNeutral {
		tone = toneOf(document.ToneAccent)
	}
	const slim = barHigh * 0.5
	c.rounded(x, middle-slim/2, w*unit(share/bulletScale), slim, round(2), pen{fill: &tone.fill, node: node})
	if share > bulletScale {
		c.outline(4).move(x+w-7, middle-barHigh/2).line(x+w, middle).line(x+w-7, middle+barHigh/2).close().draw(pen{fill: &tone.fill, node: node})
	}
	at := x + w/bulletScale
	c.rule(at, middle-barHigh/2-1, at, middle+barHigh/2+1, pen{stroke: &ink, width: 1.8, node: node})
}

func (s *setter) bulletLegend(b document.Bullet, left, w float64, fig *figure) solid {
	if b.Legend[0] == "" && b.Legend[1] == "" {
		return solid{}
	}
	l := s.newLegend(b.Legend[:], left, w, 6, 15)
	l.sample = func(c *canvas, i int, x, y float64, node int) {
		if i == 1 {
			c.rule(x+5, y-4.5, x+5, y+4.5, pen{stroke: &ink, width: 1.8, node: node})
			return
		}
		accent := toneOf(document.ToneAccent).fill
		c.rounded(x, y-3, 11, 6, round(1.6), pen{fill: &accent, node: node})
	}
	return l.box(fig, left, w)
}
