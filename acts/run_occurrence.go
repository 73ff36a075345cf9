package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/store"
)

const (
	// occurrenceLease is for how long a worker owns a fire that it says nothing about. A replica that dies with a fire in
	// hand is followed by another this much later.
	occurrenceLease = 10 * time.Second
	// occurrenceBeat is how often a worker says that it still has its fire: three may be lost.
	occurrenceBeat = 3 * time.Second
	// occurrenceTries is how often a fire that fails is run.
	occurrenceTries = 10
)

// RunOccurrence runs the report or task of a fire under a lease and records what it came to. A fire that another worker
// has, or that has ended, is left alone. One that fails is tried again later.
func (a *Acts) RunOccurrence(ctx context.Context, scheduleID int64, fireAt time.Time) error {
	var o store.Occurrence
	err := a.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		o, err = tx.ClaimOccurrence(ctx, scheduleID, fireAt, a.Replica, occurrenceLease)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	held, release := a.keepOccurrence(ctx, o)
	outcome, failed := a.runOccurrence(held, o)
	release()
	if errors.Is(context.Cause(held), store.ErrFenced) {
		return fmt.Errorf("run schedule %s at %s: %w", o.Schedule, o.FireAt.Format(time.RFC3339), store.ErrFenced)
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		var retry *time.Time
		if failed != nil {
			outcome = failed.Error()
			retry = retryFire(o, tx.Now)
		}
		return tx.EndOccurrence(ctx, o, a.Replica, outcome, retry)
	})
	return errors.Join(failed, err)
}

// keepOccurrence renews the lease of a claimed fire until release. When the fire is somebody else's by then, the context
// ends with the cause ErrFenced; what cannot be asked is asked again at the next beat.
func (a *Acts) keepOccurrence(ctx context.Context, o store.Occurrence) (held context.Context, release func()) {
	held, lose := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		beat := time.NewTicker(occurrenceBeat)
		defer beat.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-beat.C:
			}
			err := a.Store.InTx(held, func(tx *store.Tx) error { return tx.RenewOccurrence(held, o, a.Replica, occurrenceLease) })
			if errors.Is(err, store.ErrFenced) {
				lose(store.ErrFenced)
			}
		}
	}()
	return held, func() { lose(nil); <-done }
}

// retryFire returns when a failed fire is tried again: after a minute, then twice as long each time up to an hour; nil
// after ten attempts, which are more than five hours.
func retryFire(o store.Occurrence, now time.Time) *time.Time {
	if o.Attempts >= occurrenceTries {
		return nil
	}
	at := now.Add(min(time.Minute<<(o.Attempts-1), time.Hour))
	return &at
}

// runOccurrence does the work of a claimed fire and says in words what it came to.
func (a *Acts) runOccurrence(ctx context.Context, o store.Occurrence) (string, error) {
	switch {
	case o.Report != "":
		r, err := a.RunReport(ctx, Occasion{Schedule: o.ScheduleID, Report: o.Report, FireAt: o.FireAt})
		return fmt.Sprintf("%s, %d letters", r.State, r.Letters), err
	case o.Task == "reminders":
		r, err := a.PlanReminders(ctx)
		return r.String(), err
	case o.Task == "request-updates":
		n, err := a.RequestUpdates(ctx, o.FireAt)
		return fmt.Sprintf("%d letters", n), err
	default:
		return "", fmt.Errorf("schedule %s: no task is called %q", o.Schedule, o.Task)
	}
}
