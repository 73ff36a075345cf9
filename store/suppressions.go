package store

import (
	"context"
	"fmt"
	"time"
)

// Suppression says that an address gets no letters: of one report, or, with Report "", none that may be left out.
type Suppression struct {
	Address string     `db:"address"`
	Report  string     `db:"report"`
	Reason  string     `db:"reason"` // unsubscribed, bounced …
	Until   *time.Time `db:"until"`  // nil: for good
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
