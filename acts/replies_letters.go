package acts

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/letters"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// askWhoSpeaks settles what an answer means for others. Whoever speaks for the seat now and did not before is asked: a
// delegate is invited, a member to whom the seat came back is asked again, and the secretary is told why. Letters that ask
// somebody who has answered, or does not speak for the seat any more, are withdrawn.
func (a *Acts) askWhoSpeaks(ctx context.Context, tx *store.Tx, facts store.SessionFacts, before meetings.Standing, result *StepResult) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	m, err := p.meeting(facts.Ref)
	if err != nil {
		return err
	}
	after, ok := m.Standing(before.Seat.Ref)
	if !ok {
		return nil
	}
	known, err := tx.LockSessionDeliveries(ctx, facts.ID)
	if err != nil {
		return err
	}
	if err := withdrawAsking(ctx, tx, p, m, before, known, result); err != nil {
		return err
	}
	if after.Acting == before.Acting || after.Answer != "" || !reachable(p, after.Acting) {
		return nil
	}
	kind := map[string]string{meetings.Tentative: "hold-the-date", meetings.Confirmed: "invitation"}[m.Session.State]
	if m.Elsewhere() && after.Capacity == "member" || slices.ContainsFunc(p.rows(known), func(row meetings.Row) bool { return row.Person == after.Acting && told(row) }) {
		kind = "reply-request"
	}
	owed := []store.Delivery{p.answerLetter(after.Acting, kind, facts, m, "")}
	if secretary := m.InOffice("secretary", programme.DateOf(tx.Now, m.Zone())); before.Capacity == "delegate" && after.Capacity == "member" && reachable(p, secretary) {
		owed = append(owed, p.answerLetter(secretary, "reply-notice", facts, m, "notice:delegate-declined:"+before.Seat.Ref+":"+before.Acting))
	}
	for i := range owed {
		owed[i].NotBefore = tx.Now
		result.Letters[owed[i].Kind]++
	}
	inserted, err := tx.InsertDeliveries(ctx, owed)
	result.Existing = append(result.Existing, inserted...)
	return err
}

func reachable(p *planning, person string) bool {
	who, ok := p.people[person]
	return ok && who.Active && who.Email != ""
}

// answerLetter begins the row of a letter that an answer causes. The number of answers so far tells it from that of an
// earlier change of mind.
func (p *planning) answerLetter(person, kind string, f store.SessionFacts, m *meetings.Meeting, matter string) store.Delivery {
	d := p.letterTo(person, kind, f, m.Revision)
	ends := m.Session.OpensAt
	d.DedupeKey = fmt.Sprintf("answer:%s:r%d:%d:%s:%s", f.Ref, m.Revision, len(p.answers[f.Ref]), kind, person)
	d.Priority, d.ExpiresAt, d.SubjectKey = 2, &ends, matter
	return d
}

// withdrawAsking suppresses what answers caused and is no longer to be asked.
func withdrawAsking(ctx context.Context, tx *store.Tx, p *planning, m *meetings.Meeting, before meetings.Standing, known []store.Delivery, result *StepResult) error {
	reasons := map[string][]int64{}
	for i, row := range p.rows(known) {
		caused := row.Rule == "" && strings.HasPrefix(row.Key, "answer:") && row.Kind != "reply-notice"
		waiting := row.State == store.DeliveryPlanned || row.State == store.DeliveryPending || row.State == store.DeliverySending
		if !caused || !waiting || row.Person != before.Acting && row.Person != before.Member {
			continue
		}
		if reason := m.AskOwed(row); reason != "" {
			reasons[reason] = append(reasons[reason], known[i].ID)
		}
	}
	for reason, ids := range reasons {
		if err := tx.SuppressDeliveries(ctx, ids, reason); err != nil {
			return err
		}
		result.Suppressed += len(ids)
	}
	return nil
}

