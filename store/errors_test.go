package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/lib/pq"
)

// What is the database's fault is told from what is the statement's: only the first may be tried again as it is.
func TestLost(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		want bool
	}{
		{"unreachable", &UnreachableError{err: errors.New("refused")}, true},
		{"broken connection", driver.ErrBadConn, true},
		{"silent network", &net.OpError{Op: "read", Err: errors.New("i/o timeout")}, true},
		{"session ended by an administrator", &pq.Error{Code: "57P01"}, true},
		{"crash of another session", &pq.Error{Code: "57P02"}, true},
		{"server starts", &pq.Error{Code: "57P03"}, true},
		{"disk full", &pq.Error{Code: "53100"}, true},
		{"read only", &pq.Error{Code: "25006"}, true},
		{"statement ran too long", &pq.Error{Code: "57014"}, false},
		{"unique key", &pq.Error{Code: "23505"}, false},
		{"syntax", &pq.Error{Code: "42601"}, false},
		{"told to stop", context.Canceled, false},
		{"not there", ErrNotFound, false},
	} {
		if got := Lost(fmt.Errorf("do it: %w", row.err)); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}
