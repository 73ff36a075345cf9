package file

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"secretariat/calendar"
	"secretariat/programme"
)

// Longest values, in characters: nothing that is printed on one line is longer than the first, no paragraph than the second.
const (
	maxWord = 1000
	maxText = 10_000
)

// single reads a value that is neither list nor map.
func (r *reader) single(v reflect.Value, f programme.Field, n ast.Node) {
	switch v.Interface().(type) {
	case programme.Date:
		if s, ok := r.words(f, n, maxWord); ok {
			r.date(v, f.Key, s, n)
		}
	case time.Time:
		if s, ok := r.words(f, n, maxWord); ok {
			r.moment(v, f.Key, s, n)
		}
	case programme.Decimal:
		if s, ok := r.words(f, n, maxWord); ok {
			d, err := programme.ParseDecimal(s)
			if err != nil {
				r.bad(n, "%s %s is not a decimal number such as 450000.00 (at most 16 digits before and 4 after the point)", f.Key, quote(s))
			}
			v.SetString(string(d))
		}
	case bool:
		w, ok := scalar(n)
		if !ok || w.kind != "boolean" {
			r.bad(n, "%s is %s, not true or false", f.Key, describe(n))
			return
		}
		v.SetBool(strings.ToLower(w.text) == "true")
	case int:
		v.SetInt(int64(r.number(f.Key, n)))
	case *int:
		number := r.number(f.Key, n)
		v.Set(reflect.ValueOf(&number))
	default:
		if s, ok := r.words(f, n, maxWord); ok {
			r.choice(f, s, n)
			v.SetString(s)
		}
	}
}

// words reads a text of one value. Numbers are taken as they are written; true, false and null are not texts.
func (r *reader) words(f programme.Field, n ast.Node, longest int) (string, bool) {
	w, ok := scalar(n)
	switch {
	case !ok:
		r.bad(n, "%s is %s, not a single value", f.Key, describe(n))
		return "", false
	case w.kind == "boolean":
		r.bad(n, "%s is the boolean %s, not a text; put it in quotes if you mean the word", f.Key, w.text)
		return "", false
	case strings.TrimSpace(w.text) == "" && !(f.Optional && w.quoted):
		r.bad(n, "%s is empty", f.Key)
		return "", false
	case utf8.RuneCountInString(w.text) > longest:
		r.bad(n, "%s has %d characters, more than %d", f.Key, utf8.RuneCountInString(w.text), longest)
		return "", false
	}
	for _, c := range w.text {
		if what := badCharacter(c); what != "" || c == '\t' && longest == maxWord || c == '\r' {
			r.bad(n, "%s holds U+%04X, which is not allowed", f.Key, c)
			return "", false
		}
	}
	if longest == maxWord && strings.Contains(w.text, "\n") {
		r.bad(n, "%s %s goes over several lines", f.Key, quote(w.text))
		return "", false
	}
	return strings.TrimSpace(w.text), true
}

// choice checks a value against those allowed.
func (r *reader) choice(f programme.Field, s string, n ast.Node) {
	if len(f.OneOf) == 0 || slices.Contains(f.OneOf, s) {
		return
	}
	r.bad(n, "%s %s is not one of %s%s", f.Key, quote(s), strings.Join(f.OneOf, ", "), programme.DidYouMean(s, f.OneOf))
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})$`)

func (r *reader) number(key string, n ast.Node) int {
	w, ok := scalar(n)
	if !ok || w.kind != "number" || !wholeNumber.MatchString(w.text) {
		r.bad(n, "%s is %s, not a whole number", key, describe(n))
		return 0
	}
	i, _ := strconv.Atoi(w.text)
	return i
}

// Years outside these are slips of the pen.
const (
	firstYear = 1900
	lastYear  = 2199
)

func (r *reader) date(v reflect.Value, key, s string, n ast.Node) {
	d, err := programme.ParseDate(s)
	switch {
	case err != nil:
		r.bad(n, "%s %s is not a date such as 2026-11-23", key, quote(s))
	case d.Time().Year() < firstYear || d.Time().Year() > lastYear:
		r.bad(n, "%s %s is not between the years %d and %d", key, s, firstYear, lastYear)
	default:
		v.Set(reflect.ValueOf(d))
	}
}

var (
	withOffset = []string{"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"}
	onClock    = []string{"2006-01-02T15:04", "2006-01-02T15:04:05"}
)

// moment reads a moment with its offset, or a local time in the zone of its owner.
func (r *reader) moment(v reflect.Value, key, s string, n ast.Node) {
	t, ok := parseTime(s, withOffset)
	if !ok {
		var wall time.Time
		if wall, ok = parseTime(s, onClock); ok {
			if t, ok = r.local(wall, key, s, n); !ok {
				return
			}
		}
	}
	switch {
	case !ok:
		r.bad(n, "%s %s is not a moment such as 2026-12-14T10:00 or 2026-12-14T10:00+05:00", key, quote(s))
	case t.Year() < firstYear || t.Year() > lastYear:
		r.bad(n, "%s %s is not between the years %d and %d", key, s, firstYear, lastYear)
	default:
		v.Set(reflect.ValueOf(t.UTC()))
	}
}

// local finds the one moment at which the clocks of the owner's zone show a time.
func (r *reader) local(wall time.Time, key, s string, n ast.Node) (time.Time, bool) {
	moments := calendar.LocalTimes(wall, r.zone)
	switch len(moments) {
	case 1:
		return moments[0], true
	case 0:
		before, after := wall.Add(-26*time.Hour), wall.Add(26*time.Hour)
		r.bad(n, "%s %s does not exist in %s: the clocks go forward from %s to %s; write another time, or one with its offset", key, s, r.zone,
			offset(before.In(r.zone)), offset(after.In(r.zone)))
	default:
		first, second := offset(moments[0]), offset(moments[len(moments)-1])
		r.bad(n, "%s %s comes twice in %s, when the clocks go back: write %s%s or %s%s", key, s, r.zone, s, first, s, second)
	}
	return time.Time{}, false
}

func offset(t time.Time) string { return t.Format("-07:00") }

// parseTime reads a time in the first layout that fits, without fractions of seconds.
func parseTime(s string, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Nanosecond() == 0 {
			return t, true
		}
	}
	return time.Time{}, false
}

// quote shows a value in a message: shortened, with control characters escaped.
func quote(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		s = string(runes[:57]) + "…"
	}
	return strconv.Quote(s)
}
