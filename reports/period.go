package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"secretariat/programme"
)

// Period says which days a report covers, in words: since-last, last-week, last-month, last-quarter, last-year, a
// number of days such as 7d, or none. Periods are half-open by day and end before the day of the as-of moment.
type Period string

var periodWords = []string{"since-last", "last-week", "last-month", "last-quarter", "last-year", "7d", noPeriod}

// noPeriod is of a report that says how something stands at a moment, such as minutes or a certificate.
const noPeriod = "none"

// parsePeriod checks the words of a period.
func parsePeriod(s string) (Period, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		if days, err := strconv.Atoi(n); err == nil && days >= 1 && days <= 3660 {
			return Period(s), nil
		}
	}
	for _, w := range periodWords {
		if s == w {
			return Period(s), nil
		}
	}
	return "", fmt.Errorf("unknown period %q%s", s, didYouMean(s, periodWords))
}

// Span returns the period [since, until) of a report as of a moment, in the zone that decides what day it is. last is
// the end of the last delivered report, zero for none: since-last goes on from there.
func (d *Definition) Span(asOf, last time.Time, zone *time.Location) (since, until time.Time) {
	period := d.Period
	day := programme.DateOf(asOf, zone)
	if period == "since-last" {
		if !last.IsZero() && last.Before(day.At(0, 0, zone)) {
			return last, day.At(0, 0, zone)
		}
		period = d.First
	}
	from, to := period.days(day)
	return from.At(0, 0, zone), to.At(0, 0, zone)
}

func (p Period) days(day programme.Date) (from, to programme.Date) {
	t := day.Time()
	first := func(year int, month time.Month) programme.Date { return programme.NewDate(year, month, 1) }
	switch p {
	case "last-week": // weeks begin on Monday, ISO 8601
		to = day.AddDays(-(int(t.Weekday()) + 6) % 7)
		return to.AddDays(-7), to
	case "last-month":
		return first(t.Year(), t.Month()-1), first(t.Year(), t.Month())
	case "last-quarter":
		month := t.Month() - (t.Month()-1)%3
		return first(t.Year(), month-3), first(t.Year(), month)
	case "last-year":
		return first(t.Year()-1, time.January), first(t.Year(), time.January)
	}
	if p == noPeriod {
		return day.AddDays(-1), day
	}
	n, err := strconv.Atoi(strings.TrimSuffix(string(p), "d"))
	if err != nil || n < 1 {
		n = 7
	}
	return day.AddDays(-n), day
}
