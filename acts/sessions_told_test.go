package acts

import (
	"errors"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// A session that moves away and back before anything was said of it causes no letter at all, and what was answered for its
// date holds.
func TestMovedAwayAndBackTellsNobody(t *testing.T) {
	d := newDesk(t)
	move := func(to string) StepResult {
		t.Helper()
		r, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, to)})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := d.meeting("X-REC-6")
	if r := move("2026-12-14T10:00:00+05:00"); r.Letters["session-changed"] == 0 {
		t.Fatalf("moved: %v", r.Letters)
	}
	back := move("2026-12-07T10:00:00+05:00")
	if back.Total() != 0 || back.Suppressed == 0 {
		t.Errorf("moved back: %d letters, %d withdrawn", back.Total(), back.Suppressed)
	}
	d.send("X-REC-6", "2026-11-23T09:05:00+05:00")
	if n := count(d.letters("X-REC-6", store.DeliverySent), "session-changed"); n != 0 {
		t.Errorf("%d letters of the change left", n)
	}
	after := d.meeting("X-REC-6")
	if len(after.Session.Previously) != len(before.Session.Previously) {
		t.Errorf("earlier dates: %v", after.Session.Previously)
	}
	for i, st := range after.Standings() {
		if was := before.Standings()[i]; st.Answer != was.Answer || (st.Stale == nil) != (was.Stale == nil) {
			t.Errorf("seat %s: answer %q (stale %v), was %q", st.Seat.Ref, st.Answer, st.Stale != nil, was.Answer)
		}
	}
	// Who was told of the date between is told of the one that holds again, and nobody else is.
	move("2026-12-14T10:00:00+05:00")
	letter := d.letters("X-REC-6", store.DeliveryPlanned)
	d.inTx(func(tx *store.Tx) error {
		for _, l := range letter {
			if l.Kind == "session-changed" {
				_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sent', sent_at = $2, frozen_at = $2 where id = $1`, l.ID, tx.Now)
				return err
			}
		}
		return errors.New("no letter")
	})
	if r := move("2026-12-07T10:00:00+05:00"); r.Total() != 1 || r.Letters["session-changed"] != 1 {
		t.Errorf("moved back after one letter had left: %v", r.Letters)
	}
	if n := len(d.meeting("X-REC-6").Session.Previously); n != len(before.Session.Previously)+2 {
		t.Errorf("%d earlier dates", n)
	}
}

// meeting returns a session as it stands.
func (d *desk) meeting(ref string) (m *meetings.Meeting) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		p, err := loadPlanning(d.t.Context(), tx)
		if err == nil {
			m, err = p.meeting(ref)
		}
		return err
	})
	return m
}

// take takes a step, after a preview that must foretell its letters exactly (check 38 of the study).
func (d *desk) take(verb string, s SessionStep) StepResult {
	d.t.Helper()
	s.Actor = "test"
	preview, err := d.PreviewStep(d.t.Context(), verb, s)
	if err != nil {
		d.t.Fatalf("preview %s: %v", verb, err)
	}
	own := func() (n int) {
		for _, l := range d.letters(s.Ref) {
			if l.RuleRef == "" {
				n++
			}
		}
		return n
	}
	before := own()
	result, err := d.TakeStep(d.t.Context(), verb, s)
	if err != nil {
		d.t.Fatalf("%s: %v", verb, err)
	}
	if rows := own() - before; result.Total() != preview.Total() || rows != preview.Total() {
		d.t.Errorf("%s: %d letters foretold, %d said, %d on record", verb, preview.Total(), result.Total(), rows)
	}
	return result
}

