package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWorkdaysStep(t *testing.T) {
	uz := CalendarWorkdays("UZ", uz2026)
	for _, c := range []struct {
		why, from string
		n         int
		want      string
	}{
		{"over a weekend", "2026-11-27", 1, "2026-11-30"},
		{"over a holiday", "2026-12-07", 1, "2026-12-09"},
		{"the working Saturday counts", "2026-12-11", 1, "2026-12-12"},
		{"and the Sunday after it does not", "2026-12-12", 1, "2026-12-14"},
		{"back over the holiday", "2026-12-09", -1, "2026-12-07"},
		{"back to the working Saturday", "2026-12-14", -1, "2026-12-12"},
		{"over New Year", "2026-12-30", 1, "2027-01-04"},
		{"none", "2026-12-31", 0, "2026-12-31"},
		{"4 before the sample's session", "2026-12-07", -4, "2026-12-01"},
	} {
		if got := uz.Step(day(c.from), c.n).Format(time.DateOnly); got != c.want {
			t.Errorf("%s: %d from %s: got %s, want %s", c.why, c.n, c.from, got, c.want)
		}
	}
}

func TestPersonWorkdays(t *testing.T) {
	for _, c := range []struct {
		why, weekend, country, day string
		want                       bool
	}{
		{"Saturday in Uzbekistan", "", "UZ", "2026-12-05", false},
		{"the working Saturday", "", "UZ", "2026-12-12", true},
		{"own weekend as the calendar's", "sun sat", "UZ", "2026-12-12", true},
		{"the decree says nothing to another weekend", "fri sat", "UZ", "2026-12-12", false},
		{"Friday off by own weekend", "fri sat", "UZ", "2026-12-11", false},
		{"Sunday worked with it", "fri sat", "UZ", "2026-12-13", true},
		{"holiday of the country", "fri sat", "UZ", "2026-12-08", false},
		{"Friday in Saudi Arabia", "", "SA", "2026-12-04", false},
		{"Sunday in Saudi Arabia", "", "sa", "2026-12-06", true},
		{"Thursday in Afghanistan", "", "AF", "2026-12-03", false},
		{"Saturday in Afghanistan", "", "AF", "2026-12-05", true},
		{"Saturday in Iran", "", "IR", "2026-12-05", true},
		{"Saturday in India", "", "IN", "2026-12-05", true},
		{"no country", "", "", "2026-12-05", false},
	} {
		h := Holidays{}
		if strings.EqualFold(c.country, "UZ") {
			h = uz2026
		}
		if got := PersonWorkdays(strings.Fields(c.weekend), c.country, h).Is(day(c.day)); got != c.want {
			t.Errorf("%s: %s worked is %v", c.why, c.day, got)
		}
	}
	if (Workdays{}).Is(day("2026-12-05")) || !(Workdays{}).Is(day("2026-12-04")) {
		t.Error("the zero value keeps Saturday and Sunday")
	}
}

func TestNoWorkingDayAtAll(t *testing.T) {
	never := NewWorkdays([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, nil, Holidays{})
	if d := day("2026-12-05"); never.Roll(d, "later") != d || never.Step(d, 3) != d {
		t.Error("a calendar without working days leaves the day where it is")
	}
}

func TestParseSpanSteps(t *testing.T) {
	uz := CalendarWorkdays("UZ", uz2026)
	for _, c := range []struct {
		span, anchor string
		direction    int
		roll, want   string
	}{
		{"P14D", "2026-12-07", Before, "none", "2026-11-23"},
		{"P6W", "2026-12-07", Before, "earlier", "2026-10-26"},
		{"P90D", "2026-12-07", Before, "earlier", "2026-09-08"},
		{"28 clear days", "2026-12-07", Before, "none", "2026-11-08"},
		{"28 clear days", "2026-12-07", Before, "earlier", "2026-11-06"},
		{"10 clear days", "2026-12-07", After, "none", "2026-12-18"},
		{"4 working days", "2026-12-07", Before, "none", "2026-12-01"},
		{"1 working day", "2026-12-07", After, "none", "2026-12-09"},
		{"P1D", "2026-12-07", After, "later", "2026-12-09"},
		{"P1D", "2026-12-07", After, "earlier", "2026-12-07"},
		{"P1W2D", "2026-12-07", After, "none", "2026-12-16"},
	} {
		s, err := ParseSpan(c.span)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := uz.Roll(s.StepDay(day(c.anchor), c.direction, uz), c.roll).Format(time.DateOnly); got != c.want {
			t.Errorf("%s %+d from %s, roll %s: got %s, want %s", c.span, c.direction, c.anchor, c.roll, got, c.want)
		}
	}
}

func TestSpanStepMoment(t *testing.T) {
	vienna := zoneNamed(t, "Europe/Vienna")
	for _, c := range []struct {
		why, span, anchor string
		direction         int
		want              string
	}{
		{"hours pass as they pass", "PT2H", "2027-03-28T04:00:00+02:00", Before, "2027-03-28T01:00:00+01:00"},
		{"days keep the time of day", "P1D", "2027-03-28T10:00:00+02:00", Before, "2027-03-27T10:00:00+01:00"},
		{"a day and a half", "P1DT12H", "2027-03-30T10:00:00+02:00", Before, "2027-03-28T22:00:00+02:00"},
		{"minutes and seconds", "PT1M30S", "2027-03-30T10:00:00+02:00", After, "2027-03-30T10:01:30+02:00"},
		{"into a gap", "P1D", "2027-03-27T02:30:00+01:00", After, "2027-03-28T03:00:00+02:00"},
	} {
		s, err := ParseSpan(c.span)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Step(moment(t, c.anchor), c.direction, vienna, Workdays{}).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: got %s, want %s", c.why, got, c.want)
		}
	}
}

