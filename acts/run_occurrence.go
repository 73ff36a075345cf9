package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/store"
)

// RunOccurrence runs the report or task of a fire under a lease and records what it came to. A fire that another worker
// has, or that has ended, is left alone. One that fails is tried again later, until its deadline.
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
	outcome, failed := a.runOccurrence(ctx, o)
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

// retryFire returns when a failed fire is tried again: after a minute, then twice as long each time up to an hour; nil
// after ten attempts, which are more than five hours.
func retryFire(o store.Occurrence, now time.Time) *time.Time {
	if o.Attempts >= 10 {
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

// PauseSchedule stops a schedule from firing. Fires that would have come meanwhile never come.
func (a *Acts) PauseSchedule(ctx context.Context, ref, actor string) error {
	return a.changeSchedule(ctx, ref, actor, "pause", func(s store.DueSchedule, _ time.Time) (bool, *time.Time, error) {
		return true, nil, nil
	})
}

// ResumeSchedule lets a paused schedule fire again, from now on: it never fires backwards.
func (a *Acts) ResumeSchedule(ctx context.Context, ref, actor string) error {
	return a.changeSchedule(ctx, ref, actor, "resume", func(s store.DueSchedule, now time.Time) (bool, *time.Time, error) {
		spec, err := calendar.ParseSpec(s.Spec, s.Timezone, calendar.SpecOptions{})
		next := spec.Next(now)
		return false, &next, err
	})
}

func (a *Acts) changeSchedule(ctx context.Context, ref, actor, verb string, change func(store.DueSchedule, time.Time) (paused bool, next *time.Time, err error)) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := a.lockSchedule(ctx, tx, ref)
		if err != nil {
			return err
		}
		paused, next, err := change(s, tx.Now)
		if err != nil {
			return fmt.Errorf("%s schedule %s: %w", verb, ref, err)
		}
		if paused == (s.PausedAt != nil) {
			return refuse("", "schedule %s: nothing to %s", ref, verb)
		}
		if err := tx.PauseSchedule(ctx, s.ID, paused, next); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, verb, "schedule "+ref, nil, nil)
	})
}

// RunSchedule makes a schedule run now, beside its fires, and returns the moment that stands for the fire.
func (a *Acts) RunSchedule(ctx context.Context, ref, actor string) (fireAt time.Time, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := a.lockSchedule(ctx, tx, ref)
		if err != nil {
			return err
		}
		fireAt = tx.Now.Truncate(time.Second)
		o := store.Occurrence{ScheduleID: s.ID, FireAt: fireAt, Decision: store.Manual, Reason: "asked for by " + actor, NotBefore: fireAt}
		fresh, err := tx.InsertOccurrence(ctx, o, a.Replica)
		if err != nil {
			return err
		}
		if !fresh {
			return refuse("wait a second", "schedule %s has a fire at this very second", ref)
		}
		return errors.Join(a.Enqueue(ctx, tx, Nudge{Kind: "occurrence", ID: s.ID, FireAt: fireAt}), tx.Audit(ctx, actor, "run", "schedule "+ref, nil, nil))
	})
	return fireAt, err
}

func (a *Acts) lockSchedule(ctx context.Context, tx *store.Tx, ref string) (store.DueSchedule, error) {
	s, err := tx.LockSchedule(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return s, refuse("secretariat schedules list names them", "no schedule has the ref %q", ref)
	}
	return s, err
}
