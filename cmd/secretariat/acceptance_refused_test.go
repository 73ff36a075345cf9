package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"secretariat/store/storetest"
)

// refusal is a command line that must be refused.
type refusal struct {
	why  string
	args []string
	want string // on standard error, after "error: "
}

// refused runs command lines that must end with exit code 2, say so as an error with a hint or a place, print nothing
// else and leave every table as it was.
func refused(t *testing.T, env map[string]string, rows []refusal) {
	t.Helper()
	before := fingerprint(t, env)
	for _, row := range rows {
		out, errs, code := command(t, env, row.args...)
		if code != exitUse || out != "" || !strings.HasPrefix(errs, "error: ") || !strings.Contains(errs, row.want) {
			t.Errorf("%s: %q: exit %d, standard output %q, standard error\n%swant exit 2 and %q", row.why, row.args, code, out, errs, row.want)
		}
		if strings.Contains(errs, "panic") || strings.Contains(errs, "SQLSTATE") || strings.Contains(errs, "pq:") {
			t.Errorf("%s: the error is not for people: %s", row.why, errs)
		}
	}
	if after := fingerprint(t, env); after != before {
		t.Error("a refused command changed the database")
	}
}

// A command line that is wrong changes nothing and says what is wrong.
func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	if _, errs, code := command(t, env, "sessions", "cancel", "X-REC-SP1", "--reason", "no quorum", "--yes"); code != 0 {
		t.Fatalf("cancel: exit %d: %s", code, errs)
	}
	weekly := func(args ...string) []string { return append([]string{"--report", "weekly-progress"}, args...) }
	refused(t, env, []refusal{
		{"an unknown report, far from any", []string{"--report", "nope"}, `unknown report "nope"`},
		{"an unknown report, near to one", []string{"--report", "weekly-progres"}, `did you mean "weekly-progress"?`},
		{"no name", []string{"--report", ""}, "unknown report"},
		{"a day that does not exist", weekly("--as-of", "2026-02-30"), `--as-of: "2026-02-30"`},
		{"a day in words", weekly("--as-of", "tomorrow"), `--as-of: "tomorrow"`},
		{"no moment", weekly("--as-of", "2026-11-23T25:00"), "--as-of"},
		{"a bad start of the period", weekly("--since", "x"), "--since"},
		{"a level that is none", weekly("--clearance", "secret"), `--clearance: "secret" is not one of`},
		{"an empty level", weekly("--clearance", ""), "--clearance"},
		{"a language in which it is not written", weekly("--lang", "de"), `"de"`},
		{"no language at all", weekly("--lang", "../en"), `"../en"`},
		{"a format that is none", weekly("--format", "docx"), `"docx"`},
		{"a parameter that it does not have", weekly("--param", "nope=1", "-o", "-"), `report weekly-progress has no parameter "nope"`},
		{"an unknown schedule", []string{"schedules", "next", "X-SCH-WEEKLI"}, `no schedule has the ref "X-SCH-WEEKLI"`},
		{"a zone without a specification", []string{"schedules", "next", "--timezone", "UTC"}, "--timezone belongs to --spec"},
		{"a name and a specification", []string{"schedules", "next", "X-SCH-WEEKLY", "--spec", "0 9 * * 1"}, "or nothing for all"},
		{"history of an unknown schedule", []string{"schedules", "history", "nope"}, `"nope"`},
		{"run of an unknown schedule", []string{"schedules", "run", "nope"}, `"nope"`},
		{"pause of an unknown schedule", []string{"schedules", "pause", "nope"}, `"nope"`},
		{"resume of an unknown schedule", []string{"schedules", "resume", "nope"}, `"nope"`},
		{"next from no moment", []string{"schedules", "next", "X-SCH-WEEKLY", "--from", "soon"}, "--from"},
		{"an unknown session", []string{"sessions", "show", "X-REC-66"}, "did you mean"},
		{"timetable of an unknown session", []string{"sessions", "timetable", "nope"}, `no session "nope"`},
		{"a certificate of what did not happen", []string{"sessions", "certificate", "X-REC-6", "inquorate"}, "no sitting that ended without a quorum"},
		{"a certificate of nothing", []string{"sessions", "certificate", "X-REC-6", "birth"}, `no certificate of "birth"`},
		{"a certificate in no language", []string{"sessions", "certificate", "X-REC-6", "notice", "--lang", "de"}, "--lang"},
		{"a certificate of an unknown session", []string{"sessions", "certificate", "nope", "notice"}, `no session "nope"`},
		{"rules of nobody", []string{"sessions", "timetables", "foa"}, `did you mean "fao"?`},
		{"a tick in an unknown session", []string{"sessions", "tick", "nope", "notice"}, `no session "nope"`},
		{"a tick of an unknown line", []string{"sessions", "tick", "X-REC-6", "notise"}, `did you mean "notice"?`},
		{"a tick of what is on record", []string{"sessions", "tick", "X-REC-6", "notice"}, "session-confirmed"},
		{"a tick on no day", []string{"sessions", "tick", "X-REC-6", "late-papers", "--on", "2026-02-30"}, "--on"},
		{"quorum of an unknown session", []string{"sessions", "quorum", "nope"}, `no session "nope"`},
		{"a step of an unknown session", []string{"sessions", "confirm", "nope", "--yes"}, `no session "nope"`},
		{"answers to an unknown session", []string{"replies", "list", "--session", "nope"}, `no session "nope"`},
		{"invitations in no state", []string{"replies", "invited", "--session", "X-REC-6", "--state", "acepted"}, `did you mean "accepted"?`},
		{"invitations to an unknown session", []string{"replies", "invited", "--session", "nope"}, `no session "nope"`},
		{"an answer of an unknown seat", []string{"replies", "add", "--session", "X-REC-6", "--seat", "X-S99", "--answer", "accepted"}, "X-S99"},
		{"an answer that is none", []string{"replies", "add", "--session", "X-REC-6", "--seat", "X-S01", "--answer", "perhaps"}, "perhaps"},
		{"a delegate whom nobody knows", []string{"replies", "add", "--session", "X-REC-6", "--seat", "X-S01", "--delegate", "nobody"}, "nobody"},
		{"confirm what is cancelled", []string{"sessions", "confirm", "X-REC-SP1", "--yes"}, "final"},
		{"move what is cancelled", []string{"sessions", "reschedule", "X-REC-SP1", "--opens", "2027-03-01T10:00", "--yes"}, "final"},
		{"close what was not held", []string{"sessions", "close", "X-REC-6", "--yes"}, "X-REC-6"},
		{"cancel what is closed", []string{"sessions", "cancel", "REC-1", "--reason", "x", "--yes"}, "final"},
		{"a forecast that ends before it begins", []string{"forecast", "--from", "2026-11-24", "--to", "2026-11-23"}, "is before --from"},
		{"a forecast without an end", []string{"forecast", "--from", "2026-11-24"}, "secretariat forecast needs --to"},
		{"a forecast from no moment", []string{"forecast", "--from", "x", "--to", "2026-11-23"}, "--from"},
		{"a letter that is not there", []string{"outbox", "show", "999999"}, "999999"},
		{"a list of the audit log from no moment", []string{"audit", "list", "--from", "soon"}, `--from: "soon" is not a moment`},
		{"fewer than no entries", []string{"audit", "list", "-n", "-1"}, "--limit: -1"},
		{"a hash that is none", []string{"audit", "verify", "--contains", "abc"}, `"abc" is no hash`},
		{"answers of no session", []string{"replies", "invited"}, "secretariat replies invited needs --session REF"},
		{"an unknown step", []string{"sessions", "confrim", "X-REC-6"}, `did you mean "confirm"?`},
	})
}

