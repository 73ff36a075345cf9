package store

import (
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// dialTimeout bounds how long a new connection may take, the server's greeting included.
const dialTimeout = 10 * time.Second

// dialer opens connections on which no single read or write lasts longer than limit. lib/pq does not bound a call by
// its context when the network swallows packets (measured: a context of 500 ms still hung after 25 s), so the
// connection itself must. The limit is to be longer than the longest legal statement.
type dialer struct {
	limit  time.Duration
	budget *atomic.Int64 // bytes that may still be read; nil for no bound
	stalls *atomic.Int64 // of a pool: how often a connection met its limit; nil where connections are not pooled
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
	conn := &deadlineConn{Conn: c, dialer: d}
	if d.stalls != nil {
		conn.born = d.stalls.Load()
	}
	return conn, nil
}

// errTooLarge ends a connection over which a report's query sends more than may be held in memory.
var errTooLarge = errors.New("the result is too large")

// errStalled ends a connection from before a stall: what swallowed one connection has most likely swallowed them all,
// and a pool that tried each to its limit would block for many limits.
var errStalled = errors.New("an older connection to the database met its time limit")

// deadlineConn renews its deadline at every read and write, and reads no more than its budget. A deadline that is set on
// it from outside, as lib/pq does until the server has greeted, is kept as well.
type deadlineConn struct {
	net.Conn
	dialer
	born  int64     // stalls of the pool when it was opened
	until time.Time // zero for none
}

// SetDeadline implements net.Conn.
func (c *deadlineConn) SetDeadline(t time.Time) error {
	c.until = t
	return nil
}

// deadline is that of one read or write.
func (c *deadlineConn) deadline() time.Time {
	t := time.Now().Add(c.limit)
	if !c.until.IsZero() && c.until.Before(t) {
		return c.until
	}
	return t
}

// Read implements net.Conn.
func (c *deadlineConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(c.deadline()); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if c.budget != nil && c.budget.Add(int64(-n)) < 0 {
		return 0, errTooLarge
	}
	return n, c.stalled(err)
}

// Write implements net.Conn.
func (c *deadlineConn) Write(b []byte) (int, error) {
	if c.stalls != nil && c.stalls.Load() != c.born {
		return 0, errStalled
	}
	if err := c.SetWriteDeadline(c.deadline()); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(b)
	return n, c.stalled(err)
}

// stalled tells the pool of a connection that met its limit.
func (c *deadlineConn) stalled(err error) error {
	if c.stalls != nil && c.until.IsZero() && errors.Is(err, os.ErrDeadlineExceeded) {
		c.stalls.Add(1)
	}
	return err
}
