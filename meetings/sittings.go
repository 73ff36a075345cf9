package meetings

import (
	"fmt"
	"slices"
	"time"

	"secretariat/programme"
)

// Sitting is one opening of a session, with its roll call.
type Sitting struct {
	N        int
	OpenedAt time.Time
	ClosedAt time.Time // zero while it is open
	Outcome  string    // open, suspended, inquorate or closed
	Present  []Presence
}

// Presence is somebody's time at a sitting. An officer without a seat has none here.
type Presence struct {
	Seat, Person string
	Mode         string    // in-person or online
	Arrived      time.Time // included
	Left         time.Time // not included; zero while they are there
}

// at reports whether somebody is there at a moment.
func (p Presence) at(moment time.Time) bool {
	return !moment.Before(p.Arrived) && (p.Left.IsZero() || moment.Before(p.Left))
}

// Verdict is whether there is a quorum at a moment of a sitting, by its roll call. It is made of whole numbers only.
type Verdict struct {
	Purpose  string
	At       time.Time
	Sitting  int
	Required int      // seats that must be there
	Seats    int      // of which the share is taken
	Present  int      // voting seats that are there; a seat counts once whoever sits on it
	Missing  []string // offices that must be there and are not
	Second   bool     // second convocation: any number will do
	Quorate  bool
}

// quorumRule returns the rule for a purpose.
func (m *Meeting) quorumRule(purpose string) (programme.QuorumRule, bool) {
	i := slices.IndexFunc(m.Council.Quorum, func(r programme.QuorumRule) bool { return r.Purpose == purpose })
	if i < 0 {
		return programme.QuorumRule{}, false
	}
	return m.Council.Quorum[i], true
}

// sitting returns the sitting that is open, nil when none is.
func (m *Meeting) sitting() *Sitting {
	for i := range m.Sittings {
		if m.Sittings[i].ClosedAt.IsZero() {
			return &m.Sittings[i]
		}
	}
	return nil
}

// SittingAt returns the sitting that holds a moment, the last one begun before it where none does; nil before the first.
func (m *Meeting) SittingAt(moment time.Time) (found *Sitting) {
	for i := range m.Sittings {
		if !m.Sittings[i].OpenedAt.After(moment) {
			found = &m.Sittings[i]
		}
	}
	return found
}

// Verdict counts the quorum for a purpose at a moment. What happens later does not change it: the verdict for a decision
// is that of its own moment. An error says that the council has no such rule, or that there was no sitting yet.
func (m *Meeting) Verdict(purpose string, moment time.Time) (Verdict, error) {
	rule, ok := m.quorumRule(purpose)
	if !ok {
		return Verdict{}, fmt.Errorf("council %s has no rule for a quorum to %s", m.Council.Ref, purpose)
	}
	sitting := m.SittingAt(moment)
	if sitting == nil {
		return Verdict{}, fmt.Errorf("session %s has no sitting that began by then", m.Session.Ref)
	}
	there := m.seatsThere(*sitting, moment)
	v := Verdict{Purpose: purpose, At: moment, Sitting: sitting.N, Present: len(there), Seats: m.baseOf(rule.Base, len(there))}
	var err error
	if v.Required, v.Second, err = m.required(rule, v.Seats); err != nil {
		return v, err
	}
	for _, kind := range rule.NeedsOffice {
		holder := m.InOffice(kind, m.OpeningDay())
		if !slices.ContainsFunc(sitting.Present, func(p Presence) bool { return p.Person == holder && p.at(moment) }) {
			v.Missing = append(v.Missing, kind)
		}
	}
	v.Quorate = v.Present >= v.Required && len(v.Missing) == 0
	return v, nil
}

// required returns how many seats a rule asks for; a second convocation, where the rule knows one, asks for any number.
func (m *Meeting) required(rule programme.QuorumRule, seats int) (n int, second bool, err error) {
	n, err = Required(rule, seats)
	if first, _ := m.quorumRule("open"); m.Convocation == 2 && (rule.SecondConvocation != "" || first.SecondConvocation != "") && err == nil {
		return 1, true, nil
	}
	return n, false, err
}

// seatsThere returns the voting seats that somebody sits on at a moment.
func (m *Meeting) seatsThere(sitting Sitting, moment time.Time) (there []string) {
	for _, p := range sitting.Present {
		i := slices.IndexFunc(m.Seats, func(s Seat) bool { return s.Ref == p.Seat && s.Voting })
		if i >= 0 && p.at(moment) && !slices.Contains(there, p.Seat) {
			there = append(there, p.Seat)
		}
	}
	return there
}

