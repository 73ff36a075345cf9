package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// States of a delivery.
const (
	DeliveryPlanned    = "planned"    // its moment is still ahead
	DeliveryPending    = "pending"    // waits for a sender
	DeliverySending    = "sending"    // a sender has it under a lease; provably not sent
	DeliveryCommitting = "committing" // the final dot may be on its way
	DeliverySent       = "sent"       // the relay took it
	DeliveryUncertain  = "uncertain"  // nobody knows whether the relay took it
	DeliveryFailed     = "failed"     // refused for good
	DeliverySuppressed = "suppressed" // no longer owed
	DeliveryExpired    = "expired"    // lost its point before it could leave
)

// ErrFenced says that a delivery is no longer the caller's: its lease ended, or what it is about changed.
var ErrFenced = errors.New("the delivery is no longer this sender's")

// deliveryStep is a verb of the life of a delivery: the states it starts from, and the one it leads to.
type deliveryStep struct {
	from []string
	to   string
}

// deliverySteps is the state machine of a delivery. Every statement below takes its states from here.
var deliverySteps = map[string]deliveryStep{
	"promote":   {[]string{DeliveryPlanned}, DeliveryPending},
	"claim":     {[]string{DeliveryPending}, DeliverySending},
	"commit":    {[]string{DeliverySending}, DeliveryCommitting},
	"release":   {[]string{DeliverySending}, DeliveryPending}, // its sender died before the final dot
	"unclaim":   {[]string{DeliverySending}, DeliveryPending}, // its sender could not begin with it
	"lose":      {[]string{DeliveryCommitting}, DeliveryUncertain},
	"suppress":  {[]string{DeliveryPlanned, DeliveryPending, DeliverySending}, DeliverySuppressed},
	"expire":    {[]string{DeliveryPlanned, DeliveryPending, DeliverySending}, DeliveryExpired},
	"sent":      {[]string{DeliveryCommitting, DeliveryUncertain}, DeliverySent}, // uncertain: the reply came after the sweep
	"retry":     {[]string{DeliverySending, DeliveryCommitting, DeliveryUncertain}, DeliveryPending},
	"fail":      {[]string{DeliverySending, DeliveryCommitting, DeliveryUncertain}, DeliveryFailed},
	"confirm":   {[]string{DeliveryUncertain}, DeliverySent},                 // the oracle or an officer says that it arrived
	"send anew": {[]string{DeliveryUncertain}, DeliveryPending},              // the oracle says that it did not, or the policy resends
	"drop":      {[]string{DeliveryUncertain}, DeliverySuppressed},           // an officer gives it up
	"bounce":    {[]string{DeliverySent, DeliveryUncertain}, DeliveryFailed}, // a notification says that it came back
}

// from returns the states that a step starts from, as a parameter.
func from(step string) any { return pq.Array(deliverySteps[step].from) }

// PromoteDeliveries makes planned deliveries whose moment has come pending, at most limit, and returns how many. Letters
// of a report in review wait until it is released.
func (tx *Tx) PromoteDeliveries(ctx context.Context, limit int) (int, error) {
	n, err := tx.count(ctx, `
		update delivery set state = 'pending', updated_at = $2
		where id in (
			select id from delivery d where state = any($1) and not_before <= $2
				and not exists (select from report_run r where r.id = d.run_id and r.state = 'review')
			order by not_before limit $3 for update skip locked)`,
		from("promote"), tx.Now, limit)
	if err != nil {
		return 0, fmt.Errorf("promote deliveries: %w", err)
	}
	return n, nil
}

// ClaimDelivery gives a pending delivery whose moment has come to a sender for the length of a lease, and counts the
// attempt. It returns ErrNotFound when there is nothing to claim: taken, not due, no longer pending, or the whole
// installation is held. The commit does not wait for the disk: a claim that a crash of the server takes back was never made,
// and its sender is stopped at the commit point.
func (tx *Tx) ClaimDelivery(ctx context.Context, id int64, owner string, lease time.Duration) (Delivery, error) {
	var d Delivery
	err := tx.GetContext(ctx, &d, `
		update delivery set state = 'sending', owner = $3, lease_until = $4, attempts = attempts + 1, updated_at = $5
		where id = (select id from delivery where id = $1 and state = any($2) and coalesce(retry_at, not_before) <= $5 for update skip locked)
			and not (select held from instance) and set_config('synchronous_commit', 'off', true) is not null
		returning `+deliveryColumns, id, from("claim"), owner, tx.Now.Add(lease), tx.Now)
	if err != nil {
		return d, fmt.Errorf("claim delivery %d: %w", id, notFound(err))
	}
	return d.whole(), nil
}

// SenderDied reports whether a sender died with a claimed delivery in its hands before: the sweep ended an earlier attempt.
func (tx *Tx) SenderDied(ctx context.Context, d Delivery) (died bool, err error) {
	if d.Attempts <= 1 {
		return false, nil // the rule, and no question
	}
	err = tx.GetContext(ctx, &died, `select exists(select from delivery_attempt where delivery_id = $1 and stage = 'lease')`, d.ID)
	if err != nil {
		return false, fmt.Errorf("read whether a sender of delivery %d died: %w", d.ID, err)
	}
	return died, nil
}

