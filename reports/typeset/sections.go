package typeset

import (
	"fmt"
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// flow is the whole text as one column, and its headings for the contents.
type flow struct {
	items   []item
	entries []entry
}

// entry is a line of the contents.
type entry struct {
	title  string
	anchor string
	level  int
	at     int // index of the heading among the items
	node   int // of the section
}

// heading is a title with its rule, and the place that links lead to.
type heading struct {
	stack
	anchor string
}

func (h heading) paint(c *canvas, x, y float64) {
	c.draw(Anchor{Name: h.anchor, Y: y})
	h.stack.paint(c, x, y)
}

func (h heading) split(room float64, force bool) (box, box) {
	first, rest := h.stack.split(room, force)
	if f, ok := first.(stack); ok {
		return heading{f, h.anchor}, rest
	}
	return first, rest
}

// shortOpening is the height up to which what opens a section stays with what follows it in the section: a heading over a
// line or a small note, and then the end of the page, looks as if the section were over.
const shortOpening = 48.0

// flow builds every block of the document in reading order.
func (s *setter) flow(root int) (*flow, error) {
	f := new(flow)
	if s.doc.Meta.Title != "" {
		f.items = append(f.items, item{box: s.title(root), keepNext: true})
		s.leveled = 1
	}
	first := s.leveled
	open := []int{root} // elements of the sections around, by level
	for i, sec := range s.doc.Sections {
		level := max(1, min(sec.Level, 3))
		parent := open[min(level, len(open))-1]
		node := s.tree.add(parent, "Sect")
		open = append(open[:min(level, len(open))], node)
		s.section = sec.Title
		if strings.TrimSpace(sec.Title) != "" {
			anchor := "section-" + strconv.Itoa(i+1)
			f.entries = append(f.entries, entry{sec.Title, anchor, level, len(f.items), node})
			f.items = append(f.items, s.heading(sec, anchor, level, first, node))
		}
		items, err := s.blocks(sec.Blocks, node, bodyWidth)
		if err != nil {
			return nil, fmt.Errorf("section %q: %w", sec.Title, err)
		}
		if len(items) > 1 && items[0].box.height() < shortOpening {
			items[0].keepNext = true
		}
		f.items = append(f.items, items...)
	}
	f.items = append(f.items, s.closing(root)...)
	s.bookmarks(f.entries)
	return f, nil
}

// bookmarks makes the outline; levels follow each other without a gap.
func (s *setter) bookmarks(entries []entry) {
	last := -1
	for _, e := range entries {
		last = min(e.level-1, last+1)
		s.marks = append(s.marks, Bookmark{cleaned(e.title), last, e.anchor})
	}
}

// title is the head of page 1.
func (s *setter) title(root int) box {
	m := s.doc.Meta
	h1 := s.text(m.Title, look{face: faceBold, size: sizeTitle, color: navy, leading: 1.2}, s.tree.add(root, "H1"))
	items := []item{{box: paragraph{t: h1, ls: h1.wrapBalanced(bodyWidth), w: bodyWidth}}}
	if m.Subtitle != "" {
		sub := s.text(m.Subtitle, look{face: faceRegular, size: 9.5, color: muted}, s.tree.add(root, "P"))
		items = append(items, item{box: paragraph{t: sub, ls: sub.wrapBalanced(bodyWidth), w: bodyWidth}, gap: 3})
	}
	return stack{items}
}

// heading makes the heading of a section. Its element follows the one before without leaving out a level.
func (s *setter) heading(sec document.Section, anchor string, level, first, node int) item {
	s.leveled = min(first+level, s.leveled+1)
	role := "H" + strconv.Itoa(s.leveled)
	looks := [...]look{{faceBold, sizeH2, ink, 1.3}, {faceBold, sizeH3, navy, 1.3}, {faceBold, sizeH4, ink, 1.3}}
	t := s.text(sec.Title, looks[level-1], s.tree.add(node, role))
	width, extra := bodyWidth, 0.0
	var aside text
	var asideLines []line
	if sec.Aside != "" {
		aside = s.text(sec.Aside, look{face: faceRegular, size: sizeSmall, color: muted}, s.tree.add(node, "P"))
		w := min(aside.naturalWidth()+1, bodyWidth*0.4)
		asideLines = aside.wrap(w)
		width -= w + 18
	}
	lines := t.wrapBalanced(width)
	high := max(float64(len(lines))*t.lineHeight(), float64(len(asideLines))*orZero(aside))
	if level == 1 {
		extra = 5
	}
	draw := func(c *canvas, x, y float64) {
		c.lines(t, lines, x, y, width, startOf(t, s.right))
		if asideLines != nil {
			c.lines(aside, asideLines, x, y+high-float64(len(asideLines))*aside.lineHeight()-1, bodyWidth, document.AlignEnd)
		}
		if level == 1 {
			c.rule(x, y+high+extra, x+bodyWidth, y+high+extra, pen{stroke: &rule, width: 0.7, node: Artifact})
		}
	}
	gap := gapSection - float64(level-1)*5
	content := []item{{box: solid{high + extra, draw}}}
	if high > s.room/3 { // a text as long as this may be parted like one
		content = []item{{box: paragraph{t: t, ls: t.wrap(bodyWidth), w: bodyWidth, align: startOf(t, s.right)}}}
		if asideLines != nil {
			content = append(content, item{box: paragraph{t: aside, ls: aside.wrap(bodyWidth), w: bodyWidth, align: document.AlignEnd}, gap: 3})
		}
	}
	return item{box: heading{stack{content}, anchor}, gap: gap, keepNext: true}
}

func orZero(t text) float64 {
	if t.prepared == nil {
		return 0
	}
	return t.lineHeight()
}

// startOf is the alignment of running text: to the start of its own direction.
func startOf(t text, rightToLeft bool) document.Align {
	if t.right != rightToLeft && len(t.glyphs) > 0 && (t.right || !rightToLeft) {
		return document.AlignEnd
	}
	return document.AlignStart
}