// baseOf counts the seats of which a rule takes its share, present being how many are there.
func (m *Meeting) baseOf(kind string, present int) (n int) {
	if kind == "present" {
		return present
	}
	for _, s := range m.Seats {
		if s.Voting && (kind == "voting-seats" || s.MemberOn(m.OpeningDay()) != "") {
			n++
		}
	}
	return n
}

// Turn is a moment of a sitting at which a verdict became another.
type Turn struct {
	Verdict
	Who string // whose arrival or departure turned it; "" at the opening
}

// Turns returns the verdict for a purpose at the opening of each sitting and whenever it turned.
func (m *Meeting) Turns(purpose string) (turns []Turn, err error) {
	for _, s := range m.Sittings {
		moments := map[time.Time]string{s.OpenedAt: ""}
		for _, p := range s.Present {
			moments[p.Arrived] = p.Person
			if !p.Left.IsZero() && (s.ClosedAt.IsZero() || p.Left.Before(s.ClosedAt)) {
				moments[p.Left] = p.Person
			}
		}
		var order []time.Time
		for at := range moments {
			order = append(order, at)
		}
		slices.SortFunc(order, time.Time.Compare)
		first := true
		for _, at := range order {
			if at.Before(s.OpenedAt) {
				continue
			}
			v, err := m.Verdict(purpose, at)
			if err != nil {
				return nil, err
			}
			if first || v.Quorate != turns[len(turns)-1].Quorate {
				turns = append(turns, Turn{v, moments[at]})
			}
			first = false
		}
	}
	return turns, nil
}

// Attended returns who sat on each seat at the sittings that were not inquorate: the member where they were there, else
// who came first. It is empty where there was no roll call.
func (m *Meeting) Attended() (list []programme.Attendance) {
	for _, seat := range m.Seats {
		var best *Presence
		for _, s := range m.Sittings {
			for i, p := range s.Present {
				if p.Seat != seat.Ref || s.Outcome == "inquorate" {
					continue
				}
				member := p.Person == seat.MemberOn(m.OpeningDay())
				if best == nil || member && best.Person != p.Person || best.Person == p.Person && best.Mode == "online" && p.Mode == "in-person" {
					best = &s.Present[i]
				}
			}
		}
		if best != nil {
			list = append(list, programme.Attendance{Seat: seat.Ref, Person: best.Person, Mode: best.Mode})
		}
	}
	return list
}

// CheckPresence refuses a presence that makes no sense: nobody's seat, a person who does not belong to it, a mode that the
// session does not have, or a time outside of the sitting.
func (m *Meeting) CheckPresence(sitting Sitting, p Presence) (problem, cure string) {
	day := m.OpeningDay()
	i := slices.IndexFunc(m.Seats, func(s Seat) bool { return s.Ref == p.Seat })
	modes := map[string][]string{"in-person": {"in-person"}, "online": {"online"}, "hybrid": {"in-person", "online"}}[m.Session.Mode]
	switch {
	case p.Seat != "" && i < 0:
		return fmt.Sprintf("council %s has no seat %q", m.Council.Ref, p.Seat), "secretariat seats list " + m.Council.Ref
	case p.Seat != "" && m.Seats[i].MemberOn(day) != p.Person && !m.Seats[i].Alternate(p.Person, day):
		return fmt.Sprintf("%s is neither the member of seat %s nor an alternate", p.Person, p.Seat), "the programme file says who holds a seat"
	case p.Seat == "" && !slices.ContainsFunc(m.Council.Offices, func(o programme.Office) bool { return o.Person == p.Person && o.HeldOn(day) }):
		return fmt.Sprintf("%s holds no office of council %s", p.Person, m.Council.Ref), "give the seat with --seat"
	case !slices.Contains(modes, p.Mode):
		return fmt.Sprintf("session %s meets %s, not %s", m.Session.Ref, m.Session.Mode, p.Mode), "--mode " + modes[0]
	case !sitting.ClosedAt.IsZero() && p.Arrived.After(sitting.ClosedAt):
		return fmt.Sprintf("sitting %d ended at %s", sitting.N, sitting.ClosedAt.In(m.Zone()).Format("15:04")), "give a moment of the sitting with --at"
	}
	return "", ""
}
