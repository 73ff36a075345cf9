package store

import (
	"context"
	"fmt"
	"time"

	"secretariat/programme"
)

// SessionFacts are what planning knows of a session beside what the programme file says of it.
type SessionFacts struct {
	ID          int64      `db:"id"`
	Ref         string     `db:"ref"`
	State       string     `db:"state"`
	UID         string     `db:"uid"`
	Revision    int        `db:"revision"`
	Sequence    int        `db:"sequence"`
	RevisedAt   time.Time  `db:"revised_at"`
	AnnouncedAt *time.Time `db:"announced_at"` // by a command; nil: not yet, or elsewhere
	Commanded   bool       `db:"commanded"`    // a command of ours changed it at least once
	Convocation int        `db:"convocation"`
}

const sessionFacts = `
	select s.id, s.ref, s.state, s.uid, s.revision, s.sequence, s.revised_at, s.announced_at, s.convocation,
		exists (select 1 from session_revision r where r.session_id = s.id and r.verb <> 'apply') as commanded
	from session s `

// SessionFacts returns the facts of all sessions that are not retired, by their opening.
func (tx *Tx) SessionFacts(ctx context.Context) (list []SessionFacts, err error) {
	if err := tx.SelectContext(ctx, &list, sessionFacts+`where s.retired_at is null order by s.opens_at, s.id`); err != nil {
		return nil, fmt.Errorf("load session facts: %w", err)
	}
	return list, nil
}

// LockSession returns the facts of a session and keeps other changes to it waiting until the transaction ends. It
// returns ErrNotFound when there is none. The lock is that of an update that leaves the key alone: a sender that writes the
// letter in its hands makes PostgreSQL check that the session is there, and must not wait for a change that waits for it.
func (tx *Tx) LockSession(ctx context.Context, ref string) (f SessionFacts, err error) {
	if err := tx.GetContext(ctx, &f, sessionFacts+`where s.retired_at is null and s.ref = $1 for no key update of s`, ref); err != nil {
		return f, fmt.Errorf("lock session %s: %w", ref, notFound(err))
	}
	return f, nil
}

// LockSessions keeps changes to sessions waiting until the transaction ends.
func (tx *Tx) LockSessions(ctx context.Context) error {
	if _, err := tx.ExecContext(ctx, `select id from session order by id for no key update`); err != nil {
		return fmt.Errorf("lock sessions: %w", err)
	}
	return nil
}

// Membership is a term of somebody on a seat, the last day included. Rank orders alternates.
type Membership struct {
	Council  string         `db:"council"`
	Seat     string         `db:"seat"`
	Person   string         `db:"person"`
	Capacity string         `db:"capacity"`
	Since    programme.Date `db:"since"`
	Until    programme.Date `db:"until"`
}

// Memberships returns the terms on all seats, present and past, alternates by rank.
func (tx *Tx) Memberships(ctx context.Context) (list []Membership, err error) {
	err = tx.SelectContext(ctx, &list, `
		select c.ref as council, s.ref as seat, p.ref as person, m.capacity, lower(m.term) as since, upper(m.term) - 1 as until
		from membership m join seat s on s.id = m.seat_id join council c on c.id = s.council_id join person p on p.id = m.person_id
		where not isempty(m.term)
		order by m.seat_id, m.capacity, m.rank, lower(m.term) nulls first, m.id`)
	if err != nil {
		return nil, fmt.Errorf("load memberships: %w", err)
	}
	return list, nil
}

// ReplyRow is a reply with the revision of the session that it answers.
type ReplyRow struct {
	Session  string         `db:"session"`
	Seat     string         `db:"seat"`
	Person   string         `db:"person"`
	Answer   string         `db:"answer"`
	Mode     string         `db:"mode"`
	Date     programme.Date `db:"replied_on"`
	At       time.Time      `db:"replied_at"`
	Delegate string         `db:"delegate"`
	Revision int            `db:"revision"`
	Via      string         `db:"via"`
	Stamp    *time.Time     `db:"stamp"` // DTSTAMP of an answer that a calendar program sent
}

// Replies returns the replies to all sessions, or to one, oldest first.
func (tx *Tx) Replies(ctx context.Context, session string) (list []ReplyRow, err error) {
	err = tx.SelectContext(ctx, &list, `
		select e.ref as session, s.ref as seat, p.ref as person, r.answer, coalesce(r.mode, '') as mode, r.replied_on, r.replied_at,
			coalesce(d.ref, '') as delegate, r.revision, r.via, r.stamp
		from reply r join session e on e.id = r.session_id join seat s on s.id = r.seat_id join person p on p.id = r.person_id
			left join person d on d.id = r.delegate_id
		where $1 = '' or e.ref = $1
		order by r.id`, session)
	if err != nil {
		return nil, fmt.Errorf("load replies: %w", err)
	}
	return list, nil
}

// AddReply records a reply. Refs must exist.
func (tx *Tx) AddReply(ctx context.Context, r ReplyRow, sessionID int64) error {
	_, err := tx.ExecContext(ctx, `
		insert into reply (session_id, seat_id, person_id, answer, mode, replied_on, replied_at, delegate_id, revision, via, stamp)
		select e.id, s.id, p.id, $4, nullif($5, ''), $6, $7, (select id from person where ref = nullif($8, '')), $9, $10, $11
		from session e join seat s on s.council_id = e.council_id and s.ref = $2, person p
		where e.id = $1 and p.ref = $3`,
		sessionID, r.Seat, r.Person, r.Answer, r.Mode, r.Date, r.At, r.Delegate, r.Revision, r.Via, r.Stamp)
	if err != nil {
		return fmt.Errorf("record reply of %s for seat %s: %w", r.Person, r.Seat, err)
	}
	return nil
}

// LiftReplies makes the replies that a file brings for the present date of a session, given on a day or later, answers to
// its new revision.
func (tx *Tx) LiftReplies(ctx context.Context, sessionID int64, from programme.Date, revision int) error {
	_, err := tx.ExecContext(ctx, `update reply set revision = $3 where session_id = $1 and via = 'file' and replied_on >= $2`, sessionID, from, revision)
	if err != nil {
		return fmt.Errorf("lift replies: %w", err)
	}
	return nil
}

// QuorumRow is a forecast.
type QuorumRow struct {
	Purpose               string
	Required, Seats       int
	Expected, Probability float64
}

// PutQuorums records the forecasts of a session.
func (tx *Tx) PutQuorums(ctx context.Context, sessionID int64, rows []QuorumRow) error {
	for _, q := range rows {
		_, err := tx.ExecContext(ctx, `
			insert into quorum_forecast (session_id, purpose, required, seats, expected, probability, computed_at)
			values ($1, $2, $3, $4, round($5::numeric, 4), round($6::numeric, 6), $7)
			on conflict (session_id, purpose) do update set required = excluded.required, seats = excluded.seats, expected = excluded.expected,
				probability = excluded.probability, computed_at = excluded.computed_at
			where (quorum_forecast.required, quorum_forecast.seats, quorum_forecast.expected, quorum_forecast.probability)
				is distinct from (excluded.required, excluded.seats, excluded.expected, excluded.probability)`,
			sessionID, q.Purpose, q.Required, q.Seats, q.Expected, q.Probability, tx.Now)
		if err != nil {
			return fmt.Errorf("record quorum to %s: %w", q.Purpose, err)
		}
	}
	return nil
}
