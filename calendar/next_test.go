package calendar

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bruteSpec is a schedule that the brute force can judge by itself, without any cron parser.
type bruteSpec struct {
	spec     string
	wildcard bool
	matches  func(wall time.Time) bool
}

var bruteSpecs = []bruteSpec{
	{"30 2 * * *", false, func(w time.Time) bool { return w.Hour() == 2 && w.Minute() == 30 }},
	{"0 0 * * *", false, func(w time.Time) bool { return w.Hour() == 0 && w.Minute() == 0 }},
	{"45 3 * * *", false, func(w time.Time) bool { return w.Hour() == 3 && w.Minute() == 45 }},
	{"15 1 * * *", false, func(w time.Time) bool { return w.Hour() == 1 && w.Minute() == 15 }},
	{"0 9 * * 0", false, func(w time.Time) bool { return w.Hour() == 9 && w.Minute() == 0 && w.Weekday() == 0 }},
	{"30 23 * * *", false, func(w time.Time) bool { return w.Hour() == 23 && w.Minute() == 30 }},
	{"*/20 0-3 * * *", false, func(w time.Time) bool { return w.Hour() <= 3 && w.Minute()%20 == 0 }},
	{"30 * * * *", true, func(w time.Time) bool { return w.Minute() == 30 }},
	{"0 * * * 7", true, func(w time.Time) bool { return w.Minute() == 0 && w.Weekday() == 0 }},
}

// bruteFires walks minute by minute through real time, reading the clocks, and applies the rule as it is worded: a time
// passed over fires when the clocks have jumped, a time seen before does not fire again unless the hour is a wildcard.
func bruteFires(zone *time.Location, from, until time.Time, s bruteSpec) (fires []time.Time) {
	latest := civil(from.Add(-49*time.Hour), zone)
	for u := from.Add(-49 * time.Hour); u.Before(until); u = u.Add(time.Minute) {
		wall := civil(u, zone)
		fire := false
		if s.wildcard {
			fire = s.matches(wall)
		} else {
			for w := latest.Add(time.Minute); !w.After(wall); w = w.Add(time.Minute) {
				fire = fire || s.matches(w)
			}
		}
		if wall.After(latest) {
			latest = wall
		}
		if fire && u.After(from) {
			fires = append(fires, u)
		}
	}
	return fires
}

func civil(u time.Time, zone *time.Location) time.Time {
	t := u.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func checkAgainstBruteForce(t *testing.T, zone *time.Location, from, until time.Time) {
	t.Helper()
	for _, b := range bruteSpecs {
		s, err := ParseSpec(b.spec, zone.String(), SpecOptions{})
		if err != nil {
			t.Fatal(err)
		}
		at := from
		for _, want := range bruteFires(zone, from, until, b) {
			got := s.Next(at)
			if !got.Equal(want) {
				t.Errorf("%q in %s after %s: got %s, want %s", b.spec, zone, at.In(zone), got, want.In(zone))
				break
			}
			at = got
		}
		if next := s.Next(at); next.Before(until) {
			t.Errorf("%q in %s: %s is one too many", b.spec, zone, next)
		}
	}
}

func TestNextAgainstBruteForceYear(t *testing.T) {
	for _, name := range []string{"Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tashkent"} {
		checkAgainstBruteForce(t, zoneNamed(t, name), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))
	}
}

// Every zone of the database, the day before and after each change of clocks from 2024 to 2030. Each distinct behaviour is looked at once.
func TestNextAroundEveryTransition(t *testing.T) {
	from, until := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	if testing.Short() {
		until = from.AddDate(1, 0, 0)
	}
	seen := map[string]bool{}
	for _, name := range zoneNames(t) {
		zone := zoneNamed(t, name)
		for _, change := range transitions(zone, from, until) {
			key := change.wall().Format("15:04 Mon") + utcOffset(change.from) + utcOffset(change.to)
			if !seen[key] {
				seen[key] = true
				checkAgainstBruteForce(t, zone, change.at.Add(-30*time.Hour), change.at.Add(30*time.Hour))
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d different changes of clocks were looked at", len(seen))
	}
}

// On the last day of a leap year beyond 2037 ZoneBounds names an end that lies in the past.
func TestNextPastTheLastDayOfALeapYear(t *testing.T) {
	s, err := ParseSpec("0 12 * * *", "Europe/Vienna", SpecOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2040, 12, 28, 0, 0, 0, 0, time.UTC)
	for d := 28; d < 28+100; d++ {
		at = s.Next(at)
		if want := time.Date(2040, 12, d, 12, 0, 0, 0, s.Zone()); !at.Equal(want) {
			t.Fatalf("got %s, want %s", at, want)
		}
	}
}

// All zones, strictly increasing over the years, quarter-hour by quarter-hour specs aside.
func TestNextIncreasesInEveryZone(t *testing.T) {
	for _, name := range zoneNames(t) {
		for _, spec := range []string{"45 3 * * *", "0 9 * * 0", "0 0 1 * *"} {
			s, err := ParseSpec(spec, name, SpecOptions{})
			if err != nil {
				t.Fatal(err)
			}
			end := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
			fires := 0
			for at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC); at.Before(end); fires++ {
				next := s.Next(at)
				if !next.After(at) {
					t.Fatalf("%q in %s: after %s comes %s", spec, name, at, next)
				}
				at = next
			}
			want := map[string]int{"45 3 * * *": 365, "0 9 * * 0": 52, "0 0 1 * *": 12}[spec]
			if fires < want || fires > want+2 { // the days at both ends
				t.Errorf("%q in %s: %d fires in a year, want %d", spec, name, fires, want)
			}
		}
	}
}

func BenchmarkNext(b *testing.B) {
	s, err := ParseSpec("0 9 * * MON", "Europe/Vienna", SpecOptions{})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		at = s.Next(at)
	}
}

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// zoneNames lists the zones of Go's own database.
func zoneNames(t testing.TB) (names []string) {
	t.Helper()
	r, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") && !strings.HasPrefix(f.Name, "Etc/") && !offsetForm.MatchString(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}
