package store

import (
	"context"
	"fmt"
	"time"
)

// LockRun returns a run by its id and keeps others from changing it until the transaction ends, or returns ErrNotFound.
func (tx *Tx) LockRun(ctx context.Context, id int64) (r Run, err error) {
	if err := tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where id = $1 for update`, id); err != nil {
		return r, fmt.Errorf("run %d: %w", id, notFound(err))
	}
	return r, nil
}

// RunByNumber returns the run with a report number, or ErrNotFound.
func (tx *Tx) RunByNumber(ctx context.Context, number int64) (r Run, err error) {
	if err := tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where number = $1`, number); err != nil {
		return r, fmt.Errorf("report number %d: %w", number, notFound(err))
	}
	return r, nil
}

// ReviewedRuns returns the runs in review whose window has ended, the oldest first.
func (tx *Tx) ReviewedRuns(ctx context.Context, limit int) (ids []int64, err error) {
	err = tx.SelectContext(ctx, &ids, `select id from report_run where state = 'review' and review_until <= $1 order by review_until, id limit $2`, tx.Now, limit)
	if err != nil {
		return nil, fmt.Errorf("list reviewed runs: %w", err)
	}
	return ids, nil
}

// ChangeRun writes what a step of a run's life changes: number, state, reason, faults, the review window and the hash of
// its definition. A run that becomes released notes when.
func (tx *Tx) ChangeRun(ctx context.Context, r Run) error {
	_, err := tx.ExecContext(ctx, `
		update report_run set number = $2, state = $3, reason = nullif($4, ''), faults = $5, review_until = $6, definition_hash = $7,
			released_at = case when $3 = 'released' then coalesce(released_at, $8) else released_at end
		where id = $1`, r.ID, r.Number, r.State, r.Reason, r.Faults, r.ReviewUntil, r.DefinitionHash, tx.Now)
	if err != nil {
		return fmt.Errorf("change run %d: %w", r.ID, err)
	}
	return nil
}

// ScheduleRef returns the ref of a schedule, also of one that was retired.
func (tx *Tx) ScheduleRef(ctx context.Context, id int64) (ref string, err error) {
	if err := tx.GetContext(ctx, &ref, `select ref from schedule where id = $1`, id); err != nil {
		return "", fmt.Errorf("schedule %d: %w", id, notFound(err))
	}
	return ref, nil
}

// ForgetRunFiles takes the files and tracked rows of a run away, before it is made again. The bytes stay where a letter
// names them.
func (tx *Tx) ForgetRunFiles(ctx context.Context, run int64) error {
	for _, statement := range []string{`delete from run_artefact where run_id = $1`, `delete from run_snapshot where run_id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, run); err != nil {
			return fmt.Errorf("forget files of run %d: %w", run, err)
		}
	}
	return nil
}

// HoldRunLetters suppresses the letters of a run that have not left, with a reason, and returns how many.
func (tx *Tx) HoldRunLetters(ctx context.Context, run int64, reason string) (int, error) {
	n, err := tx.count(ctx, `
		update delivery set state = 'suppressed', reason = $2, updated_at = $3 where run_id = $1 and kind <> 'report-held' and state = any($4)`,
		run, reason, tx.Now, from("suppress"))
	if err != nil {
		return 0, fmt.Errorf("hold letters of run %d: %w", run, err)
	}
	return n, nil
}

// FreeRunLetters makes the planned letters of a run due now and returns them.
func (tx *Tx) FreeRunLetters(ctx context.Context, run int64) (ids []int64, err error) {
	err = tx.SelectContext(ctx, &ids, `
		update delivery set state = 'pending', not_before = $2, updated_at = $2 where run_id = $1 and kind <> 'report-held' and state = any($3)
		returning id`, run, tx.Now, from("promote"))
	if err != nil {
		return nil, fmt.Errorf("free letters of run %d: %w", run, err)
	}
	return ids, nil
}

// HistoryLine is a line of the audit log.
type HistoryLine struct {
	At     time.Time `db:"at" json:"at"`
	Actor  string    `db:"actor" json:"actor"`
	Action string    `db:"action" json:"action"`
	After  string    `db:"after" json:"-"` // JSON, "" for none
}

// History returns what the audit log says of an object, the oldest line first.
func (tx *Tx) History(ctx context.Context, object string) (list []HistoryLine, err error) {
	err = tx.SelectContext(ctx, &list, `select at, actor, action, coalesce(after::text, '') as after from audit_log where object = $1 order by id`, object)
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", object, err)
	}
	return list, nil
}
