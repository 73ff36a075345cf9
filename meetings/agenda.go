package meetings

import (
	"slices"

	"secretariat/programme"
)

// Purposes of an agenda item.
var Purposes = []string{"information", "discussion", "decision", "election"}

// AgendaOpen reports whether the agenda of a session may still be changed: until its end. What was held or closed is a
// record, and what is cancelled will not be dealt with.
func AgendaOpen(state string) bool {
	return state != Held && state != Closed && state != Cancelled
}

// Place returns the order of a list after one of its members was moved to a place, counted from 1; a place beyond the end
// is the end. It returns nil when the member is not there.
func Place(order []int64, member int64, place int) []int64 {
	at := slices.Index(order, member)
	if at < 0 {
		return nil
	}
	moved := slices.Delete(slices.Clone(order), at, at+1)
	place = min(max(place, 1), len(moved)+1)
	return slices.Insert(moved, place-1, member)
}

// AgendaMinutes returns the minutes that the items of an agenda take, and those of the session.
func (m *Meeting) AgendaMinutes() (wanted, there int) {
	for _, item := range m.Session.Agenda {
		wanted += item.Minutes
	}
	return wanted, int(m.Session.ClosesAt.Sub(m.Session.OpensAt).Minutes())
}

// unassigned returns the refs of decisions about which neither an action item with owner and day says what is to be done,
// nor a reason why nothing is. noAction holds the decisions that have such a reason.
func unassigned(s programme.Session, noAction map[string]bool) (refs []string) {
	for _, d := range s.Decisions {
		assigned := slices.ContainsFunc(s.ActionItems, func(a programme.ActionItem) bool {
			return a.Decision == d.Ref && a.Owner != "" && !a.DueOn.IsZero()
		})
		if !assigned && !noAction[d.Ref] {
			refs = append(refs, d.Ref)
		}
	}
	return refs
}
