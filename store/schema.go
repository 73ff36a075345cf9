package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"secretariat/migrations"
)

// migrationLock is the key of the advisory lock that migrators take, ours and the job engine's under one: "secretar".
const migrationLock int64 = 0x7365637265746172

// oldestServer is the oldest major version of PostgreSQL that the tables work with ("unique nulls not distinct").
const oldestServer = 15

// SchemaError says that the schema of the database is not the one that the program needs.
type SchemaError struct{ Version, Needs int64 }

func (e *SchemaError) Error() string {
	if e.Version == 0 {
		return "the database has no tables of secretariat"
	}
	return fmt.Sprintf("the database is at version %d and this program needs %d", e.Version, e.Needs)
}

// Hint names the command that cures it.
func (e *SchemaError) Hint() string {
	if e.Version > e.Needs {
		return "run the program that migrated it, or a newer one"
	}
	return "run: secretariat migrate up"
}

// CheckSchema returns a *SchemaError when the database is older or newer than the program, and an error that wraps
// migrations.ErrChanged when it was made with other files.
func (s *Store) CheckSchema(ctx context.Context) error {
	version, err := migrations.Version(ctx, s.db.DB)
	if err != nil {
		return err
	}
	if needs := migrations.Latest(); version != needs {
		return &SchemaError{version, needs}
	}
	return migrations.Unchanged(ctx, s.db.DB)
}

// MigrationStatus lists the program's migrations and which of them the database has.
func (s *Store) MigrationStatus(ctx context.Context) ([]migrations.File, error) {
	return migrations.Status(ctx, s.db.DB)
}

// Migrate brings the schema to what the program needs and makes the reporting login. It returns the files applied. The
// caller holds the migration lock and hands over the pool that WithMigrationLock gave it.
func (s *Store) Migrate(ctx context.Context, db *sql.DB) ([]migrations.File, error) {
	if err := checkServer(ctx, db); err != nil {
		return nil, err
	}
	applied, err := migrations.Apply(ctx, db)
	if err != nil {
		return applied, err
	}
	return applied, s.makeReportingLogin(ctx, db)
}

// ServerError says that the server is too old for the program's tables.
type ServerError struct{ Version string }

func (e *ServerError) Error() string {
	return fmt.Sprintf("the server is PostgreSQL %s, and %d or newer is needed", e.Version, oldestServer)
}

// Hint says what to do.
func (e *ServerError) Hint() string { return "upgrade the server, or use a private PostgreSQL" }

func checkServer(ctx context.Context, db *sql.DB) error {
	var number int
	var version string
	err := db.QueryRowContext(ctx, `select current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&number, &version)
	if err != nil {
		return fmt.Errorf("read version of the server: %w", err)
	}
	if number/10000 < oldestServer {
		return &ServerError{version}
	}
	return nil
}

// WithMigrationLock runs fn while no other process migrates this database, however many start at once. fn gets a pool
// whose statements may take long. The lock ends with the connection, so a killed migrator blocks nobody.
func (s *Store) WithMigrationLock(ctx context.Context, fn func(ctx context.Context, db *sql.DB) error) error {
	db := openPool(s.config, dialer{limit: migrationLimit}, 0)
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return unreachable(s.config, err)
	}
	defer conn.Close() // closing the pool then closes the connection, and with it ends the lock
	if err := lockMigrations(ctx, conn); err != nil {
		return err
	}
	return fn(ctx, db)
}

// lockMigrations asks again and again instead of waiting on the server: a wait there would be cut by the limits of the
// connection, and blocks "create index concurrently" of the process that holds the lock.
func lockMigrations(ctx context.Context, conn *sql.Conn) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var locked bool
		if err := conn.QueryRowContext(ctx, `select pg_try_advisory_lock($1)`, migrationLock).Scan(&locked); err != nil {
			return fmt.Errorf("take migration lock: %w", err)
		}
		if locked {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("take migration lock: another process migrates: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
