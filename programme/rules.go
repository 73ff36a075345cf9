package programme

import "slices"

// The rules of activities, as letters and plans use them. Reports take the same answers from schema report; one table of
// cases in package store holds both to each other.

// Traffic lights of an activity.
const (
	Red   = "red"
	Amber = "amber"
	Green = "green"
	Grey  = "grey"
)

const (
	amberDays    = 14 // due within these many days …
	amberPercent = 80 // … with less than this is amber
	amberBehind  = 25 // so is more than these points behind the straight line
	silentDays   = 30
)

// Standing is how an activity stood at the end of a day: what is dated later is not seen.
type Standing struct {
	Status       string // "closed" only when it was by then
	DueOn        Date
	ClosedOn     Date
	Percent      int
	Revisions    int
	LastUpdateOn Date
	DaysLate     int // 0 unless overdue
	SlipDays     int // 0 unless slipped
	RAG          string
	Silent       bool // in work, and no update for 30 days
}

// Open reports whether a status is neither done nor out.
func Open(status string) bool {
	return status == "pipeline" || status == "implementation" || status == "finalisation"
}

// Out reports whether a status means that the work is not being done.
func Out(status string) bool { return status == "cancelled" || status == "suspended" }

// Overdue reports whether what is due on a day is late on another: due today is not.
func Overdue(status string, due, day Date) bool { return Open(status) && due.Before(day) }

// DaysLate is the number of days from due to day, 0 when it is not late.
func DaysLate(due, day Date) int { return max(day.Sub(due), 0) }

// On returns how the activity stood on a day.
func (a Activity) On(day Date) Standing {
	s := Standing{Status: a.Status, DueOn: a.DueOn, ClosedOn: a.ClosedOn, Percent: a.Percent}
	if a.ClosedOn.After(day) {
		s.Status, s.ClosedOn, s.Percent = "implementation", Date{}, min(a.Percent, 99)
	}
	s.DueOn, s.Revisions = dueOn(a.DueOn, a.Revisions, day)
	for _, u := range a.Updates {
		if !u.Date.After(day) && !u.Date.Before(s.LastUpdateOn) {
			s.LastUpdateOn, s.Percent = u.Date, u.Percent
		}
	}
	original := a.OriginalDueOn
	if original.IsZero() {
		original = a.DueOn
		if len(a.Revisions) > 0 {
			original = a.Revisions[0].From
		}
	}
	if a.Status != "cancelled" {
		s.SlipDays = max(s.DueOn.Sub(original), 0)
	}
	if Overdue(s.Status, s.DueOn, day) {
		s.DaysLate = DaysLate(s.DueOn, day)
	}
	s.RAG = RAG(s.Status, a.StartsOn, s.DueOn, s.Percent, day)
	last := s.LastUpdateOn
	if last.IsZero() {
		last = a.StartsOn
	}
	s.Silent = (s.Status == "implementation" || s.Status == "finalisation") && day.Sub(last) >= silentDays
	return s
}

// dueOn is the due date as it stood on a day, and how often it had been moved by then. Revisions are oldest first.
func dueOn(stored Date, revisions []Revision, day Date) (due Date, moved int) {
	ordered := slices.SortedStableFunc(slices.Values(revisions), func(a, b Revision) int { return a.Date.Sub(b.Date) })
	for i, r := range ordered {
		if r.Date.After(day) {
			return r.From, i
		}
	}
	return stored, len(revisions)
}

// RAG is the traffic light of an activity. Pipeline is grey, or red when overdue; amber and green are for work that is
// being done.
func RAG(status string, starts, due Date, percent int, day Date) string {
	switch {
	case !Open(status):
		return Grey
	case due.Before(day):
		return Red
	case status == "pipeline":
		return Grey
	case due.Sub(day) <= amberDays && percent < amberPercent:
		return Amber
	case !day.Before(starts) && behind(starts, due, percent, day):
		return Amber
	}
	return Green
}

// behind reports whether percent is more than 25 points behind the straight line from starts to due, in whole numbers.
func behind(starts, due Date, percent int, day Date) bool {
	length := due.Sub(starts)
	if length == 0 {
		return 100-percent > amberBehind
	}
	return 100*day.Sub(starts)-percent*length > amberBehind*length
}

// States of a milestone.
const (
	MilestoneMet    = "met"
	MilestoneMissed = "missed"
	MilestoneOpen   = "open"
	MilestoneOut    = "out" // not met, and its activity is out
)

// StateOn returns how a milestone of an activity of this status stood on a day.
func (m Milestone) StateOn(day Date, status string) string {
	due, _ := dueOn(m.DueOn, m.Revisions, day)
	switch {
	case !m.MetOn.IsZero() && !m.MetOn.After(day):
		return MilestoneMet
	case Out(status):
		return MilestoneOut
	case due.Before(day):
		return MilestoneMissed
	}
	return MilestoneOpen
}
