// Package calendar is civil time: cron expressions on a wall clock, rules in words, lengths of time in calendar, clear
// and working days, weekends and holidays, report periods, and iCalendar objects with their time zones.
//
// A day is a time.Time at midnight UTC; a moment is any other time.Time. Nothing here reads the clock.
package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Spec says when a schedule fires: five cron fields, or a rule in words with a time of day, on the clocks of one zone.
// The zero Spec never fires.
type Spec struct {
	text  string
	zone  *time.Location
	times firing
}

// firing finds wall-clock times, written as if they were UTC, so that no change of clocks can disturb it.
type firing interface {
	// after returns the first wall time later than wall, the zero time when there is none.
	after(wall time.Time) time.Time
	// everyHour reports whether the hour is a wildcard.
	everyHour() bool
}

// SpecOptions are the circumstances of a schedule.
type SpecOptions struct {
	AllowOr  bool      // day-of-month and day-of-week may both be restricted: then either is enough
	Anchor   time.Time // day from which "every 6 weeks" counts
	Workdays Workdays  // what "last working day" means; the zero value knows Saturday and Sunday only
}

// SpecError says why a schedule is refused. Hint is the cure.
type SpecError struct {
	Spec, Problem, Cure string
}

func (e *SpecError) Error() string { return fmt.Sprintf("schedule %q: %s", shorten(e.Spec), e.Problem) }

// Hint returns what to write instead.
func (e *SpecError) Hint() string { return e.Cure }

// maxSpec is the longest schedule taken, in bytes; a hand-written one is under 100.
const maxSpec = 256

// ParseSpec reads a schedule for the clocks of a zone named as in the IANA database ("Asia/Tashkent").
// Every refusal is a *SpecError or a *ZoneError.
func ParseSpec(text, zone string, o SpecOptions) (Spec, error) {
	loc, err := LoadZone(zone)
	if err != nil {
		return Spec{}, err
	}
	if problem, cure := suspicious(text); problem != "" {
		return Spec{}, &SpecError{text, problem, cure}
	}
	s := Spec{text: strings.TrimSpace(text), zone: loc}
	if first := strings.Fields(text)[0]; isLetters(first) && !isCronName(first) {
		s.times, err = parseDailyRule(text, o)
	} else {
		s.times, err = parseCron(text, o.AllowOr)
	}
	if err != nil {
		return Spec{}, err
	}
	if err := firesWithinFiveYears(s); err != nil {
		return Spec{}, err
	}
	return s, nil
}

// String returns the schedule as it was written.
func (s Spec) String() string { return s.text }

// Zone returns the zone on whose clocks the schedule fires.
func (s Spec) Zone() *time.Location { return s.zone }

// suspicious finds what no schedule may hold, before anything is parsed.
func suspicious(text string) (problem, cure string) {
	if len(text) > maxSpec {
		return fmt.Sprintf("%d characters, longer than %d", len(text), maxSpec), "split it into several schedules"
	}
	for _, r := range text {
		if r > 0x7e || r < ' ' && r != '\t' {
			return fmt.Sprintf("non-ASCII or control character U+%04X", r), "write it with plain digits, letters and spaces"
		}
	}
	trimmed := strings.TrimSpace(text)
	switch upper := strings.ToUpper(trimmed); {
	case trimmed == "":
		return "schedule is empty", `five fields are needed, e.g. "0 9 * * MON"`
	case strings.HasPrefix(upper, "TZ=") || strings.HasPrefix(upper, "CRON_TZ="):
		return "a time zone inside the schedule", "leave the zone out of the schedule and give it as its timezone, e.g. Asia/Tashkent"
	case strings.HasPrefix(upper, "@EVERY"):
		return "@every counts from whenever the program was started", `name the times instead, e.g. "*/15 * * * *"`
	case strings.HasPrefix(upper, "@REBOOT"):
		return "@reboot is no time", `name the times instead, e.g. "0 9 * * *"`
	case strings.HasPrefix(trimmed, "@") && trimmed != strings.ToLower(trimmed) && shorthand[strings.ToLower(trimmed)] != "":
		return "upper case", "write " + strings.ToLower(trimmed)
	}
	return "", ""
}

// firesWithinFiveYears refuses a schedule that names no existing date. The years looked at are fixed ones that begin
// before a leap day, so that the answer does not depend on when the question is put.
func firesWithinFiveYears(s Spec) error {
	from := time.Date(2023, 12, 31, 23, 59, 59, 0, time.UTC)
	if n := s.times.after(from); n.IsZero() || n.Year() > 2028 {
		return &SpecError{s.text, "never fires: no such date within five years", `give a date that exists, e.g. "0 9 1 3 *"`}
	}
	return nil
}

// parseCron turns five fields into a matcher on a clock without changes.
func parseCron(text string, allowOr bool) (firing, error) {
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "@") {
		if shorthand[trimmed] == "" {
			return nil, &SpecError{text, "unknown shorthand", "@hourly, @daily, @weekly, @monthly, @yearly, or five fields"}
		}
		trimmed = shorthand[trimmed]
	}
	words := strings.Fields(trimmed)
	if len(words) != len(cronFields) {
		problem := fmt.Sprintf("%d fields, need 5 (minute hour day-of-month month day-of-week)", len(words))
		if len(words) > 5 {
			problem += "; seconds and years are not supported"
		}
		return nil, &SpecError{text, problem, `e.g. "0 9 * * MON" for Mondays at 9:00`}
	}
	for i, f := range cronFields {
		plain, problem, cure := f.canonical(words[i])
		if problem != "" {
			return nil, &SpecError{text, f.name + " " + problem, cure}
		}
		words[i] = plain
	}
	return matcher(text, words, allowOr)
}

// matcher builds the matcher of canonical fields. robfig/cron is only asked on a clock without zone: its own zone
// handling skips, doubles and can stand still.
func matcher(text string, words []string, allowOr bool) (f firing, err error) {
	defer func() { // its parser panics on some texts; none that passes canonical is known
		if r := recover(); r != nil {
			err = &SpecError{text, fmt.Sprint("cannot be read: ", r), "five fields, e.g. \"0 9 * * MON\""}
		}
	}()
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	parsed, err := parser.Parse(strings.Join(words, " "))
	if err != nil {
		return nil, &SpecError{text, err.Error(), `five fields, e.g. "0 9 * * MON"`}
	}
	s := parsed.(*cron.SpecSchedule)
	if s.Dom&starBit == 0 && s.Dow&starBit == 0 && !allowOr {
		return nil, &SpecError{text, "day-of-month and day-of-week are both restricted, and either alone would fire it",
			`leave one of them *, write a rule such as "first monday of every month at 09:00", or allow it: allow_or in a programme file, --allow-or on the command line`}
	}
	return cronTimes{s}, nil
}

// starBit is the mark of a wildcard field in robfig/cron (spec.go of v3).
const starBit = 1 << 63

// cronTimes matches cron fields.
type cronTimes struct{ *cron.SpecSchedule }

func (c cronTimes) everyHour() bool { return c.Hour&starBit != 0 }

func (c cronTimes) after(wall time.Time) time.Time {
	n := c.Next(wall)
	if n.IsZero() { // it gives up after five years; 29 February is eight years away around 2100
		n = c.Next(wall.AddDate(4, 0, 0))
	}
	return n
}

// shorten cuts a value for a message.
func shorten(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:57], "") + "…"
}
