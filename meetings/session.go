package meetings

import (
	"fmt"
	"strings"
	"time"

	"secretariat/programme"
)

// States of a session.
const (
	Draft     = "draft"
	Tentative = "tentative"
	Confirmed = "confirmed"
	Postponed = "postponed"
	Cancelled = "cancelled"
	InSession = "in_session"
	Held      = "held"
	Closed    = "closed"
)

// Verbs that lead a session from state to state.
const (
	Announce   = "announce" // the date is to be held: draft → tentative
	Confirm    = "confirm"
	Reschedule = "reschedule"
	Postpone   = "postpone"
	Cancel     = "cancel"
	Open       = "open"
	Hold       = "hold" // it was held
	Close      = "close"
)

// step is one row of the life of a session.
type step struct {
	verb, from, to string
	guards         []guard
	letter         string // kind of the letters that the step causes, "" for none
}

// steps is the life of a session, and the only place that says what may follow what. A rescheduled session keeps its
// state; a postponed one becomes confirmed, or tentative when asked for.
var steps = []step{
	{Announce, Draft, Tentative, nil, "hold-the-date"},
	{Confirm, Draft, Confirmed, []guard{hasPlace, hasAgenda, leadTimesMet}, "invitation"},
	{Confirm, Tentative, Confirmed, []guard{hasPlace, hasAgenda, leadTimesMet}, "invitation"},
	{Reschedule, Draft, Draft, []guard{isAhead}, ""},
	{Reschedule, Tentative, Tentative, []guard{isAhead}, "session-changed"},
	{Reschedule, Confirmed, Confirmed, []guard{isAhead, leadTimesMet}, "session-changed"},
	{Reschedule, Postponed, Confirmed, []guard{isAhead, hasPlace, hasAgenda, leadTimesMet}, "invitation"},
	{Reschedule, Postponed, Tentative, []guard{isAhead}, "hold-the-date"},
	{Postpone, Tentative, Postponed, []guard{hasReason}, "session-postponed"},
	{Postpone, Confirmed, Postponed, []guard{hasReason}, "session-postponed"},
	{Cancel, Tentative, Cancelled, []guard{hasReason}, "session-cancelled"},
	{Cancel, Confirmed, Cancelled, []guard{hasReason}, "session-cancelled"},
	{Cancel, Postponed, Cancelled, []guard{hasReason}, "session-cancelled"},
	{Open, Confirmed, InSession, nil, ""},
	{Hold, InSession, Held, []guard{hasAttendance, isOver}, ""},
	{Hold, Confirmed, Held, []guard{hasAttendance, isOver}, ""},
	{Close, Held, Closed, nil, ""},
}

// StepError says that a session cannot take a step from where it is. It is the same for command, page and file.
type StepError struct {
	Session, Verb, State string
	Problem, Cure        string
}

func (e *StepError) Error() string {
	return fmt.Sprintf("cannot %s session %s, which is %s: %s", e.Verb, e.Session, strings.ReplaceAll(e.State, "_", " "), e.Problem)
}

// Hint returns what to do.
func (e *StepError) Hint() string { return e.Cure }

// Change is a step that is asked for: the session as it is and as it shall be.
type Change struct {
	Verb          string
	Before, After Meeting
	Reason        programme.Text
	Waiver        Waiver
	Now           time.Time
}

// Waiver is the chair's consent to a lead time that is not kept.
type Waiver struct{ By, Text string } // By is a person

// guard returns why a change may not be made, and the cure; "" when it may.
type guard func(c *Change) (problem, cure string)

// Check returns the kind of the letters that the change causes, "" for none, or a *StepError. The state that the
// session shall have is that of c.After.
func (c *Change) Check() (letter string, err error) {
	refuse := func(problem, cure string) (string, error) {
		return "", &StepError{c.Before.Session.Ref, c.Verb, c.Before.Session.State, problem, cure}
	}
	var allowed []string
	for _, s := range steps {
		if s.from != c.Before.Session.State {
			continue
		}
		allowed = append(allowed, s.verb)
		if s.verb != c.Verb || s.to != c.After.Session.State {
			continue
		}
		for _, g := range s.guards {
			if problem, cure := g(c); problem != "" {
				return refuse(problem, cure)
			}
		}
		return s.letter, nil
	}
	if len(allowed) == 0 {
		return refuse("this state is final", "plan a new session")
	}
	return refuse("from there it can "+list(allowed, "or"), "choose one of these steps")
}

// Target returns the state to which a verb leads from a state; "" where it leads nowhere.
func Target(verb, from string) string {
	for _, s := range steps {
		if s.verb == verb && s.from == from {
			return s.to
		}
	}
	return ""
}

// VerbBetween returns the verb of a change that a file has made, "" when the states are not joined by one.
func VerbBetween(before, after string) string {
	for _, s := range steps {
		if s.from == before && s.to == after {
			return s.verb
		}
	}
	return ""
}

