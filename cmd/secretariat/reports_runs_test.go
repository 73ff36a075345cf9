package main

import (
	"strings"
	"testing"
)

// A run is shown, reprinted, compared, resent and held by commands; what cannot be is refused with a hint.
func TestRunsOfReports(t *testing.T) {
	env := councilBook(t)
	for _, row := range []struct {
		why, want string
		args      []string
	}{
		{"no such run", "error: there is no run 7", []string{"show", "7"}},
		{"no such report number", "error: no report has the number 12", []string{"show", "no12"}},
		{"no name of a run", `error: "weekly" names no run`, []string{"show", "weekly"}},
		{"nothing to compare", "error: there is no run 1", []string{"diff", "1", "2"}},
		{"a reprint without a file", "error: reprint needs --output", []string{"reprint", "1"}},
		{"a reprint of nothing", "error: there is no run 1", []string{"reprint", "1", "-o", "-"}},
		{"a release of nothing", "error: there is no run 1", []string{"release", "1"}},
		{"two ways out at once", "error: --as-is and --drop cannot go together", []string{"release", "1", "--as-is", "--drop", "x"}},
		{"holding nothing", "error: there is no run 1", []string{"hold", "1"}},
		{"resending nothing", "error: there is no run 1", []string{"resend", "1", "--failed"}},
	} {
		if _, errs, code := command(t, env, append([]string{"reports"}, row.args...)...); code != 2 || !strings.HasPrefix(errs, row.want) || !strings.Contains(errs, "\nhint: ") {
			t.Errorf("%s: exit %d, %q; want 2, %q and a hint", row.why, code, errs, row.want)
		}
	}
}
