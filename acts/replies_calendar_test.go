package acts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"secretariat/mail"
	"secretariat/programme"
	"secretariat/store"
)

// calendarLetter is the answer of a calendar program.
type calendarLetter struct {
	from, method, uid, attendee, status, stamp, more string
	sequence                                         int
}

func (l calendarLetter) bytes() []byte {
	object := fmt.Sprintf("BEGIN:VCALENDAR\r\nPRODID:-//test//EN\r\nVERSION:2.0\r\nMETHOD:%s\r\nBEGIN:VEVENT\r\nUID:%s\r\nSEQUENCE:%d\r\nDTSTAMP:%s\r\n"+
		"DTSTART:20261208T050000Z\r\nATTENDEE;PARTSTAT=%s:mailto:%s\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n", l.method, l.uid, l.sequence, l.stamp, l.status, l.attendee, l.more)
	return []byte("From: Member <" + l.from + ">\r\nTo: secretariat@isrs.example\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYes.\r\n--b\r\n" +
		"Content-Type: text/calendar; charset=utf-8; method=" + l.method + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + object + "\r\n--b--\r\n")
}

func (d *desk) facts(ref string) (f store.SessionFacts) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) (err error) {
		f, err = tx.LockSession(d.t.Context(), ref)
		return err
	})
	return f
}

func (d *desk) email(person string) string {
	d.t.Helper()
	var address string
	d.inTx(func(tx *store.Tx) error {
		return tx.GetContext(d.t.Context(), &address, `select email from person where ref = $1`, person)
	})
	return address
}

func TestCalendarRepliesAreChecked(t *testing.T) {
	d := newDesk(t)
	d.plan()
	facts, hashimi := d.facts("X-REC-6"), d.email("X-hashimi")
	good := calendarLetter{hashimi, "REPLY", facts.UID, strings.ToUpper(hashimi), "ACCEPTED", "20261123T050000Z", "", facts.Sequence}
	with := func(change func(*calendarLetter)) []byte {
		l := good
		change(&l)
		return l.bytes()
	}
	take := func(letter []byte) CalendarAnswer {
		t.Helper()
		r, err := d.TakeCalendarReply(t.Context(), letter)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		why, want string
		letter    []byte
	}{
		{"another's UID", "no session", with(func(l *calendarLetter) { l.uid = "other@elsewhere.example" })},
		{"sent by somebody else", "not the attendee", with(func(l *calendarLetter) { l.from = d.email("X-suleimenova") })},
		{"a stranger", "not invited", with(func(l *calendarLetter) { l.from, l.attendee = "kim@x.example", "kim@x.example" })},
		{"no answer", "PARTSTAT", with(func(l *calendarLetter) { l.status = "NEEDS-ACTION" })},
		{"two attendees", "2 attendees", with(func(l *calendarLetter) { l.more = "ATTENDEE;PARTSTAT=DECLINED:mailto:b@x.example\r\n" })},
		{"no moment", "DTSTAMP", with(func(l *calendarLetter) { l.stamp = "yesterday" })},
		{"delegates to a stranger", "no alternate", with(func(l *calendarLetter) { l.status = `DELEGATED;DELEGATED-TO="mailto:kim@x.example"` })},
	} {
		if r := take(c.letter); r.Outcome != "refused" || !strings.Contains(r.Reason, c.want) {
			t.Errorf("%s: %+v, want %q", c.why, r, c.want)
		}
	}
	for why, letter := range map[string][]byte{"an ordinary letter": []byte("From: a@x.example\r\nSubject: Hello\r\n\r\nHello\r\n"), "rubbish": []byte("\x00\xff"), "nothing": nil} {
		if r := take(letter); r.Outcome != "" {
			t.Errorf("%s: %+v", why, r)
		}
	}
	if r := take(good.bytes()); r.Outcome != "recorded" || r.Seat != "X-S10" {
		t.Fatalf("a good answer: %+v", r)
	}
	if r := take(good.bytes()); r.Outcome != "" {
		t.Errorf("the same letter again: %+v", r)
	}
	older := with(func(l *calendarLetter) { l.status, l.stamp = "DECLINED", "20261123T045959Z" })
	if r := take(older); r.Outcome != "refused" || !strings.Contains(r.Reason, "later DTSTAMP") {
		t.Errorf("an answer that was overtaken: %+v", r)
	}
	rows, m, err := d.Replies(t.Context(), "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := m.Standing("X-S10"); st.Answer != "accepted" || rows[len(rows)-1].Via != "calendar" {
		t.Errorf("the seat: %+v", st)
	}
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if l.Kind == "reply-request" && l.Address == hashimi {
			t.Error("who answered by calendar is still asked")
		}
	}
}

