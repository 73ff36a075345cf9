package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/jmoiron/sqlx"
)

// clockRow is the one clock within a statement that is a transaction by itself.
const clockRow = `(select now() + clock_offset as now from instance) clock`

// alone runs a statement that is a transaction by itself and returns how many rows it changed. What a letter needs between
// its last octet and the dot, and after the answer, is one question to the database this way in place of four or five.
func (s *Store) alone(ctx context.Context, query string, args ...any) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Wait+statementLimit)
	defer cancel()
	res, err := s.db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// attempts is how often InTx runs a function whose transaction collided with another.
const attempts = 5

// Tx is a transaction. Now is the one clock: the server's now() plus the instance's offset, which is zero in production,
// read when the transaction began; in UTC.
type Tx struct {
	*sqlx.Tx
	Now time.Time

	audit []AuditEntry // to be written before the commit
}

// InTx runs fn in a transaction and commits it when fn returns nil; nothing else begins and commits. A transaction that
// collided with another (serialization failure, deadlock) is run again, at most five times: fn must have no effect
// outside the database that does not bear repetition.
func (s *Store) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	var err error
	for range attempts {
		if err = s.once(ctx, fn); err == nil || !passing(err) || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("transaction collided %d times: %w", attempts, err)
}

// waitLimit is how long a transaction waits for its connection, as long as a statement may run. On a network that swallows
// everything all connections are taken, and the pool dials one after the other, each to its limit: who comes last would
// wait for minutes.
const waitLimit = statementLimit

// begin begins a transaction. Only the wait for its beginning is bounded, not the transaction.
func (s *Store) begin(ctx context.Context, o *sql.TxOptions) (x *sqlx.Tx, end context.CancelFunc, err error) {
	ctx, end = context.WithCancel(ctx)
	waiting := time.AfterFunc(s.options.Wait, end)
	x, err = s.db.BeginTxx(ctx, o)
	switch {
	case !waiting.Stop(): // whatever began is undone with ctx
		err = unreachable(s.config, fmt.Errorf("no connection within %v: %w", s.options.Wait, os.ErrDeadlineExceeded))
	case err != nil:
		err = unreachable(s.config, err)
	default:
		return x, end, nil
	}
	end()
	return nil, nil, fmt.Errorf("begin: %w", err)
}

func (s *Store) once(ctx context.Context, fn func(tx *Tx) error) error {
	x, end, err := s.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer end()
	defer x.Rollback() // does nothing after a commit, and undoes all when fn panics
	tx := &Tx{Tx: x}
	if tx.Now, err = readClock(ctx, x); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.appendAudit(ctx); err != nil {
		return err
	}
	if err := x.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Now returns what the one clock shows.
func (s *Store) Now(ctx context.Context) (time.Time, error) { return readClock(ctx, s.db) }

// SetClock moves the one clock to now; it runs on from there. It is for demonstrations only.
func (s *Store) SetClock(ctx context.Context, now time.Time) error {
	_, err := s.db.ExecContext(ctx, `update instance set clock_offset = $1::timestamptz - now()`, now)
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	return nil
}

func readClock(ctx context.Context, q sqlx.QueryerContext) (time.Time, error) {
	var now time.Time
	if err := sqlx.GetContext(ctx, q, &now, `select now() + clock_offset from instance`); err != nil {
		return now, fmt.Errorf("read clock: %w", notFound(err))
	}
	return now.UTC(), nil
}

// ClockSet reports whether the one clock was ever moved: whether this is a demonstration.
func (s *Store) ClockSet(ctx context.Context) (bool, error) {
	var set bool
	if err := s.db.GetContext(ctx, &set, `select clock_offset <> '0' from instance`); err != nil {
		return false, fmt.Errorf("read clock: %w", err)
	}
	return set, nil
}
