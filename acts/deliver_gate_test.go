package acts

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
)

var (
	relayIsDown  = mail.Verdict{Outcome: mail.Retry, Stage: "dial"}
	relayRefuses = mail.Verdict{Outcome: mail.Paused, Stage: "auth", Code: 535}
	relayTook    = mail.Verdict{Outcome: mail.Sent, Stage: "sent"}
	readerIsBusy = mail.Verdict{Outcome: mail.Retry, Stage: "rcpt", Code: 451}
)

func TestRelayGate(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	r := store.Relay{Told: true}
	step := func(name string, after time.Duration, underWay int, want bool, verdict mail.Verdict) {
		t.Helper()
		if ok := admit(r, start.Add(after), underWay); ok != want {
			t.Errorf("%s, after %v: let in %v, want %v", name, after, ok, want)
		}
		r, _ = fared(r, start.Add(after), verdict)
	}
	nothing := mail.Verdict{}
	step("open at first, for any number", 0, 100, true, relayTook)
	step("one letter's trouble is not the relay's", 1*time.Second, 0, true, readerIsBusy)
	step("down", 2*time.Second, 0, true, relayIsDown)
	step("it rests; another that was on the way says the same", 3*time.Second, 0, false, relayIsDown)
	step("one tries", 32*time.Second, 0, true, nothing)
	step("the others wait for it", 33*time.Second, 1, false, relayIsDown)
	step("it rests twice as long", 90*time.Second, 0, false, nothing)
	step("one tries again and found nothing to send", 95*time.Second, 0, true, nothing)
	step("so another tries", 96*time.Second, 0, true, relayTook)
	step("two at a time now", 96*time.Second, 1, true, nothing)
	step("and no third", 96*time.Second, 2, false, relayTook)
	step("three at a time", 97*time.Second, 2, true, readerIsBusy)
	step("a busy reader proves the relay as well", 97*time.Second, 3, true, relayIsDown)
	step("down again: from the beginning", 98*time.Second, 0, false, nothing)
	step("one", 130*time.Second, 0, true, relayTook)
	for range fullFlow {
		r, _ = fared(r, start.Add(131*time.Second), relayTook)
	}
	step("open for all", 131*time.Second, 1000, true, nothing)
}

// TestRelayNewsInPairs: that the relay takes letters again is told to those who were told that it did not.
func TestRelayNewsInPairs(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name  string
		looks bool // somebody looks between failure and recovery
		want  []string
	}{{"seen down", true, []string{"down", "up"}}, {"down and up between two looks", false, nil}} {
		r := store.Relay{Told: true}
		var told []string
		look := func() {
			if !r.Told {
				told = append(told, map[bool]string{true: "down", false: "up"}[r.Failures > 0])
				r.Told = true
			}
		}
		r, _ = fared(r, start, relayIsDown)
		if row.looks {
			look()
		}
		r, _ = fared(r, start.Add(time.Minute), relayTook)
		look()
		r, _ = fared(r, start.Add(2*time.Minute), relayTook)
		look()
		if !slices.Equal(told, row.want) {
			t.Errorf("%s: told %q, want %q", row.name, told, row.want)
		}
	}
}

// TestRelayGateRests: a relay that is down for a day with ten thousand letters waiting gets at most one connection per
// 30 seconds (R11); one that refuses our login is tried more seldom still, and somebody is told once.
func TestRelayGateRests(t *testing.T) {
	for _, row := range []struct {
		verdict     mail.Verdict
		least, most int
	}{{relayIsDown, 24*60/4 - 5, 24*60/4 + 5}, {relayRefuses, 24, 24 + 5}} {
		r, tries, told := store.Relay{Told: true}, 0, 0
		var last time.Time
		for now, end := time.Unix(0, 0), time.Unix(86400, 0); now.Before(end); now = now.Add(time.Second) {
			if !admit(r, now, 0) {
				continue
			}
			if tries++; tries > 1 && now.Sub(last) < 30*time.Second {
				t.Errorf("two connections within %v", now.Sub(last))
			}
			last = now
			if r, _ = fared(r, now, row.verdict); !r.Told {
				told++
				r.Told = true
			}
		}
		if tries < row.least || tries > row.most || told != 1 {
			t.Errorf("%s: tried %d times in a day and told %d times, want %d to %d and once", row.verdict.Outcome, tries, told, row.least, row.most)
		}
	}
}

// TestRelayIsLeftAloneByAllReplicas: the gate is one for all processes; the alert as well.
func TestRelayIsLeftAloneByAllReplicas(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{Reply: map[string]string{"connect": "554 5.7.1 go away"}})
	o := newOutbox(t, s.URL())
	replicas := []*Acts{o.Acts, o.replica("two", o.Store, s.URL()), o.replica("three", o.Store, s.URL())}
	var ids []int64
	for i := range 30 {
		ids = append(ids, o.owe(store.Delivery{DedupeKey: fmt.Sprint(i)}))
	}
	round := func() (alerts int) {
		for i, id := range ids {
			if _, err := replicas[i%3].deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			_, down, news, err := replicas[i%3].RelayNews(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if news && down {
				alerts++
			}
		}
		return alerts
	}
	if alerts := round(); alerts != 1 || s.Connects() != 1 {
		t.Errorf("%d alerts and %d connections for 30 letters over three replicas, want one of each", alerts, s.Connects())
	}
	o.step(pausedRest + time.Second)
	if alerts := round(); alerts != 0 || s.Connects() != 2 {
		t.Errorf("after the rest: %d more alerts, %d connections; want none and a second", alerts, s.Connects())
	}
	if limit := o.nudgeLimitNow(); limit != 0 {
		t.Errorf("workers are told of %d letters while the relay rests", limit)
	}
	s.Play(mailtest.Script{})
	if err := o.TryRelay(t.Context()); err != nil { // somebody mended it and says so
		t.Fatal(err)
	}
	if limit := o.nudgeLimitNow(); limit != 1 {
		t.Errorf("workers are told of %d letters while one is to try, want 1", limit)
	}
	o.step(2 * time.Minute) // the letters that were tried are put off a little
	round()
	if n := len(s.Letters()); n != len(ids) {
		t.Errorf("%d of %d letters left when it was mended", n, len(ids))
	}
	if _, down, _, _ := o.RelayNews(t.Context()); down {
		t.Error("it is still said to be down")
	}
}

func (o *outbox) nudgeLimitNow() (limit int) {
	o.inTx(func(tx *store.Tx) error {
		r, err := tx.Relay(o.t.Context())
		limit = o.nudgeLimit(r, tx.Now)
		return err
	})
	return limit
}