// linked are the letters that bring a link to the page on which the reader answers.
var linked = []string{"hold-the-date", "invitation", "session-changed", "session-reminder", "reply-request", "session-tomorrow"}

// replyLink makes the address at which the reader answers. Only the hash of its token is kept; a letter that is composed
// again keeps its first one.
func (o *letterOccasion) replyLink(ctx context.Context, a *Acts, tx *store.Tx) (string, error) {
	state := o.m.Session.State
	if a.Mail.PublicURL == "" || o.d.FrozenAt != nil || !slices.Contains(linked, o.d.Kind) || state != meetings.Tentative && state != meetings.Confirmed {
		return "", nil
	}
	if _, speaks := o.m.Speaks(o.row.Person); !speaks {
		return "", nil
	}
	return a.newReplyLink(ctx, tx, o.facts.ID, *o.d.PersonID)
}

func (a *Acts) newReplyLink(ctx context.Context, tx *store.Tx, sessionID, personID int64) (string, error) {
	token := strings.ToLower(rand.Text())
	if err := tx.PutReplyToken(ctx, token, sessionID, personID); err != nil {
		return "", err
	}
	return strings.TrimSuffix(a.Mail.PublicURL, "/") + "/r/" + token, nil
}

// replyNotice is the source of the letter that tells the secretary of an answer that a person must look at.
func replyNotice(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason := o.gone(); reason != "" {
		return letterParts{}, reason, nil
	}
	words := strings.SplitN(d.SubjectKey, ":", 4) // notice:what:seat:person, or notice:what:id
	data := o.data(a)
	switch {
	case len(words) == 4:
		st, _ := o.m.Standing(words[2])
		data.Session.Notice = &letters.Notice{What: words[1], Who: o.p.people[words[3]].Name, Seat: st.Seat.Label}
	case len(words) == 3:
		if data.Session.Notice, err = o.calendarNotice(ctx, tx, words[1], words[2]); err != nil {
			return letterParts{}, "", err
		}
	default:
		return letterParts{}, "", fmt.Errorf("letter %d: notice of %q", d.ID, d.SubjectKey)
	}
	parts, reason, err := o.plain(a, data)
	return parts, reason, err
}

// ReplyLink makes a link by which a person answers the invitation to a session, for an officer who hands it on by other
// means. It refuses somebody who has no seat to speak for.
func (a *Acts) ReplyLink(ctx context.Context, session, person, actor string) (link string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, err := tx.LockSession(ctx, session)
		if err != nil {
			return err
		}
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		m, err := p.meeting(session)
		if err != nil {
			return err
		}
		if a.Mail.PublicURL == "" {
			return refuse("set --public-url to the address under which readers reach the pages", "no link can be made: the program does not know its own address")
		}
		if len(answerableSeats(m, person, programme.DateOf(tx.Now, m.Zone()))) == 0 {
			return refuse("see secretariat sessions show "+session, "%q has no seat to answer for at session %s", person, session)
		}
		if link, err = a.newReplyLink(ctx, tx, facts.ID, p.ids.people[person]); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "reply link", "session "+session, nil, map[string]any{"person": person})
	})
	return link, err
}

// RevokeReplyLinks makes the links by which a person answers open nothing any more: those of one session, or all of them,
// those of polls too, where it is "".
func (a *Acts) RevokeReplyLinks(ctx context.Context, session, person, actor string) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		var sessionID int64
		if session != "" {
			facts, err := tx.LockSession(ctx, session)
			if err != nil {
				return err
			}
			sessionID = facts.ID
		}
		people, err := tx.PersonIDs(ctx)
		if err != nil {
			return err
		}
		if people[person] == 0 {
			return refuse("the programme file names the people", "no person %q", person)
		}
		if n, err = tx.RevokeTokens(ctx, people[person], sessionID, "reply", "poll"); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "revoke reply links", "person "+person, nil, map[string]any{"session": session, "links": n, "at": tx.Now.Format(time.RFC3339)})
	})
	return n, err
}
