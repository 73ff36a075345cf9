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

// Share is a part of a whole with its name and its number as text.
type Share struct {
	Label string
	Value float64
	Text  string
	Tone  Tone
}

// Bars is a horizontal bar per row; values are shares of Max (0: the greatest value).
type Bars struct {
	Rows []Share
	Max  float64
	Alt  string
}

// BulletRow is a value against its target. The bar shows the share of the target that is reached, up to five quarters of it;
// a target that is zero, below zero or no number has no bar, and Text says it all.
type BulletRow struct {
	Label         string
	Value, Target float64
	Text          string // "45 of 60"
	Tone          Tone
}

// Bullet is a row per measured value with a mark where its target lies, the same place for all: what is counted in
// different units can be compared.
type Bullet struct {
	Rows   []BulletRow
	Legend [2]string // words for the bar and for the mark
	Alt    string
}

// StackedRow is one bar of parts. The parts follow the legend's order.
type StackedRow struct {
	Label string
	Parts []float64
	Text  string // "8 / 14"
}

// Stacked is a bar of parts per row with one legend; a Donut may stand beside it.
type Stacked struct {
	Legend []Status
	Rows   []StackedRow
	Donut  *Donut
	Alt    string
}

// Donut is a ring of parts with a text in its middle.
type Donut struct {
	Parts  []Share
	Center string // "56 %"
	Label  string // "completed"
	Alt    string
}

// TimelineRow is a bar or a milestone. Days are midnight UTC; a zero day is absent.
type TimelineRow struct {
	Label     string
	From, To  time.Time // the bar; for a milestone To alone
	Original  time.Time // the first due day where it differs: drawn hollow
	Progress  float64   // 0 to 1, the filled part of a bar
	Milestone bool
	Met       bool
	Status    Status
	Text      string // the date in words, at the end of the row
}

// Timeline is rows on a time axis; Months holds the labels of the months from that of From to that of To.
type Timeline struct {
	From, To time.Time
	Months   []string
	Today    time.Time
	Rows     []TimelineRow
	Legend   []string // words for: done, planned, original date, met, missed
	Alt      string
}

// Series is a line of a Line chart; a NaN value is a gap.
type Series struct {
	Name   string
	Values []float64
	Tone   Tone
	Dashed bool
}

// Line is a line or area chart; Ticks are the labels of the value axis by value.
type Line struct {
	Labels []string
	Series []Series
	Ticks  []Tick
	Area   bool
	Alt    string
}

// Tick is a labelled value of an axis.
type Tick struct {
	Value float64
	Text  string
}

// Heat is a strip of cells; values are 0 to 1.
type Heat struct {
	Title  string
	Labels []string
	Values []float64
	Alt    string
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
