package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// Most options that a poll may have.
const maxPollOptions = 40

// pollAnswers are the words of an answer.
var pollAnswers = []string{"yes", "if-need-be", "no"}

// PollAnswerRequest are answers of a person by the number of the option.
type PollAnswerRequest struct {
	Poll, Person, Actor string
	Answers             map[int]string
}

// PollClosing chooses an option. Session is the ref of the session that it becomes; "" numbers on.
type PollClosing struct {
	Poll, Session, Actor string
	Choose               int
}

// PollState is a poll as it stands. Of a secret one that is open it holds who answered, and not what.
type PollState struct {
	store.Poll
	Zone     *time.Location
	Options  []PollOptionState // in the order of the poll
	Answered []string
	Hidden   bool
}

// PollOptionState is an option with the answers to it. Rank 1 is the best; 0 says that a hard rule takes it out, or that it
// is hidden.
type PollOptionState struct {
	N           int
	Starts      time.Time
	Answers     map[string]string // by person
	Rank        int
	Probability float64 // of a quorum
	Reasons     []string
}

// Count returns how many gave an answer.
func (o PollOptionState) Count(answer string) (n int) {
	for _, a := range o.Answers {
		if a == answer {
			n++
		}
	}
	return n
}

// councilOf returns a council by its ref, or a refusal.
func (p *planning) councilOf(ref string) (programme.Council, error) {
	var refs []string
	for _, c := range p.councils {
		if c.Ref == ref {
			return c, nil
		}
		refs = append(refs, c.Ref)
	}
	return programme.Council{}, refuse("the councils are "+strings.Join(refs, ", "), "no council %q%s", ref, programme.DidYouMean(ref, refs))
}

// OpenPoll opens a poll on some moments and returns its ref. Until zero is the earliest option. Every refusal is an
// ErrRefused.
func (a *Acts) OpenPoll(ctx context.Context, q store.Poll, starts []time.Time) (ref string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		c, err := p.councilOf(q.Council)
		if err != nil {
			return err
		}
		list := slices.Clone(starts)
		slices.SortFunc(list, time.Time.Compare)
		poll := q
		if err := checkPoll(&poll, list, tx.Now); err != nil {
			return err
		}
		all, err := tx.Polls(ctx)
		if err != nil {
			return err
		}
		if poll.Ref == "" {
			poll.Ref = fmt.Sprintf("POLL-%d", len(all)+1)
		}
		if slices.ContainsFunc(all, func(o store.Poll) bool { return o.Ref == poll.Ref }) {
			return refuse("give another --ref", "poll %q exists already", poll.Ref)
		}
		if poll.Title == "" {
			poll.Title = c.Name.In(p.info.Languages...)
		}
		if err := tx.OpenPoll(ctx, poll, list); err != nil {
			return err
		}
		ref = poll.Ref
		return tx.Audit(ctx, poll.OpenedBy, "poll open", "poll "+ref, nil, map[string]any{"council": c.Ref, "options": list, "secret": poll.Secret, "until": poll.AnswerUntil})
	})
	return ref, err
}

func checkPoll(poll *store.Poll, starts []time.Time, now time.Time) error {
	span, err := calendar.ParseSpan(poll.Lasts)
	switch {
	case err != nil || span.Duration() <= 0 || span.Duration() > 24*time.Hour:
		return refuse("e.g. --lasts PT3H", "a session of %q is not looked for", poll.Lasts)
	case len(starts) < 2 || len(starts) > maxPollOptions:
		return refuse("give --slot 2 to 40 times", "%d options are no poll", len(starts))
	}
	for i, at := range starts {
		if !at.After(now) {
			return refuse("give options that are still to come", "the option %s is over", at.Format(time.RFC3339))
		}
		if i > 0 && at.Equal(starts[i-1]) {
			return refuse("give each option once", "the option %s stands twice", at.Format(time.RFC3339))
		}
	}
	if poll.AnswerUntil.IsZero() {
		poll.AnswerUntil = starts[0]
	}
	if !poll.AnswerUntil.After(now) || poll.AnswerUntil.After(starts[0]) {
		return refuse("a moment from now to the first option", "answers until %s", poll.AnswerUntil.Format(time.RFC3339))
	}
	return nil
}

