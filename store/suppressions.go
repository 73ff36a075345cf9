package store

import (
	"context"
	"fmt"
	"time"
)

// Suppression says that an address gets no letters: of one report, or, with Report "", none that may be left out.
type Suppression struct {
	Address string     `db:"address" json:"address"`
	Report  string     `db:"report" json:"report"`
	Reason  string     `db:"reason" json:"reason"` // unsubscribed, bounced …
	Until   *time.Time `db:"until" json:"until"`   // nil: for good
	Since   time.Time  `db:"created_at" json:"since"`
}

// AddSuppression records that an address gets no letters; the address is compared without regard to case.
func (tx *Tx) AddSuppression(ctx context.Context, s Suppression) error {
	_, err := tx.ExecContext(ctx, `
		insert into suppression (address, report, reason, until, created_at) values (lower($1), nullif($2, ''), $3, $4, $5)
		on conflict (address, report) do update set reason = excluded.reason, until = excluded.until`,
		s.Address, s.Report, s.Reason, s.Until, tx.Now)
	if err != nil {
		return fmt.Errorf("suppress address: %w", err)
	}
	return nil
}

// Suppressions returns those in force at the transaction's moment, by address.
func (tx *Tx) Suppressions(ctx context.Context) ([]Suppression, error) {
	var all []Suppression
	err := tx.SelectContext(ctx, &all, `
		select address, coalesce(report, '') as report, reason, until, created_at from suppression
		where until is null or until > $1 order by address, report`, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("read suppressions: %w", err)
	}
	return all, nil
}

// LiftSuppressions forgets that an address gets no letters, and what relays said against it; a report that its reader
// ended stays ended. It returns ErrNotFound when there was nothing to lift.
func (tx *Tx) LiftSuppressions(ctx context.Context, address string) error {
	n, err := tx.count(ctx, `delete from suppression where address = lower($1) and report is null`, address)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `delete from bounce where address = lower($1)`, address)
	}
	if err != nil {
		return fmt.Errorf("lift suppression: %w", err)
	}
	return nil
}

// AddressDead reports whether an address was given up for good because letters came back from it.
func (tx *Tx) AddressDead(ctx context.Context, address string) (dead bool, err error) {
	err = tx.GetContext(ctx, &dead, `
		select exists (select from suppression where address = lower($1) and report is null and until is null and reason like 'bounced: %')`, address)
	if err != nil {
		return false, fmt.Errorf("look up suppression: %w", err)
	}
	return dead, nil
}

// SuppressedBecause returns why the address of a delivery gets no letters of its kind at the transaction's moment, ""
// when it does.
func (tx *Tx) SuppressedBecause(ctx context.Context, d Delivery) (string, error) {
	var reasons []string
	err := tx.SelectContext(ctx, &reasons, `
		select reason from suppression
		where address = lower($1) and (until is null or until > $2)
			and (report is null or report = (select report from report_run where id = $3))
		order by report nulls first limit 1`, d.Address, tx.Now, d.RunID)
	if err != nil {
		return "", fmt.Errorf("look up suppression: %w", err)
	}
	if len(reasons) == 0 {
		return "", nil
	}
	return reasons[0], nil
}
