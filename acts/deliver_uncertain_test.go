package acts

import (
	"context"
	"slices"
	"testing"
	"time"

	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
)

// TestDeathAtEachPoint leaves a row as a killed sender leaves it at each named point, and lets the pass go on from there
// with a mailbox to ask: every letter arrives once.
func TestDeathAtEachPoint(t *testing.T) {
	for _, row := range []struct {
		point     string
		committed bool // the commit point was passed
		arrived   bool // the relay took the letter
		uncertain bool
	}{
		{"after the claim", false, false, false},
		{"after the commit point, before the dot", true, false, true},
		{"after the dot, before the verdict is recorded", true, true, true},
	} {
		t.Run(row.point, func(t *testing.T) {
			maildir, url := localRelay(t)
			o := newOutbox(t, url)
			o.Oracle = maildir
			id := o.owe(store.Delivery{})
			o.inTx(func(tx *store.Tx) error {
				c, err := tx.ClaimDelivery(t.Context(), id, "dead", time.Minute)
				if err != nil {
					return err
				}
				_, _, err = o.prepare(t.Context(), tx, &c)
				return err
			})
			if row.committed {
				if err := o.Store.CommitDelivery(t.Context(), id, "dead", 1, time.Minute); err != nil {
					t.Fatal(err)
				}
			}
			if row.arrived {
				m, err := o.Message(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				o.Sender.Send(t.Context(), m, nil)
			}
			o.step(2 * time.Minute)
			o.inTx(func(tx *store.Tx) error { _, err := tx.SweepDeliveries(t.Context(), "one", 3, 10); return err })
			if got := o.row(id).State; (got == store.DeliveryUncertain) != row.uncertain {
				t.Fatalf("after the sweep it is %s, want uncertain %v", got, row.uncertain)
			}
			o.settleUncertain()
			if got := o.row(id).State; row.uncertain && got != store.DeliveryUncertain {
				t.Fatalf("settled as %s before the quiet period was over", got)
			}
			o.step(11 * time.Minute)
			o.settleUncertain()
			o.send(id)
			if d := o.row(id); d.State != store.DeliverySent || d.WasUncertain != row.uncertain {
				t.Errorf("it is %s, was uncertain %v; want sent, %v", d.State, d.WasUncertain, row.uncertain)
			}
			if n := maildir.count(t, o.row(id).MessageID); n != 1 {
				t.Errorf("%d copies arrived, want 1", n)
			}
		})
	}
}

func (o *outbox) settleUncertain() {
	o.t.Helper()
	if err := o.SettleUncertain(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// TestUncertainWithoutOracle: letters about sessions are sent once more and no oftener; reports wait for an officer.
func TestUncertainWithoutOracle(t *testing.T) {
	soon := time.Now().Add(5 * time.Minute)
	for _, row := range []struct {
		name, kind string
		d          store.Delivery
		twice      bool
	}{
		{"a reminder", "session-reminder", store.Delivery{}, true},
		{"an invitation", "invitation", store.Delivery{}, true},
		{"a reminder that has lost its point by then", "session-reminder", store.Delivery{ExpiresAt: &soon}, false},
		{"a report", "report", store.Delivery{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, mailtest.Script{Drop: map[string]bool{"accepted": true}})
			o := newOutbox(t, s.URL())
			row.d.Kind = row.kind
			id := o.owe(row.d)
			for range 3 {
				o.send(id)
				o.step(11 * time.Minute)
				o.settleUncertain()
			}
			want := 1
			if row.twice {
				want = 2
			}
			if d := o.row(id); d.State != store.DeliveryUncertain || len(s.Letters()) != want {
				t.Errorf("it is %s after %d copies, want uncertain after %d", d.State, len(s.Letters()), want)
			}
			if ids := s.MessageIDs(); len(slices.Compact(ids)) != 1 {
				t.Errorf("the copies carry %v, want one Message-ID", ids)
			}
		})
	}
}

// askedOracle knows what a relay took, and counts how often it is asked.
type askedOracle struct {
	relay *mailtest.Server
	asked int
}

func (o *askedOracle) Accepted(_ context.Context, id string, _ time.Time) (mail.Arrival, error) {
	o.asked++
	return mail.Arrival{Known: true, Accepted: slices.Contains(o.relay.MessageIDs(), id), Word: "it says so"}, nil
}

// TestQuietPeriod: a relay holds the last bytes of a sender that is gone, and takes the letter in later. Asked before, an
// oracle would have said no, and the letter would have gone twice.
func TestQuietPeriod(t *testing.T) {
	hold := make(chan struct{})
	s := mailtest.Start(t, mailtest.Script{Stall: map[string]chan struct{}{"dot": hold}})
	o := newOutbox(t, s.URL())
	oracle := &askedOracle{relay: s}
	o.Oracle = oracle
	id := o.owe(store.Delivery{Kind: "report"})
	ctx, die := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); o.deliver(ctx, id) }()
	waitFor(t, func() bool { return o.row(id).State == store.DeliveryCommitting })
	die()
	<-done
	for range 9 { // minutes
		o.step(time.Minute)
		o.settleUncertain()
	}
	if d := o.row(id); d.State != store.DeliveryUncertain || oracle.asked != 0 {
		t.Fatalf("it is %s and the oracle was asked %d times, want it uncertain and nobody asked", d.State, oracle.asked)
	}
	close(hold)
	waitFor(t, func() bool { return len(s.Letters()) == 1 })
	o.step(2 * time.Minute)
	o.settleUncertain()
	o.send(id)
	if d := o.row(id); d.State != store.DeliverySent || len(s.Letters()) != 1 || oracle.asked != 1 {
		t.Errorf("it is %s after %d copies, asked %d times; want sent, one, once", d.State, len(s.Letters()), oracle.asked)
	}
}

// TestUncertainBeforeItsEnd: a reminder that would lose its point while one waits goes once more at once; a report does not.
func TestUncertainBeforeItsEnd(t *testing.T) {
	for kind, want := range map[string]int{"session-reminder": 2, "report": 1} {
		s := mailtest.Start(t, mailtest.Script{Drop: map[string]bool{"accepted": true}})
		o := newOutbox(t, s.URL())
		oracle := &askedOracle{relay: s}
		o.Oracle = oracle
		now, err := o.Store.Now(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		end := now.Add(5 * time.Minute)
		id := o.owe(store.Delivery{Kind: kind, ExpiresAt: &end})
		for range 3 {
			o.send(id)
			o.settleUncertain()
		}
		if got := len(s.Letters()); got != want || oracle.asked != 0 {
			t.Errorf("%s: %d copies and %d questions, want %d and none", kind, got, oracle.asked, want)
		}
	}
}
