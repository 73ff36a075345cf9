package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rule names days in words: "first tuesday of every quarter", "last working day of the month", "day 15 of every month",
// "every 6 weeks". The zero Rule names none.
type Rule struct {
	text    string
	ordinal int          // 1 the first … 5, -1 the last; a day number for "day 15"
	what    dayKind      // of what the ordinal counts
	weekday time.Weekday // where what is aWeekday
	months  []time.Month // in which a period begins; nil for a rule that counts from an anchor
	length  int          // months in a period
	every   int          // "every 6 weeks": the number
	unit    string       // day, week or month
}

// dayKind is what an ordinal counts.
type dayKind int

const (
	anyDay dayKind = iota
	workingDay
	aWeekday
)

// RuleError says why a rule in words is refused. Hint shows rules that are understood.
type RuleError struct{ Rule, Problem string }

func (e *RuleError) Error() string { return fmt.Sprintf("rule %q: %s", shorten(e.Rule), e.Problem) }

// Hint returns examples.
func (e *RuleError) Hint() string {
	return `e.g. "first tuesday of every quarter", "last working day of the month", "day 15 of every month", "every 6 weeks"`
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

var weekdays = map[string]time.Weekday{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}

// ParseRule reads a rule in words. Every refusal is a *RuleError.
func ParseRule(text string) (Rule, error) {
	words := strings.Fields(strings.ToLower(text))
	refuse := func(format string, args ...any) (Rule, error) {
		return Rule{}, &RuleError{text, fmt.Sprintf(format, args...)}
	}
	switch {
	case len(text) > maxSpec || len(words) == 0:
		return refuse("is empty or too long")
	case words[0] == "every":
		return parseEvery(text, words[1:])
	}
	r := Rule{text: text}
	rest := words
	if words[0] == "day" && len(words) > 1 {
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 || n > 28 {
			return refuse("day %s: 1 to 28 (later days are not in every month; write last day)", shorten(words[1]))
		}
		r.ordinal, rest = n, words[2:]
	} else {
		if r.ordinal = ordinals[words[0]]; r.ordinal == 0 {
			return refuse("%q is none of first, second, third, fourth, fifth, last, day, every", shorten(words[0]))
		}
		var problem string
		if rest, problem = r.counted(words[1:]); problem != "" {
			return refuse("%s", problem)
		}
	}
	if problem := r.period(rest); problem != "" {
		return refuse("%s", problem)
	}
	return r, nil
}

// counted reads what the ordinal counts: a weekday, a day or a working day.
func (r *Rule) counted(words []string) (rest []string, problem string) {
	switch {
	case len(words) > 1 && words[0] == "working" && words[1] == "day":
		r.what = workingDay
		return words[2:], ""
	case len(words) > 0 && words[0] == "day":
		return words[1:], ""
	case len(words) > 0:
		if day, ok := weekdays[words[0]]; ok {
			r.what, r.weekday = aWeekday, day
			return words[1:], ""
		}
		return nil, fmt.Sprintf("%q is no weekday, day or working day", shorten(words[0]))
	}
	return nil, "says not what is counted: a weekday, day or working day"
}

// period reads "of every month", "of the quarter", "of each year" or "of january".
func (r *Rule) period(words []string) (problem string) {
	if len(words) < 2 || words[0] != "of" {
		return "needs a period: of every month, quarter or year, or of a named month"
	}
	words = words[1:]
	if words[0] == "every" || words[0] == "the" || words[0] == "each" {
		words = words[1:]
	}
	if len(words) != 1 {
		return fmt.Sprintf("%q is no period", shorten(strings.Join(words, " ")))
	}
	switch words[0] {
	case "month":
		r.length, r.months = 1, everyMonth(1)
	case "quarter":
		r.length, r.months = 3, everyMonth(3)
	case "year":
		r.length, r.months = 12, everyMonth(12)
	default:
		for m := time.January; m <= time.December; m++ {
			if words[0] == strings.ToLower(m.String()) {
				r.length, r.months = 1, []time.Month{m}
				return ""
			}
		}
		return fmt.Sprintf("%q is no month, quarter or year", shorten(words[0]))
	}
	return ""
}

func everyMonth(step int) (months []time.Month) {
	for m := 1; m <= 12; m += step {
		months = append(months, time.Month(m))
	}
	return months
}

// parseEvery reads what follows "every": "week", "6 weeks", "10 days", "2 months".
func parseEvery(text string, words []string) (Rule, error) {
	r := Rule{text: text, every: 1}
	if len(words) == 2 {
		n, err := strconv.Atoi(words[0])
		if err != nil || n < 1 || n > 520 {
			return Rule{}, &RuleError{text, fmt.Sprintf("%s is not a number from 1 to 520", shorten(words[0]))}
		}
		r.every, words = n, words[1:]
	}
	if len(words) == 1 {
		if r.unit = strings.TrimSuffix(words[0], "s"); r.unit == "day" || r.unit == "week" || r.unit == "month" {
			return r, nil
		}
	}
	return Rule{}, &RuleError{text, "needs a number of days, weeks or months"}
}

// String returns the rule as it was written.
func (r Rule) String() string { return r.text }

// After returns the first day of the rule that is later than the given one, the zero time when there is none. anchor is
// a day of the rule from which "every 6 weeks" counts; work says what a working day is.
func (r Rule) After(day, anchor time.Time, work Workdays) time.Time {
	switch {
	case r.every > 0:
		return r.stepFrom(anchor, day)
	case r.months == nil:
		return time.Time{}
	}
	for month := firstOfMonth(day).AddDate(0, -r.length, 0); month.Year() < day.Year()+6; month = month.AddDate(0, 1, 0) {
		if !r.begins(month) {
			continue
		}
		if d := r.inPeriod(month, work); d.After(day) {
			return d
		}
	}
	return time.Time{}
}

// stepFrom counts from the anchor to the first day later than the given one.
func (r Rule) stepFrom(anchor, day time.Time) time.Time {
	if anchor.IsZero() {
		return time.Time{}
	}
	if r.unit != "month" {
		length := r.every
		if r.unit == "week" {
			length *= 7
		}
		between := DaysBetween(anchor, day)
		return anchor.AddDate(0, 0, (floorDiv(between, length)+1)*length)
	}
	months := (day.Year()-anchor.Year())*12 + int(day.Month()-anchor.Month())
	for n := floorDiv(months, r.every); ; n++ {
		first := firstOfMonth(anchor).AddDate(0, n*r.every, 0)
		last := first.AddDate(0, 1, -1)
		if d := first.AddDate(0, 0, min(anchor.Day(), last.Day())-1); d.After(day) {
			return d
		}
	}
}

// begins reports whether a period of the rule begins in the month.
func (r Rule) begins(month time.Time) bool {
	for _, m := range r.months {
		if m == month.Month() {
			return true
		}
	}
	return false
}

// inPeriod returns the day of the rule in the period that begins on first; the zero time where it has none.
func (r Rule) inPeriod(first time.Time, work Workdays) time.Time {
	last := first.AddDate(0, r.length, -1)
	counts := func(d time.Time) bool {
		return r.what == anyDay || r.what == workingDay && work.Is(d) || r.what == aWeekday && d.Weekday() == r.weekday
	}
	if r.ordinal < 0 {
		for d := last; !d.Before(first); d = d.AddDate(0, 0, -1) {
			if counts(d) {
				return d
			}
		}
		return time.Time{}
	}
	left := r.ordinal
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		if counts(d) {
			if left--; left == 0 {
				return d
			}
		}
	}
	return time.Time{}
}

