package acts

import (
	"slices"
	"testing"
	"time"

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
				if _, _, err := o.prepare(t.Context(), tx, &c); err != nil {
					return err
				}
				if row.committed {
					err = tx.CommitDelivery(t.Context(), id, "dead", 1, time.Minute)
				}
				return err
			})
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
