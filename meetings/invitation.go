package meetings

import (
	"slices"
	"time"

	"secretariat/programme"
)

// States of an invitation, which is that of one person to a session for a seat. The answers are states as well.
const (
	InvitationNone      = "none"     // nobody was asked
	InvitationPlanned   = "planned"  // a letter is written and has not left
	InvitationSent      = "sent"     // asked, and no answer yet
	InvitationBounced   = "bounced"  // the letter came back: a person must find another way
	InvitationAccepted  = "accepted" // also online
	InvitationTentative = "tentative"
	InvitationDeclined  = "declined"
	InvitationDelegated = "delegated" // to an alternate, who has an invitation of their own
	InvitationStale     = "stale"     // answered for an earlier date
	InvitationWithdrawn = "withdrawn" // does not speak for the seat any more
	InvitationLapsed    = "lapsed"    // the session opened without an answer
	InvitationAttended  = "attended"
	InvitationAbsent    = "absent"
)

// InvitationStates lists the states of an invitation in the order of its life.
func InvitationStates() []string {
	return []string{InvitationNone, InvitationPlanned, InvitationSent, InvitationBounced, InvitationAccepted, InvitationTentative, InvitationDeclined,
		InvitationDelegated, InvitationStale, InvitationWithdrawn, InvitationLapsed, InvitationAttended, InvitationAbsent}
}

// Events in the life of an invitation. The answers of people are events of the same name as the state that they lead to.
const (
	Plan     = "plan"     // a letter that asks is planned
	Ask      = "ask"      // it has left
	Return   = "return"   // it came back, or was refused
	Move     = "move"     // a material change of the session: answers are for an earlier date
	Withdraw = "withdraw" // the seat changed hands, or somebody else speaks for it
	Lapse    = "lapse"    // the session opens
	Attend   = "attend"   // on the roll call
	Miss     = "miss"     // the session was held without them
)

// answers are what a person may say, in the order in which they are offered.
var answers = []string{InvitationAccepted, InvitationDeclined, InvitationTentative, InvitationDelegated}

// invitationStep is a row of the life of an invitation.
type invitationStep struct {
	event  string
	from   []string
	to     string
	guards []replyGuard // of answers: each says why it is not taken, nil where it is
}

// open are the states in which an answer may come: also before our letter left, since people telephone, and from whoever
// answered before, as the last answer wins.
var open = []string{InvitationNone, InvitationPlanned, InvitationSent, InvitationBounced, InvitationAccepted, InvitationTentative, InvitationDeclined,
	InvitationDelegated, InvitationStale, InvitationWithdrawn}

var said = []string{InvitationAccepted, InvitationTentative, InvitationDeclined, InvitationDelegated}

// invitationSteps is the life of an invitation, and the only place that says what may follow what.
var invitationSteps = []invitationStep{
	{Plan, []string{InvitationNone, InvitationBounced, InvitationStale, InvitationWithdrawn}, InvitationPlanned, nil},
	{Ask, []string{InvitationNone, InvitationPlanned, InvitationSent, InvitationBounced, InvitationStale, InvitationWithdrawn}, InvitationSent, nil},
	{Return, []string{InvitationPlanned, InvitationSent}, InvitationBounced, nil},
	{InvitationAccepted, open, InvitationAccepted, []replyGuard{takesReplies, isOfSeat, modeFits, namesNobody}},
	{InvitationTentative, open, InvitationTentative, []replyGuard{takesReplies, isOfSeat, modeFits, namesNobody}},
	{InvitationDeclined, open, InvitationDeclined, []replyGuard{takesReplies, isOfSeat, modeFits, namesNobody}},
	{InvitationDelegated, open, InvitationDelegated, []replyGuard{takesReplies, isOfSeat, modeFits, delegates}},
	{Move, said, InvitationStale, nil},
	{Withdraw, open, InvitationWithdrawn, nil},
	{Lapse, []string{InvitationNone, InvitationPlanned, InvitationSent, InvitationBounced, InvitationStale}, InvitationLapsed, nil},
	{Attend, append(slices.Clone(open), InvitationLapsed), InvitationAttended, nil},
	{Miss, []string{InvitationAccepted, InvitationTentative, InvitationDeclined, InvitationLapsed}, InvitationAbsent, nil},
}

