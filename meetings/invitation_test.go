package meetings

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"secretariat/programme"
)

// invited returns the state of the invitation of a person for a seat, "" when there is none.
func invited(m *Meeting, letters []Letter, seat, person string) (Invitation, bool) {
	for _, i := range m.Invitations(letters) {
		if i.Seat == seat && i.Person == person {
			return i, true
		}
	}
	return Invitation{}, false
}

// The life of one invitation, as the records tell it.
func TestInvitationStates(t *testing.T) {
	asked := func(state string, revision int) []Letter {
		return []Letter{{Kind: "invitation", Person: "anna", State: state, At: at("2026-11-01T09:00:00+05:00"), Revision: revision}}
	}
	roll := func(m *Meeting, people ...string) {
		s := Sitting{N: 1, OpenedAt: m.Session.OpensAt}
		for _, p := range people {
			s.Present = append(s.Present, Presence{Seat: "S1", Person: p, Mode: "in-person", Arrived: m.Session.OpensAt})
		}
		m.Sittings = []Sitting{s}
	}
	for _, tt := range []struct {
		name    string
		letters []Letter
		records func(m *Meeting)
		person  string
		state   string
		as      string
	}{
		{"nobody was asked", nil, nil, "anna", InvitationNone, "member"},
		{"the letter waits", asked("pending", 0), nil, "anna", InvitationPlanned, "member"},
		{"it has left", asked("sent", 0), nil, "anna", InvitationSent, "member"},
		{"it may have left", asked("uncertain", 0), nil, "anna", InvitationSent, "member"},
		{"it came back", asked("failed", 0), nil, "anna", InvitationBounced, "member"},
		{"it came back, and another has left", append(asked("failed", 0), asked("sent", 0)...), nil, "anna", InvitationSent, "member"},
		{"of a letter that asks nothing", []Letter{{Kind: "session-cancelled", Person: "anna", State: "sent"}}, nil, "anna", InvitationNone, "member"},
		{"it was about an earlier date", asked("sent", 0), func(m *Meeting) { m.Revision = 1 }, "anna", InvitationNone, "member"},
		{"answered", asked("sent", 0), func(m *Meeting) { m.answered(t, []string{"S1", "anna", "tentative"}) }, "anna", InvitationTentative, "member"},
		{"answered though the letter came back", asked("failed", 0), func(m *Meeting) { m.answered(t, []string{"S1", "anna", "accepted"}) }, "anna", InvitationAccepted, "member"},
		{"the last answer wins", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "accepted"}, []string{"S1", "anna", "declined"})
		}, "anna", InvitationDeclined, "member"},
		{"answered for an earlier date, and asked again", asked("sent", 1), func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "accepted"})
			m.Revision = 1
		}, "anna", InvitationStale, "member"},
		{"delegated", nil, func(m *Meeting) { m.answered(t, []string{"S1", "anna", "delegated", "alt1"}) }, "anna", InvitationDelegated, "member"},
		{"the delegate, not asked yet", nil, func(m *Meeting) { m.answered(t, []string{"S1", "anna", "delegated", "alt1"}) }, "alt1", InvitationNone, "delegate"},
		{"the alternate of who declined", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "declined"}, []string{"S1", "alt2", "accepted"})
		}, "alt2", InvitationAccepted, "alternate"},
		{"the seat changed hands after the letter", asked("sent", 0), func(m *Meeting) {
			m.Seats[0].Members = []Term{{Person: "anna", Until: date("2026-11-20")}, {Person: "chen", Since: date("2026-11-21")}}
		}, "anna", InvitationWithdrawn, "former"},
		{"the successor, not asked yet", asked("sent", 0), func(m *Meeting) {
			m.Seats[0].Members = []Term{{Person: "anna", Until: date("2026-11-20")}, {Person: "chen", Since: date("2026-11-21")}}
		}, "chen", InvitationNone, "member"},
		{"opened without an answer", asked("sent", 0), func(m *Meeting) { m.Session.State = InSession }, "anna", InvitationLapsed, "member"},
		{"accepted and not there yet", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "accepted"})
			m.Session.State = InSession
		}, "anna", InvitationAccepted, "member"},
		{"there without an answer", asked("sent", 0), func(m *Meeting) { m.Session.State = InSession; roll(m, "anna") }, "anna", InvitationAttended, "member"},
		{"accepted and stayed away", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "accepted"})
			m.Session.State = Held
			roll(m, "bob")
		}, "anna", InvitationAbsent, "member"},
		{"on the attendance list of a file", nil, func(m *Meeting) {
			m.Session.State = Closed
			m.Session.Attendance = []programme.Attendance{{Seat: "S1", Person: "anna"}}
		}, "anna", InvitationAttended, "member"},
		{"who delegated did not miss it", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "delegated", "alt1"})
			m.Session.State = Held
			roll(m, "alt1")
		}, "anna", InvitationDelegated, "member"},
		{"and the delegate attended", nil, func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "delegated", "alt1"})
			m.Session.State = Held
			roll(m, "alt1")
		}, "alt1", InvitationAttended, "delegate"},
	} {
		m := fixture()
		if tt.records != nil {
			tt.records(m)
		}
		got, ok := invited(m, tt.letters, "S1", tt.person)
		if !ok || got.State != tt.state || got.Capacity != tt.as {
			t.Errorf("%s: %+v, want %s as %s", tt.name, got, tt.state, tt.as)
		}
	}
}

