package acts

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/mail/mailtest"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// The acceptance checks on reminders, letters and calendars, by their numbers. Others stand beside what they check.

// TestCheck1KilledDaemon: a daemon that is killed twenty times while it mails 200 people, with nothing to ask what arrived:
// nobody gets two letters, nobody is forgotten, and what may have left is listed, at most one letter for each kill.
func TestCheck1KilledDaemon(t *testing.T) {
	const people, kills = 200, 20
	url := storetest.URL(t)
	o := &outbox{t: t, why: map[string]string{}}
	o.Acts = o.replica("parent", storetest.Open(t, url), "")
	var rows []store.Delivery
	for i := range people {
		rows = append(rows, store.Delivery{DedupeKey: fmt.Sprint("check 1, letter ", i), Kind: "report", Address: "anna@un.example", Name: "Anna", Language: "en", Timezone: "UTC"})
	}
	o.inTx(func(tx *store.Tx) error { _, err := tx.InsertDeliveries(t.Context(), rows); return err })
	maildir, relay := localRelay(t)
	states := func() (counts map[string]int) {
		o.inTx(func(tx *store.Tx) (err error) { counts, err = tx.CountDeliveries(t.Context()); return err })
		return counts
	}
	daemon := startSenders(t, 1, url, maildir, relay, "KILL_ORACLE=none", "KILL_SLOTS=1")
	for i := range kills { // each death after some more letters, at whatever the daemon is doing then
		for states()[store.DeliverySent] < i*people/kills/2 {
			time.Sleep(2 * time.Millisecond)
		}
		daemon.kill()
	}
	deadline := time.Now().Add(5 * time.Minute) // a machine under load is no fault
	counts := states()
	for counts[store.DeliverySent]+counts[store.DeliveryUncertain] < people && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
		counts = states()
	}
	copies := maildir.copies(t)
	o.inTx(func(tx *store.Tx) error {
		all, err := tx.Deliveries(t.Context(), store.DeliveryFilter{})
		for _, d := range all {
			switch n := copies[store.MessageID(d.DedupeKey, "isrs.example")]; {
			case n > 1:
				t.Errorf("%s arrived %d times", d.DedupeKey, n)
			case n == 0 && d.State != store.DeliveryUncertain:
				t.Errorf("%s is %s and has not arrived", d.DedupeKey, d.State)
			}
		}
		return err
	})
	if counts[store.DeliveryUncertain] > kills || counts[store.DeliverySent]+counts[store.DeliveryUncertain] != people {
		t.Errorf("after %d kills: %v", kills, counts)
	}
	t.Logf("%d kills, %d letters: %v", kills, people, counts)
}

// TestCheck2TwoDaemons: two daemons on one database, at the same moment: each letter leaves once.
func TestCheck2TwoDaemons(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	o := newOutbox(t, s.URL())
	other := o.replica("two", o.Store, s.URL())
	var ids []int64
	for i := range 40 {
		ids = append(ids, o.owe(store.Delivery{DedupeKey: fmt.Sprint("key ", i)}))
	}
	done := make(chan error, 2*len(ids))
	for _, id := range ids {
		for _, a := range []*Acts{o.Acts, other} {
			go func() { done <- a.Deliver(t.Context(), id) }()
		}
	}
	for range 2 * len(ids) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := len(s.Letters()); n != len(ids) {
		t.Errorf("%d letters arrived, %d are owed", n, len(ids))
	}
}

