package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// Conditions of PostgreSQL that the program acts on.
const (
	codeUnique        pqerror.Code = "23505"
	codeForeignKey    pqerror.Code = "23503"
	codeCheck         pqerror.Code = "23514"
	codeExclusion     pqerror.Code = "23P01"
	codeSerialization pqerror.Code = "40001"
	codeDeadlock      pqerror.Code = "40P01"
	codeNotSupported  pqerror.Code = "0A000"
	codeDuplicateRole pqerror.Code = "42710"
	codeNoPrivilege   pqerror.Code = "42501"
	codeNoTable       pqerror.Code = "42P01"
	codeQueryCanceled pqerror.Code = "57014"
	codeReadOnly      pqerror.Code = "25006"
	codeInUse         pqerror.Code = "55006"
)

// UnreachableError says that the server does not answer or does not let the program in. It never holds the password.
type UnreachableError struct {
	Address string // host, port and database
	hint    string
	err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("reach database %s: %v", e.Address, e.err)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.err }

// Hint says what to do.
func (e *UnreachableError) Hint() string { return e.hint }

// unreachable wraps the error of a connection attempt. A context that has ended is returned as it is.
func unreachable(cfg pq.Config, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &UnreachableError{Address: address(cfg), err: err, hint: "check DATABASE_URL and that the server runs"}
	if p := pq.As(err); p != nil {
		e.err = errors.New(p.Message)
		switch p.Code.Class() {
		case "28":
			e.hint = fmt.Sprintf("check the user %q and its password in DATABASE_URL", cfg.User)
		case "3D":
			e.hint = fmt.Sprintf("create it: createdb -O %s %s", cfg.User, cfg.Database)
		case "53":
			e.hint = "the server has no connection to spare: raise its max_connections or stop other programs"
		}
	}
	switch {
	case errors.Is(err, pq.ErrSSLNotSupported):
		e.hint = "the server speaks no TLS: add sslmode=disable to DATABASE_URL if the network is yours"
	case errors.Is(err, os.ErrNotExist):
		e.hint = "there is no server behind that socket: start PostgreSQL, or leave DATABASE_URL unset to use a private one"
	}
	var lookup *net.DNSError
	if errors.As(err, &lookup) {
		e.hint = fmt.Sprintf("the name %q is not known here: check the host in DATABASE_URL", lookup.Name)
	}
	return e
}

// address names a database without its password.
func address(cfg pq.Config) string {
	host := cfg.Host
	if host == "" && cfg.Hostaddr.IsValid() {
		host = cfg.Hostaddr.String()
	}
	if strings.HasPrefix(host, "/") {
		return fmt.Sprintf("%q in socket folder %s", cfg.Database, host)
	}
	return fmt.Sprintf("%q on %s", cfg.Database, net.JoinHostPort(host, fmt.Sprint(cfg.Port)))
}

// local reports whether a host is this machine.
func local(host string) bool {
	if strings.HasPrefix(host, "/") || host == "localhost" || host == "" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func sslModeGiven(url string) bool {
	return strings.Contains(url, "sslmode") || os.Getenv("PGSSLMODE") != ""
}

// violates reports whether err is the violation of the named constraint: a unique key, a foreign key, a check or an
// exclusion.
func violates(err error, constraint string) bool {
	p := pq.As(err, codeUnique, codeForeignKey, codeCheck, codeExclusion)
	return p != nil && p.Constraint == constraint
}

// notFound turns "no rows" into ErrNotFound and leaves other errors alone.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// Lost reports whether an error is the database's own: it cannot be reached, the connection broke, the server is going
// down, is read-only or full. Nothing is wrong with what was asked, and the same may succeed later.
func Lost(err error) bool {
	var unreachable *UnreachableError
	var network net.Error
	if errors.As(err, &unreachable) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	p := pq.As(err)
	if p == nil {
		return false
	}
	switch p.Code.Class() {
	case "08", "53", "58": // connection exception, insufficient resources, system error
		return true
	case "57": // operator intervention; 57014 is a statement that ran too long
		return p.Code != codeQueryCanceled
	}
	return p.Code == codeReadOnly
}

// passing reports whether the same transaction may succeed when it is tried again.
func passing(err error) bool {
	return pq.As(err, codeSerialization, codeDeadlock) != nil || changedColumns(err)
}
