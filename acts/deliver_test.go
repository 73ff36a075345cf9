package acts

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/letters"
	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
	"secretariat/store/storetest"
)

// outbox is an installation whose letters say what the test wants.
type outbox struct {
	*Acts
	t        *testing.T
	why      map[string]string // dedupe key → reason why the letter is no longer owed
	composed int
	fault    error // of composing
}

func newOutbox(t *testing.T, url string) *outbox {
	t.Helper()
	o := &outbox{t: t, why: map[string]string{}}
	o.Acts = o.replica("one", storetest.New(t), url)
	return o
}

// replica is another process on the same database.
func (o *outbox) replica(name string, s *store.Store, url string) *Acts {
	a := &Acts{Store: s, Replica: name, Mail: MailOptions{From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}, Lease: time.Minute}}
	a.sources = func(string) (letterSource, error) { return o.compose, nil }
	a.Enqueue = func(context.Context, *store.Tx, ...Nudge) error { return nil }
	if url != "" {
		pool, err := mail.NewPool(mail.Settings{URL: url, DialTimeout: 5 * time.Second, StepTimeout: 5 * time.Second, ReplyTimeout: 5 * time.Second})
		if err != nil {
			o.t.Fatal(err)
		}
		o.t.Cleanup(func() { pool.Close() })
		a.Sender = pool
	}
	return a
}

func (o *outbox) compose(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o.composed++
	sha, err := tx.PutArtefact(ctx, "application/pdf", []byte("%PDF-1.7 the report %%EOF"))
	return letterParts{
		Letter:      letters.Letter{Subject: fmt.Sprintf("Отчёт, build %d", o.composed), Text: "Dear " + d.Name, HTML: "<p>Dear " + d.Name + "</p>"},
		Attachments: []store.Attachment{{Name: "report.pdf", Type: "application/pdf", SHA256: sha}},
		Headers:     map[string]string{"In-Reply-To": "<earlier@isrs.example>"},
	}, o.why[d.DedupeKey], errors.Join(err, o.fault)
}

func (o *outbox) owe(d store.Delivery) int64 {
	o.t.Helper()
	if d.DedupeKey == "" {
		d.DedupeKey = "key"
	}
	if d.Kind == "" {
		d.Kind = "session-reminder"
	}
	d.Address, d.Name, d.Language, d.Timezone = "anna@un.example", "Анна", "ru", "Asia/Tashkent"
	var rows []store.Delivery
	o.inTx(func(tx *store.Tx) (err error) {
		rows, err = tx.InsertDeliveries(o.t.Context(), []store.Delivery{d})
		return err
	})
	return rows[0].ID
}

