package acts

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
	"secretariat/store/storetest"
)

// mailbox is a Maildir behind a relay.
type mailbox struct {
	*mail.Maildir
	dir string
}

// count is how many copies of a letter are there.
func (m mailbox) count(t *testing.T, messageID string) int {
	t.Helper()
	return m.copies(t)[messageID]
}

// copies is how many there are of each letter, by Message-ID. It looks at the files alone.
func (m mailbox) copies(t *testing.T) map[string]int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(m.dir, "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(b), "Message-ID: <")
		id, _, _ := strings.Cut(rest, ">")
		found[id]++
	}
	return found
}

func localRelay(t *testing.T) (mailbox, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	return relayAt(t, address), "smtp://" + address
}

func relayAt(t *testing.T, address string) mailbox {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d, err := mail.OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := mail.StartRelay(l, d)
	t.Cleanup(func() { r.Close() })
	return mailbox{d, dir}
}

func TestResend(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{DedupeKey: "run:1:anna"})
	if _, err := o.Resend(t.Context(), id, "lost", "anna"); !errors.Is(err, ErrRefused) {
		t.Errorf("a letter that has not ended: got %v, want a refusal", err)
	}
	o.send(id)
	if _, err := o.Resend(t.Context(), id, "", "anna"); !errors.Is(err, ErrRefused) {
		t.Errorf("without a reason: got %v, want a refusal", err)
	}
	if _, err := o.Resend(t.Context(), 999, "lost", "anna"); !errors.Is(err, ErrRefused) {
		t.Errorf("an unknown number: got %v, want a refusal", err)
	}
	for n := range 2 {
		again, err := o.Resend(t.Context(), id, "lost in the reader's spam folder", "anna")
		if err != nil {
			t.Fatal(err)
		}
		if got := o.send(again); got != sent {
			t.Fatalf("resending %d: %s", n, got)
		}
		if d := o.row(again); d.ResendOf == nil || *d.ResendOf != id {
			t.Errorf("resending %d names %v, want %d", n, d.ResendOf, id)
		}
	}
	ids := map[string]bool{}
	for _, l := range s.Letters() {
		ids[l.MessageID()] = true
	}
	if len(ids) != 3 {
		t.Errorf("three letters with the Message-IDs %v, want three different ones", ids)
	}
}

func TestSettleByHand(t *testing.T) {
	for _, row := range []struct {
		outcome, state, want string
	}{
		{"sent", "uncertain", "sent"}, {"dropped", "uncertain", "suppressed"}, {"sent", "failed", ""}, {"dropped", "sent", ""}, {"maybe", "uncertain", ""},
	} {
		o := newOutbox(t, "")
		id := o.owe(store.Delivery{State: row.state})
		err := o.Settle(t.Context(), id, row.outcome, "asked the reader", "anna")
		switch {
		case row.want == "" && !errors.Is(err, ErrRefused):
			t.Errorf("%s on a %s letter: got %v, want a refusal", row.outcome, row.state, err)
		case row.want != "" && (err != nil || o.row(id).State != row.want):
			t.Errorf("%s on a %s letter: it is %s (%v), want %s", row.outcome, row.state, o.row(id).State, err, row.want)
		case row.want != "":
			if log := o.log(id); len(log) != 1 || log[0].Stage != "settle" || !strings.Contains(log[0].Text, "anna: asked the reader") {
				t.Errorf("%s: log %+v, want who settled it and why", row.outcome, log)
			}
		}
	}
}

func TestLettersNotBuiltAreNotShown(t *testing.T) {
	o := newOutbox(t, "")
	if _, err := o.Message(t.Context(), o.owe(store.Delivery{})); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestHeldInstallation: a database restored from a copy sends nothing, whatever asks for it.
func TestHeldInstallation(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{})
	storetest.Exec(t, o.Store, `update instance set held = true`)
	if got := o.send(id); got != untouched || s.Connects() != 0 {
		t.Errorf("held: %s after %d connections, want nothing tried", got, s.Connects())
	}
}
