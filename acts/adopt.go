package acts

import (
	"context"

	"secretariat/store"
)

// Adopt makes a restored or copied database the one that sends. Nothing from the past is sent: letters that are due expire,
// and every schedule fires next after now. It returns how many letters expired.
func (a *Acts) Adopt(ctx context.Context) (expired int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if expired, err = tx.Adopt(ctx); err != nil {
			return err
		}
		schedules, err := tx.DueSchedules(ctx)
		if err != nil {
			return err
		}
		for _, s := range schedules {
			if !s.Enabled || s.PausedAt != nil || s.NextFireAt == nil || !s.NextFireAt.Before(tx.Now) {
				continue
			}
			t, err := timingOf(ctx, tx, s)
			if err != nil {
				return err
			}
			if err := tx.SetNextFire(ctx, s.ID, orNever(t.spec.Next(tx.Now))); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, a.Replica, "adopt", "instance", nil, map[string]int{"expired": expired})
	})
	return expired, err
}
