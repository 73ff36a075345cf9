package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/store/storetest"
)

// badInput is a numbered row of the list of bad inputs that the program must refuse. The numbers are those of the list;
// what is not here stands in the tables of reports, mail and pages.
type badInput struct {
	number int
	why    string
	env    map[string]string // beside the database's
	args   []string
	code   int
	want   string // on standard error
}

// refuseInputs runs each row and holds it to its exit code and words. No table changes, and the secrets that the rows hold
// (always the word canary) are shown nowhere.
func refuseInputs(t *testing.T, book map[string]string, rows []badInput) {
	t.Helper()
	before := ""
	if book != nil {
		before = fingerprint(t, book)
	}
	for _, row := range rows {
		env := map[string]string{"HOME": t.TempDir()}
		for _, from := range []map[string]string{book, row.env} {
			for k, v := range from {
				env[k] = v
			}
		}
		out, errs, code := command(t, env, row.args...)
		if code != row.code || out != "" || !strings.HasPrefix(errs, "error: ") || !strings.Contains(errs, row.want) {
			t.Errorf("%d, %s: exit %d, standard output %.200q, standard error\n%.600s\nwant exit %d and %q", row.number, row.why, code, out, errs, row.code, row.want)
		}
		if strings.Contains(out+errs, "canary") {
			t.Errorf("%d, %s: a secret is shown: %s", row.number, row.why, out+errs)
		}
		if strings.Contains(errs, "panic") || strings.Contains(errs, "SQLSTATE") {
			t.Errorf("%d, %s: not for people: %s", row.number, row.why, errs)
		}
	}
	if book != nil && fingerprint(t, book) != before {
		t.Error("a refused input changed the database")
	}
}

// Rows 1 to 25: schedules. The words are those that the command prints.
func TestBadInputsOfSchedules(t *testing.T) {
	const fields = " (minute hour day-of-month month day-of-week)"
	rows := []struct {
		number     int
		spec, want string
	}{
		{1, "", `schedule "": schedule is empty`},
		{2, "* * * *", `schedule "* * * *": 4 fields, need 5` + fields},
		{3, "* * * * * *", `schedule "* * * * * *": 6 fields, need 5` + fields + "; seconds and years are not supported"},
		{4, "60 * * * *", `schedule "60 * * * *": minute 60: 0-59`},
		{5, "0 24 * * *", `schedule "0 24 * * *": hour 24: 0-23`},
		{6, "0 0 31 2 *", `schedule "0 0 31 2 *": never fires: no such date within five years`},
		{7, "0 0 30 2 *", `schedule "0 0 30 2 *": never fires: no such date within five years`},
		{8, "@every 0s", `schedule "@every 0s": @every counts from whenever the program was started`},
		{9, "@every -5s", `schedule "@every -5s": @every counts from whenever the program was started`},
		{10, "@every 1ns", `schedule "@every 1ns": @every counts from whenever the program was started`},
		{11, "TZ=", `schedule "TZ=": a time zone inside the schedule`},
		{12, "TZ=Asia/Tashkent", `schedule "TZ=Asia/Tashkent": a time zone inside the schedule`},
		{13, "CRON_TZ=UTC", `schedule "CRON_TZ=UTC": a time zone inside the schedule`},
		{14, "TZ=Nowhere/Bad 0 9 * * 1", `schedule "TZ=Nowhere/Bad 0 9 * * 1": a time zone inside the schedule`},
		{16, "0 9 * * MON#2", `day-of-week MON#2: the nth weekday is no cron field`},
		{17, "0 9 L * *", `day-of-month L: the last or nearest day is no cron field`},
		{18, "@reboot", `schedule "@reboot": @reboot is no time`},
		{19, "@WEEKLY", `schedule "@WEEKLY": upper case`},
		{20, "*/0 * * * *", `minute step "0" is not a number from 1`},
		{21, "5-1 * * * *", `minute 5-1 runs backwards`},
		{22, "0-59/99 * * * *", `minute step 99 exceeds the range 0-59`},
		{23, "1,,2 * * * *", `minute "1,,2" has an empty list item`},
		{24, "\uff10 9 * * *", `non-ASCII or control character U+FF10`},
		{25, strings.Repeat("0,", 5000) + "0 * * * *", `10009 characters, longer than 256`},
	}
	var all []badInput
	for _, row := range rows {
		all = append(all, badInput{row.number, row.spec, nil, []string{"schedules", "next", "--spec", row.spec, "--timezone", "Asia/Tashkent"}, exitUse, row.want})
	}
	// A schedule is read the same way in a file, and nothing of it is kept.
	refuseInputs(t, map[string]string{"DATABASE_URL": storetest.URL(t)}, all)
	// 15: 7 is taken as Sunday.
	if out, errs, code := command(t, nil, "schedules", "next", "--spec", "0 9 * * 7", "--timezone", "UTC", "-n", "1"); code != 0 || !strings.Contains(out, "Sun ") {
		t.Errorf("15, Sunday as 7: exit %d, %s%s", code, out, errs)
	}
}

