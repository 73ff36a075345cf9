package mail

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// replyLimit bounds what a server may say between two of our writes; a reply is a few lines.
const replyLimit = 64 << 10

var errReplyTooLong = errors.New("the server's reply has no end")

// timedConn bounds every write by itself: go-smtp sets no deadline while the body is written. Reads get their deadline
// from go-smtp. It works on real time, for it guards against a dead network, whatever the clock of the letters says.
type timedConn struct {
	net.Conn
	write time.Duration
	heard atomic.Int64 // octets read since the last write
}

// writeLimit is how many octets are to pass in the time of one write, so that a letter with a large file gets the time it
// needs on a slow line.
const writeLimit = 16 << 10

func (c *timedConn) Write(b []byte) (n int, err error) {
	c.heard.Store(0)
	for {
		if err := c.SetWriteDeadline(time.Now().Add(c.write)); err != nil {
			return n, err
		}
		written, err := c.Conn.Write(b[n:min(n+writeLimit, len(b))])
		if n += written; err != nil || n == len(b) {
			return n, err
		}
	}
}

func (c *timedConn) Read(b []byte) (int, error) {
	if c.heard.Load() > replyLimit {
		return 0, errReplyTooLong
	}
	n, err := c.Conn.Read(b)
	c.heard.Add(int64(n))
	return n, err
}
