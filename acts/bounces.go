package acts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// Mailbox is where letters to the program arrive. TakeNew hands each that was not looked at before to take, and marks it
// when take returns nil.
type Mailbox interface {
	TakeNew(ctx context.Context, take func(letter []byte) error) error
}

// grudge is what a refusal says of an address.
type grudge int

const (
	none    grudge = iota // nothing: the refusal is about the letter, the sender or the moment
	dead                  // there is no such mailbox or domain
	full                  // it takes nothing at present, and perhaps never again
	unnamed               // refused for good without a word why
)

// Rules of suppression: a full mailbox is given up after fullStrikes over at least fullSpan, and for fullRest only; a
// mailbox that refuses without saying why after unnamedStrikes. What is older than bounceMemory is forgotten.
const (
	fullStrikes    = 3
	fullSpan       = 3 * 24 * time.Hour
	fullRest       = 30 * 24 * time.Hour
	unnamedStrikes = 2
	bounceMemory   = 30 * 24 * time.Hour
)

func grudgeOf(code int, enhanced string) grudge {
	switch enhanced {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10":
		return dead
	case "5.2.2":
		return full
	}
	switch {
	case enhanced != "":
		return none
	case code == 552:
		return full
	case code == 550:
		return unnamed
	}
	return none
}

// giveUp decides from all that was said against an address lately whether it gets no more letters, and until when: a zero
// until is for good.
func giveUp(history []store.Bounce, now time.Time) (until time.Time, ok bool) {
	var fulls, unnameds []store.Bounce
	for _, b := range history {
		switch grudgeOf(b.Code, b.Enhanced) {
		case dead:
			return time.Time{}, true
		case full:
			fulls = append(fulls, b)
		case unnamed:
			unnameds = append(unnameds, b)
		}
	}
	if len(unnameds) >= unnamedStrikes {
		return time.Time{}, true
	}
	if n := len(fulls); n >= fullStrikes && fulls[n-1].At.Sub(fulls[0].At) >= fullSpan {
		return now.Add(fullRest), true
	}
	return time.Time{}, false
}

// remember records what a relay said against an address, and suppresses the address when the rule says so; that is told in
// the audit log.
func (a *Acts) remember(ctx context.Context, tx *store.Tx, b store.Bounce) (added bool, err error) {
	if grudgeOf(b.Code, b.Enhanced) == none {
		return true, nil
	}
	if added, err = tx.AddBounce(ctx, b); err != nil || !added {
		return added, err
	}
	history, err := tx.Bounces(ctx, b.Address, tx.Now.Add(-bounceMemory))
	if err != nil {
		return true, err
	}
	until, ok := giveUp(history, tx.Now)
	if !ok {
		return true, nil
	}
	s := store.Suppression{Address: b.Address, Reason: "bounced: " + b.Text}
	if !until.IsZero() {
		s.Until = &until
	}
	if err := tx.AddSuppression(ctx, s); err != nil {
		return true, err
	}
	if s.Until == nil {
		if err := a.tellOfDeadAddress(ctx, tx, b.DeliveryID); err != nil {
			return true, err
		}
	}
	return true, tx.Audit(ctx, "relay", "suppress", "address "+b.Address, nil, map[string]any{"why": b.Text, "delivery": b.DeliveryID, "until": s.Until})
}

// Suppressions returns the addresses that get no letters at present.
func (a *Acts) Suppressions(ctx context.Context) (all []store.Suppression, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		all, err = tx.Suppressions(ctx)
		return err
	})
	return all, err
}

// LiftSuppression lets an address get letters again: somebody knows that it is good.
func (a *Acts) LiftSuppression(ctx context.Context, address, why, actor string) error {
	if why == "" {
		return refuse("--why", "an address is freed for a reason")
	}
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		err := tx.LiftSuppressions(ctx, address)
		if errors.Is(err, store.ErrNotFound) {
			return refuse("secretariat outbox suppressed lists them", "%q is not suppressed", address)
		}
		if err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "free", "address "+address, nil, map[string]any{"why": why})
	})
}

// ReadMailboxes reads the notifications and the answers of calendar programs that came in since the last time. It returns
// how many were acted on.
func (a *Acts) ReadMailboxes(ctx context.Context) (acted int, err error) {
	for _, box := range a.Mailboxes {
		err = errors.Join(err, box.TakeNew(ctx, func(letter []byte) error {
			did, err := a.ReadNotice(ctx, letter)
			if err == nil && !did {
				var answer CalendarAnswer
				answer, err = a.TakeCalendarReply(ctx, letter)
				did = answer.Outcome != ""
			}
			if did {
				acted++
			}
			return err
		}))
	}
	return acted, err
}

// ReadNotice acts on a delivery status notification: only on one that came to the return path of a letter of ours, which
// nobody else can make. Anything else changes nothing, and neither does a notification that was read before. A letter
// whose fate was unknown is settled by it either way.
func (a *Acts) ReadNotice(ctx context.Context, letter []byte) (acted bool, err error) {
	if a.Mail.ReturnPath == "" {
		return false, nil
	}
	notice, fault := mail.ReadNotice(bytes.NewReader(letter))
	if fault != nil {
		return false, nil // anybody may write anything to us
	}
	sum := sha256.Sum256(letter)
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		acted = false
		id, ok, err := a.letterOf(ctx, tx, notice)
		if err != nil || !ok {
			return err
		}
		d, err := tx.Delivery(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		acted, err = a.heed(ctx, tx, d, notice.Reports[0], sum[:])
		return err
	})
	return acted, err
}

// letterOf finds the letter to whose return path a notification came.
func (a *Acts) letterOf(ctx context.Context, tx *store.Tx, n *mail.Notice) (id int64, ok bool, err error) {
	key, err := a.returnKey(ctx, tx)
	if err != nil {
		return 0, false, err
	}
	for _, to := range n.To {
		if id, ok = mail.ReadReturnPath(to, a.Mail.ReturnPath, key); ok {
			return id, true, nil
		}
	}
	return 0, false, nil
}

// heed does what a report on a letter asks for.
func (a *Acts) heed(ctx context.Context, tx *store.Tx, d store.Delivery, r mail.Report, notice []byte) (acted bool, err error) {
	text := fmt.Sprintf("%s: %s", r.Action, r.Text)
	switch r.Action {
	case "failed":
		added, err := a.remember(ctx, tx, store.Bounce{DeliveryID: d.ID, Address: d.Address, Notice: notice, Code: r.Code, Enhanced: r.Enhanced, Text: r.Text})
		if err != nil || !added {
			return false, err
		}
		if err = tx.BounceDelivery(ctx, d.ID, "bounced: "+r.Text); errors.Is(err, store.ErrNotFound) {
			return false, nil // it came back before, or is on its way once more
		} else if err != nil {
			return false, err
		}
	case "delivered", "relayed", "expanded", "delayed":
		if d.State != store.DeliveryUncertain {
			return false, nil
		}
		if err := tx.ResolveDelivery(ctx, d.ID, "confirm", text); err != nil {
			return false, err
		}
	default:
		return false, nil
	}
	return true, tx.AddAttempt(ctx, store.Attempt{DeliveryID: d.ID, Attempt: d.Attempts, Stage: "notice", Code: r.Code, EnhancedCode: r.Enhanced, Text: text, Replica: a.Replica})
}
