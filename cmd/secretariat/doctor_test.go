package main

import (
	"encoding/json"
	"net"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store/storetest"
)

// doctorSays runs doctor and returns its findings by check.
func doctorSays(t *testing.T, wantCode int, env map[string]string, args ...string) map[string]acts.Finding {
	t.Helper()
	out, errs, code := command(t, env, append([]string{"doctor", "--json"}, args...)...)
	if code != wantCode {
		t.Fatalf("doctor %v: exit %d, want %d: %s", args, code, wantCode, errs)
	}
	var shown struct{ Findings []acts.Finding }
	if err := json.Unmarshal([]byte(out), &shown); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	found := map[string]acts.Finding{}
	for _, f := range shown.Findings {
		found[f.Check] = f
		if f.State != acts.FindingGood && f.Hint == "" {
			t.Errorf("finding %q has no hint: %s", f.Check, f.What)
		}
	}
	return found
}

// A private database dumped, restored and adopted: the present one is kept, and the restored one is held until adopted.
func TestDumpAndRestore(t *testing.T) {
	dir, dump := reachable(t), filepath.Join(t.TempDir(), "all.dump")
	if out, errs, code := command(t, nil, "migrate", "up", "--dir", dir); code != 0 || !strings.Contains(out, "applied 0001_programme.sql") {
		t.Fatalf("migrate up: exit %d, %s %s", code, out, errs)
	}
	if out, _, code := command(t, nil, "migrate", "up", "--dir", dir); code != 0 || !strings.Contains(out, "nothing to do") {
		t.Errorf("migrate up again: exit %d, %s", code, out)
	}
	if out, _, code := command(t, nil, "migrate", "status", "--dir", dir); code != 0 || strings.Contains(out, "missing") {
		t.Errorf("migrate status: exit %d, %s", code, out)
	}
	found := doctorSays(t, 0, nil, "--dir", dir)
	for check, want := range map[string]string{"database": acts.FindingGood, "schema": acts.FindingGood, "reporting login": acts.FindingGood, "clock": acts.FindingGood,
		"instance": acts.FindingGood, "fonts": acts.FindingGood, "schedules": acts.FindingGood, "relay": acts.FindingWarning} {
		if found[check].State != want {
			t.Errorf("%s is %q (%s), want %q", check, found[check].State, found[check].What, want)
		}
	}
	if _, errs, code := command(t, nil, "db", "dump", dump, "--dir", dir); code != 0 {
		t.Fatalf("dump: exit %d, %s", code, errs)
	}
	if info, err := os.Stat(dump); err != nil || info.Size() == 0 {
		t.Fatalf("dump: %v", err)
	}
	if out, errs, code := command(t, nil, "db", "restore", dump, "--dir", dir); code != 0 || !strings.Contains(out, "is kept as secretariat_before_") {
		t.Fatalf("restore: exit %d, %s %s", code, out, errs)
	}
	if f := doctorSays(t, 0, nil, "--dir", dir)["instance"]; f.State != acts.FindingWarning || !strings.Contains(f.Hint, "--adopt") {
		t.Errorf("restored: %+v, want a warning that names --adopt", f)
	}
	if f := doctorSays(t, 0, nil, "--dir", dir, "--adopt")["instance"]; f.State != acts.FindingGood {
		t.Errorf("adopted: %+v", f)
	}
	if out, _, code := command(t, nil, "db", "path", "--dir", dir); code != 0 || !strings.HasPrefix(out, dir+"\npostgres://") {
		t.Errorf("db path: exit %d, %s", code, out)
	}
}

