package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"secretariat/store/storetest"
)

// What is shared by the acceptance tests: each runs whole command lines, or the daemon's pieces, against a database with
// the sample programme.

// fingerprint is one hash of the content of every table of the database.
func fingerprint(t *testing.T, env map[string]string) string {
	t.Helper()
	db := storetest.Open(t, env["DATABASE_URL"]).DB()
	var tables []string
	rows, err := db.QueryContext(t.Context(), `
		select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
		where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil || len(tables) < 20 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	all := sha256.New()
	for _, name := range tables {
		var content string
		err := db.QueryRowContext(t.Context(), `select coalesce(md5(string_agg(r::text, e'\n' order by r::text)), '') from `+name+` r`).Scan(&content)
		if err != nil {
			t.Fatalf("read %s: %v", name, err)
		}
		fmt.Fprintln(all, name, content)
	}
	return hex.EncodeToString(all.Sum(nil))
}

// closedPort is an address of this machine on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// daemon opens the house as serve does, with options beside the defaults. It is closed at the end of the test.
func daemon(t *testing.T, given map[string]string) (*app, *house) {
	t.Helper()
	a := &app{streams: streams{strings.NewReader(""), io.Discard, io.Discard}, getenv: func(string) string { return "" }, options: options{}, log: slog.New(slog.DiscardHandler)}
	for _, o := range optionTable {
		a.options[o.name] = setting{o.def, "default"}
	}
	for name, value := range given {
		a.options[name] = setting{value, "test"}
	}
	h, err := a.open(t.Context(), needSender)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	return a, h
}
