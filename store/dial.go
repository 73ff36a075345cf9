package store

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// dialTimeout bounds how long a new connection may take.
const dialTimeout = 5 * time.Second

// dialer opens connections on which no single read or write lasts longer than limit. lib/pq does not bound a call by
// its context when the network swallows packets (measured: a context of 500 ms still hung after 25 s), so the
// connection itself must. The limit is to be longer than the longest legal statement.
type dialer struct {
	limit  time.Duration
	budget *atomic.Int64 // bytes that may still be read; nil for no bound
}

var (
	_ pq.Dialer        = dialer{}
	_ pq.DialerContext = dialer{}
)

// Dial implements pq.Dialer.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout implements pq.Dialer.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext implements pq.DialerContext.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	nd := net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	c, err := nd.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return deadlineConn{c, d.limit, d.budget}, nil
}

// errTooLarge ends a connection over which a report's query sends more than may be held in memory.
var errTooLarge = errors.New("the result is too large")

// deadlineConn renews its deadline at every read and write, and reads no more than its budget.
type deadlineConn struct {
	net.Conn
	limit  time.Duration
	budget *atomic.Int64
}

func (c deadlineConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if c.budget != nil && c.budget.Add(int64(-n)) < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func (c deadlineConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
