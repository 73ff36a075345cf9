package acts

import (
	"context"
	"encoding/hex"

	"secretariat/store"
)

// AuditLog returns entries of the audit log, the oldest first.
func (a *Acts) AuditLog(ctx context.Context, f store.AuditFilter) (list []store.AuditEntry, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		list, err = tx.AuditLog(ctx, f)
		return err
	})
	return list, err
}

// VerifyAudit walks along the chain of the audit log. contains is a hash in hex that was noted earlier and must still be
// that of an entry, "" for none. A hash that cannot be one is an ErrRefused.
func (a *Acts) VerifyAudit(ctx context.Context, contains string) (store.AuditCheck, error) {
	noted, err := hex.DecodeString(contains)
	if err != nil || contains != "" && len(noted) != 32 {
		return store.AuditCheck{}, refuse("take it from the last line of an earlier secretariat audit verify", "%q is no hash of 64 hexadecimal digits", contains)
	}
	return a.Store.VerifyAudit(ctx, noted)
}
