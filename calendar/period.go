package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is what a report covers: from the beginning of the first day to the beginning of the day after the last one.
type Period struct{ Since, Until time.Time }

// PeriodError says why a period is refused.
type PeriodError struct{ Name string }

func (e *PeriodError) Error() string { return fmt.Sprintf("period %q is not known", shorten(e.Name)) }

// Hint returns the periods.
func (e *PeriodError) Hint() string {
	return "last-week, last-month, last-quarter, last-year, a number of days such as 30d, or since-last"
}

// CheckPeriod refuses the name of a period that is not known, with a *PeriodError.
func CheckPeriod(name string) error {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := PeriodAt(name, at, time.UTC, at)
	return err
}

// PeriodAt returns the period that a report covers which fires at a moment, by the days of zone. Weeks begin on Monday
// (ISO 8601). last is where the last delivered run of the report ended, which since-last begins with; without one,
// since-last covers the week before, so that a first report is not empty.
func PeriodAt(name string, fire time.Time, zone *time.Location, last time.Time) (Period, error) {
	today := DayIn(fire, zone)
	days := func(since, until time.Time) (Period, error) {
		return Period{Moment(since, 0, zone), Moment(until, 0, zone)}, nil
	}
	month := firstOfMonth(today)
	switch name {
	case "last-week":
		monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
		return days(monday.AddDate(0, 0, -7), monday)
	case "last-month":
		return days(month.AddDate(0, -1, 0), month)
	case "last-quarter":
		quarter := month.AddDate(0, -(int(month.Month())-1)%3, 0)
		return days(quarter.AddDate(0, -3, 0), quarter)
	case "last-year":
		year := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		return days(year.AddDate(-1, 0, 0), year)
	case "since-last":
		if last.IsZero() {
			return days(today.AddDate(0, 0, -7), today)
		}
		until := Moment(today, 0, zone)
		if until.Before(last) { // a second run on one day covers nothing, not a negative time
			until = last
		}
		return Period{last.In(zone), until}, nil
	}
	number, isDays := strings.CutSuffix(name, "d")
	n, err := strconv.Atoi(number)
	if !isDays || err != nil || n < 1 || n > maxSpanDays || strings.Trim(number, "0123456789") != "" {
		return Period{}, &PeriodError{name}
	}
	return days(today.AddDate(0, 0, -n), today)
}
