package acts

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"secretariat/store"
)

// full asks for all zones where a test otherwise takes a part: script/zones.
var everyZone = flag.Bool("full", false, "look at all twelve zones")

// drawn is a specification that was made of sets of values, so that the oracle needs no parser.
type drawn struct {
	text     string
	wildcard bool // the hour
	minute   [1440]bool
	day      func(time.Time) bool
}

// draw makes a random specification: at most a few times on a matching day.
func draw(r *rand.Rand) drawn {
	some := func(n, lo, hi int) (set []int, text string) {
		for range n {
			set = append(set, lo+r.IntN(hi-lo+1))
		}
		slices.Sort(set)
		set = slices.Compact(set)
		var words []string
		for _, v := range set {
			words = append(words, strconv.Itoa(v))
		}
		return set, strings.Join(words, ",")
	}
	d, fields := drawn{}, [5]string{"", "", "*", "*", "*"}
	minutes, text := some(1+r.IntN(2), 0, 59)
	fields[0] = text
	var hours []int
	if d.wildcard = r.IntN(8) == 0; d.wildcard {
		fields[1] = "*"
	} else {
		hours, fields[1] = some(1+r.IntN(3), 0, 4)
		if r.IntN(2) == 0 {
			hours, fields[1] = some(1+r.IntN(3), 0, 23)
		}
	}
	for m := range 1440 {
		d.minute[m] = slices.Contains(minutes, m%60) && (d.wildcard || slices.Contains(hours, m/60))
	}
	var dom, dow, month []int
	switch r.IntN(4) {
	case 0:
		dom, fields[2] = some(5, 1, 28)
	case 1:
		dow, fields[4] = some(1+r.IntN(3), 0, 6)
	}
	if r.IntN(4) == 0 {
		month, fields[3] = some(4, 1, 12)
	}
	d.day = func(day time.Time) bool {
		return (dom == nil || slices.Contains(dom, day.Day())) && (dow == nil || slices.Contains(dow, int(day.Weekday()))) && (month == nil || slices.Contains(month, int(day.Month())))
	}
	d.text = strings.Join(fields[:], " ")
	return d
}

// clocks is what the clocks of a zone show, minute by minute from a moment on, in minutes since 1970 as if it were UTC.
func clocks(zone *time.Location, from, until time.Time) (walls []int64) {
	for u := from; u.Before(until); u = u.Add(time.Minute) {
		l := u.In(zone)
		walls = append(walls, time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC).Unix()/60)
	}
	return walls
}

// oracle finds the fires by looking at every minute, as RULES words it: a time that the clocks jump over fires when they have
// jumped, one that they have shown before does not fire again; with a wildcard hour only what is shown counts.
func (d drawn) oracle(walls []int64, from time.Time) (fires []time.Time) {
	days := map[int64]bool{}
	matches := func(wall int64) bool {
		if !d.minute[wall%1440] {
			return false
		}
		is, known := days[wall/1440]
		if !known {
			is = d.day(time.Unix(wall*60, 0).UTC())
			days[wall/1440] = is
		}
		return is
	}
	latest := walls[0] - 1
	for i, wall := range walls {
		fire := false
		if d.wildcard {
			fire = matches(wall)
		} else {
			for w := latest + 1; w <= wall; w++ {
				fire = fire || matches(w)
			}
		}
		latest = max(latest, wall)
		if fire {
			fires = append(fires, from.Add(time.Duration(i)*time.Minute))
		}
	}
	return fires
}

// R7: whatever the specification, the zone and the hours in which nobody looks, every fire of the oracle is decided once, is
// run or has a reason, and nothing else is decided. Twelve zones, 200 specifications each, over a year; a part of the zones
// without -full.
func TestR7Occurrences(t *testing.T) {
	zones := []struct {
		name string
		year int
	}{{"Australia/Lord_Howe", 2026}, {"America/Santiago", 2026}, {"Pacific/Chatham", 2026}, {"Africa/Cairo", 2026}, {"Asia/Amman", 2022}, {"America/Havana", 2026},
		{"Antarctica/Troll", 2026}, {"America/New_York", 2026}, {"America/Scoresbysund", 2024}, {"Africa/Casablanca", 2026}, {"Europe/London", 2026}, {"Asia/Tashkent", 2026}}
	if !*everyZone {
		zones = zones[:2]
	}
	r := rand.New(rand.NewPCG(7, 2026))
	for _, z := range zones {
		zone, err := time.LoadLocation(z.name)
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(z.year, 1, 1, 12, 0, 0, 0, time.UTC)
		until := from.AddDate(0, 0, 365)
		walls := clocks(zone, from, until)
		for range 200 {
			d := draw(r)
			if fault := d.accounted(r, z.name, d.oracle(walls, from), from, until); fault != "" {
				t.Errorf("%q in %s: %s", d.text, z.name, fault)
			}
		}
	}
}

// accounted runs the pass over a year, with hours in which nobody looks, and compares what it decides with the oracle.
func (d drawn) accounted(r *rand.Rand, zone string, want []time.Time, from, until time.Time) (fault string) {
	s := daily([]string{"latest", "skip", "all"}[r.IntN(3)])
	s.Spec, s.Timezone, s.Deadline = d.text, zone, "P3D"
	timing, err := readTiming(s, civil{})
	if err != nil {
		return err.Error()
	}
	next, at := timing.spec.Next(from.Add(-time.Nanosecond)), 0
	for now := from; now.Before(until); now = now.Add(time.Duration(r.IntN(48*60)) * time.Minute) {
		if next.IsZero() || next.After(now) {
			continue
		}
		var decided []store.Occurrence
		decided, next = timing.fires(next, now)
		for _, o := range decided {
			at += o.SkippedBefore
			switch {
			case at >= len(want):
				return fmt.Sprintf("%s is one too many", o.FireAt)
			case !o.FireAt.Equal(want[at]):
				return fmt.Sprintf("%s, want %s", o.FireAt, want[at])
			case o.Decision == store.Skipped && o.Reason == "":
				return fmt.Sprintf("%s was skipped without a reason", o.FireAt)
			case o.Decision != store.Skipped && o.Decision != store.OnTime && o.Decision != store.CatchUp:
				return fmt.Sprintf("%s was decided %q", o.FireAt, o.Decision)
			}
			at++
		}
		if at < len(want) && !want[at].After(now) {
			return fmt.Sprintf("%s was passed over", want[at])
		}
	}
	return ""
}
