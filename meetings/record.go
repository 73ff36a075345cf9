package meetings

import (
	"strings"
	"time"

	"secretariat/calendar"
)

// RecordState is what deciding needs of a session's record. Moments that have not come are zero.
type RecordState struct {
	State            string // draft, circulated, adopted; "" for none
	CirculatedAt     time.Time
	CorrectionsUntil time.Time
	AdoptedAt        time.Time
}

// decisionsAssigned asks that somebody owns, by a day, what follows from each decision.
func decisionsAssigned(c *Change) (problem, cure string) {
	if left := unassigned(c.After.Session, c.After.NoAction); len(left) > 0 {
		return "nobody owns what follows from " + strings.Join(left, ", "),
			`record an action item with owner and day (secretariat actions add), or why nothing follows (secretariat actions none)`
	}
	return "", ""
}

// recordAdopted asks that a record which was begun is brought to its end. A session whose record is kept elsewhere has none.
func recordAdopted(c *Change) (problem, cure string) {
	switch c.After.Record.State {
	case "draft":
		return "its record is a draft", "circulate and adopt it: secretariat sessions record"
	case "circulated":
		return "its record is circulated and not adopted", "secretariat sessions record adopt " + c.After.Session.Ref
	}
	return "", ""
}

// CorrectionsUntil returns until when corrections to a record circulated at a moment are taken: the end of the line of the
// timetable that asks for its adoption, where that is ahead, else two weeks later.
func (m *Meeting) CorrectionsUntil(circulated time.Time) (time.Time, error) {
	lines, err := m.Timetable(circulated)
	if err != nil {
		return time.Time{}, err
	}
	for _, l := range lines {
		if l.Rule.DoneWhen == "record-adopted" && l.DueAt.After(circulated) {
			return l.DueAt, nil
		}
	}
	day := calendar.Day(circulated.In(m.Zone())).AddDate(0, 0, 14)
	return calendar.EndOfDay(day, m.Zone()), nil
}