// UnclaimDelivery undoes the claim of a sender that could not begin: it was no attempt. It returns ErrFenced when the
// delivery is not this attempt's any more.
func (tx *Tx) UnclaimDelivery(ctx context.Context, id int64, owner string, attempt int) error {
	n, err := tx.count(ctx, `
		update delivery set state = $5, attempts = attempts - 1, lease_until = null, nudged_at = null, updated_at = $6
		where id = $1 and state = any($2) and owner = $3 and attempts = $4`,
		id, from("unclaim"), owner, attempt, deliverySteps["unclaim"].to, tx.Now)
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("give delivery %d back: %w", id, err)
	}
	return nil
}

// UnbuiltDelivery locks a pending delivery that is due and not frozen yet, for an installation that builds letters and
// sends none. It returns ErrNotFound when there is none.
func (tx *Tx) UnbuiltDelivery(ctx context.Context, id int64) (Delivery, error) {
	var d Delivery
	err := tx.GetContext(ctx, &d, `
		select `+deliveryColumns+` from delivery
		where id = $1 and state = any($2) and frozen_at is null and coalesce(retry_at, not_before) <= $3
		for update skip locked`, id, from("claim"), tx.Now)
	if err != nil {
		return d, fmt.Errorf("lock delivery %d: %w", id, notFound(err))
	}
	return d.whole(), nil
}

// CommitDelivery is the commit point of a sender: after all body bytes, before the final dot. It renews the lease. It is a
// transaction by itself. It returns ErrFenced when the delivery is not this attempt's any more; the final dot must then not
// be sent.
func (s *Store) CommitDelivery(ctx context.Context, id int64, owner string, attempt int, lease time.Duration) error {
	n, err := s.alone(ctx, `
		update delivery set state = 'committing', lease_until = clock.now + $5 * interval '1 microsecond', updated_at = clock.now
		from `+clockRow+`
		where id = $1 and state = any($2) and owner = $3 and attempts = $4 and lease_until > clock.now`,
		id, from("commit"), owner, attempt, lease.Microseconds())
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("commit delivery %d: %w", id, err)
	}
	return nil
}

// SentDelivery records that the relay took a letter: its state, and the line in the log of attempts. It is a transaction by
// itself. It returns ErrFenced when the delivery is not this attempt's any more; the line stays.
func (s *Store) SentDelivery(ctx context.Context, owner string, a Attempt) error {
	n, err := s.alone(ctx, `
		with line as (
			insert into delivery_attempt (delivery_id, attempt, at, stage, code, enhanced_code, text, replica, duration_ms)
			select $1, $2, clock.now, $5, nullif($6, 0), nullif($7, ''), nullif($8, ''), $9, $10 from `+clockRow+`)
		update delivery set state = 'sent', reason = null, retry_at = null, sent_at = clock.now, lease_until = null, nudged_at = null, updated_at = clock.now
		from `+clockRow+`
		where id = $1 and state = any($4) and owner = $3 and attempts = $2`,
		a.DeliveryID, a.Attempt, owner, from("sent"), a.Stage, a.Code, a.EnhancedCode, a.Text, a.Replica, a.DurationMS)
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("record that delivery %d was sent: %w", a.DeliveryID, err)
	}
	return nil
}

// Settlement is what an attempt came to that was not simply sent. Step is "retry", "fail", "lose", "suppress" or "expire".
type Settlement struct {
	ID      int64
	Owner   string
	Attempt int
	Step    string
	Reason  string
	RetryAt time.Time // of "retry"
}

// SettleDelivery records the end of an attempt. It returns ErrFenced when the delivery is not this attempt's any more.
func (tx *Tx) SettleDelivery(ctx context.Context, s Settlement) error {
	n, err := tx.count(ctx, `
		update delivery set state = $5, reason = nullif($6, ''), retry_at = $7, lease_until = null, nudged_at = null, updated_at = $8
		where id = $1 and state = any($2) and owner = $3 and attempts = $4`,
		s.ID, from(s.Step), s.Owner, s.Attempt, deliverySteps[s.Step].to, s.Reason, nullTime(s.RetryAt), tx.Now)
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("settle delivery %d as %s: %w", s.ID, s.Step, err)
	}
	return nil
}

// ResolveDelivery settles an uncertain delivery: step is "confirm", "send anew" or "drop". An uncertain delivery that is
// sent anew stays the same row with the same Message-ID and remembers that it was uncertain. It returns ErrNotFound when
// the delivery is not uncertain.
func (tx *Tx) ResolveDelivery(ctx context.Context, id int64, step, reason string) error {
	n, err := tx.count(ctx, `
		update delivery set state = $3, reason = nullif($4, ''), was_uncertain = true, retry_at = null, nudged_at = null,
			sent_at = case when $3 = 'sent' then updated_at end, updated_at = $5
		where id = $1 and state = any($2)`, id, from(step), deliverySteps[step].to, reason, tx.Now)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s uncertain delivery %d: %w", step, id, err)
	}
	return nil
}

// SuppressDeliveries records that letters are no longer owed, and why. Those that a sender has under way are stopped at
// its commit point; those past it are not touched.
func (tx *Tx) SuppressDeliveries(ctx context.Context, ids []int64, reason string) error {
	_, err := tx.ExecContext(ctx, `
		update delivery set state = 'suppressed', reason = $3, updated_at = $4 where id = any($1) and state = any($2)`,
		pq.Array(ids), from("suppress"), reason, tx.Now)
	if err != nil {
		return fmt.Errorf("suppress %d deliveries: %w", len(ids), err)
	}
	return nil
}

// count runs an update and returns how many rows it changed.
func (tx *Tx) count(ctx context.Context, query string, args ...any) (int, error) {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
