package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Two runs are compared row by row as they were kept: what moved, by how many days and for the which time, what came and what
// went, in one block per query; the other way round the same with the signs turned.
func TestReportsDiff(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	a, h := daemon(t, map[string]string{"database-url": env["DATABASE_URL"], "hold": "true"})
	run := func(end time.Time) {
		t.Helper()
		if _, err := h.acts.RunSchedule(t.Context(), "X-SCH-WEEKLY", "test"); err != nil {
			t.Fatal(err)
		}
		if err := a.runUntil(t.Context(), h, end); err != nil {
			t.Fatal(err)
		}
	}
	run(demoStart)
	source, err := os.ReadFile("../../examples/tashkent/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := string(source)
	for _, c := range [][2]string{
		{"    due_on: 2026-11-15\n    original_due_on: 2026-05-31\n    percent: 92\n", "    due_on: 2026-12-30\n    original_due_on: 2026-05-31\n    percent: 92\n"},
		{"         by: X-abdurazzoqova}\n    milestones:\n      - {ref: X-PRJ-03-M1,", "         by: X-abdurazzoqova}\n" +
			"      - {date: 2026-11-23, from: 2026-11-15, to: 2026-12-30, reason: {en: The printer is late.}, by: X-abdurazzoqova}\n" +
			"    milestones:\n      - {ref: X-PRJ-03-M9, title: {en: Printed}, due_on: 2026-12-20}\n      - {ref: X-PRJ-03-M1,"},
	} {
		if !strings.Contains(changed, c[0]) {
			t.Fatalf("the sample has no %q", c[0])
		}
		changed = strings.Replace(changed, c[0], c[1], 1)
	}
	file := filepath.Join(t.TempDir(), "changed.yaml")
	write(t, file, changed)
	if _, errs, code := command(t, env, "apply", file); code != 0 {
		t.Fatalf("apply: exit %d: %s", code, errs)
	}
	run(demoStart.Add(time.Minute))

	head := func(from, to string) string {
		return "weekly-progress, run " + from + " (as of 2026-11-23 03:59 UTC) and run " + to + " (as of 2026-11-23 03:59 UTC), rows of limited:\n"
	}
	const study = "\ntracked_activities\n  ~ X-PRJ-03 Joint study: drivers of recruitment among labour migrants · due_on: "
	for _, row := range []struct {
		why, want string
		args      []string
	}{
		{"forth", head("1", "2") + study + "2026-11-15 → 2026-12-30 (slip of 45 days, revision 3)\n\ntracked_milestones\n  + X-PRJ-03-M9 Printed\n", []string{"1", "2"}},
		{"back", head("2", "1") + study + "2026-12-30 → 2026-11-15 (45 days earlier, revision 2)\n\ntracked_milestones\n  - X-PRJ-03-M9 Printed\n", []string{"2", "1"}},
		{"with itself", head("1", "1") + "no tracked row differs\n", []string{"1", "1"}},
	} {
		out, errs, code := command(t, env, append([]string{"reports", "diff"}, row.args...)...)
		if code != 0 || out != row.want {
			t.Errorf("%s: exit %d, got\n%s%s\nwant\n%s", row.why, code, out, errs, row.want)
		}
	}
	if _, errs, code := command(t, env, "reports", "diff", "1", "2", "--audience", "nobody"); code != 2 || !strings.Contains(errs, `no audience "nobody"`) || !strings.Contains(errs, "hint: their audiences: ") {
		t.Errorf("an unknown audience: exit %d, %s", code, errs)
	}
}
