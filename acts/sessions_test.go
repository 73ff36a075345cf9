package acts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"secretariat/letters"
	"secretariat/mail"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/programme/file"
	"secretariat/store"
	"secretariat/store/storetest"
	"secretariat/templates"
)

// desk is an installation with the sample programme whose clock stands where a test puts it.
type desk struct {
	*Acts
	t   *testing.T
	url string // of the database, for other processes
}

// sampleMoment is a minute before the weekly report of the sample.
const sampleMoment = "2026-11-23T08:59:00+05:00"

func newDesk(t *testing.T) *desk {
	t.Helper()
	set, err := letters.Load(templates.Letters)
	if err != nil {
		t.Fatal(err)
	}
	url := storetest.Filled(t, "sample", func(s *store.Store, _ string) error {
		if err := s.SetClock(t.Context(), when(t, sampleMoment)); err != nil {
			return err
		}
		p := sampleProgramme(t)
		return s.InTx(t.Context(), func(tx *store.Tx) error {
			plan := programme.Diff(programme.Programme{}, p)
			return tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: plan, Target: p, Domain: "sec.example"})
		})
	})
	d := &desk{&Acts{Store: storetest.Open(t, url), Letters: set, Replica: "test", Mail: MailOptions{Domain: "sec.example",
		From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}}}, t, url}
	d.clock(sampleMoment) // since the database was filled the clock has run on
	return d
}

