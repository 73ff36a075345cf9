package meetings

import (
	"slices"

	"secretariat/programme"
)

// Standing is how a seat stands to a session: who speaks for it and what they answered.
type Standing struct {
	Seat     Seat
	Member   string // who holds the seat on the day of the session, "" when it is vacant
	Acting   string // who is invited and written to: the member, their delegate, or an alternate who answered for them
	Capacity string // of Acting: member, delegate or alternate
	Answer   string // accepted, tentative, declined; "" for no current answer
	Mode     string // of an acceptance: in-person or online, "" where not said
	Stale    *Answer
}

// Standings returns how each seat stands, in the order of the seats.
func (m *Meeting) Standings() []Standing {
	all := make([]Standing, len(m.Seats))
	for i, s := range m.Seats {
		all[i] = m.standing(s)
	}
	return all
}

// Standing returns how a seat stands; false when the council has no such seat.
func (m *Meeting) Standing(seat string) (Standing, bool) {
	for _, s := range m.Seats {
		if s.Ref == seat {
			return m.standing(s), true
		}
	}
	return Standing{}, false
}

// standing applies the rules of seats. The last answer of whoever held the seat counts; one given before the last
// material change is stale and counts as none. Who declined is answered for by the highest-ranking alternate who
// accepted, else who answered; an alternate's answer counts for nothing otherwise. A delegate who has not answered is
// asked; one who declines gives the seat back to the member.
func (m *Meeting) standing(seat Seat) Standing {
	st := Standing{Seat: seat, Member: seat.MemberOn(m.OpeningDay())}
	st.Acting, st.Capacity = st.Member, "member"
	if st.Member == "" {
		st.Capacity = ""
		return st
	}
	own, stale := m.lastAnswer(seat, func(a Answer) bool { return seat.MemberOn(a.Date) == a.Person })
	if st.Stale = stale; own == nil {
		return st
	}
	st.Answer, st.Mode = own.Answer, own.Mode
	switch own.Answer {
	case "delegated":
		m.delegated(&st, own.Delegate)
	case "declined":
		m.declined(&st)
	}
	return st
}

// delegated puts the delegate in the member's place.
func (m *Meeting) delegated(st *Standing, delegate string) {
	st.Answer, st.Mode = "", ""
	answer, _ := m.lastAnswer(st.Seat, func(a Answer) bool { return a.Person == delegate && st.Seat.Alternate(a.Person, a.Date) })
	switch {
	case answer == nil:
		st.Acting, st.Capacity = delegate, "delegate"
	case answer.Answer != "declined":
		st.Acting, st.Capacity, st.Answer, st.Mode = delegate, "delegate", answer.Answer, answer.Mode
	}
}

// declined looks for an alternate who answered.
func (m *Meeting) declined(st *Standing) {
	var answered *Answer
	for _, t := range st.Seat.Alternates {
		a, _ := m.lastAnswer(st.Seat, func(a Answer) bool { return a.Person == t.Person && st.Seat.Alternate(a.Person, a.Date) })
		if a == nil || a.Answer == "delegated" { // an alternate cannot pass it on: no chains
			continue
		}
		if a.Answer == "accepted" {
			answered = a
			break
		}
		if answered == nil {
			answered = a
		}
	}
	if answered != nil {
		st.Acting, st.Capacity, st.Answer, st.Mode = answered.Person, "alternate", answered.Answer, answered.Mode
	}
}

// lastAnswer returns the last answer for a seat that counts; stale is set instead where it is out of date.
func (m *Meeting) lastAnswer(seat Seat, counts func(Answer) bool) (current, stale *Answer) {
	for i := len(m.Answers) - 1; i >= 0; i-- {
		if a := m.Answers[i]; a.Seat == seat.Ref && counts(a) {
			if m.IsStale(a) {
				return nil, &a
			}
			return &a, nil
		}
	}
	return nil, nil
}

// IsStale reports whether an answer was given before the last material change.
func (m *Meeting) IsStale(a Answer) bool {
	if n := len(m.Session.Previously); n > 0 && a.Date.Before(m.Session.Previously[n-1].Until) {
		return true
	}
	return a.Revision < m.Revision
}

// Invited returns who is invited, one standing per person: somebody who speaks for two seats is written to once.
func (m *Meeting) Invited() []Standing {
	var invited []Standing
	seen := map[string]bool{}
	for _, st := range m.Standings() {
		if st.Acting != "" && !seen[st.Acting] && m.reachable(st.Acting) {
			seen[st.Acting] = true
			invited = append(invited, st)
		}
	}
	return invited
}

// Speaks returns the standing of the first seat for which a person is invited.
func (m *Meeting) Speaks(person string) (Standing, bool) {
	for _, st := range m.Standings() {
		if st.Acting == person {
			return st, true
		}
	}
	return Standing{}, false
}

// Belongs reports whether a person is the member or an alternate of a seat on the day of the session.
func (m *Meeting) Belongs(person string) bool {
	day := m.OpeningDay()
	return slices.ContainsFunc(m.Seats, func(s Seat) bool { return s.MemberOn(day) == person || s.Alternate(person, day) })
}

// reachable reports whether letters are written to a person.
func (m *Meeting) reachable(person string) bool {
	p, ok := m.People[person]
	return ok && p.Active && p.Email != ""
}

// InOffice returns who holds an office on a day, "" when nobody does.
func (m *Meeting) InOffice(kind string, day programme.Date) string {
	for _, o := range m.Council.Offices {
		if o.Kind == kind && o.HeldOn(day) {
			return o.Person
		}
	}
	return ""
}

// DutyHolders returns who owes a line of the timetable: the secretary and the chair by office, members for voting seats
// (or who speaks for them), the focal points of the host, the focal points of organisations with a seat; the secretary
// where nobody else is found.
func (m *Meeting) DutyHolders(dutyOf string, due programme.Date) []string {
	var holders []string
	add := func(person string) {
		for _, h := range holders {
			if h == person {
				return
			}
		}
		if m.reachable(person) {
			holders = append(holders, person)
		}
	}
	switch dutyOf {
	case "chair":
		add(m.InOffice("chair", due))
	case "members":
		for _, st := range m.Standings() {
			if st.Seat.Voting {
				add(st.Acting)
			}
		}
	case "host":
		for _, ref := range m.focalPoints(m.Council.Host) {
			add(ref)
		}
	case "focal-points":
		for _, s := range m.Seats {
			for _, ref := range m.focalPoints(s.Organisation) {
				add(ref)
			}
		}
	}
	if len(holders) == 0 {
		add(m.InOffice("secretary", due))
	}
	return holders
}

// focalPoints returns the focal points of an organisation by ref.
func (m *Meeting) focalPoints(organisation string) (refs []string) {
	if organisation == "" {
		return nil
	}
	for _, ref := range sortedKeys(m.People) {
		p := m.People[ref]
		for _, role := range p.Roles {
			if role == "focal-point" && p.Organisation == organisation {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}
