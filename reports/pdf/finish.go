package pdf

import (
	"fmt"
	"maps"
	"slices"

	"secretariat/reports/typeset"
)

// producer is what the file says of the program that made it. It names no version, or an update of secretariat would
// change the bytes of every report.
const (
	creator  = "secretariat"
	producer = "secretariat with gofpdf"
)

// finisher writes the whole file anew from what gofpdf drew and what the display list says.
type finisher struct {
	*writer
	layout *typeset.Layout
	canvas *canvas

	catalog, info, pagesRoot, resources int
	pages                               []int             // objects by page
	anchors                             map[string]anchor // by name
	links                               []annotation      // in drawing order
	nodes                               int               // object of the first structure element; the others follow it
	treeRoot                            int
	order                               []int // by page: number of marks on the pages before it
}

func finish(raw []byte, c *canvas) ([]byte, error) {
	src, err := readSource(raw)
	if err != nil {
		return nil, err
	}
	f := &finisher{writer: newWriter(), layout: c.layout, canvas: c}
	f.reserveAll()
	if err := f.findLinks(); err != nil {
		return nil, err
	}
	if err := f.writePages(src); err != nil {
		return nil, err
	}
	if err := f.writeResources(src); err != nil {
		return nil, err
	}
	f.writeLinks()
	f.writeTree()
	outline, err := f.writeOutline()
	if err != nil {
		return nil, err
	}
	f.writeInfo()
	f.writeCatalog(outline)
	return f.writer.finish(f.catalog, f.info), nil
}

func (f *finisher) reserveAll() {
	f.catalog, f.info, f.pagesRoot, f.resources, f.treeRoot = f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	f.pages = make([]int, len(f.layout.Pages))
	for i := range f.pages {
		f.pages[i] = f.reserve()
	}
	f.nodes = len(f.places)
	for range f.layout.Nodes {
		f.reserve()
	}
}

// writePages writes the content streams, the page objects and the page tree.
func (f *finisher) writePages(src *source) error {
	link := 0
	for n, page := range f.layout.Pages {
		content, err := src.content(n)
		if err != nil {
			return err
		}
		id := f.reserve()
		f.stream(id, "", content, bestSpeed)
		o := f.object(f.pages[n])
		o.raw("<</Type /Page /Parent ").ref(f.pagesRoot).raw(" /MediaBox ").rect(0, 0, page.Width, page.Height)
		o.raw(" /Resources ").ref(f.resources).raw(" /Contents ").ref(id)
		o.raw(" /StructParents ").int(n).raw(" /Tabs /S /Group <</S /Transparency /CS /DeviceRGB>>")
		if link < len(f.links) && f.links[link].page == n {
			o.raw(" /Annots [")
			for ; link < len(f.links) && f.links[link].page == n; link++ {
				o.ref(f.links[link].id).raw(" ")
			}
			o.raw("]")
		}
		o.raw(">>")
	}
	o := f.object(f.pagesRoot)
	o.raw("<</Type /Pages /Count ").int(len(f.pages)).raw(" /Kids [")
	for _, id := range f.pages {
		o.ref(id).raw(" ")
	}
	o.raw("]>>")
	return nil
}

// writeResources writes the one dictionary of resources: our fonts and gofpdf's graphics states.
func (f *finisher) writeResources(src *source) error {
	states, err := src.states()
	if err != nil {
		return err
	}
	var fonts syntax
	for _, face := range slices.Sorted(maps.Keys(f.canvas.faces)) {
		fonts.raw(f.canvas.fonts[face]).raw(" ").ref(f.writeFont(f.canvas.faces[face])).raw(" ")
	}
	o := f.object(f.resources).raw("<</Font <<").raw(string(fonts.b)).raw(">> /ExtGState <<")
	for _, s := range states {
		o.raw(s.name).raw(" ").raw(s.value).raw(" ")
	}
	o.raw(">>>>")
	return nil
}

// writeFont writes a face as a composite font whose codes are glyph numbers.
func (f *finisher) writeFont(face *face) int {
	program, unicode, descriptor, descendant, font := f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	f.compressed(program, fmt.Sprintf("/Length1 %d", face.length), face.program)
	f.compressed(unicode, "", face.toUnicode)
	f.object(descriptor).raw("<<").raw(face.descriptor).raw(" /FontFile2 ").ref(program).raw(">>")
	f.object(descendant).raw("<</Type /Font /Subtype /CIDFontType2 /BaseFont /").raw(face.name).
		raw(" /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor ").ref(descriptor).
		raw(" /W ").raw(face.widths).raw(" /CIDToGIDMap /Identity>>")
	f.object(font).raw("<</Type /Font /Subtype /Type0 /BaseFont /").raw(face.name).
		raw(" /Encoding /Identity-H /DescendantFonts [").ref(descendant).raw("] /ToUnicode ").ref(unicode).raw(">>")
	return font
}

func (f *finisher) writeInfo() {
	i := f.layout.Info
	o := f.object(f.info).raw("<<")
	for _, entry := range []resource{{"/Title ", i.Title}, {"/Author ", i.Author}, {"/Subject ", i.Subject},
		{"/Creator ", creator}, {"/Producer ", producer}} {
		if entry.value != "" {
			o.raw(entry.name).text(cleanText(entry.value))
		}
	}
	if !i.Created.IsZero() {
		o.raw("/CreationDate ").date(i.Created).raw("/ModDate ").date(i.Created)
	}
	o.raw(">>")
}

// writeCatalog writes what leads to everything else.
func (f *finisher) writeCatalog(outline int) {
	i := f.layout.Info
	metadata, profile := f.reserve(), f.reserve()
	f.plain(metadata, "/Type /Metadata /Subtype /XML", xmp(i)) // not compressed: archives read it without a PDF library
	f.stream(profile, "/N 3", sRGB(), bestSpeed)
	files := f.writeFiles()
	destinations := f.writeDestinations()
	o := f.object(f.catalog)
	o.raw("<</Type /Catalog /Pages ").ref(f.pagesRoot).raw(" /Metadata ").ref(metadata)
	o.raw(" /MarkInfo <</Marked true>> /StructTreeRoot ").ref(f.treeRoot)
	if i.Language != "" {
		o.raw(" /Lang ").text(i.Language)
	}
	o.raw(" /ViewerPreferences <</DisplayDocTitle true")
	if i.RightToLeft {
		o.raw(" /Direction /R2L")
	}
	o.raw(">> /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile ").
		ref(profile).raw(">>]")
	if outline > 0 {
		o.raw(" /Outlines ").ref(outline).raw(" /PageMode /UseOutlines")
	}
	o.raw(" /Names <<")
	if destinations > 0 {
		o.raw("/Dests ").ref(destinations)
	}
	if len(files) > 0 {
		o.raw("/EmbeddedFiles <</Names [")
		for _, e := range files {
			o.text(e.name).raw(" ").ref(e.id).raw(" ")
		}
		o.raw("]>>")
	}
	o.raw(">>")
	if len(files) > 0 {
		o.raw(" /AF [")
		for _, e := range files {
			o.ref(e.id).raw(" ")
		}
		o.raw("]")
	}
	o.raw(">>")
}
