package main

import (
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/mail"
	"secretariat/store"
)

// A relay that is down is no failure: letters wait and are tried again, and when it is back each leaves once.
func TestRelayComesBack(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	address := closedPort(t)
	url := "smtp://" + address
	if out, errs, code := command(t, env, "--report", "weekly-progress", "--to", "guest@un.example", "--smtp-url", url); code != 0 {
		t.Fatalf("--to with a relay that is down: exit %d: %s%s", code, out, errs)
	}
	a, h := daemon(t, map[string]string{"database-url": env["DATABASE_URL"], "smtp-url": url, "from": "Secretariat <secretariat@isrs.example>"})
	end := demoStart.Add(3 * time.Minute)
	if err := a.runUntil(t.Context(), h, end); err != nil {
		t.Fatalf("the daemon failed over a relay that is down: %v", err)
	}
	waiting := waitingLetters(t, h)

	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	box := demoRun{dir: t.TempDir()}
	maildir, err := mail.OpenMaildir(filepath.Join(box.dir, "mail"))
	if err != nil {
		t.Fatal(err)
	}
	relay := mail.StartRelay(listener, maildir)
	defer relay.Close()
	if err := a.runUntil(t.Context(), h, end.Add(7*time.Minute)); err != nil {
		t.Fatal(err)
	}
	arrived := box.letters(t)
	for _, letter := range waiting {
		if n := count(arrived, letter); n != count(waiting, letter) {
			t.Errorf("%s arrived %d times", letter, n)
		}
	}
	if !slices.Contains(arrived, "report guest@un.example") {
		t.Error("the report that was mailed on demand did not arrive")
	}
	sent, err := h.acts.Deliveries(t.Context(), acts.Outbox{State: store.DeliverySent})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) != len(arrived) {
		t.Errorf("%d letters arrived, the outbox says %d are sent", len(arrived), len(sent))
	}
}

func count(list []string, one string) (n int) {
	for _, s := range list {
		if s == one {
			n++
		}
	}
	return n
}

// waitingLetters are the letters that were tried in vain and wait for a later moment, as "kind recipient". No letter may
// have another fate.
func waitingLetters(t *testing.T, h *house) (waiting []string) {
	t.Helper()
	letters, err := h.acts.Deliveries(t.Context(), acts.Outbox{})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, d := range letters {
		switch {
		case d.State == store.DeliveryPlanned || d.State == store.DeliverySuppressed || d.State == store.DeliveryExpired && d.Attempts == 0:
		case d.State != store.DeliveryPending:
			t.Errorf("letter %d, %s to %s, is %s: %s", d.ID, d.Kind, d.Address, d.State, d.Reason)
		default:
			waiting = append(waiting, d.Kind+" "+d.Address)
			if d.Attempts > 0 {
				tried++
				if d.RetryAt == nil {
					t.Errorf("letter %d was tried and has no moment of its next attempt", d.ID)
				}
			}
			if d.WasUncertain {
				t.Errorf("letter %d is called uncertain, though no relay ever saw it", d.ID)
			}
		}
	}
	if len(waiting) < 20 || tried == 0 {
		t.Fatalf("%d letters wait, %d of them tried; want a morning's letters", len(waiting), tried)
	}
	return waiting
}
