package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/store"
)

// Schedules lists the schedules by ref.
func (a *Acts) Schedules(ctx context.Context) (all []store.DueSchedule, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		all, err = tx.DueSchedules(ctx)
		return err
	})
	return all, err
}

// Schedule returns the schedule of a ref.
func (a *Acts) Schedule(ctx context.Context, ref string) (s store.DueSchedule, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err = a.lockSchedule(ctx, tx, ref)
		return err
	})
	return s, err
}

// NextFire is a fire to come. RunsAt is when it runs, which is another day where it falls on a holiday that its schedule
// keeps, and later by its jitter; zero where it does not run. Note says why.
type NextFire struct {
	FireAt, RunsAt time.Time
	Note           string
}

// NextFires returns the next n fires of a schedule after a moment, as they will be decided. A holiday on which the schedule
// fires all the same is noted too.
func (a *Acts) NextFires(ctx context.Context, ref string, after time.Time, n int) (fires []NextFire, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		fires = nil
		s, err := a.lockSchedule(ctx, tx, ref)
		if err != nil {
			return err
		}
		c, err := loadCivil(ctx, tx)
		if err != nil {
			return err
		}
		t, err := readTiming(s, c)
		if err != nil {
			return err
		}
		for at := range t.spec.Fires(after) {
			if len(fires) == n {
				break
			}
			fires = append(fires, t.foreseen(at))
		}
		return nil
	})
	return fires, err
}

// foreseen says what will become of a fire that is met in time.
func (t timing) foreseen(at time.Time) NextFire {
	due, runs, why := t.due(at)
	f := NextFire{FireAt: at, RunsAt: due, Note: why}
	if !runs {
		f.RunsAt, f.Note = time.Time{}, "skipped: "+why
	}
	if day := calendar.Day(at.In(t.spec.Zone())); why == "" && t.civil.work.Off(day) {
		f.Note = t.civil.holiday(day)
	}
	if runs && t.offset > 0 {
		f.RunsAt = due.Add(t.offset)
		f.Note = joined(f.Note, "runs "+t.offset.String()+" later (jitter)")
	}
	return f
}

func joined(x, y string) string {
	if x == "" {
		return y
	}
	return x + "; " + y
}

// Occurrences lists the fires of a schedule, or with ref "" of all, the latest first; at most limit, or with 0 all.
func (a *Acts) Occurrences(ctx context.Context, ref string, limit int) (all []store.Occurrence, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		all, err = tx.Occurrences(ctx, ref, limit)
		return err
	})
	return all, err
}

// Zone returns the programme's time zone, UTC when no programme has been applied yet.
func (a *Acts) Zone(ctx context.Context) (zone *time.Location, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		info, err := tx.ProgrammeInfo(ctx)
		if errors.Is(err, store.ErrNotFound) {
			zone = time.UTC
			return nil
		}
		if err != nil {
			return err
		}
		if zone, err = calendar.LoadZone(info.Timezone); err != nil {
			err = fmt.Errorf("programme: %w", err)
		}
		return err
	})
	return zone, err
}

// StartClock sets the clock of a demonstration to a moment, unless it was set before and is past it: a clock that ran
// backwards would make what was done undone. It returns what the clock shows then.
func (a *Acts) StartClock(ctx context.Context, start time.Time) (time.Time, error) {
	now, err := a.Store.Now(ctx)
	if err != nil {
		return now, err
	}
	// A clock that was never set shows the real time, which may be later than the demonstration's.
	if set, err := a.Store.ClockSet(ctx); err != nil || set && !now.Before(start) {
		return now, err
	}
	return start, a.Store.SetClock(ctx, start)
}
