package scheduler

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"secretariat/store/storetest"
)

// door stands before the database: while it is shut, every connection is broken off at once, as by a server that goes down.
type door struct {
	mu    sync.Mutex
	shut  bool
	inner string
	open  []net.Conn
}

// before puts a door before the database of an address and returns the address of the door.
func (d *door) before(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	socket := ".s.PGSQL." + q.Get("port")
	d.inner = filepath.Join(q.Get("host"), socket)
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	t.Cleanup(func() { listener.Close(); d.set(true); served.Wait() })
	served.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			if back := d.enter(c); back != nil {
				served.Go(func() { io.Copy(back, c); back.Close() })
				served.Go(func() { io.Copy(c, back); c.Close() })
			}
		}
	})
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return u.String()
}

// enter lets a connection through, or breaks it off.
func (d *door) enter(c net.Conn) net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.shut {
		if back, err := net.Dial("unix", d.inner); err == nil {
			d.open = append(d.open, c, back)
			return back
		}
	}
	c.Close()
	return nil
}

func (d *door) set(shut bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = shut
	if shut {
		for _, c := range d.open {
			c.Close()
		}
		d.open = nil
	}
}

// told calls a function for every line of a log that holds some words.
type told struct {
	slog.Handler
	words string
	then  func()
}

func (l told) Enabled(context.Context, slog.Level) bool { return true }

func (l told) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, l.words) {
		l.then()
	}
	return nil
}

// A database that goes away while the workers are started is waited for; an end that is asked for meanwhile is heard.
func TestWorkersStartAgain(t *testing.T) {
	for _, row := range []struct {
		name    string
		comes   bool // the database comes back; else the end is asked for
		running bool
	}{{"it comes back", true, true}, {"the end comes first", false, false}} {
		t.Run(row.name, func(t *testing.T) {
			d := &door{}
			s := storetest.Open(t, d.before(t, storetest.URL(t)))
			if err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return MigrateEngine(ctx, db) }); err != nil {
				t.Fatal(err)
			}
			ctx, end := context.WithCancel(t.Context())
			defer end()
			failed := 0
			e, err := New(s, Options{Log: slog.New(told{slog.DiscardHandler, "are started again", func() {
				failed++
				if row.comes {
					d.set(false)
				} else {
					end()
				}
			}})})
			if err != nil {
				t.Fatal(err)
			}
			d.set(true)
			running, err := e.startWorkers(ctx)
			if running != row.running || err != nil || failed == 0 {
				t.Errorf("running %v, %v, after %d failures; want %v after one or more", running, err, failed, row.running)
			}
			if running {
				if err := e.stop(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
