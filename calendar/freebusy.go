package calendar

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// BusyTime is an interval in which somebody is not free. Tentative says that they may be after all.
type BusyTime struct {
	From, To  time.Time
	Tentative bool
}

// Bounds of an imported calendar: larger ones are refused rather than read in part.
const (
	maxFreeBusyBytes   = 4 << 20
	maxFreeBusyPeriods = 5000
	maxRepetitions     = 20_000 // of one event, from its first: daily for fifty years
)

// FreeBusyError says why a calendar is not taken.
type FreeBusyError struct{ Problem string }

func (e *FreeBusyError) Error() string { return "free/busy calendar: " + e.Problem }

// Hint says what is understood.
func (e *FreeBusyError) Hint() string {
	return "an iCalendar file (.ics) with VFREEBUSY or VEVENT, as calendar programs export it"
}

// ReadFreeBusy reads from an iCalendar file when its owner is busy between two moments: FREEBUSY periods and events that
// block time and are not cancelled. Nothing else of the file is kept: not what an event is about, nor with whom. Times
// without zone and whole days are those of zone. Every refusal is a *FreeBusyError.
func ReadFreeBusy(r io.Reader, zone *time.Location, from, to time.Time) (list []BusyTime, err error) {
	refuse := func(format string, args ...any) ([]BusyTime, error) {
		return nil, &FreeBusyError{fmt.Sprintf(format, args...)}
	}
	text, err := io.ReadAll(io.LimitReader(r, maxFreeBusyBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFreeBusyBytes {
		return refuse("is larger than %d MiB", maxFreeBusyBytes>>20)
	}
	defer func() { // the reader is a stranger's, and so is the file
		if fault := recover(); fault != nil {
			list, err = refuse("cannot be read: %v", fault)
		}
	}()
	f := freeBusy{zone: zone, from: from, to: to}
	components := 0
	for dec := ical.NewDecoder(strings.NewReader(string(text))); ; {
		cal, err := dec.Decode()
		if err == io.EOF {
			break
		}
		if err != nil {
			return refuse("cannot be read: %v", err)
		}
		for _, c := range cal.Children {
			switch c.Name {
			case ical.CompFreeBusy:
				err = f.periods(c)
			case ical.CompEvent:
				err = f.event(c)
			default:
				continue
			}
			components++
			if err != nil {
				return refuse("%v", err)
			}
			if len(f.list) > maxFreeBusyPeriods {
				return refuse("has more than %d busy periods", maxFreeBusyPeriods)
			}
		}
	}
	if components == 0 {
		return refuse("has neither VFREEBUSY nor VEVENT")
	}
	return f.list, nil
}

type freeBusy struct {
	zone     *time.Location
	from, to time.Time
	list     []BusyTime
}

func (f *freeBusy) add(start, end time.Time, tentative bool) {
	if start.Before(f.to) && end.After(f.from) && end.After(start) {
		f.list = append(f.list, BusyTime{start.UTC(), end.UTC(), tentative})
	}
}

// periods reads FREEBUSY lines: "start/end" or "start/duration", several with commas (RFC 5545, 3.8.2.6).
func (f *freeBusy) periods(c *ical.Component) error {
	for _, p := range c.Props[ical.PropFreeBusy] {
		kind := strings.ToUpper(p.Params.Get("FBTYPE"))
		if kind == "FREE" {
			continue
		}
		for _, period := range strings.Split(p.Value, ",") {
			begin, rest, ok := strings.Cut(strings.TrimSpace(period), "/")
			start, err := time.Parse("20060102T150405Z", begin)
			if !ok || err != nil {
				return fmt.Errorf("period %q is not understood", shorten(period))
			}
			end, err := time.Parse("20060102T150405Z", rest)
			if err != nil {
				length := ical.NewProp(ical.PropDuration)
				length.Value = rest
				d, err := length.Duration()
				if err != nil {
					return fmt.Errorf("period %q is not understood", shorten(period))
				}
				end = start.Add(d)
			}
			f.add(start, end, kind == "BUSY-TENTATIVE")
		}
	}
	return nil
}

// event reads an event with its repetitions.
func (f *freeBusy) event(c *ical.Component) error {
	word := func(name string) string {
		if p := c.Props.Get(name); p != nil {
			return strings.ToUpper(strings.TrimSpace(p.Value))
		}
		return ""
	}
	status := word(ical.PropStatus)
	if status == "CANCELLED" || word(ical.PropTransparency) == "TRANSPARENT" {
		return nil
	}
	f.knownZones(c)
	e := ical.Event{Component: c}
	start, err := e.DateTimeStart(f.zone)
	if err != nil || start.IsZero() {
		return fmt.Errorf("an event has no start that is understood")
	}
	end, err := e.DateTimeEnd(f.zone)
	if err != nil {
		return fmt.Errorf("the event of %s has no end that is understood", start.Format(time.DateOnly))
	}
	more, lengths, err := f.moments(c, ical.PropRecurrenceDates)
	if err != nil {
		return fmt.Errorf("the repetition of the event of %s %w", start.Format(time.DateOnly), err)
	}
	less, _, err := f.moments(c, ical.PropExceptionDates)
	if err != nil {
		return fmt.Errorf("the repetition of the event of %s %w", start.Format(time.DateOnly), err)
	}
	if c.Props.Get(ical.PropRecurrenceRule) == nil && len(more)+len(less) > 0 { // what is named one by one comes to what is there once
		c.Props.Set(&ical.Prop{Name: ical.PropRecurrenceRule, Value: "FREQ=DAILY;COUNT=1"})
	}
	delete(c.Props, ical.PropExceptionDates) // the library reads no lists of them, and none of the others
	set, err := c.RecurrenceSet(f.zone)
	if rule, fault := c.Props.RecurrenceRule(); fault == nil && rule != nil && standsStill(rule.Freq.String(), rule.Interval, start, [3][]int{rule.Byhour, rule.Byminute, rule.Bysecond}) {
		return fmt.Errorf("the repetition of the event of %s never comes to the time of day that it asks for", start.Format(time.DateOnly))
	}
	if err != nil {
		return fmt.Errorf("the repetition of the event of %s is not understood", start.Format(time.DateOnly))
	}
	if set == nil {
		f.add(start, end, status == "TENTATIVE")
		return nil
	}
	set.SetRDates(more)
	set.SetExDates(less)
	next := set.Iterator()
	for n := 0; ; n++ { // one by one: a list of every second for years would not fit into memory
		again, more := next()
		switch {
		case !more || !again.Before(f.to) || len(f.list) > maxFreeBusyPeriods:
			return nil
		case n > maxRepetitions:
			return fmt.Errorf("the event of %s repeats more than %d times", start.Format(time.DateOnly), maxRepetitions)
		}
		length, own := lengths[again.Unix()]
		if !own {
			length = end.Sub(start)
		}
		f.add(again, again.Add(length), status == "TENTATIVE")
	}
}

// moments reads the times that a property names one by one, several with commas (RFC 5545, 3.8.5.1 and 3.8.5.2), and by the
// seconds of its start the length of each that is a period.
func (f *freeBusy) moments(c *ical.Component, name string) (list []time.Time, lengths map[int64]time.Duration, err error) {
	lengths = map[int64]time.Duration{}
	for _, p := range c.Props[name] {
		for _, text := range strings.Split(p.Value, ",") {
			begin, rest, period := strings.Cut(strings.TrimSpace(text), "/")
			one := ical.Prop{Name: name, Params: maps.Clone(p.Params), Value: begin}
			if period {
				delete(one.Params, ical.ParamValue)
			}
			start, err := one.DateTime(f.zone)
			if err != nil {
				return nil, nil, fmt.Errorf("names %q, which is not understood", shorten(text))
			}
			if period {
				length, err := f.lengthOf(one, start, rest)
				if err != nil {
					return nil, nil, fmt.Errorf("names %q, which is not understood", shorten(text))
				}
				lengths[start.Unix()] = max(length, lengths[start.Unix()])
			}
			if list = append(list, start); len(list) > maxRepetitions {
				return nil, nil, fmt.Errorf("names more than %d times", maxRepetitions)
			}
		}
	}
	return list, lengths, nil
}

// lengthOf reads how long a period takes from what stands behind its start: its end, in the zone of the start, or a length.
func (f *freeBusy) lengthOf(p ical.Prop, start time.Time, text string) (time.Duration, error) {
	p.Value = text
	if end, err := p.DateTime(f.zone); err == nil {
		return end.Sub(start), nil
	}
	length := ical.NewProp(ical.PropDuration)
	length.Value = text
	return length.Duration()
}

// standsStill reports whether a rule that repeats within the day asks for hours, minutes or seconds to which its steps never
// come. The library looks for the next one without end.
func standsStill(frequency string, interval int, start time.Time, asked [3][]int) bool {
	seconds := map[string]int{"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}[frequency]
	if seconds == 0 {
		return false
	}
	const day = 24 * 3600
	step := max(interval, 1) % (day / seconds) * seconds
	hour, minute, second := start.Clock()
	begin := hour*3600 + minute*60 + second
	wanted := func(list []int, n, unit int) bool { // what is shorter than a step is no condition for it
		return len(list) == 0 || unit < seconds || slices.Contains(list, n)
	}
	for at := (begin + step) % day; ; at = (at + step) % day {
		if wanted(asked[0], at/3600, 3600) && wanted(asked[1], at/60%60, 60) && wanted(asked[2], at%60, 1) {
			return false
		}
		if at == begin {
			return true
		}
	}
}

// knownZones takes away the names of zones that are not in the IANA database, as some programs write them: such times are
// read as the owner's.
func (f *freeBusy) knownZones(c *ical.Component) {
	for name, props := range c.Props {
		for i := range props {
			if id := props[i].Params.Get("TZID"); id != "" {
				if _, err := time.LoadLocation(id); err != nil || strings.EqualFold(id, "local") { // offsets by name are fine in a single file
					delete(c.Props[name][i].Params, "TZID")
				}
			}
		}
	}
}
