package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/store"
)

// PollClosing chooses an option. Session is the ref of the session that it becomes; "" numbers on.
type PollClosing struct {
	Poll, Session, Actor string
	Choose               int
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
	if err := settlePollLetters(ctx, tx, poll, 0, "the poll is closed"); err != nil {
		return result, err
	}
	return a.takeStep(ctx, tx, meetings.Announce, SessionStep{Ref: draft.Ref, Actor: c.Actor}, preview)
}
