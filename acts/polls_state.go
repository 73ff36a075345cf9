package acts

import (
	"context"
	"slices"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

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
		answers, err := tx.PollAnswers(ctx, all[i].ID)
		if err != nil {
			return err
		}
		if state, err = p.pollState(ctx, tx, all[i], answers); err != nil || state.Hidden {
			return err
		}
		c, err := p.councilOf(state.Council)
		if err != nil {
			return err
		}
		return p.rankPoll(ctx, tx, c, &state)
	})
	return state, err
}

// pollState puts the answers that may be shown to their options, which are not ranked.
func (p *planning) pollState(ctx context.Context, tx *store.Tx, poll store.Poll, answers []store.PollAnswer) (s PollState, err error) {
	options, err := tx.PollOptions(ctx, poll.ID)
	if err != nil {
		return s, err
	}
	s = PollState{Poll: poll, Zone: p.zoneOf(poll.Council), Hidden: poll.Secret && poll.ClosedAt == nil}
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
	return s, nil
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
	for rank, slot := range meetings.FindSlots(q).Slots {
		i := slices.IndexFunc(s.Options, func(o PollOptionState) bool { return o.Starts.Equal(slot.Start) })
		s.Options[i].Rank, s.Options[i].Probability, s.Options[i].Reasons = rank+1, slot.Probability, slot.Reasons()
	}
	return nil
}
