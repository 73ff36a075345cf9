package acts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// claimed gives the fire of D at a moment to a worker, if it is to be had now, and leaves it unended.
func (d *desk) claimed(fire time.Time) bool {
	d.t.Helper()
	_, err := d.claim(fire)
	return err == nil
}

func (d *desk) claim(fire time.Time) (o store.Occurrence, err error) {
	err = d.Store.InTx(d.t.Context(), func(tx *store.Tx) error {
		o, err = tx.ClaimOccurrence(d.t.Context(), 1, fire, "test", occurrenceLease)
		return err
	})
	return o, err
}

// runnable lists the days of the fires that a pass would point workers at.
func (d *desk) runnable() string {
	d.t.Helper()
	var days []string
	d.inTx(func(tx *store.Tx) error {
		all, err := tx.RunnableOccurrences(d.t.Context(), 10)
		for _, o := range all {
			days = append(days, fmt.Sprint(o.FireAt.In(at(d.t, "2026-11-22 12:00:00").Location()).Day()))
		}
		return err
	})
	return strings.Join(days, " ")
}

// What becomes of a fire that comes while another of its schedule has not ended. Only fires of the schedule's own count:
// what somebody runs by hand or makes up for must not cost a report its turn.
func TestOverlap(t *testing.T) {
	for _, row := range []struct {
		why, overlap string
		before       func(d *desk) // on the 23rd at ten, when the fire of that day is decided and its worker has it
		fires        string        // on the 24th at nine
		runnable     string        // then, while nobody has ended anything
	}{
		{"the one before runs and the schedule skips", "skip", func(*desk) {}, "23 on_time, 24 skipped", ""},
		{"the one before runs and the schedule queues", "queue", func(*desk) {}, "23 on_time, 24 on_time", ""},
		{"the one before has ended, and somebody runs the schedule by hand", "skip", func(d *desk) {
			d.end("2026-11-23 09:00:00")
			_, err := d.RunSchedule(d.t.Context(), "D", "tester")
			d.must(err)
		}, "23 on_time, 23 manual, 24 on_time", "23 24"},
		{"the one before has ended, and fires of the past are made up for", "skip", func(d *desk) {
			d.end("2026-11-23 09:00:00")
			_, err := d.BackfillSchedule(d.t.Context(), BackfillRequest{Schedule: "D", From: at(d.t, "2026-11-20 00:00:00"), To: at(d.t, "2026-11-22 00:00:00")})
			d.must(err)
		}, "20 backfill, 21 backfill, 23 on_time, 24 on_time", "20 24"},
		{"somebody runs it by hand while the one before has not ended", "queue", func(d *desk) {
			_, err := d.RunSchedule(d.t.Context(), "D", "tester")
			d.must(err)
		}, "23 on_time, 23 manual, 24 on_time", "23"},
	} {
		d := newBoard(t)
		storetest.Exec(t, d.Store, `update schedule set overlap = $1`, row.overlap)
		d.clock("2026-11-23T09:00:00+05:00")
		d.decide()
		if !d.claimed(at(t, "2026-11-23 09:00:00")) {
			t.Fatalf("%s: the first fire is not to be had", row.why)
		}
		storetest.Exec(t, d.Store, `update schedule_occurrence set lease_until = '2026-12-01'`) // its worker lives
		d.clock("2026-11-23T10:00:00+05:00")
		row.before(d)
		d.clock("2026-11-24T09:00:00+05:00")
		d.decide()
		if got := d.fired(); got != row.fires {
			t.Errorf("%s: fires %q, want %q", row.why, got, row.fires)
		}
		if got := d.runnable(); got != row.runnable {
			t.Errorf("%s: to run now %q, want %q", row.why, got, row.runnable)
		}
	}
}

// A nudge is no leave to overtake: of fires that queue, or that are made up for together, each is to be had when the one
// before it has ended, whoever asks.
func TestFiresRunInTheirOrder(t *testing.T) {
	d := newBoard(t)
	storetest.Exec(t, d.Store, `update schedule set catch_up = 'all'`)
	d.clock("2026-11-25T12:00:00+05:00")
	d.decide()
	if got := d.fired(); got != "23 catch_up, 24 catch_up, 25 catch_up" {
		t.Fatalf("fires %q", got)
	}
	for day := 23; day <= 25; day++ {
		for later := day + 1; later <= 25; later++ {
			if d.claimed(at(t, fmt.Sprintf("2026-11-%d 09:00:00", later))) {
				t.Fatalf("the fire of the %d is to be had before that of the %d has ended", later, day)
			}
		}
		if got := d.runnable(); got != fmt.Sprint(day) {
			t.Fatalf("to run now %q, want that of the %d", got, day)
		}
		d.end(fmt.Sprintf("2026-11-%d 09:00:00", day))
	}
}

func (d *desk) decide() {
	d.t.Helper()
	_, err := d.DecideOccurrences(d.t.Context())
	d.must(err)
}

// end lets a worker claim and end the fire of a moment, which may be under a lease.
func (d *desk) end(fire string) {
	d.t.Helper()
	storetest.Exec(d.t, d.Store, `update schedule_occurrence set lease_until = null where fire_at = $1`, at(d.t, fire))
	o, err := d.claim(at(d.t, fire))
	d.must(err)
	d.inTx(func(tx *store.Tx) error { return tx.EndOccurrence(d.t.Context(), o, "test", "done", nil) })
}
