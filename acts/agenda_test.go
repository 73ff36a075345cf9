package acts

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

func sha(b []byte) [32]byte { return sha256.Sum256(b) }

func (d *desk) agenda(session string) (refs []string) {
	d.t.Helper()
	rows, _, err := d.Agenda(d.t.Context(), session)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range rows {
		if r.State != "withdrawn" {
			refs = append(refs, strings.TrimPrefix(r.Ref, "X-AG-"))
		}
	}
	return refs
}

func TestAgendaIsEdited(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.plan()
	before := len(d.letters("X-REC-6"))
	ref, err := d.AddAgendaItem(ctx, NewAgendaItem{Session: "X-REC-6", Ref: "X-AG-NEW", Title: programme.Text{"en": "Visit"}, Purpose: "information", Minutes: 10, Place: 2, Actor: "test"})
	if err != nil || ref != "X-AG-NEW" {
		t.Fatalf("%q, %v", ref, err)
	}
	if err := d.MoveAgendaItem(ctx, "X-REC-6", "X-AG-6-9", 1, "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.WithdrawAgendaItem(ctx, "X-REC-6", "X-AG-6-5", "Not ready.", "test"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.agenda("X-REC-6"), " "); got != "6-9 6-1 NEW 6-2 6-3 6-4 6-6 6-7 6-8" {
		t.Errorf("the agenda: %s", got)
	}
	rows, m, err := d.Agenda(ctx, "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range m.Session.Agenda {
		if item.Number != i+1 {
			t.Errorf("item %s has number %d", item.Ref, item.Number)
		}
	}
	if last := rows[len(rows)-1]; last.Ref != "X-AG-6-5" || last.Reason != "Not ready." {
		t.Errorf("what was withdrawn stays on record: %+v", last)
	}
	if n := len(d.letters("X-REC-6")) - before; n != 0 {
		t.Errorf("an edited agenda caused %d letters", n)
	}
	for _, c := range []struct {
		why, want string
		do        func() error
	}{
		{"no title", "title", func() error {
			_, err := d.AddAgendaItem(ctx, NewAgendaItem{Session: "X-REC-6", Purpose: "decision", Minutes: 5})
			return err
		}},
		{"unknown purpose", "purpose", func() error {
			_, err := d.AddAgendaItem(ctx, NewAgendaItem{Session: "X-REC-6", Title: programme.Text{"en": "A"}, Purpose: "lunch", Minutes: 5})
			return err
		}},
		{"a ref that is there", "already", func() error {
			_, err := d.AddAgendaItem(ctx, NewAgendaItem{Session: "X-REC-6", Ref: "X-AG-6-1", Title: programme.Text{"en": "A"}, Purpose: "decision", Minutes: 5})
			return err
		}},
		{"unknown item", "no item", func() error { return d.MoveAgendaItem(ctx, "X-REC-6", "X-AG-99", 1, "test") }},
		{"withdrawn item", "no item", func() error { return d.MoveAgendaItem(ctx, "X-REC-6", "X-AG-6-5", 1, "test") }},
		{"no place", "no place", func() error { return d.MoveAgendaItem(ctx, "X-REC-6", "X-AG-6-1", 0, "test") }},
		{"no reason", "reason", func() error { return d.WithdrawAgendaItem(ctx, "X-REC-6", "X-AG-6-1", "", "test") }},
		{"closed session", "is closed", func() error { return d.MoveAgendaItem(ctx, "X-REC-5", "X-AG-5-1", 1, "test") }},
	} {
		if err := c.do(); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}

// hold makes a session of the past held, with attendance.
func (d *desk) held(session string) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(d.t.Context(), `update session set state = 'held' where ref = $1`, session)
		return err
	})
}

