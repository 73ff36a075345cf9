package calendar

import (
	"flag"
	"fmt"
	"testing"
	"time"
)

// full asks for every specification where a test otherwise takes a part: script/zones.
var full = flag.Bool("full", false, "look at every quarter of an hour in every zone")

// behaviour tells zones apart by what their clocks do in some years; many names share one.
func behaviour(zone *time.Location, from, until time.Time) string {
	key := utcOffset(int(offsetAt(from, zone).Seconds()))
	for _, c := range transitions(zone, from, until) {
		key += fmt.Sprint(c.at.Unix(), utcOffset(c.to))
	}
	return key
}

// Every zone, every day from 2024 to 2030: a daily time fires once a day, on the minute, or else at a change of clocks that
// jumps over it. Without -full each distinct zone takes one quarter of an hour of the 96.
func TestEveryZoneEveryDay(t *testing.T) {
	from, until := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for _, name := range zoneNames(t) {
		zone := zoneNamed(t, name)
		key := behaviour(zone, from, until)
		if seen[key] {
			continue
		}
		changes := map[int64]bool{}
		for _, c := range transitions(zone, from.AddDate(0, 0, -3), until.AddDate(0, 0, 3)) {
			changes[c.at.Unix()] = true
		}
		for quarter := range 96 {
			if *full || quarter == len(seen)%96 {
				checkDaily(t, zone, quarter, from, until, changes)
			}
		}
		seen[key] = true
	}
	if len(seen) < 60 {
		t.Errorf("only %d distinct zones", len(seen))
	}
	t.Logf("%d distinct zones", len(seen))
}

func checkDaily(t *testing.T, zone *time.Location, quarter int, from, until time.Time, changes map[int64]bool) {
	t.Helper()
	s, err := ParseSpec(fmt.Sprintf("%d %d * * *", quarter%4*15, quarter/4), zone.String(), SpecOptions{})
	if err != nil {
		t.Fatal(err)
	}
	last, n := from, 0
	for at := range s.Fires(from) {
		if at.After(until) {
			break
		}
		if n++; !at.After(last) {
			t.Fatalf("%s in %s: %s after %s", s, zone, at, last)
		}
		if (at.Hour() != quarter/4 || at.Minute() != quarter%4*15 || at.Second() != 0) && !changes[at.Unix()] {
			t.Fatalf("%s in %s: fires at %s", s, zone, at)
		}
		if gap := at.Sub(last); gap > 27*time.Hour {
			t.Fatalf("%s in %s: nothing for %s before %s", s, zone, gap, at)
		}
		last = at
	}
	if days := int(until.Sub(from).Hours()) / 24; n < days-1 || n > days+1 {
		t.Errorf("%s in %s: %d fires in %d days", s, zone, n, days)
	}
}

// Last is what Fires ends with.
func TestLast(t *testing.T) {
	for _, spec := range []string{"0 */6 * * *", "0 9 * * MON", "0 0 29 2 *", "30 2 8 3 *", "first tuesday of every quarter at 10:00"} {
		s, err := ParseSpec(spec, "America/New_York", SpecOptions{})
		if err != nil {
			t.Fatal(err)
		}
		until := time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)
		var all []time.Time
		for at := range s.Fires(until.AddDate(-4, 0, 0)) {
			if at.After(until) {
				break
			}
			all = append(all, at)
		}
		for _, n := range []int{1, 3} {
			want := all[max(0, len(all)-n):]
			if got := s.Last(n, until); fmt.Sprint(got[max(0, len(got)-len(want)):]) != fmt.Sprint(want) {
				t.Errorf("%q: the last %d are %s, want %s", spec, n, got, want)
			}
		}
	}
}

func BenchmarkFires(b *testing.B) {
	s, err := ParseSpec("0 9 * * MON", "Europe/Vienna", SpecOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		for range s.Fires(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			if n++; n == 1000 {
				break
			}
		}
	}
}