// A programme file that is wrong is refused as a whole, with the place of each fault.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	place := regexp.MustCompile(`(?m)^error: \S+changed\.yaml:\d+:\d+: .+\nhint: nothing was changed$`)
	var rows []refusal
	for _, row := range []struct{ why, old, new, want string }{
		{"a key that is none", "  currency: USD\n  started_on", "  curency: USD\n  started_on", "curency"},
		{"a ref to nothing", "organisation: MIA-ACADEMY", "organisation: MIA-ACADEMI", `"MIA-ACADEMI"`},
		{"a circle of agreements", "    adopted_on: 2006-09-08\n", "    adopted_on: 2006-09-08\n    implements: MOU-2023\n", "STRATEGY-2006"},
		{"a day that does not exist", "started_on: 2023-12-05", "started_on: 2023-02-30", "2023-02-30"},
		{"a schedule of six fields", `spec: "0 9 * * MON"`, `spec: "0 0 9 * * MON"`, "6 fields, need 5"},
		{"a schedule that never fires", `spec: "0 10 1 * *"`, `spec: "0 10 31 2 *"`, "never fires"},
		{"a zone that is none", "email: technology@unoct.example, language: zh,\n     timezone: America/New_York", "email: technology@unoct.example, language: zh,\n     timezone: America/New_Yrok", "America/New_Yrok"},
		{"a ref given twice", "{ref: X-SCH-CONTRIB,", "{ref: X-SCH-WEEKLY,", "X-SCH-WEEKLY"},
		{"two lines in an address", "email: technology@unoct.example", `email: "technology@unoct.example\r\nBcc: x@y.example"`, "email"},
		{"no YAML", "programme:\n  code", "programme: [\n  code", ""},
	} {
		path := changedSample(t, row.old, row.new)
		rows = append(rows, refusal{row.why, []string{"apply", path}, row.want})
		if _, errs, _ := command(t, env, "apply", "--dry-run", path); !place.MatchString(errs) {
			t.Errorf("%s: no file:line:column, or not said that nothing was changed:\n%s", row.why, errs)
		}
	}
	refused(t, env, rows)
}

