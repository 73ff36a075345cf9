package acts

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// settleWithin bounds the recording of a verdict, which must not be lost when the program is told to stop.
const settleWithin = 15 * time.Second

// settle records what the attempt came to. A verdict that cannot be recorded leaves the delivery to the sweep.
func (a *Acts) settle(ctx context.Context, c claimed, v mail.Verdict) (became delivered, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	for range 3 { // a lost connection to the database shows up once; the pool then opens another
		if became, err = a.record(ctx, c, v); err == nil || errors.Is(err, store.ErrFenced) {
			break
		}
	}
	if errors.Is(err, store.ErrFenced) {
		return dropped, nil // suppressed while it was being sent, or taken back: the row says which
	}
	if err != nil {
		return uncertain, fmt.Errorf("record that letter %d was %s: %w", c.delivery.ID, v.Outcome, err)
	}
	if became == sent && c.relay.Allowed != nil { // news: it takes letters again
		err = a.Store.InTx(ctx, func(tx *store.Tx) error { return a.report(ctx, tx, c.relay, v) })
	}
	return became, err
}

// attempt is the line that an attempt leaves in the log of its delivery.
func (a *Acts) attempt(d store.Delivery, v mail.Verdict) store.Attempt {
	return store.Attempt{DeliveryID: d.ID, Attempt: d.Attempts, Stage: v.Stage, Code: v.Code, EnhancedCode: v.Enhanced, Text: v.Text,
		Replica: a.Replica, DurationMS: int(v.Took.Milliseconds())}
}

// record records what became of an attempt. A letter that was sent is the rule, and one statement.
func (a *Acts) record(ctx context.Context, c claimed, v mail.Verdict) (became delivered, err error) {
	d := c.delivery
	if v.Outcome == mail.Sent {
		return sent, a.Store.SentDelivery(ctx, d.Owner, a.attempt(d, v))
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.AddAttempt(ctx, a.attempt(d, v)); err != nil {
			return err
		}
		if err := a.report(ctx, tx, c.relay, v); err != nil {
			return err
		}
		s := store.Settlement{ID: d.ID, Owner: d.Owner, Attempt: d.Attempts}
		became = a.judge(d, v, tx.Now, &s)
		if v.TooLarge() && len(d.Attachments) > 0 {
			s.Step, s.Reason, s.RetryAt = "retry", v.Text+"; it goes without its files", tx.Now
			became = delayed
			if err := a.lighten(ctx, tx, d); err != nil {
				return err
			}
		}
		if v.Outcome == mail.Refused && v.Stage != "build" && v.Stage != "mail" {
			bounce := store.Bounce{DeliveryID: d.ID, Address: d.Address, Code: v.Code, Enhanced: v.Enhanced, Text: v.Text}
			if _, err := a.remember(ctx, tx, bounce); err != nil {
				return err
			}
		}
		err := tx.SettleDelivery(ctx, s)
		if errors.Is(err, store.ErrFenced) {
			became = dropped
			return nil // the line in the log of attempts stays
		}
		return err
	})
	return became, err
}

// judge turns a verdict other than Sent into a step of the delivery. Whether another try helps, package mail has said.
func (a *Acts) judge(d store.Delivery, v mail.Verdict, now time.Time, s *store.Settlement) delivered {
	s.Reason = v.Text
	switch v.Outcome {
	case mail.Refused:
		s.Step = "fail"
		return failed
	case mail.Unknown:
		s.Step, s.Reason = "lose", "the connection was lost after the final dot: "+v.Text
		return uncertain
	default:
		s.Step, s.RetryAt = "retry", now.Add(backoff(d.ID, d.Attempts))
		if v.Stage == "commit" { // the database could not be told, and the relay had nothing against the letter
			s.RetryAt = now
		}
		if v.RelayDown() { // not the letter's fault: it goes again with the others
			s.RetryAt = now.Add(relayRest)
			if v.Code >= 500 && v.Stage != "hello" && v.Stage != "auth" && v.Stage != "tls" {
				s.RetryAt = now.Add(backoff(d.ID, d.Attempts)) // refused for this letter's sender or reader: others go first
			}
		}
		return delayed
	}
}

// backoff returns how long a letter waits after its n-th failed attempt: between a minute and a bound that doubles up to
// an hour, spread evenly, so that letters put off together do not come back together. The same letter and attempt give
// the same wait.
func backoff(id int64, n int) time.Duration {
	bound := time.Hour
	if n < 6 {
		bound = time.Minute << n
	}
	h := fnv.New64a()
	fmt.Fprint(h, id, "/", n)
	share := float64(h.Sum64()>>11) / (1 << 53)
	return (time.Minute + time.Duration(share*float64(bound-time.Minute))).Round(time.Second)
}
