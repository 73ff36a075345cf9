package meetings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// States of a line of the timetable.
const (
	LineOpen   = "open"
	LineDone   = "done"
	LineMissed = "missed"
	LineWaived = "waived"
	LineLate   = "late-at-creation" // its day was over before the date of the session was known
)

// Line is one duty of a session's convening timetable.
type Line struct {
	Rule   programme.LeadTimeRule
	DueOn  programme.Date // at the council's seat
	DueAt  time.Time      // the end of that day, or the moment where the rule counts hours
	State  string
	DoneAt time.Time // zero: not done, or nobody knows when
	Slack  int       // days from today to DueOn; negative when it is over
	Opens  bool      // it leads to the opening, not away from the closing
	Late   bool      // it was done when its day was over
	Ahead  int       // of a line that is done and leads to the opening: days from when it was done to the opening
	Former bool      // it was done when the session had another date: does it hold for this one?
	Mark   LineMark
}

// LineMark is what people put on record about a line: who ticked it, or who waived it and why.
type LineMark struct{ TickedBy, Note, WaivedBy, Waiver string }

// Timetable returns the lines of the session in the order of their moments. An error names a rule that counts from
// itself, from an unknown one or by a length that cannot be read.
func (m *Meeting) Timetable(now time.Time) ([]Line, error) {
	lines, err := m.dues(m.Session.OpensAt, m.Session.ClosesAt)
	if err != nil {
		return nil, err
	}
	today := programme.DateOf(now, m.Zone())
	for i := range lines {
		l := &lines[i]
		m.settle(l, now)
		l.Slack = l.DueOn.Sub(today)
		m.remark(l)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return a.DueAt.Compare(b.DueAt) })
	return lines, nil
}

// settle says how a line stands. A waiver is for a date. Where a fact makes the line done, the fact decides, also when it is
// taken back; else what a person ticked.
func (m *Meeting) settle(l *Line, now time.Time) {
	record, known := m.Lines[l.Rule.Ref]
	ticked := known && record.State == LineDone
	done, at := ticked, record.DoneAt
	if observable(l.Rule.DoneWhen) {
		done, at = m.fact(l.Rule.DoneWhen)
		switch {
		case !at.IsZero():
		case ticked:
			at = record.DoneAt
		case known: // it was open until now
			at = now
		}
	}
	switch {
	case known && record.State == LineWaived && record.DueOn == l.DueOn:
		l.State = LineWaived
	case done:
		l.State, l.DoneAt = LineDone, at
	case !l.DueAt.Before(now):
		l.State = LineOpen
	case l.DueAt.Before(m.KnownSince):
		l.State = LineLate
	default:
		l.State = LineMissed
	}
}

// remark adds to a settled line what its day alone does not say: whether it was done in time, whether it was done for the
// date that the session has now, and who spoke for it.
func (m *Meeting) remark(l *Line) {
	if l.State == LineWaived {
		l.Mark = LineMark{WaivedBy: m.Lines[l.Rule.Ref].Mark.WaivedBy, Waiver: m.Lines[l.Rule.Ref].Mark.Waiver}
	}
	if l.State != LineDone {
		return
	}
	if ByHand(l.Rule) {
		l.Mark = LineMark{TickedBy: m.Lines[l.Rule.Ref].Mark.TickedBy, Note: m.Lines[l.Rule.Ref].Mark.Note}
	}
	if l.DoneAt.IsZero() {
		return
	}
	on := programme.DateOf(l.DoneAt, m.Zone())
	l.Late = l.DoneAt.After(l.DueAt)
	if l.Opens {
		l.Ahead = m.OpeningDay().Sub(on)
	}
	if n := len(m.Session.Previously); n > 0 {
		moved := m.Session.Previously[n-1].Until // the day, not the hour; KnownSince is the hour of the last change of any kind
		l.Former = on.Before(moved) || on == moved && l.DoneAt.Before(m.KnownSince)
	}
}

// dues computes the day of every rule for a session with these times.
func (m *Meeting) dues(opens, closes time.Time) ([]Line, error) {
	order, err := ruleOrder(m.Council.Timetable)
	if err != nil {
		return nil, fmt.Errorf("timetable of council %s: %w", m.Council.Ref, err)
	}
	zone, work := m.Zone(), m.Workdays()
	at := map[string]Line{
		"opening": {DueOn: programme.DateOf(opens, zone), DueAt: opens, Opens: true},
		"closing": {DueOn: programme.DateOf(closes, zone), DueAt: closes},
	}
	lines := make([]Line, 0, len(order))
	for _, rule := range order {
		anchor, direction := anchorOf(rule)
		l, err := due(rule, at[anchor], direction, zone, work)
		if err != nil {
			return nil, fmt.Errorf("timetable of council %s, rule %s: %w", m.Council.Ref, rule.Ref, err)
		}
		at[rule.Ref] = l
		lines = append(lines, l)
	}
	return lines, nil
}

