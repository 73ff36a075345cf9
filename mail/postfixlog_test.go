package mail_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"secretariat/mail"
)

const oldLog = `Nov 28 23:00:00 mx postfix/qmgr[1]: 111111AAAA: removed
Nov 29 00:10:00 mx postfix/submission/smtpd[2]: 4F2A1B: client=localhost[127.0.0.1], sasl_method=PLAIN
Nov 29 00:10:00 mx postfix/cleanup[3]: 4F2A1B: message-id=<taken@isrs.example>
Nov 29 00:10:00 mx postfix/qmgr[1]: 4F2A1B: from=<bounces@isrs.example>, size=86000, nrcpt=1 (queue active)
`

const newLog = `2026-11-29T00:20:00.123456+00:00 mx postfix/smtp[4]: 4F2A1B: to=<anna@un.example>, relay=mx.un.example[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)
2026-11-29T00:20:00.200000+00:00 mx postfix/qmgr[1]: 4F2A1B: removed
2026-11-29T00:21:00.000000+00:00 mx postfix/cleanup[3]: 5A5A5A: message-id=<half@isrs.example>
2026-11-29T00:22:00.000000+00:00 mx postfix/cleanup[3]: 6B6B6B: message-id=<foreign@other.example>
2026-11-29T00:22:00.000000+00:00 mx postfix/qmgr[1]: 6B6B6B: from=<x@other.example>, size=1, nrcpt=1 (queue active)
2026-11-29T00:23:00.000000+00:00 mx postfix-out/cleanup[3]: 7C7C7C: message-id=<back@isrs.example>
2026-11-29T00:23:00.000000+00:00 mx postfix-out/smtp[3]: 7C7C7C: to=<gone@un.example>, dsn=5.1.1, status=bounced (550 5.1.1 unknown)
2026-11-29T00:24:00.000000+00:00 mx postfix/cleanup[3]: 4F2A1B: message-id=<reused@isrs.example>
2026-11-29T00:24:00.000000+00:00 mx postfix/cleanup[3]: 8D8D8D: message-id=<cut@isrs.example>
2026-11-29T00:24:00.000000+00:00 mx postfix/qmgr[1]: 8D8D8D: from=<x@isrs`

// TestPostfixLog: what the log proves, in either form of time stamp, across a rotation, with a line half written.
func TestPostfixLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, oldLog)
	log := mail.OpenPostfixLog(path, "isrs.example")
	lost := time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)
	ask := func(id string, lost time.Time) string {
		t.Helper()
		a, err := log.Accepted(t.Context(), id, lost)
		switch {
		case err != nil:
			t.Fatal(err)
		case !a.Known:
			return "unknown"
		case a.Accepted:
			return "yes: " + a.Word
		}
		return "no"
	}
	if got := ask("taken@isrs.example", lost); got != "yes: the relay's log has it: queued as 4F2A1B" {
		t.Errorf("before the rotation: %s", got)
	}
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if got := ask("half@isrs.example", lost); got != "no" {
		t.Errorf("between two files: %s", got)
	}
	write(path, newLog)
	for _, row := range []struct{ name, id, want string }{
		{"sent further on", "taken@isrs.example", "yes: the relay's log has it: sent (250 2.0.0 Ok)"},
		{"its data began and never ended", "half@isrs.example", "no"},
		{"never seen", "never@isrs.example", "no"},
		{"of another domain: not kept", "foreign@other.example", "no"},
		{"taken in and come back: it was taken in", "back@isrs.example", "yes: the relay's log has it: bounced (550 5.1.1 unknown)"},
		{"a queue id used again proves nothing of the new letter", "reused@isrs.example", "no"},
		{"a line half written", "cut@isrs.example", "yes: the relay's log has it: queued as 8D8D8D"},
	} {
		if row.id == "cut@isrs.example" {
			if got := ask(row.id, lost); got != "no" {
				t.Errorf("%s: %s", row.name, got)
			}
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString(".example>, size=1, nrcpt=1 (queue active)\n")
			f.Close()
		}
		if got := ask(row.id, lost); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
	if got := ask("never@isrs.example", time.Date(2026, 11, 28, 23, 30, 0, 0, time.Local)); got != "unknown" {
		t.Errorf("lost before the log begins: %s, want unknown", got)
	}
	missing := mail.OpenPostfixLog(path+".none", "isrs.example")
	if a, err := missing.Accepted(t.Context(), "x@isrs.example", lost); err == nil || a.Known {
		t.Errorf("a log that is not there: %+v, %v; want an error", a, err)
	}
}
