package meetings

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// randomTimetable is a council with up to sixteen rules that count from the opening, the closing or one another, in any order of
// the file, and a session of one to five days somewhere in two years with random holidays and decrees.
func randomTimetable(r *rand.Rand) *Meeting {
	m := &Meeting{Council: programme.Council{Ref: "C", Calendar: "UZ", Timezone: []string{"Asia/Tashkent", "Asia/Kathmandu", "Europe/Vienna", "America/New_York", "Pacific/Chatham"}[r.Intn(5)]},
		Session: programme.Session{Ref: "S", State: Draft}}
	h := calendar.Holidays{}
	for range r.Intn(30) {
		h.Off = append(h.Off, date("2026-06-01").AddDays(r.Intn(1100)).Time())
	}
	for range r.Intn(6) {
		h.Working = append(h.Working, date("2026-06-01").AddDays(r.Intn(1100)).Time())
	}
	m.Holidays = map[string]calendar.Holidays{"UZ": h}
	opens := date("2027-01-01").AddDays(r.Intn(730)).At(r.Intn(24), 15*r.Intn(4), m.Zone())
	m.Session.OpensAt, m.Session.ClosesAt = opens, opens.Add(time.Duration(1+r.Intn(100))*time.Hour)
	anchors := []string{"opening", "closing"}
	for i := range 1 + r.Intn(16) {
		rule := programme.LeadTimeRule{Ref: fmt.Sprintf("r%d", i), Roll: []string{"none", "earlier", "later"}[r.Intn(3)], Hard: r.Intn(2) == 0}
		n := 1 + r.Intn([]int{120, 17, 40, 40, 200}[i%5])
		rule.By = programme.Span([]string{fmt.Sprintf("P%dD", n), fmt.Sprintf("P%dW", n), fmt.Sprintf("%d working days", n), fmt.Sprintf("%d clear days", n), fmt.Sprintf("PT%dH", n)}[i%5])
		anchor := anchors[r.Intn(len(anchors))]
		if r.Intn(3) > 0 {
			rule.Before = anchor
		} else {
			rule.After = anchor
		}
		anchors = append(anchors, rule.Ref)
		m.Council.Timetable = append(m.Council.Timetable, rule)
	}
	r.Shuffle(len(m.Council.Timetable), func(i, j int) {
		m.Council.Timetable[i], m.Council.Timetable[j] = m.Council.Timetable[j], m.Council.Timetable[i]
	})
	return m
}

// TestCheck15WholeTimetables: random timetables keep the four properties of the study, line by line from what each line really
// counts from: a rolled day is worked; rolling earlier never shortens the notice, rolling later never lengthens it; a later opening
// makes no duty earlier; stepping by working days leads back. Every day is that of a slow checker of its own.
func TestCheck15WholeTimetables(t *testing.T) {
	r := rand.New(rand.NewSource(15))
	for range times(3_000, 200_000) {
		m := randomTimetable(r)
		lines, err := m.dues(m.Session.OpensAt, m.Session.ClosesAt)
		if err != nil || len(lines) != len(m.Council.Timetable) {
			t.Fatalf("%s: %d lines, %v", told(m), len(lines), err)
		}
		if fault := m.broken(lines, 1+r.Intn(9)); fault != "" {
			t.Fatalf("%s: %s", told(m), fault)
		}
	}
}

// broken names the first property that the lines of a timetable do not keep.
func (m *Meeting) broken(lines []Line, later int) string {
	zone, work := m.Zone(), m.Workdays()
	at := map[string]Line{"opening": {DueOn: programme.DateOf(m.Session.OpensAt, zone), DueAt: m.Session.OpensAt},
		"closing": {DueOn: programme.DateOf(m.Session.ClosesAt, zone), DueAt: m.Session.ClosesAt}}
	for _, l := range lines {
		at[l.Rule.Ref] = l
	}
	shift := func(moment time.Time) time.Time {
		local := moment.In(zone)
		return programme.DateOf(moment, zone).AddDays(later).At(local.Hour(), local.Minute(), zone)
	}
	moved, err := m.dues(shift(m.Session.OpensAt), shift(m.Session.ClosesAt))
	if err != nil {
		return err.Error()
	}
	for i, l := range lines {
		ref, direction := anchorOf(l.Rule)
		anchor := at[ref]
		raw := l.Rule
		raw.Roll = "none"
		plain, err := due(raw, anchor, direction, zone, work)
		switch {
		case err != nil:
			return err.Error()
		case l.Rule.Roll != "none" && !work.Is(l.DueOn.Time()):
			return fmt.Sprintf("%s rolls %s to %s, which is not worked", l.Rule.Ref, l.Rule.Roll, l.DueOn)
		case l.Rule.Roll == "earlier" && l.DueOn.After(plain.DueOn), l.Rule.Roll == "later" && l.DueOn.Before(plain.DueOn):
			return fmt.Sprintf("%s rolls %s from %s to %s", l.Rule.Ref, l.Rule.Roll, plain.DueOn, l.DueOn)
		case moved[i].DueOn.Before(l.DueOn):
			return fmt.Sprintf("%d days later, %s is due on %s, not %s", later, l.Rule.Ref, moved[i].DueOn, l.DueOn)
		case l.DueOn != slowly(l.Rule, anchor, direction, zone, work):
			return fmt.Sprintf("%s is due on %s; counted slowly from %s: %s", l.Rule.Ref, l.DueOn, anchor.DueOn, slowly(l.Rule, anchor, direction, zone, work))
		}
		if n, counted := strings.CutSuffix(string(l.Rule.By), " working days"); counted && work.Is(anchor.DueOn.Time()) {
			steps := 0
			if _, err := fmt.Sscan(n, &steps); err != nil {
				return err.Error()
			}
			if back := work.Step(plain.DueOn.Time(), -direction*steps); !back.Equal(anchor.DueOn.Time()) {
				return fmt.Sprintf("%s: %d working days lead to %s and back to %s, not to %s", l.Rule.Ref, steps, plain.DueOn, dateOf(back), anchor.DueOn)
			}
		}
	}
	return ""
}