// due counts one rule from its anchor. A day ends at the council's seat.
func due(rule programme.LeadTimeRule, anchor Line, direction int, zone *time.Location, work calendar.Workdays) (Line, error) {
	span, err := calendar.ParseSpan(string(rule.By))
	if err != nil {
		return Line{}, err
	}
	l := Line{Rule: rule, Opens: anchor.Opens}
	if span.OnClock() {
		l.DueAt = span.Step(anchor.DueAt, direction, zone, work)
		day := calendar.DayIn(l.DueAt, zone)
		rolled := work.Roll(day, rule.Roll)
		l.DueAt = l.DueAt.AddDate(0, 0, calendar.DaysBetween(day, rolled))
		l.DueOn = dateOf(rolled)
		return l, nil
	}
	day := work.Roll(span.StepDay(anchor.DueOn.Time(), direction, work), rule.Roll)
	l.DueOn, l.DueAt = dateOf(day), calendar.EndOfDay(day, zone)
	return l, nil
}

// anchorOf returns what a rule counts from, and in which direction.
func anchorOf(rule programme.LeadTimeRule) (anchor string, direction int) {
	if rule.Before != "" {
		return rule.Before, calendar.Before
	}
	return rule.After, calendar.After
}

// OnClock reports whether a rule counts hours, so that its line is due at a moment and not at the end of a day.
func OnClock(rule programme.LeadTimeRule) bool {
	span, err := calendar.ParseSpan(string(rule.By))
	return err == nil && span.OnClock()
}

// CheckTimetable refuses rules that count in a circle, from an unknown rule or by a length that cannot be read.
func CheckTimetable(rules []programme.LeadTimeRule) error {
	_, err := ruleOrder(rules)
	for _, r := range rules {
		if _, spanErr := calendar.ParseSpan(string(r.By)); spanErr != nil && err == nil {
			err = fmt.Errorf("rule %s: %w", r.Ref, spanErr)
		}
	}
	return err
}

// ruleOrder sorts rules so that each comes after its anchor.
func ruleOrder(rules []programme.LeadTimeRule) ([]programme.LeadTimeRule, error) {
	byRef := map[string]programme.LeadTimeRule{}
	for _, r := range rules {
		byRef[r.Ref] = r
	}
	var order []programme.LeadTimeRule
	placed := map[string]bool{"opening": true, "closing": true}
	var path []string
	var place func(ref string) error
	place = func(ref string) error {
		if placed[ref] {
			return nil
		}
		rule, ok := byRef[ref]
		if !ok {
			return fmt.Errorf("rule %s counts from %q, which is neither opening, closing nor a rule", path[len(path)-1], ref)
		}
		if i := slices.Index(path, ref); i >= 0 {
			return fmt.Errorf("rules count in a circle: %s → %s", strings.Join(path[i:], " → "), ref)
		}
		path = append(path, ref)
		defer func() { path = path[:len(path)-1] }()
		anchor, _ := anchorOf(rule)
		if err := place(anchor); err != nil {
			return err
		}
		placed[ref] = true
		order = append(order, rule)
		return nil
	}
	for _, r := range rules {
		if err := place(r.Ref); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// missedHard returns the hard lines before the opening whose moment is over and which are neither done nor waived.
func (m *Meeting) missedHard(now time.Time) (missed []Line) {
	lines, err := m.Timetable(now)
	if err != nil {
		return nil
	}
	for _, l := range lines {
		if l.Rule.Hard && l.Opens && (l.State == LineMissed || l.State == LineLate) {
			missed = append(missed, l)
		}
	}
	return missed
}

// maxSearch is how many days ahead a feasible date is looked for.
const maxSearch = 1100

// EarliestFeasible returns the first day on which the session could open so that no hard line before the opening is
// over at a moment: all its days are working days of the council. Time of day and length stay. False: none in three years.
func (m *Meeting) EarliestFeasible(now time.Time) (programme.Date, bool) {
	zone, work := m.Zone(), m.Workdays()
	opens := m.Session.OpensAt.In(zone)
	clock := time.Duration(opens.Hour())*time.Hour + time.Duration(opens.Minute())*time.Minute
	length := m.Session.ClosesAt.Sub(m.Session.OpensAt)
	first := calendar.DayIn(now, zone)
	for n := range maxSearch {
		day := first.AddDate(0, 0, n)
		start := calendar.Moment(day, clock, zone)
		if start.After(now) && allWorked(day, calendar.DayIn(start.Add(length), zone), work) && m.feasible(start, start.Add(length), now) {
			return dateOf(day), true
		}
	}
	return programme.Date{}, false
}

func allWorked(from, to time.Time, work calendar.Workdays) bool {
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		if !work.Is(d) {
			return false
		}
	}
	return true
}

// feasible reports whether no hard line of a session with these times is over.
func (m *Meeting) feasible(opens, closes, now time.Time) bool {
	lines, err := m.dues(opens, closes)
	if err != nil {
		return false
	}
	for _, l := range lines {
		if l.Rule.Hard && l.Opens && l.DueAt.Before(now) {
			return false
		}
	}
	return true
}

// sortedKeys returns the keys of a map in order, so that results do not depend on the map.
func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
