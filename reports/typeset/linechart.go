package typeset

import (
	"math"

	"secretariat/reports/document"
)

const chartHigh = 130.0

// lineChart draws series over named places with ticks at the start side. Series differ by colour, mark and dash.
func (s *setter) lineChart(b document.Line, parent int, w float64) box {
	n := len(b.Labels)
	var all []float64
	alts := make([]string, 0, len(b.Series))
	for _, sr := range b.Series {
		n = max(n, len(sr.Values))
		all = append(all, sr.Values...)
		alts = append(alts, sr.Name)
	}
	ticks := b.Ticks
	if low, high, ok := extent(all); ok && len(ticks) == 0 {
		ticks = niceTicks(low, high)
	}
	for _, t := range ticks {
		all = append(all, t.Value)
	}
	low, high, ok := extent(all)
	if !ok || n == 0 {
		return stack{}
	}
	ch := &lineChart{s: s, doc: b, low: low, high: high, width: w, n: n, ticks: ticks}
	ch.fig = s.figure(parent, altOr(b.Alt, alts))
	ch.measure()
	return stack{[]item{{box: solid{ch.total(), ch.paint}}}}
}

type lineChart struct {
	s          *setter
	doc        document.Line
	fig        *figure
	low, high  float64
	width      float64
	n, step    int
	ticks      []document.Tick
	tickTexts  []text
	labels     []text
	legend     []text
	left, long float64
	legendH    float64
}

// niceTicks chooses three to six round values over a range.
func niceTicks(low, high float64) (ticks []document.Tick) {
	if low > 0 && low < high/2 {
		low = 0
	}
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) {
		return []document.Tick{{Value: low, Text: shortNumber(low)}}
	}
	step := math.Pow(10, math.Floor(math.Log10(span/4)))
	for _, f := range []float64{1, 2, 5, 10} {
		if span/(step*f) <= 5 {
			step *= f
			break
		}
	}
	first := math.Floor(low / step)
	for i := 0.0; i < 8; i++ {
		v := (first + i) * step
		ticks = append(ticks, document.Tick{Value: v, Text: shortNumber(v)})
		if v >= high {
			break
		}
	}
	return ticks
}

func (ch *lineChart) measure() {
	small := look{face: faceRegular, size: sizeTiny, color: muted}
	for _, t := range ch.ticks {
		// One line each: a label of several would stand on its neighbours.
		tt := ch.s.fitted(t.Text, small, Artifact, ch.width/4, 1, func() string { return ch.s.footnote(t.Text) })
		ch.tickTexts = append(ch.tickTexts, tt)
		ch.left = max(ch.left, tt.naturalWidth())
	}
	ch.left = min(ch.left, ch.width/4) + 8
	ch.long = ch.width - ch.left - 10
	for _, l := range ch.doc.Labels {
		ch.labels = append(ch.labels, ch.s.label(l, small))
	}
	for ch.step = 1; ch.step < len(ch.labels) && ch.labelsMeet(); ch.step++ {
	}
	x, lines := 0.0, 1.0
	for _, sr := range ch.doc.Series {
		lt := ch.s.label(sr.Name, small)
		ch.legend = append(ch.legend, lt)
		if wide := lt.naturalWidth() + 38; x+wide > ch.long && x > 0 {
			x, lines = wide, lines+1
		} else {
			x += wide
		}
	}
	if len(ch.doc.Series) > 0 {
		ch.legendH = lines*13 + 4
	}
}

// labelWidth is the most that a label of a place takes; longer ones wrap.
const labelWidth = 90.0

// labelAt is where a label stands, from the chart's start edge: under its point, but never beyond the chart's edges.
func (ch *lineChart) labelAt(i int) (at, wide float64) {
	wide = min(labelWidth, ch.labels[i].naturalWidth()+0.5)
	return min(max(ch.x(i)-wide/2, 0), ch.width-wide), wide
}

// labelsMeet tells that with the present step some label comes too near to the one before it.
func (ch *lineChart) labelsMeet() bool {
	end := math.Inf(-1)
	for i := 0; i < len(ch.labels); i += ch.step {
		at, wide := ch.labelAt(i)
		if at < end+8 {
			return true
		}
		end = at + wide
	}
	return false
}

