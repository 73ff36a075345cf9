package meetings

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// The numbers are those of the acceptance checks of the planner.

// times is how many random cases are tried: few in every run of the tests, and the whole number by script/bench meetings.
func times(few, whole int) int {
	if os.Getenv("WHOLE_CHECKS") != "" {
		return whole
	}
	return few
}

// processor reports the time of the processor per operation: on a shared machine that of the wall says little.
func processor(b *testing.B) (report func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	begin := used()
	return func() { b.ReportMetric(float64(used()-begin)/float64(b.N)/1e6, "cpu-ms/op") }
}

// navruz is Uzbekistan in 2027, as far as its holidays have fixed dates.
func navruz() calendar.Holidays {
	h := calendar.Holidays{}
	for _, d := range []string{"2027-01-01", "2027-03-08", "2027-03-21", "2027-05-09", "2027-09-01", "2027-10-01", "2027-12-08"} {
		h.Off = append(h.Off, date(d).Time())
	}
	return h
}

// Fourteen rules for a session of two days in May 2027, worked out by hand and by another program.
func TestCheck15FourteenRules(t *testing.T) {
	m := fixture()
	m.Holidays["UZ"] = navruz()
	m.Session.OpensAt, m.Session.ClosesAt = at("2027-05-18T10:00:00+05:00"), at("2027-05-19T17:00:00+05:00")
	m.Council.Timetable = nil
	want := map[string]string{}
	for _, r := range []struct{ ref, before, after, by, roll, due string }{
		{"venue", "opening", "", "P112D", "earlier", "2027-01-26"},
		{"save-the-date", "opening", "", "P90D", "earlier", "2027-02-17"},
		{"translation", "opening", "", "P70D", "earlier", "2027-03-09"},
		{"items", "opening", "", "P63D", "earlier", "2027-03-16"},
		{"agenda", "opening", "", "P6W", "earlier", "2027-04-06"},
		{"documents", "opening", "", "P42D", "earlier", "2027-04-06"},
		{"nominations", "opening", "", "P35D", "earlier", "2027-04-13"},
		{"visas", "", "nominations", "5 working days", "none", "2027-04-20"},
		{"non-responders", "nominations", "", "7 working days", "none", "2027-04-02"},
		{"quorum", "opening", "", "10 working days", "none", "2027-05-04"},
		{"logistics", "opening", "", "5 clear days", "earlier", "2027-05-12"},
		{"draft", "", "closing", "10 working days", "none", "2027-06-02"},
		{"corrections", "", "draft", "10 working days", "none", "2027-06-16"},
		{"final", "", "corrections", "5 working days", "none", "2027-06-23"},
	} {
		hard := map[string]bool{"translation": true, "agenda": true, "documents": true, "nominations": true, "visas": true}[r.ref]
		m.Council.Timetable = append(m.Council.Timetable, programme.LeadTimeRule{Ref: r.ref, Before: r.before, After: r.after, By: programme.Span(r.by), Roll: r.roll, Hard: hard})
		want[r.ref] = r.due
	}
	now := at("2027-03-20T09:00:00+05:00")
	lines, err := m.Timetable(now)
	if err != nil || len(lines) != 14 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	missed := 0
	for _, l := range lines {
		if l.DueOn.String() != want[l.Rule.Ref] {
			t.Errorf("%s is due on %s, want %s", l.Rule.Ref, l.DueOn, want[l.Rule.Ref])
		}
		if l.State == LineMissed || l.State == LineLate {
			missed++
		}
	}
	if missed != 4 {
		t.Errorf("%d lines are missed at creation, want 4", missed)
	}
	if day, _ := m.EarliestFeasible(now); day.String() != "2027-05-31" {
		t.Errorf("earliest feasible opening %s, want 2027-05-31", day)
	}
}

