package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// What the verbs of a schedule say names it, and when it runs.
func TestScheduleVerbs(t *testing.T) {
	env := councilBook(t)
	for _, row := range []struct{ verb, want string }{
		{"run", "runs X-SCH-WEEKLY as of 2026-11-23T03:59:"},
		{"pause", "paused X-SCH-WEEKLY\n"},
		{"resume", "resumed X-SCH-WEEKLY\n"},
	} {
		if out, errs, code := command(t, env, "schedules", row.verb, "X-SCH-WEEKLY"); code != 0 || !strings.HasPrefix(out, row.want) {
			t.Errorf("%s: exit %d, %q, %s; want %q", row.verb, code, out, errs, row.want)
		}
	}
}

// What is wrong with a schedule, or with what was asked of it, is said with what to do.
func TestScheduleTold(t *testing.T) {
	env := councilBook(t)
	for _, row := range []struct {
		why  string
		args []string
		code int
		errs string
	}{
		{"a negative number of fires", []string{"history", "-n", "-1"}, exitUse, "error: --count: -1 fires cannot be listed\nhint: a whole number, 0 for all\n"},
		{"all fires", []string{"history", "-n", "0"}, 0, ""},
		{"the file has it off", []string{"next", "X-SCH-BRIEF", "-n", "1"}, 0, "note: schedule X-SCH-BRIEF is off: it does not fire until the programme file has enabled: true\n"},
		{"resumed though the file has it off", []string{"resume", "X-SCH-BRIEF"}, exitUse,
			"error: schedule X-SCH-BRIEF is not paused: the programme file has it off\nhint: apply a programme file in which it has enabled: true\n"},
		{"resumed though it was not paused", []string{"resume", "X-SCH-WEEKLY"}, exitUse,
			"error: schedule X-SCH-WEEKLY is not paused\nhint: secretariat schedules list shows when it fires next\n"},
		{"paused", []string{"pause", "X-SCH-WEEKLY"}, 0, ""},
		{"paused twice", []string{"pause", "X-SCH-WEEKLY"}, exitUse, "error: schedule X-SCH-WEEKLY is paused already\nhint: secretariat schedules resume X-SCH-WEEKLY\n"},
		{"what would come if it were not paused", []string{"next", "X-SCH-WEEKLY", "-n", "1"}, 0,
			"note: schedule X-SCH-WEEKLY is paused: it does not fire until secretariat schedules resume X-SCH-WEEKLY\n"},
		{"resumed", []string{"resume", "X-SCH-WEEKLY"}, 0, ""},
		{"paused and off", []string{"pause", "X-SCH-BRIEF"}, 0, ""},
		{"resumed, and still off", []string{"resume", "X-SCH-BRIEF"}, 0, "note: schedule X-SCH-BRIEF is off: it does not fire until the programme file has enabled: true\n"},
	} {
		if _, errs, code := command(t, env, append([]string{"schedules"}, row.args...)...); code != row.code || errs != row.errs {
			t.Errorf("%s: exit %d, %q; want %d, %q", row.why, code, errs, row.code, row.errs)
		}
	}
}

// A fire that its jitter puts off is shown at the moment when it runs.
func TestNextShowsJitter(t *testing.T) {
	out, errs, code := command(t, councilBook(t), "schedules", "next", "X-SCH-UPDATES", "-n", "1", "--json")
	var shown struct {
		Fires []time.Time `json:"fires"`
		Notes []struct {
			RunsAt time.Time `json:"runs_at"`
			Note   string    `json:"note"`
		} `json:"notes"`
	}
	if err := json.Unmarshal([]byte(out), &shown); err != nil || code != 0 || len(shown.Fires) != 1 || len(shown.Notes) != 1 {
		t.Fatalf("exit %d, %s%s, %v", code, out, errs, err)
	}
	late := shown.Notes[0].RunsAt.Sub(shown.Fires[0])
	if late <= 0 || late >= 5*time.Minute || shown.Notes[0].Note != "runs "+late.String()+" later (jitter)" {
		t.Errorf("runs %v after the fire, %q; want less than the jitter of five minutes, and the note to say so", late, shown.Notes[0].Note)
	}
}
