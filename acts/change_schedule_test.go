package acts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// newBoard is a database with one schedule "D" that runs the task of planning reminders at nine each day, on Sunday 22
// November 2026, noon.
func newBoard(t *testing.T) *desk {
	t.Helper()
	d := &desk{&Acts{Store: storetest.New(t), Replica: "test", Enqueue: func(context.Context, *store.Tx, ...Nudge) error { return nil }}, t, ""}
	d.clock("2026-11-22T12:00:00+05:00")
	storetest.Exec(t, d.Store, `insert into schedule (ref, task, spec, timezone, catch_up, grace, deadline, overlap, jitter, enabled, next_fire_at)
		values ('D', 'reminders', '0 9 * * *', 'Asia/Tashkent', 'latest', 'PT1H', 'P6D', 'queue', 'PT0S', true, '2026-11-23T09:00+05')`)
	return d
}

// fired lists the fires of D, oldest first, as "23 on_time".
func (d *desk) fired() string {
	d.t.Helper()
	all, err := d.Occurrences(d.t.Context(), "D", 0)
	if err != nil {
		d.t.Fatal(err)
	}
	var words []string
	for i := len(all) - 1; i >= 0; i-- {
		words = append(words, fmt.Sprintf("%d %s", all[i].FireAt.In(at(d.t, "2026-11-22 12:00:00").Location()).Day(), all[i].Decision))
	}
	return strings.Join(words, ", ")
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// Pausing decides what has come; what would come meanwhile never comes, and resuming starts from now.
func TestPauseAndResumeNeverFireBackwards(t *testing.T) {
	d := newBoard(t)
	d.clock("2026-11-23T09:30:00+05:00")
	d.must(d.PauseSchedule(t.Context(), "D", "tester"))
	if got := d.fired(); got != "23 on_time" {
		t.Errorf("paused after a fire that nobody had decided: got %q", got)
	}
	if err := d.PauseSchedule(t.Context(), "D", "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("paused twice: %v", err)
	}
	d.clock("2026-11-26T09:30:00+05:00")
	if n, err := d.DecideOccurrences(t.Context()); n != 0 || err != nil {
		t.Errorf("a paused schedule fired %d times, %v", n, err)
	}
	d.must(d.ResumeSchedule(t.Context(), "D", "tester"))
	if n, err := d.DecideOccurrences(t.Context()); n != 0 || err != nil {
		t.Errorf("resumed: %d fires of the past, %v", n, err)
	}
	d.clock("2026-11-27T09:00:00+05:00")
	if n, err := d.DecideOccurrences(t.Context()); n != 1 || err != nil {
		t.Errorf("the next day: %d fires, %v", n, err)
	}
	if got := d.fired(); got != "23 on_time, 27 on_time" {
		t.Errorf("got %q", got)
	}
}

// A backfill runs what did not run, each once, and does nothing the second time.
func TestBackfill(t *testing.T) {
	d := newBoard(t)
	d.clock("2026-11-26T12:00:00+05:00") // 23 to 25 are missed, 26 is made up for
	if _, err := d.DecideOccurrences(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := BackfillRequest{Schedule: "D", From: at(t, "2026-11-21 00:00:00"), To: at(t, "2026-11-26 12:00:00"), DryRun: true, Actor: "tester"}
	seen, err := d.BackfillSchedule(t.Context(), r)
	d.must(err)
	if len(seen.Run) != 5 || len(seen.Ran) != 1 || d.fired() != "23 skipped, 24 skipped, 25 skipped, 26 catch_up" {
		t.Errorf("dry run: %d to run, %d ran, rows %q", len(seen.Run), len(seen.Ran), d.fired())
	}
	r.DryRun = false
	_, err = d.BackfillSchedule(t.Context(), r)
	d.must(err)
	if got := d.fired(); got != "21 backfill, 22 backfill, 23 backfill, 24 backfill, 25 backfill, 26 catch_up" {
		t.Errorf("got %q", got)
	}
	all, _ := d.Occurrences(t.Context(), "D", 100)
	if want := "asked for by tester; it was skipped: missed; a later one covers it"; all[1].Reason != want {
		t.Errorf("reason %q, want %q", all[1].Reason, want)
	}
	again, err := d.BackfillSchedule(t.Context(), r)
	if d.must(err); len(again.Run) != 0 || len(again.Ran) != 6 {
		t.Errorf("the second time %d run", len(again.Run))
	}
	for why, bad := range map[string]BackfillRequest{
		"the end before the beginning": {Schedule: "D", From: r.To, To: r.From},
		"a future":                     {Schedule: "D", From: r.From, To: r.To.Add(time.Hour)},
		"no such schedule":             {Schedule: "E", From: r.From, To: r.To},
		"too many at once":             {Schedule: "D", From: r.From.AddDate(-2, 0, 0), To: r.To},
	} {
		if _, err := d.BackfillSchedule(t.Context(), bad); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want a refusal", why, err)
		}
	}
}

// R5: a replica that dies with a fire in hand is followed by another once its lease of ten seconds ends, and what the dead
// one would still write is fenced off. One that lives and renews keeps its fire.
func TestR5TakeOverOfAFire(t *testing.T) {
	d := newBoard(t)
	fire := at(t, "2026-11-23 09:00:00")
	d.clock("2026-11-23T09:00:00+05:00")
	if _, err := d.DecideOccurrences(t.Context()); err != nil {
		t.Fatal(err)
	}
	runnable := func() (n int) {
		d.inTx(func(tx *store.Tx) error {
			all, err := tx.RunnableOccurrences(t.Context(), 10)
			n = len(all)
			return err
		})
		return n
	}
	claim := func(owner string) (o store.Occurrence, err error) {
		err = d.Store.InTx(t.Context(), func(tx *store.Tx) (err error) {
			o, err = tx.ClaimOccurrence(t.Context(), 1, fire, owner, occurrenceLease)
			return err
		})
		return o, err
	}
	dead, err := claim("dead")
	d.must(err)
	d.clock("2026-11-23T09:00:08+05:00")
	renew := func() error {
		return d.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.RenewOccurrence(t.Context(), dead, "dead", occurrenceLease) })
	}
	d.must(renew())
	d.clock("2026-11-23T09:00:15+05:00")
	if _, err := claim("heir"); !errors.Is(err, store.ErrNotFound) || runnable() != 0 {
		t.Errorf("a fire that is renewed was taken: %v", err)
	}
	d.clock("2026-11-23T09:00:19+05:00") // 11 s after the last sign of life
	if runnable() != 1 {
		t.Error("the pass does not see the fire of the dead")
	}
	if _, err := claim("heir"); err != nil {
		t.Errorf("the heir: %v", err)
	}
	if err := renew(); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the dead renews: %v, want ErrFenced", err)
	}
	err = d.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.EndOccurrence(t.Context(), dead, "dead", "late", nil) })
	if !errors.Is(err, store.ErrFenced) {
		t.Errorf("the dead ends the fire: %v, want ErrFenced", err)
	}
}

