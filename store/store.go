// Package store holds every SQL statement of the program, but for the migrations and the reports' own queries.
//
// Statements are methods of Tx, one file per group of tables. A moment in a statement is a parameter taken from Tx.Now,
// never SQL's now(): the clock of a demonstration stands elsewhere than the server's. Two steps of a letter that are taken
// while a relay waits are methods of Store and transactions by themselves; they read the same clock (clockRow).
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const (
	// statementLimit is how long a statement of the program itself may run on the server.
	statementLimit = 20 * time.Second
	// connectionLimit is how long a connection may be silent in the middle of a call. It is longer than statementLimit, so
	// that a slow statement is ended by the server and only a dead network by this.
	connectionLimit = statementLimit + 5*time.Second
	// migrationLimit is connectionLimit for migrations, which may rewrite tables.
	migrationLimit = 15 * time.Minute
)

// Options says how to open a Store. URL is needed; zero values of the rest are the defaults.
type Options struct {
	URL          string        // postgres://… or key=value words
	ReportingURL string        // the same database as the reporting login; "" derives it from URL
	MaxConns     int           // of the program's own pool, 20 by default
	Wait         time.Duration // for a connection of that pool, 20 s by default
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db      *sqlx.DB
	options Options
	config  pq.Config
}

// Open opens the database at url. See OpenWith.
func Open(ctx context.Context, url string) (*Store, error) { return OpenWith(ctx, Options{URL: url}) }

// OpenWith opens a database and makes one connection to see that it is there. The error is an *UnreachableError when the
// server does not answer or does not let the program in. The schema is not looked at: see CheckSchema.
func OpenWith(ctx context.Context, o Options) (*Store, error) {
	cfg, err := parseURL("DATABASE_URL", o.URL)
	if err != nil {
		return nil, err
	}
	if o.MaxConns == 0 {
		o.MaxConns = 20
	}
	if o.Wait == 0 {
		o.Wait = waitLimit
	}
	s := &Store{options: o, config: cfg}
	connector := newConnector(cfg, dialer{limit: connectionLimit, stalls: new(atomic.Int64)}, statementLimit)
	s.db = sqlx.NewDb(sql.OpenDB(preparing{connector}), "postgres")
	s.db.SetMaxOpenConns(o.MaxConns)
	s.db.SetMaxIdleConns(o.MaxConns)
	s.db.SetConnMaxIdleTime(5 * time.Minute)
	if err := s.db.PingContext(ctx); err != nil {
		s.db.Close()
		return nil, unreachable(cfg, err)
	}
	return s, nil
}

// Close gives the connections back. It does not stop a private PostgreSQL.
func (s *Store) Close() error { return s.db.Close() }

// DB is the program's pool, for the job engine, which writes its own tables.
func (s *Store) DB() *sql.DB { return s.db.DB }

// Ping makes sure that the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return unreachable(s.config, err)
	}
	return nil
}

// Address names the database for people: host and name, never the password.
func (s *Store) Address() string { return address(s.config) }

// openPool returns a pool for connections of one use.
func openPool(cfg pq.Config, d dialer, statements time.Duration) *sql.DB {
	return sql.OpenDB(newConnector(cfg, d, statements))
}

// newConnector makes connections whose sessions run in UTC. statements of 0 sets no limit.
func newConnector(cfg pq.Config, d dialer, statements time.Duration) *pq.Connector {
	cfg = cfg.Clone()
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	cfg.Runtime["timezone"] = "UTC"
	if statements > 0 {
		cfg.Runtime["statement_timeout"] = fmt.Sprint(statements.Milliseconds())
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = dialTimeout
	}
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		panic(err) // parseURL has accepted it; lib/pq never returns one here
	}
	connector.Dialer(d)
	return connector
}

// parseURL reads a database address. The error names the option only: what is wrong in an address is often next to the
// password, and error texts of parsers quote it.
func parseURL(option, url string) (pq.Config, error) {
	if url == "" {
		return pq.Config{}, &AddressError{option}
	}
	cfg, err := pq.NewConfig(url)
	if err != nil {
		return pq.Config{}, &AddressError{option}
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "secretariat"
	}
	if local(cfg.Host) && !sslModeGiven(url) {
		cfg.SSLMode = pq.SSLModePrefer // as libpq does; to another machine lib/pq's default "require" stands
	}
	return cfg, nil
}

// AddressError says that an option is no address of a PostgreSQL database.
type AddressError struct{ Option string }

func (e *AddressError) Error() string {
	return e.Option + " is not the address of a PostgreSQL database"
}

// Hint shows the form of an address.
func (e *AddressError) Hint() string {
	return e.Option + "=postgres://user:password@host:5432/database (special characters in the password as %40, %2F …)"
}

// ErrNotFound says that the row asked for is not there.
var ErrNotFound = errors.New("not found")
