package acts

import (
	"context"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// Rates are how many letters may leave in a minute, over all replicas; 0 is no limit.
type Rates struct {
	Minute   int
	Domain   int            // to one domain of readers
	ByDomain map[string]int // to this one; it takes the place of Domain
}

// of returns the limit of a domain; "" is all letters.
func (r Rates) of(domain string) int {
	if domain == "" {
		return r.Minute
	}
	if n, ok := r.ByDomain[domain]; ok {
		return n
	}
	return r.Domain
}

// turnSlack is how much earlier than its turn a letter may go: a letter comes to its place with the next pass, and the one
// behind it must not lose its own for that.
const turnSlack = 2 * time.Second

// turn decides when a letter may go: now, or the place it gets. On average at most perMinute letters go in a minute.
func turn(t store.Turn, perMinute, priority int, now time.Time) (next store.Turn, at time.Time, ok bool) {
	step := time.Minute / time.Duration(perMinute)
	earliest := t.FreeAt.Add(-turnSlack)
	if !earliest.After(now) {
		t.FreeAt = later(t.FreeAt, now).Add(step)
		return t, now, true
	}
	if priority <= store.Urgent {
		return t, earliest, false
	}
	t.QueueAt = later(t.QueueAt.Add(step), t.FreeAt)
	return t, t.QueueAt, false
}

// turns are the rate limits that a letter has passed, to be recorded once it is claimed.
type turns []store.Turn

// takeTurns asks the rate limits for a letter. The rows stay locked until the transaction ends, so that the limit holds
// over all replicas. When ok is false the letter waits until the moment returned, which is its place in the queue.
func (a *Acts) takeTurns(ctx context.Context, tx *store.Tx, id int64) (taken turns, until time.Time, ok bool, err error) {
	if a.Mail.Rates.Minute == 0 && a.Mail.Rates.Domain == 0 && len(a.Mail.Rates.ByDomain) == 0 {
		return nil, tx.Now, true, nil
	}
	to, err := tx.RecipientOf(ctx, id)
	if err != nil {
		return nil, tx.Now, false, err
	}
	ok = true
	for _, domain := range []string{"", mail.Domain(to.Address)} {
		limit := a.Mail.Rates.of(domain)
		if limit == 0 {
			continue
		}
		t, err := tx.LockTurn(ctx, domain)
		if err != nil {
			return nil, tx.Now, false, err
		}
		next, at, free := turn(t, limit, to.Priority, tx.Now)
		if !free {
			until, ok = later(until, at), false
			if err := tx.SaveTurn(ctx, next); err != nil {
				return nil, tx.Now, false, err
			}
			continue
		}
		taken = append(taken, next)
	}
	return taken, until, ok, nil
}

func (t turns) save(ctx context.Context, tx *store.Tx) error {
	for _, one := range t {
		if err := tx.SaveTurn(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// giveBack returns turns that were taken for a letter which does not go: those behind it move up.
func (t turns) giveBack(ctx context.Context, tx *store.Tx, r Rates) error {
	for _, one := range t {
		now, err := tx.LockTurn(ctx, one.Domain)
		if err != nil {
			return err
		}
		now.FreeAt = now.FreeAt.Add(-time.Minute / time.Duration(r.of(one.Domain)))
		if err := tx.SaveTurn(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// nudgeLimit is how many letters workers are to be told of: no more than can leave soon, so that the rest of a backlog is
// not touched again and again.
func (a *Acts) nudgeLimit(r store.Relay, now time.Time) int {
	limit := passLimit
	if perMinute := a.Mail.Rates.Minute; perMinute > 0 {
		limit = min(limit, 1+perMinute*int(nudgeAgain/time.Second)/60)
	}
	switch {
	case resting(r, now):
		return 0
	case r.Allowed != nil:
		return min(limit, *r.Allowed)
	}
	return limit
}
