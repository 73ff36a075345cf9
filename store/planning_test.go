package store_test

import (
	"errors"
	"testing"
	"time"

	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

func TestChangeSessionIsReadBack(t *testing.T) {
	s := storetest.New(t)
	save(t, s, sample(t))
	ctx := t.Context()
	err := s.InTx(ctx, func(tx *store.Tx) error {
		facts, err := tx.LockSession(ctx, "X-REC-6")
		if err != nil {
			return err
		}
		if facts.AnnouncedAt != nil || facts.Commanded || facts.Revision != 0 {
			t.Errorf("before: %+v", facts)
		}
		councils, err := tx.Councils(ctx)
		if err != nil {
			return err
		}
		var after programme.Session
		for _, e := range councils[0].Sessions {
			if e.Ref == "X-REC-6" {
				after = e
			}
		}
		before := store.StateOf(after)
		after.Previously = []programme.Previous{{OpensAt: after.OpensAt, ClosesAt: after.ClosesAt, Until: programme.NewDate(2026, 11, 23)}}
		after.OpensAt, after.ClosesAt = after.OpensAt.AddDate(0, 0, 7), after.ClosesAt.AddDate(0, 0, 7)
		after.Reason = programme.Text{"en": "The hall is not free."}
		change := store.SessionChange{ID: facts.ID, After: after, Revision: 1, Sequence: 1, Actor: "test", Verb: "reschedule", Reason: "The hall is not free.", Before: before}
		if err := tx.ChangeSession(ctx, change); err != nil {
			return err
		}
		if facts, err = tx.LockSession(ctx, "X-REC-6"); err != nil || facts.Revision != 1 || facts.Sequence != 1 || !facts.Commanded || !facts.RevisedAt.Equal(tx.Now.Truncate(time.Microsecond)) {
			t.Errorf("after: %+v, %v", facts, err)
		}
		revisions, err := tx.SessionRevisions(ctx, facts.ID)
		if err != nil || len(revisions) != 1 || !revisions[0].Before.OpensAt.Equal(before.OpensAt) || !revisions[0].After.OpensAt.Equal(after.OpensAt) {
			t.Errorf("revisions: %+v, %v", revisions, err)
		}
		if councils, err = tx.Councils(ctx); err != nil {
			return err
		}
		for _, e := range councils[0].Sessions {
			if e.Ref == "X-REC-6" && (len(e.Previously) != 1 || e.Previously[0].Until.String() != "2026-11-23" || !e.OpensAt.Equal(after.OpensAt)) {
				t.Errorf("read back: %+v", e.Previously)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.LockSession(ctx, "X-REC-99")
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a session that is none: %v", err)
	}
}

func TestTimetableLinesAndWaiver(t *testing.T) {
	s := storetest.New(t)
	save(t, s, sample(t))
	ctx := t.Context()
	err := s.InTx(ctx, func(tx *store.Tx) error {
		facts, err := tx.LockSession(ctx, "X-REC-6")
		if err != nil {
			return err
		}
		line := store.TimetableLine{Rule: "notice", DueOn: programme.NewDate(2026, 10, 26), DueAt: tx.Now.Truncate(time.Second), State: "missed"}
		for range 2 {
			if err := tx.PutTimetableLines(ctx, facts.ID, []store.TimetableLine{line}); err != nil {
				return err
			}
		}
		if err := tx.WaiveLines(ctx, facts.ID, []string{"notice"}, "X-gulomov", "Agreed."); err != nil {
			return err
		}
		lines, err := tx.TimetableLines(ctx)
		if err != nil || len(lines) != 1 || lines[0].State != "waived" || lines[0].Waiver != "Agreed." || lines[0].Session != "X-REC-6" || lines[0].DueOn != line.DueOn {
			t.Errorf("lines: %+v, %v", lines, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A seat's answers come back in the order of the file: the last one counts.
func TestRepliesKeepTheirOrder(t *testing.T) {
	s := storetest.New(t)
	save(t, s, sample(t))
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		replies, err := tx.Replies(t.Context(), "X-REC-6")
		if err != nil {
			return err
		}
		last := map[string]string{}
		for _, r := range replies {
			last[r.Seat] = r.Person + " " + r.Answer
		}
		for seat, want := range map[string]string{"X-S07": "X-adebayo accepted", "X-S09": "X-ollinger tentative", "X-S12": "X-swiecicki accepted"} {
			if last[seat] != want {
				t.Errorf("seat %s: the last answer is %q, want %q", seat, last[seat], want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Only a suppressed letter that was never composed is revived, and only a planned one moves.
func TestReviveAndRetime(t *testing.T) {
	s := storetest.New(t)
	ctx := t.Context()
	err := s.InTx(ctx, func(tx *store.Tx) error {
		later := tx.Now.Add(time.Hour).Truncate(time.Microsecond)
		rows, err := tx.InsertDeliveries(ctx, []store.Delivery{
			{DedupeKey: "a", Kind: "reply-request", State: "suppressed", Reason: "answered", Address: "a@x.example"},
			{DedupeKey: "b", Kind: "reply-request", NotBefore: later, Address: "b@x.example"},
			{DedupeKey: "c", Kind: "reply-request", State: "sent", Address: "c@x.example"},
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			r.NotBefore, r.Address = later.Add(time.Hour), "new@x.example"
			if err := tx.ReviveDelivery(ctx, r); err != nil {
				return err
			}
			if err := tx.RetimeDelivery(ctx, r); err != nil {
				return err
			}
		}
		for i, want := range []string{"planned new@x.example", "planned new@x.example", "sent c@x.example"} {
			d, err := tx.Delivery(ctx, rows[i].ID)
			if got := d.State + " " + d.Address; err != nil || got != want {
				t.Errorf("letter %s: got %q, want %q (%v)", d.DedupeKey, got, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
