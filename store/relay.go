package store

import (
	"context"
	"fmt"
	"time"
)

// Relay is what all replicas know together of the relay.
type Relay struct {
	Failures  int        `db:"failures"`   // in a row; 0: it takes letters
	RestUntil *time.Time `db:"rest_until"` // nobody asks it before
	Allowed   *int       `db:"allowed"`    // so many letters may be under way since; nil: any number
	Outcome   string     `db:"outcome"`    // of the last failure, with what follows
	Stage     string     `db:"stage"`
	Code      int        `db:"code"`
	Enhanced  string     `db:"enhanced_code"`
	Text      string     `db:"text"`
	Told      bool       `db:"told"` // somebody was told of the present state
}

const relayColumns = `failures, rest_until, allowed, outcome, stage, code, enhanced_code, text, told`

// Relay reads what is known of the relay.
func (tx *Tx) Relay(ctx context.Context) (Relay, error) { return tx.relay(ctx, "") }

// LockRelay reads it and keeps all others from changing it until the transaction ends.
func (tx *Tx) LockRelay(ctx context.Context) (Relay, error) { return tx.relay(ctx, " for update") }

func (tx *Tx) relay(ctx context.Context, lock string) (r Relay, err error) {
	if err = tx.GetContext(ctx, &r, `select `+relayColumns+` from relay`+lock); err != nil {
		return r, fmt.Errorf("read the state of the relay: %w", notFound(err))
	}
	return r, nil
}

// SaveRelay records what is known of the relay; the caller has it locked.
func (tx *Tx) SaveRelay(ctx context.Context, r Relay) error {
	_, err := tx.ExecContext(ctx, `
		update relay set failures = $1, rest_until = $2, allowed = $3, outcome = $4, stage = $5, code = $6, enhanced_code = $7, text = $8, told = $9`,
		r.Failures, r.RestUntil, r.Allowed, r.Outcome, r.Stage, r.Code, r.Enhanced, r.Text, r.Told)
	if err != nil {
		return fmt.Errorf("record the state of the relay: %w", err)
	}
	return nil
}

// UnderWay returns how many letters were taken up since a moment and are on their way to the relay.
func (tx *Tx) UnderWay(ctx context.Context, since time.Time) (n int, err error) {
	err = tx.GetContext(ctx, &n, `
		select count(*) from delivery where state in ('sending', 'committing') and lease_until > $1 and updated_at >= $2`, tx.Now, since)
	if err != nil {
		return 0, fmt.Errorf("count letters under way: %w", err)
	}
	return n, nil
}

// Turn is the place of a domain's letters, or with Domain "" of all letters, under a rate limit.
type Turn struct {
	Domain  string    `db:"domain"`
	FreeAt  time.Time `db:"free_at"`  // the next letter goes then at the earliest
	QueueAt time.Time `db:"queue_at"` // the last place given to a letter that had to wait
}

// LockTurn reads a turn, which begins now if there was none, and keeps all others from it until the transaction ends. Who
// locks two locks that of all letters first.
func (tx *Tx) LockTurn(ctx context.Context, domain string) (t Turn, err error) {
	err = tx.GetContext(ctx, &t, `
		insert into relay_limit (domain, free_at, queue_at) values ($1, $2, $2)
		on conflict (domain) do update set domain = excluded.domain
		returning domain, free_at, queue_at`, domain, tx.Now)
	if err != nil {
		return t, fmt.Errorf("take turn of %q: %w", domain, err)
	}
	return t, nil
}

// SaveTurn records a turn that is locked.
func (tx *Tx) SaveTurn(ctx context.Context, t Turn) error {
	_, err := tx.ExecContext(ctx, `update relay_limit set free_at = $2, queue_at = $3 where domain = $1`, t.Domain, t.FreeAt, t.QueueAt)
	if err != nil {
		return fmt.Errorf("record turn of %q: %w", t.Domain, err)
	}
	return nil
}

// Recipient is what a rate limit asks of a letter.
type Recipient struct {
	Address  string `db:"address"`
	Priority int    `db:"priority"`
}

// RecipientOf returns to whom a delivery goes that is pending and due, or ErrNotFound.
func (tx *Tx) RecipientOf(ctx context.Context, id int64) (r Recipient, err error) {
	err = tx.GetContext(ctx, &r, `
		select address, priority from delivery where id = $1 and state = any($2) and coalesce(retry_at, not_before) <= $3`, id, from("claim"), tx.Now)
	if err != nil {
		return r, fmt.Errorf("read recipient of delivery %d: %w", id, notFound(err))
	}
	return r, nil
}
