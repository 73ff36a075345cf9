package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// RetryWindow is how long after its moment a letter without an end of its own is tried again.
const RetryWindow = 5 * 24 * time.Hour

// ExpireDeliveries ends letters that have lost their point before they could leave, at most limit, and returns how many:
// those past their end, and those without one that the relay has put off for RetryWindow.
func (tx *Tx) ExpireDeliveries(ctx context.Context, limit int) (int, error) {
	n, err := tx.count(ctx, `
		update delivery set state = 'expired', reason = case when expires_at is null then 'put off by the relay for five days' else 'past its point' end, updated_at = $2
		where id in (
			select id from delivery
			where state in ('planned', 'pending') and state = any($1)
				and (expires_at <= $2 or expires_at is null and attempts > 0 and retry_at is not null and not_before <= $3)
			limit $4 for update skip locked)`,
		from("expire"), tx.Now, tx.Now.Add(-RetryWindow), limit)
	if err != nil {
		return 0, fmt.Errorf("expire deliveries: %w", err)
	}
	return n, nil
}

// Swept are the deliveries whose senders did not come back before their lease ended.
type Swept struct {
	Released    []int64 // provably unsent: pending again
	Uncertain   []int64 // the final dot may have been sent
	Quarantined []int64 // cost their sender its life too often: failed
}

// SweepDeliveries takes deliveries back whose lease has ended, at most limit. One that was released limitCrashes times is
// put aside as failed, so that a letter which kills its sender does not do so for ever.
func (tx *Tx) SweepDeliveries(ctx context.Context, replica string, crashes, limit int) (Swept, error) {
	var ended []struct {
		ID      int64  `db:"id"`
		State   string `db:"state"`
		Attempt int    `db:"attempts"`
		Crashes int    `db:"crashes"`
	}
	err := tx.SelectContext(ctx, &ended, `
		select id, state, attempts, (select count(*) from delivery_attempt a where a.delivery_id = d.id and a.stage = 'lease') as crashes
		from delivery d where state in ('sending', 'committing') and lease_until <= $1 order by lease_until limit $2 for update skip locked`,
		tx.Now, limit)
	var swept Swept
	for _, e := range ended {
		if err != nil {
			break
		}
		step, reason, text := "release", "", "the sender did not come back; nothing was sent"
		switch {
		case e.State == DeliveryCommitting:
			step, reason = "lose", "the sender did not come back after the commit point"
			text = reason
			swept.Uncertain = append(swept.Uncertain, e.ID)
		case e.Crashes+1 >= crashes:
			step, reason = "fail", fmt.Sprintf("its sender died %d times", e.Crashes+1)
			swept.Quarantined = append(swept.Quarantined, e.ID)
		default:
			swept.Released = append(swept.Released, e.ID)
		}
		err = tx.sweep(ctx, e.ID, step, reason, Attempt{DeliveryID: e.ID, Attempt: e.Attempt, Stage: "lease", Text: text, Replica: replica})
	}
	if err != nil {
		return Swept{}, fmt.Errorf("sweep deliveries: %w", err)
	}
	return swept, nil
}

func (tx *Tx) sweep(ctx context.Context, id int64, step, reason string, a Attempt) error {
	_, err := tx.ExecContext(ctx, `
		update delivery set state = $3, reason = nullif($4, ''), lease_until = null, nudged_at = null, updated_at = $5 where id = $1 and state = any($2)`,
		id, from(step), deliverySteps[step].to, reason, tx.Now)
	if err != nil {
		return err
	}
	return tx.AddAttempt(ctx, a)
}

// Urgent is the priority up to which a letter does not queue up behind others: a session begins within the hour, or was
// moved or called off.
const Urgent = 2

// DueDelivery is a pending delivery that a worker should look at.
type DueDelivery struct {
	ID       int64 `db:"id"`
	Priority int   `db:"priority"`
}

