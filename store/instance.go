package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Instance is what makes this installation itself.
type Instance struct {
	ID    string        `db:"id"`
	Held  bool          `db:"held"`  // it sends nothing and fires no schedule until somebody adopts it
	Moved bool          `db:"moved"` // the database lives elsewhere than when it was adopted
	Clock time.Duration `db:"-"`     // how far the one clock is from the server's; zero in production
}

// home names the place of a database: the server's own identifier and the database in it. A restored dump has another.
const home = `(select system_identifier::text from pg_control_system()) || '/' || (select oid::text from pg_database where datname = current_database())`

// Instance reads the identity of the installation.
func (s *Store) Instance(ctx context.Context) (Instance, error) {
	var row struct {
		Instance
		Seconds float64 `db:"seconds"`
	}
	err := s.db.GetContext(ctx, &row, `select id, held, coalesce(home <> `+home+`, false) as moved, extract(epoch from clock_offset) as seconds from instance`)
	if err != nil {
		return row.Instance, fmt.Errorf("read instance: %w", notFound(err))
	}
	row.Clock = time.Duration(row.Seconds * float64(time.Second))
	return row.Instance, nil
}

// Guard is called before anything is sent. The first time it notes where the database lives; a database that lives
// elsewhere since, having been restored or copied, is held: what it owes may have been sent by the original long ago.
func (s *Store) Guard(ctx context.Context) (held bool, err error) {
	err = s.db.GetContext(ctx, &held, `
update instance set held = held or coalesce(home <> `+home+`, false), home = coalesce(home, `+home+`) returning held`)
	if err != nil {
		return true, fmt.Errorf("guard against a restored database: %w", err)
	}
	return held, nil
}

// Hold stops all sending and firing until Adopt.
func (tx *Tx) Hold(ctx context.Context) error {
	if _, err := tx.ExecContext(ctx, `update instance set held = true`); err != nil {
		return fmt.Errorf("hold: %w", err)
	}
	return nil
}

// Adopt makes this database the one that sends. Nothing from the past is sent: letters that are due are expired, and fires
// under way end. It returns how many letters that were.
func (tx *Tx) Adopt(ctx context.Context) (expired int, err error) {
	done, err := tx.ExecContext(ctx, `
update delivery set state = 'expired', reason = 'adopted', owner = null, lease_until = null, updated_at = $1
where  state in ('planned', 'pending', 'sending') and not_before <= $1`, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("expire letters of the past: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("expire letters of the past: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `
update schedule_occurrence set done_at = $1, outcome = 'adopted', owner = null, lease_until = null where done_at is null`, tx.Now); err != nil {
		return 0, fmt.Errorf("end fires of the past: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `update instance set held = false, home = `+home); err != nil {
		return 0, fmt.Errorf("adopt: %w", err)
	}
	return int(n), nil
}

// KeepLinks lets letters that have left keep the links that open pages, for a demonstration, whose web page shows letters.
func (s *Store) KeepLinks(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, `update instance set keeps_links = true`); err != nil {
		return fmt.Errorf("keep the links of letters: %w", err)
	}
	return nil
}

// ServerClock returns what the server's own clock shows, whatever the instance's offset. It waits no longer for a connection
// than a transaction does.
func (s *Store) ServerClock(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Wait)
	defer cancel()
	var now time.Time
	if err := s.db.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
		return now, fmt.Errorf("read the server's clock: %w", err)
	}
	return now, nil
}

// Server is what doctor asks of the server.
type Server struct {
	Version string    `db:"version"`
	Now     time.Time `db:"now"`  // of the server's own clock
	Size    int64     `db:"size"` // bytes of the database
}

// Server asks the server about itself.
func (s *Store) Server(ctx context.Context) (Server, error) {
	var v Server
	err := s.db.GetContext(ctx, &v, `select current_setting('server_version') as version, clock_timestamp() as now, pg_database_size(current_database()) as size`)
	if err != nil {
		return v, fmt.Errorf("ask the server: %w", err)
	}
	return v, nil
}

// InUseError says that a database cannot be replaced because somebody is connected to it.
type InUseError struct{ Name string }

func (e *InUseError) Error() string { return fmt.Sprintf("database %q is in use", e.Name) }

// Hint says what to do.
func (e *InUseError) Hint() string {
	return "stop the daemon and every other program that is connected to it"
}

// Replace fills a new database with fill and puts it in the place of the one called name, on the server that admin is the
// address of (of any other database). The old one is kept, under the name returned. Nobody may be connected to it.
func Replace(ctx context.Context, admin, name, suffix string, fill func(ctx context.Context, newName string) error) (kept string, err error) {
	s, err := Open(ctx, admin)
	if err != nil {
		return "", err
	}
	defer s.Close()
	fresh, kept := name+"_new_"+suffix, name+"_before_"+suffix
	run := func(statement string) error {
		if err == nil {
			_, err = s.db.ExecContext(ctx, statement)
		}
		return err
	}
	if run(`create database `+pq.QuoteIdentifier(fresh)) != nil {
		return "", fmt.Errorf("make database %s: %w", fresh, err)
	}
	if err = fill(ctx, fresh); err != nil {
		_, dropped := s.db.ExecContext(ctx, `drop database `+pq.QuoteIdentifier(fresh))
		return "", errors.Join(err, dropped)
	}
	if run(`alter database `+pq.QuoteIdentifier(name)+` rename to `+pq.QuoteIdentifier(kept)) != nil {
		if p := pq.As(err); p != nil && p.Code == codeInUse {
			err = &InUseError{name}
		}
		_, dropped := s.db.ExecContext(ctx, `drop database `+pq.QuoteIdentifier(fresh))
		return "", errors.Join(err, dropped)
	}
	if run(`alter database `+pq.QuoteIdentifier(fresh)+` rename to `+pq.QuoteIdentifier(name)) != nil {
		return "", fmt.Errorf("put restored database %s in the place of %s, which is kept as %s: %w", fresh, name, kept, err)
	}
	return kept, nil
}
