package scheduler

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"

	"secretariat/acts"
	"secretariat/store"
	"secretariat/store/storetest"
)

// Jobs that a replica whose clock is ahead has made are followed at once, those of one that is behind stay as they are.
func TestNudgesAreDatedByTheDatabase(t *testing.T) {
	s := storetest.New(t)
	if err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return MigrateEngine(ctx, db) }); err != nil {
		t.Fatal(err)
	}
	e, err := New(s, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, off string
		late      bool // dated before this transaction
	}{{"ahead", "1 day", false}, {"behind", "-1 day", true}} {
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			if err := e.Enqueue(t.Context(), tx, acts.Nudge{Kind: "delivery", ID: 7}); err != nil {
				return err
			}
			var ids []int64
			err := tx.SelectContext(t.Context(), &ids, `update river_job set scheduled_at = now() + $1::interval returning id`, row.off)
			if err != nil {
				return err
			}
			if err := tx.DateJobs(t.Context(), ids); err != nil {
				return err
			}
			var due, late bool
			if err := tx.QueryRowContext(t.Context(), `select bool_and(scheduled_at <= now()), bool_and(scheduled_at < now()) from river_job`).Scan(&due, &late); err != nil {
				return err
			}
			if !due || late != row.late {
				t.Errorf("%s: due %v, dated before %v; want due, %v", row.name, due, late, row.late)
			}
			_, err = tx.ExecContext(t.Context(), `delete from river_job`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