// TestCheck36DecisionsAndActions: a decision that nobody owns keeps the session from being closed; open action items come
// onto the next draft agenda, once.
func TestCheck36DecisionsAndActions(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.clock("2026-12-08T10:00:00+05:00")
	d.held("X-REC-6")
	shut := func() error {
		_, err := d.TakeStep(ctx, meetings.Close, SessionStep{Ref: "X-REC-6", Actor: "test"})
		return err
	}
	first, err := d.Decide(ctx, NewDecision{Session: "X-REC-6", Item: "X-AG-6-4", Text: programme.Text{"en": "The guidelines are adopted."}, Method: "vote", Votes: &[3]int{8, 1, 0}, Actor: "test"})
	if err != nil || first.Number != "REC/6/1" || first.Date.String() != "2026-12-07" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := d.Decide(ctx, NewDecision{Session: "X-REC-6", Item: "X-AG-6-8", Text: programme.Text{"en": "The workplan is noted."}, Method: "consensus", Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var refused *meetings.StepError
	if err := shut(); !errors.As(err, &refused) || !strings.Contains(err.Error(), first.Ref) || !strings.Contains(err.Error(), second.Ref) {
		t.Fatalf("closed with decisions that nobody owns: %v", err)
	}
	for _, n := range []NewAction{
		{Session: "X-REC-6", Decision: first.Ref, Text: programme.Text{"en": "Print them."}, DueOn: programme.NewDate(2027, 1, 29)},
		{Session: "X-REC-6", Decision: first.Ref, Text: programme.Text{"en": "Print them."}, Owner: "X-thooft"},
		{Session: "X-REC-6", Decision: "X-D-99", Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", DueOn: programme.NewDate(2027, 1, 29)},
		{Session: "X-REC-6", Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", DueOn: programme.NewDate(2026, 1, 29)},
		{Session: "X-REC-6", Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", Backup: "X-thooft", DueOn: programme.NewDate(2027, 1, 29)},
		{Session: "X-REC-7", Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", DueOn: programme.NewDate(2027, 1, 29)},
	} {
		if _, err := d.AddAction(ctx, n); !errors.Is(err, ErrRefused) {
			t.Errorf("action item %+v: %v", n, err)
		}
	}
	action, err := d.AddAction(ctx, NewAction{Session: "X-REC-6", Decision: first.Ref, Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", Backup: "X-nxumalo", DueOn: programme.NewDate(2027, 1, 29), Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := shut(); err == nil || strings.Contains(err.Error(), first.Ref) || !strings.Contains(err.Error(), second.Ref) {
		t.Errorf("one of two is assigned: %v", err)
	}
	if err := d.NothingFollows(ctx, "X-REC-6", second.Ref, "It is only noted.", "test"); err != nil {
		t.Fatal(err)
	}
	if err := shut(); err != nil {
		t.Fatal(err)
	}
	taken := func() (n, times int) {
		rows, _, err := d.Agenda(ctx, "X-REC-7")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			for _, a := range r.Actions {
				n++
				if a == action {
					times++
				}
			}
		}
		return n, times
	}
	all, once := taken()
	if once != 1 || all == 0 {
		t.Fatalf("on the next agenda: %d action items, the new one %d times", all, once)
	}
	if c, err := d.CarryOver(ctx, "X-REC-7", "test"); err != nil || c.Items != 0 || c.Actions != 0 {
		t.Errorf("carried over again: %+v, %v", c, err)
	}
	if again, once := taken(); again != all || once != 1 {
		t.Errorf("on the next agenda after that: %d, %d times", again, once)
	}
}

// A deferred item comes onto the next agenda once the session is over, and no withdrawn one.
func TestDeferredItemsAreCarriedOver(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	if err := d.DeferAgendaItem(ctx, "X-REC-6", "X-AG-6-5", "The concept is not ready.", "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.WithdrawAgendaItem(ctx, "X-REC-6", "X-AG-6-6", "Withdrawn by its author.", "test"); err != nil {
		t.Fatal(err)
	}
	if c, err := d.CarryOver(ctx, "X-REC-7", "test"); err != nil || c.Items != 0 {
		t.Errorf("before the session: %+v, %v", c, err)
	}
	d.clock("2026-12-08T10:00:00+05:00")
	d.held("X-REC-6")
	if c, err := d.CarryOver(ctx, "X-REC-7", "test"); err != nil || c.Items != 1 {
		t.Errorf("after it: %+v, %v", c, err)
	}
	rows, _, err := d.Agenda(ctx, "X-REC-7")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if r.CarriedFrom == "X-AG-6-5" && r.Title["en"] == "Concept of an International Competence Centre" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d items carry the deferred one", n)
	}
}

// TestCheck37OverdueActions: owner on the day, then the backup, then the chair, not on days off in the owner's country, and
// nobody once it is done.
func TestCheck37OverdueActions(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.clock("2026-12-08T10:00:00+05:00")
	d.held("X-REC-6")
	d.inTx(func(tx *store.Tx) error { // after 0, 3 and 10 days, as the study has it
		_, err := tx.ExecContext(ctx, `
			insert into reminder_rule (council_id, position, ref, title, anchor, side, by, audience, template, local_hour, grace, updated_at)
			select id, 90 + n, 'escalation-' || n, '{"en":"x"}', 'action-due', 'after', span, 'action-owner', 'action-overdue', 9, 'P4D', now()
			from council, (values (0, 'P0D'), (1, 'P10D')) v(n, span) where ref = 'REC'`)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `update person set country = 'SA', weekend = '{}' where ref = 'X-thooft'`) // Friday and Saturday off
		return err
	})
	ref, err := d.AddAction(ctx, NewAction{Session: "X-REC-6", Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", Backup: "X-nxumalo", DueOn: programme.NewDate(2027, 2, 2), Actor: "test"}) // a Tuesday
	if err != nil {
		t.Fatal(err)
	}
	planned := func(states ...string) (lines []string) {
		for _, l := range d.letters("X-REC-6", states...) {
			if l.SubjectKey == "action:"+ref && l.Kind == "action-overdue" {
				lines = append(lines, l.NotBefore.Add(5*60*60*1e9).Format("2006-01-02")+" "+l.Address)
			}
		}
		return lines
	}
	chair := ""
	d.inTx(func(tx *store.Tx) error {
		all, err := d.Meetings(ctx, tx)
		chair = all["X-REC-6"].InOffice("chair", programme.NewDate(2027, 2, 2))
		return err
	})
	want := []string{"2027-02-02 " + d.email("X-thooft"), "2027-02-07 " + d.email("X-nxumalo"), "2027-02-14 " + d.email(chair)}
	got := planned(store.DeliveryPlanned)
	for _, w := range want { // 5 and 12 February are Fridays: both move to Sunday
		if !strings.Contains(strings.Join(got, "\n"), w) {
			t.Errorf("planned %v, want %s", got, w)
		}
	}
	if len(got) != 3 {
		t.Errorf("planned: %v", got)
	}
	if err := d.FinishAction(ctx, ref, nil, "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("done without evidence: %v", err)
	}
	if err := d.FinishAction(ctx, ref, programme.Text{"en": "500 copies."}, "test"); err != nil {
		t.Fatal(err)
	}
	if left := planned(store.DeliveryPlanned, store.DeliveryPending); len(left) != 0 || len(planned(store.DeliverySuppressed)) != 3 {
		t.Errorf("after it is done: %v", left)
	}
	if err := d.FinishAction(ctx, ref, programme.Text{"en": "Again."}, "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("done twice: %v", err)
	}
}
