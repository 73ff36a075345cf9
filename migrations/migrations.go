// Package migrations holds the numbered SQL files that make a database and applies them, forward only.
//
// Table migration_file keeps the SHA-256 of every file that a database was made with, so that a file which was changed
// afterwards stops the program instead of leaving two databases of the same version that differ.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var files embed.FS

// ErrChanged is wrapped by the error about a file that differs from the one the database was made with.
var ErrChanged = errors.New("migration file was changed after it was applied")

// changedError is about one such file.
type changedError struct{ text string }

func (e *changedError) Error() string { return fmt.Sprint(ErrChanged, ": ", e.text) }

func (e *changedError) Unwrap() error { return ErrChanged }

// Hint says what to do.
func (e *changedError) Hint() string {
	return "run the release that made this database; a migration that was applied is never edited, a new one follows it"
}

// NewerError says that a program newer than this one migrated the database.
type NewerError struct{ Version, Knows int64 }

func (e *NewerError) Error() string {
	return fmt.Sprintf("the database is at version %d and this program knows only %d", e.Version, e.Knows)
}

// Hint says what to do.
func (e *NewerError) Hint() string { return "run the program that migrated it, or a newer one" }

// File is one migration and, in a database, whether and when it was applied.
type File struct {
	Version   int64
	Name      string
	SHA256    string // hex
	AppliedAt time.Time
}

// Applied reports whether the migration is in the database.
func (f File) Applied() bool { return !f.AppliedAt.IsZero() }

// Files lists the migrations of this program, the oldest first.
func Files() []File { return list(files) }

// Latest returns the version that this program knows and needs.
func Latest() int64 {
	all := Files()
	return all[len(all)-1].Version
}

// Version returns the version of a database, 0 for one that was never migrated.
func Version(ctx context.Context, db *sql.DB) (int64, error) {
	var made sql.NullString
	if err := db.QueryRowContext(ctx, `select to_regclass('goose_db_version')::text`).Scan(&made); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if !made.Valid {
		return 0, nil
	}
	var version int64
	err := db.QueryRowContext(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return version, nil
}

// Apply brings a database to Latest and returns the files that it applied. Two at a time would collide: the caller holds
// the migration lock. Each file is one transaction; one that fails leaves the earlier ones applied.
func Apply(ctx context.Context, db *sql.DB) ([]File, error) {
	if err := awaitOthers(ctx, db); err != nil {
		return nil, err
	}
	return apply(ctx, db, files)
}

// awaitOthers waits while another session of this database changes tables: the server still ends the statement of a
// migrator that was killed, after its lock is gone, and two that make the same table at once collide.
func awaitOthers(ctx context.Context, db *sql.DB) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var busy bool
		err := db.QueryRowContext(ctx, `
			select exists (
				select from pg_stat_activity a
				where  a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend' and a.xact_start is not null
				       and (a.query ~* '^\s*(--[^\n]*\n\s*)*(create|alter|drop|revoke|grant)\s'
				            or exists (select from pg_locks l where l.pid = a.pid and l.mode = 'AccessExclusiveLock' and l.locktype = 'relation' and l.granted)))`).Scan(&busy)
		if err != nil {
			return fmt.Errorf("look for other migrations: %w", err)
		}
		if !busy {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for another session that changes tables: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// Status lists the migrations of this program with what the database says of them.
func Status(ctx context.Context, db *sql.DB) ([]File, error) {
	version, err := Version(ctx, db)
	if err != nil || version == 0 {
		return Files(), err
	}
	all := Files()
	rows, err := db.QueryContext(ctx, `select version_id, max(tstamp at time zone current_setting('TimeZone')) from goose_db_version where is_applied group by version_id`)
	if err != nil {
		return nil, fmt.Errorf("read applied migrations: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		var at time.Time
		if err := rows.Scan(&v, &at); err != nil {
			return nil, fmt.Errorf("read applied migrations: %w", err)
		}
		for i := range all {
			if all[i].Version == v {
				all[i].AppliedAt = at.UTC()
			}
		}
	}
	return all, rows.Err()
}

func list(fsys fs.FS) []File {
	entries, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	var all []File
	for _, name := range entries {
		version, err := goose.NumericComponent(name)
		if err != nil {
			panic(fmt.Sprintf("migration %s has no number", name))
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			panic(err) // an embedded file is there
		}
		sum := sha256.Sum256(b)
		all = append(all, File{Version: version, Name: name, SHA256: hex.EncodeToString(sum[:])})
	}
	return all
}

func apply(ctx context.Context, db *sql.DB, fsys fs.FS) ([]File, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, fsys, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	all := list(fsys)
	version, err := Version(ctx, db)
	if err != nil {
		return nil, err
	}
	if latest := all[len(all)-1].Version; version > latest {
		return nil, &NewerError{Version: version, Knows: latest}
	}
	if err := check(ctx, db, all, version); err != nil {
		return nil, err
	}
	var done []File
	for _, f := range all {
		if f.Version <= version {
			continue
		}
		// The hash goes first: should the program die between the two steps, the file is either not applied and its
		// hash replaced by the next attempt, or applied with the hash that it had.
		if err := record(ctx, db, f); err != nil {
			return done, err
		}
		if _, err := provider.UpByOne(ctx); err != nil {
			return done, fmt.Errorf("apply migration %s: %w", f.Name, err)
		}
		done = append(done, f)
	}
	return done, nil
}

// check compares the files up to version with the hashes recorded when they were applied, where they are recorded.
func check(ctx context.Context, db *sql.DB, all []File, version int64) error {
	_, err := db.ExecContext(ctx, `
create table if not exists migration_file (
    version      bigint primary key,
    name         text not null,
    sha256       text not null,
    recorded_at  timestamptz not null default now()
)`)
	if err != nil {
		return fmt.Errorf("create table migration_file: %w", err)
	}
	return unchanged(ctx, db, all, version)
}

// Unchanged returns an error that wraps ErrChanged for each file of this program that is not as it was when a database at
// Latest was made with it.
func Unchanged(ctx context.Context, db *sql.DB) error { return unchanged(ctx, db, Files(), Latest()) }

func unchanged(ctx context.Context, db *sql.DB, all []File, version int64) error {
	rows, err := db.QueryContext(ctx, `select version, name, sha256 from migration_file`)
	if err != nil {
		return fmt.Errorf("read table migration_file: %w", err)
	}
	defer rows.Close()
	applied := map[int64]File{}
	for rows.Next() {
		var f File
		if err := rows.Scan(&f.Version, &f.Name, &f.SHA256); err != nil {
			return fmt.Errorf("read table migration_file: %w", err)
		}
		applied[f.Version] = f
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read table migration_file: %w", err)
	}
	var faults []error
	for _, f := range all {
		was, known := applied[f.Version]
		switch {
		case f.Version > version:
		case !known:
			faults = append(faults, &changedError{f.Name + ": the database has no record of it"})
		case was.SHA256 != f.SHA256:
			faults = append(faults, &changedError{fmt.Sprintf("%s: applied %.12s (%s), now %.12s", f.Name, was.SHA256, was.Name, f.SHA256)})
		}
	}
	return errors.Join(faults...)
}

func record(ctx context.Context, db *sql.DB, f File) error {
	_, err := db.ExecContext(ctx, `
insert into migration_file (version, name, sha256) values ($1, $2, $3)
on conflict (version) do update set name = excluded.name, sha256 = excluded.sha256, recorded_at = now()`, f.Version, f.Name, f.SHA256)
	if err != nil {
		return fmt.Errorf("record migration %s: %w", f.Name, err)
	}
	return nil
}
