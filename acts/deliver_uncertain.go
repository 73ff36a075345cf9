package acts

import (
	"context"
	"errors"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// uncertainAtOnce is how many uncertain letters one round looks at.
const uncertainAtOnce = 1000

// SettleUncertain settles the letters whose fate is unknown, as far as the rule goes. Not before the quiet period, when
// the relay can no longer be taking them in, the oracle is asked: what arrived is sent, what did not is sent anew. Where
// there is none, letters about sessions, actions and duties are sent once more while they have a point, because late twice
// is better than never; reports wait for an officer. Such a letter that would lose its point within the quiet period does
// not wait for it. A letter sent anew keeps its row and its Message-ID.
func (a *Acts) SettleUncertain(ctx context.Context) error {
	var waiting []store.Delivery
	var now time.Time
	err := a.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		waiting, err = tx.UncertainDeliveries(ctx, now.Add(-a.quietPeriod()), now.Add(a.quietPeriod()), uncertainAtOnce)
		return err
	})
	for _, d := range waiting {
		if err != nil {
			break
		}
		var step, reason string
		if step, reason, err = a.fate(ctx, d, now); step == "" {
			continue
		}
		err = a.Store.InTx(ctx, func(tx *store.Tx) error {
			if err := tx.ResolveDelivery(ctx, d.ID, step, reason); err != nil {
				return err
			}
			return tx.AddAttempt(ctx, store.Attempt{DeliveryID: d.ID, Attempt: d.Attempts, Stage: "settle", Text: step + ": " + reason, Replica: a.Replica})
		})
		if errors.Is(err, store.ErrNotFound) {
			err = nil // another replica or an officer was first
		}
	}
	return err
}

// fate says what is to become of an uncertain letter; step "" leaves it as it is.
func (a *Acts) fate(ctx context.Context, d store.Delivery, now time.Time) (step, reason string, err error) {
	quietUntil := d.UpdatedAt.Add(a.quietPeriod())
	pointless := d.ExpiresAt != nil && !now.Before(*d.ExpiresAt)
	again := !d.WasUncertain && !pointless && sentTwiceIsHarmless(d.Kind)
	if now.Before(quietUntil) { // the relay may still be taking it in: asked now, an oracle would deny what arrives later
		if again && d.ExpiresAt != nil && d.ExpiresAt.Before(quietUntil) {
			return "send anew", "sent once more, as it loses its point before anybody can tell whether it arrived", nil
		}
		return "", "", nil
	}
	if a.Oracle != nil {
		arrival, err := a.Oracle.Accepted(ctx, d.MessageID, d.UpdatedAt)
		switch {
		case err != nil:
			return "", "", err
		case arrival.Known && arrival.Accepted:
			return "confirm", arrival.Word, nil
		case arrival.Known:
			return "send anew", arrival.Word, nil
		}
	}
	if !again {
		return "", "", nil
	}
	return "send anew", "sent once more, as nobody can tell whether it arrived", nil
}

// Oracles are asked in their order; the first that knows answers.
type Oracles []Oracle

// Accepted implements Oracle. One that fails does not keep the others from being asked.
func (o Oracles) Accepted(ctx context.Context, messageID string, lost time.Time) (arrival mail.Arrival, err error) {
	for _, one := range o {
		var fault error
		if arrival, fault = one.Accepted(ctx, messageID, lost); fault == nil && arrival.Known {
			return arrival, nil
		}
		err = errors.Join(err, fault)
	}
	return mail.Arrival{}, err
}

// sentTwiceIsHarmless reports whether a second copy does less harm than none: an invitation with the same UID and
// SEQUENCE changes nothing in a calendar, and a reminder read twice is read.
func sentTwiceIsHarmless(kind string) bool {
	switch kind {
	case "report", "nothing-to-report", "report-held":
		return false
	}
	return true
}