// R9: a clock that jumps, forwards and back, makes no fire run twice, and schedules go on from the clock as it is.
func TestR9ClockJumps(t *testing.T) {
	for _, row := range []struct {
		why, away string
		fires     string // after the clock is back and a day has passed
	}{
		{"an hour ahead", "2026-11-23T10:30:00+05:00", "23 on_time, 24 on_time"},
		{"an hour back", "2026-11-23T08:30:00+05:00", "23 on_time, 24 on_time"},
		{"a day back", "2026-11-22T09:30:00+05:00", "23 on_time, 24 on_time"},
	} {
		d := newBoard(t)
		d.clock("2026-11-23T09:30:00+05:00")
		for _, clock := range []string{"2026-11-23T09:30:00+05:00", row.away, "2026-11-23T09:31:00+05:00", "2026-11-24T09:00:00+05:00"} {
			d.clock(clock)
			if _, err := d.RecountFires(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := d.DecideOccurrences(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := d.fired(); got != row.fires {
			t.Errorf("%s: got %q, want %q", row.why, got, row.fires)
		}
	}
	d := newBoard(t)
	d.clock("2036-11-23T12:00:00+05:00") // ten years ahead, and back
	if _, err := d.DecideOccurrences(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.clock("2026-11-23T09:10:00+05:00")
	if n, err := d.RecountFires(t.Context()); n != 1 || err != nil {
		t.Errorf("recounted %d schedules, %v; want 1: its next fire lay in 2036", n, err)
	}
	d.clock("2026-11-24T09:00:00+05:00")
	if n, err := d.DecideOccurrences(t.Context()); n != 1 || err != nil {
		t.Errorf("the day after: %d fires, %v; want 1", n, err)
	}
}
