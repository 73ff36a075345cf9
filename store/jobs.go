package store

import (
	"context"
	"fmt"
)

// DateJobs dates jobs of the engine that were made in this transaction by the database's clock, where they are dated later.
// River's driver for database/sql takes the clock of this machine, and workers fetch by the database's: from a replica whose
// clock is ahead no job would be followed until that moment.
func (tx *Tx) DateJobs(ctx context.Context, ids []int64) error {
	if _, err := tx.ExecContext(ctx, `update river_job set scheduled_at = now() where id = any($1) and scheduled_at > now()`, ids); err != nil {
		return fmt.Errorf("date %d jobs: %w", len(ids), err)
	}
	return nil
}