// TestCheck3ChangedOneSecondBefore: a session is cancelled, postponed or moved a second before its reminders are due: none of
// the old date leaves. After the move every reminder of the new date is planned, also for those who were reminded before.
func TestCheck3ChangedOneSecondBefore(t *testing.T) {
	const due = "2026-12-04T09:00:00+05:00" // three days before, to those who have not replied, on Tashkent's clocks
	for verb, change := range map[string]SessionStep{
		meetings.Cancel:     {Reason: programme.Text{"en": "Snow."}},
		meetings.Postpone:   {Reason: programme.Text{"en": "Snow."}},
		meetings.Reschedule: {OpensAt: when(t, "2027-01-25T10:00:00+05:00")},
	} {
		d := newDesk(t)
		d.plan()
		early := map[string]letterParts{}
		if verb == meetings.Reschedule {
			early, _ = d.send("X-REC-6", "2026-11-24T09:00:00+05:00") // the reminders of fourteen days before
		}
		d.clock("2026-12-04T08:59:59+05:00")
		change.Ref, change.Actor = "X-REC-6", "test"
		if _, err := d.TakeStep(t.Context(), verb, change); err != nil {
			t.Fatal(err)
		}
		d.clock(due)
		for _, l := range d.letters("X-REC-6", store.DeliveryPlanned, store.DeliveryPending, store.DeliverySending) {
			if *l.SessionRevision == 0 && l.SubjectKey == "" {
				t.Errorf("%s: %s to %s of the old date still waits", verb, l.Kind, l.Address)
			}
		}
		if verb != meetings.Reschedule {
			continue
		}
		again := map[string]bool{}
		for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
			if l.RuleRef == "fourteen-days-before" && l.NotBefore.After(when(t, "2027-01-10T00:00:00+05:00")) {
				again[l.Address] = true
			}
		}
		// A delegation answered the first date: the member speaks for the seat again.
		_, m, err := d.Replies(t.Context(), "X-REC-6")
		if err != nil {
			t.Fatal(err)
		}
		before := 0
		for _, st := range m.Invited() {
			address := m.People[st.Acting].Email
			if _, reminded := early[address]; reminded {
				before++
			}
			if !again[address] {
				t.Errorf("%s is not reminded of the second date", address)
			}
		}
		if before < 10 {
			t.Errorf("only %d of them were reminded of the first", before)
		}
	}
}

// TestCheck4ThreeDaysDown: reminders older than their grace expire, with the reason; there is no burst; what says that a
// session is called still goes out.
func TestCheck4ThreeDaysDown(t *testing.T) {
	d := newDesk(t)
	d.Enqueue = func(context.Context, *store.Tx, ...Nudge) error { return nil }
	d.plan()
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	if _, err := d.Confirm(t.Context(), step); err != nil { // its invitations wait when the daemon goes down
		t.Fatal(err)
	}
	due := map[int64]bool{}
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if l.NotBefore.Before(when(t, "2026-11-24T08:59:00+05:00")) && l.RuleRef != "" && l.ExpiresAt.Before(when(t, "2026-11-26T08:59:00+05:00")) {
			due[l.ID] = true
		}
	}
	if len(due) == 0 {
		t.Fatal("no reminder falls into the three days")
	}
	d.clock("2026-11-26T08:59:00+05:00")
	if _, err := d.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.plan()
	for _, l := range d.letters("X-REC-6") {
		if due[l.ID] && (l.State != store.DeliveryExpired || l.Reason == "") {
			t.Errorf("%s to %s is %s (%s)", l.Kind, l.Address, l.State, l.Reason)
		}
	}
	if late := len(d.letters("X-REC-6", store.DeliveryPending)); late != 0 {
		t.Errorf("%d reminders leave in a burst", late)
	}
	if n := count(d.letters("X-REC-7", store.DeliveryPending), "invitation"); n != 15 {
		t.Errorf("%d invitations still go out, 15 are owed", n)
	}
	sent, _ := d.send("X-REC-7", "2026-11-26T09:00:00+05:00")
	for address, parts := range sent {
		late := false // the day is that of the reader's clock, in New York still the 22nd
		for _, day := range []string{"22 November 2026", "22 نوفمبر 2026", "22 de noviembre de 2026", "23 November 2026", "23 novembre 2026", "23 de noviembre de 2026", "23 ноября 2026", "2026-yil 23-noyabr", "23 نوفمبر 2026", "2026年11月23日"} {
			late = late || strings.Contains(strings.Join(strings.Fields(parts.Letter.Text), " "), day)
		}
		if !late {
			t.Errorf("the invitation of %s is not marked late:\n%s", address, parts.Letter.Text)
		}
	}
	if len(sent) != 15 {
		t.Errorf("%d invitations leave late, want 15", len(sent))
	}
}

