package acts

import (
	"testing"
	"time"

	"secretariat/mail"
)

func TestRelayGate(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	down, well := mail.Verdict{Outcome: mail.Retry, Stage: "dial"}, mail.Verdict{Outcome: mail.Sent, Stage: "sent"}
	busy := mail.Verdict{Outcome: mail.Retry, Stage: "rcpt", Code: 451}
	var g relayGate
	step := func(name string, after time.Duration, want bool, verdict *mail.Verdict) {
		t.Helper()
		until, ok := g.enter(start.Add(after))
		if ok != want {
			t.Errorf("%s, after %v: let in %v, want %v", name, after, ok, want)
		}
		if !ok && !until.After(start.Add(after)) {
			t.Errorf("%s: to ask again at %v, which is not later", name, until)
		}
		if ok && verdict != nil {
			g.leave(start.Add(after), *verdict)
		}
	}
	step("open at first", 0, true, &well)
	step("one letter's trouble is not the relay's", 1*time.Second, true, &busy)
	step("down", 2*time.Second, true, &down)
	step("it rests", 3*time.Second, false, nil)
	step("one tries", 32*time.Second, true, nil)
	step("the others wait for it", 33*time.Second, false, nil)
	g.leave(start.Add(34*time.Second), down)
	step("it rests twice as long", 90*time.Second, false, nil)
	step("one tries again", 95*time.Second, true, &mail.Verdict{}) // it found nothing to send
	step("so another tries", 96*time.Second, true, &well)
	step("open", 96*time.Second, true, &well)
	step("open for all", 96*time.Second, true, nil)
}

// TestRelayGateRests: a relay that is down for a day with letters waiting all the time is tried seldom.
func TestRelayGateRests(t *testing.T) {
	var g relayGate
	tries := 0
	for now, end := time.Unix(0, 0), time.Unix(86400, 0); now.Before(end); now = now.Add(time.Second) {
		if _, ok := g.enter(now); ok {
			tries++
			g.leave(now, mail.Verdict{Outcome: mail.Retry, Stage: "dial"})
		}
	}
	if most := 24*60/4 + 5; tries > most || tries < most-10 {
		t.Errorf("tried %d times in a day, want about %d", tries, most)
	}
}
