package store

import (
	"context"
	"fmt"
	"time"

	"secretariat/programme"
)

// DueSchedule is a schedule as the pass over fires sees it. Lengths of time are text as in the programme file.
type DueSchedule struct {
	ID           int64          `db:"id"`
	Ref          string         `db:"ref"`
	Report       string         `db:"report"` // "" for a task
	Task         string         `db:"task"`   // "" for a report
	Spec         string         `db:"spec"`
	Timezone     string         `db:"timezone"`
	StartsOn     programme.Date `db:"starts_on"` // zero: none
	AllowOr      bool           `db:"allow_or"`
	Holiday      string         `db:"holiday"`
	CatchUp      string         `db:"catch_up"`
	CatchUpLimit int            `db:"catch_up_limit"`
	Grace        string         `db:"grace"`
	Deadline     string         `db:"deadline"`
	Overlap      string         `db:"overlap"`
	Jitter       string         `db:"jitter"`
	Enabled      bool           `db:"enabled"`
	PausedAt     *time.Time     `db:"paused_at"`
	NextFireAt   *time.Time     `db:"next_fire_at"` // nil: never again, or not decided yet
}

const dueScheduleColumns = `id, ref, coalesce(report, '') as report, coalesce(task, '') as task, spec, timezone, starts_on, allow_or, holiday, catch_up,
	catch_up_limit, grace, deadline, overlap, jitter, enabled, paused_at, next_fire_at`

// LockDueSchedule locks one schedule whose next fire has come and that no other replica is deciding, the longest due
// first. It returns ErrNotFound when there is none.
func (tx *Tx) LockDueSchedule(ctx context.Context) (DueSchedule, error) {
	var s DueSchedule
	err := tx.GetContext(ctx, &s, `
		select `+dueScheduleColumns+` from schedule
		where next_fire_at <= $1 and enabled and paused_at is null and retired_at is null and not (select held from instance)
		order by next_fire_at limit 1 for update skip locked`, tx.Now)
	if err != nil {
		return s, fmt.Errorf("lock due schedule: %w", notFound(err))
	}
	return s, nil
}

// DueSchedules lists the schedules that are not retired, by ref.
func (tx *Tx) DueSchedules(ctx context.Context) ([]DueSchedule, error) {
	var all []DueSchedule
	err := tx.SelectContext(ctx, &all, `select `+dueScheduleColumns+` from schedule where retired_at is null order by ref`)
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	return all, nil
}

// LockSchedule locks the schedule of a ref, or returns ErrNotFound.
func (tx *Tx) LockSchedule(ctx context.Context, ref string) (DueSchedule, error) {
	var s DueSchedule
	err := tx.GetContext(ctx, &s, `select `+dueScheduleColumns+` from schedule where ref = $1 and retired_at is null for update`, ref)
	if err != nil {
		return s, fmt.Errorf("lock schedule %q: %w", ref, notFound(err))
	}
	return s, nil
}

// SetNextFire records when a schedule fires next; nil for never.
func (tx *Tx) SetNextFire(ctx context.Context, scheduleID int64, at *time.Time) error {
	_, err := tx.ExecContext(ctx, `update schedule set next_fire_at = $2, updated_at = $3 where id = $1`, scheduleID, at, tx.Now)
	if err != nil {
		return fmt.Errorf("set next fire of schedule %d: %w", scheduleID, err)
	}
	return nil
}

// PauseSchedule stops a schedule from firing, or with paused false lets it fire again from nextFire on.
func (tx *Tx) PauseSchedule(ctx context.Context, scheduleID int64, paused bool, nextFire *time.Time) error {
	var pausedAt *time.Time
	if paused {
		pausedAt = &tx.Now
	}
	_, err := tx.ExecContext(ctx, `update schedule set paused_at = $2, next_fire_at = $3, revision = revision + 1, updated_at = $4 where id = $1`,
		scheduleID, pausedAt, nextFire, tx.Now)
	if err != nil {
		return fmt.Errorf("pause schedule %d: %w", scheduleID, err)
	}
	return nil
}
