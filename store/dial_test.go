package store_test

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// swallower passes connections on to a server until it is told to swallow: then they stay open and nothing arrives.
type swallower struct {
	net.Listener
	to string // path of the server's socket

	mu    sync.Mutex
	conns []net.Conn
	deaf  bool
}

func newSwallower(t *testing.T, to string) *swallower {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &swallower{Listener: l, to: to}
	t.Cleanup(s.end)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", to)
			if err != nil {
				c.Close()
				continue
			}
			s.mu.Lock()
			s.conns = append(s.conns, c, server)
			s.mu.Unlock()
			go s.pass(c, server)
			go s.pass(server, c)
		}
	}()
	return s
}

func (s *swallower) pass(from, to net.Conn) {
	b := make([]byte, 1<<14)
	for {
		n, err := from.Read(b)
		if err != nil {
			to.Close()
			return
		}
		s.mu.Lock()
		if !s.deaf {
			to.Write(b[:n])
		}
		s.mu.Unlock()
	}
}

func (s *swallower) swallow(deaf bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = deaf
}

func (s *swallower) end() {
	s.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
}

// Behind a link that swallows everything a call ends after the limit of one connection and that of a new one: the other
// connections of the pool are not tried to their limits one after another. When the link heals, calls work at once.
func TestPoolBehindABlackHole(t *testing.T) {
	direct, err := url.Parse(storetest.Blank(t))
	if err != nil {
		t.Fatal(err)
	}
	link := newSwallower(t, direct.Query().Get("host")+"/.s.PGSQL."+port(direct))
	pool, stalls := store.PoolWithLimits(t, "postgres://"+direct.User.Username()+"@"+link.Addr().String()+direct.Path+"?sslmode=disable", 300*time.Millisecond)
	fill := func() {
		t.Helper()
		var held []interface{ Close() error }
		for range 8 {
			c, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, c)
		}
		for _, c := range held {
			c.Close()
		}
	}
	fill()
	link.swallow(true)
	if _, err := pool.ExecContext(context.Background(), `select 1`); err == nil {
		t.Error("a call into the black hole succeeded")
	}
	if n := stalls.Load(); n != 1 {
		t.Errorf("%d connections were tried to their limits, want 1", n)
	}
	link.swallow(false)
	if _, err := pool.ExecContext(context.Background(), `select 1`); err != nil {
		t.Errorf("after the link healed: %v", err)
	}
}

func port(u *url.URL) string {
	if p := u.Query().Get("port"); p != "" {
		return p
	}
	if p := u.Port(); p != "" {
		return p
	}
	return "5432"
}
