package store

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
)

// No error about an address may show its password, whatever is wrong with it.
func TestPasswordStaysOut(t *testing.T) {
	tests := []struct{ name, url string }{
		{"port that is no number", "postgres://user:hunter2@host:54x2/db"},
		{"unescaped sign in the password", "postgres://user:hunter2%zz@host/db"},
		{"unknown word", "host=h password=hunter2 sslmode=sometimes"},
		{"quote that does not end", "host=h password='hunter2"},
		{"nobody listens", "postgres://user:hunter2@127.0.0.1:1/db?sslmode=disable"},
		{"unknown name", "postgres://user:hunter2@no.such.host.invalid/db?sslmode=disable"},
		{"no socket", "postgres://user:hunter2@/db?host=/nonexistent"},
	}
	for _, tt := range tests {
		s, err := Open(t.Context(), tt.url)
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", tt.name)
			continue
		}
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%s: %v has no hint", tt.name, err)
			continue
		}
		if strings.Contains(err.Error()+hinted.Hint(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", tt.name, err)
		}
	}
}

func TestUnreachableNamesHostAndDatabase(t *testing.T) {
	_, err := Open(t.Context(), "postgres://user@127.0.0.1:1/programme?sslmode=disable")
	var lost *UnreachableError
	if !errors.As(err, &lost) || !strings.Contains(err.Error(), `"programme" on 127.0.0.1:1`) {
		t.Errorf("got %v, want an UnreachableError with host and database", err)
	}
}

// A network that swallows packets must not hold a call longer than the connection's limit.
func TestBlackHole(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			if _, err := listener.Accept(); err != nil {
				return
			}
		}
	}()
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	cfg, err := parseURL("DATABASE_URL", "postgres://user@"+net.JoinHostPort(host, port)+"/db?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	db := openPool(cfg, dialer{limit: 300 * time.Millisecond}, 0)
	defer db.Close()
	// The limit ends it and not the guard, which only keeps a failure from hanging.
	guard, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := db.PingContext(guard); !errors.Is(err, os.ErrDeadlineExceeded) || guard.Err() != nil {
		t.Errorf("ping into nothing: %v (guard: %v), want the connection's own limit", err, guard.Err())
	}
}

func TestSSLModeByHost(t *testing.T) {
	tests := []struct {
		name, url string
		want      pq.SSLMode
	}{
		{"this machine", "postgres://u@localhost/d", pq.SSLModePrefer},
		{"loopback", "postgres://u@127.0.0.1/d", pq.SSLModePrefer},
		{"asked for", "postgres://u@localhost/d?sslmode=require", pq.SSLModeRequire},
	}
	for _, tt := range tests {
		cfg, err := parseURL("DATABASE_URL", tt.url)
		if err != nil || cfg.SSLMode != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, cfg.SSLMode, err, tt.want)
		}
	}
	if cfg, err := parseURL("DATABASE_URL", "postgres://u@db.example.org/d"); err != nil || cfg.SSLMode == pq.SSLModePrefer {
		t.Errorf("another machine: %q, %v; TLS must not be optional", cfg.SSLMode, err)
	}
}

func TestConditions(t *testing.T) {
	unique := &pq.Error{Code: codeUnique, Constraint: "delivery_dedupe_key_key"}
	if !violates(unique, "delivery_dedupe_key_key") || violates(unique, "other") || violates(sql.ErrNoRows, "other") {
		t.Error("violates goes by code and name of the constraint")
	}
	if !passing(&pq.Error{Code: codeDeadlock}) || !passing(&pq.Error{Code: codeSerialization}) || passing(unique) {
		t.Error("deadlocks and serialization failures pass, others do not")
	}
	if !errors.Is(notFound(sql.ErrNoRows), ErrNotFound) || notFound(unique) != error(unique) {
		t.Error("no rows is ErrNotFound")
	}
}
