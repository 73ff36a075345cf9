package locale

import (
	"strconv"
	"strings"

	"secretariat/programme"
)

// Period returns the days from one date to another, both included, as a title has them: "2025" and "October 2026" for a
// calendar year and month, else "16–22 November 2026", "1 July – 30 September 2026", "23 November 2025 – 22 November 2026". What
// both dates share is said once (CLDR, interval formats). An end before the beginning is left out.
func (l *Locale) Period(from, to programme.Date) string {
	if from == to || to.Before(from) {
		return l.Date(from)
	}
	y1, m1, d1 := from.Time().Date()
	y2, m2, _ := to.Time().Date()
	whole := d1 == 1 && to.AddDays(1).Time().Day() == 1
	w := l.words
	switch {
	case y1 != y2:
		return l.Date(from) + " – " + l.Date(to)
	case whole && m1 == 1 && m2 == 12:
		return fill(w.year, "y", strconv.Itoa(y1))
	case whole && m1 == m2:
		return l.MonthYear(from)
	case m1 == m2:
		return fill(w.date, "d", l.dayOfMonth(from)+"–"+l.dayOfMonth(to), "m", w.dated[m1-1], "y", strconv.Itoa(y1))
	case strings.HasPrefix(w.date, "{y}"):
		return l.Date(from) + " – " + l.date(to, w.dayMonth, w.dated)
	}
	return l.date(from, w.dayMonth, w.dated) + " – " + l.Date(to)
}
