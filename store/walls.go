package store

import (
	"context"
	"fmt"
	"time"
)

// Wall is what the clocks of a council show when a session opens and closes, and the moments that this was by the zone data
// of the day on which it was set. Nil where nothing was set yet.
type Wall struct {
	SessionID int64      `db:"id"`
	Ref       string     `db:"ref"`
	State     string     `db:"state"`
	Zone      string     `db:"zone"` // of the council
	OpensAt   time.Time  `db:"opens_at"`
	ClosesAt  time.Time  `db:"closes_at"`
	Opens     *time.Time `db:"wall_opens"` // the clock's face, as if it were UTC
	Closes    *time.Time `db:"wall_closes"`
	SetZone   string     `db:"wall_zone"`
	OpensWas  *time.Time `db:"wall_opens_at"`
	ClosesWas *time.Time `db:"wall_closes_at"`
	Generated bool       `db:"generated"` // its times are as its series gave them
}

// Walls returns the sessions that are still to come and have a date.
func (tx *Tx) Walls(ctx context.Context) (list []Wall, err error) {
	err = tx.SelectContext(ctx, &list, `
		select s.id, s.ref, s.state, c.timezone as zone, s.opens_at, s.closes_at, s.wall_opens, s.wall_closes, coalesce(s.wall_zone, '') as wall_zone,
			s.wall_opens_at, s.wall_closes_at, coalesce(s.generated_opens_at = s.opens_at and s.generated_closes_at = s.closes_at, false) as generated
		from session s join council c on c.id = s.council_id
		where s.retired_at is null and s.opens_at > $1 and s.state in ('draft', 'tentative', 'confirmed') order by s.opens_at, s.id`, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("load clocks of sessions: %w", err)
	}
	return list, nil
}

// SetWall records what the clocks show at the times of a session.
func (tx *Tx) SetWall(ctx context.Context, w Wall) error {
	const face = "2006-01-02 15:04:05"
	_, err := tx.ExecContext(ctx, `
		update session set wall_opens = $2, wall_closes = $3, wall_zone = $4, wall_opens_at = $5, wall_closes_at = $6 where id = $1`,
		w.SessionID, w.Opens.Format(face), w.Closes.Format(face), w.Zone, w.OpensAt, w.ClosesAt)
	if err != nil {
		return fmt.Errorf("record the clock of session %s: %w", w.Ref, err)
	}
	return nil
}

// MoveToWall moves a session to the moments at which the clocks show its times by the zone data of today.
func (tx *Tx) MoveToWall(ctx context.Context, w Wall) error {
	_, err := tx.ExecContext(ctx, `
		update session set opens_at = $2, closes_at = $3, updated_at = $4,
			generated_opens_at = case when $5 then $2 else generated_opens_at end, generated_closes_at = case when $5 then $3 else generated_closes_at end
		where id = $1`, w.SessionID, w.OpensAt, w.ClosesAt, tx.Now, w.Generated)
	if err != nil {
		return fmt.Errorf("move session %s to its clock: %w", w.Ref, err)
	}
	return nil
}