func (o *outbox) inTx(fn func(tx *store.Tx) error) {
	o.t.Helper()
	if err := o.Store.InTx(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outbox) send(id int64) delivered {
	o.t.Helper()
	became, err := o.deliver(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return became
}

func (o *outbox) row(id int64) (d store.Delivery) {
	o.t.Helper()
	o.inTx(func(tx *store.Tx) (err error) { d, err = tx.Delivery(o.t.Context(), id); return err })
	return d
}

func (o *outbox) log(id int64) (log []store.Attempt) {
	o.t.Helper()
	o.inTx(func(tx *store.Tx) (err error) { log, err = tx.Attempts(o.t.Context(), id); return err })
	return log
}

// step moves the one clock on.
func (o *outbox) step(by time.Duration) {
	o.t.Helper()
	now, err := o.Store.Now(o.t.Context())
	if err == nil {
		err = o.Store.SetClock(o.t.Context(), now.Add(by))
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestDeliverSends(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{DedupeKey: "run:1:anna"})
	if got := o.send(id); got != sent {
		t.Fatalf("got %s: %+v", got, o.row(id))
	}
	d, taken := o.row(id), s.Letters()
	if d.State != store.DeliverySent || d.SentAt == nil || d.Attempts != 1 || len(taken) != 1 {
		t.Fatalf("row %+v and %d letters taken, want one sent at the first attempt", d, len(taken))
	}
	l := taken[0]
	for name, want := range map[string]string{
		"Message-ID": "<" + store.MessageID("run:1:anna", "isrs.example") + ">", "Auto-Submitted": "auto-generated",
		"X-Secretariat-Kind": "session-reminder", "Content-Language": "ru", "In-Reply-To": "<earlier@isrs.example>",
		"Date": d.FrozenAt.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"),
	} {
		if got := l.Header(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if l.To != "anna@un.example" || d.MessageID != l.MessageID() {
		t.Errorf("sent to %s as %s, recorded as %s", l.To, l.MessageID(), d.MessageID)
	}
	if log := o.log(id); len(log) != 1 || log[0].Stage != "sent" || log[0].Code != 250 || log[0].Replica != "one" {
		t.Errorf("log %+v, want one line that says sent", log)
	}
	if got := o.send(id); got != untouched || len(s.Letters()) != 1 {
		t.Errorf("looked at again: %s, %d letters; want nothing to do", got, len(s.Letters()))
	}
}

// TestVerdictsInTheRow: what the relay says and what the row then is.
func TestVerdictsInTheRow(t *testing.T) {
	reply := func(point, text string) mailtest.Script {
		return mailtest.Script{Reply: map[string]string{point: text}}
	}
	for _, row := range []struct {
		name   string
		script mailtest.Script
		want   delivered
		state  string
		stage  string
	}{
		{"greylisted", reply("RCPT", "451 4.7.1 later"), delayed, "pending", "rcpt"},
		{"no such mailbox", reply("RCPT", "550 5.1.1 unknown"), failed, "failed", "rcpt"},
		{"authentication", mailtest.Script{Reply: map[string]string{"MAIL": "530 5.7.0 authenticate"}}, delayed, "pending", "mail"},
		{"lost after the dot", mailtest.Script{Drop: map[string]bool{"dot": true}}, uncertain, "uncertain", "dot"},
		{"refused after the dot", reply("dot", "452 4.3.1 disk full"), delayed, "pending", "dot"},
		{"refused for good after the dot", reply("dot", "554 5.6.0 no"), failed, "failed", "dot"},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := newOutbox(t, mailtest.Start(t, row.script).URL())
			id := o.owe(store.Delivery{})
			got, d := o.send(id), o.row(id)
			if got != row.want || d.State != row.state || d.Reason == "" {
				t.Errorf("got %s, row %s (%q); want %s, %s and a reason", got, d.State, d.Reason, row.want, row.state)
			}
			if row.state == "pending" && (d.RetryAt == nil || !d.RetryAt.After(d.UpdatedAt)) {
				t.Errorf("to be tried again at %v, want a later moment", d.RetryAt)
			}
			if log := o.log(id); len(log) != 1 || log[0].Stage != row.stage {
				t.Errorf("log %+v, want one line of stage %s", log, row.stage)
			}
		})
	}
}

func TestDeadAddressIsSuppressed(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{Reply: map[string]string{"RCPT": "550 5.1.1 unknown"}})
	o := newOutbox(t, s.URL())
	o.send(o.owe(store.Delivery{DedupeKey: "a"}))
	s.Play(mailtest.Script{})
	if got := o.send(o.owe(store.Delivery{DedupeKey: "b"})); got != dropped {
		t.Errorf("a reminder to an address that bounced: %s, want it dropped", got)
	}
	if got := o.send(o.owe(store.Delivery{DedupeKey: "c", Kind: "session-cancelled"})); got != sent {
		t.Errorf("a cancellation to the same address: %s, want it sent all the same", got)
	}
}

// TestRetryIsByteIdentical: texts, Date and Message-ID are those of the first build, though a later build says otherwise.
func TestRetryIsByteIdentical(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{Reply: map[string]string{"RCPT": "451 4.7.1 later"}})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{})
	o.send(id)
	first, err := o.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.Play(mailtest.Script{})
	if got := o.send(id); got != untouched {
		t.Errorf("before its retry moment: %s, want it left alone", got)
	}
	o.Mail.From = mail.Address{Name: "Another office", Address: "office@another.example"} // the settings change meanwhile
	o.step(2 * time.Hour)
	if got := o.send(id); got != sent {
		t.Fatalf("got %s, want it sent on the second attempt", got)
	}
	var want bytes.Buffer
	a, err := mail.Assemble(first)
	if err != nil {
		t.Fatal(err)
	}
	a.WriteTo(&want)
	if got := s.Letters()[0].Bytes; !bytes.Equal(got, want.Bytes()) {
		t.Errorf("the second attempt sent\n%s\nwant\n%s", got, want.Bytes())
	}
}