// Random rules keep four properties: a rolled day is worked, rolling earlier never shortens the notice, a later opening never
// has an earlier duty, and stepping by working days goes back the way it came.
func TestCheck15Properties(t *testing.T) {
	work := calendar.CalendarWorkdays("UZ", navruz())
	r := rand.New(rand.NewSource(3))
	due := func(by string, roll string, opening programme.Date) programme.Date {
		l, err := due(programme.LeadTimeRule{By: programme.Span(by), Roll: roll}, Line{DueOn: opening}, calendar.Before, zone("UTC"), work)
		if err != nil {
			t.Fatal(err)
		}
		return l.DueOn
	}
	for range times(4_000, 200_000) {
		length := 1 + r.Intn(120)
		by := []string{fmt.Sprintf("P%dD", length), fmt.Sprintf("%d working days", length), fmt.Sprintf("%d clear days", length)}[r.Intn(3)]
		opening := date("2027-01-01").AddDays(r.Intn(364))
		d := due(by, "earlier", opening)
		switch {
		case !work.Is(d.Time()):
			t.Fatalf("%s before %s: %s is not worked", by, opening, d)
		case d.After(due(by, "none", opening)):
			t.Fatalf("%s before %s: rolling shortens the notice", by, opening)
		case due(by, "earlier", opening.AddDays(1)).Before(d):
			t.Fatalf("%s: a day after %s has an earlier duty", by, opening)
		case work.Is(opening.Time()) && !work.Step(work.Step(opening.Time(), -length), length).Equal(opening.Time()):
			t.Fatalf("%d working days before %s do not lead back", length, opening)
		}
	}
}

// Ten days before Thursday, 25 March 2027, over the weekends and Navruz on a working Monday.
func TestCheck16ThreeKindsOfDays(t *testing.T) {
	m := fixture()
	m.Holidays["UZ"] = calendar.Holidays{Off: []time.Time{date("2027-03-08").Time(), date("2027-03-22").Time()}}
	m.Session.OpensAt, m.Session.ClosesAt = at("2027-03-25T10:00:00+05:00"), at("2027-03-25T17:00:00+05:00")
	for by, want := range map[string]string{"P10D": "2027-03-15", "10 clear days": "2027-03-14", "10 working days": "2027-03-10"} {
		m.Council.Timetable = []programme.LeadTimeRule{{Ref: "x", Before: "opening", By: programme.Span(by), Roll: "none"}}
		lines, err := m.Timetable(at("2027-01-01T00:00:00Z"))
		if err != nil || lines[0].DueOn.String() != want {
			t.Errorf("%s: %+v, %v; want %s", by, lines, err, want)
		}
	}
}

