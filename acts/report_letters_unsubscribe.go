package acts

import (
	"context"
	"fmt"

	"secretariat/store"
)

// Unsubscription is what the link of a letter ends.
type Unsubscription struct{ Address, Report string }

// ShowUnsubscription says what a token would end. It changes nothing: mail programs follow links by themselves. The
// error is store.ErrNotFound for a token that is unknown or expired.
func (a *Acts) ShowUnsubscription(ctx context.Context, token string) (u Unsubscription, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := tx.UnsubscribeToken(ctx, token)
		u = Unsubscription{s.Address, s.Report}
		return err
	})
	return u, err
}

// Unsubscribe ends the subscription that a token names; letters that wait are not sent. Doing it twice is harmless.
func (a *Acts) Unsubscribe(ctx context.Context, token string) (u Unsubscription, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := tx.UnsubscribeToken(ctx, token)
		if err != nil {
			return err
		}
		u = Unsubscription{s.Address, s.Report}
		return tx.AddSuppression(ctx, store.Suppression{Address: s.Address, Report: s.Report, Reason: "unsubscribed"})
	})
	if err != nil {
		return u, fmt.Errorf("unsubscribe: %w", err)
	}
	return u, nil
}
