package acts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
)

// TestGiveUp is the rule of suppression, row by row.
func TestGiveUp(t *testing.T) {
	now := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	said := func(daysAgo float64, code int, enhanced string) store.Bounce {
		return store.Bounce{At: now.Add(-time.Duration(daysAgo * 24 * float64(time.Hour))), Code: code, Enhanced: enhanced}
	}
	for _, row := range []struct {
		name    string
		history []store.Bounce
		given   bool
		forGood bool
	}{
		{"no such mailbox: at once", []store.Bounce{said(0, 550, "5.1.1")}, true, true},
		{"no such domain", []store.Bounce{said(0, 550, "5.1.2")}, true, true},
		{"no mail for the domain", []store.Bounce{said(0, 556, "5.1.10")}, true, true},
		{"our own address is wrong: not theirs", []store.Bounce{said(0, 550, "5.1.8")}, false, false},
		{"policy: never", []store.Bounce{said(5, 550, "5.7.1"), said(3, 550, "5.7.1"), said(0, 550, "5.7.1")}, false, false},
		{"full once", []store.Bounce{said(0, 552, "5.2.2")}, false, false},
		{"full three times in a day", []store.Bounce{said(0.9, 552, "5.2.2"), said(0.5, 552, "5.2.2"), said(0, 552, "5.2.2")}, false, false},
		{"full three times over three days", []store.Bounce{said(3, 552, "5.2.2"), said(1, 552, ""), said(0, 552, "5.2.2")}, true, false},
		{"full twice over a week", []store.Bounce{said(7, 552, "5.2.2"), said(0, 552, "5.2.2")}, false, false},
		{"refused without a word, once", []store.Bounce{said(0, 550, "")}, false, false},
		{"refused without a word, twice", []store.Bounce{said(9, 550, ""), said(0, 550, "")}, true, true},
		{"too large: the letter's affair", []store.Bounce{said(1, 552, "5.3.4"), said(0, 552, "5.3.4")}, false, false},
	} {
		until, given := giveUp(row.history, now)
		if given != row.given || given && until.IsZero() != row.forGood {
			t.Errorf("%s: got %v until %v, want %v for good %v", row.name, given, until, row.given, row.forGood)
		}
	}
}

// notice is a notification that came to the return path of a letter.
func notice(t *testing.T, to, action string) []byte {
	t.Helper()
	b, err := os.ReadFile("../mail/testdata/dsn/unknown-user.eml")
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.ReplaceAll(b, []byte("bounces+b-43-00112233445566778899@isrs.example"), []byte(to))
	return bytes.Replace(b, []byte("Action: failed"), []byte("Action: "+action), 1)
}

func TestReadNotice(t *testing.T) {
	for _, row := range []struct {
		name, action, state string // of the letter before
		forge               func(path string) string
		acted               bool
		want                string
		suppressed          bool
	}{
		{"a letter came back", "failed", "sent", nil, true, "failed", true},
		{"one whose fate was unknown came back", "failed", "uncertain", nil, true, "failed", true},
		{"one whose fate was unknown arrived", "delivered", "uncertain", nil, true, "sent", false},
		{"one whose fate was unknown is delayed: it was taken in", "delayed", "uncertain", nil, true, "sent", false},
		{"delayed", "delayed", "sent", nil, false, "sent", false},
		{"arrived", "delivered", "sent", nil, false, "sent", false},
		{"forged: no token", "failed", "sent", func(p string) string { return "bounces@isrs.example" }, false, "sent", false},
		{"forged: another letter's number", "failed", "sent", func(p string) string { return strings.Replace(p, "+b-", "+b-1", 1) }, false, "sent", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, mailtest.Script{})
			o := newOutbox(t, s.URL())
			o.Mail.ReturnPath = "bounces@isrs.example"
			id := o.owe(store.Delivery{})
			o.send(id)
			path := s.Letters()[0].From
			if row.state == "uncertain" {
				storeExec(o, `update delivery set state = 'uncertain', sent_at = null`)
			}
			if row.forge != nil {
				path = row.forge(path)
			}
			for n := range 2 { // the second time it says nothing new
				acted, err := o.ReadNotice(t.Context(), notice(t, path, row.action))
				if want := row.acted && n == 0; err != nil || acted != want {
					t.Errorf("time %d: acted %v, %v; want %v", n+1, acted, err, want)
				}
			}
			var why string
			d := o.row(id)
			o.inTx(func(tx *store.Tx) (err error) { why, err = tx.SuppressedBecause(t.Context(), d); return err })
			if d.State != row.want || (why != "") != row.suppressed {
				t.Errorf("the letter is %s (%s), the address suppressed %q; want %s, %v", d.State, d.Reason, why, row.want, row.suppressed)
			}
		})
	}
}

