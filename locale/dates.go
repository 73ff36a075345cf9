package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"secretariat/programme"
)

// Date returns "23 November 2026", "23 ноября 2026 г."; an absent date is "–".
func (l *Locale) Date(d programme.Date) string { return l.date(d, l.words.date, l.words.dated) }

// ShortDate returns "23 Nov 2026"; an absent date is "–".
func (l *Locale) ShortDate(d programme.Date) string {
	return l.date(d, l.words.shortDate, l.words.short)
}

// MonthYear returns the month of a date: "November 2026", "ноябрь 2026 г."; an absent date is "–".
func (l *Locale) MonthYear(d programme.Date) string {
	return l.date(d, l.words.monthYear, l.words.months)
}

// LongDay returns a date with its weekday: "Mon 23 November 2026"; an absent date is "–".
func (l *Locale) LongDay(d programme.Date) string {
	if d.IsZero() {
		return Missing
	}
	return fill(l.words.day, "w", l.ShortWeekday(d.Time().Weekday()), "date", l.Date(d))
}

func (l *Locale) date(d programme.Date, pattern string, months [12]string) string {
	if d.IsZero() {
		return Missing
	}
	y, m, _ := d.Time().Date()
	return fill(pattern, "d", l.dayOfMonth(d), "m", months[m-1], "y", strconv.Itoa(y))
}

func (l *Locale) dayOfMonth(d programme.Date) string {
	day := d.Time().Day()
	if l.words.language == "fr" && day == 1 {
		return "1er"
	}
	return strconv.Itoa(day)
}

// Weekday returns "Monday".
func (l *Locale) Weekday(d time.Weekday) string { return l.words.weekdays[d] }

// ShortWeekday returns "Mon".
func (l *Locale) ShortWeekday(d time.Weekday) string { return l.words.weekdays3[d] }

// Month returns the name of a month standing alone: "November", "ноябрь".
func (l *Locale) Month(m time.Month) string { return l.words.months[m-1] }

// ShortMonth returns "Nov", "нояб.".
func (l *Locale) ShortMonth(m time.Month) string { return l.words.short[m-1] }

// ShortMonthYear returns "Dec 2026", "дек. 2026", "2026年12月".
func (l *Locale) ShortMonthYear(d programme.Date) string {
	if l.words.language == "zh" {
		return l.MonthYear(d)
	}
	y, m, _ := d.Time().Date()
	return l.ShortMonth(m) + " " + strconv.Itoa(y)
}

// Moment returns a moment on the clocks of zone: "Tue 8 December 2026, 10:00 (Tashkent, UTC+5)"; the zero moment is "–".
func (l *Locale) Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return Missing
	}
	return l.moment(l.words.moment, t, zone, "")
}

// Interval returns "Tue 8 December 2026, 10:00–13:00 (Tashkent, UTC+5)"; where the end falls on another day or offset, both
// moments are given in full. An end not after the start is left out.
func (l *Locale) Interval(start, end time.Time, zone *time.Location) string {
	switch {
	case start.IsZero() || !end.After(start):
		return l.Moment(start, zone)
	case programme.DateOf(start, zone) != programme.DateOf(end, zone) || l.Zone(start, zone) != l.Zone(end, zone):
		return l.Moment(start, zone) + " – " + l.Moment(end, zone)
	}
	return l.moment(l.words.between, start, zone, l.Clock(end, zone))
}

func (l *Locale) moment(pattern string, t time.Time, zone *time.Location, end string) string {
	open, shut := " (", ")"
	if l.words.language == "zh" {
		open, shut = "（", "）"
	}
	return fill(pattern, "w", l.ShortWeekday(t.In(zone).Weekday()), "date", l.Date(programme.DateOf(t, zone)),
		"time", l.Clock(t, zone), "end", end, "zone", open+l.Zone(t, zone)+shut)
}

// Elsewhere returns the same moment on the clocks of another zone, in short: "06:00 in Vienna", and with its day where that
// differs from the day in zone: "Sun 6 December 2026, 23:00 in New York". It is "" where both clocks show the same.
func (l *Locale) Elsewhere(t time.Time, zone, other *time.Location) string {
	if t.IsZero() || offset(t, zone) == offset(t, other) {
		return ""
	}
	when := l.Clock(t, other)
	if day := programme.DateOf(t, other); day != programme.DateOf(t, zone) {
		when = fill(l.words.moment, "w", l.ShortWeekday(t.In(other).Weekday()), "date", l.Date(day), "time", when, "zone", "")
	}
	return l.T("locale.elsewhere", map[string]any{"when": when, "city": l.City(other)})
}

// Clock returns the time of day on the clocks of zone: "10:00".
func (l *Locale) Clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// Zone names a zone and its offset at a moment: "Tashkent, UTC+5", "Kathmandu, UTC+5:45"; "UTC" for that zone itself.
func (l *Locale) Zone(t time.Time, zone *time.Location) string {
	utc := utcOffset(offset(t, zone))
	city := l.City(zone)
	if city == "" || city == "UTC" {
		return utc
	}
	return city + l.words.comma + utc
}

func offset(t time.Time, zone *time.Location) int {
	_, seconds := t.In(zone).Zone()
	return seconds
}

func utcOffset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	switch h, m := seconds/3600, seconds/60%60; {
	case h == 0 && m == 0:
		return "UTC"
	case m == 0:
		return fmt.Sprintf("UTC%s%d", sign, h)
	default:
		return fmt.Sprintf("UTC%s%d:%02d", sign, h, m)
	}
}

// fill puts values in place of {name}; pairs are name, value.
func fill(pattern string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(pattern)
}
