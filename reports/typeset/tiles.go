package typeset

import (
	"math"
	"strings"

	"secretariat/reports/document"
)

// tiles sets key figures side by side, four to a row at most.
func (s *setter) tiles(b document.Tiles, parent int, w float64) item {
	if len(b.Items) == 0 {
		return item{box: stack{}}
	}
	perRow := min(len(b.Items), max(1, int(w/118)), 4)
	if n := len(b.Items); n > 4 && n%4 != 0 && n%3 == 0 && perRow > 3 {
		perRow = 3
	}
	gap := 9.0
	each := (w - gap*float64(perRow-1)) / float64(perRow)
	fig := s.figure(parent, s.tilesAlt(b))
	var rows []item
	for from := 0; from < len(b.Items); from += perRow {
		items := b.Items[from:min(from+perRow, len(b.Items))]
		made := make([]*tile, len(items))
		high := 0.0
		for i, t := range items {
			made[i] = s.tile(t, each)
			high = max(high, made[i].high)
		}
		rows = append(rows, item{gap: gap, box: solid{high, func(c *canvas, x, y float64) {
			node := fig.on(c, x, y, w, high)
			for i, t := range made {
				t.paint(c, x+float64(i)*(each+gap), y, each, high, node)
			}
		}}})
	}
	return item{box: stack{rows}, gap: gapBlock + 3}
}

func (s *setter) tilesAlt(b document.Tiles) string {
	if b.Alt != "" {
		return cleaned(b.Alt)
	}
	var parts []string
	for _, t := range b.Items {
		parts = append(parts, strings.TrimSpace(strings.Join([]string{t.Label + ":", t.Value, t.Unit, t.Delta, t.Note}, " ")))
	}
	return cleaned(strings.Join(parts, "; "))
}

// tile is a key figure with its lines broken.
type tile struct {
	document.Tile
	label, value, unit, small text
	labels, units, smalls     []line
	values                    []line // one, unless the value is too long for the smallest size
	beside                    bool   // the unit stands beside the value
	high                      float64
	tone                      tone
}

const (
	tilePad   = 13.0
	sparkHigh = 22.0
)

func (s *setter) tile(d document.Tile, w float64) *tile {
	t := &tile{Tile: d, tone: toneOf(d.Tone)}
	room := w - tilePad - 9
	t.label = s.label(d.Label, look{face: faceRegular, size: sizeSmall, color: muted})
	t.labels = t.label.wrap(room)
	t.value = s.label(d.Value, look{face: faceBold, size: 20, color: ink, leading: 1.25})
	if natural := t.value.naturalWidth(); natural > room {
		t.value.size = max(10, t.value.size*room/natural*0.999)
	}
	t.values = t.value.wrap(room)
	t.unit = s.label(d.Unit, look{face: faceRegular, size: 8, color: muted})
	left := room - t.value.naturalWidth() - 4
	if t.beside = t.unit.naturalWidth() <= left && len(t.values) < 2; !t.beside {
		left = room
	}
	t.units = t.unit.wrap(left)
	words := d.Delta
	if words == "" {
		words = d.Note
	}
	t.small = s.label(words, look{face: faceRegular, size: sizeSmall, color: muted})
	if t.arrow() {
		room -= 9
	}
	t.smalls = t.small.wrap(room)
	t.high = 8 + t.textHeight() + 8
	if len(d.Trend) > 0 {
		t.high += sparkHigh + 3
	}
	return t
}

func (t *tile) arrow() bool { return t.Delta != "" && !t.Flat }

func (t *tile) textHeight() float64 {
	h := float64(len(t.labels))*t.label.lineHeight() + t.valueHeight() + float64(len(t.smalls))*t.small.lineHeight()
	if !t.beside {
		h += float64(len(t.units)) * t.unit.lineHeight()
	}
	return h
}

func (t *tile) valueHeight() float64 {
	return max(27, float64(len(t.values))*t.value.lineHeight()+2)
}

