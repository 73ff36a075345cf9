// Package storetest gives tests a real database: a private PostgreSQL that all test processes of a user share, and in it a
// fresh, migrated database for every test that asks, copied from a template. It is imported by tests only.
package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"secretariat/migrations"
	"secretariat/store"
	"secretariat/store/private"
)

// New returns an open, empty, migrated database for this test alone. It is dropped when the test ends.
func New(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, URL(t))
}

// URL is the address of an empty, migrated database for this test alone, for tests that open it themselves, several
// times, or from other processes. It is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return fresh(t, func(c *cluster, name string) error { return c.copyTemplate(t.Context(), name) })
}

// Filled is like URL, of a database that holds what fill writes. The first test of a process that asks for the key fills
// one; every test gets a copy of its own.
func Filled(t testing.TB, key string, fill func(s *store.Store, url string) error) string {
	t.Helper()
	return fresh(t, func(c *cluster, name string) error {
		original, err := c.filled(t.Context(), key, fill)
		if err != nil {
			return err
		}
		_, err = c.admin.ExecContext(t.Context(), `create database `+name+` template `+original+` strategy file_copy`)
		return err
	})
}

// Blank is the address of a database without any table, for tests of migrations. It is dropped when the test ends.
func Blank(t testing.TB) string {
	t.Helper()
	return fresh(t, func(c *cluster, name string) error {
		_, err := c.admin.ExecContext(t.Context(), `create database `+name)
		return err
	})
}

// fresh gives a new name to create, and drops the database of that name when the test ends.
func fresh(t testing.TB, create func(c *cluster, name string) error) (url string) {
	t.Helper()
	c := shared(t)
	name := newName()
	if err := create(c, name); err != nil {
		t.Fatalf("make test database: %v", err)
	}
	t.Cleanup(func() {
		if err := c.drop(context.Background(), name); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return c.cluster.DatabaseURL(name)
}

// Open opens a database for the length of the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.OpenWith(t.Context(), store.Options{URL: url, MaxConns: 12})
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Tx returns a transaction that is rolled back when the test ends.
func Tx(t testing.TB, s *store.Store) *store.Tx {
	t.Helper()
	undo := errors.New("the test has ended")
	ready, end, ended := make(chan *store.Tx), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- s.InTx(context.Background(), func(tx *store.Tx) error {
			ready <- tx
			<-end
			return undo
		})
	}()
	select {
	case err := <-ended:
		t.Fatalf("begin transaction: %v", err)
		return nil
	case tx := <-ready:
		t.Cleanup(func() {
			close(end)
			if err := <-ended; !errors.Is(err, undo) {
				t.Errorf("roll back transaction: %v", err)
			}
		})
		return tx
	}
}

// Exec runs statements that set up a test, as one transaction.
func Exec(t testing.TB, s *store.Store, statements string, args ...any) {
	t.Helper()
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), statements, args...)
		return err
	})
	if err != nil {
		t.Fatalf("set up: %v\n%s", err, statements)
	}
}

// cluster is the shared server as this process sees it.
type cluster struct {
	cluster   *private.Cluster
	admin     *sql.DB // of the database "postgres"
	template  string
	mu        sync.Mutex
	originals map[string]string // names of databases that were filled, by key
}

var (
	serial atomic.Int64
	once   sync.Once
	only   *cluster
	failed error
)

// newName names a database so that it is known later whether its process still runs.
func newName() string { return fmt.Sprintf("test_%d_%d", os.Getpid(), serial.Add(1)) }

// shared returns the server, which the first test of a process starts or adopts. A machine without PostgreSQL skips the
// test, but fails it where CI=true says that nothing may be skipped.
func shared(t testing.TB) *cluster {
	t.Helper()
	once.Do(func() { only, failed = open(context.Background()) })
	var missing *private.Error
	if errors.As(failed, &missing) && os.Getenv("CI") != "true" {
		t.Skipf("needs PostgreSQL: %v; %s", failed, missing.Hint())
	}
	if failed != nil {
		t.Fatalf("start PostgreSQL for tests: %v", failed)
	}
	return only
}

// templateName changes with the migrations.
func templateName() string {
	h := sha256.New()
	for _, f := range migrations.Files() {
		fmt.Fprintln(h, f.Name, f.SHA256)
	}
	return "template_" + hex.EncodeToString(h.Sum(nil)[:8])
}