func (ch *lineChart) labelHeight() (h float64) {
	for i := 0; i < len(ch.labels); i += ch.step {
		l := ch.labels[i]
		h = max(h, float64(len(l.wrap(labelWidth)))*l.lineHeight())
	}
	return h
}

func (ch *lineChart) total() float64 { return ch.legendH + chartHigh + 5 + ch.labelHeight() }

func (ch *lineChart) x(i int) float64 {
	if ch.n < 2 {
		return ch.left + ch.long/2
	}
	return ch.left + ch.long*float64(i)/float64(ch.n-1)
}

func (ch *lineChart) y(v float64) float64 {
	if ch.high > ch.low {
		return (chartHigh - 8) * (1 - scaled(v, ch.low, ch.high))
	}
	return (chartHigh - 8) / 2
}

func (ch *lineChart) paint(c *canvas, x, y float64) {
	node := ch.fig.on(c, x, y, ch.width, ch.total())
	ch.paintLegend(c, x, y, node)
	y += ch.legendH + 6
	for i, t := range ch.ticks {
		if !isFinite(t.Value) {
			continue
		}
		ty := y + ch.y(t.Value)
		c.rule(x+ch.left, ty, x+ch.left+ch.long, ty, pen{stroke: &rule, width: 0.6, node: node})
		tt := ch.tickTexts[i]
		paintLabel(c, tt, tt.wrap(ch.left-8), x, ty, ch.left-8, document.AlignEnd, node)
	}
	for i, sr := range ch.doc.Series {
		ch.series(c, i, sr, x, y, node)
	}
	for i := 0; i < len(ch.labels); i += ch.step {
		l := ch.labels[i]
		l.spans = []spanLook{{color: muted, node: node}}
		at, wide := ch.labelAt(i)
		c.lines(l, l.wrap(wide), x+at, y+chartHigh-8+6, wide, document.AlignCenter)
	}
}

// seriesShapes mark the points of the series in turn.
var seriesShapes = [...]shapeKind{shapeCircle, shapeDiamond, shapeSquare, shapeTriangle}

func (ch *lineChart) pen(i int, sr document.Series, node int) pen {
	color := toneOf(sr.Tone).fill
	if sr.Tone == document.ToneMute {
		color = tones[document.ToneMute].text
	}
	p := pen{stroke: &color, width: 1.4, node: node}
	if sr.Dashed {
		p.dash = []float64{4, 2.5}
	}
	return p
}

func (ch *lineChart) series(c *canvas, i int, sr document.Series, x, y float64, node int) {
	p := ch.pen(i, sr, node)
	eachRun(sr.Values, func(from, to int) {
		top, area := c.outline(to-from), c.outline(to-from+3)
		for k := from; k < to; k++ {
			px, py := x+ch.x(k), y+ch.y(sr.Values[k])
			if k == from {
				top.move(px, py)
				area.move(px, py)
			} else {
				top.line(px, py)
				area.line(px, py)
			}
		}
		if ch.doc.Area && !sr.Dashed && to-from > 1 {
			area.line(x+ch.x(to-1), y+chartHigh-8).line(x+ch.x(from), y+chartHigh-8).close()
			area.draw(pen{fill: p.stroke, alpha: 0.12, node: node})
		}
		if to-from > 1 {
			top.draw(p)
		}
	})
	if ch.n > 60 {
		return
	}
	for k, v := range sr.Values {
		if isFinite(v) {
			c.mark(seriesShapes[i%len(seriesShapes)], x+ch.x(k), y+ch.y(v), 2.2, *p.stroke, node)
		}
	}
}

func (ch *lineChart) paintLegend(c *canvas, x, y float64, node int) {
	at, line := 0.0, 0.0
	for i, sr := range ch.doc.Series {
		t := ch.legend[i]
		wide := t.naturalWidth() + 38
		if at+wide > ch.long && at > 0 {
			at, line = 0, line+13
		}
		p := ch.pen(i, sr, node)
		left, middle := x+ch.left+at, y+line+6
		c.rule(left, middle, left+18, middle, p)
		c.mark(seriesShapes[i%len(seriesShapes)], left+9, middle, 2.2, *p.stroke, node)
		paintLabel(c, t, t.wrap(ch.long-38), left+23, middle, ch.long-23, document.AlignStart, node)
		at += wide
	}
}
