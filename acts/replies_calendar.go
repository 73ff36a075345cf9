package acts

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/mail"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// CalendarAnswer says what became of a letter that arrived.
type CalendarAnswer struct {
	Outcome string // "" for a letter that is no answer of a calendar program; recorded, passed-on, refused
	Reason  string
	Session string
	Seat    string
}

// TakeCalendarReply reads a letter that arrived and, where it is the answer of a calendar program to an invitation of ours,
// records it like any other: the invitation must be known, its sender the person invited, and neither the invitation nor
// the answer older than what is on record. A counter-proposal changes nothing and goes to the secretary. What is refused
// stands in the table of calendar answers with its reason. The same letter twice is taken once.
func (a *Acts) TakeCalendarReply(ctx context.Context, letter []byte) (result CalendarAnswer, err error) {
	found, isAnswer, err := mail.ReadAnswer(letter)
	if err != nil || !isAnswer || found.Method != "" && found.Method != calendar.MethodReply && found.Method != calendar.MethodCounter {
		return CalendarAnswer{}, nil // not an answer: nothing that this act is for
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		row := store.CalendarReply{SHA256: sha256.Sum256(letter), Outcome: "refused"}
		known, err := tx.CalendarReplyKnown(ctx, row.SHA256)
		if err != nil || known {
			return err
		}
		answer, err := calendar.ParseAnswer(found.Calendar)
		switch {
		case err != nil:
			row.Reason = err.Error()
		case found.Method != "" && answer.Method != found.Method:
			row.Reason = fmt.Sprintf("the letter says method %s, the calendar object %s", found.Method, answer.Method)
		case answer.Method != calendar.MethodReply && answer.Method != calendar.MethodCounter:
			return nil
		default:
			if err := a.takeAnswer(ctx, tx, found.From, answer, &row, &result); err != nil {
				return err
			}
		}
		result.Outcome, result.Reason = row.Outcome, row.Reason
		id, err := tx.AddCalendarReply(ctx, row)
		if err != nil || row.Outcome != "passed-on" {
			return err
		}
		return a.noticeSecretary(ctx, tx, result.Session, fmt.Sprintf("notice:counter:%d", id))
	})
	return result, err
}

// takeAnswer checks an answer and records it. What is wrong with it is put into the row, not returned.
func (a *Acts) takeAnswer(ctx context.Context, tx *store.Tx, from string, answer calendar.Answer, row *store.CalendarReply, result *CalendarAnswer) error {
	row.Method = answer.Method
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	facts, ok := sessionByUID(p, answer.UID)
	if !ok {
		row.Reason = "no session of ours has this UID"
		return nil
	}
	row.SessionID, result.Session = &facts.ID, facts.Ref
	m, err := p.meeting(facts.Ref)
	if err != nil {
		return err
	}
	person, st, ok := whoAnswers(p, m, answer.Attendee, programme.DateOf(tx.Now, m.Zone()))
	switch {
	case answer.Attendee != from:
		row.Reason = "the sender is not the attendee who answers"
	case !ok:
		row.Reason = "the attendee is not invited"
	case answer.Sequence < facts.Sequence:
		row.Reason = fmt.Sprintf("it answers SEQUENCE %d; the invitation has moved on to %d", answer.Sequence, facts.Sequence)
	}
	if row.Reason != "" {
		return nil
	}
	personID := p.ids.people[person]
	row.PersonID, result.Seat = &personID, st.Seat.Ref
	last, err := tx.LastReplyStamp(ctx, facts.ID, personID)
	if err != nil {
		return err
	}
	if !answer.Stamp.After(last) {
		row.Reason = "an answer with the same or a later DTSTAMP is on record"
		return nil
	}
	if answer.Method == calendar.MethodCounter {
		row.Outcome, row.Proposal = "passed-on", map[string]string{"start": answer.Start, "comment": answer.Comment}
		return nil
	}
	r := NewReply{Session: facts.Ref, Seat: st.Seat.Ref, Person: person, Via: "calendar", Actor: "calendar of " + person, Stamp: &answer.Stamp}
	r.Answer, r.Delegate, row.Reason = partStat(p, st.Seat, answer)
	if row.Reason != "" {
		return nil
	}
	return a.recordCalendarAnswer(ctx, tx, r, row)
}

