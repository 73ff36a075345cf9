package acts

import (
	"slices"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// A confidential session is told in neutral form: no title, agenda or papers in letter or calendar.
func TestConfidentialSessionIsNeutral(t *testing.T) {
	d := newDesk(t)
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update session set confidentiality = 'confidential' where ref = 'X-REC-6'`)
		return err
	})
	d.plan()
	if _, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2026-12-14T10:00:00+05:00")}); err != nil {
		t.Fatal(err)
	}
	sent, _ := d.send("X-REC-6", "2026-11-23T09:05:00+05:00")
	if len(sent) == 0 {
		t.Fatal("nobody was told")
	}
	for address, parts := range sent {
		all := parts.Letter.Subject + parts.Letter.Text + parts.Letter.HTML + strings.ReplaceAll(parts.Calendar, "\r\n ", "")
		for _, secret := range []string{"Sixth session", "Шестое заседание", "oltinchi", "Regional guidelines", "REC/6/", "meet.isrs.example"} {
			if strings.Contains(all, secret) {
				t.Errorf("letter to %s names %q:\n%s", address, secret, all)
			}
		}
		if parts.Method == "REQUEST" && !strings.Contains(parts.Calendar, "CLASS:CONFIDENTIAL") {
			t.Errorf("calendar of %s is not confidential", address)
		}
	}
}

// The address to join reaches only who accepted, in the letter made for it.
func TestJoinLinkStaysWhereItBelongs(t *testing.T) {
	d := newDesk(t)
	d.plan()
	for _, l := range d.letters("X-PSS-S6", store.DeliveryPlanned, store.DeliveryPending) {
		d.clock(l.NotBefore.Format("2006-01-02T15:04:05Z07:00"))
		d.inTx(func(tx *store.Tx) error {
			parts, reason, err := sourceOf(t, l.Kind)(t.Context(), d.Acts, tx, l)
			if err != nil || reason != "" {
				t.Errorf("%s: %q, %v", l.Kind, reason, err)
			}
			there := strings.Contains(parts.Letter.Text, "meet.isrs.example/pss-6")
			if there != (l.Kind == "join-link") || strings.Contains(parts.Calendar, "meet.isrs.example") {
				t.Errorf("%s to %s: the address to join is in the letter: %v", l.Kind, l.Address, there)
			}
			return nil
		})
	}
}

// Whoever was asked hears of the cancellation, also after leaving the seat.
func TestRemovedPersonHearsOfTheCancellation(t *testing.T) {
	d := newDesk(t)
	step := plain
	step.Venue = programme.Text{"en": "Hall 2"}
	if _, err := d.Confirm(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	told, _ := d.send("X-REC-7", "2026-11-23T09:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			update membership m set person_id = (select id from person where ref = 'X-kim')
			from seat s where s.id = m.seat_id and s.ref = 'X-S10' and m.capacity = 'member'`)
		return err
	})
	if _, err := d.Cancel(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	ended, _ := d.send("X-REC-7", "2026-11-23T09:01:00+05:00")
	for address := range told {
		if parts, ok := ended[address]; !ok || parts.Method != "CANCEL" {
			t.Errorf("%s was asked and does not hear that the session is cancelled", address)
		}
	}
	if len(ended) != len(told) {
		t.Errorf("%d were asked, %d are told of the end", len(told), len(ended))
	}
}

// A change that a file makes to a known session causes the letters of the command; --quiet none.
func TestAppliedChange(t *testing.T) {
	for _, c := range []struct {
		why, ref, state string
		quiet           bool
		want            string
	}{
		{"moved", "X-REC-6", meetings.Confirmed, false, "session-changed"},
		{"moved quietly", "X-REC-6", meetings.Confirmed, true, ""},
		{"cancelled", "X-REC-SP1", meetings.Cancelled, false, "session-cancelled"},
		{"becomes tentative", "X-REC-7", meetings.Tentative, false, "hold-the-date"},
		{"held", "X-REC-6", meetings.Held, false, ""},
	} {
		d := newDesk(t)
		d.plan()
		d.inTx(func(tx *store.Tx) error {
			all, err := d.Meetings(t.Context(), tx)
			if err != nil {
				return err
			}
			before := all[c.ref]
			if _, err := tx.ExecContext(t.Context(), `update session set state = $2, opens_at = opens_at + interval '1 day', closes_at = closes_at + interval '1 day' where ref = $1`, c.ref, c.state); err != nil {
				return err
			}
			result, err := d.TellAppliedChange(t.Context(), tx, before, "test", c.quiet)
			if err != nil {
				return err
			}
			if _, err := d.PlanRemindersIn(t.Context(), tx); err != nil {
				return err
			}
			kinds := []string{}
			for kind := range result.Letters {
				kinds = append(kinds, kind)
			}
			if strings.Join(kinds, " ") != c.want {
				t.Errorf("%s: letters %v, want %q", c.why, result.Letters, c.want)
			}
			again, err := d.Meetings(t.Context(), tx)
			if err == nil && (again[c.ref].Revision == before.Revision) != (c.state == meetings.Held) {
				t.Errorf("%s: revision %d, was %d", c.why, again[c.ref].Revision, before.Revision)
			}
			return err
		})
		stale := slices.ContainsFunc(d.letters(c.ref, store.DeliveryPlanned), func(l store.Delivery) bool {
			return l.RuleRef != "" && l.SubjectKey == "" && *l.SessionRevision == 0
		})
		if stale {
			t.Errorf("%s: reminders of the former state wait", c.why)
		}
	}
}

// Answers that come with a new date in a file answer the new date; those before it are stale.
func TestAppliedRepliesAnswerTheNewDate(t *testing.T) {
	d := newDesk(t)
	p := sampleProgramme(t)
	for i := range p.Councils[0].Sessions {
		s := &p.Councils[0].Sessions[i]
		if s.Ref != "X-REC-6" {
			continue
		}
		s.Previously = []programme.Previous{{OpensAt: s.OpensAt, ClosesAt: s.ClosesAt, Until: programme.NewDate(2026, 11, 20)}}
		s.OpensAt, s.ClosesAt = s.OpensAt.AddDate(0, 0, 7), s.ClosesAt.AddDate(0, 0, 7)
		s.Replies = append(s.Replies, programme.Reply{Seat: "X-S01", Person: "X-suleimenova", Answer: "tentative", Date: programme.NewDate(2026, 11, 21)})
	}
	d.inTx(func(tx *store.Tx) error {
		current, err := tx.Programme(t.Context())
		if err != nil {
			return err
		}
		all, err := d.Meetings(t.Context(), tx)
		if err != nil {
			return err
		}
		if err := tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: programme.Diff(current, p), Target: p, Domain: "sec.example"}); err != nil {
			return err
		}
		if _, err := d.TellAppliedChange(t.Context(), tx, all["X-REC-6"], "test", true); err != nil {
			return err
		}
		if all, err = d.Meetings(t.Context(), tx); err != nil {
			return err
		}
		if st, _ := all["X-REC-6"].Standing("X-S01"); st.Answer != "tentative" {
			t.Errorf("the answer to the new date: %+v", st)
		}
		if st, _ := all["X-REC-6"].Standing("X-S02"); st.Answer != "" || st.Stale == nil {
			t.Errorf("an answer to the earlier date: %+v", st)
		}
		return nil
	})
}
