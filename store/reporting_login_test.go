package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"testing"

	"secretariat/store"
	"secretariat/store/storetest"
)

// as returns the address of a database for another user. The servers of tests trust whoever reaches their socket.
func as(t *testing.T, address, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(user)
	return u.String()
}

// On a server of others the program owns its database and may not make roles: an administrator makes the login.
func TestReportingLoginByAdministrator(t *testing.T) {
	address := storetest.Blank(t)
	admin, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	name := strings.TrimPrefix(mustParse(t, address).Path, "/")
	app, reader := name+"_app", name+"_reader"
	exec := func(statement string) {
		t.Helper()
		if _, err := admin.ExecContext(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`create role ` + app + ` login; create role ` + reader + ` login`)
	t.Cleanup(func() {
		exec(`drop owned by ` + reader + `; drop owned by ` + app + ` cascade; alter database ` + name + ` owner to secretariat; drop role ` + app + `; drop role ` + reader)
	})
	exec(`alter database ` + name + ` owner to ` + app)

	s := storetest.Open(t, as(t, address, app))
	migrate := func(s *store.Store) error {
		return s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error {
			_, err := s.Migrate(ctx, db)
			return err
		})
	}
	if err := migrate(s); err != nil {
		t.Fatalf("migrate without the right to make roles: %v", err)
	}
	login, err := s.ReportingLogin(t.Context())
	if err != nil || login.Ready || !strings.Contains(login.Statements, "grant execute on all functions in schema report") {
		t.Fatalf("login %+v, %v; want statements for the administrator", login, err)
	}
	if held, err := s.Guard(t.Context()); err != nil || held {
		t.Errorf("the restore guard without a superuser: held %v, %v", held, err)
	}
	nothing := func(func(store.Query) store.Rows) error { return nil }
	if err := s.Snapshot(t.Context(), store.SnapshotOptions{Ceiling: "public", Timezone: "UTC"}, nothing); !errors.Is(err, store.ErrNoReportingLogin) {
		t.Errorf("an own report before there is a login: %v", err)
	}

	named, err := store.OpenWith(t.Context(), store.Options{URL: as(t, address, app), ReportingURL: as(t, address, reader)})
	if err != nil {
		t.Fatal(err)
	}
	defer named.Close()
	if err := migrate(named); err != nil { // gives the named login its grants
		t.Fatal(err)
	}
	setUp(t, named)
	reading(t, named, store.SnapshotOptions{Ceiling: "limited"}, func(read func(store.Query) store.Rows) {
		got := read(store.Query{SQL: `select current_user::text, count(*) from activity($1::timestamptz, 'confidential')`, Args: []any{asOf}})
		if got.Err != nil || got.Values[0][0] != reader || got.Values[0][1] != int64(publicActivities+1) {
			t.Errorf("read as %v: %v", got.Values, got.Err)
		}
		if got := read(store.Query{SQL: `select * from public.person`}); got.Err == nil {
			t.Error("the named login reads the program's tables")
		}
	})
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The same database dropped and made anew finds its login still there: roles belong to the whole server.
func TestReportingLoginIsTakenOver(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	storetest.Exec(t, s, `delete from reporting_login`)
	for range 2 {
		err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error {
			_, err := s.Migrate(ctx, db)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Exec(t, s, `update reporting_login set password = null`)
	}
	login, err := s.ReportingLogin(t.Context())
	if err != nil || !login.Ready {
		t.Fatalf("login %+v, %v", login, err)
	}
	defer storetest.Exec(t, s, `drop owned by "`+login.Name+`"; drop role "`+login.Name+`"`)
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		if got := read(store.Query{SQL: `select session_user::text`}); got.Err != nil || got.Values[0][0] != login.Name {
			t.Errorf("read as %v, %v; want %s", got.Values, got.Err, login.Name)
		}
	})
}
