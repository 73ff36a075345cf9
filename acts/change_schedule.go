package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/store"
)

// PauseSchedule stops a schedule from firing. A fire whose time has come is decided first; fires that would have come
// meanwhile never come.
func (a *Acts) PauseSchedule(ctx context.Context, ref, actor string) error {
	return a.changeSchedule(ctx, ref, actor, "pause", func(_ *store.Tx, _ store.DueSchedule) (bool, *time.Time, error) {
		return true, nil, nil
	})
}

// ResumeSchedule lets a paused schedule fire again, from now on: it never fires backwards.
func (a *Acts) ResumeSchedule(ctx context.Context, ref, actor string) error {
	return a.changeSchedule(ctx, ref, actor, "resume", func(tx *store.Tx, s store.DueSchedule) (bool, *time.Time, error) {
		if !s.Enabled {
			return false, nil, nil
		}
		t, err := timingOf(ctx, tx, s)
		return false, orNever(t.spec.Next(tx.Now)), err
	})
}

func (a *Acts) changeSchedule(ctx context.Context, ref, actor, verb string, change func(*store.Tx, store.DueSchedule) (paused bool, next *time.Time, err error)) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := a.lockSchedule(ctx, tx, ref)
		if err != nil {
			return err
		}
		paused, next, err := change(tx, s)
		if err != nil {
			return fmt.Errorf("%s schedule %s: %w", verb, ref, err)
		}
		switch {
		case paused && s.PausedAt != nil:
			return refuse("secretariat schedules resume "+ref, "schedule %s is paused already", ref)
		case !paused && s.PausedAt == nil && !s.Enabled:
			return refuse("apply a programme file in which it has enabled: true", "schedule %s is not paused: the programme file has it off", ref)
		case !paused && s.PausedAt == nil:
			return refuse("secretariat schedules list shows when it fires next", "schedule %s is not paused", ref)
		}
		if _, err := a.decideDue(ctx, tx, s); err != nil {
			return err
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
