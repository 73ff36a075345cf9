package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"
)

// Run is one making of a report for its readers. Number is nil for a run that carries none.
type Run struct {
	ID             int64      `db:"id"`
	Number         *int64     `db:"number"` // the report number
	Report         string     `db:"report"`
	ScheduleID     *int64     `db:"schedule_id"` // with FireAt the occurrence: there is one run of each
	FireAt         *time.Time `db:"fire_at"`
	Since          time.Time  `db:"since"`
	Until          time.Time  `db:"until"`
	AsOf           time.Time  `db:"as_of"`
	DefinitionHash []byte     `db:"definition_hash"`
	State          string     `db:"state"`
	Reason         string     `db:"reason"`       // of held: what failed, a line each, or who held it
	Faults         RunFaults  `db:"faults"`       // of held
	ReviewUntil    *time.Time `db:"review_until"` // from then on a run in review is released by itself
	ReleasedAt     *time.Time `db:"released_at"`
	CreatedAt      time.Time  `db:"created_at"`
}

// RunFault is something in a report that failed, with its place in the report file; 0 is unknown.
type RunFault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Text    string `json:"text"`
	Section string `json:"section,omitempty"` // that can be left out; "" for none
	All     bool   `json:"all,omitempty"`     // without this part there is no report at all
}

// RunFaults are the faults of a held run.
type RunFaults []RunFault

// Value implements driver.Valuer.
func (f RunFaults) Value() (driver.Value, error) { return jsonValue(f, f == nil, "[]") }

// Scan implements sql.Scanner.
func (f *RunFaults) Scan(src any) error { return scanJSON(src, f) }

// States of a run.
const (
	RunReleased = "released"
	RunReview   = "review" // made, and not sent before its owner could look at it
	RunHeld     = "held"
	RunNothing  = "nothing-to-report"
	RunDropped  = "dropped"
)

const runColumns = `id, number, report, schedule_id, fire_at, since, until, as_of, definition_hash, state, coalesce(reason, '') as reason,
	faults, review_until, released_at, created_at`

// NextRunNumber returns the report number that the next run with a number gets, and keeps others from taking it until
// the transaction ends when hold is set.
func (tx *Tx) NextRunNumber(ctx context.Context, hold bool) (int64, error) {
	if hold {
		if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('report number'))`); err != nil {
			return 0, fmt.Errorf("hold report number: %w", err)
		}
	}
	var n int64
	if err := tx.GetContext(ctx, &n, `select coalesce(max(number), 0) + 1 from report_run`); err != nil {
		return 0, fmt.Errorf("read next report number: %w", err)
	}
	return n, nil
}

// InsertRun records a run and returns it with its id; inserted is false, and the run is the one already there, when the
// occurrence has one.
func (tx *Tx) InsertRun(ctx context.Context, r Run) (run Run, inserted bool, err error) {
	var found []Run
	err = tx.SelectContext(ctx, &found, `
		insert into report_run (number, report, schedule_id, fire_at, since, until, as_of, definition_hash, state, reason, faults, review_until, released_at, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $12, $13, case when $9 = 'released' then $11::timestamptz end, $11)
		on conflict (schedule_id, fire_at) do nothing
		returning `+runColumns,
		r.Number, r.Report, r.ScheduleID, r.FireAt, r.Since, r.Until, r.AsOf, r.DefinitionHash, r.State, r.Reason, tx.Now, r.Faults, r.ReviewUntil)
	if err != nil {
		return Run{}, false, fmt.Errorf("record run of %s: %w", r.Report, err)
	}
	if len(found) == 1 {
		return found[0], true, nil
	}
	run, err = tx.RunOf(ctx, *r.ScheduleID, *r.FireAt)
	return run, false, err
}

// Run returns a run by its id, or ErrNotFound.
func (tx *Tx) Run(ctx context.Context, id int64) (r Run, err error) {
	if err := tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where id = $1`, id); err != nil {
		return r, fmt.Errorf("run %d: %w", id, notFound(err))
	}
	return r, nil
}

// RunOf returns the run of an occurrence, or ErrNotFound.
func (tx *Tx) RunOf(ctx context.Context, schedule int64, fireAt time.Time) (r Run, err error) {
	err = tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where schedule_id = $1 and fire_at = $2`, schedule, fireAt)
	if err != nil {
		return r, fmt.Errorf("run of schedule %d at %s: %w", schedule, fireAt.Format(time.RFC3339), notFound(err))
	}
	return r, nil
}

// Runs returns the runs of a report, or with "" of all, newest first, at most limit of them.
func (tx *Tx) Runs(ctx context.Context, report string, limit int) (list []Run, err error) {
	err = tx.SelectContext(ctx, &list, `
		select `+runColumns+` from report_run where $1 = '' or report = $1 order by as_of desc, id desc limit $2`, report, limit)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return list, nil
}

// LastDelivered returns the last numbered run of a report that reached somebody and is as of a moment not after asOf, leaving out
// the run of an occurrence that fires at except (zero: none). It returns ErrNotFound when there is none.
func (tx *Tx) LastDelivered(ctx context.Context, report string, asOf, except time.Time) (r Run, err error) {
	err = tx.GetContext(ctx, &r, `
		select `+runColumns+` from report_run r
		where  report = $1 and as_of <= $2 and state in ('released', 'held') and number is not null and fire_at is distinct from $3
		       and exists (select from delivery d where d.run_id = r.id and d.kind = 'report' and d.state = 'sent')
		order  by as_of desc, id desc limit 1`, report, asOf, nullTime(except))
	if err != nil {
		return r, fmt.Errorf("last delivered run of %s: %w", report, notFound(err))
	}
	return r, nil
}
