package pdf

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

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
	pages, contents                     []int             // objects by page
	anchors                             map[string]anchor // by name
	links                               []annotation      // in drawing order
	nodes                               int               // object of the first structure element; the others follow it
	treeRoot                            int
	order                               []int // by page: number of marks on the pages before it
}

func newFinisher(c *canvas) *finisher {
	f := &finisher{writer: newWriter(), layout: c.layout, canvas: c}
	f.reserveAll()
	return f
}

// takeContent writes the content stream of a page.
func (f *finisher) takeContent(page int, content []byte) {
	f.contents[page] = f.reserve()
	f.stream(f.contents[page], "", content, bestSpeed)
}

// file writes the rest and returns the whole.
func (f *finisher) file() ([]byte, error) {
	if err := f.findLinks(); err != nil {
		return nil, err
	}
	f.writePages()
	f.writeResources()
	f.writeLinks()
	f.writeTree()
	outline, err := f.writeOutline()
	if err != nil {
		return nil, err
	}
	f.writeInfo()
	f.writeCatalog(outline)
	return f.finish(f.catalog, f.info), nil
}

func (f *finisher) reserveAll() {
	f.catalog, f.info, f.pagesRoot, f.resources, f.treeRoot = f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	f.pages, f.contents = make([]int, len(f.layout.Pages)), make([]int, len(f.layout.Pages))
	for i := range f.pages {
		f.pages[i] = f.reserve()
	}
	f.nodes = len(f.places)
	for range f.layout.Nodes {
		f.reserve()
	}
}

// writePages writes the page objects and the page tree.
func (f *finisher) writePages() {
	link := 0
	for n, page := range f.layout.Pages {
		o := f.object(f.pages[n])
		o.raw("<</Type /Page /Parent ").ref(f.pagesRoot).raw(" /MediaBox ").rect(0, 0, page.Width, page.Height)
		o.raw(" /Resources ").ref(f.resources).raw(" /Contents ").ref(f.contents[n])
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
}

// writeResources writes the one dictionary of resources: fonts and opacities.
func (f *finisher) writeResources() {
	var fonts syntax
	for _, face := range slices.Sorted(maps.Keys(f.canvas.faces)) {
		fonts.raw(f.canvas.fonts[face]).raw(" ").ref(f.writeFont(f.canvas.faces[face])).raw(" ")
	}
	o := f.object(f.resources).raw("<</Font <<").raw(string(fonts.b)).raw(">> /ExtGState <<")
	for _, alpha := range slices.Sorted(maps.Keys(f.canvas.alphas)) {
		value := strconv.FormatFloat(alpha, 'f', 3, 64)
		o.raw(f.canvas.alphas[alpha]).raw(" <</ca ").raw(value).raw(" /CA ").raw(value).raw(">> ")
	}
	o.raw(">>>>")
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
	for _, entry := range []struct{ name, value string }{{"/Title ", i.Title}, {"/Author ", i.Author}, {"/Subject ", i.Subject},
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