// dailyRule is a rule in words at a time of day: a schedule.
type dailyRule struct {
	rule   Rule
	clock  time.Duration // since midnight
	anchor time.Time
	work   Workdays
}

func (dailyRule) everyHour() bool { return false }

func (d dailyRule) after(wall time.Time) time.Time {
	day := Day(wall).AddDate(0, 0, -1)
	for range 2 { // today's time may be over
		if day = d.rule.After(day, d.anchor, d.work); day.IsZero() || day.Add(d.clock).After(wall) {
			break
		}
	}
	if day.IsZero() {
		return day
	}
	return day.Add(d.clock)
}

// parseDailyRule reads "first tuesday of every quarter at 10:00".
func parseDailyRule(text string, o SpecOptions) (firing, error) {
	words, clock, timed := strings.Cut(strings.ToLower(text), " at ")
	if !timed {
		return nil, &SpecError{text, "says not at what time", `add the time of day, e.g. "first monday of every month at 09:00"; or write five cron fields`}
	}
	rule, err := ParseRule(strings.TrimSpace(words))
	if err != nil {
		refused := err.(*RuleError)
		return nil, &SpecError{text, refused.Problem, refused.Hint()}
	}
	at, err := ParseClock(strings.TrimSpace(clock))
	if err != nil {
		return nil, &SpecError{text, err.Error(), `a time of day such as 09:00`}
	}
	if rule.every > 0 && o.Anchor.IsZero() {
		return nil, &SpecError{text, "counts from a day that it does not name", `say which: starts_on in a programme file, --starts-on on the command line; or name the days, e.g. "first monday of every month at 09:00"`}
	}
	return dailyRule{rule, at, Day(o.Anchor), o.Workdays}, nil
}

// ParseClock reads a time of day on 24 hours ("10:00") and returns the time since midnight.
func ParseClock(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of day such as 09:00", shorten(text))
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}
