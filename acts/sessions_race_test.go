package acts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// bigCouncil gives the council of X-REC-7 two hundred seats with a member each.
func (d *desk) bigCouncil(seats int) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		for _, statement := range []string{
			`update seat set retired_at = now() where council_id = (select id from council where ref = 'REC')`,
			`insert into person (ref, name, organisation_id, email, language, timezone, country, active)
				select 'big-' || n, 'Member ' || n, (select min(id) from organisation), 'member-' || n || '@big.example', 'en', 'Asia/Tashkent', 'UZ', true from generate_series(1, $1) n`,
			`insert into seat (council_id, ref, label, voting)
				select c.id, 'BIG-' || n, jsonb_build_object('en', 'Seat ' || n), true from council c, generate_series(1, $1) n where c.ref = 'REC'`,
			`insert into membership (seat_id, person_id, capacity, term)
				select s.id, p.id, 'member', daterange(null, null) from seat s join person p on p.ref = 'big-' || substr(s.ref, 5) where s.ref like 'BIG-%'`,
		} {
			args := []any{}
			if strings.Contains(statement, "$1") {
				args = append(args, seats)
			}
			if _, err := tx.ExecContext(d.t.Context(), statement, args...); err != nil {
				return fmt.Errorf("%.40s: %w", statement, err)
			}
		}
		return nil
	})
}