// AnswerPoll records answers of a person; the last one to each option counts. Every refusal is an ErrRefused.
func (a *Acts) AnswerPoll(ctx context.Context, r PollAnswerRequest) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		poll, options, err := lockPoll(ctx, tx, r.Poll)
		if err != nil {
			return err
		}
		if tx.Now.After(poll.AnswerUntil) {
			return refuse("secretariat polls close "+poll.Ref, "answers to poll %s were taken until %s", poll.Ref, poll.AnswerUntil.Format(time.RFC3339))
		}
		if !slices.Contains(p.askedIn(poll), r.Person) {
			return refuse("secretariat seats list "+poll.Council, "%q sits on no seat of council %s", r.Person, poll.Council)
		}
		for n, answer := range r.Answers {
			if n < 1 || n > len(options) {
				return refuse("secretariat polls show "+poll.Ref, "poll %s has no option %d", poll.Ref, n)
			}
			if !slices.Contains(pollAnswers, answer) {
				return refuse(strings.Join(pollAnswers, ", "), "%q is no answer", answer)
			}
		}
		for i, o := range options {
			if answer, given := r.Answers[i+1]; given {
				if err := tx.AnswerPoll(ctx, o.ID, r.Person, answer, r.Actor); err != nil {
					return err
				}
			}
		}
		var what any // what a secret poll was answered stands in its own table only
		if !poll.Secret {
			what = r.Answers
		}
		return tx.Audit(ctx, r.Actor, "poll answer", "poll "+poll.Ref, nil, map[string]any{"person": r.Person, "answers": what})
	})
}

// lockPoll returns an open poll with its options.
func lockPoll(ctx context.Context, tx *store.Tx, ref string) (poll store.Poll, options []store.PollOption, err error) {
	if poll, err = tx.LockPoll(ctx, ref); errors.Is(err, store.ErrNotFound) {
		return poll, nil, refuse("secretariat polls list", "no poll %q", ref)
	}
	if err != nil {
		return poll, nil, err
	}
	if poll.ClosedAt != nil {
		return poll, nil, refuse("secretariat sessions show "+poll.Session, "poll %s is closed: it became session %s", ref, poll.Session)
	}
	options, err = tx.PollOptions(ctx, poll.ID)
	return poll, options, err
}

// askedIn returns who may answer: members and alternates of the council's seats, and its officers.
func (p *planning) askedIn(poll store.Poll) (people []string) {
	for _, s := range p.seats[poll.Council] {
		for _, t := range append(slices.Clone(s.Members), s.Alternates...) {
			if t.On(programme.DateOf(poll.OpenedAt, time.UTC)) {
				people = append(people, t.Person)
			}
		}
	}
	for _, c := range p.councils {
		for _, o := range c.Offices {
			if c.Ref == poll.Council && o.HeldOn(programme.DateOf(poll.OpenedAt, time.UTC)) {
				people = append(people, o.Person)
			}
		}
	}
	return people
}

// ListPolls returns all polls, the newest first.
func (a *Acts) ListPolls(ctx context.Context) (list []store.Poll, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		list, err = tx.Polls(ctx)
		return err
	})
	return list, err
}

// ShowPoll returns a poll with its options ranked as the date finder ranks slots. Every refusal is an ErrRefused.
func (a *Acts) ShowPoll(ctx context.Context, ref string) (state PollState, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		all, err := tx.Polls(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o store.Poll) bool { return o.Ref == ref })
		if i < 0 {
			var refs []string
			for _, o := range all {
				refs = append(refs, o.Ref)
			}
			return refuse("secretariat polls list", "no poll %q%s", ref, programme.DidYouMean(ref, refs))
		}
		state, err = p.pollState(ctx, tx, all[i])
		return err
	})
	return state, err
}

func (p *planning) pollState(ctx context.Context, tx *store.Tx, poll store.Poll) (s PollState, err error) {
	c, err := p.councilOf(poll.Council)
	if err != nil {
		return s, err
	}
	options, err := tx.PollOptions(ctx, poll.ID)
	if err != nil {
		return s, err
	}
	answers, err := tx.PollAnswers(ctx, poll.ID)
	if err != nil {
		return s, err
	}
	m := meetings.Meeting{Council: c}
	s = PollState{Poll: poll, Zone: m.Zone(), Hidden: poll.Secret && poll.ClosedAt == nil}
	for _, o := range options {
		s.Options = append(s.Options, PollOptionState{N: o.N, Starts: o.Starts, Answers: map[string]string{}})
	}
	for _, one := range answers {
		if !slices.Contains(s.Answered, one.Person) {
			s.Answered = append(s.Answered, one.Person)
		}
		if !s.Hidden {
			s.Options[one.N-1].Answers[one.Person] = one.Answer
		}
	}
	slices.Sort(s.Answered)
	if s.Hidden {
		return s, nil
	}
	return s, p.rankPoll(ctx, tx, c, &s)
}