func TestParseSpanRefuses(t *testing.T) {
	for _, text := range []string{"", "P", "PT", "P1DT", "14D", "P-1D", "-P1D", "P1.5D", "P1Y", "P2M", "P1M3D", "28 clear", "clear days", "4 working hours", "p14d", "P14D ", "P99999D", "PT99999H", "P1D2W", "PT5"} {
		_, err := ParseSpan(text)
		var refused *SpanError
		if !errors.As(err, &refused) || refused.Hint() == "" {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if s, err := ParseSpan("PT0S"); err != nil || !s.IsZero() || s.OnClock() || s.Duration() != 0 {
		t.Errorf("PT0S: %v, %v", s, err)
	}
	if s, _ := ParseSpan("P1DT2H"); s.Duration() != 26*time.Hour || !s.OnClock() || s.String() != "P1DT2H" {
		t.Errorf("P1DT2H: %v", s.Duration())
	}
}

// What holds for any rule of a timetable: a rolled day is worked, rolling earlier never shortens the notice, a later
// opening never makes a duty earlier, and working days can be counted back.
func TestSteppingProperties(t *testing.T) {
	uz := CalendarWorkdays("UZ", uz2026)
	rapid.Check(t, func(t *rapid.T) {
		s, err := ParseSpan(rapid.SampledFrom([]string{"P1D", "P10D", "P10W", "1 clear day", "28 clear days", "1 working day", "10 working days"}).Draw(t, "span"))
		if err != nil {
			t.Fatal(err)
		}
		opens := day("2026-10-01").AddDate(0, 0, rapid.IntRange(0, 200).Draw(t, "opens"))
		raw := s.StepDay(opens, Before, uz)
		due := uz.Roll(raw, "earlier")
		if !uz.Is(due) || due.After(raw) {
			t.Fatalf("%s before %s: raw %s, rolled %s", s, opens, raw, due)
		}
		if next := uz.Roll(s.StepDay(opens.AddDate(0, 0, 1), Before, uz), "earlier"); next.Before(due) {
			t.Fatalf("%s before the day after %s: %s, before %s", s, opens, next, due)
		}
		if n := rapid.IntRange(1, 60).Draw(t, "n"); uz.Is(opens) && !uz.Step(uz.Step(opens, -n), n).Equal(opens) {
			t.Fatalf("%d working days before %s and back", n, opens)
		}
	})
}

func TestLocalTimes(t *testing.T) {
	for _, c := range []struct {
		zone, wall string
		want       []string
	}{
		{"Europe/Berlin", "2026-03-29T02:30:00Z", nil},
		{"Europe/Berlin", "2026-10-25T02:30:00Z", []string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}},
		{"Europe/Berlin", "2026-10-25T03:00:00Z", []string{"2026-10-25T03:00:00+01:00"}},
		{"Asia/Tashkent", "2026-12-07T10:00:00Z", []string{"2026-12-07T10:00:00+05:00"}},
		{"UTC", "2026-12-07T10:00:00Z", []string{"2026-12-07T10:00:00Z"}},
	} {
		var got []string
		for _, m := range LocalTimes(moment(t, c.wall), zoneNamed(t, c.zone)) {
			got = append(got, m.Format(time.RFC3339))
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s in %s: got %v, want %v", c.wall, c.zone, got, c.want)
		}
	}
}

func TestMomentsOfDays(t *testing.T) {
	cairo, berlin := zoneNamed(t, "Africa/Cairo"), zoneNamed(t, "Europe/Berlin")
	if got := Moment(day("2026-04-24"), 0, cairo).Format(time.RFC3339); got != "2026-04-24T01:00:00+03:00" {
		t.Errorf("midnight that does not exist: got %s", got)
	}
	if got := EndOfDay(day("2026-12-07"), berlin).Format(time.RFC3339); got != "2026-12-07T23:59:59+01:00" {
		t.Errorf("end of a day: got %s", got)
	}
	if got := EndOfDay(day("2026-04-23"), cairo).Format(time.RFC3339); got != "2026-04-23T23:59:59+02:00" {
		t.Errorf("end of a day before a gap at midnight: got %s", got)
	}
	if got := DayIn(moment(t, "2026-11-22T20:00:00Z"), zoneNamed(t, "Asia/Tashkent")); !got.Equal(day("2026-11-23")) {
		t.Errorf("day of a moment: got %s", got)
	}
	if DaysBetween(day("2026-11-13"), day("2026-11-23")) != 10 || floorDiv(-1, 7) != -1 || floorDiv(7, 7) != 1 {
		t.Error("arithmetic of days")
	}
}