// The forecast of 200 seats lies within three standard errors of random draws; the edges are exact.
func TestCheck21AgainstDraws(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	chances := make([]float64, 200)
	for i := range chances {
		chances[i] = 0.2 + 0.6*r.Float64()
	}
	const required = 101
	draws := times(50_000, 1_000_000)
	p, hits := atLeast(chances, required), 0
	for range draws {
		there := 0
		for _, c := range chances {
			if r.Float64() < c {
				there++
			}
		}
		if there >= required {
			hits++
		}
	}
	if sigma := math.Sqrt(p * (1 - p) / float64(draws)); math.Abs(float64(hits)/float64(draws)-p) > 3*sigma {
		t.Errorf("computed %.6f, drawn %.6f, three standard errors are %.6f", p, float64(hits)/float64(draws), 3*sigma)
	}
	for _, c := range []struct {
		why     string
		chances []float64
		k       int
		want    float64
	}{
		{"none needed", []float64{0.1}, 0, 1}, {"nobody there, none needed", nil, 0, 1}, {"nobody there, one needed", nil, 1, 0},
		{"all of them, certain", []float64{1, 1, 1}, 3, 1}, {"one impossible", []float64{1, 0, 1}, 3, 0}, {"more than there are", []float64{1, 1}, 3, 0},
		{"all of two", []float64{0.5, 0.5}, 2, 0.25},
	} {
		if got := atLeast(c.chances, c.k); got != c.want {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
}

// TestCheck17: a circle of anchors and an unknown one are refused with the names of the rules, and a year without holidays
// on record is named.
func TestCheck17CirclesAndCoverage(t *testing.T) {
	for _, c := range []struct {
		why   string
		rules []programme.LeadTimeRule
		want  string
	}{
		{"a circle", []programme.LeadTimeRule{{Ref: "papers", After: "notice", By: "P1D"}, {Ref: "notice", Before: "papers", By: "P1D"}}, "papers → notice → papers"},
		{"an unknown anchor", []programme.LeadTimeRule{{Ref: "papers", After: "notise", By: "P1D"}}, `rule papers counts from "notise"`},
	} {
		if err := CheckTimetable(c.rules); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
	m := fixture() // holidays of 2026 and of 2027
	if w := m.Uncovered(date("2026-06-01"), date("2027-12-31")); len(w) != 0 {
		t.Errorf("years that are covered: %q", w)
	}
	if w := m.Uncovered(date("2027-06-01"), date("2029-01-31")); len(w) != 2 || !strings.Contains(w[0], "2028") || !strings.Contains(w[1], "2029") {
		t.Errorf("two years that are not covered: %q", w)
	}
}

// TestCheck20: who must be there to open and to decide, at each boundary, strictly or not, with a required office and in a
// second convocation.
func TestCheck20Quorums(t *testing.T) {
	third := programme.QuorumRule{Purpose: "open", Fraction: "1/3", Base: "voting-seats"}
	overThird, half, majority, office := third, third, third, third
	overThird.Strict = true
	half.Fraction = "1/2"
	majority.Fraction, majority.Strict = "1/2", true
	office.Fraction, office.NeedsOffice, office.SecondConvocation = "2/3", []string{"secretary"}, "P30D"
	for _, c := range []struct {
		why             string
		rule            programme.QuorumRule
		seats, present  int
		secretary       bool
		second, quorate bool
	}{
		{"1/3 of 15, one short", third, 15, 4, false, false, false},
		{"1/3 of 15, exactly", third, 15, 5, false, false, true},
		{"1/3 of 16, a share below", third, 16, 5, false, false, false},
		{"1/3 of 16, rounded up", third, 16, 6, false, false, true},
		{"1/3 of 14, a share below", third, 14, 4, false, false, false},
		{"1/3 of 14, rounded up", third, 14, 5, false, false, true},
		{"1/3 of 1, nobody", third, 1, 0, false, false, false},
		{"more than 1/3 of 15, exactly a third", overThird, 15, 5, false, false, false},
		{"more than 1/3 of 15", overThird, 15, 6, false, false, true},
		{"more than 1/3 of 16", overThird, 16, 6, false, false, true},
		{"half of 14, one short", half, 14, 6, false, false, false},
		{"half of 14, exactly", half, 14, 7, false, false, true},
		{"majority of 14, exactly half", majority, 14, 7, false, false, false},
		{"majority of 14", majority, 14, 8, false, false, true},
		{"majority of 15, below half", majority, 15, 7, false, false, false},
		{"majority of 15", majority, 15, 8, false, false, true},
		{"2/3 of 12 without the secretary", office, 12, 8, false, false, false},
		{"2/3 of 12 with the secretary", office, 12, 8, true, false, true},
		{"2/3 of 12, one short", office, 12, 7, true, false, false},
		{"2/3 of 13, a share below", office, 13, 8, true, false, false},
		{"2/3 of 13, rounded up", office, 13, 9, true, false, true},
		{"second convocation, any number", office, 12, 1, true, true, true},
		{"second convocation, nobody", office, 12, 0, true, true, false},
		{"second convocation without the secretary", office, 12, 12, false, true, false},
	} {
		m, roll := fixture(), []string(nil)
		m.Seats = nil
		for i := range c.seats {
			ref := fmt.Sprint("M", i)
			m.People[ref] = person(ref, "UZ", "Asia/Tashkent")
			m.Seats = append(m.Seats, Seat{Ref: ref, Voting: true, Members: term(ref)})
			if i < c.present {
				roll = append(roll, ref+" "+ref+" in-person 10:00")
			}
		}
		if c.secretary {
			roll = append(roll, "- sec in-person 10:00")
		}
		if c.second {
			m.Convocation = 2
		}
		m.Council.Quorum = []programme.QuorumRule{c.rule}
		v, err := m.sat(roll...).Verdict("open", at("2026-12-07T11:00:00+05:00"))
		if err != nil || v.Quorate != c.quorate || v.Present != c.present || v.Seats != c.seats {
			t.Errorf("%s: %+v, %v; want quorate %t", c.why, v, err, c.quorate)
		}
	}
}