// NudgeDeliveries returns pending deliveries that are due and of which no worker was told for a while, the most urgent
// first, and notes that one is told now. With unbuilt it returns only those that are not frozen yet; in an installation
// that is held, none. Over all replicas at most limit letters are told of and not taken up yet, so that a backlog does not
// pile up twice; only as urgent letters count against an urgent one.
func (tx *Tx) NudgeDeliveries(ctx context.Context, again time.Duration, unbuilt bool, limit int) ([]DueDelivery, error) {
	var due []DueDelivery
	err := tx.SelectContext(ctx, &due, `
		with told_of as (
			select count(*) as all, count(*) filter (where priority <= $5) as urgent from delivery where state = 'pending' and nudged_at > $2
		), hurried as (
			select id, priority from delivery
			where state = 'pending' and priority <= $5 and coalesce(retry_at, not_before) <= $1 and (nudged_at is null or nudged_at <= $2)
				and (frozen_at is null or not $3) and not (select held from instance)
			order by priority, not_before, id
			limit greatest(0, $4 - (select urgent from told_of)) for update skip locked
		), others as (
			select id, priority from delivery
			where state = 'pending' and priority > $5 and coalesce(retry_at, not_before) <= $1 and (nudged_at is null or nudged_at <= $2)
				and (frozen_at is null or not $3) and not (select held from instance)
			order by priority, not_before, id
			limit greatest(0, $4 - (select t.all from told_of t) - (select count(*) from hurried)) for update skip locked
		), due as (
			select * from hurried union all select * from others
		), told as (
			update delivery set nudged_at = $1 where id in (select id from due)
		)
		select id, priority from due order by priority, id`, tx.Now, tx.Now.Add(-again), unbuilt, limit, Urgent)
	if err != nil {
		return nil, fmt.Errorf("find due deliveries: %w", err)
	}
	return due, nil
}

// DelayDelivery lets a pending delivery wait until a moment. It is no attempt.
func (tx *Tx) DelayDelivery(ctx context.Context, id int64, until time.Time) error {
	_, err := tx.ExecContext(ctx, `update delivery set retry_at = $2, nudged_at = null where id = $1 and state = 'pending'`, id, until)
	if err != nil {
		return fmt.Errorf("delay delivery %d: %w", id, err)
	}
	return nil
}

// UncertainDeliveries returns the uncertain deliveries that became so before a moment, the oldest first, and those that
// lose their point by another one and are uncertain for the first time.
func (tx *Tx) UncertainDeliveries(ctx context.Context, before, pointlessBy time.Time, limit int) ([]Delivery, error) {
	var found []Delivery
	err := tx.SelectContext(ctx, &found, `
		select `+deliveryColumns+` from delivery
		where state = 'uncertain' and (updated_at <= $1 or expires_at <= $2 and not was_uncertain) order by updated_at, id limit $3`, before, pointlessBy, limit)
	if err != nil {
		return nil, fmt.Errorf("read uncertain deliveries: %w", err)
	}
	return wholeAll(found), nil
}

// NextDelivery returns the earliest moment not after until at which a delivery waits for something to be done: to become
// due, to be tried again (not before the relay has rested), or to be taken back from its sender. With unbuilt a pending one that is frozen waits for
// nothing, and neither does any in an installation that is held. ok is false when nothing waits.
func (tx *Tx) NextDelivery(ctx context.Context, until time.Time, unbuilt bool) (at time.Time, ok bool, err error) {
	var next *time.Time
	err = tx.GetContext(ctx, &next, `
		select min(at) from (
			select min(not_before) as at from delivery where state = 'planned'
			union all select greatest(at, (select rest_until from relay where failures > 0 and not $2)) from (
				select min(coalesce(retry_at, not_before)) as at from delivery
				where state = 'pending' and not (select held from instance) and not ($2 and frozen_at is not null)) pending where at is not null
			union all select min(lease_until) from delivery where state in ('sending', 'committing')
		) waits where at <= $1`, until, unbuilt)
	if err != nil {
		return at, false, fmt.Errorf("find next delivery: %w", err)
	}
	if next == nil {
		return at, false, nil
	}
	return next.UTC(), true, nil
}

// CountDeliveries returns the number of deliveries by state, those in limbo with their reason at hand in Deliveries.
func (tx *Tx) CountDeliveries(ctx context.Context, states ...string) (map[string]int, error) {
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	err := tx.SelectContext(ctx, &rows, `select state, count(*) as n from delivery where $1::text[] is null or state = any($1) group by state`, pq.Array(states))
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}