// TestCheck38EveryStepNamesItsLetters walks a session through its whole life; take compares every forecast with the rows.
func TestCheck38EveryStepNamesItsLetters(t *testing.T) {
	d := newDesk(t)
	step := func(verb, at string, s SessionStep) StepResult {
		t.Helper()
		d.clock(at)
		s.Ref, s.Reason = "X-REC-7", programme.Text{"en": "Because."}
		return d.take(verb, s)
	}
	venue := programme.Text{"en": "Hall 2"}
	waiver := meetings.Waiver{By: "X-gulomov", Text: "Agreed."}
	if r := step(meetings.Announce, "2026-11-23T09:00:00+05:00", SessionStep{}); r.Letters["hold-the-date"] != 15 {
		t.Fatalf("announced: %v", r.Letters)
	}
	step(meetings.Reschedule, "2026-11-23T09:10:00+05:00", SessionStep{OpensAt: when(t, "2027-05-20T10:00:00+05:00")})
	step(meetings.Confirm, "2026-11-23T09:20:00+05:00", SessionStep{Venue: venue})
	step(meetings.Postpone, "2026-11-23T09:30:00+05:00", SessionStep{})
	step(meetings.Reschedule, "2026-11-23T09:40:00+05:00", SessionStep{OpensAt: when(t, "2027-05-25T10:00:00+05:00"), Waiver: waiver})
	d.send("X-REC-7", "2026-11-23T09:45:00+05:00")
	if r := step(meetings.Open, "2027-05-25T09:50:00+05:00", SessionStep{}); r.Total() != 0 || r.State != meetings.InSession {
		t.Errorf("opened: %+v", r)
	}
	d.attend("X-REC-7", "X-S01", "2027-05-25T09:55:00+05:00")
	if r := step(meetings.Adjourn, "2027-05-25T10:31:00+05:00", SessionStep{}); r.State != meetings.Inquorate {
		t.Errorf("inquorate: %+v", r)
	}
	again := step(meetings.Reconvene, "2027-05-25T11:00:00+05:00", SessionStep{OpensAt: when(t, "2027-06-15T10:00:00+05:00")})
	if again.Letters["session-changed"] != 15 || d.meeting("X-REC-7").Convocation != 2 {
		t.Errorf("convened again: %v", again.Letters)
	}
	d.send("X-REC-7", "2027-05-25T11:05:00+05:00")
	step(meetings.Open, "2027-06-15T10:00:00+05:00", SessionStep{})
	v := d.attend("X-REC-7", "X-S06", "2027-06-15T10:05:00+05:00") // the chair alone
	if !v[0].Quorate || !v[0].Second || v[0].Sitting != 2 {
		t.Errorf("second convocation: %+v", v)
	}
	step(meetings.Suspend, "2027-06-15T12:00:00+05:00", SessionStep{})
	step(meetings.Resume, "2027-06-15T14:00:00+05:00", SessionStep{})
	d.attend("X-REC-7", "X-S02", "2027-06-15T14:01:00+05:00")
	step(meetings.Hold, "2027-06-15T16:00:00+05:00", SessionStep{})
	m := d.meeting("X-REC-7")
	if len(m.Sittings) != 3 || m.Sittings[0].Outcome != "inquorate" || m.Sittings[1].Outcome != "suspended" || m.Sittings[2].Outcome != "closed" {
		t.Errorf("sittings: %+v", m.Sittings)
	}
	// Kazakhstan came to the inquorate sitting only.
	if len(m.Session.Attendance) != 2 || m.Session.Attendance[0].Person != "X-toktosunova" || m.Session.Attendance[1].Seat != "X-S06" {
		t.Errorf("attendance: %+v", m.Session.Attendance)
	}
	step(meetings.Close, "2027-06-30T10:00:00+05:00", SessionStep{})
}

// attend records that who speaks for a seat came at a moment, which the clock then shows.
func (d *desk) attend(session, seat, at string) []meetings.Verdict {
	d.t.Helper()
	d.clock(at)
	v, err := d.Attend(d.t.Context(), RollCall{Session: session, Seat: seat, At: when(d.t, at), Actor: "test"})
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

func TestRollCallRefusals(t *testing.T) {
	d := newDesk(t)
	d.clock("2026-12-07T10:00:00+05:00")
	call := RollCall{Session: "X-REC-6", Seat: "X-S01", Actor: "test"}
	if _, err := d.Attend(t.Context(), call); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "no sitting") {
		t.Errorf("before the opening: %v", err)
	}
	d.take(meetings.Open, SessionStep{Ref: "X-REC-6"})
	d.attend("X-REC-6", "X-S01", "2026-12-07T10:05:00+05:00")
	for _, c := range []struct {
		why, want string
		change    func(r *RollCall)
	}{
		{"twice", "there already", func(r *RollCall) {}},
		{"in the future", "still to come", func(r *RollCall) { r.At = when(t, "2026-12-07T12:00:00+05:00") }},
		{"somebody else's seat", "neither the member", func(r *RollCall) { r.Person = "X-gulomov" }},
		{"left without having come", "was not there", func(r *RollCall) { r.Seat, r.Left = "X-S02", true }},
	} {
		r := call
		c.change(&r)
		if _, err := d.Attend(t.Context(), r); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
	call.Left, call.At = true, when(t, "2026-12-07T10:05:00+05:00").Add(0)
	d.clock("2026-12-07T11:45:00+05:00")
	call.At = when(t, "2026-12-07T11:40:00+05:00")
	v, err := d.Attend(t.Context(), call)
	if err != nil || v[0].Present != 0 {
		t.Errorf("left: %+v, %v", v, err)
	}
	list, turns, _, err := d.Verdicts(t.Context(), "X-REC-6", when(t, "2026-12-07T11:00:00+05:00"))
	if err != nil || list[0].Present != 1 || len(turns) == 0 {
		t.Errorf("at eleven: %+v, %v", list, err)
	}
}
