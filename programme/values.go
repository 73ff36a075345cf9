// Package programme holds the nouns of a cooperation programme and the rules that need only their own fields.
//
// The struct tags are the one description of the programme file, of the plan that apply prints and of the export:
//
//	key:"due_on"            the field's name, as in the file, in tables and in messages
//	key:"country,optional"  it may be missing; the zero value then says "absent"
//	oneof:"a b c"           the values allowed (of each element, in a list)
//	ref:"people"            the value (each element, in a list) is the ref of an object of that list
//	default:"true"          the value of a missing key
package programme

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Text is a text by BCP 47 language code. A plain text stands under the programme's first language.
type Text map[string]string

// In returns the text in the first of the given languages that it has, else "".
func (t Text) In(languages ...string) string {
	for _, l := range languages {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return ""
}

// Date is a civil day without a time zone. The zero Date is absent. Dates are comparable with ==.
type Date struct{ t time.Time } // midnight UTC, so that no zone can shift the day

// NewDate returns the given civil day, normalised as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// DateOf returns the civil day of a moment as the clocks of zone show it.
func DateOf(moment time.Time, zone *time.Location) Date {
	y, m, d := moment.In(zone).Date()
	return NewDate(y, m, d)
}

// ParseDate reads "2026-11-23".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-11-23", s)
	}
	return Date{t}, nil
}

// IsZero reports whether the date is absent.
func (d Date) IsZero() bool { return d.t.IsZero() }

// String returns "2026-11-23", or "" for an absent date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// Time returns midnight UTC of the day: the form in which package calendar takes and gives days.
func (d Date) Time() time.Time { return d.t }

// At returns the moment at which the clocks of zone show the given hour and minute of the day.
func (d Date) At(hour, minute int, zone *time.Location) time.Time {
	y, m, day := d.t.Date()
	return time.Date(y, m, day, hour, minute, 0, 0, zone)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.t.Sub(e.t).Hours()) / 24 }

// Before reports whether d is before e.
func (d Date) Before(e Date) bool { return d.t.Before(e.t) }

// After reports whether d is after e.
func (d Date) After(e Date) bool { return d.t.After(e.t) }

// MarshalText writes the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d = Date{}
	if len(b) > 0 {
		*d, err = ParseDate(string(b))
	}
	return err
}

// Value gives the database a date, or NULL for an absent one.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column; NULL is the absent date. No zone is applied.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		y, m, day := v.Date()
		*d = NewDate(y, m, day)
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("cannot read a date from %T", src)
	}
	return nil
}

// Decimal is an exact decimal number in its shortest form ("450000", "22940.75"); "" is absent.
type Decimal string

// ParseDecimal reads a decimal number of at most 16 digits before and 4 after the point, the bounds of numeric(20,4).
func ParseDecimal(s string) (Decimal, error) {
	sign, digits := "", s
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, digits = "-", rest
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" || point && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", fmt.Errorf("%q is not a decimal number such as 450000.00", s)
	}
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if len(whole) > 16 || len(fraction) > 4 {
		return "", fmt.Errorf("%q has more than 16 digits before or 4 after the point", s)
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if whole == "0" {
		sign = ""
	}
	return Decimal(sign + whole), nil
}

// Rat returns the exact value; an absent number is nil.
func (d Decimal) Rat() *big.Rat {
	if d == "" {
		return nil
	}
	r, _ := new(big.Rat).SetString(string(d))
	return r
}

// Value gives the database the number, or NULL for an absent one.
func (d Decimal) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads a numeric column; NULL is the absent number.
func (d *Decimal) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*d = ""
	case []byte:
		*d, err = ParseDecimal(string(v))
	case string:
		*d, err = ParseDecimal(v)
	default:
		err = fmt.Errorf("cannot read a decimal number from %T", src)
	}
	return err
}

// Span is a length of time as the programme file writes it: an ISO 8601 duration ("P14D", "P10W", "PT2H"),
// or "28 clear days", or "4 working days". Package calendar measures it.
type Span string
