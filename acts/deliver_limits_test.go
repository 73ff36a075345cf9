package acts

import (
	"fmt"
	"testing"
	"time"

	"secretariat/mail/mailtest"
	"secretariat/store"
)

// TestTurn counts what leaves in ten minutes when everybody asks all the time.
func TestTurn(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	for _, perMinute := range []int{1, 7, 60, 600} {
		s, sent := store.Turn{FreeAt: start, QueueAt: start}, 0
		for now := start; now.Before(start.Add(10 * time.Minute)); now = now.Add(10 * time.Millisecond) {
			next, _, ok := turn(s, perMinute, store.Urgent, now)
			if s = next; ok {
				sent++
			}
		}
		if most := 10*perMinute + perMinute*int(turnSlack/time.Second)/60 + 1; sent > most || sent < 10*perMinute {
			t.Errorf("%d a minute: %d letters in ten minutes, want %d to %d", perMinute, sent, 10*perMinute, most)
		}
	}
}

// TestTurnQueue: those that wait get one place after another, except the urgent, which ask for the next free one.
func TestTurnQueue(t *testing.T) {
	start := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	s := store.Turn{FreeAt: start, QueueAt: start}
	s, _, ok := turn(s, 6, 7, start)
	if !ok {
		t.Fatal("the first must not wait")
	}
	for n := 1; n <= 5; n++ {
		next, at, ok := turn(s, 6, 7, start)
		if want := start.Add(time.Duration(n) * 10 * time.Second); ok || !at.Equal(want) {
			t.Errorf("letter %d waits until %v, want %v", n, at, want)
		}
		s = next
	}
	if _, at, ok := turn(s, 6, 1, start); ok || !at.Equal(start.Add(10*time.Second-turnSlack)) {
		t.Errorf("the urgent letter waits until %v, want the next free place", at)
	}
}

// TestRatesHoldOverReplicas: of many letters as many leave as the limits allow, whoever sends them.
func TestRatesHoldOverReplicas(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	two := o.replica("two", o.Store, s.URL())
	o.Mail.Rates = Rates{Minute: 6, ByDomain: map[string]int{"un.example": 3}}
	two.Mail.Rates = o.Mail.Rates
	var ids []int64
	for i := range 20 {
		ids = append(ids, o.owe(store.Delivery{DedupeKey: fmt.Sprint(i)}))
	}
	storeExec(o, `update delivery set address = 'x@other.example' where id % 2 = 0`)
	start, _ := o.Store.Now(t.Context())
	if err := o.Store.SetClock(t.Context(), start.Add(time.Hour).Truncate(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for range 24 { // two minutes
		for i, id := range ids {
			if _, err := []*Acts{o.Acts, two}[i%2].deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		o.step(5 * time.Second)
	}
	domains := map[string]int{}
	for _, l := range s.Letters() {
		domains[l.To]++
	}
	if domains["anna@un.example"] > 6+1 || len(s.Letters()) > 13 || len(s.Letters()) < 9 {
		t.Errorf("in two minutes %d letters left, %v; want 9 to 13, and at most 7 to un.example", len(s.Letters()), domains)
	}
}

func storeExec(o *outbox, query string) {
	o.t.Helper()
	o.inTx(func(tx *store.Tx) error { _, err := tx.ExecContext(o.t.Context(), query); return err })
}