func TestNoLongerOwed(t *testing.T) {
	past := time.Now().Add(-time.Hour)
	for _, row := range []struct {
		name   string
		d      store.Delivery
		why    string
		state  string
		reason string
	}{
		{"answered meanwhile", store.Delivery{}, "answered", "suppressed", "answered"},
		{"past its point", store.Delivery{ExpiresAt: &past}, "", "expired", "past its point"},
	} {
		s := mailtest.Start(t, mailtest.Script{})
		o := newOutbox(t, s.URL())
		o.why["key"] = row.why
		id := o.owe(row.d)
		if got := o.send(id); got != dropped {
			t.Errorf("%s: got %s, want dropped", row.name, got)
		}
		if d := o.row(id); d.State != row.state || d.Reason != row.reason || len(s.Letters()) != 0 {
			t.Errorf("%s: row %s (%q), %d letters; want %s (%q), none", row.name, d.State, d.Reason, len(s.Letters()), row.state, row.reason)
		}
	}
}

// TestMovedWhileSending: the session moves when the body is already with the relay. The commit point finds the row
// suppressed, the connection is closed without the dot, and nothing arrives.
func TestMovedWhileSending(t *testing.T) {
	stall := make(chan struct{})
	s := mailtest.Start(t, mailtest.Script{Stall: map[string]chan struct{}{"DATA": stall}})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{})
	done := make(chan delivered)
	go func() { done <- o.send(id) }()
	waitFor(t, func() bool { return slices.Contains(s.Commands(), "DATA") })
	o.inTx(func(tx *store.Tx) error { return tx.SuppressDeliveries(t.Context(), []int64{id}, "moved") })
	close(stall)
	if got := <-done; got != dropped {
		t.Errorf("got %s, want dropped", got)
	}
	if d := o.row(id); d.State != store.DeliverySuppressed || d.Reason != "moved" {
		t.Errorf("row is %s (%q), want suppressed (moved)", d.State, d.Reason)
	}
	if n := len(s.Letters()); n != 0 {
		t.Errorf("%d letters arrived, want none", n)
	}
	if log := o.log(id); len(log) != 1 || log[0].Stage != "commit" {
		t.Errorf("log %+v, want a line of stage commit", log)
	}
}

// TestZombieIsFenced: a sender that slept beyond its lease wakes up with the letter half way; another has sent it since.
func TestZombieIsFenced(t *testing.T) {
	stall := make(chan struct{})
	slow, quick := mailtest.Start(t, mailtest.Script{Stall: map[string]chan struct{}{"DATA": stall}}), mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, slow.URL())
	other := o.replica("two", o.Store, quick.URL())
	id := o.owe(store.Delivery{})
	done := make(chan delivered)
	go func() { done <- o.send(id) }()
	waitFor(t, func() bool { return slices.Contains(slow.Commands(), "DATA") })
	o.step(2 * time.Minute) // longer than the lease
	o.inTx(func(tx *store.Tx) error { _, err := tx.SweepDeliveries(t.Context(), "two", 3, 10); return err })
	if got, err := other.deliver(t.Context(), id); got != sent || err != nil {
		t.Fatalf("the other replica: %s, %v; want sent", got, err)
	}
	close(stall)
	if got := <-done; got != dropped {
		t.Errorf("the zombie: %s, want its letter dropped", got)
	}
	if d := o.row(id); d.State != store.DeliverySent || d.Owner != "two" || d.Attempts != 2 {
		t.Errorf("row is %s by %s at attempt %d, want sent by two at 2", d.State, d.Owner, d.Attempts)
	}
	if len(slow.Letters()) != 0 || len(quick.Letters()) != 1 {
		t.Errorf("%d letters from the zombie and %d from the other, want none and one", len(slow.Letters()), len(quick.Letters()))
	}
}