// Nothing follows the end of an invitation, every state is reached, and every step leads from one known state to another.
func TestInvitationLife(t *testing.T) {
	reached := map[string]bool{InvitationNone: true}
	for _, s := range invitationSteps {
		reached[s.to] = true
		for _, state := range append(slices.Clone(s.from), s.to) {
			if !slices.Contains(InvitationStates(), state) {
				t.Errorf("%s: %q is no state", s.event, state)
			}
		}
		if to, ok := after(s.from[0], s.event); !ok || to != s.to {
			t.Errorf("%s from %s leads to %s, %v", s.event, s.from[0], to, ok)
		}
		for _, end := range []string{InvitationAttended, InvitationAbsent} {
			if to, ok := after(end, s.event); ok {
				t.Errorf("%s leads on from %s to %s", s.event, end, to)
			}
		}
		if isAnswer := slices.Contains(answers, s.event); isAnswer != (len(s.guards) > 0) {
			t.Errorf("%s has %d guards", s.event, len(s.guards))
		}
	}
	for _, state := range InvitationStates() {
		if !reached[state] {
			t.Errorf("nothing leads to %s", state)
		}
	}
}

// Answers that make no sense, with what to do instead.
func TestCheckAnswer(t *testing.T) {
	for _, tt := range []struct {
		name    string
		said    Said
		session func(m *Meeting)
		want    string // "" for taken
	}{
		{"a member accepts", Said{Seat: "S1", Person: "anna", Answer: "accepted", Mode: "online"}, nil, ""},
		{"an alternate is not sure", Said{Seat: "S1", Person: "alt2", Answer: "tentative"}, nil, ""},
		{"a member delegates", Said{Seat: "S1", Person: "anna", Answer: "delegated", Delegate: "alt1"}, nil, ""},
		{"a seat that is none", Said{Seat: "S11", Person: "anna", Answer: "accepted"}, nil, `no seat "S11"; did you mean "S1"?`},
		{"an answer that is none", Said{Seat: "S1", Person: "anna", Answer: "perhaps"}, nil, `answer "perhaps" is not known`},
		{"nobody", Said{Seat: "S1", Answer: "accepted"}, nil, "seat S1 is vacant"},
		{"somebody else", Said{Seat: "S1", Person: "bob", Answer: "accepted"}, nil, "bob is neither the member of seat S1 nor an alternate"},
		{"a mode of a refusal", Said{Seat: "S1", Person: "anna", Answer: "declined", Mode: "online"}, nil, "a mode goes with an acceptance only"},
		{"a mode that the session has not", Said{Seat: "S1", Person: "anna", Answer: "accepted", Mode: "online"}, func(m *Meeting) { m.Session.Mode = "in-person" }, "meets in-person, not online"},
		{"an acceptance with a delegate", Said{Seat: "S1", Person: "anna", Answer: "accepted", Delegate: "alt1"}, nil, "a delegation names a delegate, and nothing else does"},
		{"a delegation to nobody", Said{Seat: "S1", Person: "anna", Answer: "delegated"}, nil, "a delegation names a delegate, and nothing else does"},
		{"to oneself", Said{Seat: "S1", Person: "anna", Answer: "delegated", Delegate: "anna"}, nil, "anna cannot delegate to themselves"},
		{"in a chain", Said{Seat: "S1", Person: "alt1", Answer: "delegated", Delegate: "alt2"}, nil, "alt1 stands in for the member and cannot pass it on"},
		{"to who is no alternate", Said{Seat: "S2", Person: "bob", Answer: "delegated", Delegate: "alt1"}, nil, "alt1 is not an alternate of seat S2"},
		{"to a draft", Said{Seat: "S1", Person: "anna", Answer: "accepted"}, func(m *Meeting) { m.Session.State = Draft }, "session S is draft"},
		{"at the opening", Said{Seat: "S1", Person: "anna", Answer: "accepted", At: at("2026-12-07T10:00:00+05:00")}, nil, "session S opened at 2026-12-07 10:00"},
		{"after who was there is known", Said{Seat: "S1", Person: "anna", Answer: "accepted"}, func(m *Meeting) { m.Session.State = Held }, "session S is held"},
	} {
		m := fixture()
		if tt.session != nil {
			tt.session(m)
		}
		if tt.said.At.IsZero() {
			tt.said.At = at("2026-12-01T10:00:00+05:00")
		}
		err := m.CheckAnswer(tt.said)
		var refused *ReplyError
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (!errors.As(err, &refused) || !strings.Contains(refused.Problem, tt.want) || refused.Hint() == ""):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
