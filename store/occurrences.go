package store

import (
	"context"
	"fmt"
	"time"
)

// Decisions on a fire of a schedule.
const (
	OnTime  = "on_time"  // met within its grace
	CatchUp = "catch_up" // met later, and run all the same
	Skipped = "skipped"  // not run; the reason says why
	Manual  = "manual"   // run by hand, outside the schedule
	Filled  = "backfill" // a fire of the past, run because somebody asked for it
)

// Occurrence is one fire of a schedule and what became of it.
type Occurrence struct {
	ScheduleID    int64      `db:"schedule_id"`
	Schedule      string     `db:"ref"` // ref of the schedule
	Report        string     `db:"report"`
	Task          string     `db:"task"`
	FireAt        time.Time  `db:"fire_at"`
	Decision      string     `db:"decision"`
	Reason        string     `db:"reason"`
	SkippedBefore int        `db:"skipped_before"` // fires before this one that it stands for
	DecidedAt     time.Time  `db:"decided_at"`
	NotBefore     time.Time  `db:"not_before"`
	Attempts      int        `db:"attempts"`
	DoneAt        *time.Time `db:"done_at"`
	Outcome       string     `db:"outcome"`
}

const occurrenceColumns = `o.schedule_id, s.ref, coalesce(s.report, '') as report, coalesce(s.task, '') as task, o.fire_at, o.decision,
	coalesce(o.reason, '') as reason, o.skipped_before, o.decided_at, o.not_before, o.attempts, o.done_at, coalesce(o.outcome, '') as outcome`

// InsertOccurrence records a decided fire and reports whether it is new: a fire is decided once.
func (tx *Tx) InsertOccurrence(ctx context.Context, o Occurrence, replica string) (bool, error) {
	n, err := tx.count(ctx, `
		insert into schedule_occurrence (schedule_id, fire_at, decision, reason, skipped_before, decided_at, decided_by, not_before)
		values ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8) on conflict do nothing`,
		o.ScheduleID, o.FireAt, o.Decision, o.Reason, o.SkippedBefore, tx.Now, replica, o.NotBefore)
	if err != nil {
		return false, fmt.Errorf("insert occurrence %d at %s: %w", o.ScheduleID, o.FireAt.Format(time.RFC3339), err)
	}
	return n > 0, nil
}

// OccurrenceUnderWay reports whether a fire of the schedule's own is to be run and has not ended. Fires that somebody asked
// for do not count: they stand beside the schedule and must not cost it a fire.
func (tx *Tx) OccurrenceUnderWay(ctx context.Context, scheduleID int64) (bool, error) {
	var is bool
	err := tx.GetContext(ctx, &is, `
		select exists (select from schedule_occurrence where schedule_id = $1 and done_at is null and decision in ('on_time', 'catch_up'))`, scheduleID)
	if err != nil {
		return false, fmt.Errorf("look for occurrences under way of schedule %d: %w", scheduleID, err)
	}
	return is, nil
}

// RunningOccurrences counts the fires that a worker has under a lease.
func (tx *Tx) RunningOccurrences(ctx context.Context) (int, error) {
	var n int
	err := tx.GetContext(ctx, &n, `select count(*) from schedule_occurrence where done_at is null and owner is not null and lease_until > $1`, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("count running occurrences: %w", err)
	}
	return n, nil
}

// itsTurn is the condition on a fire o that it waits for no other: fires of a schedule run in their order. One that was asked
// for by hand waits for none, and none waits for it. A backfill waits for whatever came before it, but only another backfill
// waits for it: a hundred of them, or one that fails for hours, must not keep the report of today.
const itsTurn = `(o.decision = 'manual' or not exists (
	select from schedule_occurrence e where e.schedule_id = o.schedule_id and e.fire_at < o.fire_at and e.done_at is null
		and (e.decision in ('on_time', 'catch_up') or e.decision = 'backfill' and o.decision = 'backfill')))`