// rankPoll ranks the options of a poll by the date finder: who answered counts by the answer, others by their record.
func (p *planning) rankPoll(ctx context.Context, tx *store.Tx, c programme.Council, s *PollState) error {
	m := &meetings.Meeting{Council: c, Seats: p.seats[c.Ref], People: p.people, Holidays: p.holidays}
	m.Council.Sessions = nil
	span, err := calendar.ParseSpan(s.Lasts)
	if err != nil {
		return err
	}
	day := programme.DateOf(s.Options[0].Starts, s.Zone)
	m.Session.OpensAt = s.Options[0].Starts
	m.Session.ClosesAt = m.Session.OpensAt.Add(span.Duration())
	q := meetings.SlotSearch{From: day, To: day, Lasts: span.Duration(), Zone: s.Zone, Venue: m.Workdays(), Floor: meetings.DefaultFloor}
	for _, o := range s.Options {
		q.Only = append(q.Only, o.Starts)
	}
	if q.Required, err = m.SeatsRequired(); err != nil {
		return err
	}
	if err := p.fillSlots(ctx, tx, m, c, &q); err != nil {
		return err
	}
	for i := range q.People {
		q.People[i].Answers = map[time.Time]string{}
		for _, o := range s.Options {
			if answer := o.Answers[q.People[i].Ref]; answer != "" {
				q.People[i].Answers[o.Starts.UTC()] = answer
			}
		}
	}
	q.Floor = 0 // each option is shown
	for rank, slot := range meetings.FindSlots(q).Slots {
		i := slices.IndexFunc(s.Options, func(o PollOptionState) bool { return o.Starts.Equal(slot.Start) })
		s.Options[i].Rank, s.Options[i].Probability, s.Options[i].Reasons = rank+1, slot.Probability, slot.Reasons()
	}
	return nil
}

// ClosePoll makes a tentative session of the option that is chosen, by the act that holds the date of any draft: the result
// says exactly how many letters there are. A preview changes nothing. Every refusal is an ErrRefused.
func (a *Acts) ClosePoll(ctx context.Context, c PollClosing, preview bool) (result StepResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if result, err = a.closePoll(ctx, tx, c, preview); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return result, err
}

func (a *Acts) closePoll(ctx context.Context, tx *store.Tx, c PollClosing, preview bool) (result StepResult, err error) {
	poll, options, err := lockPoll(ctx, tx, c.Poll)
	if err != nil {
		return result, err
	}
	if c.Choose < 1 || c.Choose > len(options) {
		return result, refuse("secretariat polls show "+poll.Ref, "poll %s has no option %d", poll.Ref, c.Choose)
	}
	chosen := options[c.Choose-1].Starts
	if !chosen.After(tx.Now) {
		return result, refuse("choose a later option, or open another poll", "option %d is over since %s", c.Choose, chosen.Format(time.RFC3339))
	}
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return result, err
	}
	council, err := p.councilOf(poll.Council)
	if err != nil {
		return result, err
	}
	span, err := calendar.ParseSpan(poll.Lasts)
	if err != nil {
		return result, err
	}
	draft := draftOf(council, meetings.Occurrence{Session: c.Session, OpensAt: chosen, ClosesAt: chosen.Add(span.Duration())})
	draft.Mode = poll.Mode
	if draft.Ref == "" {
		draft.Ref = fmt.Sprintf("%s-%d", council.Ref, draft.Number)
	}
	if _, exists := p.facts[draft.Ref]; exists {
		return result, refuse("give another --session", "session %q exists already", draft.Ref)
	}
	if err := tx.CreateDraft(ctx, council.Ref, draft, a.domain()); err != nil {
		return result, err
	}
	if err := tx.ClosePoll(ctx, poll.ID, draft.Ref); err != nil {
		return result, err
	}
	if err := tx.Audit(ctx, c.Actor, "poll close", "poll "+poll.Ref, nil, map[string]any{"option": c.Choose, "starts_at": chosen, "session": draft.Ref}); err != nil {
		return result, err
	}
	return a.takeStep(ctx, tx, meetings.Announce, SessionStep{Ref: draft.Ref, Actor: c.Actor}, preview)
}
