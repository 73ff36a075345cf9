package acts

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"secretariat/calendar"
	"secretariat/store"
)

const (
	// catchUpLimit is how many missed fires a schedule with catch_up "all" makes up for.
	catchUpLimit = 20
	// listedSkips is how many fires passed over in one go have a row each; more are told by one row.
	listedSkips = 50
	// countedSkips bounds the counting of fires older than the deadline: a schedule of every minute has half a million in
	// a year.
	countedSkips = 10_000
	// occurrenceLease is for how long a worker owns a fire; it is longer than any report takes.
	occurrenceLease = 10 * time.Minute
	// keepTaskFires is how long the fires of tasks are kept; those of reports are kept for good.
	keepTaskFires = 7 * 24 * time.Hour
)

// timing is a schedule's text read into values.
type timing struct {
	spec                    calendar.Spec
	grace, deadline, jitter time.Duration
	offset                  time.Duration // within the jitter, the same for every fire
	catchUp                 string
}

func readTiming(s store.DueSchedule) (timing, error) {
	spec, err := calendar.ParseSpec(s.Spec, s.Timezone, calendar.SpecOptions{})
	t := timing{spec: spec, catchUp: s.CatchUp}
	for _, f := range []struct {
		text string
		into *time.Duration
	}{{s.Grace, &t.grace}, {s.Deadline, &t.deadline}, {s.Jitter, &t.jitter}} {
		span, spanErr := calendar.ParseSpan(f.text)
		*f.into, err = span.Duration(), errors.Join(err, spanErr)
	}
	if t.jitter > 0 {
		h := fnv.New64a()
		h.Write([]byte(s.Ref))
		t.offset = (time.Duration(h.Sum64()%uint64(t.jitter)) / time.Second) * time.Second
	}
	if err != nil {
		return t, fmt.Errorf("schedule %s: %w", s.Ref, err)
	}
	return t, nil
}

// fires decides every fire of a schedule from its next one up to now, oldest first, and returns the fire after now (zero
// for never). Fires older than the deadline are passed over without being listed one by one.
func (t timing) fires(first, now time.Time) (decided []store.Occurrence, next time.Time) {
	at, older := first, 0
	for ; !at.IsZero() && now.Sub(at) > t.deadline; at = t.spec.Next(at) {
		if older == countedSkips {
			at = t.spec.Next(now.Add(-t.deadline - time.Second))
			break
		}
		older++
		decided = append(decided, store.Occurrence{FireAt: at, Decision: store.Skipped, Reason: "past its deadline"})
	}
	for ; !at.IsZero() && !at.After(now); at = t.spec.Next(at) {
		decided = append(decided, t.decide(at, now))
	}
	t.chooseMissed(decided)
	return summarised(decided, older == countedSkips), at
}

// decide says what one fire comes to, those missed aside.
func (t timing) decide(at, now time.Time) store.Occurrence {
	o := store.Occurrence{FireAt: at, Decision: store.OnTime, NotBefore: at.Add(t.offset)}
	if now.Sub(at) > t.grace {
		o.Decision = store.CatchUp
	}
	return o
}

// chooseMissed leaves of the fires met late those that the catch-up rule runs.
func (t timing) chooseMissed(decided []store.Occurrence) {
	limit, reason := 0, "missed; catch_up is skip"
	later := 0 // fires after the one looked at that run
	switch t.catchUp {
	case "latest":
		limit, reason = 1, "missed; a later one covers it"
	case "all":
		limit, reason = catchUpLimit, fmt.Sprintf("missed; over the limit of %d", catchUpLimit)
	}
	for i := len(decided) - 1; i >= 0; i-- {
		if decided[i].Decision == store.CatchUp && later >= limit {
			decided[i].Decision, decided[i].Reason = store.Skipped, reason
		}
		if decided[i].Decision != store.Skipped {
			later++
		}
	}
}

// summarised lets one row stand for a long run of skipped fires. uncounted says that there were more than were listed.
func summarised(decided []store.Occurrence, uncounted bool) []store.Occurrence {
	skipped := 0
	for _, o := range decided {
		if o.Decision == store.Skipped {
			skipped++
		}
	}
	if skipped <= listedSkips {
		return decided
	}
	var kept []store.Occurrence
	passed := 0
	for i, o := range decided {
		if o.Decision == store.Skipped && i+1 < len(decided) && decided[i+1].Decision == store.Skipped {
			passed++
			continue
		}
		if o.Decision == store.Skipped {
			o.SkippedBefore, passed = passed, 0
			if uncounted {
				o.Reason += "; there were more before"
			}
		}
		kept = append(kept, o)
	}
	return kept
}

// DecideOccurrences decides every fire that is due and returns how many it decided. Every replica does this each second;
// what one of them holds the others leave alone.
func (a *Acts) DecideOccurrences(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := a.decideOne(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		total += n
	}
}

// decideOne decides the fires of one schedule in one transaction.
func (a *Acts) decideOne(ctx context.Context) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		n = 0
		s, err := tx.LockDueSchedule(ctx)
		if err != nil {
			return err
		}
		t, err := readTiming(s)
		if err != nil {
			// The file was checked when it was applied; a zone may have gone since. Others must not wait for this one.
			return errors.Join(tx.SetNextFire(ctx, s.ID, nil), tx.Audit(ctx, a.Replica, "schedule-broken", s.Ref, nil, map[string]string{"error": err.Error()}))
		}
		decided, next := t.fires(s.NextFireAt.In(t.spec.Zone()), tx.Now)
		busy, err := tx.OccurrenceUnderWay(ctx, s.ID)
		if err != nil {
			return err
		}
		for _, o := range decided {
			if err := a.recordFire(ctx, tx, s, o, busy && s.Overlap == "skip"); err != nil {
				return err
			}
			n++
		}
		if next.IsZero() {
			return tx.SetNextFire(ctx, s.ID, nil)
		}
		return tx.SetNextFire(ctx, s.ID, &next)
	})
	return n, err
}

// recordFire writes a decided fire, and nudges a worker when it is to run now. overlaps says that an earlier fire has not
// ended and the schedule skips what would overlap it.
func (a *Acts) recordFire(ctx context.Context, tx *store.Tx, s store.DueSchedule, o store.Occurrence, overlaps bool) error {
	o.ScheduleID = s.ID
	if o.NotBefore.IsZero() {
		o.NotBefore = o.FireAt
	}
	if overlaps && o.Decision != store.Skipped {
		o.Decision, o.Reason = store.Skipped, "the one before had not ended"
	}
	fresh, err := tx.InsertOccurrence(ctx, o, a.Replica)
	if err != nil || !fresh || o.Decision == store.Skipped || o.NotBefore.After(tx.Now) {
		return err
	}
	return a.Enqueue(ctx, tx, Nudge{Kind: "occurrence", ID: s.ID, FireAt: o.FireAt})
}
