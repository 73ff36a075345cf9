// Package document is a report before it has pages: sections of blocks in reading order, every word chosen, pure data.
// reports.Compose makes it; typeset, html and sheet give it a form. Numbers, dates and money are already text in the
// reader's language; figures carry the numbers that they draw and, in Alt, the same in words.
package document

import "time"

// Document is one rendering of a report: one audience, one language, one clearance.
type Document struct {
	Meta     Meta
	Sections []Section
}

// Meta is what stands around the text: titles, running heads and feet, metadata of the file.
type Meta struct {
	Title       string // of page 1 and of the file
	Subtitle    string
	Programme   string // running head, at the start side
	Issue       string // running head, at the end side: "Weekly progress report · week 47, 2026"
	Language    string // BCP 47
	Subject     string // metadata of the file
	Author      string
	Mark        string // a distribution mark such as "LIMITED", "" for none; printed on every page
	Foot        string // "Data as of 23 November 2026, 09:00 (Tashkent, UTC+5) · Report No. 12"
	PageLabel   string // "Page {x} of {y}"
	Contents    string // title of the contents page
	Continued   string // "(continued)", after a heading or table title that goes on
	Today       string // label of the line of the present day
	Unshown     string // "Characters that could not be shown: {n}", said at the end when there are any, with which they are; "" for these words
	Notes       string // title of the notes at the end: the full texts of labels and running heads that are shortened where they stand
	AsOf        time.Time
	RightToLeft bool
}

// Section is a heading and what stands under it. The first section may have no title.
type Section struct {
	ID     string // {#id} of the definition
	Title  string
	Level  int    // 1, 2, 3
	Aside  string // short text at the end side of the heading: "61 activities"
	Blocks []Block
}

// Keep says what a page break may part.
type Keep int

const (
	KeepNone     Keep = iota // may be split anywhere
	KeepWhole                // goes to the next page rather than being split; split only when taller than a page
	KeepWithNext             // stays with the block after it
)

// Block is a piece of a section.
type Block interface{ block() }

// Span is a run of text with one look. Lang is set where it differs from the document's.
type Span struct {
	Text         string
	Bold, Italic bool
	Link         string // URL, "" for none
	Lang         string
}

// Paragraph is running text.
type Paragraph struct {
	Spans []Span
	Lead  bool // the opening paragraph of page 1: larger, that a reader in a hurry can read alone
	Keep  Keep
}

// List is a list of short texts.
type List struct {
	Ordered bool
	Items   [][]Span
	Keep    Keep
}

// Note is a remark in a box.
type Note struct {
	Tone  Tone
	Spans []Span
	Keep  Keep
}

// Tone is a colour with a meaning; it never stands alone: a word or a shape goes with it.
type Tone int

const (
	ToneNeutral Tone = iota
	ToneAccent
	ToneGood // green
	ToneWarn // amber
	ToneBad  // red
	ToneMute // grey
)

// Status is a word with a tone, drawn as a pill with a shape of its own per tone.
type Status struct {
	Word string
	Tone Tone
}

// Tiles is a row of key figures.
type Tiles struct {
	Items []Tile
	Alt   string
}

// Tile is a key figure. Trend is its history, oldest first, the last one the present value; it may be empty.
type Tile struct {
	Label string
	Value string // "34"
	Unit  string // "of 61", "%", "thousand USD"
	Note  string // small line under the value when there is no delta
	Delta string // "4 more than a week ago", "" for none
	Up    bool   // the arrow of the delta
	Flat  bool   // no change: neither arrow
	Tone  Tone
	Trend []float64
}

// Align is the side that the text of a column keeps to. Start and End follow the direction of writing.
type Align int

const (
	AlignStart Align = iota
	AlignEnd
	AlignCenter
	AlignDecimal // at the decimal mark
)

// Column is a column of a table. Weight shares the width that is left after the natural widths; 0 keeps to the natural width.
type Column struct {
	Title  string
	Align  Align
	Weight float64
}

// Cell is a cell: spans of text, or a status, or a bar with its text.
type Cell struct {
	Spans  []Span
	Status *Status
	Gauge  *Gauge // a bar; the text stands beside it
	Tone   Tone   // of the text: ToneBad for an overdue date
}

// Gauge is a bar in a cell. It is a struct because an empty bar is kept with a draft as one: encoding/gob takes a pointer to
// zero for no pointer.
type Gauge struct{ Share float64 } // that is filled, 0 to 1; more is drawn as full

// RowKind says how a row looks.
type RowKind int

const (
	RowBody  RowKind = iota
	RowGroup         // one cell that spans the table and heads the rows after it
	RowTotal
)

// Row is a row of a table. A RowGroup has one cell.
type Row struct {
	Kind  RowKind
	Cells []Cell
}

// Table is a table. Data is the query's rows as plain text with their column names first, for the embedded CSV and for sheets.
type Table struct {
	Name    string // name of the query; the embedded file is <name>.csv
	Caption string // for screen readers and sheets
	Columns []Column
	Rows    []Row
	Empty   string // said instead of a table without rows
	Note    string // under the table: "50,000 rows shown; the query returned more"
	Data    [][]string
	Keep    Keep
}

// Cards is a list of boxes: sessions, people, papers.
type Cards struct {
	Items []Card
}

// Card is a box with a date at its side. Day and Month may be empty.
type Card struct {
	Day, Month string
	Title      string
	Lines      []string
	Status     *Status
	Stress     string // a short line that must not be missed: "14 days left"
}

// Columns sets blocks side by side on a grid of 12.
type Columns struct{ Items []ColumnItem }

// ColumnItem is one column of Columns; the Spans of all add up to at most 12.
type ColumnItem struct {
	Span   int
	Blocks []Block
}

// PageBreak starts a new page.
type PageBreak struct{}

func (Paragraph) block() {}
func (List) block()      {}
func (Note) block()      {}
func (Tiles) block()     {}
func (Table) block()     {}
func (Bars) block()      {}
func (Stacked) block()   {}
func (Bullet) block()    {}
func (Donut) block()     {}
func (Timeline) block()  {}
func (Line) block()      {}
func (Heat) block()      {}
func (Cards) block()     {}
func (Columns) block()   {}
func (PageBreak) block() {}
