package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

const (
	// queryLimit is how long one query of a report may run unless the snapshot says otherwise.
	queryLimit = 20 * time.Second
	// rowLimit is how many rows a query may return unless it says otherwise.
	rowLimit = 50_000
	// byteLimit is how much a query may send.
	byteLimit = 128 << 20
	// cursor turns a query into the only statement that it can be: prepared, it takes one SELECT and nothing that ends the
	// transaction or writes (measured: COMMIT is a syntax error, a DELETE in a WITH is 0A000).
	cursor = "declare q no scroll cursor for\n"
)

// SnapshotOptions says what a report's queries may see.
type SnapshotOptions struct {
	Ceiling  string        // the highest clearance that schema report grants: public, limited or confidential
	Timezone string        // of the session: what ::date and to_char mean
	BuiltIn  bool          // the SQL ships with the program, so it may run without a reporting login
	Timeout  time.Duration // of each query, 20 s by default
}

// Query is one SELECT of a report, with its parameters as $1, $2 …
type Query struct {
	Name, SQL string
	Args      []any
	Limit     int // rows, 50,000 by default
}

// Rows is what a query returned. Types are PostgreSQL's type names in upper case. A value is nil (NULL), bool, int64
// (INT2, INT4, INT8), float64 (FLOAT4, FLOAT8), string (NUMERIC, text, JSON), programme.Date (DATE), time.Time in UTC
// (TIMESTAMPTZ), []string (arrays of text), else the value's text; NaN and infinities are text. More says that the
// limit cut the rows off. Err is a *QueryError, a fault of the connection, or the end of the context.
type Rows struct {
	Columns, Types []string
	Values         [][]any
	More           bool
	Err            error
}

// QueryError is PostgreSQL's complaint about a query.
type QueryError struct {
	Query        string // name
	Line, Column int    // in the query's SQL, from 1; 0 where PostgreSQL names no place
	Code         string // SQLSTATE
	Message      string
	Tip          string // PostgreSQL's own hint
}

func (e *QueryError) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.Code) }

// Hint is PostgreSQL's own hint, or what to do about the commonest faults.
func (e *QueryError) Hint() string {
	switch {
	case e.Tip != "":
		return e.Tip
	case e.Code == "57014":
		return "the query took too long: select fewer rows, or join less"
	case e.Code == string(codeNoPrivilege) || e.Code == string(codeNoTable):
		return "report SQL reads the functions of schema report only"
	}
	return ""
}

// Snapshot runs fn with a function that reads: all that it reads is of one moment of the database. It uses a connection
// of its own as the reporting login, in a READ ONLY, REPEATABLE READ transaction that is always rolled back; the connection
// is thrown away, because a query may have changed its settings or taken locks. A query that fails spoils only itself.
func (s *Store) Snapshot(ctx context.Context, o SnapshotOptions, fn func(read func(Query) Rows) error) error {
	return s.withSession(ctx, o, func(session *session) error {
		return fn(func(q Query) Rows { return session.read(ctx, q) })
	})
}

// Describe prepares queries without running them and returns the columns and types of each, or its error. Parameters
// without a value are NULL.
func (s *Store) Describe(ctx context.Context, queries []Query) ([]Rows, error) {
	all := make([]Rows, len(queries))
	err := s.withSession(ctx, SnapshotOptions{Ceiling: "public", Timezone: "UTC", BuiltIn: true}, func(session *session) error {
		for i, q := range queries {
			all[i] = session.describe(ctx, q)
		}
		return nil
	})
	return all, err
}

// session is one connection with its transaction.
type session struct {
	conn    *sql.Conn
	tx      *sql.Tx
	budget  *atomic.Int64
	timeout time.Duration
}

func (s *Store) withSession(ctx context.Context, o SnapshotOptions, fn func(*session) error) error {
	if o.Timeout == 0 {
		o.Timeout = queryLimit
	}
	cfg, err := s.reportingConfig(ctx, o.BuiltIn)
	if err != nil {
		return fmt.Errorf("read for report: %w", err)
	}
	budget := &atomic.Int64{}
	budget.Store(byteLimit)
	pool := openPool(cfg, dialer{limit: o.Timeout + 10*time.Second, budget: budget}, o.Timeout)
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("read for report: %w", unreachable(cfg, err))
	}
	defer conn.Close() // the pool, closed next, then ends the connection
	forget, err := s.setCeiling(ctx, conn, o.Ceiling)
	if err != nil {
		return err
	}
	defer forget()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, `select set_config('TimeZone', $1, true), set_config('search_path', 'report', true),
		set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`, o.Timezone)
	if err != nil {
		return fmt.Errorf("begin snapshot in time zone %q: %w", o.Timezone, err)
	}
	return fn(&session{conn, tx, budget, o.Timeout})
}

