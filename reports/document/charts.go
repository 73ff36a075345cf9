package document

import "time"

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
