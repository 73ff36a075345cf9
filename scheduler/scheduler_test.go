package scheduler

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/store"
	"secretariat/store/storetest"
)

// open gives a database with the engine's tables.
func open(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.New(t)
	err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return MigrateEngine(ctx, db) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// everyMinute inserts schedules that fire every minute from a moment on and run the task of planning reminders, which
// has nothing to do in an empty programme.
func everyMinute(t *testing.T, s *store.Store, n int, from time.Time) {
	t.Helper()
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			insert into schedule (ref, task, spec, timezone, catch_up, grace, deadline, overlap, jitter, enabled, next_fire_at)
			select 'S' || i, 'reminders', '* * * * *', 'Asia/Tashkent', 'latest', 'PT1H', 'P6D', 'queue', 'PT0S', true, $2::timestamptz
			from generate_series(1, $1::int) i`, n, from)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Three replicas on one database decide every fire exactly once, whoever comes first.
func TestReplicas(t *testing.T) {
	const schedules, minutes = 20, 5
	s := open(t)
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	if err := s.SetClock(t.Context(), start.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	everyMinute(t, s, schedules, start)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 3)
	var engines []*Engine
	var all []*acts.Acts
	for i := range 3 {
		e, err := New(s, Options{Poll: 20 * time.Millisecond, Every: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		a := &acts.Acts{Store: s, Enqueue: e.Enqueue, Replica: fmt.Sprint("replica-", i)}
		engines, all = append(engines, e), append(all, a)
		go func() { ended <- e.Run(ctx, a) }()
	}
	for i := range minutes {
		if err := s.SetClock(t.Context(), start.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		settled, cancel := context.WithTimeout(t.Context(), time.Minute)
		if err := engines[i%3].Settle(settled, all[i%3]); err != nil {
			t.Fatalf("minute %d: %v", i, err)
		}
		cancel()
	}
	stop()
	for range engines {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	var total, done, repeated int
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRowContext(t.Context(), `
			select count(*), count(done_at), count(*) filter (where attempts <> 1) from schedule_occurrence where decision = 'on_time'`).
			Scan(&total, &done, &repeated)
	})
	if err != nil {
		t.Fatal(err)
	}
	if total != schedules*minutes || done != total || repeated != 0 {
		t.Errorf("%d fires, %d done, %d run more than once; want %d, all done, once each", total, done, repeated, schedules*minutes)
	}
}

// A nudge is only a hint: one that is lost is made up for by the pass.
func TestLostNudge(t *testing.T) {
	s := open(t)
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	if err := s.SetClock(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	everyMinute(t, s, 1, start)
	deaf := &acts.Acts{Store: s, Replica: "deaf", Enqueue: func(context.Context, *store.Tx, ...acts.Nudge) error { return nil }}
	if n, err := deaf.DecideOccurrences(t.Context()); err != nil || n != 1 {
		t.Fatalf("decided %d fires, %v; want 1", n, err)
	}
	e, err := New(s, Options{Poll: 20 * time.Millisecond, Every: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	hearing := &acts.Acts{Store: s, Enqueue: e.Enqueue, Replica: "hearing"}
	go func() { ended <- e.Run(ctx, hearing) }()
	settled, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := e.Settle(settled, hearing); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
