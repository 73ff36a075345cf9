package acts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
	"secretariat/store"
)

// pollAnswers are the words of an answer.
var pollAnswers = []string{"yes", "if-need-be", "no"}

// PollAnswerRequest are answers of a person by the number of the option.
type PollAnswerRequest struct {
	Poll, Person, Actor string
	Answers             map[int]string
}

// AnswerPoll records answers of a person; the last one to each option counts. Who has answered all options is not reminded
// any more, also where the letter is waiting or being sent. Every refusal is an ErrRefused.
func (a *Acts) AnswerPoll(ctx context.Context, r PollAnswerRequest) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error { return a.answerPoll(ctx, tx, r) })
}

func (a *Acts) answerPoll(ctx context.Context, tx *store.Tx, r PollAnswerRequest) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	poll, options, err := lockPoll(ctx, tx, r.Poll)
	if err != nil {
		return err
	}
	if err := checkPollAnswer(p, poll, len(options), r, tx.Now); err != nil {
		return err
	}
	before, err := tx.PollAnswers(ctx, poll.ID)
	if err != nil {
		return err
	}
	own := answersOf(before, r.Person)
	changed := false
	for i, o := range options {
		answer, given := r.Answers[i+1]
		if !given || own[i+1] == answer {
			continue
		}
		if err := tx.AnswerPoll(ctx, o.ID, r.Person, answer, r.Actor); err != nil {
			return err
		}
		own[i+1], changed = answer, true
	}
	if len(own) == len(options) {
		if err := settlePollLetters(ctx, tx, poll, p.ids.people[r.Person], "answered"); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	var what any // what a secret poll was answered stands in its own table only
	if !poll.Secret {
		what = r.Answers
	}
	return tx.Audit(ctx, r.Actor, "poll answer", "poll "+poll.Ref, nil, map[string]any{"person": r.Person, "answers": what})
}

func checkPollAnswer(p *planning, poll store.Poll, options int, r PollAnswerRequest, now time.Time) error {
	if now.After(poll.AnswerUntil) {
		return refuse("secretariat polls close "+poll.Ref, "answers to poll %s were taken until %s", poll.Ref, poll.AnswerUntil.Format(time.RFC3339))
	}
	if !slices.Contains(p.mayAnswer(poll.Council, programme.DateOf(now, p.zoneOf(poll.Council))), r.Person) {
		return refuse("secretariat seats list "+poll.Council, "%q sits on no seat of council %s", r.Person, poll.Council)
	}
	if len(r.Answers) == 0 {
		return refuse(strings.Join(pollAnswers, ", "), "no option is answered")
	}
	for _, n := range slices.Sorted(maps.Keys(r.Answers)) {
		if n < 1 || n > options {
			return refuse("secretariat polls show "+poll.Ref, "poll %s has no option %d", poll.Ref, n)
		}
		if !slices.Contains(pollAnswers, r.Answers[n]) {
			return refuse(strings.Join(pollAnswers, ", "), "%q is no answer", r.Answers[n])
		}
	}
	return nil
}

// AnswerPollByLink records what a reader chose on the page of a poll: an answer to each option. Refusals are an ErrRefused,
// and store.ErrNotFound for a token that opens nothing.
func (a *Acts) AnswerPollByLink(ctx context.Context, token string, answers map[int]string) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		page, err := pollPage(ctx, tx, token)
		if err != nil {
			return err
		}
		if len(answers) != len(page.Options) {
			return refuse("answer each option", "%d of %d options are answered", len(answers), len(page.Options))
		}
		if maps.Equal(answers, page.Mine) {
			return nil
		}
		given, err := tx.PollAnswersSince(ctx, page.ID, page.Person.Ref, tx.Now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if given >= answersADay*len(page.Options) {
			return refuse("answer tomorrow, or write to the secretariat", "%s has answered poll %s %d times in a day", page.Person.Ref, page.Ref, answersADay)
		}
		r := PollAnswerRequest{Poll: page.Ref, Person: page.Person.Ref, Actor: fmt.Sprintf("link of %s", page.Person.Ref), Answers: answers}
		return a.answerPoll(ctx, tx, r)
	})
}
