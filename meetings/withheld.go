package meetings

import (
	"slices"
	"time"
)

// Reasons for which a letter is not owed. A reminder withheld for one of Passing comes back when the reason goes.
const (
	reasonMoved       = "moved"
	reasonAnswered    = "answered"
	reasonDeclined    = "declined"
	reasonNotAccepted = "has not accepted"
	reasonNotInvited  = "no longer invited"
	reasonDone        = "done"
	reasonNotDone     = "not done"
	reasonBegun       = "the session has begun"
	reasonNoRule      = "the rule no longer asks for it"
	reasonNotDuty     = "no longer the duty holder"
	reasonNotOwner    = "no longer the owner"
	reasonUnreachable = "no longer receives letters"
	reasonInvited     = "the invitation is this reminder"
	reasonLater       = "a later reminder says it"
	reasonPast        = "its moment and grace were over when it was planned"
	reasonFromStart   = "it was late before the date was known"
)

// Passing reports whether a reason may go away again, so that the letter is owed once more.
func Passing(reason string) bool {
	switch reason {
	case reasonAnswered, reasonDeclined, reasonNotAccepted, reasonNotInvited, reasonDone, reasonNotDone, reasonNoRule, reasonNotDuty, reasonNotOwner, reasonUnreachable,
		Draft, Tentative, Postponed:
		return true
	}
	return false
}

// withheld returns why a person gets no reminder of an occasion, "" when it is owed. It is the only place that decides
// so: planning and sending both ask it.
func (m *Meeting) withheld(o occasion, person string, now time.Time) string {
	if reason := m.wrongTime(o, now); reason != "" {
		return reason
	}
	if !m.reachable(person) {
		return reasonUnreachable
	}
	switch {
	case o.action != nil:
		if !o.action.DoneOn.IsZero() {
			return reasonDone
		}
		if m.addressee(o) != person {
			return reasonNotOwner
		}
	case o.line != nil:
		done := o.line.State == LineDone || o.line.State == LineWaived
		switch overdue := o.overdue(); {
		case overdue && o.line.State == LineLate:
			return reasonFromStart
		case !overdue && o.rule.After != "" && o.line.DoneAt.IsZero():
			return reasonNotDone
		case (overdue || o.rule.Before != "") && done:
			return reasonDone
		}
	}
	return m.outsideAudience(o, person)
}

// wrongTime says whether the state of the session or the clock speaks against an occasion.
func (m *Meeting) wrongTime(o occasion, now time.Time) string {
	state := m.Session.State
	after := state == InSession || state == Held || state == Closed
	// Duties begin long before a session is convened: who owes one is reminded while the date is only held.
	duty := state == Tentative && o.line != nil && o.rule.To == "duty-holder" && !o.afterEnd
	switch {
	case o.rule.To == toSecretary && m.unsettled():
		return ""
	case o.rule.To == toSecretary:
		return state
	case state == Confirmed && o.afterEnd, after && o.afterEnd:
		return ""
	case state != Confirmed && !duty:
		return state
	case !now.Before(m.Session.OpensAt):
		return reasonBegun
	}
	return ""
}

// outsideAudience says why a person does not belong to the audience of a rule.
func (m *Meeting) outsideAudience(o occasion, person string) string {
	switch o.rule.To {
	case "action-owner":
		return ""
	case "duty-holder", toSecretary:
		if slices.Contains(m.candidates(o), person) {
			return ""
		}
		return reasonNotDuty
	}
	st, invited := m.Speaks(person)
	switch {
	case !invited:
		return reasonNotInvited
	case o.rule.To == "all-invited" && st.Answer == "declined":
		return reasonDeclined
	case o.rule.To == "no-reply" && st.Answer != "":
		return reasonAnswered
	case o.rule.To == "accepted" && st.Answer == "declined":
		return reasonDeclined
	case o.rule.To == "accepted" && st.Answer != "accepted":
		return reasonNotAccepted
	}
	return ""
}
