package meetings

import (
	"fmt"
	"slices"

	"secretariat/programme"
)

// OfficeNeeded is a function of whose people one must be free when a council meets. Quorum says that the quorum asks for it.
type OfficeNeeded struct {
	Kind   string
	People []string
	Quorum bool
}

// OfficersNeeded returns who must be free on a day: the chair or the vice-chair, the secretary, a focal point of the host,
// and whom the rules of the quorum name. Offices that nobody holds are left out.
func (m *Meeting) OfficersNeeded(day programme.Date) (needed []OfficeNeeded) {
	add := func(kind string, quorum bool, people ...string) {
		people = slices.DeleteFunc(people, func(ref string) bool { return ref == "" })
		if len(people) > 0 {
			needed = append(needed, OfficeNeeded{kind, people, quorum})
		}
	}
	var named []string
	for _, r := range m.Council.Quorum {
		for _, kind := range r.NeedsOffice {
			if !slices.Contains(named, kind) {
				named = append(named, kind)
				add(kind, true, m.InOffice(kind, day))
			}
		}
	}
	if !slices.Contains(named, "chair") {
		add("chair", false, m.InOffice("chair", day), m.InOffice("vice-chair", day))
	}
	if !slices.Contains(named, "secretary") {
		add("secretary", false, m.InOffice("secretary", day))
	}
	add("host", false, m.focalPoints(m.Council.Host)...)
	return needed
}

// SeatsRequired returns how many voting seats a session needs to decide, or to open where no rule speaks of deciding.
func (m *Meeting) SeatsRequired() (int, error) {
	rule, ok := m.quorumRule("decide")
	if !ok {
		if rule, ok = m.quorumRule("open"); !ok {
			return 1, nil
		}
	}
	base := rule.Base
	if base == "present" { // of whoever is there: before the session nobody knows
		return 1, nil
	}
	return Required(rule, m.baseOf(base, 0))
}

// RecordChance returns how likely somebody comes who has not answered: by the record of the seat, as if it had two sessions
// more, half of them attended.
func (m *Meeting) RecordChance(past SeatRecord) float64 {
	return (float64(past.Attended) + recordWeight*chanceUnknown) / (float64(past.Sessions) + recordWeight)
}

// Uncovered names the years of a period for which the council's calendar has no holiday on record: its working days are
// not known then.
func (m *Meeting) Uncovered(from, to programme.Date) (warnings []string) {
	h := m.Holidays[m.Council.Calendar]
	for year := from.Time().Year(); year <= to.Time().Year(); year++ {
		known := false
		for _, d := range append(slices.Clone(h.Off), h.Working...) {
			known = known || d.Year() == year
		}
		if !known {
			warnings = append(warnings, fmt.Sprintf("calendar %s names no holiday of %d: its working days are not known", m.Council.Calendar, year))
		}
	}
	return warnings
}