func sampleProgramme(t *testing.T) programme.Programme {
	t.Helper()
	text, err := os.ReadFile("../examples/tashkent/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := file.Read(nil, file.Source{Name: "programme.yaml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Programme
}

// The steps of the life of a session, as the tests take them.
func (d *desk) Confirm(ctx context.Context, s SessionStep) (StepResult, error) {
	return d.TakeStep(ctx, meetings.Confirm, s)
}

func (d *desk) Reschedule(ctx context.Context, s SessionStep) (StepResult, error) {
	return d.TakeStep(ctx, meetings.Reschedule, s)
}

func (d *desk) Postpone(ctx context.Context, s SessionStep) (StepResult, error) {
	return d.TakeStep(ctx, meetings.Postpone, s)
}

func (d *desk) Cancel(ctx context.Context, s SessionStep) (StepResult, error) {
	return d.TakeStep(ctx, meetings.Cancel, s)
}

func (d *desk) clock(at string) {
	d.t.Helper()
	if err := d.Store.SetClock(d.t.Context(), when(d.t, at)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) inTx(fn func(tx *store.Tx) error) {
	d.t.Helper()
	if err := d.Store.InTx(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

// letters returns the letters about a session in the states given, all states when none is.
func (d *desk) letters(session string, states ...string) (found []store.Delivery) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		ids, err := tx.SessionIDs(d.t.Context())
		if err == nil {
			found, err = tx.Deliveries(d.t.Context(), store.DeliveryFilter{SessionID: ids[session], States: states})
		}
		return err
	})
	return found
}

// send composes the pending letters about a session and marks them as taken by the relay; it returns what was composed
// by recipient, and the reasons of those that were not owed.
func (d *desk) send(session string, until string) (sent map[string]letterParts, reasons map[string]string) {
	d.t.Helper()
	sent, reasons = map[string]letterParts{}, map[string]string{}
	d.clock(until)
	for _, letter := range d.letters(session, store.DeliveryPlanned, store.DeliveryPending) {
		if letter.NotBefore.After(when(d.t, until)) {
			continue
		}
		d.inTx(func(tx *store.Tx) error {
			parts, reason, err := sourceOf(d.t, letter.Kind)(d.t.Context(), d.Acts, tx, letter)
			if err != nil {
				return fmt.Errorf("letter %s to %s: %w", letter.Kind, letter.Address, err)
			}
			if reason != "" {
				reasons[letter.Address] = reason
				return tx.SuppressDeliveries(d.t.Context(), []int64{letter.ID}, reason)
			}
			sent[letter.Address] = parts
			letter.MessageID += "@sec.example"
			letter.Subject, letter.Calendar, letter.CalendarMethod, letter.Sequence = parts.Letter.Subject, parts.Calendar, parts.Method, parts.Sequence
			if err := tx.FreezeDelivery(d.t.Context(), letter); err != nil {
				return err
			}
			return markSent(d.t.Context(), tx, letter.ID)
		})
	}
	return sent, reasons
}

func sourceOf(t *testing.T, kind string) letterSource {
	t.Helper()
	s, err := source(kind)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func markSent(ctx context.Context, tx *store.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `update delivery set state = 'sent', sent_at = $2 where id = $1`, id, tx.Now)
	return err
}

func when(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func count(list []store.Delivery, kind string) (n int) {
	for _, l := range list {
		if l.Kind == kind {
			n++
		}
	}
	return n
}

var plain = SessionStep{Ref: "X-REC-7", Actor: "test", Reason: programme.Text{"en": "The hall is not free."},
	Waiver: meetings.Waiver{By: "X-gulomov", Text: "Agreed with all members."}}

// The life of a session from draft to cancelled, as each member's calendar sees it.
func TestStoryOfASession(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	confirm := plain
	confirm.Venue = programme.Text{"en": "Hall 2"}
	preview, err := d.PreviewStep(ctx, meetings.Confirm, confirm)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.letters("X-REC-7")); n != 0 {
		t.Fatalf("a preview left %d letters", n)
	}
	result, err := d.Confirm(ctx, confirm)
	if err != nil {
		t.Fatal(err)
	}
	// 16 seats; the rotating seat of civil society is vacant from 2027 on.
	if result.Total() != 15 || preview.Total() != 15 || count(d.letters("X-REC-7", store.DeliveryPending), "invitation") != 15 {
		t.Fatalf("confirmed: %d letters, previewed %d", result.Total(), preview.Total())
	}
	d.inTx(func(tx *store.Tx) error { // five leave; the others are being sent
		for i, l := range d.letters("X-REC-7", store.DeliveryPending) {
			if _, err := tx.ExecContext(ctx, `update delivery set state = 'sending', owner = 'x', attempts = 1, lease_until = $2 where id = $1`, l.ID, tx.Now.Add(time.Hour)); err != nil {
				return err
			}
			if i >= 5 {
				continue
			}
			parts, reason, err := sessionLetter(ctx, d.Acts, tx, l)
			if err != nil || reason != "" || parts.Method != "REQUEST" {
				return fmt.Errorf("invitation: method %q, reason %q, %w", parts.Method, reason, err)
			}
			l.MessageID, l.Calendar, l.CalendarMethod, l.Sequence = l.MessageID+"@sec.example", parts.Calendar, parts.Method, parts.Sequence
			l.State, l.Owner, l.Attempts = store.DeliverySending, "x", 1
			if err := tx.FreezeDelivery(ctx, l); err != nil {
				return err
			}
			if err := markSent(ctx, tx, l.ID); err != nil {
				return err
			}
		}
		return nil
	})

	move := plain
	move.OpensAt = when(t, "2027-05-25T10:00:00+05:00")
	if result, err = d.Reschedule(ctx, move); err != nil {
		t.Fatal(err)
	}
	if result.Letters["session-changed"] != 5 || result.Letters["invitation"] != 10 {
		t.Fatalf("moved: %v, want 5 told of the change and 10 invited", result.Letters)
	}
	for _, l := range d.letters("X-REC-7", store.DeliverySending) {
		t.Errorf("%s to %s is still being sent", l.Kind, l.Address)
	}
	for _, l := range d.letters("X-REC-7", store.DeliverySuppressed) {
		if err := d.Store.CommitDelivery(ctx, l.ID, "x", 1, time.Minute); !errors.Is(err, store.ErrFenced) {
			t.Errorf("a letter of the old date passes its commit point: %v", err)
		}
	}
	move.OpensAt = when(t, "2027-06-01T10:00:00+05:00")
	if result, err = d.Reschedule(ctx, move); err != nil || result.Total() != 15 {
		t.Fatalf("moved again: %v, %v", result.Letters, err)
	}
	told, reasons := d.send("X-REC-7", "2026-11-23T09:01:00+05:00")
	if len(told) != 15 || len(reasons) != 0 {
		t.Fatalf("after the quiet minute %d letters left, withheld: %v", len(told), reasons)
	}
	if n := len(d.letters("X-REC-7", store.DeliveryPlanned)); n == 0 {
		t.Error("no reminders are planned for the new date")
	}

	cancel := plain
	if result, err = d.Cancel(ctx, cancel); err != nil || result.Letters["session-cancelled"] != 15 {
		t.Fatalf("cancelled: %v, %v", result.Letters, err)
	}
	if n := len(d.letters("X-REC-7", store.DeliveryPlanned)); n != 0 {
		t.Errorf("%d reminders of a cancelled session wait", n)
	}
	ended, _ := d.send("X-REC-7", "2026-11-23T09:05:00+05:00")
	if len(ended) != 15 {
		t.Fatalf("%d cancellations left", len(ended))
	}
	for address, parts := range ended {
		if parts.Headers["References"] == "" || parts.Headers["References"] != parts.Headers["In-Reply-To"] {
			t.Errorf("cancellation to %s is not in the thread: %v", address, parts.Headers)
		}
	}
	d.checkCalendars("X-REC-7")
	if _, err := d.Confirm(ctx, confirm); err == nil || !strings.Contains(err.Error(), "final") {
		t.Errorf("a cancelled session is confirmed: %v", err)
	}
}

// checkCalendars lets an independent program follow the calendar objects of each person: one event in the end, and it
// is cancelled.
func (d *desk) checkCalendars(session string) {
	d.t.Helper()
	interpreter := "python3"
	if exec.Command(interpreter, "-c", "import icalendar").Run() != nil {
		interpreter = "/usr/bin/python3"
	}
	if exec.Command(interpreter, "-c", "import icalendar").Run() != nil {
		if os.Getenv("CI") == "true" {
			d.t.Fatal("python3-icalendar is missing")
		}
		d.t.Skip("python3-icalendar is missing")
	}
	var script strings.Builder
	script.WriteString("import icalendar\npeople = {}\ndef take(who, text):\n  for e in icalendar.Calendar.from_ical(text).walk('VEVENT'):\n" +
		"    kept = people.setdefault(who, {})\n    old = kept.get(str(e['UID']))\n    if old is None or int(e['SEQUENCE']) > int(old['SEQUENCE']): kept[str(e['UID'])] = e\n")
	for _, l := range d.letters(session, store.DeliverySent) {
		if l.Calendar != "" {
			fmt.Fprintf(&script, "take(%q, %q)\n", l.Address, l.Calendar)
		}
	}
	script.WriteString("assert len(people) == 15, len(people)\nfor who, kept in people.items():\n  assert len(kept) == 1, kept\n" +
		"  assert str(list(kept.values())[0]['STATUS']) == 'CANCELLED', (who, kept)\n")
	cmd := exec.Command(interpreter, "-")
	cmd.Stdin = strings.NewReader(script.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Errorf("%v\n%s", err, out)
	}
}

func TestForbiddenStepsSayWhatIsPossible(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		why, verb, session, want string
		step                     SessionStep
	}{
		{"closed is final", meetings.Cancel, "X-REC-5", "final", plain},
		{"a held session is not cancelled", meetings.Cancel, "X-ACC-S5", "it can close", plain},
		{"a draft is not held", meetings.Hold, "X-REC-7", "it can announce, confirm or reschedule", plain},
		{"a reason is needed", meetings.Cancel, "X-REC-6", "a reason is needed", SessionStep{}},
		{"a place is needed", meetings.Confirm, "X-REC-7", "neither a venue", SessionStep{}},
		{"an online session needs its address", meetings.Confirm, "X-REC-SP1", "no address to join", SessionStep{}},
		{"nothing would change", meetings.Reschedule, "X-REC-6", "would stay as they are", SessionStep{Venue: nil}},
		{"not into the past", meetings.Reschedule, "X-REC-6", "past", SessionStep{OpensAt: time.Date(2026, 11, 1, 5, 0, 0, 0, time.UTC)}},
		{"lead times newly missed", meetings.Reschedule, "X-REC-SP1", "", SessionStep{OpensAt: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)}},
		{"no such session", meetings.Cancel, "X-REC-99", "not found", plain},
	} {
		c.step.Ref, c.step.Actor = c.session, "test"
		_, err := d.PreviewStep(t.Context(), c.verb, c.step)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}

