package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// cronField is one of the five fields of a cron expression, with its bounds.
type cronField struct {
	name   string
	lo, hi int
	names  []string // of lo, lo+1, …
}

var cronFields = [5]cronField{
	{"minute", 0, 59, nil},
	{"hour", 0, 23, nil},
	{"day-of-month", 1, 31, nil},
	{"month", 1, 12, strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")},
	{"day-of-week", 0, 7, strings.Fields("SUN MON TUE WED THU FRI SAT")}, // 7 is Sunday too
}

// shorthand are the named schedules that have a meaning on a wall clock.
var shorthand = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
	"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}

// canonical checks one field item by item and returns it in the form that robfig/cron reads, Sunday as 0.
func (f cronField) canonical(word string) (plain, problem, cure string) {
	var items []string
	for _, item := range strings.Split(word, ",") {
		if item == "" {
			return "", fmt.Sprintf("%q has an empty list item", word), "put a value before and after every comma"
		}
		plain, problem, cure := f.item(item)
		if problem != "" {
			return "", problem, cure
		}
		items = append(items, plain)
	}
	return strings.Join(items, ","), "", ""
}

// item checks "*", "5", "1-5", "MON-FRI", "*/2", "10-40/5" or "10/5".
func (f cronField) item(item string) (plain, problem, cure string) {
	body, stepText, stepped := strings.Cut(item, "/")
	if body == "*" || body == "?" && !stepped {
		lo, hi := f.lo, f.hi
		if f.hi == 7 {
			hi = 6
		}
		if _, problem, cure := f.step(stepText, stepped, lo, hi); problem != "" {
			return "", problem, cure
		}
		return item, "", ""
	}
	from, to, ranged := strings.Cut(body, "-")
	lo, problem, cure := f.value(from)
	if problem != "" {
		return "", problem, cure
	}
	hi := lo
	switch {
	case ranged:
		if hi, problem, cure = f.value(to); problem != "" {
			return "", problem, cure
		}
		if f.hi == 7 && hi == 0 && lo > 0 {
			hi = 7
		}
	case stepped:
		hi = f.hi
	}
	if lo > hi {
		return "", fmt.Sprintf("%s runs backwards", item), fmt.Sprintf("write it as a list of two, e.g. %s-%d,%d-%s", from, f.hi, f.lo, to)
	}
	step, problem, cure := f.step(stepText, stepped, lo, hi)
	if problem != "" {
		return "", problem, cure
	}
	return f.spell(lo, hi, step), "", ""
}

// value reads a number or a name of the field.
func (f cronField) value(word string) (n int, problem, cure string) {
	for i, name := range f.names {
		if strings.EqualFold(word, name) {
			return f.lo + i, "", ""
		}
	}
	allowed := fmt.Sprintf("%d-%d", f.lo, f.hi)
	if len(f.names) > 0 {
		allowed += fmt.Sprintf(" or %s-%s", f.names[0], f.names[len(f.names)-1])
	}
	n, err := strconv.Atoi(word)
	switch {
	case word == "":
		return 0, "has a range or a step without its value", allowed
	case strings.Contains(word, "#"):
		return 0, fmt.Sprintf("%s: the nth weekday is no cron field", word), `write a rule, e.g. "second monday of every month at 09:00"`
	case strings.ContainsAny(strings.ToUpper(word), "LW") && err != nil:
		return 0, fmt.Sprintf("%s: the last or nearest day is no cron field", word), `write a rule, e.g. "last working day of the month at 09:00"`
	case err != nil || strings.Trim(word, "0123456789") != "":
		return 0, fmt.Sprintf("%q is not a value: %s", shorten(word), allowed), allowed
	case n < f.lo || n > f.hi:
		return 0, fmt.Sprintf("%s: %s", shorten(word), allowed), allowed
	}
	return n, "", ""
}

// step reads what follows the slash.
func (f cronField) step(word string, given bool, lo, hi int) (n int, problem, cure string) {
	if !given {
		return 1, "", ""
	}
	n, err := strconv.Atoi(word)
	if err != nil || strings.Trim(word, "0123456789") != "" || n < 1 {
		return 0, fmt.Sprintf("step %q is not a number from 1", shorten(word)), "a step is 1 or more, e.g. */2"
	}
	if n > 1 && n > hi-lo {
		return 0, fmt.Sprintf("step %s exceeds the range %d-%d", shorten(word), lo, hi), fmt.Sprintf("a step of at most %d", max(1, hi-lo))
	}
	return n, "", ""
}

// spell writes a checked item. A day-of-week item that reaches 7 becomes a list with 0 in its place.
func (f cronField) spell(lo, hi, step int) string {
	if f.hi == 7 && hi == 7 {
		var days []string
		for d := lo; d <= hi; d += step {
			days = append(days, strconv.Itoa(d%7))
		}
		return strings.Join(days, ",")
	}
	return fmt.Sprintf("%d-%d/%d", lo, hi, step)
}

// isCronName reports whether a word of letters is a month or weekday of cron, so that a mistaken field order gets
// the message about fields, not the one about rules in words.
func isCronName(word string) bool {
	for _, f := range cronFields {
		for _, name := range f.names {
			if strings.EqualFold(word, name) {
				return true
			}
		}
	}
	return false
}

// isLetters reports whether a word consists of letters only.
func isLetters(word string) bool {
	return strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") == ""
}
