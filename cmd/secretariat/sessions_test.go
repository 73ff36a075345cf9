package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/meetings"
	"secretariat/scheduler"
	"secretariat/store"
	"secretariat/store/storetest"
)

// councilBook makes a database with the sample programme, its clock a minute before the sample's weekly report.
func councilBook(t *testing.T) (env map[string]string) {
	t.Helper()
	morning := time.Date(2026, 11, 23, 3, 59, 0, 0, time.UTC)
	address := storetest.Filled(t, "sample", func(s *store.Store, url string) error {
		err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return scheduler.MigrateEngine(ctx, db) })
		if err != nil {
			return err
		}
		if err := s.SetClock(t.Context(), morning); err != nil {
			return err
		}
		if _, errs, code := command(t, map[string]string{"DATABASE_URL": url}, "apply", "../../examples/tashkent/programme.yaml"); code != 0 {
			return fmt.Errorf("apply: exit %d: %s", code, errs)
		}
		return nil
	})
	if err := storetest.Open(t, address).SetClock(t.Context(), morning); err != nil { // since it was filled the clock has run on
		t.Fatal(err)
	}
	return map[string]string{"DATABASE_URL": address}
}

// readJSON runs a command with --json and reads its document.
func readJSON(t *testing.T, env map[string]string, document any, args ...string) {
	t.Helper()
	out, errs, code := command(t, env, append(args, "--json")...)
	if code != 0 {
		t.Fatalf("%v: exit %d: %s", args, code, errs)
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(document); err != nil {
		t.Fatalf("%v: %v in %s", args, err, out)
	}
}

// The JSON of the listings is a contract with checks outside: exactly these keys.
func TestSessionsJSON(t *testing.T) {
	env := councilBook(t)
	var list struct{ Sessions []shownSession }
	readJSON(t, env, &list, "sessions", "list")
	found := false
	for _, s := range list.Sessions {
		if s.Ref == "X-REC-6" {
			found = true
			if s != (shownSession{"X-REC-6", "REC", 6, "confirmed", "2026-12-07T10:00:00+05:00", "2026-12-07T17:00:00+05:00", "Asia/Tashkent", 0, false}) {
				t.Errorf("got %+v", s)
			}
		}
	}
	if !found {
		t.Error("X-REC-6 is not listed")
	}
	var timetable struct {
		Lines    []shownLine
		Earliest string `json:"earliest_feasible"`
	}
	readJSON(t, env, &timetable, "sessions", "timetable", "X-REC-6")
	if len(timetable.Lines) != 15 || timetable.Earliest != "2027-01-04" {
		t.Errorf("timetable: %d lines, earliest %s", len(timetable.Lines), timetable.Earliest)
	}
	var quorum struct {
		Purpose map[string]struct {
			Required, Seats                  int
			Expected, Probability, Low, High float64
			AskFirst                         []string `json:"ask_first"`
		}
	}
	readJSON(t, env, &quorum, "sessions", "quorum", "X-REC-6")
	if q := quorum.Purpose["decide"]; q.Required != 8 || q.Seats != 14 || len(q.AskFirst) != 5 || q.Probability < q.Low || q.Probability > q.High {
		t.Errorf("quorum to decide: %+v", q)
	}
}

func TestSessionSteps(t *testing.T) {
	env, folder := councilBook(t), t.TempDir()
	for _, c := range []struct {
		why  string
		args []string
		code int
		want string // on standard output or error
	}{
		{"unknown session", []string{"sessions", "cancel", "X-REC-66", "--reason", "x", "--yes"}, 2, "did you mean"},
		{"no reason", []string{"sessions", "cancel", "X-REC-6", "--yes"}, 2, "--reason"},
		{"final", []string{"sessions", "cancel", "X-REC-5", "--reason", "x", "--yes"}, 2, "final"},
		{"a time that is none", []string{"sessions", "reschedule", "X-REC-6", "--opens", "tomorrow", "--yes"}, 2, "2026-12-14T10:00"},
		{"a mode that is none", []string{"sessions", "reschedule", "X-REC-6", "--mode", "by-mail", "--yes"}, 2, "hybrid"},
		{"it ends before it begins", []string{"sessions", "reschedule", "X-REC-6", "--closes", "2026-12-07T09:00", "--yes"}, 2, "after the opening"},
		{"half a waiver", []string{"sessions", "reschedule", "X-REC-6", "--waiver", "x", "--yes"}, 2, "a person"},
		{"nobody to answer the question", []string{"sessions", "reschedule", "X-REC-6", "--opens", "2026-12-14T10:00"}, 2, "--yes"},
		{"a line that nobody ticked", []string{"sessions", "timetable", "X-REC-6"}, 0, "not ticked"},
		{"ticked", []string{"sessions", "tick", "X-REC-6", "supplementary-items", "--on", "2026-11-05", "--note", "Two items came."}, 0, "is done"},
		{"shown as ticked", []string{"sessions", "timetable", "X-REC-6"}, 0, ": Two items came."},
		{"not ticked after all", []string{"sessions", "tick", "X-REC-6", "supplementary-items", "--undo"}, 0, "not ticked"},
		{"a day and undone", []string{"sessions", "tick", "X-REC-6", "supplementary-items", "--undo", "--note", "x"}, 2, "--undo"},
		{"moved", []string{"sessions", "reschedule", "X-REC-6", "--opens", "2026-12-14T10:00", "--yes"}, 0, "session-changed"},
		{"printed", []string{"sessions", "timetable", "X-REC-6", "--lang", "ru", "-o", filepath.Join(folder, "t.pdf")}, 0, " pages, "},
		{"as a calendar", []string{"sessions", "timetable", "X-REC-6", "--ics"}, 0, "\r\nMETHOD:PUBLISH\r\n"},
		{"one's own as a calendar", []string{"sessions", "timetable", "X-REC-6", "--ics", "--for", "X-gulomov", "-o", filepath.Join(folder, "t.ics")}, 0, "t.ics: 7 lines"},
		{"one's own", []string{"sessions", "timetable", "X-REC-6", "--for", "X-suleimenova"}, 0, "documents-submitted"},
		{"nobody's own", []string{"sessions", "timetable", "X-REC-6", "--for", "nobody"}, 2, `no person "nobody"`},
		{"another day is not printed", []string{"sessions", "timetable", "X-REC-6", "--on", "2027-01-11", "-o", filepath.Join(folder, "u.pdf")}, 2, "--on"},
		{"a calendar without --ics", []string{"sessions", "timetable", "X-REC-6", "-o", filepath.Join(folder, "u.ics")}, 2, "--ics"},
		{"a language in which nothing is written", []string{"sessions", "timetable", "X-REC-6", "--ics", "--lang", "de"}, 2, "--lang"},
		{"a language of nothing", []string{"sessions", "timetable", "X-REC-6", "--lang", "ru"}, 2, "--lang"},
		{"certified", []string{"sessions", "certificate", "X-REC-6", "notice", "--lang", "ru", "-o", filepath.Join(folder, "n.pdf")}, 0, " pages, "},
		{"a bad date", []string{"sessions", "timetable", "X-REC-6", "--on", "2026-02-30"}, 2, "is not a date"},
		{"answered", []string{"replies", "add", "--session", "X-REC-6", "--seat", "X-S10", "--answer", "accepted"}, 0, "accepted"},
		{"a seat that is none", []string{"replies", "add", "--session", "X-REC-6", "--seat", "X-S99", "--answer", "accepted"}, 2, "its seats are"},
		{"no seat", []string{"replies", "add", "--session", "X-REC-6"}, 2, "seat"},
		{"listed", []string{"replies", "list", "--session", "X-REC-6"}, 0, "X-hashimi"},
		{"shown", []string{"sessions", "show", "X-REC-6"}, 0, "for the earlier date"},
	} {
		out, errs, code := command(t, env, c.args...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: exit %d, want %d with %q:\n%s%s", c.why, code, c.code, c.want, out, errs)
		}
	}
}

// TestCheck39ForbiddenSteps takes every step that the table forbids by the command and by the act: both refuse it in the
// same words, with exit code 2 and what to do instead. The command meets every state and every verb once at least.
func TestCheck39ForbiddenSteps(t *testing.T) {
	env := councilBook(t)
	_, h := daemon(t, map[string]string{"database-url": env["DATABASE_URL"], "hold": "true"})
	n := 0
	for i, state := range meetings.States() {
		err := h.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update session set state = $1 where ref = 'X-REC-6'`, state)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for j, verb := range meetings.Verbs() {
			if meetings.Target(verb, state) != "" {
				continue
			}
			n++
			_, refused := h.acts.PreviewStep(t.Context(), verb, acts.SessionStep{Ref: "X-REC-6", Actor: "test"})
			var step *meetings.StepError
			if !errors.As(refused, &step) || step.Hint() == "" {
				t.Errorf("%s from %s by the act: %v", verb, state, refused)
				continue
			}
			if j != i && j != len(meetings.States())+i%2 && !(state == meetings.Cancelled && j < 2) {
				continue
			}
			out, errs, code := command(t, env, "sessions", verb, "X-REC-6", "--yes")
			if code != 2 || out != "" || !strings.Contains(errs, "error: "+refused.Error()+"\n") || !strings.Contains(errs, "hint: "+step.Hint()) {
				t.Errorf("%s from %s by the command: exit %d: %s%s, want %q", verb, state, code, out, errs, refused)
			}
		}
	}
	if n < 90 {
		t.Errorf("only %d forbidden steps were tried", n)
	}
}