// setCeiling writes what the session of conn may see, where that session itself cannot write, and returns what removes it.
// What killed programs left goes at the same time: a later backend could get the same process number.
func (s *Store) setCeiling(ctx context.Context, conn *sql.Conn, level string) (forget func(), err error) {
	var pid int
	if err := conn.QueryRowContext(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
		return nil, fmt.Errorf("set ceiling of report: %w", err)
	}
	if _, err := s.db.ExecContext(ctx, `delete from report_ceiling c where not exists (select from pg_stat_activity a where a.pid = c.pid)`); err != nil {
		return nil, fmt.Errorf("set ceiling of report: %w", err)
	}
	_, err = s.db.ExecContext(ctx, `insert into report_ceiling (pid, level) values ($1, $2) on conflict (pid) do update set level = excluded.level`, pid, level)
	if err != nil {
		return nil, fmt.Errorf("set ceiling of report to %q: %w", level, err)
	}
	return func() {
		// Failing that, the next snapshot removes it.
		s.db.ExecContext(context.WithoutCancel(ctx), `delete from report_ceiling where pid = $1`, pid)
	}, nil
}

// read runs one query under a savepoint and undoes whatever it did to the session.
func (s *session) read(ctx context.Context, q Query) Rows {
	ctx, cancel := context.WithTimeout(ctx, s.timeout+5*time.Second) // for a query that lifts its own time limit
	defer cancel()
	s.budget.Store(byteLimit)
	if _, err := s.tx.ExecContext(ctx, `savepoint q`); err != nil {
		return Rows{Err: fmt.Errorf("read %s: %w", q.Name, err)}
	}
	rows := s.fetch(ctx, q)
	if errors.Is(rows.Err, errTooLarge) || s.budget.Load() < 0 {
		return Rows{Err: &QueryError{Query: q.Name, Code: "53400", Message: fmt.Sprintf("the query returned more than %d MB", byteLimit>>20)}}
	}
	if _, err := s.tx.ExecContext(ctx, `rollback to savepoint q; release savepoint q`); err != nil && rows.Err == nil {
		rows.Err = fmt.Errorf("read %s: %w", q.Name, err)
	}
	return rows
}

func (s *session) fetch(ctx context.Context, q Query) Rows {
	limit := q.Limit
	if limit <= 0 {
		limit = rowLimit
	}
	declare, err := s.tx.PrepareContext(ctx, cursor+q.SQL)
	if err != nil {
		return Rows{Err: queryError(q, cursor, err)}
	}
	defer declare.Close()
	if _, err := declare.ExecContext(ctx, arguments(q.Args)...); err != nil {
		return Rows{Err: queryError(q, cursor, err)}
	}
	found, err := s.tx.QueryContext(ctx, fmt.Sprintf(`fetch %d from q`, limit+1))
	if err != nil {
		return Rows{Err: queryError(q, cursor, err)}
	}
	defer found.Close()
	rows, err := values(found)
	if err != nil {
		return Rows{Err: queryError(q, cursor, err)}
	}
	if rows.More = len(rows.Values) > limit; rows.More {
		rows.Values = rows.Values[:limit]
	}
	return rows
}

// describe prepares a query as read would, and asks for its columns with "limit 0", which computes nothing.
func (s *session) describe(ctx context.Context, q Query) Rows {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if _, err := s.tx.ExecContext(ctx, `savepoint q`); err != nil {
		return Rows{Err: fmt.Errorf("describe %s: %w", q.Name, err)}
	}
	defer s.tx.ExecContext(ctx, `rollback to savepoint q; release savepoint q`)
	declare, err := s.tx.PrepareContext(ctx, cursor+q.SQL)
	if err != nil {
		return Rows{Err: queryError(q, cursor, err)}
	}
	declare.Close()
	const before = "select * from (\n"
	sql := before + strings.TrimRight(strings.TrimSpace(q.SQL), ";") + "\n) q limit 0"
	args := arguments(q.Args)
	if len(args) == 0 {
		if args, err = s.nulls(ctx, sql); err != nil {
			return Rows{Err: queryError(q, before, err)}
		}
	}
	found, err := s.tx.QueryContext(ctx, sql, args...)
	if err != nil {
		return Rows{Err: queryError(q, before, err)}
	}
	defer found.Close()
	rows, err := values(found)
	if err != nil {
		return Rows{Err: queryError(q, before, err)}
	}
	return rows
}

// queryError finds the place of PostgreSQL's complaint in the query's own text, which stands after prefix.
func queryError(q Query, prefix string, err error) error {
	p := pq.As(err)
	if p == nil {
		return fmt.Errorf("read %s: %w", q.Name, err)
	}
	e := &QueryError{Query: q.Name, Code: string(p.Code), Message: p.Message, Tip: p.Hint}
	var position int
	if _, err := fmt.Sscan(p.Position, &position); err != nil || position <= len(prefix) {
		return e
	}
	text := []rune(q.SQL)
	before := string(text[:min(position-len(prefix)-1, len(text))])
	e.Line = 1 + strings.Count(before, "\n")
	e.Column = 1 + len([]rune(before[strings.LastIndex(before, "\n")+1:]))
	return e
}
