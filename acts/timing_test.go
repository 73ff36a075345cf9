package acts

import (
	"strings"
	"testing"
	"time"

	"secretariat/programme"
	"secretariat/store"
)

// december has a holiday on Tuesday 8 December 2026, on the Thursday and Friday at the end of the year, and a working
// Saturday on the 12th.
func december() civil {
	day := func(d int) programme.Date { return programme.NewDate(2026, time.December, d) }
	return civilOf(programme.Info{Calendar: "UZ", Languages: []string{"en"}}, []programme.Holiday{
		{Calendar: "UZ", Date: day(8), Name: programme.Text{"en": "Constitution Day"}},
		{Calendar: "UZ", Date: day(31)}, {Calendar: "UZ", Date: programme.NewDate(2027, time.January, 1)},
		{Calendar: "UZ", Date: day(12), Working: true}, {Calendar: "DE", Date: day(9)},
	})
}

func TestHolidays(t *testing.T) {
	for _, row := range []struct{ why, spec, holiday, fire, want string }{
		{"no holiday", "0 9 * * *", "skip", "2026-12-07 09:00:00", "on_time 2026-12-07 09:00 "},
		{"another country's holiday", "0 9 * * *", "skip", "2026-12-09 09:00:00", "on_time 2026-12-09 09:00 "},
		{"a weekend is no holiday", "0 9 * * *", "skip", "2026-12-06 09:00:00", "on_time 2026-12-06 09:00 "},
		{"sent all the same", "0 9 * * TUE", "send", "2026-12-08 09:00:00", "on_time 2026-12-08 09:00 "},
		{"skipped", "0 9 * * TUE", "skip", "2026-12-08 09:00:00", "skipped 2026-12-08 09:00 2026-12-08 is a holiday (Constitution Day)"},
		{"moved", "30 9 * * TUE", "next-working-day", "2026-12-08 09:30:00", "on_time 2026-12-09 09:30 moved to 2026-12-09: 2026-12-08 is a holiday (Constitution Day)"},
		{"moved over a holiday and a weekend", "0 9 31 12 *", "next-working-day", "2026-12-31 09:00:00", "on_time 2027-01-04 09:00 moved to 2027-01-04: 2026-12-31 is a holiday"},
		{"covered by the fire of that day", "0 9 * * *", "next-working-day", "2026-12-08 09:00:00",
			"skipped 2026-12-08 09:00 2026-12-08 is a holiday (Constitution Day); the fire of 2026-12-09 09:00 covers it"},
	} {
		s := daily("latest")
		s.Spec, s.Holiday = row.spec, row.holiday
		timing, err := readTiming(s, december())
		if err != nil {
			t.Fatal(err)
		}
		o := timing.decide(at(t, row.fire), at(t, row.fire))
		if got := o.Decision + " " + o.NotBefore.In(timing.spec.Zone()).Format("2006-01-02 15:04") + " " + o.Reason; got != row.want {
			t.Errorf("%s: got %q, want %q", row.why, got, row.want)
		}
	}
}

// A fire that was moved is late from the day it was moved to.
func TestMovedFireIsLateFromItsNewDay(t *testing.T) {
	s := daily("latest")
	s.Spec, s.Holiday = "0 9 * * TUE", "next-working-day"
	timing, err := readTiming(s, december())
	if err != nil {
		t.Fatal(err)
	}
	if o := timing.decide(at(t, "2026-12-08 09:00:00"), at(t, "2026-12-09 09:30:00")); o.Decision != store.OnTime {
		t.Errorf("half an hour after the moved time: got %s, want on_time", o.Decision)
	}
	if o := timing.decide(at(t, "2026-12-08 09:00:00"), at(t, "2026-12-09 10:30:00")); o.Decision != store.CatchUp {
		t.Errorf("an hour and a half after it: got %s, want catch_up", o.Decision)
	}
}

// A rule in words knows the programme's working days.
func TestRuleKnowsWorkingDays(t *testing.T) {
	s := daily("latest")
	s.Spec = "last working day of the month at 09:00"
	timing, err := readTiming(s, december())
	if err != nil {
		t.Fatal(err)
	}
	if got := timing.spec.Next(at(t, "2026-12-01 00:00:00")); !got.Equal(at(t, "2026-12-30 09:00:00")) {
		t.Errorf("got %s, want 30 December: the 31st is a holiday", got)
	}
}

// R8: after a year of downtime what is decided and what is recorded is bounded, the latest fire is never missed, and the
// next one is the coming one, whatever the rule.
func TestR8YearOfDowntime(t *testing.T) {
	now := at(t, "2026-11-23 12:00:30")
	for _, row := range []struct {
		spec, catchUp string
		ran           int // fires to run, those of the last hour included
	}{
		{"0 9 * * MON", "latest", 1}, {"0 9 * * MON", "skip", 0}, {"0 9 * * MON", "all", 1}, // the deadline is six days
		{"0 9 * * *", "latest", 1}, {"0 9 * * *", "skip", 0}, {"0 9 * * *", "all", 6},
		{"0 * * * *", "latest", 1}, {"0 * * * *", "all", 20}, {"* * * * *", "skip", 60}, {"* * * * *", "latest", 60}, {"* * * * *", "all", 60},
	} {
		s := daily(row.catchUp)
		s.Spec, s.Deadline = row.spec, "P6D"
		timing, err := readTiming(s, civil{})
		if err != nil {
			t.Fatal(err)
		}
		decided, next := timing.fires(timing.spec.Next(now.AddDate(-1, 0, 0)), now)
		ran, late := 0, 0
		for i, o := range decided {
			if o.Decision != store.Skipped {
				ran++
			} else if o.Reason == "" {
				late++
			}
			if i > 0 && !o.FireAt.After(decided[i-1].FireAt) {
				t.Errorf("%q: %s after %s", row.spec, o.FireAt, decided[i-1].FireAt)
			}
		}
		if ran != row.ran || late > 0 || len(decided) > 130 || !next.Equal(timing.spec.Next(now)) {
			t.Errorf("%q, %s: %d run, %d skipped without a reason, %d rows, next %s; want %d run, few rows", row.spec, row.catchUp, ran, late, len(decided), next, row.ran)
		}
	}
}

// BenchmarkR8Plan decides what 1,000 schedules owe after a year of downtime: weekly, daily, hourly and every minute alike.
func BenchmarkR8Plan(b *testing.B) {
	now := time.Date(2026, 11, 23, 7, 0, 30, 0, time.UTC)
	var all []timing
	for i := range 1000 {
		s := daily("latest")
		s.Spec, s.Deadline = strings.Split("0 9 * * MON|0 9 * * *|0 * * * *|* * * * *", "|")[i%4], "P6D"
		timing, err := readTiming(s, civil{})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, timing)
	}
	for b.Loop() {
		for _, t := range all {
			t.fires(t.spec.Next(now.AddDate(-1, 0, 0)), now)
		}
	}
}