// partStat reads PARTSTAT (RFC 5545, 3.2.12) as the answer of a seat, or says why it is none.
func partStat(p *planning, seat meetings.Seat, answer calendar.Answer) (reply, delegate, fault string) {
	reply = map[string]string{"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined", "DELEGATED": "delegated"}[answer.Status]
	if reply == "" {
		return "", "", fmt.Sprintf("PARTSTAT %q is no answer", answer.Status)
	}
	if reply == "delegated" {
		if delegate = personAt(p, seat, answer.Delegate); delegate == "" {
			return "", "", "it delegates to somebody who is no alternate of the seat"
		}
	}
	return reply, delegate, ""
}

// recordCalendarAnswer records an answer under a savepoint: a refusal must leave nothing but its reason.
func (a *Acts) recordCalendarAnswer(ctx context.Context, tx *store.Tx, r NewReply, row *store.CalendarReply) error {
	err := tx.Savepoint(ctx, func() error {
		_, err := a.recordReply(ctx, tx, r)
		return err
	})
	var refused *ReplyError
	if errors.As(err, &refused) {
		row.Reason = refused.Problem
		return nil
	}
	if err == nil {
		row.Outcome = "recorded"
	}
	return err
}

func sessionByUID(p *planning, uid string) (store.SessionFacts, bool) {
	for _, f := range p.facts {
		if strings.EqualFold(f.UID, uid) {
			return f, true
		}
	}
	return store.SessionFacts{}, false
}

// whoAnswers finds the invited person with an address, and the seat for which that person speaks. Two people may share a
// mailbox: then the one who speaks for a seat answers.
func whoAnswers(p *planning, m *meetings.Meeting, address string, today programme.Date) (string, meetings.Standing, bool) {
	for _, st := range m.Standings() {
		for _, person := range []string{st.Acting, st.Member} {
			if person != "" && strings.EqualFold(p.people[person].Email, address) {
				return person, st, true
			}
		}
	}
	for _, st := range m.Standings() {
		for _, t := range st.Seat.Alternates {
			if st.Member != "" && t.On(today) && strings.EqualFold(p.people[t.Person].Email, address) {
				return t.Person, st, true
			}
		}
	}
	return "", meetings.Standing{}, false
}

// personAt returns the alternate of a seat who has an address, "" for none.
func personAt(p *planning, seat meetings.Seat, address string) string {
	for _, t := range seat.Alternates {
		if address != "" && strings.EqualFold(p.people[t.Person].Email, address) {
			return t.Person
		}
	}
	return ""
}

// noticeSecretary plans the letter that tells the secretary of an answer that a person must look at.
func (a *Acts) noticeSecretary(ctx context.Context, tx *store.Tx, session, matter string) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	m, err := p.meeting(session)
	if err != nil {
		return err
	}
	secretary := m.InOffice("secretary", programme.DateOf(tx.Now, m.Zone()))
	if !reachable(p, secretary) {
		return nil // the table of calendar answers keeps it
	}
	d := p.answerLetter(secretary, "reply-notice", p.facts[session], m, matter)
	d.DedupeKey = "answer:" + session + ":" + matter
	d.NotBefore = tx.Now
	inserted, err := tx.InsertDeliveries(ctx, []store.Delivery{d})
	if err != nil {
		return err
	}
	return a.nudge(ctx, tx, inserted)
}

// calendarNotice is what the secretary reads of a calendar answer on record.
func (o *letterOccasion) calendarNotice(ctx context.Context, tx *store.Tx, what, id string) (*letters.Notice, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("letter %d: notice of %q", o.d.ID, o.d.SubjectKey)
	}
	row, err := tx.CalendarReply(ctx, n)
	if err != nil {
		return nil, err
	}
	notice := &letters.Notice{What: what, Proposed: row.Proposal["start"], Comment: row.Proposal["comment"]}
	for ref, person := range o.p.ids.people {
		if row.PersonID != nil && person == *row.PersonID {
			notice.Who = o.p.people[ref].Name
		}
	}
	return notice, nil
}

// ReadInbox takes the answers of calendar programs out of a Maildir and returns what became of each. A letter that cannot
// be taken stays in the folder and comes again.
func (a *Acts) ReadInbox(ctx context.Context, inbox *mail.Maildir) (taken []CalendarAnswer, err error) {
	err = inbox.TakeNew(ctx, func(letter []byte) error {
		r, err := a.TakeCalendarReply(ctx, letter)
		if err == nil && r.Outcome != "" {
			taken = append(taken, r)
		}
		return err
	})
	return taken, err
}
