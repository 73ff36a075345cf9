package acts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// delivered is what became of a delivery that was looked at.
type delivered string

const (
	untouched delivered = "untouched" // nothing to do: taken by another, not due, or the relay rests
	built     delivered = "built"     // frozen and held back
	sent      delivered = "sent"
	delayed   delivered = "delayed" // to be tried again
	failed    delivered = "failed"
	uncertain delivered = "uncertain"
	dropped   delivered = "dropped" // no longer owed: suppressed, expired, or taken away while it was being sent
)

// Deliver looks at one delivery and, when it is due and still owed, sends it: the claim in one transaction, the decision
// and the building in another, the conversation with the relay outside any, the commit point and the end in one each. It
// may be called at any time, by any number of processes. What the relay says is no error: it stands in the row and in the
// log of attempts. A letter that cannot be built is put off, and the error says why.
func (a *Acts) Deliver(ctx context.Context, id int64) error {
	_, err := a.deliver(ctx, id)
	return err
}

func (a *Acts) deliver(ctx context.Context, id int64) (delivered, error) {
	if a.holds() {
		return a.build(ctx, id)
	}
	became, err := a.try(ctx, id, false)
	if errors.Is(err, errSuspect) {
		return a.suspects.send(ctx, id, func(ctx context.Context, id int64) (delivered, error) { return a.try(ctx, id, true) })
	}
	return became, err
}

// try is one attempt at a delivery; alone says that no other suspect is under way in this process.
func (a *Acts) try(ctx context.Context, id int64, alone bool) (delivered, error) {
	c, err := a.claim(ctx, id, alone)
	if err != nil {
		return untouched, err // the claim is undone: the pass comes back to the letter
	}
	if !c.claimed {
		return untouched, nil
	}
	if err := a.furnish(ctx, &c); err != nil {
		return a.unbuilt(ctx, c, err)
	}
	if c.message == nil {
		return dropped, nil
	}
	d := c.delivery
	verdict := a.Sender.Send(ctx, c.message, func() error {
		return a.Store.CommitDelivery(ctx, d.ID, d.Owner, d.Attempts, max(a.lease(), a.quietPeriod()))
	})
	return a.settle(ctx, c, verdict)
}

// holds reports whether letters are built and not sent here.
func (a *Acts) holds() bool { return a.Mail.Hold || a.Sender == nil }

// claimed is a delivery that was looked at: claimed or not, and later with the message to send, or none when it is no longer owed.
type claimed struct {
	delivery store.Delivery
	claimed  bool
	message  *mail.Message
	relay    store.Relay // as it was known at the claim
	turns    turns       // taken at the claim
}

// claim takes a delivery for an attempt, which is counted and committed before anything is built: a letter that kills its
// sender then leaves a trace. It returns errSuspect for one that has left such a trace before and is to go alone.
func (a *Acts) claim(ctx context.Context, id int64, alone bool) (c claimed, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		c = claimed{}
		relay, ok, err := a.gate(ctx, tx)
		if err != nil {
			return err
		}
		if !ok {
			return tx.DelayDelivery(ctx, id, tx.Now.Add(gateWait)) // it is no attempt
		}
		turns, until, ok, err := a.takeTurns(ctx, tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		if !ok {
			return tx.DelayDelivery(ctx, id, until)
		}
		d, err := tx.ClaimDelivery(ctx, id, a.Replica, a.lease())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		if !alone {
			if died, err := tx.SenderDied(ctx, d); err != nil || died {
				return errors.Join(err, errSuspect) // the claim is undone
			}
		}
		c = claimed{delivery: d, claimed: true, relay: relay, turns: turns}
		return turns.save(ctx, tx)
	})
	return c, err
}

// furnish decides whether a claimed letter is still owed, and builds it. Without a message afterwards it is not.
func (a *Acts) furnish(ctx context.Context, c *claimed) error {
	before := *c
	err := a.Store.InTx(ctx, func(tx *store.Tx) error {
		*c = before
		d := &c.delivery
		step, reason, err := a.prepare(ctx, tx, d)
		if err != nil {
			return err
		}
		if step != "" {
			s := store.Settlement{ID: d.ID, Owner: d.Owner, Attempt: d.Attempts, Step: step, Reason: reason}
			return errors.Join(tx.SettleDelivery(ctx, s), c.turns.giveBack(ctx, tx, a.Mail.Rates))
		}
		c.message, err = a.message(ctx, tx, *d)
		return err
	})
	if errors.Is(err, store.ErrFenced) { // taken back or suppressed meanwhile: the row says which
		*c = before
		return nil
	}
	return err
}

// prepare decides in a transaction whether the letter is still owed, and freezes it the first time. A step
// ("expire", "suppress") says that it is not, and the reason why.
func (a *Acts) prepare(ctx context.Context, tx *store.Tx, d *store.Delivery) (step, reason string, err error) {
	if d.ExpiresAt != nil && !tx.Now.Before(*d.ExpiresAt) {
		return "expire", "past its point", nil
	}
	if a.ownAddress(d.Address) {
		return "suppress", "the address is the program's own: it would write to itself", nil
	}
	if unsubscribable(d.Kind) {
		if reason, err = tx.SuppressedBecause(ctx, *d); err != nil || reason != "" {
			return "suppress", reason, err
		}
	}
	find := source
	if a.sources != nil {
		find = a.sources
	}
	compose, err := find(d.Kind)
	if err != nil {
		return "", "", err
	}
	parts, reason, err := compose(ctx, a, tx, *d)
	if err != nil {
		return "", "", err
	}
	if reason != "" {
		return "suppress", reason, nil
	}
	if d.FrozenAt == nil {
		a.freeze(d, parts, tx.Now)
		err = tx.FreezeDelivery(ctx, *d)
	}
	return "", "", err
}

// ownAddress reports whether letters to an address would come back to the program.
func (a *Acts) ownAddress(address string) bool {
	return strings.EqualFold(address, a.Mail.From.Address) || a.Mail.ReturnPath != "" && strings.EqualFold(address, a.Mail.ReturnPath)
}

// unsubscribable reports whether a letter of a kind may be left out because of the list of suppressed addresses. What
// says that a session is called, moved or off always goes out.
func unsubscribable(kind string) bool {
	switch kind {
	case "hold-the-date", "invitation", "session-changed", "session-postponed", "session-cancelled":
		return false
	}
	return true
}

// build freezes a letter that is due and sends nothing.
func (a *Acts) build(ctx context.Context, id int64) (became delivered, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		became = untouched
		d, err := tx.UnbuiltDelivery(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		step, reason, err := a.prepare(ctx, tx, &d)
		if err != nil || step == "" {
			became = built
			return err
		}
		became = dropped
		return tx.SuppressDeliveries(ctx, []int64{id}, reason)
	})
	if err != nil {
		return untouched, fmt.Errorf("build letter %d: %w", id, err)
	}
	return became, nil
}

func (a *Acts) lease() time.Duration {
	if a.Mail.Lease > 0 {
		return a.Mail.Lease
	}
	return 2 * time.Minute
}

func (a *Acts) quietPeriod() time.Duration {
	if a.Mail.QuietPeriod > 0 {
		return a.Mail.QuietPeriod
	}
	return 10 * time.Minute // RFC 5321, 4.5.3.2.6: how long a reply to the final dot may take
}

func (a *Acts) crashLimit() int {
	if a.Mail.CrashLimit > 0 {
		return a.Mail.CrashLimit
	}
	return 3
}
