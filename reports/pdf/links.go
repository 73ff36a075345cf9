package pdf

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"secretariat/reports/typeset"
)

// anchor is a place that links lead to: a page and the height on it in the page's own coordinates, which grow upwards.
type anchor struct {
	page int
	top  float64
}

// annotation is a link on a page.
type annotation struct {
	typeset.Link
	page, id int
}

// findLinks collects anchors and links and makes sure that each link leads somewhere.
func (f *finisher) findLinks() error {
	f.anchors = map[string]anchor{}
	for n, page := range f.layout.Pages {
		for _, op := range page.Ops {
			switch op := op.(type) {
			case typeset.Anchor:
				if _, twice := f.anchors[op.Name]; twice {
					return fmt.Errorf("anchor %q stands twice", op.Name)
				}
				f.anchors[op.Name] = anchor{n, page.Height - op.Y}
			case typeset.Link:
				if op.URI == "" || safeURI(op.URI) {
					f.links = append(f.links, annotation{op, n, f.reserve()})
				}
			}
		}
	}
	for _, l := range f.links {
		if _, ok := f.anchors[l.Anchor]; l.URI == "" && !ok {
			return fmt.Errorf("page %d: link %q leads to anchor %q, which is on no page", l.page+1, l.Alt, l.Anchor)
		}
	}
	return nil
}

// safeURI says whether a viewer may be asked to open the address. Others, such as javascript:, stay text without a link.
func safeURI(uri string) bool {
	scheme, _, ok := strings.Cut(uri, ":")
	return ok && slices.Contains([]string{"http", "https", "mailto"}, strings.ToLower(scheme))
}

// asciiURI escapes what may not stand in a URI (PDF 32000-1, 12.6.4.7: seven-bit ASCII).
func asciiURI(uri string) string {
	var b strings.Builder
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c > '~' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (f *finisher) writeLinks() {
	for n, l := range f.links {
		h := f.layout.Pages[l.page].Height
		o := f.object(l.id)
		o.raw("<</Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /P ").ref(f.pages[l.page]).
			raw(" /Rect ").rect(l.X, h-l.Y-l.Height, l.X+l.Width, h-l.Y)
		if l.Alt != "" {
			o.raw(" /Contents ").text(l.Alt)
		}
		if l.Node >= 0 {
			o.raw(" /StructParent ").int(len(f.pages) + n)
		}
		if l.URI != "" {
			o.raw(" /A <</S /URI /URI ").bytes(asciiURI(l.URI)).raw(">>")
		} else {
			o.raw(" /Dest ")
			f.destination(o, f.anchors[l.Anchor])
		}
		o.raw(">>")
	}
}

// destination appends the place of an anchor, a little above it, with the zoom left as it is.
func (f *finisher) destination(o *syntax, a anchor) {
	o.raw("[").ref(f.pages[a.page]).raw(" /XYZ 0 ").num(min(a.top, f.layout.Pages[a.page].Height)).raw(" 0]")
}

// writeDestinations writes the names by which others can link into the file (report.pdf#overdue); 0 if there are none.
func (f *finisher) writeDestinations() int {
	if len(f.anchors) == 0 {
		return 0
	}
	id := f.reserve()
	o := f.object(id).raw("<</Names [")
	for _, e := range sortedNames(slices.Sorted(maps.Keys(f.anchors))) {
		o.b = append(o.b, e.encoded...)
		o.raw(" ")
		f.destination(o, f.anchors[e.name])
	}
	o.raw("]>>")
	return id
}

// encodedName is a key of a name tree with the bytes that it is sorted by.
type encodedName struct {
	name    string
	encoded []byte
	order   string
}

// sortedNames encodes names and sorts them by the bytes of the strings, as a name tree must be.
func sortedNames(names []string) []encodedName {
	var out []encodedName
	for _, name := range names {
		var s syntax
		s.text(name)
		e := encodedName{name: name, encoded: s.b, order: name}
		if s.b[0] == '<' {
			e.order = string(utf16Text(name))
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b encodedName) int { return cmp.Compare(a.order, b.order) })
	return out
}

// outlineItem is a bookmark with its place in the tree, by index of Layout.Bookmarks; -1 is none.
type outlineItem struct {
	parent, first, last, prev, next, below int
}

// writeOutline writes the bookmarks, all open, and returns their root, 0 if there are none.
func (f *finisher) writeOutline() (int, error) {
	marks := f.layout.Bookmarks
	if len(marks) == 0 {
		return 0, nil
	}
	items, root := outlineTree(marks)
	first := len(f.places)
	for range marks {
		f.reserve()
	}
	rootID := f.reserve()
	ref := func(n int) int {
		if n < 0 {
			return rootID
		}
		return first + n
	}
	for n, m := range marks {
		a, ok := f.anchors[m.Anchor]
		if !ok {
			return 0, fmt.Errorf("bookmark %q leads to anchor %q, which is on no page", m.Title, m.Anchor)
		}
		o := f.object(first + n)
		o.raw("<</Title ").text(m.Title).raw(" /Parent ").ref(ref(items[n].parent)).raw(" /Dest ")
		f.destination(o, a)
		for _, e := range []struct {
			key string
			n   int
		}{{" /Prev ", items[n].prev}, {" /Next ", items[n].next}, {" /First ", items[n].first}, {" /Last ", items[n].last}} {
			if e.n >= 0 {
				o.raw(e.key).ref(first + e.n)
			}
		}
		if items[n].below > 0 {
			o.raw(" /Count ").int(items[n].below)
		}
		o.raw(">>")
	}
	f.object(rootID).raw("<</Type /Outlines /First ").ref(first + root.first).raw(" /Last ").ref(first + root.last).
		raw(" /Count ").int(len(marks)).raw(">>")
	return rootID, nil
}

// outlineTree links bookmarks by their levels. A level that skips one counts as the next below.
func outlineTree(marks []typeset.Bookmark) ([]outlineItem, outlineItem) {
	none := outlineItem{-1, -1, -1, -1, -1, 0}
	items, root := make([]outlineItem, len(marks)), none
	var path []int // the open bookmarks, outermost first
	for n, m := range marks {
		path = path[:max(0, min(m.Level, len(path)))]
		items[n] = none
		parent := &root
		if len(path) > 0 {
			items[n].parent = path[len(path)-1]
			parent = &items[items[n].parent]
		}
		if parent.last >= 0 {
			items[n].prev = parent.last
			items[parent.last].next = n
		} else {
			parent.first = n
		}
		parent.last = n
		for _, above := range path {
			items[above].below++
		}
		path = append(path, n)
	}
	return items, root
}
