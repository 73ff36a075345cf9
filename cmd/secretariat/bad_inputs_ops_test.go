package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"secretariat/migrations"
	"secretariat/store/storetest"
)

// Rows 113 to 120: operations. 115 and 119 have tests of their own, 116 stands in TestDumpAndRestore. 118: no
// command but demo has --once, and there is no leader.
func TestBadInputsOfOperations(t *testing.T) {
	edited, newer := emptyBook(t), emptyBook(t)
	storetest.Exec(t, storetest.Open(t, edited["DATABASE_URL"]), `update migration_file set sha256 = repeat('0', 64) where version = 1`)
	storetest.Exec(t, storetest.Open(t, newer["DATABASE_URL"]), `insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	const know = "run the program that migrated it, or a newer one"
	first, last := migrations.Files()[0], migrations.Latest()
	wrong := "migration file was changed after it was applied: 0001_programme.sql: applied 000000000000 (0001_programme.sql), now " + first.SHA256[:12]
	const release = "run the release that made this database; a migration that was applied is never edited, a new one follows it"
	refuseInputs(t, edited, []badInput{
		{113, "migration edited after it was applied: migrate", nil, []string{"migrate", "up"}, exitFailed, wrong, release},
		{113, "migration edited after it was applied: serve", nil, []string{"serve", "--listen", "127.0.0.1:0"}, exitFailed, wrong, release},
	})
	refuseInputs(t, newer, []badInput{
		{114, "schema newer than the program: migrate", nil, []string{"migrate", "up"}, exitFailed, fmt.Sprintf("the database is at version 9999 and this program knows only %d", last), know},
		{114, "schema newer than the program: serve", nil, []string{"serve", "--listen", "127.0.0.1:0"}, exitLacks, fmt.Sprintf("the database is at version 9999 and this program needs %d", last), know},
		{117, "unknown flag", nil, []string{"serve", "--lisen", "canary"}, exitUse, "unknown flag: --lisen", "see secretariat serve --help"},
		{117, "unknown command", nil, []string{"shedules"}, exitUse, `unknown command "shedules"; did you mean "schedules"?`, "see secretariat --help"},
		{117, "unknown word under a command", nil, []string{"schedules", "nxt"}, exitUse, `unknown command "nxt"; did you mean "next"?`, "see secretariat schedules --help"},
		{118, "--once of the daemon", nil, []string{"serve", "--once"}, exitUse, "unknown flag: --once", "see secretariat serve --help"},
	})
}

// Row 115: of several that migrate the same database at once one does, and the others find nothing to do. store's
// TestR20MigrationLock counts what each has applied.
func TestBadInputTwoMigrate(t *testing.T) {
	env := map[string]string{"DATABASE_URL": storetest.Blank(t)}
	said := make(chan string, 3)
	for range cap(said) {
		go func() {
			out, errs, code := command(t, env, "migrate", "up")
			said <- fmt.Sprint(strings.Count(out, "applied "), " ", strings.Count(out, "nothing to do: "), errs, " ", code)
		}()
	}
	got := []string{<-said, <-said, <-said}
	slices.Sort(got)
	if want := []string{"0 1 0", "0 1 0", fmt.Sprint(len(migrations.Files()), " 0 0")}; !slices.Equal(got, want) {
		t.Errorf("115: applied, nothing to do, exit code: got %q, want %q", got, want)
	}
}

// Row 119: an entry of the audit log that was altered is named.
func TestBadInputAuditEntry(t *testing.T) {
	env := councilBook(t)
	if out, errs, code := command(t, env, "audit", "verify"); code != 0 || !strings.Contains(out, "entries, unbroken; the last hash is ") {
		t.Fatalf("before: exit %d, %s%s", code, out, errs)
	}
	storetest.Exec(t, storetest.Open(t, env["DATABASE_URL"]), `alter table audit_log disable trigger append_only; update audit_log set actor = 'somebody else' where id = 1`)
	before := fingerprint(t, env)
	out, errs, code := command(t, env, "audit", "verify")
	if code != exitFailed || out != "entry 1: the entry is not what was written\n" || !strings.HasPrefix(errs, "error: the audit log is not as it was written: 1 fault") {
		t.Errorf("119: exit %d, %q, %q", code, out, errs)
	}
	if fingerprint(t, env) != before {
		t.Error("119: looking changed the database")
	}
}

// Row 120: a standard input that is closed answers no question, and a standard output that is gone fails the command.
func TestBadInputStreams(t *testing.T) {
	env := councilBook(t)
	before := fingerprint(t, env)
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"sessions", "cancel", "X-REC-6", "--reason", "x"}, func(k string) string { return env[k] }, streams{strings.NewReader(""), &out, &errs})
	if code != exitUse || !strings.Contains(errs.String(), "the question was not answered") {
		t.Errorf("120, closed input: exit %d, %s", code, errs.String())
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	errs.Reset()
	code = run(context.Background(), []string{"schedules", "list", "--json"}, func(k string) string { return env[k] }, streams{strings.NewReader(""), w, &errs})
	if code != exitFailed || !strings.HasPrefix(errs.String(), "error: ") {
		t.Errorf("120, output that is gone: exit %d, %s", code, errs.String())
	}
	if fingerprint(t, env) != before {
		t.Error("the database changed")
	}
}
