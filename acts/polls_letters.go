package acts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/programme"
	"secretariat/store"
)

// The letters of a poll.
const (
	kindPoll         = "poll"
	kindPollReminder = "poll-reminder"
)

// pollReminders are the days before the end of a poll on which those who have not answered are reminded, at the hour of
// their clock.
var pollReminders = []int{3, 1}

const pollReminderHour = 9

// pollReminderRest is how long after the letter nobody is reminded of it.
const pollReminderRest = 24 * time.Hour

// writePoll plans the letters of a poll that was opened now.
func (a *Acts) writePoll(ctx context.Context, tx *store.Tx, p *planning, poll store.Poll) (opened PollOpened, err error) {
	opened = PollOpened{Ref: poll.Ref, Letters: map[string]int{}}
	var owed []store.Delivery
	owed, opened.Unreachable = p.pollLetters(poll, tx.Now)
	for _, d := range owed {
		opened.Letters[d.Kind]++
	}
	inserted, err := tx.InsertDeliveries(ctx, owed)
	if err != nil {
		return opened, err
	}
	return opened, a.nudge(ctx, tx, inserted)
}

// pollLetters returns the letters of a poll to all who are to be asked today, and whom no letter reaches.
func (p *planning) pollLetters(poll store.Poll, now time.Time) (owed []store.Delivery, unreachable []string) {
	for _, person := range p.asked(poll.Council, programme.DateOf(now, p.zoneOf(poll.Council))) {
		if !reachable(p, person) {
			unreachable = append(unreachable, person)
			continue
		}
		owed = append(owed, p.pollLetter(poll, person, kindPoll, "ask", now))
		for _, days := range pollReminders {
			at := remindOf(poll, p.people[person].Timezone, days)
			if at.After(now.Add(pollReminderRest)) && at.Before(poll.AnswerUntil) {
				owed = append(owed, p.pollLetter(poll, person, kindPollReminder, fmt.Sprintf("remind-%d", days), at))
			}
		}
	}
	return owed, unreachable
}

// keepPolls asks whoever has joined a council since its poll was opened, or can only now be reached. It returns how many
// letters it planned.
func (a *Acts) keepPolls(ctx context.Context, tx *store.Tx, p *planning) (planned int, err error) {
	polls, err := tx.Polls(ctx)
	if err != nil {
		return 0, err
	}
	for _, poll := range polls {
		if poll.ClosedAt != nil || !tx.Now.Before(poll.AnswerUntil) {
			continue
		}
		known, err := tx.PollDeliveries(ctx, pollMatter(poll.Ref))
		if err != nil {
			return planned, err
		}
		asked := map[int64]bool{}
		for _, d := range known {
			asked[*d.PersonID] = true
		}
		if len(asked) == 0 { // it was opened before polls wrote letters
			continue
		}
		owed, _ := p.pollLetters(poll, tx.Now)
		owed = slices.DeleteFunc(owed, func(d store.Delivery) bool { return asked[*d.PersonID] })
		inserted, err := tx.InsertDeliveries(ctx, owed)
		if err != nil {
			return planned, err
		}
		planned += len(inserted)
		if err := a.nudge(ctx, tx, inserted); err != nil {
			return planned, err
		}
	}
	return planned, nil
}

func (p *planning) zoneOf(council string) *time.Location {
	for _, c := range p.councils {
		if zone, err := calendar.LoadZone(c.Timezone); c.Ref == council && err == nil {
			return zone
		}
	}
	return time.UTC
}

// remindOf returns the moment of a reminder on the clock of its reader.
func remindOf(poll store.Poll, timezone string, days int) time.Time {
	zone, err := calendar.LoadZone(timezone)
	if err != nil {
		zone = time.UTC
	}
	return programme.DateOf(poll.AnswerUntil, zone).AddDays(-days).At(pollReminderHour, 0, zone)
}

// pollLetter is the row of a letter of a poll. Its key holds the poll, what is said, and to whom.
func (p *planning) pollLetter(poll store.Poll, person, kind, what string, at time.Time) store.Delivery {
	who, id, expires := p.people[person], p.ids.people[person], poll.AnswerUntil
	return store.Delivery{Kind: kind, DedupeKey: fmt.Sprintf("poll:%s:%s:%s", poll.Ref, what, person), SubjectKey: pollMatter(poll.Ref), PersonID: &id,
		Address: who.Email, Name: who.Name, Language: who.Language, Timezone: who.Timezone, NotBefore: at, ExpiresAt: &expires, Priority: 4}
}

// pollMatter is what the letters of a poll are about.
func pollMatter(ref string) string { return "poll:" + ref }

// settlePollLetters withdraws the letters of a poll that have not passed their commit point: those of one person, or of
// everybody where person is 0.
func settlePollLetters(ctx context.Context, tx *store.Tx, poll store.Poll, person int64, reason string) error {
	known, err := tx.LockPollDeliveries(ctx, pollMatter(poll.Ref))
	if err != nil {
		return err
	}
	var ids []int64
	for _, d := range known {
		if person == 0 || d.PersonID != nil && *d.PersonID == person {
			ids = append(ids, d.ID)
		}
	}
	return tx.SuppressDeliveries(ctx, ids, reason)
}

// pollOccasion is a poll as the letter to one reader sees it.
type pollOccasion struct {
	p       *planning
	poll    store.Poll
	options []store.PollOption
	person  programme.Person
}

