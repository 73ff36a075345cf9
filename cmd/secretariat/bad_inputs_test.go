package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// badInput is a numbered row of the list of bad inputs that the program must refuse. The numbers are those of the list;
// what is not here stands in the tables of reports, mail and pages.
type badInput struct {
	number int
	why    string
	env    map[string]string // beside the database's
	args   []string
	code   int
	want   string // the lines of the error, without the word
	hint   string
}

// secrets are given with every row that does not give them itself: whatever goes wrong, none is shown.
var secrets = map[string]string{
	"SECRETARIAT_SMTP_URL":       "smtp://daemon@127.0.0.1:1",
	"SECRETARIAT_SMTP_PASSWORD":  "canary-relay",
	"SECRETARIAT_INBOX":          "imaps://daemon@127.0.0.1:1/INBOX",
	"SECRETARIAT_INBOX_PASSWORD": "canary-inbox",
	"REPORT_DATABASE_URL":        "postgres://report:canary-report@127.0.0.1:1/none",
}

// refuseInputs runs each row, once as people do and once with the log open and written for machines, and holds it to its exit
// code and its exact words. No table changes, and the secrets that the rows and their surroundings hold (always the word
// canary) are shown nowhere.
func refuseInputs(t *testing.T, book map[string]string, rows []badInput) {
	t.Helper()
	before := fingerprint(t, book)
	for _, row := range rows {
		env := map[string]string{"HOME": t.TempDir()}
		for k, v := range secrets {
			if row.env[k+"_FILE"] == "" && !(k == "REPORT_DATABASE_URL" && row.number >= 45) { // reports are read by it
				env[k] = v
			}
		}
		for _, from := range []map[string]string{book, row.env} {
			for k, v := range from {
				env[k] = v
			}
		}
		if strings.HasPrefix(env["DATABASE_URL"], "postgres:///") { // by a socket, where nobody asks for the password
			env["DATABASE_URL"] = strings.Replace(env["DATABASE_URL"], "postgres:///", "postgres://secretariat:canary-database@/", 1)
		}
		want := "error: " + strings.ReplaceAll(row.want, "\n", "\nerror: ") + "\n"
		if row.hint != "" {
			want += "hint: " + row.hint + "\n"
		}
		out, errs, code := command(t, env, row.args...)
		if code != row.code || out != "" || errs != want {
			t.Errorf("%d, %s: exit %d, standard output %.200q, standard error\n%.900s\nwant exit %d and\n%s", row.number, row.why, code, out, errs, row.code, want)
		}
		env["SECRETARIAT_LOG_LEVEL"], env["SECRETARIAT_LOG_FORMAT"] = "debug", "json"
		logged, log, code := command(t, env, row.args...)
		if code != row.code || logged != "" || !strings.HasSuffix(log, want) {
			t.Errorf("%d, %s, with the log open: exit %d, standard output %.200q, standard error\n%.900s\nwant exit %d and at the end\n%s", row.number, row.why, code, logged, log, row.code, want)
		}
		if strings.Contains(out+errs+logged+log, "canary") {
			t.Errorf("%d, %s: a secret is shown: %s", row.number, row.why, out+errs+logged+log)
		}
	}
	if fingerprint(t, book) != before {
		t.Error("a refused input changed the database")
	}
}