// An answer to the earlier date is not taken for one to the new date; the new one is.
func TestCalendarReplyToTheEarlierDate(t *testing.T) {
	d := newDesk(t)
	facts, hashimi := d.facts("X-REC-6"), d.email("X-hashimi")
	if _, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2026-12-14T10:00:00+05:00")}); err != nil {
		t.Fatal(err)
	}
	letter := calendarLetter{hashimi, "REPLY", facts.UID, hashimi, "ACCEPTED", "20261123T050000Z", "", facts.Sequence}
	if r, err := d.TakeCalendarReply(t.Context(), letter.bytes()); err != nil || r.Outcome != "refused" || !strings.Contains(r.Reason, "SEQUENCE") {
		t.Errorf("answer to the earlier date: %+v, %v", r, err)
	}
	letter.sequence++
	if r, err := d.TakeCalendarReply(t.Context(), letter.bytes()); err != nil || r.Outcome != "recorded" {
		t.Errorf("answer to the new date: %+v, %v", r, err)
	}
}

// A counter-proposal changes nothing; the secretary reads of it.
func TestCounterProposalGoesToTheSecretary(t *testing.T) {
	d := newDesk(t)
	facts, hashimi := d.facts("X-REC-6"), d.email("X-hashimi")
	letter := calendarLetter{hashimi, "COUNTER", facts.UID, hashimi, "TENTATIVE", "20261123T050000Z", "COMMENT:The morning is better\r\n", facts.Sequence}
	if r, err := d.TakeCalendarReply(t.Context(), letter.bytes()); err != nil || r.Outcome != "passed-on" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, m, err := d.Replies(t.Context(), "X-REC-6"); err != nil {
		t.Fatal(err)
	} else if st, _ := m.Standing("X-S10"); st.Answer != "" {
		t.Errorf("the seat: %+v", st)
	}
	told, reasons := d.send("X-REC-6", "2026-11-23T09:00:00+05:00")
	if len(told) != 1 || len(reasons) != 0 {
		t.Fatalf("%d letters, withheld %v", len(told), reasons)
	}
	for _, parts := range told {
		if !strings.Contains(parts.Letter.Text, "The morning is better") && !strings.Contains(parts.Letter.Text, "20261208T050000Z") {
			t.Errorf("the secretary reads\n%s", parts.Letter.Text)
		}
	}
}

func TestInboxIsReadOnce(t *testing.T) {
	d := newDesk(t)
	facts, hashimi := d.facts("X-REC-6"), d.email("X-hashimi")
	inbox, err := mail.OpenMaildir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	letter := calendarLetter{hashimi, "REPLY", facts.UID, hashimi, "DECLINED", "20261123T050000Z", "", facts.Sequence}
	for _, l := range [][]byte{letter.bytes(), []byte("From: a@x.example\r\nSubject: Hello\r\n\r\nHello\r\n")} {
		if err := inbox.Deliver(strings.NewReader(string(l))); err != nil {
			t.Fatal(err)
		}
	}
	first, err := d.ReadInbox(t.Context(), inbox)
	if err != nil || len(first) != 1 || first[0].Outcome != "recorded" {
		t.Fatalf("%+v, %v", first, err)
	}
	if second, err := d.ReadInbox(t.Context(), inbox); err != nil || len(second) != 0 {
		t.Errorf("again: %+v, %v", second, err)
	}
}

