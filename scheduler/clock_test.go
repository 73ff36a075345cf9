package scheduler

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"secretariat/acts"
)

// R9: a clock that moves more than two minutes otherwise than time does holds everything until two readings in a row keep
// step; a difference that was always there does not.
func TestR9Watch(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		why             string
		machine, server []time.Duration // beside the time that passed, reading by reading
		want            string          // s steady, h held
	}{
		{"nothing happens", make([]time.Duration, 4), make([]time.Duration, 4), "ssss"},
		{"slewed by seconds", []time.Duration{0, 5e9, 9e9, 2e9}, make([]time.Duration, 4), "ssss"},
		{"the machine an hour ahead", []time.Duration{0, time.Hour, time.Hour, time.Hour}, make([]time.Duration, 4), "shhs"},
		{"the machine an hour back", []time.Duration{0, -time.Hour, -time.Hour, -time.Hour}, make([]time.Duration, 4), "shhs"},
		{"the server ten years ahead and back", make([]time.Duration, 6), []time.Duration{0, 87600 * time.Hour, 0, 0, 0, 0}, "shhhss"},
		{"both a day back", []time.Duration{0, -24 * time.Hour, -24 * time.Hour, -24 * time.Hour}, []time.Duration{0, -24 * time.Hour, -24 * time.Hour, -24 * time.Hour}, "shhs"},
		{"ten minutes apart from the start, and so ever after", make([]time.Duration, 4), []time.Duration{6e11, 6e11, 6e11, 6e11}, "hhss"},
	} {
		w, got := clockWatch{}, ""
		for i := range row.machine {
			passed := time.Duration(i) * time.Second
			steady, _, _ := w.step(reading{start.Add(passed + row.machine[i]), start.Add(passed + row.server[i]), passed})
			got += map[bool]string{true: "s", false: "h"}[steady]
		}
		if !strings.HasPrefix(got, row.want) {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

// R9: while the clocks are not steady no fire is decided, and the log says so once.
func TestR9PassHolds(t *testing.T) {
	s := open(t)
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	if err := s.SetClock(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	everyMinute(t, s, 1, start)
	var log bytes.Buffer
	readings := []time.Duration{0, time.Hour, time.Hour, time.Hour} // the machine's clock
	at := 0
	e, err := New(s, Options{Log: slog.New(slog.NewTextHandler(&log, nil)), clocks: func() reading {
		passed := time.Duration(at) * time.Second
		return reading{start.Add(passed + readings[at]), start.Add(passed), passed}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := &acts.Acts{Store: s, Enqueue: e.Enqueue, Replica: "r"}
	var decided []int
	for ; at < len(readings); at++ {
		if err := s.SetClock(t.Context(), start.Add(time.Duration(at)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		e.pass(context.WithoutCancel(t.Context()), a)
		all, err := a.Occurrences(t.Context(), "", 100)
		if err != nil {
			t.Fatal(err)
		}
		decided = append(decided, len(all))
	}
	if want := []int{1, 1, 1, 4}; len(decided) != 4 || decided[0] != want[0] || decided[1] != want[1] || decided[2] != want[2] || decided[3] != want[3] {
		t.Errorf("fires decided after each pass: %v, want %v", decided, want)
	}
	if n := strings.Count(log.String(), "a clock was set"); n != 1 || strings.Count(log.String(), "steady again") != 1 {
		t.Errorf("the log tells it %d times:\n%s", n, log.String())
	}
}
