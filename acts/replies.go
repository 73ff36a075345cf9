package acts

import (
	"context"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// ReplyError says why a reply is not taken.
type ReplyError = meetings.ReplyError

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
		said := meetings.Said{Seat: one.Seat, Person: one.Person, Answer: one.Answer, Mode: one.Mode, Delegate: one.Delegate, At: tx.Now}
		if err := m.CheckAnswer(said); err != nil {
			return result, err
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

// Invitations returns how everybody who was or is to be asked to a session stands to it, in the order of the seats.
func (a *Acts) Invitations(ctx context.Context, session string) (list []meetings.Invitation, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(session); err != nil {
			return err
		}
		rows, err := tx.SessionDeliveries(ctx, []int64{p.facts[session].ID})
		if err != nil {
			return err
		}
		people := p.peopleByID()
		var letters []meetings.Letter
		for _, d := range rows {
			l := meetings.Letter{Kind: d.Kind, State: d.State, At: d.NotBefore}
			if d.SentAt != nil {
				l.At = *d.SentAt
			}
			if row := rowOf(d, people); row.Person != "" {
				l.Person, l.Revision = row.Person, row.Revision
				letters = append(letters, l)
			}
		}
		list = m.Invitations(letters)
		return nil
	})
	return list, m, err
}
