package typeset

import (
	"fmt"

	"secretariat/reports/document"
)

// setter turns one document into a layout. It lives for one call of Set.
type setter struct {
	doc     document.Document
	right   bool
	memo    map[memoKey]*prepared
	tree    tree
	files   []File
	marks   []Bookmark
	lost    map[rune]int // characters without a face, by how often
	notes   []string     // full texts of what is shortened where it stands
	section string       // title of the section being built, for "(continued)"
	leveled int          // level of the last heading
	room    float64
}

// contentsFrom is the number of pages from which a report has a page of contents.
const contentsFrom = 5

// Set typesets a document on A4 pages. The same document gives the same layout, byte for byte; documents may be set in
// parallel. It fails only on a document that has a fault of the program, such as an unknown block.
func Set(doc document.Document) (l *Layout, err error) {
	defer func() {
		if r := recover(); r != nil {
			l, err = nil, fmt.Errorf("typeset %q: %v", doc.Meta.Title, r)
		}
	}()
	s := &setter{doc: doc, right: doc.Meta.RightToLeft, memo: map[memoKey]*prepared{}, lost: map[rune]int{}}
	root := s.tree.add(-1, "Document")
	f := s.furniture()
	s.room = f.bottom - f.top
	flow, err := s.flow(root)
	if err != nil {
		return nil, fmt.Errorf("typeset %q: %w", doc.Meta.Title, err)
	}
	f.pages = settle(flow.items, s.room)
	if len(f.pages) >= contentsFrom && len(flow.entries) > 1 {
		f.pages = s.withContents(root, flow, f)
	}
	return s.paint(f), nil
}

func (s *setter) paint(f *furniture) *Layout {
	l := &Layout{Files: s.files, Bookmarks: s.marks, Unshown: s.unshownCount(), Runes: map[Face][]rune{}}
	m := s.doc.Meta
	l.Info = Info{Title: cleaned(m.Title), Author: cleaned(m.Author), Subject: cleaned(m.Subject), Language: m.Language, Created: m.AsOf, RightToLeft: m.RightToLeft}
	var seen [len(Faces)]runeSet
	where := pagesOfAnchors(f.pages)
	l.Pages = make([]Page, len(f.pages))
	c := &canvas{right: s.right, tree: &s.tree, seen: &seen, pages: where}
	for n, items := range f.pages {
		page := &l.Pages[n]
		page.Width, page.Height = pageWidth, pageHeight
		page.Ops = make([]Op, 0, 256)
		c.page, c.number = page, n
		f.paint(s, c, n, len(f.pages))
		stack{items}.paint(c, margin, f.top)
	}
	for i := range seen {
		if runes := seen[i].sorted(); len(runes) > 0 {
			l.Runes[Faces[i]] = runes
		}
	}
	l.Nodes = s.tree.nodes
	return l
}

func cleaned(s string) string {
	s, _ = clean(s)
	return s
}

// pagesOfAnchors finds the page of each heading.
func pagesOfAnchors(pages [][]item) map[string]int {
	where := map[string]int{}
	for n, items := range pages {
		for _, it := range items {
			if h, ok := it.box.(heading); ok {
				where[h.anchor] = n
			}
		}
	}
	return where
}