// What is no dump is refused before anything is done; a dump that pg_restore cannot read leaves the database as it was.
func TestRestoreOfNoDump(t *testing.T) {
	dir, file := reachable(t), filepath.Join(t.TempDir(), "letter.txt")
	for _, tt := range []struct {
		text, want string
		code       int
	}{
		{"this is no dump", "is no dump of a database", 2},
		{"PGDMP and then something else", "pg_restore", 1},
	} {
		if err := os.WriteFile(file, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := command(t, nil, "db", "restore", file, "--dir", dir); code != tt.code || !strings.Contains(errs, tt.want) {
			t.Errorf("%q: exit %d, %s; want %d, %q", tt.text, code, errs, tt.code, tt.want)
		}
	}
	if _, errs, code := command(t, nil, "migrate", "up", "--dir", dir); code != 0 {
		t.Errorf("the database after a failed restore: exit %d, %s", code, errs)
	}
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	storetest.Exec(t, s, `insert into schedule (ref, report, spec, timezone, catch_up, grace, deadline, overlap, jitter, enabled)
		values ('never', 'weekly-progress', '0 9 31 2 *', 'UTC', 'latest', 'PT1H', 'P6D', 'skip', 'PT0S', true);
		update reporting_login set name = 'no_such_role'; update instance set clock_offset = '3 days'`)
	env := map[string]string{"DATABASE_URL": url, "SECRETARIAT_SMTP_URL": "smtp://127.0.0.1:1"}
	found := doctorSays(t, 1, env)
	for check, want := range map[string]string{"schedules": acts.FindingFault, "reporting login": acts.FindingFault, "clock": acts.FindingWarning, "relay": acts.FindingFault} {
		if found[check].State != want {
			t.Errorf("%s is %q (%s), want %q", check, found[check].State, found[check].What, want)
		}
	}
}

// Broken installations, each with its cure. A clock that differs and a font that is missing are in acts' TestDoctorChecks:
// neither can be brought about from outside.
func TestDoctorNamesTheCure(t *testing.T) {
	url := storetest.URL(t)
	certificate, _ := mailtest.Certificate(t, time.Now().Add(time.Hour), "127.0.0.1")
	relay := mailtest.Start(t, mailtest.Script{TLS: certificate, Implicit: true})
	found := doctorSays(t, 1, map[string]string{"DATABASE_URL": url, "SECRETARIAT_SMTP_URL": relay.URL(), "SECRETARIAT_QUIET_PERIOD": "2m"})
	for check, want := range map[string]struct{ state, hint string }{
		"relay": {acts.FindingFault, "--smtp-ca"}, "times": {acts.FindingWarning, "smtpd_timeout"},
	} {
		if f := found[check]; f.State != want.state || !strings.Contains(f.Hint, want.hint) {
			t.Errorf("%s: %+v, want %s with %q", check, f, want.state, want.hint)
		}
	}
	for _, row := range []struct {
		free  uint64
		state string
	}{{10 << 20, acts.FindingFault}, {100 << 20, acts.FindingWarning}, {10 << 30, acts.FindingGood}} {
		if state, hint := roomLeft(row.free); state != row.state || (hint == "") != (state == acts.FindingGood) {
			t.Errorf("%d bytes free: %s, %q; want %s", row.free, state, hint, row.state)
		}
	}
	gone, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	gone.Path += "_gone"
	if _, errs, code := command(t, map[string]string{"DATABASE_URL": gone.String()}, "doctor"); code != exitLacks || !strings.Contains(errs, "hint: ") {
		t.Errorf("no such database: exit %d, %s; want %d and a hint", code, errs, exitLacks)
	}
}

func TestCommandsWithoutDatabase(t *testing.T) {
	env := map[string]string{"DATABASE_URL": "postgres://user:hunter2@127.0.0.1:1/db?sslmode=disable"}
	for _, args := range [][]string{{"migrate", "up"}, {"migrate", "status"}, {"doctor"}} {
		_, errs, code := command(t, env, args...)
		if code != 3 || !strings.Contains(errs, "hint: ") || strings.Contains(errs, "hunter2") {
			t.Errorf("%v: exit %d, %s; want 3, a hint and no password", args, code, errs)
		}
	}
	if _, errs, code := command(t, env, "db", "path"); code != 2 || !strings.Contains(errs, "DATABASE_URL") {
		t.Errorf("db path with DATABASE_URL: exit %d, %s; want 2", code, errs)
	}
	if _, errs, code := command(t, nil, "doctor", "--mail-to", "nobody"); code != 2 {
		t.Errorf("doctor to no address: exit %d, %s; want 2", code, errs)
	}
}

// The hint goes by what the relay did.
func TestRelayCure(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	clear := mailtest.Start(t, mailtest.Script{})
	host := strings.TrimPrefix(clear.URL(), "smtp://")
	for _, row := range []struct {
		why, url string
		within   time.Duration
		want     string
	}{
		{"it speaks in the clear where TLS was asked for", "smtps://" + host, time.Minute, "for STARTTLS (587, 25) write smtp://"},
		{"it says nothing", "smtp://" + silent.Addr().String(), 50 * time.Millisecond, "for a port that speaks TLS from the beginning (465) write smtps://"},
		{"nobody is there", "smtp://127.0.0.1:1", time.Minute, "check SECRETARIAT_SMTP_URL, its password and the network"},
	} {
		pool, err := mail.NewPool(mail.Settings{URL: row.url, DialTimeout: row.within})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = pool.Check(t.Context()); err == nil || !strings.Contains(relayCure(err), row.want) {
			t.Errorf("%s: %v, hint %q; want %q", row.why, err, relayCure(err), row.want)
		}
	}
}

// A login without what it needs is refused with the options that give it.
func TestLoginWithoutPassword(t *testing.T) {
	url := storetest.URL(t)
	for _, row := range []struct{ option, value, hint string }{
		{"--smtp-url", "smtp://user@127.0.0.1:1", "smtp-token-file"},
		{"--inbox", "imaps://user@127.0.0.1:1/INBOX", "inbox-password"},
	} {
		_, errs, code := command(t, map[string]string{"DATABASE_URL": url}, "doctor", row.option, row.value)
		if code != exitUse || !strings.Contains(errs, `names the user "user" but there is no password`) || !strings.Contains(errs, "hint: ") || !strings.Contains(errs, row.hint) {
			t.Errorf("%s: exit %d, %s; want 2 and a hint to %s", row.option, code, errs, row.hint)
		}
	}
}
