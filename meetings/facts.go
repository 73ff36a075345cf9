package meetings

import (
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// observable reports whether what makes a line done can be seen in what is on record. A call sent and letters issued
// cannot, as notes verbales and visa letters leave by other ways: a person ticks them.
func observable(doneWhen string) bool {
	return doneWhen != "" && doneWhen != "call-sent" && doneWhen != "letters-issued"
}

// ByHand reports whether a line of this rule is done when a person says so. Until then nobody knows whether it is: that its
// day is over is no proof that it was missed.
func ByHand(rule programme.LeadTimeRule) bool { return !observable(rule.DoneWhen) }

// fact reports whether what makes a line done has happened, and when: a zero moment is not known.
func (m *Meeting) fact(name string) (done bool, at time.Time) {
	state := m.Session.State
	announced := state != Draft && state != Postponed && state != Cancelled
	confirmed := announced && state != Tentative
	switch name {
	case "session-tentative":
		return announced, time.Time{}
	case "session-confirmed":
		return confirmed, time.Time{}
	case "agenda-published":
		return confirmed && len(m.Session.Agenda) > 0, time.Time{}
	case "documents-submitted":
		return m.issued(nil)
	case "documents-issued":
		return m.issued(m.Council.WorkingLanguages)
	case "nominations-complete":
		return m.allFilled(), time.Time{}
	case "all-replied":
		return m.allReplied(), time.Time{}
	case "actions-assigned":
		return state == Closed || state == Held && len(m.Session.ActionItems) > 0, time.Time{}
	case "record-circulated":
		return state == Closed || !m.Record.CirculatedAt.IsZero(), m.Record.CirculatedAt
	case "record-adopted":
		return state == Closed || !m.Record.AdoptedAt.IsZero(), m.Record.AdoptedAt
	}
	return false, time.Time{}
}

// issued reports whether every paper is there in all the languages, or with none given in any, and since which day.
// A session without papers has issued none.
func (m *Meeting) issued(languages []string) (bool, time.Time) {
	var last programme.Date
	for _, d := range m.Session.Documents {
		var on programme.Date
		if languages == nil {
			on = firstIssue(d)
		}
		for _, language := range languages {
			v := d.Languages[language]
			if v.IssuedOn.IsZero() {
				return false, time.Time{}
			}
			on = later(on, v.IssuedOn)
		}
		if on.IsZero() {
			return false, time.Time{}
		}
		last = later(last, on)
	}
	if last.IsZero() {
		return false, time.Time{}
	}
	return true, calendar.EndOfDay(last.Time(), m.Zone())
}

// firstIssue returns the day of the first version of a paper, absent when there is none.
func firstIssue(d programme.Document) (first programme.Date) {
	for _, v := range d.Languages {
		if !v.IssuedOn.IsZero() && (first.IsZero() || v.IssuedOn.Before(first)) {
			first = v.IssuedOn
		}
	}
	return first
}

func later(a, b programme.Date) programme.Date {
	if a.After(b) {
		return a
	}
	return b
}

func (m *Meeting) allFilled() bool {
	for _, s := range m.Seats {
		if s.MemberOn(m.OpeningDay()) == "" {
			return false
		}
	}
	return len(m.Seats) > 0
}

func (m *Meeting) allReplied() bool {
	for _, st := range m.Standings() {
		if st.Acting != "" && st.Answer == "" {
			return false
		}
	}
	return len(m.Seats) > 0
}
