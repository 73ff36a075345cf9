package store

import (
	"context"
	"fmt"
	"time"
)

// Bounce is what a relay said against a reader's address: at once, or later in a notification.
type Bounce struct {
	DeliveryID int64     `db:"delivery_id"`
	Address    string    `db:"address"`
	At         time.Time `db:"at"`
	Notice     []byte    `db:"notice"` // SHA-256 of the notification; nil for a reply to a letter
	Code       int       `db:"code"`
	Enhanced   string    `db:"enhanced_code"`
	Text       string    `db:"text"`
}

// AddBounce records a bounce at the transaction's moment. It reports false when the same notification was recorded before.
func (tx *Tx) AddBounce(ctx context.Context, b Bounce) (added bool, err error) {
	n, err := tx.count(ctx, `
		insert into bounce (delivery_id, address, at, notice, code, enhanced_code, text) values ($1, lower($2), $3, $4, $5, $6, $7)
		on conflict (notice, delivery_id) do nothing`, b.DeliveryID, b.Address, tx.Now, b.Notice, b.Code, b.Enhanced, b.Text)
	if err != nil {
		return false, fmt.Errorf("record bounce of delivery %d: %w", b.DeliveryID, err)
	}
	return n > 0, nil
}

// Bounces returns what was said against an address since a moment, the oldest first.
func (tx *Tx) Bounces(ctx context.Context, address string, since time.Time) ([]Bounce, error) {
	var found []Bounce
	err := tx.SelectContext(ctx, &found, `
		select delivery_id, address, at, notice, code, enhanced_code, text from bounce where address = lower($1) and at >= $2 order by at, id`, address, since)
	if err != nil {
		return nil, fmt.Errorf("read bounces: %w", err)
	}
	return found, nil
}

// BounceKey returns the key of return paths.
func (tx *Tx) BounceKey(ctx context.Context) (key []byte, err error) {
	if err = tx.GetContext(ctx, &key, `select bounce_key from instance`); err != nil {
		return nil, fmt.Errorf("read the key of return paths: %w", err)
	}
	return key, nil
}

// BounceDelivery records that a letter which the relay took came back, or was refused further on. It returns ErrNotFound
// when the letter is in another state than sent or uncertain; then it is left as it is.
func (tx *Tx) BounceDelivery(ctx context.Context, id int64, reason string) error {
	n, err := tx.count(ctx, `update delivery set state = $3, reason = $4, updated_at = $5 where id = $1 and state = any($2)`,
		id, from("bounce"), deliverySteps["bounce"].to, reason, tx.Now)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("record that delivery %d bounced: %w", id, err)
	}
	return nil
}
