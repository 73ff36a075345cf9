package acts

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// story is a council of sixteen seats in an empty database, with its seventh session in draft and nothing before it.
func story(t *testing.T) *desk {
	t.Helper()
	d := newsroom(t)
	d.inTx(func(tx *store.Tx) error {
		for _, statement := range []string{
			`update session set retired_at = now() where ref <> 'X-REC-7'`,
			// the rotating seat is taken, so that all sixteen have a member
			`update membership set term = daterange(lower(term), null) where capacity = 'member' and seat_id in (select s.id from seat s join council c on c.id = s.council_id where c.ref = 'REC')`,
		} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

// sendAll composes and sends, moment by moment, everything about the session that becomes due until a moment.
func (d *desk) sendAll(session, until string) (told map[string]letterParts) {
	d.t.Helper()
	told = map[string]letterParts{}
	end := when(d.t, until)
	for {
		var next time.Time
		for _, l := range d.letters(session, store.DeliveryPlanned, store.DeliveryPending) {
			if !l.NotBefore.After(end) && (next.IsZero() || l.NotBefore.Before(next)) {
				next = l.NotBefore
			}
		}
		if next.IsZero() {
			break
		}
		now, err := d.Store.Now(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		sent, _ := d.send(session, later(now, next).Add(time.Second).Format(time.RFC3339Nano))
		for address, parts := range sent {
			told[address] = parts
		}
	}
	d.clock(until)
	d.plan()
	return told
}

// answerByLink answers as the page of the letter's link does.
func (d *desk) answerByLink(parts letterParts, seat, choice string) {
	d.t.Helper()
	_, rest, found := strings.Cut(parts.Letter.Text, d.Mail.PublicURL+"/r/")
	if !found {
		d.t.Fatalf("no link in\n%s", parts.Letter.Text)
	}
	token := strings.FieldsFunc(rest, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })[0]
	if _, err := url.Parse(token); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.AnswerByLink(d.t.Context(), token, seat, choice); err != nil {
		d.t.Fatalf("seat %s, %s: %v", seat, choice, err)
	}
}

// TestCheck40SeedStory: a session from the first idea to the adopted record, and every letter on the way by its key.
func TestCheck40SeedStory(t *testing.T) {
	d := story(t)
	ctx := t.Context()
	const ref = "X-REC-7"
	must := func(r StepResult, err error) StepResult {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	step := SessionStep{Ref: ref, Actor: "secretary", Venue: programme.Text{"en": "Hall 2"}, Reason: programme.Text{"en": "The hall is not free."}, Waiver: plain.Waiver}

	// The date is held: one letter for each of the sixteen seats.
	if r := must(d.Announce(ctx, step)); r.Letters["hold-the-date"] != 16 || r.Total() != 16 {
		t.Fatalf("tentative: %v", r.Letters)
	}
	d.sendAll(ref, "2026-11-23T10:00:00+05:00")
	d.calendars(ref, "TENTATIVE", "2027-05-18T10:00:00+05:00", 16)

	// Convened; members answer by link, by calendar and by telephone.
	if r := must(d.Confirm(ctx, step)); r.Letters["invitation"] != 16 || r.Total() != 16 {
		t.Fatalf("convened: %v", r.Letters)
	}
	told := d.sendAll(ref, "2026-11-24T10:00:00+05:00")
	seats := d.seatsOf(ref)
	d.answerByLink(told[seats[0].email], seats[0].ref, "in-person")
	facts := d.facts(ref)
	byCalendar := calendarLetter{seats[1].email, "REPLY", facts.UID, seats[1].email, "ACCEPTED", "20261124T060000Z", "", facts.Sequence}
	if r, err := d.TakeCalendarReply(ctx, byCalendar.bytes()); err != nil || r.Outcome != "recorded" {
		t.Fatalf("by calendar: %+v, %v", r, err)
	}
	if _, err := d.RecordReply(ctx, NewReply{Session: ref, Seat: seats[2].ref, Answer: "tentative", Via: "command", Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}

	// Moved twice; the answers are stale, the calendars follow.
	step.Venue = nil
	for i, opens := range []string{"2027-05-25T10:00:00+05:00", "2027-06-01T10:00:00+05:00"} {
		step.OpensAt = when(t, opens)
		if r := must(d.Reschedule(ctx, step)); r.Letters["session-changed"] != 16 || r.Total() != 16 {
			t.Fatalf("moved to %s: %v", opens, r.Letters)
		}
		d.sendAll(ref, fmt.Sprintf("2026-11-2%dT10:00:00+05:00", 5+i))
		d.calendars(ref, "CONFIRMED", opens, 16)
	}
	if st := d.standing(ref, seats[0].ref); st.Stale == nil || st.Answer != "" {
		t.Errorf("an answer to the first date: %+v", st)
	}

	// Postponed, and given a new date.
	step.OpensAt = time.Time{}
	if r := must(d.Postpone(ctx, step)); r.Letters["session-postponed"] != 16 || r.Total() != 16 {
		t.Fatalf("postponed: %v", r.Letters)
	}
	d.sendAll(ref, "2026-11-27T10:00:00+05:00")
	d.calendars(ref, "CANCELLED", "2027-06-01T10:00:00+05:00", 16)
	step.OpensAt = when(t, "2027-09-14T10:00:00+05:00")
	if r := must(d.Reschedule(ctx, step)); r.State != meetings.Confirmed || r.Letters["invitation"] != 16 || r.Total() != 16 {
		t.Fatalf("a new date: %+v", r)
	}
	told = d.sendAll(ref, "2026-11-30T10:00:00+05:00")
	d.calendars(ref, "CONFIRMED", "2027-09-14T10:00:00+05:00", 16)
	for i := range 12 {
		choice := []string{"in-person", "online", "in-person"}[i%3]
		if i >= 10 {
			choice = "declined"
		}
		d.answerByLink(told[seats[i].email], seats[i].ref, choice)
	}

	// Reminders until the opening; the session is held with nine of sixteen.
	d.plan()
	d.sendAll(ref, "2027-09-14T10:00:00+05:00")
	if _, err := d.TakeStep(ctx, meetings.Open, SessionStep{Ref: ref, Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		if _, err := d.Attend(ctx, RollCall{Session: ref, Seat: seats[i].ref, Actor: "secretary"}); err != nil {
			t.Fatal(err)
		}
	}
	d.clock("2027-09-14T12:00:00+05:00")
	first, err := d.Decide(ctx, NewDecision{Session: ref, Item: "X-AG-7-2", Text: programme.Text{"en": "The review is welcomed."}, Method: "vote", Votes: &[3]int{8, 0, 1}, Actor: "secretary"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decide(ctx, NewDecision{Session: ref, Item: "X-AG-7-1", Text: programme.Text{"en": "The agenda is adopted."}, Method: "consensus", NoAction: "It took effect at once.", Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}
	action, err := d.AddAction(ctx, NewAction{Session: ref, Decision: first.Ref, Text: programme.Text{"en": "Publish the review."}, Owner: "X-thooft", Backup: "X-nxumalo", DueOn: programme.NewDate(2027, 10, 1), Actor: "secretary"})
	if err != nil {
		t.Fatal(err)
	}
	d.clock("2027-09-15T17:00:00+05:00")
	must(d.Hold(ctx, SessionStep{Ref: ref, Actor: "secretary"}))

	// The record: circulated, adopted by silence.
	if _, err := d.DraftRecord(ctx, ref, "secretary"); err != nil {
		t.Fatal(err)
	}
	record, err := d.CirculateRecord(ctx, ref, "secretary")
	if err != nil {
		t.Fatal(err)
	}
	if n := record.Letters["record-circulated"]; n != 14 { // two declined
		t.Errorf("the record goes to %d, want 14", n)
	}
	d.sendAll(ref, "2027-09-20T10:00:00+05:00")
	if err := d.FinishAction(ctx, action, programme.Text{"en": "On the web page."}, "secretary"); err != nil {
		t.Fatal(err)
	}
	d.sendAll(ref, record.CorrectionsUntil.Add(time.Minute).Format(time.RFC3339))
	if r, err := d.AdoptRecord(ctx, ref, "", "secretary"); err != nil || r.State != "adopted" {
		t.Fatalf("adopted: %+v, %v", r, err)
	}
	if r := must(d.Close(ctx, SessionStep{Ref: ref, Actor: "secretary"})); r.State != meetings.Closed || r.Total() != 0 {
		t.Errorf("closed: %+v", r)
	}
	d.account(ref)

	// The weekly report tells of the decision and of nothing else that is open.
	b, made, err := d.Render(ctx, OnDemand{Report: "weekly-progress", Format: "pdf", Language: "en", Clearance: "limited"})
	if err != nil || made.Pages == 0 {
		t.Fatal(err)
	}
	if text := tool(t, "pdftotext", b, "FILE", "-"); strings.Contains(text, "Publish the review.") {
		t.Error("the weekly report calls a finished action item open")
	}
}

type storySeat struct{ ref, email string }

// seatsOf returns the seats of a session's council with the mailboxes of their members.
func (d *desk) seatsOf(session string) (seats []storySeat) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		all, err := d.Meetings(d.t.Context(), tx)
		if err != nil {
			return err
		}
		m := all[session]
		for _, st := range m.Standings() {
			seats = append(seats, storySeat{st.Seat.Ref, m.People[st.Acting].Email})
		}
		return nil
	})
	if len(seats) != 16 {
		d.t.Fatalf("%d seats", len(seats))
	}
	return seats
}

func (d *desk) standing(session, seat string) meetings.Standing {
	d.t.Helper()
	_, m, err := d.Replies(d.t.Context(), session)
	if err != nil {
		d.t.Fatal(err)
	}
	st, _ := m.Standing(seat)
	return st
}

// calendars lets an independent program follow the calendar objects of each person so far: one event, at the instant and
// in the state given.
func (d *desk) calendars(session, status, opens string, people int) {
	d.t.Helper()
	var script strings.Builder
	script.WriteString("import icalendar, datetime\npeople = {}\ndef take(who, text):\n  c = icalendar.Calendar.from_ical(text)\n  for e in c.walk('VEVENT'):\n" +
		"    kept = people.setdefault(who, {})\n    old = kept.get(str(e['UID']))\n    if old is None or int(e['SEQUENCE']) > int(old['SEQUENCE']): kept[str(e['UID'])] = e\n")
	for _, l := range d.letters(session, store.DeliverySent) {
		if l.Calendar != "" {
			fmt.Fprintf(&script, "take(%q, %q)\n", l.Address, l.Calendar)
		}
	}
	fmt.Fprintf(&script, "want = datetime.datetime.fromisoformat(%q)\nassert len(people) == %d, len(people)\nfor who, kept in people.items():\n  e, = kept.values()\n"+
		"  assert str(e['STATUS']) == %q and e['DTSTART'].dt == want, (who, str(e['STATUS']), e['DTSTART'].dt)\n", opens, people, status)
	python(d.t, script.String())
}

// account names every letter about a session by its key: nothing is left waiting, everything that left has one of the keys
// that the story asks for, and no key comes twice for a person.
func (d *desk) account(session string) {
	d.t.Helper()
	sent, seen := map[string]int{}, map[string]bool{}
	for _, l := range d.letters(session) {
		if seen[l.DedupeKey] {
			d.t.Errorf("%s stands twice", l.DedupeKey)
		}
		seen[l.DedupeKey] = true
		switch l.State {
		case store.DeliverySent:
			sent[l.Kind]++
		case store.DeliverySuppressed, store.DeliveryExpired:
			if l.Reason == "" {
				d.t.Errorf("%s is %s without a reason", l.DedupeKey, l.State)
			}
		default:
			d.t.Errorf("%s is left %s", l.DedupeKey, l.State)
		}
		prefix, _, _ := strings.Cut(l.DedupeKey, ":")
		if !slices.Contains([]string{"session", "reminder", "duty", "action", "answer"}, prefix) {
			d.t.Errorf("key %s", l.DedupeKey)
		}
	}
	want := map[string]int{"hold-the-date": 16, "invitation": 32, "session-changed": 32, "session-postponed": 16, "session-reminder": 14, "reply-request": 4,
		"session-tomorrow": 10, "join-link": 10, "record-circulated": 14}
	for kind, n := range want {
		if sent[kind] != n {
			d.t.Errorf("%d letters of kind %s left, the story asks for %d", sent[kind], kind, n)
		}
		delete(sent, kind)
	}
	for kind, n := range sent {
		if kind != "duty-due" && kind != "action-due" {
			d.t.Errorf("%d letters of kind %s, for which nobody asked", n, kind)
		}
	}
}