// TestRelayDown: letters wait, the relay is not asked for each, and all leave when it is back.
func TestRelayDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	o := newOutbox(t, "smtp://"+address)
	var ids []int64
	for i := range 5 {
		ids = append(ids, o.owe(store.Delivery{DedupeKey: fmt.Sprint(i)}))
	}
	for _, id := range ids {
		o.send(id)
	}
	attempts := 0
	for _, id := range ids {
		d := o.row(id)
		attempts += d.Attempts
		if d.State != store.DeliveryPending || d.RetryAt == nil {
			t.Errorf("letter %d is %s, to be tried at %v; want pending, later", id, d.State, d.RetryAt)
		}
	}
	if _, shut, err := o.RelayTrouble(t.Context()); attempts != 1 || !shut || err != nil {
		t.Errorf("%d attempts and the gate shut %v (%v), want one attempt and a shut gate", attempts, shut, err)
	}
	maildir := relayAt(t, address)
	o.step(time.Minute)
	for _, id := range ids {
		if got := o.send(id); got != sent {
			t.Errorf("letter %d when the relay is back: %s, want sent", id, got)
		}
	}
	for _, id := range ids {
		if n := maildir.count(t, o.row(id).MessageID); n != 1 {
			t.Errorf("letter %d arrived %d times, want once", id, n)
		}
	}
}

func TestHold(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	o.Mail.Hold = true
	id := o.owe(store.Delivery{})
	if got := o.send(id); got != built {
		t.Fatalf("got %s, want built", got)
	}
	if d := o.row(id); d.State != store.DeliveryPending || d.FrozenAt == nil || d.Attempts != 0 || s.Connects() != 0 {
		t.Errorf("row %s frozen %v after %d attempts and %d connections; want it built and nothing tried", d.State, d.FrozenAt, d.Attempts, s.Connects())
	}
	if m, err := o.Message(t.Context(), id); err != nil || !strings.HasPrefix(m.Subject, "Отчёт") {
		t.Errorf("the built letter: %+v, %v", m, err)
	}
	o.Mail.Hold = false
	if got := o.send(id); got != sent {
		t.Errorf("when let go: %s, want sent", got)
	}
}

func TestRedirect(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	o.Mail.RedirectTo = "test@isrs.example"
	o.send(o.owe(store.Delivery{}))
	l := s.Letters()[0]
	if l.To != "test@isrs.example" || l.Header("X-Secretariat-Intended-To") != "anna@un.example" || strings.Contains(l.Header("To"), "anna@") {
		t.Errorf("sent to %s (To %q), intended %q", l.To, l.Header("To"), l.Header("X-Secretariat-Intended-To"))
	}
}

// TestBrokenLetter: it is put off, others are not touched, and after some tries it is put aside with the cause.
func TestBrokenLetter(t *testing.T) {
	o := newOutbox(t, mailtest.Start(t, mailtest.Script{}).URL())
	o.fault = errors.New("template: no such field")
	id := o.owe(store.Delivery{})
	for n := 1; n <= buildTries; n++ {
		if _, err := o.deliver(t.Context(), id); err == nil || !strings.Contains(err.Error(), "no such field") {
			t.Fatalf("try %d: got %v, want the cause", n, err)
		}
		o.step(2 * time.Hour)
	}
	if d := o.row(id); d.State != store.DeliveryFailed || d.Attempts != buildTries || !strings.Contains(d.Reason, "no such field") {
		t.Errorf("row %s after %d attempts (%q), want failed after %d with the cause", d.State, d.Attempts, d.Reason, buildTries)
	}
}