// A change that is already on its way when the next one comes is named, and its reader gets the next letter too.
func TestCommittingLettersAreNamed(t *testing.T) {
	d := newDesk(t)
	move := SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2026-12-14T10:00:00+05:00")}
	if _, err := d.Reschedule(t.Context(), move); err != nil {
		t.Fatal(err)
	}
	letter := d.letters("X-REC-6", store.DeliveryPlanned)[0]
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update delivery set state = 'committing', frozen_at = now(), owner = 'x', lease_until = now() + interval '1 hour' where id = $1`, letter.ID)
		return err
	})
	move.OpensAt = when(t, "2026-12-15T10:00:00+05:00")
	result, err := d.Reschedule(t.Context(), move)
	if err != nil || len(result.Committing) != 1 || result.Committing[0].ID != letter.ID {
		t.Fatalf("named: %v, %v", result.Committing, err)
	}
	// The sixth session was announced elsewhere: everybody is told of the change, the delegate and the alternate too.
	if result.Letters["session-changed"] != result.Total() || result.Total() < 16 {
		t.Errorf("letters: %v", result.Letters)
	}
}

func TestPostponedAndResumed(t *testing.T) {
	d := newDesk(t)
	step := SessionStep{Ref: "X-REC-6", Actor: "test", Reason: programme.Text{"en": "Snow."}}
	result, err := d.Postpone(t.Context(), step)
	if err != nil || result.Letters["session-postponed"] == 0 {
		t.Fatalf("postponed: %v, %v", result.Letters, err)
	}
	sent, _ := d.send("X-REC-6", "2026-11-23T09:02:00+05:00")
	for address, parts := range sent {
		if parts.Method != "CANCEL" {
			t.Errorf("calendar of %s keeps the lost date: %q", address, parts.Method)
		}
	}
	again := SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2027-02-15T10:00:00+05:00")}
	if result, err = d.Reschedule(t.Context(), again); err != nil || result.State != meetings.Confirmed || result.Letters["invitation"] == 0 {
		t.Fatalf("resumed: %+v, %v", result, err)
	}
	sent, _ = d.send("X-REC-6", "2026-11-23T09:10:00+05:00")
	for address, parts := range sent {
		if parts.Method != "REQUEST" || !strings.Contains(parts.Calendar, "20270215T100000") {
			t.Errorf("invitation to %s: %q", address, parts.Method)
		}
	}
}
