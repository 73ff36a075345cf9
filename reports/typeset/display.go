// Package typeset turns a document into pages: it measures, breaks lines and pages, and places. Its result is a display
// list, pure data that knows nothing of the program that will draw it.
package typeset

import "time"

// Face is a font face of the built-in families.
type Face string

const (
	Regular    Face = "regular"     // Noto Sans
	Bold       Face = "bold"        //
	Italic     Face = "italic"      //
	Arabic     Face = "arabic"      // Noto Sans Arabic
	ArabicBold Face = "arabic-bold" //
	Han        Face = "han"         // Droid Sans Fallback
	Symbols    Face = "symbols"     // Noto Sans Symbols 2: check marks, circles, squares, arrow heads
	Math       Face = "math"        // Noto Sans Math: arrows, minus, comparisons
)

// Faces lists the built-in faces in the order of their fallback. templates.Font takes their names.
var Faces = [...]Face{Regular, Bold, Italic, Arabic, ArabicBold, Han, Symbols, Math}

// Color is an sRGB colour.
type Color struct{ R, G, B uint8 }

// Layout is a document on pages. Lengths are in points (1/72 inch); the origin is the upper left corner, y grows downwards.
type Layout struct {
	Pages     []Page
	Runes     map[Face][]rune // every rune drawn per face, sorted: fonts are cut to these
	Nodes     []Node          // the structure tree; Nodes[0] is the Document
	Bookmarks []Bookmark
	Files     []File
	Info      Info
	Unshown   int // characters of the input that no face has; a placeholder stands for each, and a note says how many
}

// Info is the metadata of the file.
type Info struct {
	Title, Author, Subject, Language string
	Created                          time.Time // the as-of moment, never the clock
	RightToLeft                      bool
}

// Page is a page and what is drawn on it, in drawing order.
type Page struct {
	Width, Height float64
	Ops           []Op
}

// Artifact is the node of what is not content: rules, zebra, running heads, repeated table heads.
const Artifact = -1

// Op is a drawing operation: Text, Path, ClipStart, ClipEnd, Link or Anchor.
type Op interface{ op() }

// Text is a run of text on one line in one face; X is its left edge, Y its baseline. Runes stand in drawing order, left
// to right, already shaped; Width is the sum of their advances plus Spread for each space (U+0020), which sets lines evenly.
type Text struct {
	X, Y, Size, Width, Spread float64
	Face                      Face
	Color                     Color
	Runes                     string
	Node                      int  // index into Layout.Nodes, or Artifact
	Backward                  bool // read from right to left; a bracket in Runes is its drawn shape and reads as its Mirror
}

// Path is a shape: filled, stroked or both. Alpha is the opacity, 1 for opaque.
type Path struct {
	Segments     []Segment
	Fill, Stroke *Color
	LineWidth    float64
	Dash         []float64
	Alpha        float64
	Node         int
}

// Segment is a step of a path: 'M' move, 'L' line, 'C' Bézier curve (two controls, end), 'Z' close.
type Segment struct {
	Kind   byte
	Points [6]float64 // x1 y1 x2 y2 x3 y3; M and L use the first two
}

// ClipStart confines what follows to a rectangle until ClipEnd.
type ClipStart struct{ X, Y, Width, Height float64 }

// ClipEnd ends the last ClipStart.
type ClipEnd struct{}

// Link makes a rectangle lead to a URI or, when URI is "", to an anchor. Alt is its text for screen readers.
type Link struct {
	X, Y, Width, Height float64
	URI, Anchor, Alt    string
	Node                int // a node with role Link
}

// Anchor names a place that links, bookmarks and the contents page lead to.
type Anchor struct {
	Name string
	Y    float64
}

func (Text) op()      {}
func (Path) op()      {}
func (ClipStart) op() {}
func (ClipEnd) op()   {}
func (Link) op()      {}
func (Anchor) op()    {}

// Node is a structure element. Children follow in reading order; what is drawn under it belongs to it in drawing order.
type Node struct {
	Role     string // Document Sect H1 H2 H3 P L LI Lbl LBody Table TR TH TD THead TBody Figure Caption Link TOC TOCI Note Span
	Parent   int    // index of the parent; -1 for the Document
	Children []int
	Alt      string
	Lang     string     // where it differs from the parent's
	Scope    string     // of a TH: Column or Row
	ColSpan  int        // of a TH or TD, when more than 1
	Page     int        // of a Figure: index of its page
	BBox     [4]float64 // of a Figure: x y width height in the page's coordinates
}

// Bookmark is an entry of the outline; Level counts from 0.
type Bookmark struct {
	Title  string
	Level  int
	Anchor string
}

// File is a file embedded in the PDF.
type File struct {
	Name, Type, Description string
	Bytes                   []byte
}
