package acts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// PollPage is what the link of a poll opens: the poll as one person sees it.
type PollPage struct {
	PollState
	Council programme.Council
	Info    programme.Info
	Person  programme.Person
	Lasts   time.Duration
	Mine    map[int]string // the reader's own answers by the number of the option
	Open    bool           // answers are taken
	Session *meetings.Meeting
	Now     time.Time
}

// ShowPollPage says what the link of a poll opens. It changes nothing: mail programs follow links by themselves. The error
// is store.ErrNotFound for every token that opens nothing, whatever the reason.
func (a *Acts) ShowPollPage(ctx context.Context, token string) (page PollPage, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		page, err = pollPage(ctx, tx, token)
		return err
	})
	return page, err
}

func pollPage(ctx context.Context, tx *store.Tx, token string) (page PollPage, err error) {
	target, err := tx.PollToken(ctx, token)
	if err != nil {
		return page, err
	}
	poll, err := tx.PollByRef(ctx, target.Poll)
	if err != nil {
		return page, err
	}
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return page, err
	}
	page = PollPage{Info: p.info, Person: p.people[target.Person], Now: tx.Now}
	if page.Council, err = p.councilOf(poll.Council); err != nil {
		return page, err
	}
	if !slices.Contains(p.mayAnswer(poll.Council, programme.DateOf(tx.Now, p.zoneOf(poll.Council))), target.Person) {
		return page, fmt.Errorf("%s sits on no seat of council %s: %w", target.Person, poll.Council, store.ErrNotFound)
	}
	answers, err := tx.PollAnswers(ctx, poll.ID)
	if err != nil {
		return page, err
	}
	if page.PollState, err = p.pollState(ctx, tx, poll, answers); err != nil {
		return page, err
	}
	span, err := calendar.ParseSpan(poll.Lasts)
	if err != nil {
		return page, fmt.Errorf("poll %s: %w", poll.Ref, err)
	}
	page.Lasts, page.Mine = span.Duration(), answersOf(answers, target.Person)
	page.Open = poll.ClosedAt == nil && !tx.Now.After(poll.AnswerUntil)
	if poll.Session != "" {
		page.Session, err = p.meeting(poll.Session)
	}
	return page, err
}

// OutsideHours reports whether an option begins before or ends after the hours in which the reader works.
func (p PollPage) OutsideHours(o PollOptionState) bool {
	zone, err := calendar.LoadZone(p.Person.Timezone)
	if err != nil {
		zone = p.Zone
	}
	from, to, err := hoursOf(p.Person.WorkHours)
	if err != nil {
		return false
	}
	opens, closes := o.Starts.In(zone), o.Starts.Add(p.Lasts).In(zone)
	return opens.Hour()*60+opens.Minute() < from || closes.Hour()*60+closes.Minute() > to || closes.YearDay() != opens.YearDay()
}
