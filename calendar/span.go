package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span is a length of time: calendar days and time on the clock, clear days, or working days.
type Span struct {
	text  string
	unit  spanUnit
	days  int
	clock time.Duration
}

// spanUnit is what the days of a span are.
type spanUnit int

const (
	calendarDays spanUnit = iota
	clearDays             // neither the first nor the last day counts
	workingDays
)

// SpanError says why a length of time is refused. Hint shows the forms that are understood.
type SpanError struct{ Span, Problem string }

func (e *SpanError) Error() string {
	return fmt.Sprintf("length of time %q: %s", shorten(e.Span), e.Problem)
}

// Hint returns the forms.
func (e *SpanError) Hint() string {
	return `e.g. P14D, P10W, PT72H, P1DT12H, "28 clear days", "4 working days"`
}

var (
	isoSpan   = regexp.MustCompile(`^P(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?$`)
	wordSpan  = regexp.MustCompile(`^([0-9]{1,4}) (clear|working) days?$`)
	monthSpan = regexp.MustCompile(`^P[0-9]+[YM]`)
)

// maxSpanDays is ten years: longer ones are slips of the pen.
const maxSpanDays = 3660

// ParseSpan reads an ISO 8601 duration in weeks, days, hours, minutes and seconds, or "28 clear days", or "4 working
// days". Years and months are refused, because their length varies. Every refusal is a *SpanError.
func ParseSpan(text string) (Span, error) {
	s := Span{text: text}
	if m := wordSpan.FindStringSubmatch(text); m != nil {
		s.days, _ = strconv.Atoi(m[1])
		s.unit = map[string]spanUnit{"clear": clearDays, "working": workingDays}[m[2]]
	} else if m := isoSpan.FindStringSubmatch(text); m != nil && strings.ContainsAny(text, "0123456789") && !strings.HasSuffix(text, "T") {
		number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
		s.days = 7*number(1) + number(2)
		s.clock = time.Duration(number(3))*time.Hour + time.Duration(number(4))*time.Minute + time.Duration(number(5))*time.Second
	} else if monthSpan.MatchString(text) {
		return Span{}, &SpanError{text, "years and months are not supported, as their length varies; use days or weeks"}
	} else {
		return Span{}, &SpanError{text, "is neither an ISO 8601 duration nor a number of clear or working days"}
	}
	if s.days > maxSpanDays || s.clock > maxSpanDays*24*time.Hour {
		return Span{}, &SpanError{text, "is longer than ten years"}
	}
	return s, nil
}

// String returns the span as it was written.
func (s Span) String() string { return s.text }

// OnClock reports whether the span has hours, minutes or seconds, so that it leads to a moment and not to a day.
func (s Span) OnClock() bool { return s.clock != 0 }

// IsZero reports whether the span has no length.
func (s Span) IsZero() bool { return s.days == 0 && s.clock == 0 }

// Duration returns the length with days of 24 hours: for graces and deadlines.
func (s Span) Duration() time.Duration { return time.Duration(s.days)*24*time.Hour + s.clock }

// Direction of a step from an anchor.
const (
	Before = -1
	After  = 1
)

// StepDay returns the day that lies the span before or after an anchor day; hours and minutes are left out. n clear days
// before the 30th is n+1 calendar days before it, so that n whole days lie between.
func (s Span) StepDay(anchor time.Time, direction int, work Workdays) time.Time {
	switch s.unit {
	case workingDays:
		return work.Step(anchor, direction*s.days)
	case clearDays:
		return anchor.AddDate(0, 0, direction*(s.days+1))
	}
	return anchor.AddDate(0, 0, direction*s.days)
}

// Step returns the moment that lies the span before or after an anchor: its days on the calendar of zone, at the same
// time of day, then hours, minutes and seconds as they pass.
func (s Span) Step(anchor time.Time, direction int, zone *time.Location, work Workdays) time.Time {
	if s.days > 0 || s.unit != calendarDays {
		local := anchor.In(zone)
		clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second
		anchor = Moment(s.StepDay(Day(local), direction, work), clock, zone)
	}
	return anchor.Add(time.Duration(direction) * s.clock).In(zone)
}
