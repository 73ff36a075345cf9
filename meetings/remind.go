package meetings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// Reminder is one letter of a reminder rule: who gets it, about what, and when on their clock.
type Reminder struct {
	Key       string // of the ledger: rule, session, revision, person and local date
	Rule      string
	Kind      string // name of the letter
	Person    string
	Matter    string         // what it is about beside the session: "action:REF", "line:REF" or ""
	Day       programme.Date // on the recipient's clock
	Moment    time.Time      // by the rule
	NotBefore time.Time      // Moment, or later where it is late
	Expires   time.Time      // from then on it has lost its point
	State     string         // "" is owed; suppressed or expired with a reason
	Reason    string
	Priority  int
}

// occasion is a rule applied to one matter: the session, a line of its timetable or an action item.
type occasion struct {
	rule     programme.ReminderRule
	span     calendar.Span
	grace    calendar.Span
	matter   string
	moment   time.Time      // of the anchor
	day      programme.Date // of the anchor, where the anchor is a day; absent where the recipient's clock says it
	line     *Line
	action   *programme.ActionItem
	afterEnd bool // it belongs to the time after the opening
	level    int  // of an action item: whom it has come to, 0 is the owner
}

// occasions lists what the reminder rules apply to. An error names a rule that cannot be read.
func (m *Meeting) occasions(now time.Time) ([]occasion, error) {
	lines, err := m.Timetable(now)
	if err != nil {
		return nil, err
	}
	var all []occasion
	for _, rule := range append(slices.Clone(m.Council.Reminders), notClosedRule()) {
		o := occasion{rule: rule}
		if o.span, err = calendar.ParseSpan(string(rule.By)); err == nil {
			o.grace, err = calendar.ParseSpan(string(rule.Grace))
		}
		if err != nil {
			return nil, fmt.Errorf("reminder rule %s of council %s: %w", rule.Ref, m.Council.Ref, err)
		}
		all = append(all, m.anchored(o, lines)...)
	}
	return all, nil
}

// anchored finds what a rule counts from: one moment, or the day of every action item.
func (m *Meeting) anchored(o occasion, lines []Line) []occasion {
	anchor := o.rule.Before + o.rule.After
	switch anchor {
	case "opening":
		o.moment, o.afterEnd = m.Session.OpensAt, o.rule.After != ""
	case "closing":
		o.moment, o.afterEnd = m.Session.ClosesAt, o.rule.After != ""
		if o.rule.Ref == notClosed {
			o.matter = "over:" + m.Session.Ref
		}
	case "action-due":
		var each []occasion
		o.level = m.level(o.rule, o.span)
		for i := range m.Session.ActionItems {
			a := o
			a.action, a.afterEnd = &m.Session.ActionItems[i], true
			a.day, a.matter = a.action.DueOn, "action:"+a.action.Ref
			each = append(each, a)
		}
		return each
	default:
		for i, l := range lines {
			if l.Rule.Ref == anchor {
				o.line, o.matter, o.afterEnd = &lines[i], "line:"+anchor, !l.Opens
				o.moment, o.day = l.DueAt, l.DueOn
				switch {
				case o.overdue():
					o.level = m.level(o.rule, o.span)
				case o.rule.After != "": // from when it was done
					o.moment, o.day = l.DoneAt, programme.Date{}
				}
				return []occasion{o}
			}
		}
		return nil
	}
	return []occasion{o}
}

// candidates returns everybody whom a rule may mean; withheld says who of them gets nothing, and why.
func (m *Meeting) candidates(o occasion) []string {
	switch o.rule.To {
	case "action-owner":
		if o.action != nil {
			return []string{m.addressee(o)}
		}
	case "duty-holder":
		if o.line != nil {
			return m.answerable(o)
		}
	case toSecretary:
		return m.DutyHolders("secretary", programme.DateOf(m.Session.ClosesAt, m.Zone()))
	default:
		var people []string
		for _, st := range m.Invited() {
			people = append(people, st.Acting)
		}
		return people
	}
	return nil
}

// reminder computes when a person gets the reminder of an occasion. Hour and date are the recipient's; where the rule
// counts hours, the moment itself.
func (m *Meeting) reminder(o occasion, person string) Reminder {
	p := m.People[person]
	zone := m.PersonZone(p)
	r := Reminder{Rule: o.rule.Ref, Kind: o.rule.Template, Person: person, Matter: o.matter, Priority: 3}
	direction := calendar.Before
	if o.rule.After != "" {
		direction = calendar.After
	}
	anchor := o.day
	if anchor.IsZero() {
		anchor = programme.DateOf(o.moment, zone)
	}
	if o.span.OnClock() && o.action == nil {
		r.Moment = o.span.Step(o.moment, direction, zone, m.Workdays())
		if o.rule.LocalHour != nil {
			r.Moment = atHour(programme.DateOf(r.Moment, zone), *o.rule.LocalHour, zone)
		}
	} else {
		day := o.span.StepDay(anchor.Time(), direction, m.Workdays())
		switch { // never on the day off of who has to act
		case o.action != nil:
			day = m.PersonWorkdays(m.People[o.action.Owner]).Roll(day, "later")
		case o.rule.To == toSecretary:
			day = m.PersonWorkdays(p).Roll(day, "later")
		}
		r.Moment = atHour(dateOf(day), hourOf(o.rule), zone)
	}
	r.Day = programme.DateOf(r.Moment, zone)
	r.Expires = r.Moment.Add(o.grace.Duration())
	if !o.afterEnd && r.Expires.After(m.Session.OpensAt) {
		r.Expires = m.Session.OpensAt
	}
	if !o.afterEnd && m.Session.OpensAt.Sub(r.Moment) <= 3*time.Hour {
		r.Priority = 1
	}
	r.NotBefore, r.Key = r.Moment, m.key(o, r)
	return r
}

// defaultHour is the hour of a reminder whose rule names none and counts days.
const defaultHour = 9

func hourOf(rule programme.ReminderRule) int {
	if rule.LocalHour != nil {
		return *rule.LocalHour
	}
	return defaultHour
}

func atHour(day programme.Date, hour int, zone *time.Location) time.Time {
	return calendar.Moment(day.Time(), time.Duration(hour)*time.Hour, zone)
}

// key names a reminder for ever: planning again finds it by this.
func (m *Meeting) key(o occasion, r Reminder) string {
	switch {
	case o.action != nil:
		return fmt.Sprintf("action:%s:%s/%s:%s:%s", o.action.Ref, m.Council.Ref, r.Rule, o.action.DueOn, r.Person)
	case o.rule.To == "duty-holder" && o.line != nil && o.rule.Before != "":
		return fmt.Sprintf("duty:%s/%s:%s/%s:%s:%s", m.Session.Ref, o.line.Rule.Ref, m.Council.Ref, r.Rule, o.line.DueOn, r.Person)
	}
	return fmt.Sprintf("reminder:%s/%s:%s:r%d:%s:%s", m.Council.Ref, r.Rule, m.Session.Ref, m.Revision, r.Person, r.Day)
}

// Action returns the ref of the action item that the reminder is about, "" for none.
func (r Reminder) Action() string { return matterRef(r.Matter, "action:") }

// Line returns the ref of the timetable rule that the reminder is about, "" for none.
func (r Reminder) Line() string { return matterRef(r.Matter, "line:") }

func matterRef(matter, kind string) string {
	if ref, ok := strings.CutPrefix(matter, kind); ok {
		return ref
	}
	return ""
}