// slowly is when a rule is due, counted one day at a time as one does on a wall calendar.
func slowly(rule programme.LeadTimeRule, anchor Line, direction int, zone *time.Location, work calendar.Workdays) programme.Date {
	var n int
	day := anchor.DueOn
	by := string(rule.By)
	switch {
	case strings.HasPrefix(by, "PT"):
		fmt.Sscanf(by, "PT%dH", &n)
		day = programme.DateOf(time.Unix(anchor.DueAt.Unix()+int64(direction*n*3600), 0), zone)
	case strings.HasSuffix(by, "working days"):
		for fmt.Sscanf(by, "%d", &n); n > 0; {
			if day = day.AddDays(direction); work.Is(day.Time()) {
				n--
			}
		}
	case strings.HasSuffix(by, "clear days"):
		between := -1 // the first day that is passed is the anchor's neighbour
		for fmt.Sscanf(by, "%d", &n); between < n; between++ {
			day = day.AddDays(direction)
		}
	default:
		if fmt.Sscanf(by, "P%dW", &n); strings.HasSuffix(by, "W") {
			n *= 7
		} else {
			fmt.Sscanf(by, "P%dD", &n)
		}
		for range n {
			day = day.AddDays(direction)
		}
	}
	for step := map[string]int{"earlier": -1, "later": 1}[rule.Roll]; step != 0 && !work.Is(day.Time()); {
		day = day.AddDays(step)
	}
	return day
}

// told writes a random timetable so that its case can be made again.
func told(m *Meeting) string {
	rules := []string{m.Council.Timezone, m.Session.OpensAt.Format(time.RFC3339), m.Session.ClosesAt.Format(time.RFC3339)}
	for _, r := range m.Council.Timetable {
		rules = append(rules, fmt.Sprintf("%s %s before %q after %q %s", r.Ref, r.By, r.Before, r.After, r.Roll))
	}
	return strings.Join(rules, "; ")
}

// The earliest feasible date of a random timetable is that of a search that tries every day anew and asks the lines themselves.
func TestEarliestFeasibleOfRandomTimetables(t *testing.T) {
	r := rand.New(rand.NewSource(16))
	for range times(60, 2_000) {
		m := randomTimetable(r)
		now := m.Session.OpensAt.Add(-time.Duration(r.Intn(2000)) * time.Hour)
		got, found := m.EarliestFeasible(now)
		if !found {
			continue // a rule that counts far ahead from the opening; the search is bounded
		}
		length := m.Session.ClosesAt.Sub(m.Session.OpensAt)
		for day := programme.DateOf(now, m.Zone()); ; day = day.AddDays(1) {
			x := *m
			local := m.Session.OpensAt.In(m.Zone())
			x.Session.OpensAt = day.At(local.Hour(), local.Minute(), m.Zone())
			x.Session.ClosesAt = x.Session.OpensAt.Add(length)
			worked := true
			for d := day; !d.After(programme.DateOf(x.Session.ClosesAt, m.Zone())); d = d.AddDays(1) {
				worked = worked && m.Workdays().Is(d.Time())
			}
			lines, err := x.Timetable(now)
			if err != nil {
				t.Fatal(err)
			}
			late := slices.ContainsFunc(lines, func(l Line) bool { return l.Rule.Hard && l.Opens && (l.State == LineMissed || l.State == LineLate) })
			if x.Session.OpensAt.After(now) && worked && !late {
				if day != got {
					t.Fatalf("%s at %s: %s, tried one by one %s", told(m), now, got, day)
				}
				break
			}
		}
	}
}