// TestCheck5AnsweredWhileSending: the answer comes between planning and sending, while the letter is in a sender's hands.
func TestCheck5AnsweredWhileSending(t *testing.T) {
	d := newDesk(t)
	d.plan()
	var letter store.Delivery
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if l.Kind == "reply-request" && l.Address == d.email("X-hashimi") {
			letter = l
		}
	}
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sending', owner = 'x', attempts = 1, lease_until = $2 where id = $1`, letter.ID, tx.Now.Add(time.Hour))
		return err
	})
	if _, err := d.RecordReply(t.Context(), NewReply{Session: "X-REC-6", Seat: "X-S10", Answer: "accepted", Mode: "online", Via: "link", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.CommitDelivery(t.Context(), letter.ID, "x", 1, time.Minute); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the letter passes its commit point: %v", err)
	}
	d.inTx(func(tx *store.Tx) error {
		row, err := tx.Delivery(t.Context(), letter.ID)
		if row.State != store.DeliverySuppressed || row.Reason != "answered" {
			t.Errorf("the letter is %s (%s)", row.State, row.Reason)
		}
		return err
	})
}

// TestCheck6OneLetterPerPerson: somebody on three lists gets one letter; two people on one mailbox get two, each with a
// link of their own.
func TestCheck6OneLetterPerPerson(t *testing.T) {
	d := newDesk(t)
	d.Mail.PublicURL = "https://sec.example"
	d.inTx(func(tx *store.Tx) error {
		for _, statement := range []string{
			// X-hashimi sits on a second seat, presents an item and is the rapporteur.
			`update membership m set person_id = (select id from person where ref = 'X-hashimi') from seat s where s.id = m.seat_id and s.ref = 'X-S11' and m.capacity = 'member'`,
			`update agenda_item set presenter_id = (select id from person where ref = 'X-hashimi') where session_id = (select id from session where ref = 'X-REC-7')`,
			`insert into office (council_id, kind, person_id, term) select c.id, 'rapporteur', p.id, daterange(null, null) from council c, person p where c.ref = 'REC' and p.ref = 'X-hashimi'`,
			`update person set email = 'both@x.example' where id in (select m.person_id from membership m join seat s on s.id = m.seat_id where s.ref in ('X-S01', 'X-S02') and m.capacity = 'member')`,
		} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	if _, err := d.Confirm(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	links, own := map[string]bool{}, 0
	d.clock("2026-11-23T09:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		for _, l := range d.letters("X-REC-7", store.DeliveryPending) {
			if l.Address == d.email("X-hashimi") {
				own++
			}
			if l.Address != "both@x.example" {
				continue
			}
			parts, reason, err := sessionLetter(t.Context(), d.Acts, tx, l)
			if err != nil || reason != "" {
				return fmt.Errorf("%q, %w", reason, err)
			}
			links[regexp.MustCompile(`https://sec\.example/r/[a-z0-9]+`).FindString(parts.Letter.Text)] = true
		}
		return nil
	})
	if own != 1 {
		t.Errorf("%d letters to somebody on three lists", own)
	}
	if len(links) != 2 || links[""] {
		t.Errorf("links of two people on one mailbox: %v", links)
	}
}

// TestCheck7SessionInThirtySixHours: a session called 36 hours ahead, with reminders of seven days, one day and one hour:
// nothing leaves at once but the invitations, which the preview had announced.
func TestCheck7SessionInThirtySixHours(t *testing.T) {
	d := newDesk(t)
	d.inTx(func(tx *store.Tx) error {
		for _, statement := range []string{
			`update session set opens_at = '2026-11-24T21:00:00+05:00', closes_at = '2026-11-24T23:00:00+05:00' where ref = 'X-REC-7'`,
			`update reminder_rule set retired_at = now()`,
			`insert into reminder_rule (council_id, position, ref, title, anchor, side, by, audience, template, grace)
				select c.id, v.n, v.span, '{"en":"x"}', 'opening', 'before', v.span, 'all-invited', 'session-reminder', 'PT45M'
				from council c, (values (1, 'PT168H'), (2, 'PT24H'), (3, 'PT1H')) v(n, span) where c.ref = 'REC'`,
		} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	preview, err := d.PreviewStep(t.Context(), meetings.Confirm, step)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Confirm(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	now := d.letters("X-REC-7", store.DeliveryPending)
	if len(now) != preview.Total() || count(now, "invitation") != len(now) {
		t.Errorf("%d letters leave at once, %d of them invitations; %d were announced", len(now), count(now, "invitation"), preview.Total())
	}
	late, hours := d.letters("X-REC-7", store.DeliveryPlanned), map[string]int{}
	for _, l := range late {
		hours[l.RuleRef]++
	}
	if hours["PT168H"] != 0 || hours["PT24H"] != preview.Total() || hours["PT1H"] != preview.Total() {
		t.Errorf("planned: %v", hours)
	}
}

// TestCheck8TwentyYearsAgo: a session of long ago in the database sends nothing.
func TestCheck8TwentyYearsAgo(t *testing.T) {
	d := newDesk(t)
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update session set opens_at = '2006-11-23T10:00:00+05:00', closes_at = '2006-11-23T17:00:00+05:00', previously = '[]' where ref = 'X-REC-6'`)
		return err
	})
	d.plan()
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned, store.DeliveryPending, store.DeliverySending) {
		t.Errorf("%s to %s, at %s", l.Kind, l.Address, l.NotBefore)
	}
}

// TestCheck9DryRunIsWhatIsSent: what is foreseen for a session is, line by line, what the outbox then says.
func TestCheck9DryRunIsWhatIsSent(t *testing.T) {
	d := newDesk(t)
	from, to := when(t, sampleMoment), when(t, "2026-12-08T00:00:00+05:00")
	foreseen, err := d.Forecast(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	d.plan()
	want, got := map[string]int{}, map[string]int{}
	for _, l := range foreseen.Letters {
		if slices.Contains([]string{"session-reminder", "reply-request", "session-tomorrow", "join-link"}, l.Kind) {
			want[l.At.UTC().Truncate(time.Minute).Format(time.RFC3339)+" "+l.Kind+" "+l.To+" "+l.Subject]++
		}
	}
	all, err := d.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, l := range d.letters(s.Meeting.Session.Ref, store.DeliveryPlanned, store.DeliveryPending) {
			if l.NotBefore.After(to) || !slices.Contains([]string{"session-reminder", "reply-request", "session-tomorrow", "join-link"}, l.Kind) {
				continue
			}
			if l.NotBefore.After(from) {
				d.clock(l.NotBefore.Format(time.RFC3339))
			}
			d.inTx(func(tx *store.Tx) error {
				parts, reason, err := sourceOf(t, l.Kind)(t.Context(), d.Acts, tx, l)
				if reason == "" && err == nil {
					at := l.NotBefore
					if at.Before(from) {
						at = from
					}
					got[at.UTC().Truncate(time.Minute).Format(time.RFC3339)+" "+l.Kind+" "+l.Address+" "+parts.Letter.Subject]++
				}
				return err
			})
		}
	}
	if len(want) == 0 {
		t.Fatal("nothing is foreseen")
	}
	for line, n := range want {
		if got[line] != n {
			t.Errorf("foreseen %d times, sent %d times: %s", n, got[line], line)
		}
	}
	for line, n := range got {
		if want[line] == 0 {
			t.Errorf("sent %d times, not foreseen: %s", n, line)
		}
	}
}
