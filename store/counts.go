package store

import (
	"context"
	"fmt"
	"time"
)

// WorkCounts is what the metrics tell of schedules and runs: occurrences by decision, runs by state.
type WorkCounts struct{ Occurrences, Runs map[string]int }

// WorkCounts counts the occurrences and the runs.
func (tx *Tx) WorkCounts(ctx context.Context) (WorkCounts, error) {
	counts := WorkCounts{map[string]int{}, map[string]int{}}
	var rows []struct {
		Run  bool   `db:"run"`
		Name string `db:"name"`
		N    int    `db:"n"`
	}
	err := tx.SelectContext(ctx, &rows, `
		select false as run, decision as name, count(*) as n from schedule_occurrence group by decision
		union all select true, state, count(*) from report_run group by state`)
	if err != nil {
		return counts, fmt.Errorf("count occurrences and runs: %w", err)
	}
	for _, r := range rows {
		if r.Run {
			counts.Runs[r.Name] = r.N
		} else {
			counts.Occurrences[r.Name] = r.N
		}
	}
	return counts, nil
}

// OldestDue returns the moment since which the oldest letter or schedule that is due waits to be taken up; ok is false when nothing waits.
// What waits for a retry, or is with a sender, is not waiting to be taken up.
func (tx *Tx) OldestDue(ctx context.Context) (at time.Time, ok bool, err error) {
	var oldest *time.Time
	err = tx.GetContext(ctx, &oldest, `
		select min(at) from (
			select min(coalesce(retry_at, not_before)) as at from delivery
			where state in ('planned', 'pending') and coalesce(retry_at, not_before) <= $1
			union all
			select min(next_fire_at) from schedule where enabled and paused_at is null and retired_at is null and next_fire_at <= $1) due`, tx.Now)
	if err != nil {
		return at, false, fmt.Errorf("find the oldest due: %w", err)
	}
	if oldest == nil {
		return at, false, nil
	}
	return oldest.UTC(), true, nil
}