// RunnableOccurrences lists fires that are to run now: their moment has come, nobody has them under a lease, and it is
// their turn.
func (tx *Tx) RunnableOccurrences(ctx context.Context, limit int) ([]Occurrence, error) {
	var due []Occurrence
	err := tx.SelectContext(ctx, &due, `
		select `+occurrenceColumns+` from schedule_occurrence o join schedule s on s.id = o.schedule_id
		where o.done_at is null and o.decision <> 'skipped' and o.not_before <= $1 and (o.lease_until is null or o.lease_until <= $1)
			and `+itsTurn+`
		order by o.not_before limit $2`, tx.Now, limit)
	if err != nil {
		return nil, fmt.Errorf("list runnable occurrences: %w", err)
	}
	return due, nil
}

// WaitingOccurrences lists the fires that are decided, are to run until a moment and have not ended.
func (tx *Tx) WaitingOccurrences(ctx context.Context, until time.Time) ([]Occurrence, error) {
	var waiting []Occurrence
	err := tx.SelectContext(ctx, &waiting, `
		select `+occurrenceColumns+` from schedule_occurrence o join schedule s on s.id = o.schedule_id
		where o.done_at is null and o.decision <> 'skipped' and greatest(o.not_before, o.lease_until) <= $1 order by o.not_before`, until)
	if err != nil {
		return nil, fmt.Errorf("list waiting occurrences: %w", err)
	}
	return waiting, nil
}

// ClaimOccurrence gives a runnable fire to a worker under a lease and counts the attempt. It returns ErrNotFound when
// there is nothing to claim: nudges come when a fire is decided, whether it is its turn or not.
func (tx *Tx) ClaimOccurrence(ctx context.Context, scheduleID int64, fireAt time.Time, owner string, lease time.Duration) (Occurrence, error) {
	var o Occurrence
	err := tx.GetContext(ctx, &o, `
		with claimed as (
			update schedule_occurrence o set owner = $3, lease_until = $4, attempts = attempts + 1, started_at = coalesce(started_at, $5)
			where schedule_id = $1 and fire_at = $2 and done_at is null and decision <> 'skipped' and not_before <= $5
				and (lease_until is null or lease_until <= $5) and `+itsTurn+`
			returning *)
		select `+occurrenceColumns+` from claimed o join schedule s on s.id = o.schedule_id`,
		scheduleID, fireAt, owner, tx.Now.Add(lease), tx.Now)
	if err != nil {
		return o, fmt.Errorf("claim occurrence %d at %s: %w", scheduleID, fireAt.Format(time.RFC3339), notFound(err))
	}
	return o, nil
}

// RenewOccurrence makes the lease of a claimed fire last from now. It returns ErrFenced when the fire is not this attempt's
// any more.
func (tx *Tx) RenewOccurrence(ctx context.Context, o Occurrence, owner string, lease time.Duration) error {
	n, err := tx.count(ctx, `
		update schedule_occurrence set lease_until = $5 where schedule_id = $1 and fire_at = $2 and owner = $3 and attempts = $4 and done_at is null`,
		o.ScheduleID, o.FireAt, owner, o.Attempts, tx.Now.Add(lease))
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("renew occurrence %d at %s: %w", o.ScheduleID, o.FireAt.Format(time.RFC3339), err)
	}
	return nil
}

// FillOccurrence makes a fire of the past one that is to run now, whether it was never decided or was skipped. It reports
// false when the fire has run or is to run anyway.
func (tx *Tx) FillOccurrence(ctx context.Context, scheduleID int64, fireAt time.Time, why, replica string) (bool, error) {
	n, err := tx.count(ctx, `
		insert into schedule_occurrence (schedule_id, fire_at, decision, reason, decided_at, decided_by, not_before)
		values ($1, $2, 'backfill', $3, $4, $5, $4)
		on conflict (schedule_id, fire_at) do update set decision = 'backfill', decided_at = $4, decided_by = $5, not_before = $4,
			reason = $3::text || '; it was skipped: ' || coalesce(schedule_occurrence.reason, '')
		where schedule_occurrence.decision = 'skipped'`, scheduleID, fireAt, why, tx.Now, replica)
	if err != nil {
		return false, fmt.Errorf("fill occurrence %d at %s: %w", scheduleID, fireAt.Format(time.RFC3339), err)
	}
	return n > 0, nil
}

