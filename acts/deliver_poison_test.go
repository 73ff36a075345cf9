package acts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"secretariat/mail/mailtest"
	"secretariat/store"
	"secretariat/store/storetest"
)

// poisonKey is the letter that kills whoever builds it, where the environment names it.
const poisonKey = "KILL_POISON"

// poisoned is the source of letters of which one ends the process at once, as one that uses up all memory does. The first
// time it waits for two others that are being built beside it, which die with it.
func poisoned(key string) letterSource {
	var beside sync.WaitGroup
	beside.Add(2)
	return func(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
		switch {
		case d.DedupeKey == key:
			if d.Attempts == 1 {
				beside.Wait()
			}
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		case d.Attempts == 1 && d.Priority == 1:
			beside.Done()
			select {}
		}
		return plainLetter(ctx, a, tx, d)
	}
}

// TestR12Poison: a letter whose building kills its sender is put aside after three of them, and takes no other with it. The
// senders are processes that really die; those that die with it in the same process the first time are sent afterwards.
func TestR12Poison(t *testing.T) {
	url := storetest.URL(t)
	o := &outbox{t: t, why: map[string]string{}}
	o.Acts = o.replica("parent", storetest.Open(t, url), "")
	rows := []store.Delivery{{DedupeKey: "poison", Priority: 1}}
	for i := range 30 {
		d := store.Delivery{DedupeKey: fmt.Sprint("letter ", i)}
		if i < 2 {
			d.Priority = 1 // claimed together with it
		}
		rows = append(rows, d)
	}
	for i := range rows {
		rows[i].Kind, rows[i].Address, rows[i].Name, rows[i].Language, rows[i].Timezone = "report", "anna@un.example", "Anna", "en", "UTC"
	}
	o.inTx(func(tx *store.Tx) (err error) { rows, err = tx.InsertDeliveries(t.Context(), rows); return err })
	maildir, relay := localRelay(t)
	sender := &senders{t: t, env: []string{"KILL_DATABASE=" + url, "KILL_MAILDIR=" + maildir.dir, "KILL_RELAY=" + relay, poisonKey + "=poison", "KILL_CRASHES=3"}}

	deaths, ended := 0, make(chan *exec.Cmd, 1)
	live := func() *exec.Cmd {
		cmd := sender.start()
		go func() { cmd.Wait(); ended <- cmd }()
		return cmd
	}
	running := live()
	defer func() { running.Process.Kill(); <-ended }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(2 * time.Minute)
	for counts := map[string]int{}; counts[store.DeliverySent]+counts[store.DeliveryFailed] < len(rows); {
		select {
		case <-ended:
			deaths++
			running = live()
		case <-tick.C:
			o.inTx(func(tx *store.Tx) (err error) { counts, err = tx.CountDeliveries(t.Context()); return err })
		case <-limit:
			t.Fatalf("after %d deaths the letters stand at %v", deaths, counts)
		}
	}
	if d := o.row(rows[0].ID); deaths != 3 || d.State != store.DeliveryFailed || d.Reason != "its sender died 3 times" {
		t.Errorf("%d senders died, and the letter is %s (%s); want three and it put aside", deaths, d.State, d.Reason)
	}
	copies := maildir.copies(t)
	for _, row := range rows[1:] {
		if d := o.row(row.ID); d.State != store.DeliverySent || copies[d.MessageID] != 1 {
			t.Errorf("%s is %s (%s) with %d copies, want it sent once", d.DedupeKey, d.State, d.Reason, copies[d.MessageID])
		}
	}
	for _, row := range rows[1:3] {
		if log := o.log(row.ID); len(log) != 2 || log[0].Stage != "lease" {
			t.Errorf("%s: %+v; want it to have died with the poison once, or the test proves nothing", row.DedupeKey, log)
		}
	}
}

