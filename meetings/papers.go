package meetings

import (
	"slices"
	"time"

	"secretariat/programme"
)

// flagBefore is how long before the opening a paper that lacks a required language is flagged.
const flagBefore = 12 * time.Hour

// States of a paper in a language.
const (
	PaperIssued  = "issued"
	PaperLate    = "issued-late" // after the deadline of the timetable
	PaperOwed    = "owed"        // the deadline is still ahead
	PaperMissing = "missing"     // the deadline is over
)

// PaperRow is a paper with how it stands in each required language.
type PaperRow struct {
	Ref, Symbol  string
	Title        programme.Text
	Distribution string
	Cells        []PaperCell
	Flagged      bool // a required language is not there, and the session is near
}

// PaperCell is a paper in one language.
type PaperCell struct {
	Language string
	State    string
	IssuedOn programme.Date // absent: not issued
}

// Matrix is the papers of a session by language.
type Matrix struct {
	Languages []string
	Deadline  time.Time // by which papers are to be there in all languages; zero: the timetable does not say
	FlagAt    time.Time // from then on what is missing is flagged
	Rows      []PaperRow
}

// Flagged returns the rows that are flagged.
func (x Matrix) Flagged() (rows []PaperRow) {
	for _, r := range x.Rows {
		if r.Flagged {
			rows = append(rows, r)
		}
	}
	return rows
}

// Matrix sets the papers of the session against the languages that each must be there in: the council's working languages
// and what else a paper was announced in. A session that will not be held, or is over, flags nothing.
func (m *Meeting) Matrix(now time.Time) (Matrix, error) {
	x := Matrix{Languages: slices.Clone(m.Council.WorkingLanguages), FlagAt: m.Session.OpensAt.Add(-flagBefore)}
	lines, err := m.Timetable(now)
	if err != nil {
		return x, err
	}
	for _, l := range lines {
		if l.Rule.DoneWhen == "documents-issued" && l.Opens && (x.Deadline.IsZero() || l.DueAt.Before(x.Deadline)) {
			x.Deadline = l.DueAt
		}
	}
	var more []string
	for _, d := range m.Session.Documents {
		for language := range d.Languages {
			if !slices.Contains(x.Languages, language) && !slices.Contains(more, language) {
				more = append(more, language)
			}
		}
	}
	slices.Sort(more)
	state := m.Session.State
	ahead := state != Cancelled && state != Postponed && state != Closed && state != Held
	for _, d := range m.Session.Documents {
		row := PaperRow{Ref: d.Ref, Symbol: d.Symbol, Title: d.Title, Distribution: d.Distribution}
		for _, language := range append(slices.Clone(x.Languages), more...) {
			required := slices.Contains(x.Languages, language)
			if _, announced := d.Languages[language]; !required && !announced {
				continue
			}
			cell := m.paperCell(d, language, x.Deadline, now)
			row.Flagged = row.Flagged || required && ahead && cell.IssuedOn.IsZero() && !now.Before(x.FlagAt)
			row.Cells = append(row.Cells, cell)
		}
		x.Rows = append(x.Rows, row)
	}
	x.Languages = append(x.Languages, more...)
	return x, nil
}

func (m *Meeting) paperCell(d programme.Document, language string, deadline, now time.Time) PaperCell {
	cell := PaperCell{Language: language, IssuedOn: d.Languages[language].IssuedOn, State: PaperOwed}
	switch {
	case !cell.IssuedOn.IsZero():
		cell.State = PaperIssued
		if !deadline.IsZero() && cell.IssuedOn.After(programme.DateOf(deadline, m.Zone())) {
			cell.State = PaperLate
		}
	case !deadline.IsZero() && !now.Before(deadline), deadline.IsZero() && !now.Before(m.Session.OpensAt.Add(-flagBefore)):
		cell.State = PaperMissing
	}
	return cell
}

// PaperLevel is the confidentiality of a paper of a distribution.
func PaperLevel(distribution string) string {
	return map[string]string{"general": "public", "limited": "limited"}[distribution]
}

// MaySee reports whether a clearance reaches a level; "" as a level is confidential.
func MaySee(clearance, level string) bool {
	rank := func(s string) int { return slices.Index([]string{"public", "limited", "confidential"}, s) }
	if level == "" {
		level = "confidential"
	}
	return rank(level) >= 0 && rank(level) <= rank(clearance)
}