// TestOwnAddress: the program never writes to itself, and every letter says that it passed through here.
func TestOwnAddress(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	o.Mail.ReturnPath = "bounces@isrs.example"
	for i, address := range []string{"Secretariat@ISRS.example", "bounces@isrs.example"} {
		id := o.owe(store.Delivery{DedupeKey: fmt.Sprint(i)})
		storeExec(o, `update delivery set address = '`+address+`' where dedupe_key = '`+fmt.Sprint(i)+`'`)
		if got := o.send(id); got != dropped || !strings.Contains(o.row(id).Reason, "own") {
			t.Errorf("%s: %s (%s), want it left out", address, got, o.row(id).Reason)
		}
	}
	o.send(o.owe(store.Delivery{DedupeKey: "other"}))
	if l := s.Letters(); len(l) != 1 || l[0].Header(mail.LoopField) != "secretariat@isrs.example" || l[0].Header("Auto-Submitted") != "auto-generated" {
		t.Errorf("%d letters left, want one with the fields that stop loops", len(l))
	}
}

// TestBounceOfRealServers sends a letter through a Postfix to a mailbox that is gone, and reads the notification from a
// Dovecot: the letter has failed then, and the address gets no more.
func TestBounceOfRealServers(t *testing.T) {
	further := mailtest.Start(t, mailtest.Script{Reply: map[string]string{"RCPT": "550 5.1.1 no such user here"}})
	servers := mailtest.StartServers(t, further)
	o := newOutbox(t, "")
	o.Mail.ReturnPath = "bounces@isrs.example"
	pool, err := mail.NewPool(mail.Settings{URL: "smtps://bounces%40isrs.example@" + servers.Submissions, Password: servers.Password, Roots: servers.Roots})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	box, err := mail.NewIMAPBox("imaps://bounces%40isrs.example@"+servers.IMAP, servers.Password, servers.Roots)
	if err != nil {
		t.Fatal(err)
	}
	o.Sender, o.Mailboxes = pool, []Mailbox{box}
	id := o.owe(store.Delivery{})
	storeExec(o, `update delivery set address = 'gone@bounce.example'`)
	if got := o.send(id); got != sent {
		t.Fatalf("got %s: %+v", got, o.row(id))
	}
	acted := 0
	for end := time.Now().Add(30 * time.Second); acted == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if acted, err = o.ReadMailboxes(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d := o.row(id)
	if acted != 1 || d.State != store.DeliveryFailed || !strings.Contains(d.Reason, "no such user here") {
		t.Errorf("%d notifications, the letter is %s (%s); want it failed by one", acted, d.State, d.Reason)
	}
	// An officer knows better, once, and then the address is as before.
	if err := o.LiftSuppression(t.Context(), "GONE@bounce.example", "", "me"); err == nil {
		t.Error("freed without a reason")
	}
	if err := o.LiftSuppression(t.Context(), "GONE@bounce.example", "she called", "me"); err != nil {
		t.Error(err)
	}
	if err := o.LiftSuppression(t.Context(), "gone@bounce.example", "again", "me"); !errors.Is(err, ErrRefused) {
		t.Errorf("freed twice: %v, want a refusal", err)
	}
	if all, err := o.Suppressions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("still suppressed: %v, %v", all, err)
	}
	o.inTx(func(tx *store.Tx) error {
		return tx.AddSuppression(t.Context(), store.Suppression{Address: "gone@bounce.example", Reason: "bounced"})
	})
	again := o.owe(store.Delivery{DedupeKey: "again"})
	storeExec(o, `update delivery set address = 'Gone@bounce.example' where dedupe_key = 'again'`)
	if got := o.send(again); got != dropped {
		t.Errorf("the next letter to the address: %s, want it left out", got)
	}
}
