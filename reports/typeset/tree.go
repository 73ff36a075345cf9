package typeset

import (
	"slices"
	"strings"
)

// tree is the structure tree under construction. Elements are made in reading order while blocks are built.
type tree struct{ nodes []Node }

// add makes an element at the end of its parent.
func (t *tree) add(parent int, role string) int {
	n := len(t.nodes)
	t.nodes = append(t.nodes, Node{Role: role, Parent: parent})
	if parent >= 0 {
		t.nodes[parent].Children = append(t.nodes[parent].Children, n)
	}
	return n
}

// reserve makes room for n more elements, of which children will stand under parent.
func (t *tree) reserve(n, parent, children int) {
	t.nodes = slices.Grow(t.nodes, n)
	t.nodes[parent].Children = slices.Grow(t.nodes[parent].Children, children)
}

// after makes an element that follows another of the same parent: the rest of a figure that goes on on the next page.
func (t *tree) after(sibling int) int {
	parent := t.nodes[sibling].Parent
	n := len(t.nodes)
	copied := t.nodes[sibling]
	copied.Children = nil
	t.nodes = append(t.nodes, copied)
	kids := t.nodes[parent].Children
	for i, k := range kids {
		if k == sibling {
			t.nodes[parent].Children = append(kids[:i+1:i+1], append([]int{n}, kids[i+1:]...)...)
			break
		}
	}
	return n
}

// figure makes a Figure with its words; without any, the title of its section stands in.
func (s *setter) figure(parent int, alt string) *figure {
	for _, words := range []string{alt, s.section, s.doc.Meta.Title, "–"} {
		if alt = cleaned(words); strings.Trim(alt, " ;:") != "" {
			break
		}
	}
	n := s.tree.add(parent, "Figure")
	s.tree.nodes[n].Alt = alt
	return &figure{nodes: []int{n}, pages: []int{-1}}
}

// figure is the elements of one chart: one for each page that it stands on.
type figure struct {
	nodes, pages []int
}

// on returns the element for what is drawn on a page within a rectangle, which joins the element's bounding box.
func (f *figure) on(c *canvas, x, y, w, h float64) int {
	box := [4]float64{c.left(x, w), y, w, h}
	last := len(f.nodes) - 1
	n := f.nodes[last]
	switch {
	case f.pages[last] < 0:
		f.pages[last] = c.number
		c.tree.nodes[n].Page, c.tree.nodes[n].BBox = c.number, box
	case f.pages[last] == c.number:
		c.tree.nodes[n].BBox = union(c.tree.nodes[n].BBox, box)
	default:
		n = c.tree.after(n)
		f.nodes, f.pages = append(f.nodes, n), append(f.pages, c.number)
		c.tree.nodes[n].Page, c.tree.nodes[n].BBox = c.number, box
	}
	return n
}

func union(a, b [4]float64) [4]float64 {
	x, y := min(a[0], b[0]), min(a[1], b[1])
	return [4]float64{x, y, max(a[0]+a[2], b[0]+b[2]) - x, max(a[1]+a[3], b[1]+b[3]) - y}
}
