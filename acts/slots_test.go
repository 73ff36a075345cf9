package acts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// Dates for the sample's council: no slot before the lead times allow it, on a day off or while the chair is busy, and what
// a session costs those who attend is carried into the next search.
func TestSlotsOfTheSample(t *testing.T) {
	d := newDesk(t)
	request := SlotRequest{Council: "REC", From: day(t, "2027-01-11"), To: day(t, "2027-01-22"), Lasts: 3 * time.Hour, Top: 1000}
	before, err := d.Slots(t.Context(), request)
	if err != nil || len(before.Slots) == 0 || before.Earliest.IsZero() {
		t.Fatalf("%d slots, earliest %s, %v", len(before.Slots), before.Earliest, err)
	}
	best := before.Slots[0].Start
	for _, s := range before.Slots {
		if s.Start.Weekday() == time.Saturday || s.Start.Weekday() == time.Sunday || programme.DateOf(s.Start, before.Zone).Before(before.Earliest) || s.Probability < meetings.DefaultFloor && !before.Below {
			t.Errorf("%s with %.2f is offered", s.Start, s.Probability)
		}
	}
	file := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VFREEBUSY\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\nFREEBUSY:" +
		best.UTC().Format("20060102T150405Z") + "/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
	if n, err := d.ImportBusy(t.Context(), "X-gulomov", strings.NewReader(file), "test"); n != 1 || err != nil {
		t.Fatalf("%d busy times, %v", n, err)
	}
	after, err := d.Slots(t.Context(), request)
	if err != nil || after.Refused["chair not free"] == 0 {
		t.Fatalf("the chair is busy: %v, %v", after.Refused, err)
	}
	for _, s := range after.Slots {
		if s.Start.Equal(best) {
			t.Errorf("%s is offered while the chair is busy", best)
		}
	}
	d.clock("2026-12-07T18:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		return tx.EnterAttendance(t.Context(), d.sessionID("X-REC-6"), []programme.Attendance{{Seat: "X-S09", Person: "X-fontaine", Mode: "online"}})
	})
	d.take(meetings.Hold, SessionStep{Ref: "X-REC-6"})
	d.inTx(func(tx *store.Tx) error {
		carried, err := tx.Burdens(t.Context())
		m := d.meeting("X-REC-6")
		who := m.People["X-fontaine"]
		want := meetings.Burden(m.PersonZone(who), m.PersonWorkdays(who), 540, 1080, m.Session.OpensAt, m.Session.ClosesAt)
		if carried["X-fontaine"] != want {
			t.Errorf("carried: %v, want %d", carried, want)
		}
		return err
	})
}

// sessionID returns the id of a session.
func (d *desk) sessionID(ref string) (id int64) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		ids, err := tx.SessionIDs(d.t.Context())
		id = ids[ref]
		return err
	})
	return id
}

func day(t *testing.T, s string) programme.Date {
	t.Helper()
	d, err := programme.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSlotsRefuse(t *testing.T) {
	d := newDesk(t)
	good := SlotRequest{Council: "REC", From: day(t, "2027-01-11"), To: day(t, "2027-01-22"), Lasts: 3 * time.Hour}
	for _, c := range []struct {
		want   string
		change func(r *SlotRequest)
	}{
		{"no council", func(r *SlotRequest) { r.Council = "RECC" }},
		{"before it begins", func(r *SlotRequest) { r.To = day(t, "2027-01-10") }},
		{"longer than 366 days", func(r *SlotRequest) { r.To = day(t, "2029-01-10") }},
		{"not looked for", func(r *SlotRequest) { r.Lasts = 0 }},
		{"end before they begin", func(r *SlotRequest) { r.Hours = "18:00-09:00" }},
	} {
		r := good
		c.change(&r)
		if _, err := d.Slots(t.Context(), r); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if _, err := d.ImportBusy(t.Context(), "X-gulomov", strings.NewReader("hello"), "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("a file that is none: %v", err)
	}
	late, err := d.Slots(t.Context(), SlotRequest{Council: "REC", From: day(t, "2031-05-05"), To: day(t, "2031-05-09"), Lasts: time.Hour, Top: 1})
	if err != nil || len(late.Warnings) != 1 || !strings.Contains(late.Warnings[0], "2031") {
		t.Errorf("past the coverage of the calendar: %v, %v", late.Warnings, err)
	}
}