// after returns where an event leads from a state; false where it changes nothing.
func after(state, event string) (string, bool) {
	for _, s := range invitationSteps {
		if s.event == event && slices.Contains(s.from, state) {
			return s.to, true
		}
	}
	return state, false
}

// Invitation is how one person stands to a session for one seat.
type Invitation struct {
	Seat, Person string
	Capacity     string // member, delegate or alternate; "former" for who does not speak for the seat any more
	State        string
	Mode         string    // of an acceptance
	Asked        time.Time // when the last letter that asks left; zero for never
}

// Letter is a letter about the session that was planned or has left.
type Letter struct {
	Kind, Person string
	State        string    // of the delivery
	At           time.Time // when it left; when it was planned, where it has not
	Revision     int
}

// asking are the letters that ask somebody to answer.
var asking = []string{"hold-the-date", "invitation", "session-changed", "reply-request"}

// Invitations returns the invitations of all seats in their order: of the member, of whoever answers for them, and of
// those who were asked or answered and speak for no seat any more. letters are those of the session, the oldest first.
func (m *Meeting) Invitations(letters []Letter) []Invitation {
	var list []Invitation
	day := m.OpeningDay()
	for _, st := range m.Standings() {
		people := []string{st.Member}
		add := func(person string) {
			if person != "" && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
		add(st.Acting)
		for _, a := range m.Answers {
			if a.Seat == st.Seat.Ref {
				add(a.Person)
			}
		}
		for _, l := range letters { // somebody who held the seat when they were asked
			if slices.Contains(asking, l.Kind) && heldSeat(st.Seat, l) {
				add(l.Person)
			}
		}
		for _, person := range people {
			if person != "" {
				list = append(list, m.invitation(st, person, letters, day))
			}
		}
	}
	return list
}

func heldSeat(s Seat, l Letter) bool { return s.MemberOn(programme.DateOf(l.At, time.UTC)) == l.Person }

// invitation walks the life of one invitation through what is on record.
func (m *Meeting) invitation(st Standing, person string, letters []Letter, day programme.Date) Invitation {
	i := Invitation{Seat: st.Seat.Ref, Person: person, Capacity: capacity(st, person, day), State: InvitationNone}
	for _, l := range letters {
		if l.Person == person && slices.Contains(asking, l.Kind) && l.Revision == m.Revision {
			i.letter(l)
		}
	}
	for _, a := range m.Answers {
		if a.Person != person || a.Seat != st.Seat.Ref {
			continue
		}
		i.happen(a.Answer)
		i.Mode = a.Mode
		if m.IsStale(a) {
			i.happen(Move)
		}
	}
	if i.Capacity == "former" {
		i.happen(Withdraw)
	}
	if i.State != InvitationAccepted {
		i.Mode = ""
	}
	m.afterOpening(&i)
	return i
}

// letter lets a letter of the session as it stands count.
func (i *Invitation) letter(l Letter) {
	switch l.State {
	case "planned", "pending", "sending":
		i.happen(Plan)
	case "committing", "sent", "uncertain":
		i.happen(Ask)
		i.Asked = l.At
	case "failed":
		i.happen(Plan)
		i.happen(Return)
	}
}

func (i *Invitation) happen(event string) { i.State, _ = after(i.State, event) }

// afterOpening lets the roll call count: whoever sat on the seat attended, and once the session is over others did not.
func (m *Meeting) afterOpening(i *Invitation) {
	switch m.Session.State {
	case InSession, Suspended, Inquorate, Held, Closed:
	default:
		return
	}
	i.happen(Lapse)
	sat := slices.ContainsFunc(m.Sittings, func(s Sitting) bool {
		return slices.ContainsFunc(s.Present, func(p Presence) bool { return p.Seat == i.Seat && p.Person == i.Person })
	}) || slices.ContainsFunc(m.Session.Attendance, func(a programme.Attendance) bool { return a.Seat == i.Seat && a.Person == i.Person })
	switch {
	case sat:
		i.happen(Attend)
	case m.Session.State == Held || m.Session.State == Closed:
		i.happen(Miss)
	}
}

func capacity(st Standing, person string, day programme.Date) string {
	switch {
	case person == st.Member:
		return "member"
	case person == st.Acting:
		return st.Capacity
	case st.Seat.Alternate(person, day):
		return "alternate"
	}
	return "former"
}
