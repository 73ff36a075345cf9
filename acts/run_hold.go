package acts

import (
	"context"
	"errors"
	"fmt"

	"secretariat/reports"
	"secretariat/store"
)

// Held says what holding a run came to.
type Held struct {
	Run     int64
	Letters int // that were held back
	Gone    int // that had left already, or are past recall
}

// HoldRun keeps a run in review, or the letters of a released one that have not left, from going out.
func (a *Acts) HoldRun(ctx context.Context, id int64, why, actor string) (h Held, err error) {
	if why == "" {
		why = "held by " + actor
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		run, err := tx.LockRun(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return refuse(listRuns, "there is no run %d", id)
		} else if err != nil {
			return err
		}
		if run.State != store.RunReview && run.State != store.RunReleased {
			return refuse("only a run in review, or one whose letters have not all left, is held", "run %d is %s", id, run.State)
		}
		h = Held{Run: id}
		if h.Letters, err = tx.HoldRunLetters(ctx, id, runHeld); err != nil {
			return err
		}
		letters, err := lastLetters(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, d := range letters {
			if d.State != store.DeliverySuppressed {
				h.Gone++
			}
		}
		if h.Letters == 0 && run.State == store.RunReleased {
			return refuse(fmt.Sprintf("`secretariat reports show %d` says what became of each letter", id), "run %d has no letter left to hold: %d have left", id, h.Gone)
		}
		state := run.State
		run.State, run.Reason, run.ReviewUntil = store.RunHeld, why, nil
		if err := tx.ChangeRun(ctx, run); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "hold", runObject(id), map[string]any{"state": state}, map[string]any{"state": run.State, "why": why, "letters": h.Letters, "gone": h.Gone})
	})
	return h, err
}

// ReleaseReviewed releases the runs whose review window has ended. One that cannot be released is held with the reason, and
// its owner told.
func (a *Acts) ReleaseReviewed(ctx context.Context) error {
	var ids []int64
	err := a.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.ReviewedRuns(ctx, passLimit)
		return err
	})
	for _, id := range ids {
		_, failed := a.ReleaseRun(ctx, id, Release{}, "the end of the review")
		if failed == nil || errors.Is(failed, ErrRefused) { // another replica was faster, or somebody held it
			continue
		}
		if ctx.Err() != nil {
			return errors.Join(err, failed)
		}
		_, holding := a.HoldRun(ctx, id, "the release failed: "+failed.Error(), a.Replica)
		err = errors.Join(err, failed, holding, a.tellOwner(ctx, id))
	}
	return err
}

// tellOwner owes the owner of a report the letter that a run of it is held.
func (a *Acts) tellOwner(ctx context.Context, id int64) error {
	run, err := a.Run(ctx, id)
	if err != nil {
		return err
	}
	d, err := a.Reports.Definition(run.Report)
	if err != nil {
		d = &reports.Definition{Name: run.Report}
	}
	state, err := a.runState(ctx, Occasion{Report: run.Report, FireAt: run.AsOf})
	if err != nil {
		return err
	}
	plan := RunPlan{Letters: a.ownerLetter(state, d)}
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		_, err := a.owe(ctx, tx, run, plan.deliveries(run))
		return err
	})
}

// RunResent says which letters of a run go out again.
type RunResent struct {
	Run       int64
	Letters   []int64 // the new ones
	Uncertain int     // of which somebody must say first what became of them
}

// ResendRun sends the letters of a released run once more, each as a letter of its own: all that have ended, or only those
// that failed. Who unsubscribed gets none.
func (a *Acts) ResendRun(ctx context.Context, id int64, failedOnly bool, why, actor string) (r RunResent, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		run, err := theRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State != store.RunReleased {
			return refuse("only a released run has letters to resend", "run %d is %s", id, run.State)
		}
		latest, err := lastLetters(ctx, tx, id)
		if err != nil {
			return err
		}
		r = RunResent{Run: id, Letters: []int64{}}
		var owed []store.Delivery
		for _, d := range latest {
			switch {
			case d.State == store.DeliveryUncertain:
				r.Uncertain++
			case d.State == store.DeliveryFailed, !failedOnly && (d.State == store.DeliverySent || d.State == store.DeliveryExpired):
				owed = append(owed, resent(d, 1))
			}
		}
		if len(owed) == 0 {
			return nothingToResend(id, failedOnly, r.Uncertain)
		}
		made, err := a.owe(ctx, tx, run, owed)
		for _, d := range made {
			r.Letters = append(r.Letters, d.ID)
		}
		return errors.Join(err, tx.Audit(ctx, actor, "resend", runObject(id), nil, map[string]any{"failed": failedOnly, "why": why, "letters": r.Letters}))
	})
	return r, err
}

func nothingToResend(id int64, failedOnly bool, uncertain int) error {
	what := "has no letter that has ended"
	if failedOnly {
		what = "has no failed letter"
	}
	hint := fmt.Sprintf("`secretariat reports show %d` says what became of each letter", id)
	if uncertain > 0 {
		what += fmt.Sprintf("; %d are uncertain", uncertain)
		hint = "`secretariat outbox settle ID sent|dropped --why …` says first what became of those"
	}
	return refuse(hint, "run %d %s", id, what)
}
