package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

// keeper stands for a PostgreSQL server that asks for a password and lets nobody in.
func keeper(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			turnAway(c)
			c.Close()
		}
	}()
	return l.Addr().String()
}

// turnAway speaks the first words of the protocol (PostgreSQL, "Message Flow"): the start, the demand for a password in
// plain text, the password, and the refusal.
func turnAway(c net.Conn) {
	read := func(head int) bool {
		b := make([]byte, head)
		if _, err := io.ReadFull(c, b); err != nil {
			return false
		}
		_, err := io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(b[head-4:]))-4)
		return err == nil
	}
	if !read(4) { // the start has no letter before its length
		return
	}
	c.Write([]byte{'R', 0, 0, 0, 8, 0, 0, 0, 3})
	if !read(5) {
		return
	}
	fields := "SFATAL\x00VFATAL\x00C28P01\x00Mpassword authentication failed for user \"anna\"\x00\x00"
	c.Write(append(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(fields)+4)), fields...))
}

// Row 30: the password is wrong. Who is not let in is named, and the password is not.
func TestBadInputPassword(t *testing.T) {
	at := keeper(t)
	said, cure := `reach database "secretariat" on `+at+`: password authentication failed for user "anna"`, `check the user "anna" and its password in DATABASE_URL`
	refuseInputs(t, councilBook(t), []badInput{
		{30, "wrong password", map[string]string{"DATABASE_URL": "postgres://anna:canary@" + at + "/secretariat?sslmode=disable"}, []string{"sessions", "list"}, exitLacks, said, cure},
		{30, "wrong password in a parameter", map[string]string{"DATABASE_URL": "postgres://" + at + "/secretariat?sslmode=disable&user=anna&password=canary"}, []string{"serve"}, exitLacks, said, cure},
	})
}

// Row 41: two replicas that do not go by the same settings are told of, with what differs; secrets are not compared.
func TestBadInputReplicasDisagree(t *testing.T) {
	env := councilBook(t)
	finding := func() (state, what string) {
		out, errs, _ := command(t, env, "doctor", "--json")
		var all struct {
			Findings []struct{ Check, State, What string }
		}
		if err := json.Unmarshal([]byte(out), &all); err != nil {
			t.Fatalf("%v: %s%s", err, out, errs)
		}
		i := slices.IndexFunc(all.Findings, func(f struct{ Check, State, What string }) bool { return f.Check == "replicas" })
		if i < 0 {
			t.Fatalf("41: doctor says nothing about replicas: %s", out)
		}
		return all.Findings[i].State, all.Findings[i].What
	}
	if state, what := finding(); state != "ok" || what != "none runs" {
		t.Errorf("41, before any runs: %s, %s", state, what)
	}
	common := map[string]string{"database-url": env["DATABASE_URL"], "smtp-url": "smtp://127.0.0.1:1", "smtp-password": "canary"}
	for i, row := range []struct{ option, value, want string }{
		{"", "", ""}, {"smtp-password", "another canary", ""}, // a password may be changed on one after the other
		{"lease", "5m", `lease is "5m" there and "2m" here`},
		{"from", "Office <office@isrs.example>", `from is "Office <office@isrs.example>" there`},
		{"smtp-url", "smtp://canary:canary@127.0.0.1:2", `smtp-url is "smtp://127.0.0.1:2" there and "smtp://127.0.0.1:1" here`},
		{"templates", t.TempDir(), "templates is"},
	} {
		given := map[string]string{}
		for k, v := range common {
			given[k] = v
		}
		if row.option != "" {
			given[row.option] = row.value
		}
		_, first := daemon(t, common)
		_, second := daemon(t, given)
		first.acts.Replica, second.acts.Replica = "first", "second"
		for _, h := range []*house{first, second} { // each says that it runs
			if _, err := h.acts.SeeReplicas(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		differ, err := first.acts.SeeReplicas(t.Context())
		if err != nil || (differ == "") != (row.want == "") || !strings.Contains(differ, row.want) || strings.Contains(differ, "canary") {
			t.Errorf("41, row %d: the first is told %q, %v; want %q", i, differ, err, row.want)
		}
		state, what := finding()
		if (state == "warning") != (row.want != "") || !strings.Contains(what, row.want) {
			t.Errorf("41, row %d: doctor says %s: %s", i, state, what)
		}
		if err := second.acts.LeaveReplicas(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, what := finding(); what != "1 run, by the same settings" {
			t.Errorf("41, row %d: after the other has ended doctor says %s", i, what)
		}
	}
}
