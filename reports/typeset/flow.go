package typeset

// box is a piece of a page with a known width. Boxes are values: splitting one leaves it as it was.
type box interface {
	height() float64
	// split parts the box so that the first part is at most room high. A nil first part says that nothing fits; with force
	// set the box stands at the top of an empty page and gives up at least a part of itself. A nil second part says that
	// nothing is left.
	split(room float64, force bool) (first, rest box)
	paint(c *canvas, x, y float64)
}

// item is a box in a flow from top to bottom.
type item struct {
	box      box
	gap      float64 // space before it, none at the top of a page
	keepNext bool    // stays with the item after it
	whole    bool    // is split only when taller than a page
	fresh    bool    // begins a page
}

const epsilon = 0.01

// fill takes items from the front of a flow as long as there is room. top says that the room is a whole empty page, where
// something must be taken. What does not fit is returned as the rest.
func fill(items []item, room float64, top bool) (taken, rest []item) {
	y := 0.0
	for i := 0; i < len(items); {
		if items[i].fresh && (i > 0 || !top) {
			rest = append([]item(nil), items[i:]...)
			rest[0].fresh = false
			return items[:i:i], rest
		}
		end, need, lead := chain(items, i, i == 0 && top)
		if y+need <= room+epsilon {
			y += need
			i = end + 1
			continue
		}
		return part(items, i, end, room-y, lead, i == 0 && top)
	}
	return items, nil
}

// chain finds the last of the items from i that must stay together, their height, and the height before the last.
func chain(items []item, i int, top bool) (end int, need, lead float64) {
	for end = i; ; end++ {
		gap := items[end].gap
		if end == i && top {
			gap = 0
		}
		lead = need + gap
		need = lead + items[end].box.height()
		if !items[end].keepNext || end+1 >= len(items) || items[end+1].fresh {
			return end, need, lead
		}
	}
}

// part splits the last item of a chain that does not fit. The rest goes on on the next page.
func part(items []item, i, end int, room, lead float64, force bool) (taken, rest []item) {
	last := items[end]
	if !last.whole || force {
		first, tail := last.box.split(room-lead, false)
		if first == nil && force && end == i {
			first, tail = last.box.split(room-lead, true)
		}
		if first != nil {
			taken = append(items[:end:end], item{box: first, gap: last.gap})
			if tail != nil {
				rest = append(rest, item{box: tail, gap: last.gap, keepNext: last.keepNext, whole: last.whole})
			}
			return taken, append(rest, items[end+1:]...)
		}
	}
	if force {
		return loose(items, room)
	}
	return items[:i:i], items[i:]
}

// loose takes what fits from the front of a chain that is longer than a page.
func loose(items []item, room float64) (taken, rest []item) {
	y := items[0].box.height()
	if y > room+epsilon {
		first, tail := items[0].box.split(room, true)
		if first == nil {
			first, tail = items[0].box, nil
		}
		if tail != nil {
			left := items[0]
			left.box = tail
			rest = []item{left}
		}
		return []item{{box: first}}, append(rest, items[1:]...)
	}
	n := 1
	for n < len(items) && y+items[n].gap+items[n].box.height() <= room+epsilon {
		y += items[n].gap + items[n].box.height()
		n++
	}
	return items[:n:n], items[n:]
}

// stack is items from top to bottom as one box.
type stack struct{ items []item }

func (s stack) height() (h float64) {
	for i, it := range s.items {
		if i > 0 {
			h += it.gap
		}
		h += it.box.height()
	}
	return h
}

func (s stack) split(room float64, force bool) (box, box) {
	taken, rest := fill(s.items, room, true)
	if !force && !fits(taken, room) {
		return nil, s
	}
	if len(taken) == 0 {
		return nil, s
	}
	if len(rest) == 0 {
		return stack{taken}, nil
	}
	return stack{taken}, stack{rest}
}

func fits(items []item, room float64) bool { return stack{items}.height() <= room+epsilon }

func (s stack) paint(c *canvas, x, y float64) {
	for i, it := range s.items {
		if i > 0 {
			y += it.gap
		}
		it.box.paint(c, x, y)
		y += it.box.height()
	}
}

// solid is a box that cannot be split.
type solid struct {
	high float64
	draw func(c *canvas, x, y float64)
}

func (s solid) height() float64               { return s.high }
func (s solid) paint(c *canvas, x, y float64) { s.draw(c, x, y) }
func (s solid) split(_ float64, f bool) (box, box) {
	if f {
		return s, nil
	}
	return nil, s
}

// bands is a box of bands that are never split themselves, under a head that is painted anew above each part and over a
// foot that follows the last: rows of a chart under its axis, over its legend.
type bands struct {
	head, foot solid
	rows       []solid
	least      int                              // bands that a part must have at least, unless there are fewer
	frame      func(c *canvas, x, y, h float64) // painted before the bands, h is their height; may be nil
	over       func(c *canvas, x, y, h float64) // painted after them
}

func (b bands) inner() (h float64) {
	for _, r := range b.rows {
		h += r.high
	}
	return h
}

func (b bands) height() float64 { return b.head.high + b.inner() + b.foot.high }

func (b bands) paint(c *canvas, x, y float64) {
	inner := b.inner()
	if b.frame != nil {
		b.frame(c, x, y+b.head.high, inner)
	}
	if b.head.draw != nil {
		b.head.draw(c, x, y)
	}
	y += b.head.high
	top := y
	for _, r := range b.rows {
		r.draw(c, x, y)
		y += r.high
	}
	if b.over != nil {
		b.over(c, x, top, inner)
	}
	if b.foot.draw != nil {
		b.foot.draw(c, x, y)
	}
}

func (b bands) split(room float64, force bool) (box, box) {
	if b.height() <= room {
		return b, nil
	}
	n, h := 0, b.head.high
	for n < len(b.rows) && h+b.rows[n].high <= room+epsilon {
		h += b.rows[n].high
		n++
	}
	n = min(n, len(b.rows)-min(b.least, len(b.rows)-1)) // keep some for the next page, with the foot
	if n < min(b.least, len(b.rows)) && !force || len(b.rows) < 2 && !force {
		return nil, b
	}
	if n = max(n, 1); n >= len(b.rows) {
		return b, nil
	}
	first, rest := b, b
	first.rows, first.foot = b.rows[:n], solid{}
	rest.rows = b.rows[n:]
	return first, rest
}
