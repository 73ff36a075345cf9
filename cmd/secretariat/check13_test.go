package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestCheck13CronOfDayAndWeekday: what reads like "the first Tuesday of each quarter" fires forty times in 2027. It is refused by
// the command and in a programme file, with the rule in words that was meant; who insists sees the forty dates and a warning. The
// rule in words has four.
func TestCheck13CronOfDayAndWeekday(t *testing.T) {
	t.Parallel()
	const spec = "0 10 1-7 1,4,7,10 2"
	ask := func(args ...string) (in2027 int, errs string, code int) {
		t.Helper()
		out, errs, code := command(t, nil, append([]string{"schedules", "next", "--timezone", "Asia/Tashkent", "--from", "2027-01-01", "-n", "60", "--json"}, args...)...)
		var document struct{ Fires []string }
		if code == 0 {
			if err := json.Unmarshal([]byte(out), &document); err != nil {
				t.Fatal(err)
			}
		}
		for _, at := range document.Fires {
			if strings.HasPrefix(at, "2027-") {
				in2027++
			}
		}
		return in2027, errs, code
	}
	if _, errs, code := ask("--spec", spec); code != exitUse || !strings.Contains(errs, "both restricted") || !strings.Contains(errs, `"first monday of every month at 09:00"`) {
		t.Errorf("refused: exit %d: %s", code, errs)
	}
	if n, errs, code := ask("--spec", spec, "--allow-or"); n != 40 || code != 0 || !strings.HasPrefix(errs, "warning: ") || !strings.Contains(errs, "either alone would fire it") {
		t.Errorf("allowed: %d dates in 2027, want 40; exit %d: %s", n, code, errs)
	}
	if n, errs, code := ask("--spec", "first tuesday of every quarter at 10:00"); n != 4 || code != 0 || errs != "" {
		t.Errorf("in words: %d dates in 2027, want 4; exit %d: %s", n, code, errs)
	}
	if n, errs, code := ask("--spec", "0 10 * * 2", "--allow-or"); code != 0 || n != 52 || errs != "" {
		t.Errorf("nothing to warn of: %d dates, exit %d: %s", n, code, errs)
	}
	_, errs, code := command(t, nil, "apply", changedSample(t, `spec: "0 9 * * MON"`, `spec: "`+spec+`"`), "--dry-run")
	if code != exitUse || !strings.Contains(errs, "both restricted") {
		t.Errorf("in a file: exit %d: %s", code, errs)
	}
}
