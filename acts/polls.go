package acts

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
	"secretariat/store"
)

// Most options that a poll may have.
const maxPollOptions = 40

// PollOpened says what opening a poll causes: letters by kind, and who is asked and cannot be written to.
type PollOpened struct {
	Ref         string
	Letters     map[string]int
	Unreachable []string
}

// Summary says it in one line.
func (o PollOpened) Summary() string {
	text := fmt.Sprintf("poll %s: %d letters now, %d reminders to those who have not answered", o.Ref, o.Letters[kindPoll], o.Letters[kindPollReminder])
	if len(o.Unreachable) > 0 {
		text += "; no letter to " + strings.Join(o.Unreachable, ", ")
	}
	return text
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

// OpenPoll opens a poll on some moments and plans the letters to those who are asked; the result says exactly how many.
// AnswerUntil zero is the earliest option. A preview changes nothing. Every refusal is an ErrRefused.
func (a *Acts) OpenPoll(ctx context.Context, q store.Poll, starts []time.Time, preview bool) (opened PollOpened, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if opened, err = a.openPoll(ctx, tx, q, starts); err != nil {
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
	return opened, err
}

func (a *Acts) openPoll(ctx context.Context, tx *store.Tx, poll store.Poll, starts []time.Time) (opened PollOpened, err error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return opened, err
	}
	c, err := p.councilOf(poll.Council)
	if err != nil {
		return opened, err
	}
	starts = slices.SortedFunc(slices.Values(starts), time.Time.Compare)
	if err := checkPoll(&poll, starts, tx.Now); err != nil {
		return opened, err
	}
	all, err := tx.Polls(ctx)
	if err != nil {
		return opened, err
	}
	if poll.Ref == "" {
		poll.Ref = fmt.Sprintf("POLL-%d", len(all)+1)
	}
	if slices.ContainsFunc(all, func(o store.Poll) bool { return o.Ref == poll.Ref }) {
		return opened, refuse("give another --ref", "poll %q exists already", poll.Ref)
	}
	if poll.Title == "" {
		poll.Title = c.Name.In(p.info.Languages...)
	}
	if err := tx.OpenPoll(ctx, poll, starts); err != nil {
		return opened, err
	}
	if err := tx.Audit(ctx, poll.OpenedBy, "poll open", "poll "+poll.Ref, nil,
		map[string]any{"council": c.Ref, "options": starts, "secret": poll.Secret, "until": poll.AnswerUntil}); err != nil {
		return opened, err
	}
	return a.writePoll(ctx, tx, p, poll)
}

func checkPoll(poll *store.Poll, starts []time.Time, now time.Time) error {
	span, err := calendar.ParseSpan(poll.Lasts)
	switch {
	case err != nil || span.Duration() <= 0 || span.Duration() > 24*time.Hour:
		return refuse("e.g. --lasts PT3H", "a session of %q is not looked for", poll.Lasts)
	case len(starts) < 2 || len(starts) > maxPollOptions:
		return refuse("give --slot 2 to 40 times", "%d options are no poll", len(starts))
	case !pollRef.MatchString(poll.Ref):
		return refuse("letters, digits, - _ and . up to 64", "%q is no ref", poll.Ref)
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

// pollRef is what a ref may be, as in files; "" numbers on. A colon would blur the keys of the letters.
var pollRef = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)

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

// asked returns who is asked for dates of a council on a day, each once: the members of its seats and those who hold its
// offices.
func (p *planning) asked(council string, day programme.Date) (people []string) {
	add := func(person string) {
		if person != "" && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	for _, s := range p.seats[council] {
		add(s.MemberOn(day))
	}
	for _, c := range p.councils {
		for _, o := range c.Offices {
			if c.Ref == council && o.HeldOn(day) {
				add(o.Person)
			}
		}
	}
	return people
}

// mayAnswer returns who may answer on a day: who is asked, and the alternates, whom the secretary may ask by other means.
func (p *planning) mayAnswer(council string, day programme.Date) []string {
	people := p.asked(council, day)
	for _, s := range p.seats[council] {
		for _, t := range s.Alternates {
			if t.On(day) {
				people = append(people, t.Person)
			}
		}
	}
	return people
}
