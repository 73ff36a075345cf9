package acts

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// line returns a line of a session's timetable as it stands.
func (d *desk) line(session, rule string) meetings.Line {
	d.t.Helper()
	timetable, err := d.SessionTimetable(d.t.Context(), TimetableOf{Session: session})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, l := range timetable.Lines {
		if l.Rule.Ref == rule {
			return l
		}
	}
	d.t.Fatalf("session %s has no line %s", session, rule)
	return meetings.Line{}
}

// A line that nothing on record makes done is ticked by a person, for a day, and the tick can be taken back; others are not.
func TestTickLine(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.plan()
	tick := Tick{Session: "X-REC-6", Rule: "call-for-items", Actor: "olga", On: programme.NewDate(2026, 9, 25), Note: "Note verbale 17"}
	before := d.line("X-REC-6", "call-for-items")
	if before.State != meetings.LineMissed || !meetings.ByHand(before.Rule) {
		t.Fatalf("before: %+v", before)
	}
	line, _, err := d.TickLine(ctx, tick)
	if err != nil || line.State != meetings.LineDone || line.Late || line.Ahead != 73 || line.Mark != (meetings.LineMark{TickedBy: "olga", Note: "Note verbale 17"}) {
		t.Fatalf("ticked: %+v, %v", line, err)
	}
	d.plan() // the planner leaves it as it was ticked
	if again := d.line("X-REC-6", "call-for-items"); again.State != meetings.LineDone || !again.DoneAt.Equal(line.DoneAt) || again.Mark != line.Mark {
		t.Errorf("planned again: %+v", again)
	}
	tick.On = programme.Date{}
	if line, _, err = d.TickLine(ctx, tick); err != nil || !line.Late || line.DoneAt.Before(when(t, sampleMoment)) || line.Ahead != 14 {
		t.Errorf("ticked for now: %+v, %v", line, err)
	}
	tick.Undo = true
	if line, _, err = d.TickLine(ctx, tick); err != nil || line.State != meetings.LineMissed || line.Mark != (meetings.LineMark{}) {
		t.Errorf("taken back: %+v, %v", line, err)
	}
	if n := d.count(`select count(*) from audit_log where object = 'session X-REC-6' and action in ('tick timetable line', 'untick timetable line') and actor = 'olga'`); n != 3 {
		t.Errorf("%d marks in the audit log, want 3", n)
	}
	for _, c := range []struct {
		why  string
		tick Tick
		want string
	}{
		{"taken back twice", Tick{Session: "X-REC-6", Rule: "call-for-items", Undo: true}, "is not ticked"},
		{"tomorrow", Tick{Session: "X-REC-6", Rule: "call-for-items", On: programme.NewDate(2026, 11, 24)}, "2026-11-24 is not done yet"},
		{"seen on record", Tick{Session: "X-REC-6", Rule: "notice"}, "what makes it done is session-confirmed"},
		{"no such line", Tick{Session: "X-REC-6", Rule: "call-for-item"}, `did you mean "call-for-items"?`},
		{"over", Tick{Session: "REC-2", Rule: "call-for-items"}, "session REC-2 is closed"},
	} {
		if _, _, err := d.TickLine(ctx, c.tick); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
}

// A ticked duty needs no reminder; when the tick is taken back it is reminded of again.
func TestTickingEndsTheReminders(t *testing.T) {
	d := newDesk(t)
	d.exec(`insert into reminder_rule (council_id, position, ref, title, anchor, side, by, audience, template, grace)
		select id, 99, 'x-visas', '{"en": "Visas"}', 'late-papers', 'before', 'P3D', 'duty-holder', 'duty-due', 'P2D' from council where ref = 'REC'`)
	d.plan()
	states := func() (found []string) {
		for _, l := range d.letters("X-REC-6") {
			if l.RuleRef == "x-visas" {
				found = append(found, l.State+" "+l.Reason)
			}
		}
		return found
	}
	want := func(why, state string) {
		t.Helper()
		if got := states(); len(got) != 1 || got[0] != state {
			t.Errorf("%s: %q, want %q", why, got, state)
		}
	}
	want("open", "planned ")
	if _, _, err := d.TickLine(t.Context(), Tick{Session: "X-REC-6", Rule: "late-papers", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	want("ticked", "suppressed done")
	if _, _, err := d.TickLine(t.Context(), Tick{Session: "X-REC-6", Rule: "late-papers", Actor: "test", Undo: true}); err != nil {
		t.Fatal(err)
	}
	want("taken back", "planned ")
}

// TestCheck18WaiverOfAMissedHardLine: a session that misses hard lead times is not confirmed without a waiver with name and
// text; the waiver is in the audit log and, in every language, in print: brief, timetable and certificate of notice. A hard
// line that nothing on record shows is ticked instead where it was kept.
func TestCheck18WaiverOfAMissedHardLine(t *testing.T) {
	d := newsroom(t)
	ctx := t.Context()
	d.clock("2027-04-20T10:00:00+05:00") // four weeks before: notice, agenda and supplementary items were due
	step := plain
	step.Waiver = meetings.Waiver{}
	step.Venue = programme.Text{"en": "Hall 2"}
	_, err := d.Confirm(ctx, step)
	var refused *meetings.StepError
	if !errors.As(err, &refused) || !strings.Contains(refused.Problem, "notice (due 2027-04-06), provisional-agenda (due 2027-04-06), supplementary-items (due 2027-04-16)") {
		t.Fatalf("without a waiver: %v", err)
	}
	if !strings.Contains(refused.Hint(), "secretariat sessions tick X-REC-7 supplementary-items") || !strings.Contains(refused.Hint(), "--waiver") {
		t.Errorf("the hint: %s", refused.Hint())
	}
	if _, _, err := d.TickLine(ctx, Tick{Session: "X-REC-7", Rule: "supplementary-items", Actor: "test", On: programme.NewDate(2027, 4, 15)}); err != nil {
		t.Fatal(err)
	}
	for _, half := range []meetings.Waiver{{By: "X-gulomov"}, {Text: "Agreed."}} {
		step.Waiver = half
		if _, err := d.Confirm(ctx, step); !errors.As(err, &refused) || strings.Contains(refused.Problem, "supplementary-items") {
			t.Errorf("half a waiver %+v: %v", half, err)
		}
	}
	const words = "All members agreed on 19 April."
	step.Waiver = meetings.Waiver{By: "X-gulomov", Text: words}
	if _, err := d.Confirm(ctx, step); err != nil {
		t.Fatal(err)
	}
	for rule, state := range map[string]string{"notice": meetings.LineWaived, "provisional-agenda": meetings.LineWaived, "supplementary-items": meetings.LineDone} {
		if l := d.line("X-REC-7", rule); l.State != state || (state == meetings.LineWaived) != (l.Mark == meetings.LineMark{WaivedBy: "X-gulomov", Waiver: words}) {
			t.Errorf("%s: %+v", rule, l)
		}
	}
	if n := d.count(`select count(*) from audit_log where action = 'session confirm' and object = 'session X-REC-7' and after::text like '%X-gulomov%' || $1 || '%'`, words); n != 1 {
		t.Errorf("%d entries of the audit log name the waiver, want 1", n)
	}
	var name string
	d.inTx(func(tx *store.Tx) error {
		return tx.GetContext(ctx, &name, `select name from person where ref = 'X-gulomov'`)
	})
	for _, language := range []string{"en", "fr", "es", "ru", "uz", "zh", "ar"} {
		for _, report := range []string{"session-brief", "timetable", "certificate-notice"} {
			text := d.printed(report, language, map[string]string{"session": "X-REC-7"})
			if n := strings.Count(text, "All members"); n != 2 || strings.Count(text, name) < 2 {
				t.Errorf("%s in %s tells of %d waivers, want 2 by %s:\n%s", report, language, n, name, text)
			}
		}
	}
}

// printed returns the text of a report as a PDF file, on one line.
func (d *desk) printed(report, language string, values map[string]string) string {
	d.t.Helper()
	b, _, err := d.Render(d.t.Context(), OnDemand{Report: report, Format: "pdf", Language: language, Clearance: "limited", Values: values})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(strings.Fields(tool(d.t, "pdftotext", b, "FILE", "-")), " ")
}

// Somebody's own duties are the lines whose duty holder they are: of all, of the printed timetable and of the calendar.
func TestDutiesOfOnePerson(t *testing.T) {
	d := newsroom(t)
	ctx := t.Context()
	refs := func(person string) string {
		timetable, err := d.SessionTimetable(ctx, TimetableOf{Session: "X-REC-6", For: person})
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, l := range timetable.Lines {
			found = append(found, l.Rule.Ref)
		}
		return strings.Join(found, " ")
	}
	for person, want := range map[string]string{
		"X-gulomov":     "documents-submitted provisional-agenda supplementary-items nominations replies actions-assigned corrections", // chair and member
		"X-kim":         "visa-letters",                                                                                                // focal point of the host
		"X-zhao":        "",                                                                                                            // an observer
		"X-suleimenova": "documents-submitted supplementary-items nominations replies corrections",
	} {
		if got := refs(person); got != want {
			t.Errorf("%s owes %q, want %q", person, got, want)
		}
	}
	if _, err := d.SessionTimetable(ctx, TimetableOf{Session: "X-REC-6", For: "X-nobody"}); !errors.Is(err, ErrRefused) {
		t.Errorf("an unknown person: %v", err)
	}
	b, made, err := d.PrintTimetable(ctx, TimetableOf{Session: "X-REC-6", For: "X-gulomov"}, "")
	if err != nil || made.Language != d.meeting("X-REC-6").People["X-gulomov"].Language {
		t.Fatalf("%+v, %v", made, err)
	}
	text := strings.Join(strings.Fields(tool(t, "pdftotext", b, "FILE", "-")), " ")
	for part, there := range map[string]bool{"Gʻayrat Gʻulomov": true, "Dastlabki kun tartibi Rais bilan kelishildi": true, "Sana va joy haqida xabarnoma": false} {
		if strings.Contains(text, part) != there {
			t.Errorf("%q in the printed duties of the chair: want %t\n%s", part, there, text)
		}
	}
	if _, _, err := d.PrintTimetable(ctx, TimetableOf{Session: "X-REC-6", For: "X-zhao"}, "en"); !errors.Is(err, ErrRefused) {
		t.Errorf("who owes nothing has nothing printed: %v", err)
	}
}

// An independent program reads the calendar of duties: one event for each line, on its day, without anybody's address; after a
// move the same uids stand on other days with a higher sequence, and a postponed session cancels them all.
func TestCalendarOfDuties(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	object := func(person string) string {
		timetable, err := d.SessionTimetable(ctx, TimetableOf{Session: "X-REC-6", For: person})
		if err != nil {
			t.Fatal(err)
		}
		text, err := d.Calendar(timetable, "")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := object("")
	if before != object("") {
		t.Error("the same timetable gives other bytes")
	}
	d.take(meetings.Reschedule, SessionStep{Ref: "X-REC-6", OpensAt: when(t, "2027-01-11T10:00:00+05:00")})
	moved := object("")
	d.take(meetings.Postpone, SessionStep{Ref: "X-REC-6", Reason: programme.Text{"en": "Snow."}})
	script := fmt.Sprintf(`
import icalendar, datetime
def read(text):
    cal = icalendar.Calendar.from_ical(text)
    assert str(cal["METHOD"]) == "PUBLISH"
    events = list(cal.walk("VEVENT"))
    assert not any("ATTENDEE" in e for e in events)
    assert all(str(e["TRANSP"]) == "TRANSPARENT" for e in events)
    found = {str(e["UID"]): e for e in events}
    assert len(found) == len(events)
    return found
before, moved, postponed, chair = (read(t) for t in (%q, %q, %q, %q))
assert len(before) == 15 and set(before) == set(moved) == set(postponed), len(before)
def one(cal, rule):
    found, = [e for uid, e in cal.items() if uid.startswith("duty-" + rule + "-")]
    return found
notice = one(before, "notice")
assert notice["DTSTART"].dt == datetime.date(2026, 10, 26) and notice["DTEND"].dt == datetime.date(2026, 10, 27), notice
assert str(notice["SUMMARY"]) == "Notice of date and place – Sixth session of the Regional Expert Council" and "rule 4" in str(notice["DESCRIPTION"]), notice
hours = one(before, "proposals-in-languages")
assert hours["DTEND"].dt == datetime.datetime.fromisoformat("2026-12-06T22:00:00+05:00"), hours
assert one(moved, "notice")["DTSTART"].dt == datetime.date(2026, 11, 30)
assert all(int(moved[u]["SEQUENCE"]) > int(before[u]["SEQUENCE"]) for u in before)
assert all(str(e["STATUS"]) == "CONFIRMED" for e in moved.values())
assert all(str(e["STATUS"]) == "CANCELLED" for e in postponed.values())
assert len(chair) == 7, len(chair)
`, before, moved, object(""), object("X-gulomov"))
	python(t, script)
}

// A notice that leaves when the day of the rules is over says so, and that the Chair has waived it; one in time, and one to whom
// nothing was owed by then, does not.
func TestLateNotice(t *testing.T) {
	d := newDesk(t)
	d.clock("2027-04-07T10:00:00+05:00") // the rules ask for the notice by 6 April
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	if _, err := d.Confirm(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	sent, _ := d.send("X-REC-7", "2027-04-07T10:01:00+05:00")
	text := sent[d.email("X-nxumalo")].Letter.Text
	if !strings.Contains(strings.Join(strings.Fields(text), " "), "ask for this notice by 6 April 2027: it is late. The Chair has waived the time limit.") || strings.Contains(text, "leaves late") {
		t.Errorf("a late notice:\n%s", text)
	}
	in := newDesk(t)
	in.clock("2027-04-06T10:00:00+05:00")
	if _, err := in.Confirm(t.Context(), SessionStep{Ref: "X-REC-7", Actor: "test", Venue: step.Venue}); err != nil {
		t.Fatal(err)
	}
	sent, _ = in.send("X-REC-7", "2027-04-06T10:01:00+05:00")
	if text := sent[in.email("X-nxumalo")].Letter.Text; text == "" || strings.Contains(text, "late") {
		t.Errorf("a notice in time:\n%s", text)
	}
	// Somebody gives the seat to an alternate on the 10th, who is invited then: no rule asks for that by the 6th.
	in.clock("2027-04-10T10:00:00+05:00")
	seat, alternate := in.seatWithAlternate("X-REC-7")
	if _, err := in.RecordReply(t.Context(), NewReply{Session: "X-REC-7", Seat: seat, Answer: "delegated", Delegate: alternate, Actor: "test", Via: "command"}); err != nil {
		t.Fatal(err)
	}
	sent, _ = in.send("X-REC-7", "2027-04-10T10:01:00+05:00")
	if text := sent[in.email(alternate)].Letter.Text; text == "" || strings.Contains(text, "6 April") || strings.Contains(text, "6-aprel") || strings.Contains(text, "6 апреля") {
		t.Errorf("the invitation of the alternate:\n%s", text)
	}
}

// seatWithAlternate returns a voting seat that is held and its first alternate.
func (d *desk) seatWithAlternate(session string) (seat, alternate string) {
	d.t.Helper()
	m := d.meeting(session)
	for _, s := range m.Seats {
		if s.Voting && len(s.Alternates) > 0 && s.MemberOn(m.OpeningDay()) != "" && s.Alternates[0].On(m.OpeningDay()) {
			return s.Ref, s.Alternates[0].Person
		}
	}
	d.t.Fatal("no seat has an alternate")
	return "", ""
}

// A session that is over and about which nobody has said anything is shown so, and its secretary is asked once, as foretold; when it
// is recorded as held in between, nobody is asked.
func TestSessionThatNobodyCloses(t *testing.T) {
	for _, recorded := range []bool{false, true} {
		d := newDesk(t)
		d.plan()
		foretold, err := d.Forecast(t.Context(), when(t, "2026-12-08T00:00:00+05:00"), when(t, "2026-12-12T00:00:00+05:00"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range foretold.Letters {
			if l.Kind == "session-overdue" && l.To == "secretary@isrs.example" && l.Why == "the session is over and not closed" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("foretold %d times: %+v", n, foretold.Letters)
		}
		d.clock("2026-12-08T08:00:00+05:00")
		if recorded {
			d.exec(`insert into attendance (session_id, seat_id, person_id, mode) select e.id, s.id, m.person_id, 'in-person' from session e join seat s on s.council_id = e.council_id
				join membership m on m.seat_id = s.id and m.capacity = 'member' and m.term @> date '2026-12-07' where e.ref = 'X-REC-6'`)
			if _, err := d.TakeStep(t.Context(), meetings.Hold, SessionStep{Ref: "X-REC-6", Actor: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		list, err := d.Sessions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if s.Meeting.Session.Ref == "X-REC-6" && s.Overdue == recorded {
				t.Errorf("%s, recorded %t: overdue %t", s.Meeting.Session.Ref, recorded, s.Overdue)
			}
		}
		d.plan()
		d.plan()
		sent, _ := d.send("X-REC-6", "2026-12-12T09:00:00+05:00")
		text := sent["secretary@isrs.example"].Letter.Text
		if asked := strings.Contains(text, "Oʻz-oʻzidan hech narsa qayd etilmaydi"); asked == recorded || sent["secretary@isrs.example"].Calendar != "" {
			t.Errorf("recorded %t: the secretary reads\n%s", recorded, text)
		}
	}
}
