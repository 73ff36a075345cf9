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
	if len(rest) > 0 && contents.height() > s.room*0.6 {
		rest[0].fresh = true
	}
	return settle(append(items, rest...), s.room)
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
	w := bodyWidth
	two := s.inTwoColumns(entries)
	if two {
		w = contentsColumn
	}
	lines := make([]item, len(entries))
	for i, e := range entries {
		lines[i] = s.contentsLine(node, e, w)
	}
	if !two {
		return append(items, lines...)
	}
	half := halfway(entries, lines)
	both := sideBySide{{stack{lines[:half]}, 0}, {stack{lines[half:]}, bodyWidth - contentsColumn}}
	return append(items, item{box: both, gap: lines[0].gap})
}

// contentsColumn is the width of one of two columns of contents.
const contentsColumn = (bodyWidth - 26) / 2

// inTwoColumns tells contents that would take half a page in one column and have titles that are short enough for two.
func (s *setter) inTwoColumns(entries []entry) bool {
	if len(entries) < 10 || len(entries) > 60 {
		return false
	}
	for _, e := range entries {
		l := look{face: faceBold, size: sizeBody, color: ink, leading: leadingBody}
		if len(s.text(e.title, l, Artifact).wrap(contentsColumn-contentsNumber-14)) > 2 {
			return false
		}
	}
	return true
}

// halfway is where the second column begins: with a section of the highest level, if that leaves the columns about even.
func halfway(entries []entry, lines []item) int {
	best, least := 0, 0.0
	for i := 1; i < len(lines); i++ {
		uneven := stack{lines[:i]}.height() - stack{lines[i:]}.height()
		if uneven < 0 {
			uneven *= -2 // the first column is rather the longer one
		}
		if entries[i].level > 1 {
			uneven += 60
		}
		if best == 0 || uneven < least {
			best, least = i, uneven
		}
	}
	return best
}

// contentsNumber is the width kept for a page number and the dots before it.
const contentsNumber = 42

// contentsLine is a title, dots and a page number, all of it a link.
func (s *setter) contentsLine(node int, e entry, wide float64) item {
	ref := s.tree.add(s.tree.add(node, "TOCI"), "Link")
	l := look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}
	gap := 2.0
	if e.level == 1 {
		l.face, gap = faceBold, 7
	}
	indent := float64(e.level-1) * 14
	w := wide - indent - contentsNumber
	t := s.fitted(e.title, l, ref, w, contentsLines, dots) // the section has its title in full
	lines := t.wrap(w)
	high := float64(len(lines)) * t.lineHeight()
	return item{gap: gap, box: solid{high, func(c *canvas, x, y float64) {
		c.lines(t, lines, x+indent, y, w, document.AlignStart)
		last := y + high - t.lineHeight()
		number := s.text(strconv.Itoa(c.pages[e.anchor]+1), look{face: faceRegular, size: sizeBody, color: ink, leading: leadingBody}, ref)
		c.lines(number, number.wrap(60), x, last, wide, document.AlignEnd)
		from := x + indent + t.points(lastWidth(lines)) + 8
		to := x + wide - number.naturalWidth() - 8
		if to > from {
			c.rule(from, last+t.baseline(), to, last+t.baseline(), pen{stroke: &muted, width: 0.6, dash: []float64{0.6, 3}, node: Artifact})
		}
		label, _ := clean(e.title)
		c.draw(Link{X: c.left(x+indent, wide-indent), Y: y, Width: wide - indent, Height: high, Anchor: e.anchor, Alt: label, Node: ref})
	}}}
}

func lastWidth(lines []line) int {
	if len(lines) == 0 {
		return 0
	}
	return lines[len(lines)-1].width
}