// Of letters whose senders died one at a time is under way in a process, and the others go beside it.
func TestSuspectsGoOneAtATime(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	var suspects []int64
	for i := range 3 {
		id := o.owe(store.Delivery{DedupeKey: fmt.Sprint("suspect ", i)})
		o.inTx(func(tx *store.Tx) error { _, err := tx.ClaimDelivery(t.Context(), id, "dead", time.Minute); return err })
		suspects = append(suspects, id)
	}
	o.step(time.Minute)
	o.inTx(func(tx *store.Tx) error { _, err := tx.SweepDeliveries(t.Context(), "one", 3, 9); return err })
	other := o.owe(store.Delivery{DedupeKey: "other"})

	entered, release := make(chan int64), make(chan struct{})
	o.sources = func(string) (letterSource, error) {
		return func(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
			if d.ID == suspects[0] {
				entered <- d.ID
				<-release
			}
			return plainLetter(ctx, a, tx, d)
		}, nil
	}
	first := make(chan delivered)
	go func() {
		became, err := o.deliver(t.Context(), suspects[0])
		if err != nil {
			t.Error(err)
		}
		first <- became
	}()
	<-entered
	for _, id := range suspects[1:] {
		if got := o.send(id); got != untouched || o.row(id).State != store.DeliveryPending || o.row(id).Attempts != 1 {
			t.Errorf("beside a suspect another became %s: %+v, want it untouched", got, o.row(id))
		}
	}
	if got := o.send(other); got != sent {
		t.Errorf("beside a suspect a letter without a past became %s", got)
	}
	close(release)
	if got := <-first; got != sent {
		t.Errorf("the suspect became %s", got)
	}
	for _, id := range suspects {
		if d := o.row(id); d.State != store.DeliverySent || d.Attempts != 2 {
			t.Errorf("suspect %d is %s after %d attempts, want sent at the second without another nudge", id, d.State, d.Attempts)
		}
	}
	if got := len(s.Letters()); got != 4 {
		t.Errorf("%d letters arrived, want 4", got)
	}
}

// A suspect whose building panics does not bar the way for those behind it.
func TestSuspectPanics(t *testing.T) {
	var s suspects
	func() {
		defer func() { recover() }()
		s.send(t.Context(), 1, func(context.Context, int64) (delivered, error) { panic("in a template") })
	}()
	if got, err := s.send(t.Context(), 2, func(context.Context, int64) (delivered, error) { return sent, nil }); got != sent || err != nil {
		t.Errorf("after a panic the next became %s, %v", got, err)
	}
}

// Whoever is told to stop while a letter is built gives the letter back at once, and it was no attempt.
func TestStopGivesTheClaimBack(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	o.Mail.Rates = Rates{Minute: 1}
	id := o.owe(store.Delivery{})
	ctx, stop := context.WithCancel(t.Context())
	o.sources = func(string) (letterSource, error) {
		return func(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
			if n := o.row(id).Attempts; n != 1 {
				t.Errorf("while it is built %d attempts stand in the row, want the claim committed", n)
			}
			stop()
			return letterParts{}, "", ctx.Err()
		}, nil
	}
	if got, err := o.deliver(ctx, id); got != untouched || !errors.Is(err, context.Canceled) {
		t.Errorf("it became %s, %v", got, err)
	}
	if d := o.row(id); d.State != store.DeliveryPending || d.Attempts != 0 || d.RetryAt != nil || d.LeaseUntil != nil || len(o.log(id)) != 0 {
		t.Errorf("it is %+v, want it pending as before", d)
	}
	o.sources = func(string) (letterSource, error) { return plainLetter, nil }
	if got := o.send(id); got != sent {
		t.Errorf("afterwards it became %s, want it sent: its turn was given back too", got)
	}
}

// A letter that turns out not to be owed any more costs those behind it no turn.
func TestSuppressedLetterGivesItsTurnBack(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	o.Mail.Rates = Rates{Minute: 1, ByDomain: map[string]int{"un.example": 1}}
	o.why["off"] = "cancelled"
	off, on := o.owe(store.Delivery{DedupeKey: "off"}), o.owe(store.Delivery{DedupeKey: "on"})
	if got := o.send(off); got != dropped || o.row(off).State != store.DeliverySuppressed {
		t.Fatalf("it became %s: %+v", got, o.row(off))
	}
	if got := o.send(on); got != sent {
		t.Errorf("the letter behind it became %s, want sent", got)
	}
}