// A session of many members is convened, moved again and again and cancelled while three replicas send its letters and
// are killed again and again. After a change is on record no letter of the state before passes its commit point: the only
// ones that arrive had left, or are those that the change named; and whoever got one is told of the change. KILLS=1 makes it two hundred members.
func TestSessionChangesUnderSending(t *testing.T) {
	members, moves := 20, 2
	if os.Getenv("KILLS") != "" {
		members, moves = 200, 3
	}
	d := newDesk(t)
	d.bigCouncil(members)
	maildir, relay := localRelay(t)
	senders := startSenders(t, 3, d.url, maildir, relay, "KILL_LETTERS=real")
	sentOf := func(revision int) (people map[string]string) { // address → state, of the letters of changes
		people = map[string]string{}
		d.inTx(func(tx *store.Tx) error {
			var rows []struct{ Address, State string }
			err := tx.SelectContext(t.Context(), &rows, `
				select d.address, d.state from delivery d join session s on s.id = d.session_id
				where s.ref = 'X-REC-7' and d.session_revision = $1 and d.rule_ref is null and d.state in ('sent', 'committing', 'uncertain')`, revision)
			for _, r := range rows {
				people[r.Address] = r.State
			}
			return err
		})
		return people
	}
	waitFor := func(revision, n int) { // until so many letters of a revision have left; a replica dies on the way
		deadline := time.Now().Add(10 * time.Second)
		for len(sentOf(revision)) < n && time.Now().Before(deadline) {
			time.Sleep(20 * time.Millisecond)
		}
	}
	step := SessionStep{Ref: "X-REC-7", Actor: "test", Venue: programme.Text{"en": "Hall 2"}, Reason: programme.Text{"en": "Snow."}, Waiver: plain.Waiver}
	if r, err := d.Confirm(t.Context(), step); err != nil || r.Total() != members {
		t.Fatalf("convened: %v, %v", r.Letters, err)
	}
	step.Venue = nil
	reached := map[string]bool{}  // whoever may have got a letter that a change came too late for
	for move := range moves + 1 { // and the end
		revision := move + 1
		waitFor(revision, 3+rand.IntN(members/3))
		senders.kill()
		var result StepResult
		var err error
		if move < moves {
			step.OpensAt = when(t, "2027-05-18T10:00:00+05:00").AddDate(0, 0, 7*(move+1))
			result, err = d.Reschedule(t.Context(), step)
		} else {
			result, err = d.Cancel(t.Context(), step)
		}
		if err != nil {
			t.Fatal(err)
		}
		before := sentOf(revision) // all that had left or was on its way; what was not is withdrawn by now
		for _, l := range result.Committing {
			before[l.Address] = "named"
		}
		for address := range before {
			reached[address] = true
		}
		if move < moves { // the quiet minute
			now, err := d.Store.Now(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			d.clock(now.Add(61 * time.Second).Format(time.RFC3339Nano))
		}
		senders.kill()
		d.checkWithdrawn(revision, before)
	}
	last := d.facts("X-REC-7").Revision
	waitForAll := time.Now().Add(5 * time.Minute) // a machine under load is no fault
	waiting := func() (n int) {
		d.inTx(func(tx *store.Tx) error {
			counts, err := tx.CountDeliveries(t.Context(), store.DeliveryPending, store.DeliverySending, store.DeliveryCommitting, store.DeliveryUncertain)
			for _, c := range counts {
				n += c
			}
			return err
		})
		return n
	}
	for waiting() > 0 && time.Now().Before(waitForAll) {
		time.Sleep(100 * time.Millisecond)
	}
	for _, l := range d.letters("X-REC-7", store.DeliveryPending, store.DeliverySending, store.DeliveryCommitting, store.DeliveryUncertain) {
		t.Errorf("%s of revision %d to %s is still %s (%s)", l.Kind, *l.SessionRevision, l.Address, l.State, l.Reason)
	}
	arrived := maildir.copies(t)
	asked, ended := map[string]bool{}, map[string]bool{}
	lastTold := map[string]int{}
	for _, l := range d.letters("X-REC-7") {
		if l.RuleRef != "" {
			continue
		}
		n := arrived[l.MessageID]
		switch {
		case n > 1:
			t.Errorf("%s of revision %d to %s arrived %d times", l.Kind, *l.SessionRevision, l.Address, n)
		case (l.State == store.DeliverySent) != (n == 1):
			t.Errorf("%s of revision %d to %s is %s and arrived %d times", l.Kind, *l.SessionRevision, l.Address, l.State, n)
		}
		if l.State == store.DeliverySent {
			lastTold[l.Address] = max(lastTold[l.Address], *l.SessionRevision)
			if l.Kind == "session-cancelled" {
				ended[l.Address] = true
			} else {
				asked[l.Address] = true
			}
		}
	}
	for address := range asked {
		if !ended[address] || lastTold[address] != last {
			t.Errorf("%s was asked and last told of revision %d of %d", address, lastTold[address], last)
		}
	}
	for address := range ended { // a letter whose sender died before its commit was told of it, and stayed away for good
		if !asked[address] && !reached[address] {
			t.Errorf("%s hears of the end and was never asked, nor was a letter to it on its way", address)
		}
	}
	if state := d.facts("X-REC-7").State; state != meetings.Cancelled {
		t.Errorf("the session is %s", state)
	}
	t.Logf("%d letters arrived, %d of %d members were asked", len(arrived), len(asked), members)
}

// checkWithdrawn makes sure, right after a change, that no letter of the revision before may still leave but those that had
// passed their commit point, and that whoever has one of these gets a letter of the change.
func (d *desk) checkWithdrawn(revision int, left map[string]string) {
	d.t.Helper()
	next := map[string]string{}
	for _, l := range d.letters("X-REC-7") {
		if l.RuleRef != "" || l.SessionRevision == nil {
			continue
		}
		switch *l.SessionRevision {
		case revision:
			if slices.Contains([]string{store.DeliveryPlanned, store.DeliveryPending, store.DeliverySending}, l.State) {
				d.t.Errorf("%s of revision %d to %s is %s after the change", l.Kind, revision, l.Address, l.State)
			}
		case revision + 1:
			next[l.Address] = l.Kind
		}
	}
	for address, how := range left {
		if next[address] != "session-changed" && next[address] != "session-cancelled" {
			d.t.Errorf("revision %d: %s has its letter (%s) and gets %q", revision, address, how, next[address])
		}
	}
}
