package acts

import (
	"context"
	"time"

	"secretariat/store"
)

const (
	passLimit  = 500             // rows of a kind that one pass takes up, so that a pass stays short under a backlog
	nudgeAgain = 5 * time.Second // a nudge that nobody followed in this time is taken for lost
)

// PassCounts says what a pass did.
type PassCounts struct {
	Fires     int // decided
	Nudged    int // letters and fires
	Expired   int
	Released  int // taken back from senders that did not come back, provably unsent
	Uncertain int // of these, those whose fate is unknown
}

// Pass does one round over what is due: it decides fires, ends letters that lost their point, takes letters back whose
// lease has ended, settles uncertain ones by the rule, and nudges workers to what is due. Every replica does it; none
// waits for another.
func (a *Acts) Pass(ctx context.Context) (c PassCounts, err error) {
	if c.Fires, err = a.DecideOccurrences(ctx); err != nil {
		return c, err
	}
	if err := a.ReleaseReviewed(ctx); err != nil {
		return c, err
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if c.Expired, err = tx.ExpireDeliveries(ctx, passLimit); err != nil {
			return err
		}
		if _, err := tx.PromoteDeliveries(ctx, passLimit); err != nil {
			return err
		}
		swept, err := tx.SweepDeliveries(ctx, a.Replica, a.crashLimit(), passLimit)
		if err != nil {
			return err
		}
		c.Released, c.Uncertain = len(swept.Released), len(swept.Uncertain)
		_, err = tx.ForgetOccurrences(ctx, tx.Now.Add(-keepTaskFires), passLimit)
		return err
	})
	if err != nil {
		return c, err
	}
	if err := a.SettleUncertain(ctx); err != nil {
		return c, err
	}
	c.Nudged, err = a.nudgeDue(ctx)
	return c, err
}

// nudgeDue points workers at all that is due.
func (a *Acts) nudgeDue(ctx context.Context) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		relay, err := tx.Relay(ctx)
		if err != nil {
			return err
		}
		letters, err := tx.NudgeDeliveries(ctx, nudgeAgain, a.holds(), a.nudgeLimit(relay, tx.Now))
		if err != nil {
			return err
		}
		fires, err := tx.RunnableOccurrences(ctx, passLimit)
		if err != nil {
			return err
		}
		var nudges []Nudge
		for _, d := range letters {
			nudges = append(nudges, Nudge{Kind: "delivery", ID: d.ID, Urgency: d.Priority})
		}
		for _, o := range fires {
			nudges = append(nudges, Nudge{Kind: "occurrence", ID: o.ScheduleID, FireAt: o.FireAt})
		}
		n = len(nudges)
		return a.Enqueue(ctx, tx, nudges...)
	})
	return n, err
}

// Busy reports whether anything is due that has not been worked on to its end or to a later moment.
func (a *Acts) Busy(ctx context.Context) (busy bool, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		_, busy, err = a.nextDue(ctx, tx, tx.Now)
		if err != nil || busy {
			return err
		}
		running, err := tx.RunningOccurrences(ctx)
		if busy = running > 0; err != nil || busy {
			return err
		}
		states, err := tx.CountDeliveries(ctx, store.DeliverySending, store.DeliveryCommitting)
		busy = states[store.DeliverySending]+states[store.DeliveryCommitting] > 0
		return err
	})
	return busy, err
}

// NextDue returns the earliest moment until which something becomes due: a schedule fires, a letter's moment comes, a
// retry is due. ok is false when there is none.
func (a *Acts) NextDue(ctx context.Context, until time.Time) (at time.Time, ok bool, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		at, ok, err = a.nextDue(ctx, tx, until)
		return err
	})
	return at, ok, err
}

func (a *Acts) nextDue(ctx context.Context, tx *store.Tx, until time.Time) (at time.Time, ok bool, err error) {
	fire, fires, err := tx.NextFire(ctx, until)
	if err != nil {
		return at, false, err
	}
	letter, letters, err := tx.NextDelivery(ctx, until, a.holds())
	if err != nil {
		return at, false, err
	}
	if fires && (!letters || fire.Before(letter)) {
		return fire, true, nil
	}
	return letter, letters, nil
}
