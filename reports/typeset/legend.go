package typeset

import "secretariat/reports/document"

// legend is samples with their words, wrapped over as many lines as they need.
type legend struct {
	words  []text
	at     [][2]float64
	indent float64 // from a sample to its word
	high   float64
	sample func(c *canvas, i int, x, middle float64, node int)
}

// newLegend places words from left on in a width; top is the space above them.
func (s *setter) newLegend(words []string, left, w, top, indent float64) *legend {
	l := &legend{indent: indent}
	x, y := left, top
	for _, word := range words {
		t := s.label(word, look{face: faceRegular, size: sizeTiny, color: muted})
		wide := indent + t.naturalWidth()
		if x+wide > w && x > left {
			x, y = left, y+t.lineHeight()+3
		}
		l.words, l.at = append(l.words, t), append(l.at, [2]float64{x, y})
		x += wide + 14
		lines := t.wrap(w - left - indent)
		l.high = y + float64(max(len(lines), 1))*t.lineHeight()
		y += float64(max(len(lines), 1)-1) * t.lineHeight()
	}
	return l
}

// box is the legend as the foot of a chart that is w wide.
func (l *legend) box(fig *figure, left, w float64) solid {
	if len(l.words) == 0 {
		return solid{}
	}
	return solid{l.high, func(c *canvas, x, y float64) {
		node := fig.on(c, x, y, w, l.high)
		for i, t := range l.words {
			at := l.at[i]
			l.sample(c, i, x+at[0], y+at[1]+t.lineHeight()/2, node)
			t.spans = []spanLook{{color: muted, node: node}}
			c.lines(t, t.wrap(w-left-l.indent), x+at[0]+l.indent, y+at[1], w, document.AlignStart)
		}
	}}
}

// toneLegend explains fills and patterns.
func (s *setter) toneLegend(words []document.Status, left, w float64, fig *figure) solid {
	var names []string
	for _, word := range words {
		names = append(names, word.Word)
	}
	l := s.newLegend(names, left, w, 6, 13)
	l.sample = func(c *canvas, i int, x, middle float64, node int) {
		tone := toneOf(words[i].Tone)
		c.rounded(x, middle-3.6, 9, 7.2, round(1.6), pen{fill: &tone.fill, node: node})
		c.pattern(tone.pattern, x+0.6, middle-3, 7.8, 6, node)
	}
	return l.box(fig, left, w)
}

// legend explains the marks of a timeline: done, planned, original date, met, missed.
func (t *timeline) legend() solid {
	if len(t.doc.Legend) == 0 {
		return solid{18, func(*canvas, float64, float64) {}} // room for the label of the present day
	}
	l := t.s.newLegend(t.doc.Legend, t.left, t.width, 20, 15)
	l.high += 2
	l.sample = timelineMark
	return l.box(t.fig, t.left, t.width)
}

func timelineMark(c *canvas, i int, x, y float64, node int) {
	gray := tones[document.ToneMute].text
	switch i {
	case 0:
		c.rounded(x, y-3, 11, 6, round(1.6), pen{fill: &gray, node: node})
	case 1:
		c.rounded(x, y-3, 11, 6, round(1.6), pen{fill: &gray, alpha: 0.3, node: node})
		c.rounded(x, y-3, 11, 6, round(1.6), pen{stroke: &gray, width: 0.6, node: node})
	case 2:
		c.circle(x+6, y, 2.6, pen{fill: &white, stroke: &ink, width: 0.9, node: node})
	case 3:
		c.diamond(x+6, y, 4.2, pen{fill: &navy, node: node})
	default:
		red := tones[document.ToneBad].fill
		c.diamond(x+6, y, 3.8, pen{fill: &white, stroke: &red, width: 1.2, node: node})
	}
}
