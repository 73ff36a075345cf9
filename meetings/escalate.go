package meetings

import (
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// notClosed is the rule by which the secretary is asked, once, what became of a session that is over. It needs no line in a
// programme file, and its ref cannot be one of a file.
const notClosed = ":not-closed"

// toSecretary is the audience of the rules that no file writes.
const toSecretary = "secretary"

// notClosedRule asks on the morning of the first working day of the secretary after the closing.
func notClosedRule() programme.ReminderRule {
	hour := defaultHour
	return programme.ReminderRule{Ref: notClosed, After: "closing", By: "P1D", To: toSecretary, Template: "session-overdue", LocalHour: &hour, Grace: "P7D"}
}

// unsettled reports whether the session was to take place and nothing says that it did, or did not.
func (m *Meeting) unsettled() bool {
	switch m.Session.State {
	case Confirmed, InSession, Suspended:
		return true
	}
	return false
}

// Overdue reports whether the session is over by its hours and nobody has recorded what became of it. It never becomes held by
// itself: nobody knows who was there.
func (m *Meeting) Overdue(now time.Time) bool { return m.unsettled() && now.After(m.Session.ClosesAt) }

// addressee returns who is reminded of an action item: its owner, until it is overdue for the second time, then the backup,
// then the chair. Who receives no letters, or is not named, is passed over; where nobody is left, the last one before.
func (m *Meeting) addressee(o occasion) string {
	a := *o.action
	line := []string{a.Owner, a.Backup, m.InOffice("chair", a.DueOn)}
	for _, person := range line[o.level:] {
		if m.reachable(person) {
			return person
		}
	}
	for i := o.level - 1; i >= 0; i-- {
		if m.reachable(line[i]) {
			return line[i]
		}
	}
	return a.Owner
}

// level says how far a rule about something that is overdue has gone up: 0 is whoever owes it, 1 who stands behind them, 2 the
// chair. It is the place of the rule among those that remind after the day on which an action item, or the same line of the
// timetable, is due.
func (m *Meeting) level(rule programme.ReminderRule, span calendar.Span) int {
	if rule.After == "" {
		return 0
	}
	level := 0
	for _, other := range m.Council.Reminders {
		by, err := calendar.ParseSpan(string(other.By))
		if err == nil && other.After == rule.After && other.To == rule.To && by.Duration() < span.Duration() {
			level++
		}
	}
	return min(level, 2)
}

// overdue reports whether an occasion is that of a duty whose day is over: a rule for duty holders after a line of the timetable
// counts from the day on which it was due, every other one after a line from when it was done.
func (o occasion) overdue() bool {
	return o.line != nil && o.rule.After != "" && o.rule.To == "duty-holder"
}

// answerable returns who is told of a duty: those who owe it; when its day is over, by the level of the rule, those, then who stands
// behind them, then the chair. Where nobody receives letters on a level, the one before it is asked again.
func (m *Meeting) answerable(o occasion) []string {
	holders := m.DutyHolders(o.line.Rule.DutyOf, o.line.DueOn)
	for level := o.level; level > 0; level-- {
		if people := m.behind(o.line.Rule.DutyOf, o.line.DueOn, level); len(people) > 0 {
			return people
		}
	}
	return holders
}

// behind returns who stands behind those who owe a duty: alternates behind members, the Vice-Chair behind the Chair, the Chair behind
// the secretary, the secretary behind host and focal points; on the second level the Chair.
func (m *Meeting) behind(dutyOf string, due programme.Date, level int) (people []string) {
	if dutyOf == "members" && level == 1 {
		return m.firstAlternates(due)
	}
	office := map[string]string{"chair": "vice-chair", "secretary": "chair"}[dutyOf]
	switch {
	case level > 1 && dutyOf != "chair":
		office = "chair"
	case office == "":
		office = "secretary"
	}
	if person := m.InOffice(office, due); m.reachable(person) {
		people = append(people, person)
	}
	return people
}

// firstAlternates returns for each voting seat that is held the highest-ranking alternate who receives letters and does not speak
// for the seat already.
func (m *Meeting) firstAlternates(due programme.Date) (people []string) {
	for _, st := range m.Standings() {
		if !st.Seat.Voting || st.Acting == "" {
			continue
		}
		for _, t := range st.Seat.Alternates {
			if t.On(due) && t.Person != st.Acting && m.reachable(t.Person) {
				people = append(people, t.Person)
				break
			}
		}
	}
	return people
}

// Escalated reports whether a reminder of a line goes to somebody who does not owe it.
func (m *Meeting) Escalated(line Line, person string) bool {
	for _, holder := range m.DutyHolders(line.Rule.DutyOf, line.DueOn) {
		if holder == person {
			return false
		}
	}
	return true
}