// RanOccurrences lists which fires of a schedule between two moments have run or are to run, by fire time.
func (tx *Tx) RanOccurrences(ctx context.Context, scheduleID int64, from, to time.Time) ([]time.Time, error) {
	var ran []time.Time
	err := tx.SelectContext(ctx, &ran, `
		select fire_at from schedule_occurrence where schedule_id = $1 and fire_at between $2 and $3 and decision <> 'skipped' order by fire_at`,
		scheduleID, from, to)
	if err != nil {
		return nil, fmt.Errorf("list occurrences of schedule %d: %w", scheduleID, err)
	}
	return ran, nil
}

// EndOccurrence records what a claimed fire came to. With a retry moment it is run again then; else it is done. It
// returns ErrFenced when the fire is not this attempt's any more.
func (tx *Tx) EndOccurrence(ctx context.Context, o Occurrence, owner, outcome string, retryAt *time.Time) error {
	done := &tx.Now
	if retryAt != nil {
		done = nil
	}
	n, err := tx.count(ctx, `
		update schedule_occurrence set done_at = $5, outcome = $6, lease_until = $7, owner = case when $7::timestamptz is null then owner end
		where schedule_id = $1 and fire_at = $2 and owner = $3 and attempts = $4 and done_at is null`,
		o.ScheduleID, o.FireAt, owner, o.Attempts, done, outcome, retryAt)
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("end occurrence %d at %s: %w", o.ScheduleID, o.FireAt.Format(time.RFC3339), err)
	}
	return nil
}

// Occurrences lists the decided fires of a schedule, or with ref "" of all, the latest first; at most limit, or
// with 0 all.
func (tx *Tx) Occurrences(ctx context.Context, ref string, limit int) ([]Occurrence, error) {
	var all []Occurrence
	err := tx.SelectContext(ctx, &all, `
		select `+occurrenceColumns+` from schedule_occurrence o join schedule s on s.id = o.schedule_id
		where $1 = '' or s.ref = $1 order by o.fire_at desc, s.ref limit nullif($2, 0)`, ref, limit)
	if err != nil {
		return nil, fmt.Errorf("list occurrences: %w", err)
	}
	return all, nil
}

// NextFire returns the earliest moment until which a schedule fires or a fire is to be run. ok is false when there is none.
func (tx *Tx) NextFire(ctx context.Context, until time.Time) (at time.Time, ok bool, err error) {
	var next *time.Time
	err = tx.GetContext(ctx, &next, `
		select min(at) from (
			select next_fire_at as at from schedule where enabled and paused_at is null and retired_at is null
			union all
			select greatest(not_before, lease_until) from schedule_occurrence where done_at is null and decision <> 'skipped') moments
		where at <= $1`, until)
	if err != nil {
		return at, false, fmt.Errorf("find next fire: %w", err)
	}
	if next == nil {
		return at, false, nil
	}
	return next.UTC(), true, nil
}

// ForgetOccurrences deletes the fires of tasks that ended before a moment, at most limit; those of reports are kept.
func (tx *Tx) ForgetOccurrences(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := tx.count(ctx, `
		delete from schedule_occurrence where (schedule_id, fire_at) in (
			select o.schedule_id, o.fire_at from schedule_occurrence o join schedule s on s.id = o.schedule_id
			where s.task is not null and o.fire_at < $1 and (o.done_at is not null or o.decision = 'skipped') limit $2)`, before, limit)
	if err != nil {
		return 0, fmt.Errorf("forget occurrences: %w", err)
	}
	return n, nil
}