// LetterBetween returns the kind of letters that a change between two states causes, "" for none. A file may record a
// change that no step makes, such as a cancelled session that meets after all: its letters are those of the new state,
// unless the session was over.
func LetterBetween(before, after string) string {
	for _, s := range steps {
		if s.from == before && s.to == after {
			return s.letter
		}
	}
	if before == InSession || before == Held || before == Closed {
		return ""
	}
	return map[string]string{Tentative: "hold-the-date", Confirmed: "invitation", Postponed: "session-postponed", Cancelled: "session-cancelled"}[after]
}

// Revises reports whether a step raises the revision: replies to the former state are stale then. That a session was
// opened, held or closed changes nothing that anybody answered.
func Revises(verb string) bool { return verb != Open && verb != Hold && verb != Close }

// Told reports whether a session in this state was told to its members.
func Told(state string) bool { return state != Draft }

// Material reports whether a session changed in a way that its members must be told: start, end, place, mode or state.
func Material(before, after programme.Session) bool {
	return !before.OpensAt.Equal(after.OpensAt) || !before.ClosesAt.Equal(after.ClosesAt) || before.Mode != after.Mode ||
		before.State != after.State || !sameText(before.Venue, after.Venue)
}

func sameText(a, b programme.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for language, text := range a {
		if b[language] != text {
			return false
		}
	}
	return true
}

func hasReason(c *Change) (problem, cure string) {
	if len(c.Reason) == 0 {
		return "a reason is needed, which the letters tell", `give --reason "…"`
	}
	return "", ""
}

func hasPlace(c *Change) (problem, cure string) {
	s := c.After.Session
	switch {
	case s.Mode == "in-person" && len(s.Venue) == 0:
		return "it meets in person and has no venue", `give --venue "…", or write it into the programme file`
	case s.Mode == "online" && s.OnlineURL == "":
		return "it meets online and has no address to join", "give --online-url https://…, or write it into the programme file"
	case len(s.Venue) == 0 && s.OnlineURL == "":
		return "it has neither a venue nor an address to join", `give --venue "…" or --online-url https://…`
	}
	return "", ""
}

func hasAgenda(c *Change) (problem, cure string) {
	if len(c.After.Session.Agenda) == 0 {
		return "its agenda is empty", "write at least one agenda item into the programme file"
	}
	return "", ""
}

func hasAttendance(c *Change) (problem, cure string) {
	if len(c.After.Session.Attendance) == 0 {
		return "nobody is on its attendance list", "write the attendance into the programme file and apply it"
	}
	return "", ""
}

func isAhead(c *Change) (problem, cure string) {
	if !c.After.Session.OpensAt.After(c.Now) {
		return "its new date is past", "give a date that is still ahead"
	}
	return "", ""
}

func isOver(c *Change) (problem, cure string) {
	if c.Before.Session.ClosesAt.After(c.Now) {
		return "it is not over", "wait for its end"
	}
	return "", ""
}

// leadTimesMet asks for a waiver where a hard line before the opening is missed.
func leadTimesMet(c *Change) (problem, cure string) { return c.waiverFor(c.Missed()) }

// Missed returns the hard lines before the opening that the change misses: all that are over, where the session is
// convened by it, as convening late does not make a notice timely; where its date moves, those that were not over before.
func (c *Change) Missed() (missed []Line) {
	after, was := c.After, map[string]bool{}
	after.Session.State = c.Before.Session.State
	if c.Before.Session.State == Confirmed {
		for _, l := range c.Before.missedHard(c.Now) {
			was[l.Rule.Ref] = true
		}
	}
	for _, l := range after.missedHard(c.Now) {
		if !was[l.Rule.Ref] {
			missed = append(missed, l)
		}
	}
	return missed
}

func (c *Change) waiverFor(lines []Line) (problem, cure string) {
	if len(lines) == 0 || c.Waiver.By != "" && c.Waiver.Text != "" {
		return "", ""
	}
	var missed []string
	for _, l := range lines {
		missed = append(missed, fmt.Sprintf("%s (due %s)", l.Rule.Ref, l.DueOn))
	}
	cure = `choose a later date, or record a waiver: --waiver "why" --waived-by PERSON`
	if day, ok := c.After.EarliestFeasible(c.Now); ok {
		cure = fmt.Sprintf(`the earliest date that keeps all lead times is %s; or record a waiver: --waiver "why" --waived-by PERSON`, day)
	}
	return "hard lead times are missed: " + strings.Join(missed, ", "), cure
}

// list joins distinct words with commas and a last "or".
func list(words []string, last string) string {
	var distinct []string
	for _, w := range words {
		if len(distinct) == 0 || distinct[len(distinct)-1] != w {
			distinct = append(distinct, w)
		}
	}
	if n := len(distinct); n > 1 {
		return strings.Join(distinct[:n-1], ", ") + " " + last + " " + distinct[n-1]
	}
	return strings.Join(distinct, "")
}
