package typeset

import (
	"strconv"

	"secretariat/reports/document"
)

// withContents sets the pages anew with the contents after the opening: after the last section that stands wholly on page 1,
// on that page if there is room, else on the next. Long contents have their page to themselves.
func (s *setter) withContents(root int, f *flow, fu *furniture) [][]item {
	cut := s.cut(f, fu)
	node := s.tree.add(root, "TOC")
	s.place(root, node, f, cut)
	contents := stack{s.contents(node, f.entries)}
	items := append([]item(nil), f.items[:cut]...)
	items = append(items, item{box: contents, gap: gapSection, whole: true})
	rest := append([]item(nil), f.items[cut:]...)
	if len(rest) > 0 && contents.height() > s.room/2 {
		rest[0].fresh = true
	}
	return paginate(append(items, rest...), fu)
}

// cut finds the item before which the contents go: the first section of the highest level that does not end on page 1.
func (s *setter) cut(f *flow, fu *furniture) int {
	first := fu.pages[0]
	cut := -1
	for _, e := range f.entries {
		if e.level > 1 && cut >= 0 {
			continue
		}
		if e.at <= len(first)-1 || cut < 0 {
			cut = e.at
		}
		if e.at >= len(first) {
			return e.at
		}
	}
	if cut <= 0 || cut == f.entries[0].at {
		for _, e := range f.entries { // one long section opens the report: before the next
			if e.at > cut && e.level == 1 {
				return e.at
			}
		}
		return len(f.items)
	}
	return cut
}

// place moves the element of the contents to where it is read: before the section that follows it.
func (s *setter) place(root, node int, f *flow, cut int) {
	for _, e := range f.entries {
		if e.at != cut {
			continue
		}
		kids := s.tree.nodes[root].Children
		kids = kids[:len(kids)-1]
		for i, k := range kids {
			if k == e.node {
				s.tree.nodes[root].Children = append(kids[:i:i], append([]int{node}, kids[i:]...)...)
				return
			}
		}
		s.tree.nodes[root].Children = append(kids, node)
	}
}

// contentsLines is how many lines a title may take in the contents.
const contentsLines = 6

// contents makes the heading of the contents and a line per section.
func (s *setter) contents(node int, entries []entry) []item {
	title := s.doc.Meta.Contents
	if title == "" {
		title = "Contents"
	}
	t := s.fitted(title, look{faceBold, sizeH2, ink, 1.3}, s.tree.add(node, "P"), bodyWidth, contentsLines, dots)
	head := paragraph{t: t, ls: t.wrap(bodyWidth), w: bodyWidth}
	items := []item{{keepNext: true, box: solid{head.height() + 14, func(c *canvas, x, y float64) {
		head.paint(c, x, y)
		y += head.height() + 5
		c.rule(x, y, x+bodyWidth, y, pen{stroke: &rule, width: 0.7, node: Artifact})
	}}}}
	for _, e := range entries {
		items = append(items, s.contentsLine(node, e))
	}
	return items
}

// contentsLine is a title, dots and a page number, all of it a link.
func (s *setter) contentsLine(node int, e entry) item {
	ref := s.tree.add(s.tree.add(node, "TOCI"), "Link")
	l := look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}
	gap := 2.0
	if e.level == 1 {
		l.face, gap = faceBold, 7
	}
	indent := float64(e.level-1) * 14
	w := bodyWidth - indent - 42
	t := s.fitted(e.title, l, ref, w, contentsLines, dots) // the section has its title in full
	lines := t.wrap(w)
	high := float64(len(lines)) * t.lineHeight()
	return item{gap: gap, box: solid{high, func(c *canvas, x, y float64) {
		c.lines(t, lines, x+indent, y, w, document.AlignStart)
		last := y + high - t.lineHeight()
		number := s.text(strconv.Itoa(c.pages[e.anchor]+1), look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}, ref)
		c.lines(number, number.wrap(60), x, last, bodyWidth, document.AlignEnd)
		from := x + indent + t.points(lastWidth(lines)) + 8
		to := x + bodyWidth - number.naturalWidth() - 8
		if to > from {
			c.rule(from, last+t.baseline(), to, last+t.baseline(), pen{stroke: &muted, width: 0.6, dash: []float64{0.6, 3}, node: Artifact})
		}
		label, _ := clean(e.title)
		c.draw(Link{X: c.left(x+indent, bodyWidth-indent), Y: y, Width: bodyWidth - indent, Height: high, Anchor: e.anchor, Alt: label, Node: ref})
	}}}
}

func lastWidth(lines []line) int {
	if len(lines) == 0 {
		return 0
	}
	return lines[len(lines)-1].width
}
