package acts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"secretariat/store"
)

// keepTaskFires is how long the fires of tasks are kept; those of reports are kept for good.
const keepTaskFires = 7 * 24 * time.Hour

// loadCivil reads the programme's holidays. Before a programme was applied there are none.
func loadCivil(ctx context.Context, tx *store.Tx) (civil, error) {
	info, err := tx.ProgrammeInfo(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return civil{}, nil
	}
	if err != nil {
		return civil{}, err
	}
	holidays, err := tx.Holidays(ctx)
	return civilOf(info, holidays), err
}

// timingOf reads the text of a schedule. Only those that need them look at the holidays.
func timingOf(ctx context.Context, tx *store.Tx, s store.DueSchedule) (timing, error) {
	var c civil
	if s.Holiday != "send" || strings.Contains(strings.ToLower(s.Spec), "working") {
		var err error
		if c, err = loadCivil(ctx, tx); err != nil {
			return timing{}, err
		}
	}
	t, err := readTiming(s, c)
	if err != nil {
		return t, &brokenSchedule{err}
	}
	return t, nil
}

// brokenSchedule is the error about a schedule that cannot be read. Files are checked when they are applied; a zone may
// have gone since.
type brokenSchedule struct{ error }

func (b *brokenSchedule) Unwrap() error { return b.error }

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
		s, err := tx.LockDueSchedule(ctx)
		if err == nil {
			n, err = a.decideDue(ctx, tx, s)
		}
		return err
	})
	return n, err
}

// decideDue decides the fires of a locked schedule that are due. A schedule that cannot be read stops firing, with a line
// in the audit log: others must not wait for it.
func (a *Acts) decideDue(ctx context.Context, tx *store.Tx, s store.DueSchedule) (n int, err error) {
	if s.NextFireAt == nil || s.NextFireAt.After(tx.Now) || s.PausedAt != nil || !s.Enabled {
		return 0, nil
	}
	t, err := timingOf(ctx, tx, s)
	var broken *brokenSchedule
	if errors.As(err, &broken) {
		return 0, errors.Join(tx.SetNextFire(ctx, s.ID, nil), tx.Audit(ctx, a.Replica, "schedule-broken", s.Ref, nil, map[string]string{"error": err.Error()}))
	}
	if err != nil {
		return 0, err
	}
	decided, next := t.fires(s.NextFireAt.In(t.spec.Zone()), tx.Now)
	busy, err := tx.OccurrenceUnderWay(ctx, s.ID)
	if err != nil {
		return 0, err
	}
	for _, o := range decided {
		if err := a.recordFire(ctx, tx, s, o, busy && s.Overlap == "skip"); err != nil {
			return n, err
		}
		n++
	}
	return n, tx.SetNextFire(ctx, s.ID, orNever(next))
}

// orNever is a moment as the column of the next fire has it: nil for the zero time.
func orNever(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
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
	if err != nil || !fresh || o.Decision == store.Skipped || o.NotBefore.After(tx.Now) || a.Enqueue == nil {
		return err
	}
	return a.Enqueue(ctx, tx, Nudge{Kind: "occurrence", ID: s.ID, FireAt: o.FireAt})
}

// RecountFires counts anew, from now, when every schedule fires next, and returns how many schedules that changed. Fires
// that are due are left to the pass. It is for what moves fires without touching a schedule: holidays, and a clock that
// was set back, after which a next fire may lie years ahead.
func (a *Acts) RecountFires(ctx context.Context) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		n, err = recountFires(ctx, tx)
		return err
	})
	return n, err
}

func recountFires(ctx context.Context, tx *store.Tx) (n int, err error) {
	all, err := tx.DueSchedules(ctx)
	if err != nil {
		return 0, err
	}
	c, err := loadCivil(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if !s.Enabled || s.PausedAt != nil || s.NextFireAt != nil && !s.NextFireAt.After(tx.Now) {
			continue
		}
		t, err := readTiming(s, c)
		if err != nil {
			continue // it is broken already, or will be found so when it is due
		}
		next := orNever(t.spec.Next(tx.Now))
		if next == nil && s.NextFireAt == nil || next != nil && s.NextFireAt != nil && next.Equal(*s.NextFireAt) {
			continue
		}
		if err := tx.SetNextFire(ctx, s.ID, next); err != nil {
			return n, fmt.Errorf("recount fires: %w", err)
		}
		n++
	}
	return n, nil
}
