package acts

import (
	"strings"
	"testing"
	"time"

	"secretariat/store"
)

// pollRows returns the letters of a poll by kind and state.
func (d *desk) pollRows(poll string) (rows []store.Delivery) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) (err error) {
		rows, err = tx.LockPollDeliveries(d.t.Context(), pollMatter(poll))
		return err
	})
	return rows
}

// exec changes a row behind the acts' back.
func (d *desk) exec(statement string, args ...any) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(d.t.Context(), statement, args...)
		return err
	})
}

func tally(rows []store.Delivery) map[string]int {
	counts := map[string]int{}
	for _, d := range rows {
		counts[d.Kind+" "+d.State]++
	}
	return counts
}

// composed prepares a waiting letter as its sender would at a moment, and returns why it would not leave.
func (d *desk) composed(row store.Delivery, at string) (letter store.Delivery, reason string) {
	d.t.Helper()
	d.clock(at)
	d.inTx(func(tx *store.Tx) error {
		var err error
		letter = row
		_, reason, err = d.prepare(d.t.Context(), tx, &letter)
		return err
	})
	return letter, reason
}

// Opening a poll says exactly how many letters there are, writes them with keys of their own, and reminds at nine on the
// reader's clock, three days and one day before the end.
func TestPollLettersAreThoseSaid(t *testing.T) {
	d := newDesk(t)
	d.Mail.PublicURL = "https://sec.example"
	ctx := t.Context()
	q := store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", AnswerUntil: when(t, "2026-12-18T18:00:00+05:00"), OpenedBy: "test"}
	starts := []time.Time{when(t, "2027-02-02T10:00:00+05:00"), when(t, "2027-02-03T10:00:00+05:00")}
	preview, err := d.OpenPoll(ctx, q, starts, true)
	if err != nil || d.count(`select count(*) from availability_poll`)+d.count(`select count(*) from delivery where kind like 'poll%'`) != 0 {
		t.Fatalf("a preview changed something, or failed: %v", err)
	}
	opened, err := d.OpenPoll(ctx, q, starts, false)
	if err != nil || opened.Letters[kindPoll] != preview.Letters[kindPoll] || opened.Letters[kindPoll] < 15 || opened.Letters[kindPollReminder] != 2*opened.Letters[kindPoll] {
		t.Fatalf("said %v, then %v, %v", preview.Letters, opened.Letters, err)
	}
	rows := d.pollRows(opened.Ref)
	if got := tally(rows); got["poll pending"] != opened.Letters[kindPoll] || got["poll-reminder planned"] != opened.Letters[kindPollReminder] || len(rows) != opened.Letters[kindPoll]*3 {
		t.Errorf("said %v, on record %v", opened.Letters, got)
	}
	for _, row := range rows {
		zone, err := time.LoadLocation(row.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		if local := row.NotBefore.In(zone); row.Kind == kindPollReminder && (local.Hour() != 9 || local.Day() != 15 && local.Day() != 17) {
			t.Errorf("%s reminds at %s", row.DedupeKey, local)
		}
		if !row.ExpiresAt.Equal(q.AnswerUntil) {
			t.Errorf("%s keeps its point until %s", row.DedupeKey, row.ExpiresAt)
		}
	}
	letter, reason := d.composed(rows[0], sampleMoment)
	if reason != "" || !strings.Contains(letter.BodyText, "https://sec.example/p/") {
		t.Errorf("%q\n%s", reason, letter.BodyText)
	}
}

// Nobody is written to who has answered, left the council, or could answer no longer; also where the letter waits already.
func TestPollLettersOnlyToWhomTheyAreOwed(t *testing.T) {
	const during = "2027-01-30T09:00:00+05:00"
	for _, c := range []struct {
		name, want string
		change     func(d *desk, poll, person string)
	}{
		{"nothing happened", "", func(*desk, string, string) {}},
		{"answered in part", "", func(d *desk, poll, person string) { d.vote(poll, person, map[int]string{1: "yes"}) }},
		{"answered", "answered", func(d *desk, poll, person string) { d.vote(poll, person, map[int]string{1: "yes", 2: "no", 3: "no"}) }},
		{"closed", "the poll is closed", func(d *desk, poll, _ string) {
			if _, err := d.ClosePoll(d.t.Context(), PollClosing{Poll: poll, Choose: 1, Actor: "test"}, false); err != nil {
				d.t.Fatal(err)
			}
		}},
		{"the seat was vacated", "no longer sits on the council", func(d *desk, _, person string) {
			d.exec(`update membership set term = daterange(lower(term), '2026-12-01') where person_id = (select id from person where ref = $1)`, person)
			d.exec(`update office set term = daterange(lower(term), '2026-12-01') where person_id = (select id from person where ref = $1)`, person)
		}},
		{"left altogether", "no longer receives letters", func(d *desk, _, person string) {
			d.exec(`update person set active = false where ref = $1`, person)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			poll, person := d.pollOf(false), d.voters()[3]
			var waiting store.Delivery
			for _, row := range d.pollRows(poll) {
				if strings.HasSuffix(row.DedupeKey, ":"+person) && row.Kind == kindPollReminder {
					waiting = row
				}
			}
			c.change(d, poll, person)
			if _, reason := d.composed(waiting, during); reason != c.want {
				t.Errorf("at the claim: %q, want %q", reason, c.want)
			}
			for _, row := range d.pollRows(poll) {
				if withdrawn := row.State == store.DeliverySuppressed; row.ID == waiting.ID && withdrawn != (c.want == "answered" || c.want == "the poll is closed") {
					t.Errorf("the row is %s (%s)", row.State, row.Reason)
				}
			}
		})
	}
}

// Who joins the council while a poll is open is asked as the others were, once; nobody else hears of it again.
func TestPollAsksWhoJoins(t *testing.T) {
	d := newDesk(t)
	d.Mail.PublicURL = "https://sec.example"
	ctx := t.Context()
	q := store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", AnswerUntil: when(t, "2026-12-18T18:00:00+05:00"), OpenedBy: "test"}
	starts := []time.Time{when(t, "2027-02-02T10:00:00+05:00"), when(t, "2027-02-03T10:00:00+05:00")}
	opened, err := d.OpenPoll(ctx, q, starts, false)
	if err != nil {
		t.Fatal(err)
	}
	before := len(d.pollRows(opened.Ref))
	d.plan()
	if n := len(d.pollRows(opened.Ref)); n != before {
		t.Fatalf("planning again wrote %d letters more", n-before)
	}
	d.exec(`insert into person (ref, name, organisation_id, email, language, timezone, country, active)
		select 'x-new', 'New Member', (select min(id) from organisation), 'new@member.example', 'ru', 'Asia/Almaty', 'KZ', true`)
	d.exec(`insert into seat (council_id, ref, label, voting) select id, 'X-S99', '{"en": "New seat"}', true from council where ref = 'REC'`)
	d.exec(`insert into membership (seat_id, person_id, capacity, term) select s.id, p.id, 'member', daterange(null, null) from seat s, person p
		where s.ref = 'X-S99' and p.ref = 'x-new'`)
	for range 2 {
		d.plan()
	}
	var mine []string
	rows := d.pollRows(opened.Ref)
	for _, row := range rows {
		if row.Address == "new@member.example" {
			mine = append(mine, row.Kind)
		}
	}
	if len(rows) != before+3 || strings.Join(mine, " ") != "poll poll-reminder poll-reminder" {
		t.Errorf("%d letters more, to the new member: %q", len(rows)-before, mine)
	}
	if _, err := d.ClosePoll(ctx, PollClosing{Poll: opened.Ref, Choose: 1, Actor: "test"}, false); err != nil {
		t.Fatal(err)
	}
	d.plan()
	if n := len(d.pollRows(opened.Ref)); n != before+3 {
		t.Errorf("the closed poll wrote %d letters more", n-before-3)
	}
}
