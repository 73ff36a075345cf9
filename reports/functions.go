package reports

import (
	"fmt"
	"math/big"
	"reflect"
	"text/template"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/prose"
)

// functionNames are the functions of report texts, beside the built-in ones of text/template.
var functionNames = []string{"abs", "clock", "count", "date", "day", "first", "moment", "money", "number", "percent", "plural", "row", "rows",
	"short", "t", "time"}

// placeholders let texts be parsed before there is anything to say.
var placeholders = func() template.FuncMap {
	f := (&composer{}).functions(plainText)
	for _, refused := range []string{"call", "html", "js", "urlquery", "printf", "print", "println"} {
		f[refused] = func(...any) (string, error) { return "", fmt.Errorf("function %s has no place in a report", refused) }
	}
	return f
}()

const maxSteps = 1_000_000 // of all ranges of one text together

// functions returns the functions of texts.
//
//	row "b"  rows "b"  count "b"   the first row, the rows, the number of rows of block b
//	first 3 (rows "b")             the first three
//	date d · short d · day d       "23 November 2026" · "23 Nov 2026" · "Mon 23 November 2026"
//	time m · clock m               a moment on the reader's clock with its zone · "10:00"
//	moment m "Asia/Tashkent"       a moment on the clock of a zone, and on the reader's where that differs
//	money a "USD" · number n · percent n
//	plural n "# day" "# days"      one form per plural category of the language, # is the number
//	t "id" n                       a label of the file, else a text of the catalogue; n selects its plural
//	abs n                          a number without its sign
func (c *composer) functions(kind textKind) template.FuncMap {
	steps := 0
	f := template.FuncMap{
		"row":  func(name string) (map[string]any, error) { return c.firstRow(name) },
		"rows": func(name string) ([]map[string]any, error) { return c.allRows(name) },
		"count": func(name string) (int64, error) {
			rows, err := c.allRows(name)
			return int64(len(rows)), err
		},
		"first":  firstOf,
		"date":   func(v any) (string, error) { return c.dated(v, (*locale.Locale).Date) },
		"short":  func(v any) (string, error) { return c.dated(v, (*locale.Locale).ShortDate) },
		"day":    func(v any) (string, error) { return c.dated(v, (*locale.Locale).LongDay) },
		"time":   func(v any) (string, error) { return c.timed(v, c.l.Moment) },
		"clock":  func(v any) (string, error) { return c.timed(v, c.l.Clock) },
		"moment": c.momentIn,
		"money": func(v any, currency string) string {
			return c.l.Money(programme.Decimal(decimalText(rat(v))), currency)
		},
		"number":  func(v any) string { return c.number(v) },
		"percent": func(v any) string { return c.percent(v, 1) },
		"plural":  c.plural,
		"t":       c.translate,
		"abs": func(v any) programme.Decimal {
			r := rat(v)
			if r == nil {
				return ""
			}
			return programme.Decimal(decimalText(new(big.Rat).Abs(r)))
		},
		writeFunc: func(v any) string {
			if kind == plainText {
				return c.say(v)
			}
			return prose.Escape(c.say(v))
		},
		eachFunc: func(v any) (any, error) {
			switch r := reflect.ValueOf(v); r.Kind() {
			case reflect.Slice, reflect.Map:
				if steps += r.Len(); steps > maxSteps {
					return nil, fmt.Errorf("more than %d steps in the ranges of one text", maxSteps)
				}
				return v, nil
			case reflect.Invalid:
				return []string(nil), nil
			}
			return nil, fmt.Errorf("range over %T: range over rows", v)
		},
	}
	return f
}

// firstOf returns the first n elements of rows.
func firstOf(n int, rows []map[string]any) []map[string]any { return rows[:min(max(n, 0), len(rows))] }

// say is how a value stands in running text.
func (c *composer) say(v any) string {
	switch v := v.(type) {
	case nil:
		return locale.Missing
	case string:
		return v
	case localised:
		text, _ := v.text()
		return text
	case bool:
		if v {
			return c.l.T("report.yes", nil)
		}
		return c.l.T("report.no", nil)
	case programme.Date:
		return c.l.Date(v)
	case time.Time:
		return c.l.Moment(v, c.in.Parameters.zone())
	case []string:
		return c.l.List(v)
	}
	return c.number(v)
}

func (c *composer) number(v any) string { return c.l.Number(decimalText(rat(v)), -1) }

// percent writes a number of per cent with at most the given places.
func (c *composer) percent(v any, places int) string { return c.l.Percent(round(rat(v), places)) }

func (c *composer) dated(v any, write func(*locale.Locale, programme.Date) string) (string, error) {
	switch v := v.(type) {
	case nil:
		return locale.Missing, nil
	case programme.Date:
		return write(c.l, v), nil
	case time.Time:
		return write(c.l, programme.DateOf(v, c.in.Parameters.zone())), nil
	}
	return "", fmt.Errorf("%v is not a date", v)
}

func (c *composer) timed(v any, write func(time.Time, *time.Location) string) (string, error) {
	switch v := v.(type) {
	case nil:
		return locale.Missing, nil
	case time.Time:
		return write(v, c.in.Parameters.zone()), nil
	}
	return "", fmt.Errorf("%v is not a moment: a date has no hour", v)
}

// momentIn writes a moment on the clock of a zone, and behind it on the reader's where that shows something else.
func (c *composer) momentIn(v any, zone string) (string, error) {
	t, ok := v.(time.Time)
	if v == nil {
		return locale.Missing, nil
	}
	if !ok {
		return "", fmt.Errorf("%v is not a moment", v)
	}
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return "", fmt.Errorf("%q is not a time zone", zone)
	}
	s := c.l.Moment(t, place)
	if other := c.l.Elsewhere(t, place, c.in.Parameters.zone()); other != "" {
		s += " · " + other
	}
	return s, nil
}

// categories are the plural categories of each language in the order in which authors give their forms.
var categories = map[string][]string{
	"en": {"one", "other"}, "uz": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"},
	"ru": {"one", "few", "many"}, "ar": {"zero", "one", "two", "few", "many", "other"}, "zh": {"other"},
}

func (c *composer) plural(n any, forms ...string) (string, error) {
	r := rat(n)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return "", fmt.Errorf("plural %v: not a whole number", n)
	}
	want := categories[c.l.Language()]
	if len(forms) == 0 || len(forms) > len(want) {
		return "", fmt.Errorf("plural: %d forms given, %s has %d (%v)", len(forms), c.l.Language(), len(want), want)
	}
	byCategory := map[string]string{"other": forms[len(forms)-1]}
	for i, category := range want {
		byCategory[category] = forms[min(i, len(forms)-1)]
	}
	return c.l.Plural(r.Num().Int64(), byCategory), nil
}

// translate looks a text up: a label of the file, else the catalogue. A number as argument selects the plural form.
func (c *composer) translate(id string, args ...any) (string, error) {
	if t := c.w.label(id); t != nil {
		return t.execute(c.functions(plainText), c.top)
	}
	if !c.l.Has(id) {
		return "", fmt.Errorf("no label and no catalogue text %q", id)
	}
	if len(args) == 0 {
		return c.l.T(id, nil), nil
	}
	if len(args) == 1 {
		return c.l.T(id, map[string]any{"count": decimalText(rat(args[0]))}), nil
	}
	return "", fmt.Errorf("t %q: at most one argument", id)
}
