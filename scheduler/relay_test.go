package scheduler

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"secretariat/mail"
)

func TestRelayTroubleIsSaid(t *testing.T) {
	for _, row := range []struct {
		name string
		why  mail.Verdict
		down bool
		want string
	}{
		{"refused: a person must act", mail.Verdict{Outcome: mail.Paused, Stage: "auth", Code: 535, Text: "no such user"}, true, "level=ERROR"},
		{"away: it mends itself", mail.Verdict{Outcome: mail.Retry, Stage: "dial", Text: "connection refused"}, true, "level=WARN"},
		{"back", mail.Verdict{}, false, "level=INFO"},
	} {
		var log bytes.Buffer
		e := &Engine{options: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		e.sayRelay(row.why, row.down)
		if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, row.want) || !strings.Contains(said, row.why.Text) {
			t.Errorf("%s: it said %q, want one line with %s and the cause", row.name, said, row.want)
		}
	}
}
