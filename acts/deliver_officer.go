package acts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"secretariat/store"
)

// Outbox is what a listing of the outbox asks for; zero fields ask nothing.
type Outbox struct {
	State string
	Kind  string
	Limit int
}

// Deliveries lists the outbox in the order of the letters' moments.
func (a *Acts) Deliveries(ctx context.Context, o Outbox) (found []store.Delivery, err error) {
	f := store.DeliveryFilter{Limit: o.Limit}
	if o.State != "" {
		f.States = []string{o.State}
	}
	if o.Kind != "" {
		f.Kinds = []string{o.Kind}
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		found, err = tx.Deliveries(ctx, f)
		return err
	})
	for i := range found {
		a.complete(&found[i])
	}
	return found, err
}

// Delivery returns one row of the outbox with the log of its attempts.
func (a *Acts) Delivery(ctx context.Context, id int64) (d store.Delivery, log []store.Attempt, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if d, err = theDelivery(ctx, tx, id); err != nil {
			return err
		}
		log, err = tx.Attempts(ctx, id)
		return err
	})
	a.complete(&d)
	return d, log, err
}

// complete gives a Message-ID the domain that it gets when the letter is frozen.
func (a *Acts) complete(d *store.Delivery) {
	if d.MessageID != "" && !strings.Contains(d.MessageID, "@") {
		d.MessageID += "@" + a.domain()
	}
}

func theDelivery(ctx context.Context, tx *store.Tx, id int64) (store.Delivery, error) {
	d, err := tx.Delivery(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return d, refuse("secretariat outbox list shows the numbers", "no letter has the number %d", id)
	}
	return d, err
}

// Resend sends a letter that has ended once more, as a letter of its own: a new row with a new Message-ID that names the
// old one. It is built anew, and left out if it is no longer owed. It returns the number of the new row.
func (a *Acts) Resend(ctx context.Context, id int64, why, actor string) (newID int64, err error) {
	if why == "" {
		return 0, refuse("--why", "a letter is sent again for a reason")
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		old, err := theDelivery(ctx, tx, id)
		if err != nil {
			return err
		}
		switch old.State {
		case store.DeliverySent, store.DeliveryFailed, store.DeliveryExpired, store.DeliverySuppressed:
		case store.DeliveryUncertain:
			return refuse(fmt.Sprintf("secretariat outbox settle %d sent|dropped --why …; then resend it if it did not arrive", id), "letter %d is uncertain: say first what became of it", id)
		default:
			return refuse("it leaves by itself", "letter %d has not ended yet: it is %s", id, old.State)
		}
		again, err := tx.Deliveries(ctx, store.DeliveryFilter{ResendOf: id})
		if err != nil {
			return err
		}
		d := resent(old, len(again)+1)
		if old.ExpiresAt != nil && tx.Now.Before(*old.ExpiresAt) {
			d.ExpiresAt = old.ExpiresAt
		}
		rows, err := tx.InsertDeliveries(ctx, []store.Delivery{d})
		if err != nil {
			return err
		}
		if len(rows) != 1 {
			return refuse("secretariat outbox list", "letter %d was resent by somebody else at the same moment", id)
		}
		newID = rows[0].ID
		err = tx.Audit(ctx, actor, "resend", fmt.Sprintf("delivery %d", id), nil, map[string]any{"why": why, "as": newID})
		if err != nil || a.Enqueue == nil {
			return err
		}
		return a.Enqueue(ctx, tx, Nudge{Kind: "delivery", ID: newID})
	})
	return newID, err
}

// resent is the row of the n-th resending of a letter: the same occasion and recipient, nothing of the old attempt.
func resent(old store.Delivery, n int) store.Delivery {
	return store.Delivery{
		DedupeKey: fmt.Sprintf("%s:resend%d", old.DedupeKey, n), Kind: old.Kind, RunID: old.RunID, Variant: old.Variant,
		SessionID: old.SessionID, SessionRevision: old.SessionRevision, RuleRef: old.RuleRef, ActionItemID: old.ActionItemID,
		TimetableRule: old.TimetableRule, SubjectKey: old.SubjectKey, PersonID: old.PersonID, SeatID: old.SeatID,
		Address: old.Address, Name: old.Name, Language: old.Language, Timezone: old.Timezone, Priority: old.Priority, ResendOf: &old.ID,
	}
}

// Settle records what an officer found out about an uncertain letter: outcome is "sent" or "dropped".
func (a *Acts) Settle(ctx context.Context, id int64, outcome, why, actor string) error {
	step, ok := map[string]string{"sent": "confirm", "dropped": "drop"}[outcome]
	if !ok {
		return refuse("sent: it arrived; dropped: it did not and is given up", "%q is not an outcome", outcome)
	}
	if why == "" {
		return refuse("--why", "a letter is settled for a reason")
	}
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		d, err := theDelivery(ctx, tx, id)
		if err != nil {
			return err
		}
		err = tx.ResolveDelivery(ctx, id, step, why)
		if errors.Is(err, store.ErrNotFound) {
			return refuse("only uncertain letters are settled by hand", "letter %d is %s", id, d.State)
		}
		if err != nil {
			return err
		}
		line := store.Attempt{DeliveryID: id, Attempt: d.Attempts, Stage: "settle", Text: fmt.Sprintf("%s by %s: %s", outcome, actor, why), Replica: a.Replica}
		return errors.Join(tx.AddAttempt(ctx, line), tx.Audit(ctx, actor, "settle", fmt.Sprintf("delivery %d", id), nil, map[string]any{"outcome": outcome, "why": why}))
	})
}
