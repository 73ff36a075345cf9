package acts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// quarterly is the series of the sample.
const quarterly = "X-JCG-Q"

// ahead returns the sessions of the sample's series from 2027 on: ref, state and opening on the council's clock.
func (d *desk) ahead() (lines []string) {
	d.t.Helper()
	list, err := d.ListSeries(d.t.Context())
	if err != nil || len(list) != 1 {
		d.t.Fatalf("%d series, %v", len(list), err)
	}
	for _, o := range list[0].Occurrences {
		if o.On.Time().Year() >= 2027 {
			lines = append(lines, strings.TrimPrefix(o.Session, quarterly+"-")+" "+o.State+" "+o.OpensAt.In(list[0].Zone).Format("01-02 15:04"))
		}
	}
	return lines
}

func (d *desk) wantAhead(why string, want ...string) {
	d.t.Helper()
	if got := d.ahead(); !slices.Equal(got, want) {
		d.t.Errorf("%s:\n%s\nwant\n%s", why, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// edit changes the sample's series and returns what was done to which draft.
func (d *desk) edit(change func(*programme.Series)) []string {
	d.t.Helper()
	c := SeriesChange{Ref: quarterly, Actor: "test", Edit: change}
	seen, err := d.ChangeSeries(d.t.Context(), c, true)
	if err != nil {
		d.t.Fatal(err)
	}
	was := d.ahead()
	done, err := d.ChangeSeries(d.t.Context(), c, false)
	if err != nil || !slices.Equal(SeriesLines(seen), SeriesLines(done)) {
		d.t.Fatalf("foreseen %q, done %q, %v", SeriesLines(seen), SeriesLines(done), err)
	}
	if len(SeriesLines(done)) == 0 && !slices.Equal(was, d.ahead()) {
		d.t.Error("drafts changed that were not named")
	}
	return SeriesLines(done)
}

// TestCheck11: "first tuesday of every quarter" at 10:00 in Tashkent has four drafts in 2027, each a calendar event of its
// own; one that is moved and one that is skipped leave the others alone; an edit of the series touches only drafts.
func TestCheck11Series(t *testing.T) {
	d := newDesk(t)
	d.plan()
	d.wantAhead("four in 2027", "2027-01-05 draft 01-05 10:00", "2027-04-06 draft 04-06 10:00", "2027-07-06 draft 07-06 10:00", "2027-10-05 draft 10-05 10:00")
	d.plan()
	if n := d.count(`select count(distinct uid) from session where ref like 'X-JCG-Q-2027%'`); n != 4 || len(d.ahead()) != 4 {
		t.Errorf("%d calendar uids of %d drafts after planning twice", n, len(d.ahead()))
	}
	if n := d.count(`select count(*) from delivery l join session s on s.id = l.session_id where s.ref like 'X-JCG-Q-2027%'`); n != 0 {
		t.Errorf("drafts caused %d letters", n)
	}
	d.inTx(func(tx *store.Tx) error { // the first is moved by hand
		_, err := tx.ExecContext(t.Context(), `update session set opens_at = opens_at + interval '2 days', closes_at = closes_at + interval '2 days' where ref = 'X-JCG-Q-2027-01-05'`)
		return err
	})
	skipped, err := d.ChangeSeries(t.Context(), SeriesChange{Ref: quarterly, Actor: "test", Skip: day(t, "2027-04-06"), Reason: "elections"}, false)
	if err != nil || !slices.Equal(SeriesLines(skipped), []string{"- X-JCG-Q-2027-04-06"}) {
		t.Fatalf("skipped: %q, %v", SeriesLines(skipped), err)
	}
	d.plan()
	d.wantAhead("one moved, one skipped", "2027-01-05 draft 01-07 10:00", "2027-07-06 draft 07-06 10:00", "2027-10-05 draft 10-05 10:00")
	d.take(meetings.Announce, SessionStep{Ref: "X-JCG-Q-2027-07-06"})
	touched := d.edit(func(s *programme.Series) { s.LocalStart = "11:00" })
	if !slices.Equal(touched, []string{"~ X-JCG-Q-2027-10-05  2027-10-05 11:00"}) {
		t.Errorf("an edit touches %q", touched)
	}
	d.wantAhead("only the draft moved", "2027-01-05 draft 01-07 10:00", "2027-07-06 tentative 07-06 10:00", "2027-10-05 draft 10-05 11:00")
	d.edit(func(s *programme.Series) { s.Rule = "second tuesday of every quarter" })
	d.wantAhead("another rule", "2027-01-05 draft 01-07 10:00", "2027-01-12 draft 01-12 11:00", "2027-04-13 draft 04-13 11:00",
		"2027-07-06 tentative 07-06 10:00", "2027-07-13 draft 07-13 11:00", "2027-10-12 draft 10-12 11:00")
	if n := d.count(`select count(*) from session where ref = 'X-JCG-Q-2027-10-05' and retired_at is not null`); n != 1 {
		t.Error("a draft that the series gave up is not on record")
	}
	if n := d.count(`select count(*) from audit_log where action in ('series edit', 'series skip')`); n != 3 {
		t.Errorf("%d changes in the audit log", n)
	}
}

// What cannot be done to a series is refused, and says what can.
func TestSeriesRefuses(t *testing.T) {
	d := newDesk(t)
	d.plan()
	d.take(meetings.Announce, SessionStep{Ref: "X-JCG-Q-2027-01-05"})
	for _, c := range []struct {
		name   string
		change SeriesChange
		want   string
	}{
		{"unknown series", SeriesChange{Ref: "X-JCG-QQ", Skip: day(t, "2027-01-05")}, "did you mean"},
		{"a day that it does not have", SeriesChange{Ref: quarterly, Skip: day(t, "2027-01-06")}, "no session on 2027-01-06"},
		{"a session already announced", SeriesChange{Ref: quarterly, Skip: day(t, "2027-01-05")}, "only a draft"},
		{"a rule that is none", SeriesChange{Ref: quarterly, Edit: func(s *programme.Series) { s.Rule = "sometimes" }}, "sometimes"},
		{"a time that is none", SeriesChange{Ref: quarterly, Edit: func(s *programme.Series) { s.LocalStart = "noon" }}, "noon"},
		{"no length", SeriesChange{Ref: quarterly, Edit: func(s *programme.Series) { s.Lasts = "PT0H" }}, "lasts"},
	} {
		if _, err := d.ChangeSeries(t.Context(), c.change, false); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want a refusal with %q", c.name, err, c.want)
		}
	}
}

// A programme that is exported and applied elsewhere finds its drafts again and makes no others.
func TestSeriesComesBackFromItsExport(t *testing.T) {
	d := newDesk(t)
	d.plan()
	exported, err := d.Export(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	other := newBureau(t)
	other.inTx(func(tx *store.Tx) error {
		return tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: programme.Diff(programme.Programme{}, exported), Target: exported, Domain: "sec.example"})
	})
	other.plan()
	other.wantAhead("after the export came back", d.ahead()...)
	if a, b := d.count(`select count(*) from session`), other.count(`select count(*) from session`); a != b {
		t.Errorf("%d sessions, %d after the export came back", a, b)
	}
}

// TestCheck14: a change of the zone data (here a file that puts Tashkent an hour further east) moves the moment of a
// session, keeps what its clock shows and tells everybody once. Go reads zone data once in a process, so that the daemon
// under the new law is another process.
func TestCheck14ZoneLaw(t *testing.T) {
	const ref, url = "X-REC-6", "CHECK14_URL"
	if there := os.Getenv(url); there != "" {
		a := &Acts{Store: storetest.Open(t, there), Replica: "new law", Mail: MailOptions{Domain: "sec.example"}}
		d := &desk{a, t, there}
		d.clock(sampleMoment)
		for range 2 {
			d.plan()
		}
		return
	}
	d := newDesk(t)
	d.plan()
	before := d.meeting(ref)
	d.plan()
	if again := d.meeting(ref); again.Revision != before.Revision || !again.Session.OpensAt.Equal(before.Session.OpensAt) {
		t.Fatal("the session moved under the same law")
	}
	dhaka, err := os.ReadFile("/usr/share/zoneinfo/Asia/Dhaka") // UTC+6, no summer time
	if err != nil {
		t.Fatal(err)
	}
	zones := t.TempDir()
	if err := os.MkdirAll(filepath.Join(zones, "Asia"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(zones, "Asia", "Tashkent"), dhaka, 0o644); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCheck14ZoneLaw$")
	child.Env = append(os.Environ(), "ZONEINFO="+zones, url+"="+d.url)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	after := d.meeting(ref)
	if moved := after.Session.OpensAt.Sub(before.Session.OpensAt); moved != -time.Hour {
		t.Errorf("the session moved by %s, want an hour earlier: the same wall clock further east", moved)
	}
	if after.Revision != before.Revision+1 {
		t.Errorf("revision %d, want one after %d", after.Revision, before.Revision)
	}
	told := map[int64]int{}
	for _, l := range d.letters(ref, store.DeliveryPending, store.DeliveryPlanned) {
		if l.Kind == "session-changed" {
			told[*l.PersonID]++
		}
	}
	for person, n := range told {
		if n != 1 {
			t.Errorf("person %d is told %d times", person, n)
		}
	}
	if len(told) < 10 {
		t.Errorf("%d people are told of the move", len(told))
	}
}