func TestBackoff(t *testing.T) {
	for n := 1; n <= 20; n++ {
		low, high := time.Hour, time.Duration(0)
		for id := range int64(200) {
			w := backoff(id, n)
			low, high = min(low, w), max(high, w)
			if w != backoff(id, n) {
				t.Fatalf("letter %d, attempt %d: two waits", id, n)
			}
		}
		bound := min(time.Minute<<min(n, 6), time.Hour)
		if low < time.Minute || high > bound || high < bound*3/4 || low > time.Minute+bound/10 {
			t.Errorf("attempt %d: waits from %v to %v, want them spread from 1m to %v", n, low, high, bound)
		}
	}
}

// waitFor waits for a condition that another goroutine brings about.
func waitFor(t *testing.T, reached func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-deadline:
			t.Fatal("it did not come to that within 10 seconds")
		case <-tick.C:
		}
	}
}

// A database that was away is no fault of the letter: it is not put off, and costs it no attempt of building.
func TestDatabaseAwayIsNoFaultOfTheLetter(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	id := o.owe(store.Delivery{})
	o.fault = driver.ErrBadConn
	for range buildTries + 1 {
		if err := o.Deliver(t.Context(), id); !errors.Is(err, driver.ErrBadConn) {
			t.Fatalf("error %v", err)
		}
	}
	if d := o.row(id); d.State != store.DeliveryPending || d.RetryAt != nil || d.Attempts != 0 {
		t.Errorf("it is %s, waits until %v after %d attempts; want it pending as before", d.State, d.RetryAt, d.Attempts)
	}
	o.fault = nil
	relay := o.Sender
	o.Sender = senderFunc(func(context.Context, *mail.Message, func() error) mail.Verdict {
		return mail.Verdict{Outcome: mail.Retry, Stage: "commit", Text: "begin: the connection broke"}
	})
	o.send(id)
	o.Sender = relay
	o.send(id)
	if d := o.row(id); d.State != store.DeliverySent || d.Attempts != 2 || len(s.Letters()) != 1 {
		t.Errorf("it is %s after %d attempts and %d copies; want it sent at once when the commit point can be written again", d.State, d.Attempts, len(s.Letters()))
	}
}

type senderFunc func(ctx context.Context, m *mail.Message, commit func() error) mail.Verdict

func (f senderFunc) Send(ctx context.Context, m *mail.Message, commit func() error) mail.Verdict {
	return f(ctx, m, commit)
}

// TestNoTransactionOverSMTP: while a letter is with the relay no transaction of its sender is open: one that held the row over
// the conversation would lose its work with its session, and send the letter again.
func TestNoTransactionOverSMTP(t *testing.T) {
	o := newOutbox(t, "")
	id := o.owe(store.Delivery{})
	looked := false
	o.Sender = senderFunc(func(ctx context.Context, _ *mail.Message, commit func() error) mail.Verdict {
		for _, moment := range []string{"before", "after"} {
			var open int
			err := o.Store.DB().QueryRowContext(ctx, `
				select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
					and backend_type = 'client backend'`).Scan(&open)
			if err != nil || open > 0 {
				t.Errorf("%s the commit point %d transactions are open, %v", moment, open, err)
			}
			if moment == "before" {
				if err := commit(); err != nil {
					t.Error(err)
				}
			}
		}
		looked = true
		return mail.Verdict{Outcome: mail.Sent, Stage: "sent", Code: 250}
	})
	if got := o.send(id); got != sent || !looked {
		t.Errorf("it became %s, looked %v", got, looked)
	}
}
