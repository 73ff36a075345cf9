package store

import (
	"context"
	"fmt"
	"time"
)

// Attempt is one line of the log of a delivery: what happened, at which stage of the conversation, and what was said.
type Attempt struct {
	ID           int64     `db:"id"`
	DeliveryID   int64     `db:"delivery_id"`
	Attempt      int       `db:"attempt"`
	At           time.Time `db:"at"`
	Stage        string    `db:"stage"` // build, dial, tls, hello, auth, mail, rcpt, data, body, commit, dot, sent, lease, settle
	Code         int       `db:"code"`  // of the relay's reply, 0 for none
	EnhancedCode string    `db:"enhanced_code"`
	Text         string    `db:"text"`
	Replica      string    `db:"replica"`
	DurationMS   int       `db:"duration_ms"`
}

// AddAttempt appends a line to the log of a delivery, at the transaction's moment.
func (tx *Tx) AddAttempt(ctx context.Context, a Attempt) error {
	_, err := tx.ExecContext(ctx, `
		insert into delivery_attempt (delivery_id, attempt, at, stage, code, enhanced_code, text, replica, duration_ms)
		values ($1, $2, $3, $4, nullif($5, 0), nullif($6, ''), nullif($7, ''), $8, $9)`,
		a.DeliveryID, a.Attempt, tx.Now, a.Stage, a.Code, a.EnhancedCode, a.Text, a.Replica, a.DurationMS)
	if err != nil {
		return fmt.Errorf("record attempt of delivery %d: %w", a.DeliveryID, err)
	}
	return nil
}

// Attempts returns the log of a delivery, the oldest line first.
func (tx *Tx) Attempts(ctx context.Context, deliveryID int64) ([]Attempt, error) {
	var log []Attempt
	err := tx.SelectContext(ctx, &log, `
		select id, delivery_id, attempt, at, stage, coalesce(code, 0) as code, coalesce(enhanced_code, '') as enhanced_code,
			coalesce(text, '') as text, replica, coalesce(duration_ms, 0) as duration_ms
		from delivery_attempt where delivery_id = $1 order by id`, deliveryID)
	if err != nil {
		return nil, fmt.Errorf("read attempts of delivery %d: %w", deliveryID, err)
	}
	return log, nil
}
