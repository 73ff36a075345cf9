package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// ReportingLogin is the login that the reports' own SQL runs as: it may call the functions of schema report and nothing
// else. It is not a role that a stronger login takes on, because SQL can give such a role back.
type ReportingLogin struct {
	Name       string
	Ready      bool   // it is there and the program can use it
	Statements string // what an administrator runs when the program may not make it
}

// ErrNoReportingLogin is wrapped by the error of a snapshot that needs the reporting login where there is none.
var ErrNoReportingLogin = errors.New("there is no reporting login")

// ReportingLogin says how the reporting login stands.
func (s *Store) ReportingLogin(ctx context.Context) (ReportingLogin, error) {
	login, _, err := s.reportingLogin(ctx, s.db.DB)
	return login, err
}

// reportingLogin looks the login up and returns its password as well.
func (s *Store) reportingLogin(ctx context.Context, db *sql.DB) (ReportingLogin, string, error) {
	var login ReportingLogin
	var password sql.NullString
	err := db.QueryRowContext(ctx, `
select coalesce(l.name, left(current_database(), 50) || '_report'), l.password, l.name is not null
from   (select) one left join reporting_login l on true`).Scan(&login.Name, &password, &login.Ready)
	if err != nil {
		return login, "", fmt.Errorf("look up reporting login: %w", err)
	}
	if s.options.ReportingURL != "" {
		cfg, err := parseURL("REPORT_DATABASE_URL", s.options.ReportingURL)
		if err != nil {
			return login, "", err
		}
		login.Name, login.Ready = cfg.User, true
	}
	if !login.Ready {
		login.Statements = statementsFor(login.Name)
	}
	return login, password.String, nil
}

// statementsFor is what an administrator runs; REPORT_DATABASE_URL then names the login.
func statementsFor(name string) string {
	role := pq.QuoteIdentifier(name)
	return fmt.Sprintf(`create role %[1]s login noinherit nocreatedb nocreaterole connection limit 20 password '…';
alter role %[1]s set default_transaction_read_only = on;
alter role %[1]s set temp_file_limit = '256MB';
grant usage on schema report to %[1]s;
grant execute on all functions in schema report to %[1]s;`, role)
}

// makeReportingLogin makes the login with a password of its own, or renews its grants. Where the program may not make
// roles it does nothing: ReportingLogin tells what to do.
func (s *Store) makeReportingLogin(ctx context.Context, db *sql.DB) error {
	login, password, err := s.reportingLogin(ctx, db)
	if err != nil {
		return err
	}
	if s.options.ReportingURL == "" {
		if password == "" {
			password = rand.Text()
		}
		err := makeRole(ctx, db, login.Name, password)
		if pq.As(err, codeNoPrivilege) != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("make reporting login %s: %w", login.Name, err)
		}
	}
	role := pq.QuoteIdentifier(login.Name)
	if _, err := db.ExecContext(ctx, `grant usage on schema report to `+role+`; grant execute on all functions in schema report to `+role); err != nil {
		return fmt.Errorf("grant schema report to %s: %w", login.Name, err)
	}
	if s.options.ReportingURL != "" {
		return nil
	}
	_, err = db.ExecContext(ctx, `
insert into reporting_login (name, password) values ($1, $2)
on conflict (one) do update set name = excluded.name, password = excluded.password`, login.Name, password)
	if err != nil {
		return fmt.Errorf("keep reporting login: %w", err)
	}
	return nil
}

// makeRole makes a role or, when there is one of that name, gives it this password. Roles belong to the whole server, so
// another database of the same name may have left one, or be making it at this moment.
func makeRole(ctx context.Context, db *sql.DB, name, password string) error {
	role := pq.QuoteIdentifier(name)
	var there bool
	if err := db.QueryRowContext(ctx, `select exists (select from pg_roles where rolname = $1)`, name).Scan(&there); err != nil {
		return err
	}
	attributes := ` login noinherit nosuperuser nocreatedb nocreaterole noreplication connection limit 20 password ` + pq.QuoteLiteral(password)
	if !there {
		_, err := db.ExecContext(ctx, `create role `+role+strings.Replace(attributes, " nosuperuser", "", 1))
		if err != nil && pq.As(err, codeDuplicateRole, codeUnique) == nil {
			return err
		}
	}
	if _, err := db.ExecContext(ctx, `alter role `+role+strings.NewReplacer(" nosuperuser", "", " noreplication", "").Replace(attributes)); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `alter role `+role+` set default_transaction_read_only = on`); err != nil {
		return err
	}
	// Only a superuser may bound the temporary files of others; elsewhere the time limit has to do.
	if _, err := db.ExecContext(ctx, `alter role `+role+` set temp_file_limit = '256MB'`); err != nil && pq.As(err, codeNoPrivilege) == nil {
		return err
	}
	return nil
}

// reportingConfig returns how to connect for a report: as the reporting login or, when builtIn SQL is all that will run
// and there is no such login, as the program itself.
func (s *Store) reportingConfig(ctx context.Context, builtIn bool) (pq.Config, error) {
	if s.options.ReportingURL != "" {
		return parseURL("REPORT_DATABASE_URL", s.options.ReportingURL)
	}
	login, password, err := s.reportingLogin(ctx, s.db.DB)
	if err != nil {
		return pq.Config{}, err
	}
	cfg := s.config.Clone()
	switch {
	case login.Ready:
		cfg.User, cfg.Password, cfg.Passfile = login.Name, password, ""
	case !builtIn:
		return cfg, &noLoginError{}
	}
	return cfg, nil
}

type noLoginError struct{}

func (*noLoginError) Error() string { return ErrNoReportingLogin.Error() }
func (*noLoginError) Unwrap() error { return ErrNoReportingLogin }
func (*noLoginError) Hint() string {
	return "secretariat migrate status prints the statements that make it; then set REPORT_DATABASE_URL"
}
