package acts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// ReplyPage is what a reply link opens: one session as one person sees it.
type ReplyPage struct {
	Meeting *meetings.Meeting
	Info    programme.Info
	Person  programme.Person
	Seats   []ReplySeat
	Open    bool           // answers are taken
	Neutral bool           // a confidential session: no title, agenda or papers
	ReplyBy programme.Date // last day to answer; zero: not said, or over
	Now     time.Time
}

// ReplySeat is a seat for which the reader may answer.
type ReplySeat struct {
	meetings.Standing
	Alternates []programme.Person // whom the reader may send: none unless the reader is the member
	Given      *meetings.Answer   // the reader's own last answer, nil for none
	Stale      bool               // it was given before the last change of the session
	Delegate   string             // name of whom the reader sends
	MemberName string             // where the reader answers in the member's place
}

// ShowReplyPage says what a reply link opens. It changes nothing: mail programs follow links by themselves. The error is
// store.ErrNotFound for every token that opens nothing, whatever the reason.
func (a *Acts) ShowReplyPage(ctx context.Context, token string) (page ReplyPage, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		target, err := tx.ReplyToken(ctx, token)
		if err != nil {
			return err
		}
		page, err = replyPage(ctx, tx, target)
		return err
	})
	return page, err
}

func replyPage(ctx context.Context, tx *store.Tx, target store.ReplyTarget) (page ReplyPage, err error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return page, err
	}
	m, err := p.meeting(target.Session)
	if err != nil {
		return page, err
	}
	state := m.Session.State
	page = ReplyPage{Meeting: m, Info: p.info, Person: p.people[target.Person], Neutral: m.Session.Confidentiality == "confidential", Now: tx.Now,
		Open: (state == meetings.Tentative || state == meetings.Confirmed) && tx.Now.Before(m.Session.OpensAt)}
	today := programme.DateOf(tx.Now, m.Zone())
	for _, st := range answerableSeats(m, target.Person, today) {
		page.Seats = append(page.Seats, replySeat(p, m, st, target.Person, today))
	}
	if len(page.Seats) == 0 {
		return page, fmt.Errorf("%s speaks for no seat of session %s: %w", target.Person, target.Session, store.ErrNotFound)
	}
	lines, _ := m.Timetable(tx.Now) // rules that cannot be read have no lines; planning names them
	for _, l := range lines {
		if l.Rule.DoneWhen == "all-replied" && l.Opens && !l.DueAt.Before(tx.Now) {
			page.ReplyBy = l.DueOn
		}
	}
	return page, nil
}

// answerableSeats are those for which a person may answer: as the member, in the member's place, or as an alternate whose
// unasked answer is kept.
func answerableSeats(m *meetings.Meeting, person string, today programme.Date) (seats []meetings.Standing) {
	for _, st := range m.Standings() {
		if st.Member != "" && (st.Member == person || st.Acting == person || st.Seat.Alternate(person, today)) {
			seats = append(seats, st)
		}
	}
	return seats
}

func replySeat(p *planning, m *meetings.Meeting, st meetings.Standing, person string, today programme.Date) ReplySeat {
	s := ReplySeat{Standing: st}
	for i := len(m.Answers) - 1; i >= 0 && s.Given == nil; i-- {
		if given := m.Answers[i]; given.Seat == st.Seat.Ref && given.Person == person {
			s.Given, s.Stale = &given, m.IsStale(given)
		}
	}
	if s.Given != nil {
		s.Delegate = p.people[s.Given.Delegate].Name
	}
	if st.Member != person {
		s.MemberName = p.people[st.Member].Name
		return s
	}
	for _, t := range st.Seat.Alternates {
		if who := p.people[t.Person]; t.On(today) && who.Active && t.Person != person {
			s.Alternates = append(s.Alternates, who)
		}
	}
	return s
}

// answersADay bounds what one link can write: whoever changes their mind more often has lost the link to a program.
const answersADay = 20

// given counts the answers of a person today.
func (p ReplyPage) given(person string) (n int) {
	today := programme.DateOf(p.Now, p.Meeting.Zone())
	for _, a := range p.Meeting.Answers {
		if a.Person == person && a.Date == today {
			n++
		}
	}
	return n
}

// AnswerByLink records what a reader chose on the page of a reply link: in-person, online, accepted, tentative, declined,
// or delegate:PERSON. The same answer given again changes nothing. Refusals are a *ReplyError, and store.ErrNotFound for a
// token that opens nothing.
func (a *Acts) AnswerByLink(ctx context.Context, token, seat, choice string) (result StepResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		target, err := tx.ReplyToken(ctx, token)
		if err != nil {
			return err
		}
		page, err := replyPage(ctx, tx, target)
		if err != nil {
			return err
		}
		r := NewReply{Session: target.Session, Seat: seat, Person: target.Person, Via: "link", Actor: "link of " + target.Person}
		switch delegate, sends := strings.CutPrefix(choice, "delegate:"); {
		case sends:
			r.Answer, r.Delegate = "delegated", delegate
		case choice == "in-person" || choice == "online":
			r.Answer, r.Mode = "accepted", choice
		default:
			r.Answer = choice
		}
		if page.given(target.Person) >= answersADay {
			return &ReplyError{Problem: fmt.Sprintf("%s has answered %d times today", target.Person, answersADay), Cure: "answer tomorrow, or write to the secretariat"}
		}
		for _, s := range page.Seats {
			if s.Seat.Ref != seat {
				continue
			}
			if g := s.Given; g != nil && !s.Stale && g.Answer == r.Answer && g.Mode == r.Mode && g.Delegate == r.Delegate && s.stands() {
				return nil
			}
			result, err = a.recordReply(ctx, tx, r)
			return err
		}
		return &ReplyError{Problem: fmt.Sprintf("%s does not speak for seat %q", target.Person, seat), Cure: "choose one of the seats shown"}
	})
	return result, err
}

// stands reports whether the reader's last answer is what counts for the seat, or is kept for the case that it will: a
// member whose delegate has declined may name the same one again.
func (s ReplySeat) stands() bool {
	return s.Given.Answer != "delegated" || s.Acting == s.Given.Delegate
}