// Every specification that the language of schedules does not have is refused with its cure, without a database.
func TestRefusedSpecs(t *testing.T) {
	env := map[string]string{"DATABASE_URL": "postgres://u:canary@" + closedPort(t) + "/none"}
	for _, spec := range []string{
		" \t ", "* * * *", "* * * * * *", "* * * * * * *", "60 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 8", "0 0 31 2 *",
		"@every 0s", "@every 1ns", "TZ=", "TZ=Asia/Tashkent", "CRON_TZ=UTC", "0 9 * * MON#2", "0 9 L * *", "0 9 15W * *", "@reboot", "@WEEKLY",
		"@fortnightly", "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", ", * * * *", "?/5 * * * *", "1-2-3 * * * *", "\uff10 9 * * *", "0 9 * * *\n",
		"0 9 * * *\x00", strings.Repeat("0,", 5000) + "0 * * * *", "0 9 13 * 5", "first monday of every month", "first mondy of every month at 09:00",
		"every 6 weeks at 09:00", "fifth friday of february at 09:00",
	} {
		out, errs, code := command(t, env, "schedules", "next", "--spec", spec, "--timezone", "Asia/Tashkent")
		if code != exitUse || out != "" || !strings.HasPrefix(errs, "error: ") || !strings.Contains(errs, "\nhint: ") {
			t.Errorf("%.30q: exit %d, %q, %q; want exit 2 with an error and a hint", spec, code, out, errs)
		}
	}
	for _, zone := range []string{"", "Local", "UTC+5", "Nowhere/Bad", "../etc/passwd"} {
		if _, errs, code := command(t, env, "schedules", "next", "--spec", "0 9 * * 1", "--timezone", zone); code != exitUse || !strings.Contains(errs, "\nhint: ") {
			t.Errorf("zone %q: exit %d, %q", zone, code, errs)
		}
	}
	if _, errs, code := command(t, env, "schedules", "next", "--spec", "0 9 * * 1", "--from", "soon"); code != exitUse || !strings.Contains(errs, "--from") {
		t.Errorf("from no moment: exit %d, %q", code, errs)
	}
}

// A database that does not answer, or is not there, is something that the installation lacks; no password is printed.
func TestLackingDatabase(t *testing.T) {
	blank := storetest.Blank(t)
	there := strings.Replace(blank, "postgres:///", "postgres://secretariat:canary@/", 1)
	for _, row := range []struct{ why, url, want string }{
		{"nobody listens", "postgres://anna:canary@" + closedPort(t) + "/secretariat?sslmode=disable", "127.0.0.1"},
		{"the password in a parameter", "postgres://" + closedPort(t) + "/secretariat?sslmode=disable&user=anna&password=canary", "127.0.0.1"},
		{"no such host", "postgres://anna:canary@host.invalid/secretariat", "host.invalid"},
		{"no such database", regexp.MustCompile(`/test_\w+`).ReplaceAllString(there, "/not_there"), "not_there"},
		{"no schema in it", blank, "migrate up"},
	} {
		for _, args := range [][]string{{"sessions", "list"}, {"--report", "weekly-progress", "-o", filepath.Join(t.TempDir(), "a.pdf")}, {"serve"}, {"apply", samplePath}} {
			for _, format := range []string{"text", "json"} {
				out, errs, code := command(t, map[string]string{"DATABASE_URL": row.url, "HOME": t.TempDir()}, append(args, "--log-format", format, "--log-level", "debug", "--listen", "127.0.0.1:0")...)
				if code != exitLacks || !strings.Contains(errs, row.want) || !strings.Contains(errs, "error: ") {
					t.Errorf("%s, %v: exit %d, %q; want exit 3 and %q", row.why, args, code, errs, row.want)
				}
				if strings.Contains(out+errs, "canary") {
					t.Errorf("%s, %v: the password is shown: %s", row.why, args, out+errs)
				}
			}
		}
	}
}

// A file that cannot be written is a failure that leaves nothing half written.
func TestReportIntoNowhere(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	before := fingerprint(t, env)
	path := filepath.Join(t.TempDir(), "no", "such", "folder.pdf")
	_, errs, code := command(t, env, "--report", "weekly-progress", "--as-of", "2026-11-23T09:00", "-o", path)
	if code == 0 || !strings.Contains(errs, path) {
		t.Errorf("exit %d, %q", code, errs)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file is there")
	}
	if fingerprint(t, env) != before {
		t.Error("the database changed")
	}
}
