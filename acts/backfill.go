package acts

import (
	"context"
	"errors"
	"slices"
	"time"

	"secretariat/store"
)

// maxBackfill bounds how many fires one backfill runs: each writes to all readers.
const maxBackfill = 366

// Backfill is the fires of a schedule between two moments, both included.
type Backfill struct {
	Run []time.Time // run, or to be run: never decided, or skipped
	Ran []time.Time // left alone, since they ran or are about to
}

// BackfillRequest says which fires of the past shall be made up for.
type BackfillRequest struct {
	Schedule string
	From, To time.Time
	DryRun   bool // look, and change nothing
	Actor    string
}

// BackfillSchedule runs the fires of the past that did not run, each for its own period. Those that did are left alone, so
// that doing it twice changes nothing the second time.
func (a *Acts) BackfillSchedule(ctx context.Context, r BackfillRequest) (b Backfill, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := a.lockSchedule(ctx, tx, r.Schedule)
		if err != nil {
			return err
		}
		if b, err = backfill(ctx, tx, s, r); err != nil || r.DryRun {
			return err
		}
		for _, at := range b.Run {
			if _, err := tx.FillOccurrence(ctx, s.ID, at, "asked for by "+r.Actor, a.Replica); err != nil {
				return err
			}
		}
		if len(b.Run) == 0 {
			return nil
		}
		// The first is nudged; each of the others follows the one before it, by the pass.
		return errors.Join(a.Enqueue(ctx, tx, Nudge{Kind: "occurrence", ID: s.ID, FireAt: b.Run[0]}),
			tx.Audit(ctx, r.Actor, "backfill", "schedule "+s.Ref, nil, map[string]any{"from": r.From, "to": r.To, "fires": len(b.Run)}))
	})
	return b, err
}

// backfill finds what is to be run.
func backfill(ctx context.Context, tx *store.Tx, s store.DueSchedule, r BackfillRequest) (b Backfill, err error) {
	switch {
	case r.To.Before(r.From):
		return b, refuse("", "--to %s is before --from %s", r.To.Format(time.RFC3339), r.From.Format(time.RFC3339))
	case r.To.After(tx.Now):
		return b, refuse("backfill is for the past; fires to come need no help", "--to %s has not come yet", r.To.Format(time.RFC3339))
	}
	t, err := timingOf(ctx, tx, s)
	if err != nil {
		return b, err
	}
	ran, err := tx.RanOccurrences(ctx, s.ID, r.From, r.To)
	if err != nil {
		return b, err
	}
	for at := range t.spec.Fires(r.From.Add(-time.Nanosecond)) {
		if at.After(r.To) || at.After(tx.Now) {
			break
		}
		if slices.ContainsFunc(ran, at.Equal) {
			b.Ran = append(b.Ran, at)
			continue
		}
		if s.NextFireAt != nil && !at.Before(*s.NextFireAt) && s.PausedAt == nil && s.Enabled {
			b.Ran = append(b.Ran, at) // it is due, and the pass is about to decide it
			continue
		}
		if b.Run = append(b.Run, at); len(b.Run) > maxBackfill {
			return b, refuse("take a shorter time", "schedule %s fired more than %d times from %s to %s", s.Ref, maxBackfill, r.From.Format(time.DateOnly), r.To.Format(time.DateOnly))
		}
	}
	return b, nil
}
