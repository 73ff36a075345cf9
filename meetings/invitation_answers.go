package meetings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
)

// ReplyError says why an answer is not taken. It is the same for command, page and calendar program.
type ReplyError struct{ Problem, Cure string }

func (e *ReplyError) Error() string { return "reply: " + e.Problem }

// Hint returns what to do.
func (e *ReplyError) Hint() string { return e.Cure }

// Said is what somebody answers for a seat.
type Said struct {
	Seat, Person string
	Answer       string // accepted, declined, tentative or delegated
	Mode         string // of an acceptance: in-person, online, "" not said
	Delegate     string // of a delegation
	At           time.Time
}

// CheckAnswer refuses an answer that the life of an invitation does not know from where it stands, or whose guards do not
// hold. The error is a *ReplyError.
func (m *Meeting) CheckAnswer(s Said) error {
	st, ok := m.Standing(s.Seat)
	if !ok {
		var refs []string
		for _, seat := range m.Seats {
			refs = append(refs, seat.Ref)
		}
		return &ReplyError{fmt.Sprintf("council %s has no seat %q%s", m.Council.Ref, s.Seat, programme.DidYouMean(s.Seat, refs)), "its seats are " + strings.Join(refs, ", ")}
	}
	if !slices.Contains(answers, s.Answer) {
		return &ReplyError{fmt.Sprintf("answer %q is not known", s.Answer), "accepted, declined, tentative, or a --delegate"}
	}
	if s.Person == "" {
		return &ReplyError{fmt.Sprintf("seat %s is vacant", s.Seat), "name its member in the programme file first"}
	}
	c := replyCase{m, st, s, programme.DateOf(s.At, m.Zone())}
	for _, step := range invitationSteps {
		if step.event != s.Answer {
			continue
		}
		for _, guard := range step.guards {
			if problem, cure := guard(&c); problem != "" {
				return &ReplyError{problem, cure}
			}
		}
		if state := m.invitation(st, s.Person, nil, m.OpeningDay()).State; !slices.Contains(step.from, state) {
			return &ReplyError{fmt.Sprintf("the invitation of %s is %s", s.Person, state), "who was there belongs on the attendance list"}
		}
	}
	return nil
}

// replyCase is an answer with what its guards look at.
type replyCase struct {
	m     *Meeting
	st    Standing
	s     Said
	today programme.Date
}

// replyGuard returns why an answer is not taken and what to do, "" where it is.
type replyGuard func(*replyCase) (problem, cure string)

func takesReplies(c *replyCase) (problem, cure string) {
	s := c.m.Session
	switch {
	case s.State != Tentative && s.State != Confirmed:
		return fmt.Sprintf("session %s is %s", s.Ref, strings.ReplaceAll(s.State, "_", " ")), "replies are taken while a session is tentative or confirmed"
	case !c.s.At.Before(s.OpensAt):
		return fmt.Sprintf("session %s opened at %s", s.Ref, s.OpensAt.In(c.m.Zone()).Format("2006-01-02 15:04")), "who was there belongs on the attendance list"
	}
	return "", ""
}

func isOfSeat(c *replyCase) (problem, cure string) {
	if c.s.Person != c.st.Seat.MemberOn(c.today) && c.s.Person != c.st.Member && !c.st.Seat.Alternate(c.s.Person, c.today) {
		return fmt.Sprintf("%s is neither the member of seat %s nor an alternate", c.s.Person, c.s.Seat), "the programme file says who holds a seat"
	}
	return "", ""
}

func modeFits(c *replyCase) (problem, cure string) {
	modes := map[string][]string{"in-person": {"in-person"}, "online": {"online"}, "hybrid": {"in-person", "online"}}[c.m.Session.Mode]
	switch {
	case c.s.Mode == "":
	case c.s.Answer != InvitationAccepted:
		return "a mode goes with an acceptance only", "leave --mode out"
	case !slices.Contains(modes, c.s.Mode):
		return fmt.Sprintf("session %s meets %s, not %s", c.m.Session.Ref, c.m.Session.Mode, c.s.Mode), "mode " + strings.Join(modes, " or ")
	}
	return "", ""
}

func namesNobody(c *replyCase) (problem, cure string) {
	if c.s.Delegate != "" {
		return namesDelegate, namesDelegateCure
	}
	return "", ""
}

const (
	namesDelegate     = "a delegation names a delegate, and nothing else does"
	namesDelegateCure = "give --delegate PERSON with --answer delegated, or leave it out"
)

// delegates: to an alternate of the seat, not to oneself, and not by somebody who stands in already.
func delegates(c *replyCase) (problem, cure string) {
	s := c.s
	switch {
	case s.Delegate == "":
		return namesDelegate, namesDelegateCure
	case s.Delegate == s.Person:
		return s.Person + " cannot delegate to themselves", "name an alternate of the seat"
	case s.Person != c.st.Member:
		return s.Person + " stands in for the member and cannot pass it on", "the member of the seat may name another alternate"
	case c.st.Seat.Alternate(s.Delegate, c.today):
		return "", ""
	}
	var names []string
	for _, t := range c.st.Seat.Alternates {
		names = append(names, t.Person)
	}
	cure = "seat " + s.Seat + " has no alternates"
	if len(names) > 0 {
		cure = "its alternates are " + strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s is not an alternate of seat %s", s.Delegate, s.Seat), cure
}