func (t *tile) paint(c *canvas, x, y, w, h float64, node int) {
	c.rounded(x, y, w, h, round(4), pen{fill: &soft, node: Artifact})
	c.rounded(x, y, 4, h, corners{4, 0, 0, 4}, pen{fill: &t.tone.fill, node: Artifact})
	for _, u := range []*text{&t.label, &t.value, &t.unit, &t.small} {
		u.spans = []spanLook{{color: u.color, node: node}}
	}
	bottom := y + h
	x, y = x+tilePad, y+8
	c.lines(t.label, t.labels, x, y, w, document.AlignStart)
	y += float64(len(t.labels)) * t.label.lineHeight()
	if len(t.values) > 1 {
		c.lines(t.value, t.values, x, y+3, w, document.AlignStart)
	} else {
		c.word(t.value, x, y+21)
	}
	if t.beside {
		c.word(t.unit, x+t.value.naturalWidth()+4, y+21)
	}
	y += t.valueHeight()
	if !t.beside {
		c.lines(t.unit, t.units, x, y, w, document.AlignStart)
		y += float64(len(t.units)) * t.unit.lineHeight()
	}
	t.paintDelta(c, x, y, w, node)
	if len(t.Trend) > 0 {
		sparkline(c, t.Trend, x, bottom-sparkHigh-5, w-tilePad-11, sparkHigh-6, t.tone.fill, node)
	}
}

func (t *tile) paintDelta(c *canvas, x, y, w float64, node int) {
	if t.arrow() {
		middle, r := y+t.small.lineHeight()/2, 3.0
		if !t.Up {
			r = -r
		}
		c.outline(4).move(x, middle+r*0.8).line(x+6, middle+r*0.8).line(x+3, middle-r).close().draw(pen{fill: &t.tone.text, node: node})
		x += 9
	}
	c.lines(t.small, t.smalls, x, y, w, document.AlignStart)
}

// sparkline draws a small line of values with an area under it and a dot at the present one. Values that are no numbers
// are gaps; equal values make a level line.
func sparkline(c *canvas, values []float64, x, y, w, h float64, color Color, node int) {
	low, high, ok := extent(values)
	if !ok {
		return
	}
	at := func(i int) (float64, float64) {
		px, py := x+w, y+h/2
		if len(values) > 1 {
			px = x + w*float64(i)/float64(len(values)-1)
		}
		if high > low {
			py = y + h*(1-scaled(values[i], low, high))
		}
		return px, py
	}
	eachRun(values, func(from, to int) {
		area, top := c.outline(to-from+3), c.outline(to-from)
		for i := from; i < to; i++ {
			px, py := at(i)
			if i == from {
				area.move(px, py)
				top.move(px, py)
			} else {
				area.line(px, py)
				top.line(px, py)
			}
		}
		end, _ := at(to - 1)
		start, _ := at(from)
		area.line(end, y+h+4).line(start, y+h+4).close().draw(pen{fill: &color, alpha: 0.13, node: node})
		top.draw(pen{stroke: &color, width: 1.2, node: node})
	})
	for i := len(values) - 1; i >= 0; i-- {
		if isFinite(values[i]) {
			px, py := at(i)
			c.circle(px, py, 2.2, pen{fill: &color, node: node})
			return
		}
	}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// extent is the least and the greatest number of values; ok is false when there is none.
func extent(values []float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if isFinite(v) {
			low, high, ok = min(low, v), max(high, v), true
		}
	}
	return low, high, ok
}

// scaled is the place of a value between two others, 0 to 1, without overflow for huge ones.
func scaled(v, low, high float64) float64 {
	if span := high/2 - low/2; span > 0 {
		return unit((v/2 - low/2) / span)
	}
	return 0
}

// eachRun calls f for every run of values that are numbers.
func eachRun(values []float64, f func(from, to int)) {
	for from := 0; from < len(values); {
		if !isFinite(values[from]) {
			from++
			continue
		}
		to := from
		for to < len(values) && isFinite(values[to]) {
			to++
		}
		f(from, to)
		from = to
	}
}
