package store

import (
	"context"
	"fmt"
	"time"

	"secretariat/programme"
)

// Poll asks the members of a council which of some moments suit them.
type Poll struct {
	ID          int64      `db:"id"`
	Ref         string     `db:"ref"`
	Council     string     `db:"council"`
	Title       string     `db:"title"`
	Lasts       string     `db:"lasts"`
	Mode        string     `db:"mode"`
	Secret      bool       `db:"secret"` // until it is closed
	AnswerUntil time.Time  `db:"answer_until"`
	OpenedAt    time.Time  `db:"opened_at"`
	OpenedBy    string     `db:"opened_by"`
	ClosedAt    *time.Time `db:"closed_at"`
	Session     string     `db:"session"` // in which it ended
}

// PollOption is a moment of a poll, numbered from 1.
type PollOption struct {
	ID     int64     `db:"id"`
	N      int       `db:"n"`
	Starts time.Time `db:"starts_at"`
}

// PollAnswer is the last answer of a person to an option.
type PollAnswer struct {
	N      int    `db:"n"`
	Person string `db:"person"`
	Answer string `db:"answer"`
}

const polls = `
	select p.id, p.ref, c.ref as council, p.title, p.lasts, p.mode, p.secret, p.answer_until, p.opened_at, p.opened_by, p.closed_at, coalesce(s.ref, '') as session
	from availability_poll p join council c on c.id = p.council_id left join session s on s.id = p.session_id `

// Polls returns all polls, the newest first.
func (tx *Tx) Polls(ctx context.Context) (list []Poll, err error) {
	if err := tx.SelectContext(ctx, &list, polls+`order by p.id desc`); err != nil {
		return nil, fmt.Errorf("load polls: %w", err)
	}
	return list, nil
}

// PollByRef returns a poll, or ErrNotFound.
func (tx *Tx) PollByRef(ctx context.Context, ref string) (p Poll, err error) {
	if err := tx.GetContext(ctx, &p, polls+`where p.ref = $1`, ref); err != nil {
		return p, fmt.Errorf("poll %s: %w", ref, notFound(err))
	}
	return p, nil
}

// LockPoll returns a poll and keeps others from answering or closing it until the transaction ends. It returns ErrNotFound
// when there is none.
func (tx *Tx) LockPoll(ctx context.Context, ref string) (p Poll, err error) {
	if err := tx.GetContext(ctx, &p, polls+`where p.ref = $1 for update of p`, ref); err != nil {
		return p, fmt.Errorf("poll %s: %w", ref, notFound(err))
	}
	return p, nil
}

// OpenPoll records a poll with its options in order and returns its id.
func (tx *Tx) OpenPoll(ctx context.Context, p Poll, starts []time.Time) error {
	var id int64
	err := tx.GetContext(ctx, &id, `
		insert into availability_poll (ref, council_id, title, lasts, mode, secret, answer_until, opened_at, opened_by)
		select $1, c.id, $3, $4, $5, $6, $7, $8, $9 from council c where c.ref = $2 returning id`,
		p.Ref, p.Council, p.Title, p.Lasts, p.Mode, p.Secret, p.AnswerUntil, tx.Now, p.OpenedBy)
	if err != nil {
		return fmt.Errorf("open poll %s: %w", p.Ref, notFound(err))
	}
	for i, at := range starts {
		if err := tx.run(ctx, "record an option", `insert into poll_option (poll_id, n, starts_at) values ($1, $2, $3)`, id, i+1, at); err != nil {
			return err
		}
	}
	return nil
}

// PollOptions returns the options of a poll in order.
func (tx *Tx) PollOptions(ctx context.Context, pollID int64) (list []PollOption, err error) {
	if err := tx.SelectContext(ctx, &list, `select id, n, starts_at from poll_option where poll_id = $1 order by n`, pollID); err != nil {
		return nil, fmt.Errorf("load options of poll %d: %w", pollID, err)
	}
	return list, nil
}