// Rows 1 to 25: schedules, given to a command and standing in a programme file, where their place is named. The words are
// the same.
func TestBadInputsOfSchedules(t *testing.T) {
	const (
		fields  = " (minute hour day-of-month month day-of-week)"
		monday  = `e.g. "0 9 * * MON" for Mondays at 9:00`
		exists  = `give a date that exists, e.g. "0 9 1 3 *"`
		never   = "never fires: no such date within five years"
		every   = "@every counts from whenever the program was started"
		times   = `name the times instead, e.g. "*/15 * * * *"`
		inside  = "a time zone inside the schedule"
		outside = "leave the zone out of the schedule and give it as its timezone, e.g. Asia/Tashkent"
	)
	long := strings.Repeat("0,", 5000) + "0 * * * *"
	sample, err := os.ReadFile(samplePath)
	if err != nil {
		t.Fatal(err)
	}
	const weekly = `spec: "0 9 * * MON"`
	above, _, found := strings.Cut(string(sample), weekly)
	if !found {
		t.Fatalf("%q does not stand in the sample", weekly)
	}
	place := fmt.Sprintf("%d:%d", strings.Count(above, "\n")+1, len(above)-strings.LastIndex(above, "\n")+len("spec: "))
	var all []badInput
	for _, row := range []struct {
		number              int
		spec, problem, cure string
	}{
		{1, "", "schedule is empty", `five fields are needed, e.g. "0 9 * * MON"`},
		{2, "* * * *", "4 fields, need 5" + fields, monday},
		{3, "* * * * * *", "6 fields, need 5" + fields + "; seconds and years are not supported", monday},
		{4, "60 * * * *", "minute 60: 0-59", "0-59"},
		{5, "0 24 * * *", "hour 24: 0-23", "0-23"},
		{6, "0 0 31 2 *", never, exists},
		{7, "0 0 30 2 *", never, exists},
		{8, "@every 0s", every, times},
		{9, "@every -5s", every, times},
		{10, "@every 1ns", every, times},
		{11, "TZ=", inside, outside},
		{12, "TZ=Asia/Tashkent", inside, outside},
		{13, "CRON_TZ=UTC", inside, outside},
		{14, "TZ=Nowhere/Bad 0 9 * * 1", inside, outside},
		{16, "0 9 * * MON#2", "day-of-week MON#2: the nth weekday is no cron field", `write a rule, e.g. "second monday of every month at 09:00"`},
		{17, "0 9 L * *", "day-of-month L: the last or nearest day is no cron field", `write a rule, e.g. "last working day of the month at 09:00"`},
		{18, "@reboot", "@reboot is no time", `name the times instead, e.g. "0 9 * * *"`},
		{19, "@WEEKLY", "upper case", "write @weekly"},
		{20, "*/0 * * * *", `minute step "0" is not a number from 1`, "a step is 1 or more, e.g. */2"},
		{21, "5-1 * * * *", "minute 5-1 runs backwards", "write it as a list of two, e.g. 5-59,0-1"},
		{22, "0-59/99 * * * *", "minute step 99 exceeds the range 0-59", "a step of at most 59"},
		{23, "1,,2 * * * *", `minute "1,,2" has an empty list item`, "put a value before and after every comma"},
		{24, "\uff10 9 * * *", "non-ASCII or control character U+FF10", "write it with plain digits, letters and spaces"},
		{25, long, "10009 characters, longer than 256", "split it into several schedules"},
	} {
		shown := row.spec
		if shown == long {
			shown = long[:57] + "…"
		}
		said := fmt.Sprintf("schedule %q: %s", shown, row.problem)
		if row.spec == "\uff10 9 * * *" { // a wide digit is printed as it is
			said = `schedule "` + row.spec + `": ` + row.problem
		}
		all = append(all, badInput{row.number, "given to a command", nil, []string{"schedules", "next", "--spec", row.spec, "--timezone", "Asia/Tashkent"}, exitUse, said, row.cure})
		file := changedSample(t, weekly, `spec: "`+row.spec+`"`)
		said = fmt.Sprintf("%s:%s: spec: %s; %s", file, place, said, row.cure)
		switch row.spec {
		case "": // what every text of a file is held to comes first
			said = fmt.Sprintf("%s:%s: spec is empty", file, place)
		case long:
			said = fmt.Sprintf("%s:%s: spec has %d characters, more than 1000", file, place, len(long))
		}
		all = append(all, badInput{row.number, "in a file", nil, []string{"apply", file}, exitUse, said, "nothing was changed"})
	}
	refuseInputs(t, councilBook(t), all)
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
	const whence = "secretariat config shows every option, its value and where it came from"
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
	file := func(number int, why, text, want string) badInput {
		path := put(fmt.Sprintf("%d.yaml", number), text, 0o600)
		return badInput{number, why, nil, config("--config", path), exitUse, path + ": " + want, whence}
	}
	option := func(number int, why, name, value, want string) badInput {
		return badInput{number, why, nil, config("--"+name, value), exitUse, "option " + name + " (from flag --" + name + "): " + want, whence}
	}
	secret := func(number int, why, text string, mode os.FileMode, want string) badInput {
		path := put(strings.ReplaceAll(why, " ", "-"), text, mode)
		return badInput{number, why, map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": path}, config(), exitUse, "option smtp-password: " + strings.ReplaceAll(want, "PATH", path), whence}
	}
	book := councilBook(t)
	login, err := url.Parse(book["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	login.User = url.UserPassword("nobody_here", "canary")
	there, closed, noFolder := login.String(), closedPort(t), put("no folder", "", 0o600)
	zones := "fixed offsets are not zones; use a name of the IANA time zone database, e.g. "
	refuseInputs(t, book, []badInput{
		{26, "missing file", nil, config("--config", "/nonexistent/c.yaml"), exitUse, "option config: open /nonexistent/c.yaml: no such file or directory", whence},
		file(27, "unknown key", "smpt-url: smtp://u:canary@x\n", `unknown option "smpt-url"; did you mean "smtp-url"?`),
		file(28, "key twice", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", `[2:1] mapping key "listen" already defined at [1:1]`),
		file(29, "tab", "listen: 127.0.0.1:1\n\tfrom: a@b.example\n", "[2:1] found character '\t' that cannot start any token"),
		{30, "login that is not let in", map[string]string{"DATABASE_URL": there}, []string{"sessions", "list"}, exitLacks,
			fmt.Sprintf("reach database %q in socket folder %s: role \"nobody_here\" does not exist", strings.TrimPrefix(login.Path, "/"), login.Query().Get("host")), `check the user "nobody_here" and its password in DATABASE_URL`},
		{31, "closed port", map[string]string{"DATABASE_URL": "postgres://anna:canary@" + closed + "/secretariat"}, []string{"sessions", "list"}, exitLacks,
			"reach database \"secretariat\" on " + closed + ": dial tcp " + closed + ": connect: connection refused", "check DATABASE_URL and that the server runs"},
		{32, "no TLS to another machine", map[string]string{"DATABASE_URL": "postgres://anna:canary@db.example/secretariat?sslmode=disable"}, config(), exitUse,
			`option database-url (from environment DATABASE_URL): sslmode=disable to host "db.example", which is another machine: use sslmode=verify-full, or allow it with database-plain`, whence},
		{32, "the same of the reporting login", map[string]string{"REPORT_DATABASE_URL": "postgres://anna:canary@/secretariat?host=10.0.0.1&sslmode=disable"}, config(), exitUse,
			`option report-database-url (from environment REPORT_DATABASE_URL): sslmode=disable to host "10.0.0.1", which is another machine: use sslmode=verify-full, or allow it with database-plain`, whence},
		secret(33, "secret that all may read", "canary", 0o644, "SECRETARIAT_SMTP_PASSWORD_FILE: PATH has mode 0644: a secret may be read by its owner and group only; run chmod 0600 PATH"),
		secret(34, "empty secret", "", 0o600, "the file PATH that SECRETARIAT_SMTP_PASSWORD_FILE names is empty"),
		secret(34, "secret of one line end", "\n", 0o600, "the file PATH that SECRETARIAT_SMTP_PASSWORD_FILE names is empty"),
		option(35, "port out of range", "listen", "127.0.0.1:70000", `port "70000" is not between 0 and 65535`),
		option(36, "address without scheme", "public-url", "secretariat.example", `"secretariat.example" is not an address such as https://secretariat.example`),
		option(36, "script", "public-url", "javascript:alert(1)", `"javascript:alert(1)" is not an address such as https://secretariat.example`),
		option(37, "sender of two lines", "from", "a@b.example\r\nBcc: c@d.example", "it has a line break"),
		option(38, "several senders", "from", "a@b.example, c@d.example", `"a@b.example, c@d.example" is not one address such as Secretariat <secretariat@example.org>`),
		{39, "offset for a zone", nil, []string{"schedules", "next", "--spec", "0 9 * * 1", "--timezone", "UTC+5"}, exitUse, `time zone "UTC+5" is not known`, zones + "Asia/Tashkent, Asia/Almaty or Asia/Dushanbe"},
		{39, "an offset of the database for a zone", nil, []string{"schedules", "next", "--spec", "0 9 * * 1", "--timezone", "Etc/GMT+5"}, exitUse, `time zone "Etc/GMT+5" is not known`, zones + "America/Atikokan, America/Bogota or America/Cancun"},
		option(40, "lease shorter than the conversation", "lease", "10s", "10s is shorter than two steps of the conversation (smtp-timeout 1m0s)"),
		option(43, "folder that is a file", "dir", noFolder, "open "+noFolder+": is not a folder"),
		option(43, "templates that are a file", "templates", noFolder, "open "+noFolder+": is not a folder"),
	})
	if _, errs, code := command(t, map[string]string{"DATABASE_URL": "postgres://anna:canary@db.example/secretariat?sslmode=disable"}, config("--database-plain")...); code != 0 {
		t.Errorf("32, allowed: exit %d, %s", code, errs)
	}
	if _, errs, code := command(t, map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": put("group", "canary", 0o640)}, config()...); code != 0 {
		t.Errorf("33, readable by its group: exit %d, %s", code, errs)
	}
}

// Rows 68 to 88: people, meetings, import. 77 to 81 do not apply: nothing is imported from CSV, and export writes YAML,
// which no sheet computes. 84: the calendar files that are read are those of busy times; calendar's TestReadFreeBusyRefuses has
// more of them. 71: a reminder may well count from the closing (the record is due then); what makes no sense is a length of time
// that runs backwards. 69 and 70: the rows "spring gap" and "repeated hour" of programme/file's TestFaults. 74: two people may
// share a mailbox, however it is written (TestFormsThatAreTaken there); each gets a letter of their own. 75: acts' TestOwnAddress. 76: there is no list of allowed addresses; --redirect-to does its work, in acts'
// TestRedirect. 88: acts' TestStoryOfASession counts the cancellations.
func TestBadInputsOfProgramme(t *testing.T) {
	book := councilBook(t)
	const unchanged = "nothing was changed"
	// place is where a word stands in a changed sample, as FILE:LINE:COLUMN; columns count characters.
	place := func(path, change, word string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before, _, found := strings.Cut(string(text), change)
		inside, _, foundWord := strings.Cut(change, word)
		if before += inside; !found || !foundWord {
			t.Fatalf("%.60q with %q in it does not stand in %s", change, word, path)
		}
		return fmt.Sprintf("%s:%d:%d", path, strings.Count(before, "\n")+1, utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])+1)
	}
	row := func(number int, why, old, change, word, want string) badInput {
		path := changedSample(t, old, change)
		return badInput{number, why, nil, []string{"apply", path}, exitUse, place(path, change, word) + ": " + want, unchanged}
	}
	file := func(number int, why, text string, faults ...string) badInput {
		path := filepath.Join(t.TempDir(), "bad.yaml")
		write(t, path, text)
		for i := range faults {
			faults[i] = path + ":" + faults[i]
		}
		return badInput{number, why, nil, []string{"apply", path}, exitUse, strings.Join(faults, "\n"), unchanged}
	}
	const (
		anchors = "anchors (&) are not allowed: write the value where it is needed"
		aliases = "aliases (*) are not allowed: write the value where it is needed"
	)
	address := "email: technology@unoct.example"
	closes, agenda := "closes_at: 2026-12-07T17:00", "online_url: https://meet.isrs.example/rec-6\n        agenda:\n"
	const event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261101T000000Z\r\nDTEND:20261101T000001Z\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	busy := func(why, text, want string) badInput {
		path := filepath.Join(t.TempDir(), "busy.ics")
		write(t, path, text)
		return badInput{84, why, nil, []string{"slots", "busy", "--person", "X-chen", path}, exitUse, "free/busy calendar: " + want,
			"an iCalendar file (.ics) with VFREEBUSY or VEVENT, as calendar programs export it"}
	}
	var points strings.Builder
	for i := range 9_900 { // with the nine of the sample, and numbers that an agenda may have
		fmt.Fprintf(&points, "          - {ref: P-%d, number: %d, title: Point, purpose: decision, minutes: 5}\n", i, i+100)
	}
	refuseInputs(t, book, []badInput{
		row(68, "ends before it begins", closes, "closes_at: 2026-12-07T09:00", "2026-", "closes_at is not after opens_at"),
		row(71, "a reminder that counts backwards", `by: P3D, to: duty-holder, template: duty-due`, `by: -P3D, to: duty-holder, template: duty-due`, "-P3D",
			`by: length of time "-P3D": is neither an ISO 8601 duration nor a number of clear or working days; e.g. P14D, P10W, PT72H, P1DT12H, "28 clear days", "4 working days"`),
		row(72, "two at signs", address, "email: a@@b", "a@@b", `email "a@@b" is not an address such as name@example.org`),
		row(72, "no name", address, "email: \"@b.c\"", `"@b.c"`, `email "@b.c" is not an address such as name@example.org`),
		row(72, "300 characters", address, "email: "+strings.Repeat("a", 300)+"@b.example", "aaa", `email "`+strings.Repeat("a", 57)+`…" is longer than an address may be`),
		row(73, "a line break and another recipient", address, `email: "a@b.example\r\nBcc: canary@y.example"`, `"a@b`, "email holds U+000D, which is not allowed"),
		file(79, "not UTF-8", "programme: {title: \"\xcf\xf0\xee\xe3\"}\n", "1:21: not UTF-8: byte 0xCF; looks like windows-1251: save the file as UTF-8"),
		file(82, "aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
			"1:4: "+anchors, "2:4: "+anchors, "2:8: "+aliases, "2:12: "+aliases, "3:5: "+aliases, "3:9: "+aliases),
		file(83, "depth", "programme: "+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+"\n", "1:43: more than 32 values inside each other"),
		busy("folded garbage", "BEGIN:VCALENDAR\r\n x\r\n y\r\nBEGIN:VALARM\r\n", "has neither VFREEBUSY nor VEVENT"),
		busy("alarms only", strings.ReplaceAll(fmt.Sprintf(event, "SUMMARY:canary"), "VEVENT", "VALARM"), "has neither VFREEBUSY nor VEVENT"),
		busy("a million times", fmt.Sprintf(event, "RRULE:FREQ=SECONDLY;COUNT=1000000"), "the event of 2026-11-01 repeats more than 20000 times"),
		busy("a repetition that stands still", fmt.Sprintf(event, "RRULE:FREQ=SECONDLY;INTERVAL=7200;BYMINUTE=1"), "the repetition of the event of 2026-11-01 never comes to the time of day that it asks for"),
		row(85, "an agenda of 9,909 points", agenda, agenda+points.String(), "- {ref: P-0,", "agenda of 9909 points: more than 500"),
		row(86, "a name of 10,000 characters", "name: 陈思远", "name: "+strings.Repeat("x", 10_000), "xxx", "name has 10000 characters, more than 1000"),
	})
	// 87: what was applied before changes nothing.
	before := fingerprint(t, book)
	if out, errs, code := command(t, book, "apply", samplePath); code != 0 || !strings.Contains(out, "unchanged") || fingerprint(t, book) != before {
		t.Errorf("87, the same file again: exit %d, %s%s", code, out, errs)
	}
}
