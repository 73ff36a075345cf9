package reports

import (
	"errors"
	"fmt"
	"slices"

	"secretariat/reports/document"
)

// Cut says what of a report is left out although it stands in its file, so that the rest can be sent.
type Cut struct {
	Drop []string // ids of sections, with the sections below them: nothing shows that they are missing
	AsIs bool     // what fails is left out, and a sentence says so in its place
}

// CheckCut returns an error that names a section which the report does not have.
func (d *Definition) CheckCut(c Cut) error {
	for _, id := range c.Drop {
		if known := d.sectionIDs(); !slices.Contains(known, id) || id == "top" {
			return fmt.Errorf("report %s has no section %q to leave out%s", d.Name, id, didYouMean(id, known))
		}
	}
	return nil
}

// cutOut reports whether a section is left out: it is named, or stands below one that is.
func (d *Definition) cutOut(s *Section, c Cut) bool {
	dropping := 0 // level of the section that is being left out
	for _, one := range d.Sections {
		if dropping > 0 && one.Level <= dropping {
			dropping = 0
		}
		if dropping == 0 && slices.Contains(c.Drop, one.ID) {
			dropping = one.Level
		}
		if one == s {
			return dropping > 0
		}
	}
	return false
}

// dropped are the names of the queries in sections that are left out. The readers are always asked for.
func (d *Definition) dropped(c Cut) map[string]bool {
	out := map[string]bool{}
	for _, s := range d.Sections {
		if len(c.Drop) == 0 || !d.cutOut(s, c) {
			continue
		}
		for _, part := range s.Parts {
			if part.Block != nil && part.Block.Name != d.recipients {
				out[part.Block.Name] = true
			}
		}
	}
	return out
}

// missing is what stands in the place of a part that failed; nothing behind another such sentence.
func (c *composer) missing(before []document.Block) []document.Block {
	note := document.Note{Spans: plainSpan(c.l.T("report.part-missing", nil), "")}
	if n := len(before); n > 0 {
		if last, ok := before[n-1].(document.Note); ok && last.Spans[0].Text == note.Spans[0].Text {
			return nil
		}
	}
	return []document.Block{note}
}

// FaultsOf takes an error of a report apart. What names no place in a file becomes a fault of the definition's file.
func (d *Definition) FaultsOf(err error) Faults {
	if list, ok := err.(Faults); ok {
		return list
	}
	if one, ok := err.(Fault); ok {
		return Faults{one}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out Faults
		for _, e := range joined.Unwrap() {
			out = append(out, d.FaultsOf(e)...)
		}
		return out
	}
	if inner := errors.Unwrap(err); inner != nil {
		if found := d.FaultsOf(inner); found[0].Line > 0 {
			return found
		}
	}
	return Faults{{File: d.File, Text: err.Error()}}
}

// Remedy says what may be left out so that the report can be sent without a fault: section is the id of the section that
// holds it, "" for none; all is true when no report is possible without the faulty part.
func (d *Definition) Remedy(f Fault) (section string, all bool) {
	if b := d.blocks[d.recipients]; f.Line == 0 || b != nil && f.File == d.File && f.Line >= b.place.line && f.Line <= b.lastLine() {
		return "", true
	}
	at := 0
	for _, s := range d.Sections {
		line := s.place.line
		if f.File != d.File {
			line = d.overlayLine(f.File, s.ID)
		}
		if line > at && line <= f.Line && s.ID != "top" {
			at, section = line, s.ID
		}
	}
	return section, false
}

// overlayLine is the line of a section in an overlay, 0 where it is not there.
func (d *Definition) overlayLine(file, id string) int {
	for _, o := range d.overlays {
		if s := o.sections[id]; o.file == file && s != nil {
			return s.place.line
		}
	}
	return 0
}