// PollAnswers returns the answers that count: the last one of each person to each option.
func (tx *Tx) PollAnswers(ctx context.Context, pollID int64) (list []PollAnswer, err error) {
	err = tx.SelectContext(ctx, &list, `
		select distinct on (o.n, p.ref) o.n, p.ref as person, a.answer
		from poll_answer a join poll_option o on o.id = a.option_id join person p on p.id = a.person_id
		where o.poll_id = $1 order by o.n, p.ref, a.id desc`, pollID)
	if err != nil {
		return nil, fmt.Errorf("load answers to poll %d: %w", pollID, err)
	}
	return list, nil
}

// AnswerPoll appends an answer.
func (tx *Tx) AnswerPoll(ctx context.Context, optionID int64, person, answer, actor string) error {
	_, err := tx.ExecContext(ctx, `
		insert into poll_answer (option_id, person_id, answer, answered_at, actor) select $1, id, $3, $4, $5 from person where ref = $2`,
		optionID, person, answer, tx.Now, actor)
	if err != nil {
		return fmt.Errorf("answer a poll: %w", err)
	}
	return nil
}

// PollAnswersSince counts the answers of a person to the options of a poll from a moment on.
func (tx *Tx) PollAnswersSince(ctx context.Context, pollID int64, person string, since time.Time) (n int, err error) {
	err = tx.GetContext(ctx, &n, `
		select count(*) from poll_answer a join poll_option o on o.id = a.option_id join person p on p.id = a.person_id
		where o.poll_id = $1 and p.ref = $2 and a.answered_at > $3`, pollID, person, since)
	if err != nil {
		return 0, fmt.Errorf("count answers to poll %d: %w", pollID, err)
	}
	return n, nil
}

const pollDeliveries = `select ` + deliveryColumns + ` from delivery where subject_key = $1 and kind in ('poll', 'poll-reminder') order by id `

// PollDeliveries returns the letters about a poll, by their subject key.
func (tx *Tx) PollDeliveries(ctx context.Context, subjectKey string) (list []Delivery, err error) {
	if err = tx.SelectContext(ctx, &list, pollDeliveries, subjectKey); err != nil {
		return nil, fmt.Errorf("load letters of %s: %w", subjectKey, err)
	}
	return list, nil
}

// LockPollDeliveries does the same and keeps the letters as they are until the transaction ends: a sender that is about to
// pass the commit point either has passed it, or will find its letter withdrawn.
func (tx *Tx) LockPollDeliveries(ctx context.Context, subjectKey string) (list []Delivery, err error) {
	if err = tx.SelectContext(ctx, &list, pollDeliveries+`for no key update`, subjectKey); err != nil {
		return nil, fmt.Errorf("lock letters of %s: %w", subjectKey, err)
	}
	return list, nil
}

// ClosePoll records that a poll ended in a session.
func (tx *Tx) ClosePoll(ctx context.Context, pollID int64, session string) error {
	_, err := tx.ExecContext(ctx, `update availability_poll set closed_at = $3, session_id = (select id from session where ref = $2) where id = $1`,
		pollID, session, tx.Now)
	if err != nil {
		return fmt.Errorf("close poll %d: %w", pollID, err)
	}
	return nil
}

// CreateDraft writes a draft session of a council with a calendar uid of its own.
func (tx *Tx) CreateDraft(ctx context.Context, council string, s programme.Session, domain string) error {
	_, err := tx.ExecContext(ctx, `
		insert into session (council_id, ref, number, kind, title, state, opens_at, closes_at, mode, venue, online_url, confidentiality, uid, revised_at, updated_at)
		select c.id, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, nullif($10, ''), $11, gen_random_uuid() || '@' || $12::text, $13, $13
		from council c where c.ref = $1`,
		council, s.Ref, s.Number, s.Kind, textValue(s.Title), s.OpensAt, s.ClosesAt, s.Mode, textValue(s.Venue), s.OnlineURL, s.Confidentiality, domain, tx.Now)
	if err != nil {
		return fmt.Errorf("create session %s: %w", s.Ref, err)
	}
	return nil
}
