package scheduler

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"secretariat/mail"
)

func TestRelayTroubleIsSaidOnce(t *testing.T) {
	refused := mail.Verdict{Outcome: mail.Paused, Stage: "auth", Code: 535, Text: "no such user"}
	away := mail.Verdict{Outcome: mail.Retry, Stage: "dial", Text: "connection refused"}
	for _, row := range []struct {
		name string
		why  mail.Verdict
		want string
	}{
		{"refused: a person must act", refused, "level=ERROR"},
		{"away: it mends itself", away, "level=WARN"},
	} {
		var log bytes.Buffer
		e := &Engine{options: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		for _, down := range []bool{false, true, true, true, false, false} {
			e.sayRelay(row.why, down)
		}
		said := log.String()
		if strings.Count(said, row.want) != 1 || !strings.Contains(said, row.why.Text) || strings.Count(said, "again") != 1 || strings.Count(said, "\n") != 2 {
			t.Errorf("%s: it said\n%swant one line with %s and the cause, and one when it is over", row.name, said, row.want)
		}
	}
}