// owedPoll loads what a letter of a poll is about, or says why it is not owed any more.
func owedPoll(ctx context.Context, tx *store.Tx, d store.Delivery) (o pollOccasion, reason string, err error) {
	o.poll, err = tx.PollByRef(ctx, strings.TrimPrefix(d.SubjectKey, "poll:"))
	if err != nil {
		return o, "", err
	}
	if o.poll.ClosedAt != nil {
		return o, "the poll is closed", nil
	}
	if o.p, err = loadPlanning(ctx, tx); err != nil {
		return o, "", err
	}
	if o.person, err = deliveryPerson(ctx, tx, d); err != nil {
		return o, "", err
	}
	if !o.person.Active || o.person.Email == "" {
		return o, "no longer receives letters", nil
	}
	if !slices.Contains(o.p.asked(o.poll.Council, programme.DateOf(tx.Now, o.p.zoneOf(o.poll.Council))), o.person.Ref) {
		return o, "no longer sits on the council", nil
	}
	if o.options, err = tx.PollOptions(ctx, o.poll.ID); err != nil {
		return o, "", err
	}
	answers, err := tx.PollAnswers(ctx, o.poll.ID)
	if err == nil && d.ResendOf == nil && len(answersOf(answers, o.person.Ref)) == len(o.options) {
		reason = "answered"
	}
	return o, reason, err
}

// answersOf returns the answers of a person by the number of the option.
func answersOf(answers []store.PollAnswer, person string) map[int]string {
	own := map[int]string{}
	for _, one := range answers {
		if one.Person == person {
			own[one.N] = one.Answer
		}
	}
	return own
}

// pollSource is the source of the letters of a poll.
func pollSource(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error) {
	o, reason, err := owedPoll(ctx, tx, d)
	if err != nil || reason != "" {
		return parts, reason, err
	}
	data := baseData(a, o.p.info, o.person)
	if data.Poll, err = o.data(); err != nil {
		return parts, "", err
	}
	if d.FrozenAt == nil && a.Mail.PublicURL != "" { // a letter that is composed again keeps its first link
		if data.Poll.URL, err = a.newPollLink(ctx, tx, o.poll.ID, *d.PersonID); err != nil {
			return parts, "", err
		}
	}
	if parts.Letter, err = a.Letters.Compose(d.Kind, data.Recipient.Language, data); err != nil {
		return parts, "", fmt.Errorf("compose letter %d: %w", d.ID, err)
	}
	if d.Kind != kindPollReminder {
		return parts, "", nil
	}
	first, err := tx.Deliveries(ctx, store.DeliveryFilter{DedupeKeys: []string{fmt.Sprintf("poll:%s:ask:%s", o.poll.Ref, o.person.Ref)}, States: []string{store.DeliverySent}})
	if err == nil && len(first) == 1 {
		id := "<" + first[0].MessageID + ">"
		parts.Headers = map[string]string{"In-Reply-To": id, "References": id}
	}
	return parts, "", err
}

// data fills what the letter says.
func (o pollOccasion) data() (*letters.PollData, error) {
	c, err := o.p.councilOf(o.poll.Council)
	if err != nil {
		return nil, err
	}
	span, err := calendar.ParseSpan(o.poll.Lasts)
	if err != nil {
		return nil, fmt.Errorf("poll %s: %w", o.poll.Ref, err)
	}
	data := &letters.PollData{Council: c.Name, Title: o.poll.Title, Zone: o.p.zoneOf(c.Ref), AnswerUntil: o.poll.AnswerUntil, Secret: o.poll.Secret}
	if o.poll.Title == c.Name.In(o.p.info.Languages...) {
		data.Title = "" // the name of the council, which the reader has in their language
	}
	for _, option := range o.options {
		data.Options = append(data.Options, letters.PollOption{Starts: option.Starts, Ends: option.Starts.Add(span.Duration())})
	}
	return data, nil
}

func (a *Acts) newPollLink(ctx context.Context, tx *store.Tx, pollID, personID int64) (string, error) {
	token := strings.ToLower(rand.Text())
	if err := tx.PutPollToken(ctx, token, pollID, personID); err != nil {
		return "", err
	}
	return strings.TrimSuffix(a.Mail.PublicURL, "/") + "/p/" + token, nil
}

// PollLink makes a link by which a person answers a poll, for an officer who hands it on by other means. Every refusal is
// an ErrRefused.
func (a *Acts) PollLink(ctx context.Context, poll, person, actor string) (link string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		q, err := tx.PollByRef(ctx, poll)
		if errors.Is(err, store.ErrNotFound) {
			return refuse("secretariat polls list", "no poll %q", poll)
		}
		if err != nil {
			return err
		}
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if a.Mail.PublicURL == "" {
			return refuse("set --public-url to the address under which readers reach the pages", "no link can be made: the program does not know its own address")
		}
		if !slices.Contains(p.mayAnswer(q.Council, programme.DateOf(tx.Now, p.zoneOf(q.Council))), person) {
			return refuse("secretariat seats list "+q.Council, "%q sits on no seat of council %s", person, q.Council)
		}
		if link, err = a.newPollLink(ctx, tx, q.ID, p.ids.people[person]); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "poll link", "poll "+poll, nil, map[string]any{"person": person})
	})
	return link, err
}