// Rows 26 to 44: configuration. 42 does not apply: fonts are built in and no option names one; a program without them does
// not pass its own tests, and doctor says so. 43: files of reports stand in the database; what is written beside it is the
// folder of the private one. 44 is doctor's: a clock that differs is a finding, not a refusal (acts' TestDoctorChecks). 30 and
// 41 have tests of their own: TestBadInputPassword, TestBadInputReplicasDisagree.
func TestBadInputsOfConfiguration(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := func(args ...string) []string { return append([]string{"config"}, args...) }
	login, err := url.Parse(storetest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	login.User = url.UserPassword("nobody_here", "canary")
	there := login.String()
	refuseInputs(t, nil, []badInput{
		{26, "missing file", nil, config("--config", "/nonexistent/c.yaml"), exitUse, "/nonexistent/c.yaml"},
		{27, "unknown key", nil, config("--config", put("27.yaml", "smpt-url: smtp://u:canary@x\n", 0o600)), exitUse, `unknown option "smpt-url"; did you mean "smtp-url"?`},
		{28, "key twice", nil, config("--config", put("28.yaml", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", 0o600)), exitUse, `28.yaml: [2:1] mapping key "listen" already defined`},
		{29, "tab", nil, config("--config", put("29.yaml", "listen: 127.0.0.1:1\n\tfrom: a@b.example\n", 0o600)), exitUse, "29.yaml: [2:1]"},
		{30, "login that is not let in", map[string]string{"DATABASE_URL": there}, []string{"sessions", "list"}, exitLacks, "nobody_here"},
		{31, "closed port", map[string]string{"DATABASE_URL": "postgres://anna:canary@" + closedPort(t) + "/secretariat"}, []string{"sessions", "list"}, exitLacks, "127.0.0.1"},
		{32, "no TLS to another machine", map[string]string{"DATABASE_URL": "postgres://anna:canary@db.example/secretariat?sslmode=disable"}, config(), exitUse, `sslmode=disable to host "db.example"`},
		{32, "the same of the reporting login", map[string]string{"REPORT_DATABASE_URL": "postgres://anna:canary@/secretariat?host=10.0.0.1&sslmode=disable"}, config(), exitUse, `sslmode=disable to host "10.0.0.1"`},
		{33, "secret that all may read", map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": put("open", "canary", 0o644)}, config(), exitUse, "has mode 0644: a secret may be read by its owner and group only; run chmod 0600"},
		{34, "empty secret", map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": put("empty", "", 0o600)}, config(), exitUse, "is empty"},
		{34, "secret of one line end", map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": put("line", "\n", 0o600)}, config(), exitUse, "is empty"},
		{35, "port out of range", nil, config("--listen", "127.0.0.1:70000"), exitUse, `port "70000" is not between 0 and 65535`},
		{36, "address without scheme", nil, config("--public-url", "secretariat.example"), exitUse, "option public-url (from flag --public-url)"},
		{36, "script", nil, config("--public-url", "javascript:alert(1)"), exitUse, "option public-url (from flag --public-url)"},
		{37, "sender of two lines", nil, config("--from", "a@b.example\r\nBcc: c@d.example"), exitUse, "option from (from flag --from): it has a line break"},
		{38, "several senders", nil, config("--from", "a@b.example, c@d.example"), exitUse, "is not one address"},
		{39, "offset for a zone", nil, []string{"schedules", "next", "--spec", "0 9 * * 1", "--timezone", "UTC+5"}, exitUse, "fixed offsets are not zones; use a name of the IANA time zone database, e.g. Asia/Tashkent"},
		{39, "an offset of the database for a zone", nil, []string{"schedules", "next", "--spec", "0 9 * * 1", "--timezone", "Etc/GMT+5"}, exitUse, "fixed offsets are not zones"},
		{40, "lease shorter than the conversation", nil, config("--lease", "10s"), exitUse, "10s is shorter than two steps of the conversation"},
		{43, "folder that is a file", nil, config("--dir", put("file", "", 0o600)), exitUse, "is not a folder"},
		{43, "templates that are a file", nil, config("--templates", put("file2", "", 0o600)), exitUse, "is not a folder"},
	})
	if _, errs, code := command(t, map[string]string{"DATABASE_URL": "postgres://anna:canary@db.example/secretariat?sslmode=disable"}, config("--database-plain")...); code != 0 {
		t.Errorf("32, allowed: exit %d, %s", code, errs)
	}
	if _, errs, code := command(t, map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": put("group", "canary", 0o640)}, config()...); code != 0 {
		t.Errorf("33, readable by its group: exit %d, %s", code, errs)
	}
}

// Rows 68 to 88: people, meetings, import. 77 to 81 do not apply: nothing is imported from CSV, and export writes YAML,
// which no sheet computes. 84: the calendar files that are read are free-busy times: calendar's TestReadFreeBusyRefuses. 71: a reminder may well count from the closing (the record is due then); what makes no sense is a length of time
// that runs backwards. 69 and 70: the rows "spring gap" and "repeated hour" of programme/file's TestFaults. 74: two people may
// share a mailbox, however it is written (TestFormsThatAreTaken there); each gets a letter of their own. 75: acts' TestOwnAddress. 76: there is no list of allowed addresses; --redirect-to does its work, in acts'
// TestRedirect. 88: acts' TestStoryOfASession counts the cancellations.
func TestBadInputsOfProgramme(t *testing.T) {
	book := councilBook(t)
	row := func(number int, why, old, new, want string) badInput {
		return badInput{number, why, nil, []string{"apply", changedSample(t, old, new)}, exitUse, want}
	}
	deep := filepath.Join(t.TempDir(), "deep.yaml")
	write(t, deep, "programme: "+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"\n")
	bomb := filepath.Join(t.TempDir(), "bomb.yaml")
	write(t, bomb, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
	latin := filepath.Join(t.TempDir(), "latin.yaml")
	write(t, latin, "programme: {title: \"\xcf\xf0\xee\xe3\"}\n")
	address := "email: technology@unoct.example"
	closes, agenda := "closes_at: 2026-12-07T17:00", "online_url: https://meet.isrs.example/rec-6\n        agenda:\n"
	var points strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&points, "          - {ref: P-%d, number: %d, title: Point, purpose: decision, minutes: 5}\n", i, i+100)
	}
	refuseInputs(t, book, []badInput{
		row(68, "ends before it begins", closes, "closes_at: 2026-12-07T09:00", "closes_at is not after opens_at"),
		row(71, "a reminder that counts backwards", `by: P3D, to: duty-holder, template: duty-due`, `by: -P3D, to: duty-holder, template: duty-due`, "-P"),
		row(72, "two at signs", address, "email: a@@b", `"a@@b"`),
		row(72, "no name", address, "email: \"@b.c\"", `"@b.c"`),
		row(72, "300 characters", address, "email: "+strings.Repeat("a", 300)+"@b.example", "email"),
		row(73, "a line break and another recipient", address, `email: "a@b.example\r\nBcc: canary@y.example"`, "email"),
		{79, "not UTF-8", nil, []string{"apply", latin}, exitUse, "UTF-8"},
		{82, "aliases", nil, []string{"apply", bomb}, exitUse, "not allowed"},
		{83, "depth", nil, []string{"apply", deep}, exitUse, "error: " + deep},
		row(85, "an agenda of 10,000 points", agenda, agenda+points.String(), "points: more than 500"),
		row(86, "a name of 10,000 characters", "name: 陈思远", "name: "+strings.Repeat("x", 10_000), "10000 characters, more than"),
	})
	// 87: what was applied before changes nothing.
	before := fingerprint(t, book)
	if out, errs, code := command(t, book, "apply", samplePath); code != 0 || !strings.Contains(out, "unchanged") || fingerprint(t, book) != before {
		t.Errorf("87, the same file again: exit %d, %s%s", code, out, errs)
	}
}
