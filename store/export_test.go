package store

import (
	"context"
	"database/sql"
	"sync/atomic"
	"testing"
	"time"
)

// PoolWithLimits opens a pool whose connections have short limits, with its count of stalls.
func PoolWithLimits(t *testing.T, url string, limit time.Duration) (*sql.DB, *atomic.Int64) {
	t.Helper()
	cfg, err := parseURL("DATABASE_URL", url)
	if err != nil {
		t.Fatal(err)
	}
	cfg.ConnectTimeout = time.Second
	stalls := new(atomic.Int64)
	db := openPool(cfg, dialer{limit: limit, stalls: stalls}, 0)
	db.SetMaxIdleConns(8)
	t.Cleanup(func() { db.Close() })
	return db, stalls
}

// TamperAudit changes the audit log behind the program's back, walks it, and undoes the change.
func (s *Store) TamperAudit(ctx context.Context, statements []string) (check AuditCheck, err error) {
	x, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return check, err
	}
	defer x.Rollback()
	for _, statement := range append([]string{`set local session_replication_role = replica`}, statements...) { // no trigger fires
		if _, err := x.ExecContext(ctx, statement); err != nil {
			return check, err
		}
	}
	return check, check.walk(ctx, x, nil)
}
