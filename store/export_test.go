package store

import (
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