// TestCheck31Delegation: an alternate of the seat only; one who declines gives the seat back, and member and secretary
// read of it. (Refusals: TestRecordReplyRefuses.)
func TestCheck31Delegation(t *testing.T) {
	d := newDesk(t)
	d.plan()
	reply := func(r NewReply) StepResult {
		t.Helper()
		r.Session, r.Seat, r.Via, r.Actor = "X-REC-6", "X-S01", "link", "test"
		result, err := d.RecordReply(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	to := func(kind string, states ...string) (people []string) {
		for _, l := range d.letters("X-REC-6", states...) {
			if l.Kind == kind && l.RuleRef == "" {
				people = append(people, l.Address)
			}
		}
		return people
	}
	alternate, member, secretary := d.email("X-tleubek"), d.email("X-suleimenova"), ""
	d.inTx(func(tx *store.Tx) error {
		all, err := d.Meetings(t.Context(), tx)
		secretary = d.email(all["X-REC-6"].InOffice("secretary", programme.NewDate(2026, 11, 23)))
		return err
	})
	if r := reply(NewReply{Person: "X-suleimenova", Answer: "delegated", Delegate: "X-tleubek"}); r.Letters["invitation"] != 1 {
		t.Fatalf("delegated: %v", r.Letters)
	}
	if got := to("invitation", store.DeliveryPending); len(got) != 1 || got[0] != alternate {
		t.Fatalf("invited: %v", got)
	}
	if r := reply(NewReply{Person: "X-suleimenova", Answer: "tentative"}); r.Suppressed == 0 || len(to("invitation", store.DeliveryPending)) != 0 {
		t.Error("the invitation of a delegate who is no longer sent still waits")
	}
	reply(NewReply{Person: "X-suleimenova", Answer: "delegated", Delegate: "X-tleubek"})
	d.send("X-REC-6", "2026-11-23T09:00:00+05:00")
	if r := reply(NewReply{Person: "X-tleubek", Answer: "declined"}); r.Letters["reply-request"] != 1 || r.Letters["reply-notice"] != 1 {
		t.Fatalf("the delegate declined: %v", r.Letters)
	}
	if got := to("reply-request", store.DeliveryPending); len(got) != 1 || got[0] != member {
		t.Errorf("asked again: %v", got)
	}
	if got := to("reply-notice", store.DeliveryPending); len(got) != 1 || got[0] != secretary {
		t.Errorf("the notice goes to %v, want %s", got, secretary)
	}
	_, m, err := d.Replies(t.Context(), "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := m.Standing("X-S01"); st.Acting != "X-suleimenova" || st.Answer != "" {
		t.Errorf("the seat: %+v", st)
	}
	reply(NewReply{Person: "X-suleimenova", Answer: "accepted", Mode: "online"})
	if len(to("reply-request", store.DeliveryPending)) != 0 {
		t.Error("the member who has answered is still asked")
	}
}

// TestCheck30StaleAfterAMove: an acceptance of the earlier date is shown stale, counts as no answer, and causes one letter.
func TestCheck30StaleAfterAMove(t *testing.T) {
	d := newDesk(t)
	if _, err := d.RecordReply(t.Context(), NewReply{Session: "X-REC-6", Seat: "X-S10", Answer: "accepted", Mode: "online", Via: "link", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	likely := func() float64 {
		quorums, _, err := d.SessionQuorums(t.Context(), "X-REC-6")
		if err != nil {
			t.Fatal(err)
		}
		return quorums[0].Expected
	}
	before := likely()
	if _, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2026-12-14T10:00:00+05:00")}); err != nil {
		t.Fatal(err)
	}
	rows, m, err := d.Replies(t.Context(), "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := m.Standing("X-S10"); st.Stale == nil || st.Stale.Answer != "accepted" || st.Answer != "" || !rows[len(rows)-1].Stale {
		t.Errorf("the seat: %+v", st)
	}
	if after := likely(); after >= before {
		t.Errorf("expected seats: %.2f after the move, %.2f before", after, before)
	}
	n := 0
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned, store.DeliveryPending) {
		if l.Address == d.email("X-hashimi") && l.RuleRef == "" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d letters ask for an answer to the new date", n)
	}
}

// TestCheck10MembersOnFiveClocks: each letter shows its reader's own day and hour, before and after the changes of the
// clocks in New York (14 March 2027) and Vienna (28 March); the calendar's instant is one.
func TestCheck10MembersOnFiveClocks(t *testing.T) {
	d := newDesk(t)
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	if _, err := d.Confirm(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	zones := []string{"Asia/Tashkent", "Europe/Vienna", "America/New_York", "Asia/Kabul", "Asia/Kathmandu"}
	for i, c := range []struct {
		opens string
		shown [5]string
	}{
		{"2027-03-12T03:30:00+05:00", [5]string{"03:30", "23:30 in Vienna", "17:30 in New York", "03:00 in Kabul", "04:15 in Kathmandu"}},
		{"2027-03-15T03:30:00+05:00", [5]string{"03:30", "23:30 in Vienna", "18:30 in New York", "03:00 in Kabul", "04:15 in Kathmandu"}},
		{"2027-03-29T03:30:00+05:00", [5]string{"03:30", "00:30 in Vienna", "18:30 in New York", "03:00 in Kabul", "04:15 in Kathmandu"}},
	} {
		d.inTx(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update person set language = 'en'`)
			return err
		})
		if _, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-7", Actor: "test", OpensAt: when(t, c.opens), Waiver: plain.Waiver}); err != nil {
			t.Fatal(err)
		}
		d.inTx(func(tx *store.Tx) error {
			for n, l := range d.letters("X-REC-7", store.DeliveryPlanned) {
				if l.RuleRef != "" || n >= len(zones)*3 {
					continue
				}
				zone := zones[n%len(zones)]
				if _, err := tx.ExecContext(t.Context(), `update person set timezone = $2 where id = $1`, *l.PersonID, zone); err != nil {
					return err
				}
				parts, reason, err := sessionLetter(t.Context(), d.Acts, tx, l)
				if err != nil || reason != "" {
					return fmt.Errorf("%s: %q, %w", l.Address, reason, err)
				}
				if !strings.Contains(parts.Letter.Text, c.shown[n%len(zones)]) {
					t.Errorf("move %d, reader in %s: the letter lacks %q\n%s", i, zone, c.shown[n%len(zones)], parts.Letter.Text)
				}
				want := "DTSTART;TZID=Asia/Tashkent:" + when(t, c.opens).In(time.FixedZone("", 5*3600)).Format("20060102T150405")
				if !strings.Contains(parts.Calendar, want) {
					t.Errorf("move %d: the calendar lacks %s", i, want)
				}
			}
			return nil
		})
	}
}
