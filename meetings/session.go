package meetings

import (
	"fmt"
	"slices"
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
	Inquorate = "inquorate" // it opened and had no quorum when its grace was over
	Suspended = "suspended" // between two sittings
	Held      = "held"
	Closed    = "closed"
)

// States lists the states of a session in the order of its life.
func States() []string {
	return []string{Draft, Tentative, Confirmed, InSession, Suspended, Inquorate, Held, Closed, Postponed, Cancelled}
}

// Verbs that lead a session from state to state.
const (
	Announce   = "announce" // the date is to be held: draft → tentative
	Confirm    = "confirm"
	Reschedule = "reschedule"
	Postpone   = "postpone"
	Cancel     = "cancel"
	Open       = "open"      // its first sitting
	Suspend    = "suspend"   // until the next sitting
	Resume     = "resume"    // with the next sitting
	Adjourn    = "inquorate" // the chair finds that there is no quorum
	Reconvene  = "reconvene" // the second convocation after an inquorate sitting
	Hold       = "hold"      // it was held
	Close      = "close"
)

// Verbs lists the verbs in the order of a session's life.
func Verbs() []string {
	return []string{Announce, Confirm, Reschedule, Postpone, Cancel, Open, Suspend, Resume, Adjourn, Reconvene, Hold, Close}
}

// effect is what a step does beside changing the state; what follows from any change (reminders, timetable, forecast,
// audit log) is not named.
type effect int

const (
	revises          effect = iota // revision and SEQUENCE rise, replies to the former state are stale
	opensSitting                   // the next sitting begins, its roll call is open
	closesSitting                  // the sitting ends, and with it every presence
	entersAttendance               // who was at a sitting with a quorum goes on the attendance list, and what it cost them is kept
	convenesAgain                  // the second convocation: rules that know one ask for any number of seats

)

// step is one row of the life of a session.
type step struct {
	verb, from, to string
	guards         []guard
	letter         string // kind of the letters that the step causes, "" for none
	effects        []effect
}

var (
	convenes = []guard{hasPlace, hasAgenda, leadTimesMet}
	changes  = []effect{revises}
	ends     = []effect{closesSitting, entersAttendance}
)

// steps is the life of a session, and the only place that says what may follow what. A rescheduled session keeps its
// state; a postponed one becomes confirmed, or tentative when asked for. A second convocation keeps no lead times: it
// follows within the days that the rule of the quorum gives.
var steps = []step{
	{Announce, Draft, Tentative, nil, "hold-the-date", changes},
	{Confirm, Draft, Confirmed, convenes, "invitation", changes},
	{Confirm, Tentative, Confirmed, convenes, "invitation", changes},
	{Reschedule, Draft, Draft, []guard{isAhead}, "", changes},
	{Reschedule, Tentative, Tentative, []guard{isAhead}, "session-changed", changes},
	{Reschedule, Confirmed, Confirmed, []guard{isAhead, leadTimesMet}, "session-changed", changes},
	{Reschedule, Postponed, Confirmed, []guard{isAhead, hasPlace, hasAgenda, leadTimesMet}, "invitation", changes},
	{Reschedule, Postponed, Tentative, []guard{isAhead}, "hold-the-date", changes},
	{Postpone, Tentative, Postponed, []guard{hasReason}, "session-postponed", changes},
	{Postpone, Confirmed, Postponed, []guard{hasReason}, "session-postponed", changes},
	{Postpone, Inquorate, Postponed, []guard{hasReason}, "session-postponed", changes},
	{Cancel, Tentative, Cancelled, []guard{hasReason}, "session-cancelled", changes},
	{Cancel, Confirmed, Cancelled, []guard{hasReason}, "session-cancelled", changes},
	{Cancel, Postponed, Cancelled, []guard{hasReason}, "session-cancelled", changes},
	{Cancel, Inquorate, Cancelled, []guard{hasReason}, "session-cancelled", changes},
	{Open, Confirmed, InSession, []guard{isItsDay}, "", []effect{opensSitting}},
	{Suspend, InSession, Suspended, nil, "", []effect{closesSitting}},
	{Resume, Suspended, InSession, nil, "", []effect{opensSitting}},
	{Adjourn, InSession, Inquorate, []guard{hasNoQuorum, graceIsOver}, "", []effect{closesSitting}},
	{Reconvene, Inquorate, Confirmed, []guard{isAhead, isSoonEnough}, "session-changed", []effect{revises, convenesAgain}},
	{Hold, InSession, Held, []guard{hasAttendance}, "", ends},
	{Hold, Confirmed, Held, []guard{hasAttendance, isOver}, "", ends},
	{Close, Held, Closed, []guard{isFollowedUp, decisionsAssigned, recordAdopted}, "", nil},
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
	switch before {
	case InSession, Suspended, Inquorate, Held, Closed:
		return ""
	}
	return map[string]string{Tentative: "hold-the-date", Confirmed: "invitation", Postponed: "session-postponed", Cancelled: "session-cancelled"}[after]
}

// Revises reports whether a step raises the revision: replies to the former state are stale then. That a session was
// opened, held or closed changes nothing that anybody answered.
func Revises(verb string) bool { return has(verb, revises) }

// OpensSitting reports whether the next sitting begins with a step.
func OpensSitting(verb string) bool { return has(verb, opensSitting) }

// ClosesSitting reports whether the sitting ends with a step.
func ClosesSitting(verb string) bool { return has(verb, closesSitting) }

// EntersAttendance reports whether a step makes the attendance list of the roll calls and keeps what the session cost.
func EntersAttendance(verb string) bool { return has(verb, entersAttendance) }

// ConvenesAgain reports whether a step is the second convocation.
func ConvenesAgain(verb string) bool { return has(verb, convenesAgain) }

// has reports whether a verb has an effect; it has the same effects from every state.
func has(verb string, e effect) bool {
	i := slices.IndexFunc(steps, func(s step) bool { return s.verb == verb })
	return i >= 0 && slices.Contains(steps[i].effects, e)
}

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
