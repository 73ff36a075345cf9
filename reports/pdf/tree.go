package pdf

import (
	"fmt"
	"math"

	"secretariat/reports/typeset"
)

// mark is a piece of marked content: identifier id on a page.
type mark struct{ page, id int }

// treeItem is what stands under a structure element besides its children.
type treeItem struct {
	marks []mark
	links []int // indices of finisher.links
	first int   // place of the first mark of it or below it in drawing order
}

// writeTree writes the structure tree, the way from marked content back to it, and the identifiers of notes.
func (f *finisher) writeTree() {
	items := f.treeItems()
	var notes []int
	for n, node := range f.layout.Nodes {
		o := f.object(f.nodes + n)
		o.raw("<</S ").name(node.Role).raw(" /P ")
		if n == 0 {
			o.ref(f.treeRoot)
		} else {
			o.ref(f.nodes + node.Parent)
		}
		if node.Alt != "" {
			o.raw(" /Alt ").text(node.Alt)
		}
		if node.Lang != "" {
			o.raw(" /Lang ").text(node.Lang)
		}
		if node.Role == "Note" { // PDF/UA-1, 7.9: every note has an identifier of its own
			o.raw(" /ID ").raw(noteID(n))
			notes = append(notes, n)
		}
		f.attributes(o, node)
		f.kids(o, n, items)
		o.raw(">>")
	}
	parents := f.writeParents()
	o := f.object(f.treeRoot).raw("<</Type /StructTreeRoot /K [").ref(f.nodes).raw("] /ParentTree ").ref(parents).
		raw(" /ParentTreeNextKey ").int(len(f.pages) + len(f.links))
	if len(notes) > 0 {
		o.raw(" /IDTree <</Names [")
		for _, n := range notes {
			o.raw(noteID(n)).raw(" ").ref(f.nodes + n).raw(" ")
		}
		o.raw("]>>")
	}
	o.raw(">>")
}

func (f *finisher) treeItems() []treeItem {
	items := make([]treeItem, len(f.layout.Nodes))
	for n := range items {
		items[n].first = math.MaxInt
	}
	order := 0
	for page, nodes := range f.canvas.marks {
		f.order = append(f.order, order)
		for id, n := range nodes {
			items[n].marks = append(items[n].marks, mark{page, id})
			for up := n; up >= 0 && items[up].first > order; up = f.layout.Nodes[up].Parent {
				items[up].first = order
			}
			order++
		}
	}
	for i, l := range f.links {
		if l.Node >= 0 {
			items[l.Node].links = append(items[l.Node].links, i)
		}
	}
	return items
}

// attributes appends the attributes of tables and figures.
func (f *finisher) attributes(o *syntax, n typeset.Node) {
	switch {
	case n.Role == "Figure":
		h := f.layout.Pages[n.Page].Height
		o.raw(" /A <</O /Layout /Placement /Block /BBox ").
			rect(n.BBox[0], h-n.BBox[1]-n.BBox[3], n.BBox[0]+n.BBox[2], h-n.BBox[1]).raw(">>")
	case n.Scope != "" || n.ColSpan > 1:
		o.raw(" /A <</O /Table")
		if n.Scope != "" {
			o.raw(" /Scope ").name(n.Scope)
		}
		if n.ColSpan > 1 {
			o.raw(" /ColSpan ").int(n.ColSpan)
		}
		o.raw(">>")
	}
}

// kids appends the page of an element and what stands under it: its children in their order, its own marked content where
// it was drawn between them.
func (f *finisher) kids(o *syntax, n int, items []treeItem) {
	item, children := items[n], f.layout.Nodes[n].Children
	if len(item.marks)+len(item.links)+len(children) == 0 {
		return
	}
	page := -1
	switch {
	case len(item.marks) > 0:
		page = item.marks[0].page
	case len(item.links) > 0:
		page = f.links[item.links[0]].page
	}
	if page >= 0 {
		o.raw(" /Pg ").ref(f.pages[page])
	}
	o.raw(" /K [")
	next := 0
	for _, m := range item.marks {
		for next < len(children) && items[children[next]].first < f.order[m.page]+m.id {
			o.ref(f.nodes + children[next]).raw(" ")
			next++
		}
		if m.page == page {
			o.int(m.id).raw(" ")
		} else {
			o.raw("<</Type /MCR /Pg ").ref(f.pages[m.page]).raw(" /MCID ").int(m.id).raw(">> ")
		}
	}
	for _, i := range item.links {
		o.raw("<</Type /OBJR /Obj ").ref(f.links[i].id).raw(" /Pg ").ref(f.pages[f.links[i].page]).raw(">> ")
	}
	for _, child := range children[next:] {
		o.ref(f.nodes + child).raw(" ")
	}
	o.raw("]")
}

// noteID is the identifier of a note: of equal length, so that the order of the numbers is that of the names.
func noteID(n int) string { return fmt.Sprintf("(note-%08d)", n) }

// writeParents writes the number tree from marked content and links to their elements. Pages come first, then links.
func (f *finisher) writeParents() int {
	id := f.reserve()
	o := f.object(id).raw("<</Nums [")
	for page, nodes := range f.canvas.marks {
		o.int(page).raw(" [")
		for _, n := range nodes {
			o.ref(f.nodes + n).raw(" ")
		}
		o.raw("] ")
	}
	for i, l := range f.links {
		if l.Node >= 0 {
			o.int(len(f.pages) + i).raw(" ").ref(f.nodes + l.Node).raw(" ")
		}
	}
	o.raw("]>>")
	return id
}
