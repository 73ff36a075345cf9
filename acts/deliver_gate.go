package acts

import (
	"context"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// A relay that takes nothing is left alone for relayRest before one letter tries again, after every further failure twice
// as long, up to longestRest. One that refuses us needs a person, and logins that fail too often lock an account: there
// both are longer.
const (
	relayRest     = 30 * time.Second
	longestRest   = 4 * time.Minute
	pausedRest    = 5 * time.Minute
	longestPaused = time.Hour
	gateWait      = 2 * time.Second // a letter that is not let in asks again; workers are told of it when the relay has rested
	fullFlow      = 16              // so many letters under way are as good as any number
)

// admit decides whether a letter may go to the relay, given how many are under way since it last rested. After a rest one
// goes; each that gets through lets one more go at a time.
func admit(r store.Relay, now time.Time, underWay int) bool {
	return r.Allowed == nil || !resting(r, now) && underWay < *r.Allowed
}

func resting(r store.Relay, now time.Time) bool {
	return r.Failures > 0 && r.RestUntil != nil && now.Before(*r.RestUntil)
}

// fared decides what is known of the relay after an attempt, and whether that is anything new.
func fared(r store.Relay, now time.Time, v mail.Verdict) (next store.Relay, changed bool) {
	switch {
	case v.Stage == "" || v.Stage == "build" || v.Stage == "commit": // the relay had no say
		return r, false
	case v.RelayDown():
		if resting(r, now) { // one of several that were on the way when it went down
			return r, false
		}
		r.Told = r.Told && r.Failures > 0 && r.Outcome == string(v.Outcome)
		r.Failures++
		until, one := now.Add(restAfter(v, r.Failures)), 1
		r.RestUntil, r.Allowed = &until, &one
		r.Outcome, r.Stage, r.Code, r.Enhanced, r.Text = string(v.Outcome), v.Stage, v.Code, v.Enhanced, v.Text
		return r, true
	case r.Allowed == nil:
		return r, false
	case r.Failures > 0:
		r.Told = !r.Told // who was not told that it was down need not hear that it is up
	}
	more := *r.Allowed + 1
	r.Failures, r.Allowed = 0, &more
	if more > fullFlow {
		r.Allowed = nil
	}
	return r, true
}

// restAfter is how long the relay is left alone after the n-th failure in a row.
func restAfter(v mail.Verdict, n int) time.Duration {
	first, longest := relayRest, longestRest
	if v.Outcome == mail.Paused && v.Stage != "rcpt" && v.Stage != "data" && v.Stage != "dot" { // those may be one reader's affair
		first, longest = pausedRest, longestPaused
	}
	return min(first<<min(n-1, 10), longest)
}

// gate asks in the claim's transaction whether a letter may go to the relay. It returns what was known of the relay.
func (a *Acts) gate(ctx context.Context, tx *store.Tx) (r store.Relay, ok bool, err error) {
	if r, err = tx.Relay(ctx); err != nil || r.Allowed == nil {
		return r, err == nil, err
	}
	if r, err = tx.LockRelay(ctx); err != nil { // two must not both be the one that tries
		return r, false, err
	}
	underWay := 0
	if r.Allowed != nil && !resting(r, tx.Now) {
		if underWay, err = tx.UnderWay(ctx, *r.RestUntil); err != nil {
			return r, false, err
		}
	}
	return r, admit(r, tx.Now, underWay), nil
}

// report tells all replicas what an attempt says of the relay; before is what was known of it at the claim.
func (a *Acts) report(ctx context.Context, tx *store.Tx, before store.Relay, v mail.Verdict) error {
	if _, changed := fared(before, tx.Now, v); !changed {
		return nil // the rule: nothing is read or written while all is well
	}
	r, err := tx.LockRelay(ctx)
	if err != nil {
		return err
	}
	if next, changed := fared(r, tx.Now, v); changed {
		return tx.SaveRelay(ctx, next)
	}
	return nil
}

// RelayNews tells once, over all replicas, that the relay takes no letters any more, and why, or that it does again.
// Outcome Paused means that a person must act.
func (a *Acts) RelayNews(ctx context.Context) (why mail.Verdict, down, news bool, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.Relay(ctx)
		if err != nil || r.Told {
			return err
		}
		if r, err = tx.LockRelay(ctx); err != nil || r.Told {
			return err
		}
		why, down, news = whyOf(r), r.Failures > 0, true
		r.Told = true
		return tx.SaveRelay(ctx, r)
	})
	return why, down, news && err == nil, err
}

// RelayTrouble returns why the relay gets no letters at the moment, and false when it does.
func (a *Acts) RelayTrouble(ctx context.Context) (why mail.Verdict, down bool, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.Relay(ctx)
		why, down = whyOf(r), r.Failures > 0
		return err
	})
	return why, down, err
}

func whyOf(r store.Relay) mail.Verdict {
	return mail.Verdict{Outcome: mail.Outcome(r.Outcome), Stage: r.Stage, Code: r.Code, Enhanced: r.Enhanced, Text: r.Text}
}

// TryRelay ends the rest of a relay that was left alone: its settings may just have been mended. One letter tries.
func (a *Acts) TryRelay(ctx context.Context) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.LockRelay(ctx)
		if err != nil || !resting(r, tx.Now) {
			return err
		}
		r.RestUntil = &tx.Now
		return tx.SaveRelay(ctx, r)
	})
}
