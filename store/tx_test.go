package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"secretariat/migrations"
	"secretariat/store"
	"secretariat/store/storetest"
)

func TestInTxRollsBack(t *testing.T) {
	s := storetest.New(t)
	wrong := errors.New("wrong")
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.ExecContext(t.Context(), `update instance set held = true`); err != nil {
			return err
		}
		return wrong
	})
	if i, err2 := s.Instance(t.Context()); !errors.Is(err, wrong) || err2 != nil || i.Held {
		t.Errorf("after a failed transaction: %v, held %v, %v", err, i.Held, err2)
	}
}

// Two transactions that lock each other out: both are done in the end, one at its second attempt.
func TestInTxRetriesDeadlock(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	var met, done sync.WaitGroup
	met.Add(2)
	runs := make(chan struct{}, 10)
	for i := range 2 {
		done.Go(func() {
			var once sync.Once
			err := s.InTx(context.Background(), func(tx *store.Tx) error {
				runs <- struct{}{}
				for step := range 2 {
					if _, err := tx.ExecContext(context.Background(), `update activity set percent = percent where id = $1`, 1+(i+step)%2); err != nil {
						return err
					}
					once.Do(func() { met.Done(); met.Wait() })
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if n := len(runs); n < 3 {
		t.Errorf("ran %d times: there was no deadlock to retry", n)
	}
}

func TestCheckSchema(t *testing.T) {
	s := storetest.Open(t, storetest.Blank(t))
	var schema *store.SchemaError
	if err := s.CheckSchema(t.Context()); !errors.As(err, &schema) || !strings.Contains(schema.Hint(), "migrate up") {
		t.Errorf("an empty database: %v", err)
	}
	migrated := storetest.New(t)
	if err := migrated.CheckSchema(t.Context()); err != nil {
		t.Errorf("a migrated one: %v", err)
	}
	for name, change := range map[string]string{
		"0002_": `update migration_file set sha256 = repeat('0', 64) where version = 2`, "0003_": `delete from migration_file where version = 3`,
	} {
		other := storetest.New(t)
		storetest.Exec(t, other, change)
		if err := other.CheckSchema(t.Context()); !errors.Is(err, migrations.ErrChanged) || !strings.Contains(err.Error(), name) {
			t.Errorf("made with other files: got %v, want it named", err)
		}
	}
	storetest.Exec(t, migrated, `insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	if err := migrated.CheckSchema(t.Context()); !errors.As(err, &schema) || !strings.Contains(schema.Hint(), "newer") {
		t.Errorf("a newer one: %v", err)
	}
}

// R20: of several that start at once one migrates and the others find it done.
func TestR20MigrationLock(t *testing.T) {
	url := storetest.Blank(t)
	var wg sync.WaitGroup
	applied := make(chan int, 3)
	for range 3 {
		s := storetest.Open(t, url)
		wg.Go(func() {
			err := s.WithMigrationLock(context.Background(), func(ctx context.Context, db *sql.DB) error {
				files, err := s.Migrate(ctx, db)
				applied <- len(files)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(applied)
	total := 0
	for n := range applied {
		total += n
	}
	if want := len(migrations.Files()); total != want {
		t.Errorf("%d files were applied, want each of %d once", total, want)
	}
}

func TestMigrationLockEndsWithContext(t *testing.T) {
	s := storetest.New(t)
	err := s.WithMigrationLock(t.Context(), func(ctx context.Context, _ *sql.DB) error {
		waiting, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		return s.WithMigrationLock(waiting, func(context.Context, *sql.DB) error { return errors.New("both hold the lock") })
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a held lock: %v, want the end of the context", err)
	}
}

// R13: a database that is where it was sends on; one that moved is held until somebody adopts it: no sender gets a letter
// of it, due or not, and what was due before stays unsent.
func TestR13RestoreGuard(t *testing.T) {
	s := storetest.New(t)
	var due store.Delivery
	mustDo(t, s.InTx(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.InsertDeliveries(t.Context(), []store.Delivery{owed("due")}) // due at once by the database's clock
		if err == nil {
			due = rows[0]
		}
		return err
	}))
	claim := func() error {
		return s.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ClaimDelivery(t.Context(), due.ID, "restored", time.Minute)
			return err
		})
	}
	for range 2 {
		if held, err := s.Guard(t.Context()); err != nil || held {
			t.Fatalf("in its own place: held %v, %v", held, err)
		}
	}
	storetest.Exec(t, s, `update instance set home = 'another server/4711'`)
	if i, err := s.Instance(t.Context()); err != nil || !i.Moved || i.Held {
		t.Errorf("moved %v, held %v, %v: looking changes nothing", i.Moved, i.Held, err)
	}
	if held, err := s.Guard(t.Context()); err != nil || !held {
		t.Errorf("a restored copy: held %v, %v", held, err)
	}
	if err := claim(); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a sender of the restored copy claims a letter that is due: %v, want not found", err)
	}
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Adopt(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if held, err := s.Guard(t.Context()); err != nil || held {
		t.Errorf("adopted: held %v, %v", held, err)
	}
	if err := claim(); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the adopted copy claims a letter of the past: %v, want not found", err)
	}
	if d := deliveryOf(t, s, due.ID); d.State != store.DeliveryExpired || d.Attempts != 0 {
		t.Errorf("the letter of the past is %s after %d attempts, want expired after none", d.State, d.Attempts)
	}
}

func TestAdoptSendsNothingOfThePast(t *testing.T) {
	s := storetest.New(t)
	now, err := s.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	past, coming := now.Add(-time.Hour), now.Add(time.Hour)
	err = s.InTx(t.Context(), func(tx *store.Tx) error {
		d := store.Delivery{DedupeKey: "past", MessageID: "a@b", Kind: "invitation", Address: "x@example.org", Name: "X", Language: "en", Timezone: "UTC", NotBefore: past}
		e := d
		e.DedupeKey, e.MessageID, e.NotBefore = "coming", "c@d", coming
		if _, err := tx.InsertDeliveries(t.Context(), []store.Delivery{d, e}); err != nil {
			return err
		}
		n, err := tx.Adopt(t.Context())
		if err == nil && n != 1 {
			t.Errorf("%d letters expired, want the one of the past", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Where every connection is taken a transaction does not wait for ever, and what it says is that the database is away.
func TestWaitForAConnectionIsBounded(t *testing.T) {
	s, err := store.OpenWith(t.Context(), store.Options{URL: storetest.URL(t), MaxConns: 1, Wait: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.InTx(t.Context(), func(held *store.Tx) error {
		err := s.InTx(context.Background(), func(*store.Tx) error { return errors.New("it began") })
		if !store.Lost(err) || !strings.Contains(err.Error(), "no connection within 20ms") {
			t.Errorf("got %v", err)
		}
		if _, err := s.ServerClock(context.Background()); !store.Lost(err) {
			t.Errorf("the server's clock: %v", err)
		}
		// The bound is on the wait: what has begun lasts as long as it needs, by now twice as long.
		if _, err := held.ExecContext(t.Context(), `select 1`); err != nil {
			t.Errorf("a transaction that lasts longer: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
