package store

import (
	"context"
	"fmt"
)

// Savepoint runs fn within the transaction and undoes what it did when it returns an error, so that the transaction can go
// on. It does not nest.
func (tx *Tx) Savepoint(ctx context.Context, fn func() error) error {
	if _, err := tx.ExecContext(ctx, `savepoint part`); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	before := len(tx.audit)
	if err := fn(); err != nil {
		tx.audit = tx.audit[:before]
		if _, undo := tx.ExecContext(ctx, `rollback to savepoint part`); undo != nil {
			return fmt.Errorf("undo part of a transaction: %w", undo)
		}
		return err
	}
	if _, err := tx.ExecContext(ctx, `release savepoint part`); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	return nil
}
