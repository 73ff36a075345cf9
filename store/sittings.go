package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
)

// ErrPresent says that somebody is recorded as there already at that moment.
var ErrPresent = errors.New("is there already")

// Sitting is one opening of a session.
type Sitting struct {
	ID       int64      `db:"id"`
	Session  string     `db:"session"`
	N        int        `db:"n"`
	OpenedAt time.Time  `db:"opened_at"`
	ClosedAt *time.Time `db:"closed_at"`
	Outcome  string     `db:"outcome"`
}

// Presence is somebody's time at a sitting; Seat is "" for an officer without one.
type Presence struct {
	SittingID int64      `db:"sitting_id"`
	Seat      string     `db:"seat"`
	Person    string     `db:"person"`
	Mode      string     `db:"mode"`
	ArrivedAt time.Time  `db:"arrived_at"`
	LeftAt    *time.Time `db:"left_at"`
}

// Sittings returns the sittings of all sessions, oldest first.
func (tx *Tx) Sittings(ctx context.Context) (list []Sitting, err error) {
	err = tx.SelectContext(ctx, &list, `
		select t.id, s.ref as session, t.n, t.opened_at, t.closed_at, t.outcome from sitting t join session s on s.id = t.session_id order by t.session_id, t.n`)
	if err != nil {
		return nil, fmt.Errorf("load sittings: %w", err)
	}
	return list, nil
}

// Presences returns who was at all sittings, in the order of their arrival.
func (tx *Tx) Presences(ctx context.Context) (list []Presence, err error) {
	err = tx.SelectContext(ctx, &list, `
		select a.sitting_id, coalesce(s.ref, '') as seat, p.ref as person, a.mode, a.arrived_at, a.left_at
		from presence a join person p on p.id = a.person_id left join seat s on s.id = a.seat_id order by a.arrived_at, a.id`)
	if err != nil {
		return nil, fmt.Errorf("load presences: %w", err)
	}
	return list, nil
}

// OpenSitting begins the next sitting of a session.
func (tx *Tx) OpenSitting(ctx context.Context, sessionID int64) error {
	return tx.run(ctx, "open sitting", `
		insert into sitting (session_id, n, opened_at) select $1, coalesce(max(n), 0) + 1, $2 from sitting where session_id = $1`, sessionID)
}

// CloseSitting ends the open sitting of a session, and with it every presence. Without an open one it does nothing.
func (tx *Tx) CloseSitting(ctx context.Context, sessionID int64, outcome string) error {
	_, err := tx.ExecContext(ctx, `
		with ended as (update sitting set closed_at = greatest($2, opened_at), outcome = $3 where session_id = $1 and closed_at is null returning id, closed_at)
		update presence a set left_at = e.closed_at from ended e where a.sitting_id = e.id and a.left_at is null and a.arrived_at < e.closed_at`, sessionID, tx.Now, outcome)
	if err != nil {
		return fmt.Errorf("close sitting: %w", err)
	}
	return nil
}

// Finding is what was found of a sitting without a quorum.
type Finding struct {
	Sitting, Required, Seats, Present int
	Missing                           []string // offices that had to be there
	Second                            bool     // it was a second convocation
}

// RecordFinding keeps what was found of a sitting without a quorum.
func (tx *Tx) RecordFinding(ctx context.Context, sessionID int64, f Finding) error {
	_, err := tx.ExecContext(ctx, `
		update sitting set required = $3, base_seats = $4, present_seats = $5, missing_offices = coalesce($6::text[], '{}'), second_convocation = $7
		where session_id = $1 and n = $2`, sessionID, f.Sitting, f.Required, f.Seats, f.Present, pq.Array(f.Missing), f.Second)
	if err != nil {
		return fmt.Errorf("record finding of sitting %d: %w", f.Sitting, err)
	}
	return nil
}

// Arrive records that somebody came. It wraps ErrPresent when they are there already.
func (tx *Tx) Arrive(ctx context.Context, p Presence, council, actor string) error {
	_, err := tx.ExecContext(ctx, `
		insert into presence (sitting_id, seat_id, person_id, mode, arrived_at, left_at, recorded_by, created_at)
		select $1, (select s.id from seat s join council c on c.id = s.council_id where c.ref = $2 and s.ref = nullif($3, '')), p.id, $5, $6, $7, $8, $9
		from person p where p.ref = $4`, p.SittingID, council, p.Seat, p.Person, p.Mode, p.ArrivedAt, p.LeftAt, actor, tx.Now)
	if violates(err, "present_once") {
		return fmt.Errorf("%s: %w", p.Person, ErrPresent)
	}
	if err != nil {
		return fmt.Errorf("record arrival of %s: %w", p.Person, err)
	}
	return nil
}

// Leave records that somebody left. It returns ErrNotFound when they were not there.
func (tx *Tx) Leave(ctx context.Context, sittingID int64, person string, at time.Time) error {
	result, err := tx.ExecContext(ctx, `
		update presence a set left_at = $3 from person p
		where a.sitting_id = $1 and p.id = a.person_id and p.ref = $2 and a.arrived_at < $3 and (a.left_at is null or a.left_at > $3)`, sittingID, person, at)
	if err != nil {
		return fmt.Errorf("record departure of %s: %w", person, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("%s at the sitting: %w", person, ErrNotFound))
	}
	return nil
}

// EnterAttendance writes the attendance list of a session from its roll calls; a seat that is on the list already stays.
func (tx *Tx) EnterAttendance(ctx context.Context, sessionID int64, list []programme.Attendance) error {
	for _, a := range list {
		_, err := tx.ExecContext(ctx, `
			insert into attendance (session_id, seat_id, person_id, mode)
			select e.id, s.id, p.id, $4 from session e join seat s on s.council_id = e.council_id and s.ref = $2, person p where e.id = $1 and p.ref = $3
			on conflict (session_id, seat_id) do nothing`, sessionID, a.Seat, a.Person, a.Mode)
		if err != nil {
			return fmt.Errorf("enter attendance of seat %s: %w", a.Seat, err)
		}
	}
	return nil
}

// ConveneAgain marks a session as the second convocation.
func (tx *Tx) ConveneAgain(ctx context.Context, sessionID int64) error {
	return tx.run(ctx, "convene again", `update session set convocation = 2, updated_at = $2 where id = $1`, sessionID)
}
