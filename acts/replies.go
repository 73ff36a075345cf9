package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// ReplyError says why a reply is not taken.
type ReplyError struct{ Problem, Cure string }

func (e *ReplyError) Error() string { return "reply: " + e.Problem }

// Hint returns what to do.
func (e *ReplyError) Hint() string { return e.Cure }

// NewReply is an answer to an invitation. Via is how it came: command, link, calendar.
type NewReply struct {
	Session, Seat string
	Person        string // who answers; "" is who speaks for the seat
	Answer        string // accepted, declined, tentative, delegated
	Mode          string // of an acceptance: in-person, online, "" not said
	Delegate      string // of a delegation: an alternate of the seat
	Via, Actor    string
	Stamp         *time.Time // DTSTAMP of an answer that a calendar program sent
}

// RecordReply records an answer and makes reminders and forecast agree with it, in one transaction. Somebody who has
// answered is not asked any more, also where the letter is waiting or being sent; who has to answer because of it is asked.
// Every refusal is a *ReplyError.
func (a *Acts) RecordReply(ctx context.Context, r NewReply) (result StepResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		result, err = a.recordReply(ctx, tx, r)
		return err
	})
	return result, err
}

func (a *Acts) recordReply(ctx context.Context, tx *store.Tx, r NewReply) (result StepResult, err error) {
	facts, err := tx.LockSession(ctx, r.Session)
	if err != nil {
		return result, err
	}
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return result, err
	}
	m, err := p.meeting(r.Session)
	if err != nil {
		return result, err
	}
	today := programme.DateOf(tx.Now, m.Zone())
	for _, one := range r.split(m) {
		if err := checkReply(m, one, today); err != nil {
			return result, err
		}
		if !tx.Now.Before(m.Session.OpensAt) {
			return result, &ReplyError{fmt.Sprintf("session %s opened at %s", r.Session, m.Session.OpensAt.In(m.Zone()).Format("2006-01-02 15:04")), "who was there belongs on the attendance list"}
		}
		row := store.ReplyRow{Seat: one.Seat, Person: one.Person, Answer: one.Answer, Mode: one.Mode, Delegate: one.Delegate, Date: today, At: tx.Now,
			Revision: m.Revision, Via: one.Via, Stamp: one.Stamp}
		if err := tx.AddReply(ctx, row, facts.ID); err != nil {
			return result, err
		}
	}
	result = StepResult{Session: r.Session, State: m.Session.State, Revision: m.Revision, Letters: map[string]int{}}
	before, _ := m.Standing(r.Seat)
	if err := a.askWhoSpeaks(ctx, tx, facts, before, &result); err != nil {
		return result, err
	}
	if err := a.replan(ctx, tx, r.Session, &result); err != nil {
		return result, err
	}
	if err := tx.Audit(ctx, r.Actor, "reply", "session "+r.Session, nil, r); err != nil {
		return result, err
	}
	return result, a.nudge(ctx, tx, result.Existing)
}

// split fills in who answers, and makes two answers of one that names a delegate and what the delegate says: the member
// delegates, and the delegate accepts or is not sure.
func (r NewReply) split(m *meetings.Meeting) []NewReply {
	st, _ := m.Standing(r.Seat)
	if r.Person == "" {
		r.Person = st.Acting
		if r.Delegate != "" {
			r.Person = st.Member
		}
	}
	if r.Delegate == "" || r.Answer == "delegated" {
		return []NewReply{r}
	}
	member, delegate := r, r
	member.Answer, member.Mode = "delegated", ""
	delegate.Person, delegate.Delegate = r.Delegate, ""
	if r.Answer == "declined" || r.Answer == "" { // the member does; what the delegate says is not known
		return []NewReply{member}
	}
	return []NewReply{member, delegate}
}

// checkReply refuses an answer that makes no sense.
func checkReply(m *meetings.Meeting, r NewReply, today programme.Date) error {
	st, ok := m.Standing(r.Seat)
	answers := []string{"accepted", "declined", "tentative", "delegated"}
	modes := map[string][]string{"in-person": {"in-person"}, "online": {"online"}, "hybrid": {"in-person", "online"}}[m.Session.Mode]
	switch {
	case !ok:
		var refs []string
		for _, s := range m.Seats {
			refs = append(refs, s.Ref)
		}
		return &ReplyError{fmt.Sprintf("council %s has no seat %q", m.Council.Ref, r.Seat), "its seats are " + strings.Join(refs, ", ")}
	case m.Session.State != meetings.Tentative && m.Session.State != meetings.Confirmed:
		return &ReplyError{fmt.Sprintf("session %s is %s", r.Session, strings.ReplaceAll(m.Session.State, "_", " ")), "replies are taken while a session is tentative or confirmed"}
	case !slices.Contains(answers, r.Answer):
		return &ReplyError{fmt.Sprintf("answer %q is not known", r.Answer), "accepted, declined, tentative, or a --delegate"}
	case r.Person == "":
		return &ReplyError{fmt.Sprintf("seat %s is vacant", r.Seat), "name its member in the programme file first"}
	case r.Person != st.Seat.MemberOn(today) && r.Person != st.Member && !st.Seat.Alternate(r.Person, today):
		return &ReplyError{fmt.Sprintf("%s is neither the member of seat %s nor an alternate", r.Person, r.Seat), "the programme file says who holds a seat"}
	case r.Mode != "" && r.Answer != "accepted":
		return &ReplyError{"a mode goes with an acceptance only", "leave --mode out"}
	case r.Mode != "" && !slices.Contains(modes, r.Mode):
		return &ReplyError{fmt.Sprintf("session %s meets %s, not %s", r.Session, m.Session.Mode, r.Mode), "mode " + strings.Join(modes, " or ")}
	case (r.Answer == "delegated") != (r.Delegate != ""):
		return &ReplyError{"a delegation names a delegate, and nothing else does", "give --delegate PERSON with --answer delegated, or leave it out"}
	case r.Delegate == "":
		return nil
	case r.Delegate == r.Person:
		return &ReplyError{r.Person + " cannot delegate to themselves", "name an alternate of the seat"}
	case r.Person != st.Member:
		return &ReplyError{r.Person + " stands in for the member and cannot pass it on", "the member of the seat may name another alternate"}
	case !st.Seat.Alternate(r.Delegate, today):
		var names []string
		for _, t := range st.Seat.Alternates {
			names = append(names, t.Person)
		}
		cure := "seat " + r.Seat + " has no alternates"
		if len(names) > 0 {
			cure = "its alternates are " + strings.Join(names, ", ")
		}
		return &ReplyError{fmt.Sprintf("%s is not an alternate of seat %s", r.Delegate, r.Seat), cure}
	}
	return nil
}

// RepliedTo is a reply on record, and whether a later change of the session took its force.
type RepliedTo struct {
	store.ReplyRow
	Stale bool
}

// Replies returns the replies to a session, oldest first.
func (a *Acts) Replies(ctx context.Context, session string) (list []RepliedTo, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(session); err != nil {
			return err
		}
		rows, err := tx.Replies(ctx, session)
		list = nil
		for _, r := range rows {
			stale := m.IsStale(meetings.Answer{Reply: programme.Reply{Date: r.Date}, Revision: r.Revision})
			list = append(list, RepliedTo{r, stale})
		}
		return err
	})
	return list, m, err
}
