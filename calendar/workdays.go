package calendar

import (
	"strings"
	"time"
)

// Workdays says which days are worked. The zero value knows Saturday and Sunday off and no holidays.
type Workdays struct {
	weekend  map[time.Weekday]bool // nil: Saturday and Sunday
	off      map[time.Time]bool
	restored map[time.Time]bool // weekend days made working days
}

// Holidays are the days of one holiday calendar: days off, and weekend days made working days by decree.
type Holidays struct {
	Off, Working []time.Time
}

// NewWorkdays returns the working days of somebody with that weekend. Working days of the calendar count only for those
// who keep the calendar's own weekend: a decree that moves a Saturday says nothing to who is off on Friday.
func NewWorkdays(weekend, calendarWeekend []time.Weekday, h Holidays) Workdays {
	w := Workdays{weekend: weekdaySet(weekend), off: daySet(h.Off)}
	if sameWeekdays(w.weekend, weekdaySet(calendarWeekend)) {
		w.restored = daySet(h.Working)
	}
	return w
}

// Is reports whether a day is worked.
func (w Workdays) Is(day time.Time) bool {
	day = Day(day)
	if w.restored[day] {
		return true
	}
	if w.off[day] {
		return false
	}
	if w.weekend == nil {
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}
	return !w.weekend[day.Weekday()]
}

// Off reports whether a day is off by the calendar, whatever day of the week it is: a holiday, not a weekend.
func (w Workdays) Off(day time.Time) bool { return w.off[Day(day)] && !w.restored[Day(day)] }

// maxRoll bounds the search for a working day: a calendar without any in a year is a mistake, and the day stays.
const maxRoll = 366

// Step returns the n-th working day after a day, before it when n is negative. The day itself is not counted.
func (w Workdays) Step(day time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		next, found := w.next(day.AddDate(0, 0, step), step)
		if !found {
			return day
		}
		day = next
	}
	return day
}

// Roll moves a day that is not worked to the next working day ("later"), the last one before ("earlier"), or not ("none").
func (w Workdays) Roll(day time.Time, roll string) time.Time {
	step := map[string]int{"later": 1, "earlier": -1}[roll]
	if step == 0 {
		return day
	}
	if d, found := w.next(day, step); found {
		return d
	}
	return day
}

// next returns the first working day from a day on, that day included.
func (w Workdays) next(day time.Time, step int) (time.Time, bool) {
	for range maxRoll {
		if w.Is(day) {
			return day, true
		}
		day = day.AddDate(0, 0, step)
	}
	return day, false
}

// weekendOf returns the weekend of a country by ISO 3166-1 code, Saturday and Sunday where nothing else is known.
// Source: CLDR 48, supplemental weekData.
func weekendOf(country string) []time.Weekday {
	switch strings.ToUpper(country) {
	case "BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE":
		return []time.Weekday{time.Friday, time.Saturday}
	case "AF":
		return []time.Weekday{time.Thursday, time.Friday}
	case "IR":
		return []time.Weekday{time.Friday}
	case "IN", "UG":
		return []time.Weekday{time.Sunday}
	}
	return []time.Weekday{time.Saturday, time.Sunday}
}

// parseWeekend reads weekdays as the programme file writes them ("fri", "sat"). Unknown words are left out: the file's
// own check refuses them.
func parseWeekend(words []string) (days []time.Weekday) {
	for _, word := range words {
		for name, day := range weekdays {
			if len(word) == 3 && strings.HasPrefix(name, strings.ToLower(word)) {
				days = append(days, day)
			}
		}
	}
	return days
}

// PersonWorkdays returns a person's working days: off on the days of their own weekend, else their country's, and on the
// holidays of their country's calendar.
func PersonWorkdays(weekend []string, country string, h Holidays) Workdays {
	own := parseWeekend(weekend)
	if len(own) == 0 {
		own = weekendOf(country)
	}
	return NewWorkdays(own, weekendOf(country), h)
}

// CalendarWorkdays returns the working days of a holiday calendar, named by its country ("UZ").
func CalendarWorkdays(name string, h Holidays) Workdays {
	return NewWorkdays(weekendOf(name), weekendOf(name), h)
}

func daySet(days []time.Time) map[time.Time]bool {
	set := make(map[time.Time]bool, len(days))
	for _, d := range days {
		set[Day(d)] = true
	}
	return set
}

func weekdaySet(days []time.Weekday) map[time.Weekday]bool {
	set := make(map[time.Weekday]bool, len(days))
	for _, d := range days {
		set[d] = true
	}
	return set
}

func sameWeekdays(a, b map[time.Weekday]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for d := range a {
		if !b[d] {
			return false
		}
	}
	return true
}
