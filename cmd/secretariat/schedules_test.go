package main

import (
	"strings"
	"testing"
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
