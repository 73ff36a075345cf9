package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// transition is a change of clocks.
type transition struct {
	at       time.Time
	from, to int // seconds east of UTC
	name     string
	summer   bool
}

// wall returns what the clocks showed at the change, as RFC 5545 writes its onset: before the change.
func (t transition) wall() time.Time { return t.at.UTC().Add(time.Duration(t.from) * time.Second) }

// timezoneComponent describes a zone for events between two moments. Changes that come every year are written as
// rules, irregular ones (Cairo, Casablanca, Gaza) one by one for five years beyond.
func timezoneComponent(zone *time.Location, from, until time.Time) *ical.Component {
	c := ical.NewComponent(ical.CompTimezone)
	setRaw(c, ical.PropTimezoneID, zone.String())
	setRaw(c, "X-LIC-LOCATION", zone.String())
	// From a year before, so that the rule in force at the event has begun.
	base := time.Date(from.UTC().Year()-1, 1, 1, 0, 0, 0, 0, time.UTC)
	all := transitions(zone, base, time.Date(until.UTC().Year()+12, 1, 1, 0, 0, 0, 0, time.UTC))
	if rules := yearly(all); rules != nil {
		for i, rule := range rules {
			observance(c, all[i], all[i].wall(), rule)
		}
		return c
	}
	name, offset := base.In(zone).Zone()
	first := transition{from: offset, to: offset, name: name, summer: base.In(zone).IsDST()}
	observance(c, first, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), "")
	for _, t := range all {
		if t.at.Year() <= until.UTC().Year()+5 {
			observance(c, t, t.wall(), "")
		}
	}
	return c
}

func observance(c *ical.Component, t transition, onset time.Time, rule string) {
	kind := ical.CompTimezoneStandard
	if t.summer {
		kind = ical.CompTimezoneDaylight
	}
	o := ical.NewComponent(kind)
	setRaw(o, ical.PropDateTimeStart, onset.Format("20060102T150405"))
	setRaw(o, ical.PropTimezoneOffsetFrom, utcOffset(t.from))
	setRaw(o, ical.PropTimezoneOffsetTo, utcOffset(t.to))
	setRaw(o, ical.PropTimezoneName, t.name)
	if rule != "" {
		setRaw(o, ical.PropRecurrenceRule, rule)
	}
	c.Children = append(c.Children, o)
}

// transitions lists the changes of offset between two moments.
func transitions(zone *time.Location, from, until time.Time) (all []transition) {
	for {
		at := nextChange(from, zone)
		if at.IsZero() || at.After(until) {
			return all
		}
		_, before := at.Add(-time.Second).In(zone).Zone()
		name, after := at.In(zone).Zone()
		all = append(all, transition{at, before, after, name, at.In(zone).IsDST()})
		from = at
	}
}

// yearly returns the rules of two changes that come back every year, nil when they do not.
func yearly(all []transition) []string {
	all = all[:len(all)/2*2]
	if len(all) < 20 {
		return nil
	}
	var rules []string
	for p := range 2 {
		first := all[p].wall()
		nth, last := true, true // the rule is "the nth weekday", or "the nth weekday from the end"
		for i := p; i < len(all); i += 2 {
			t, w := all[i], all[i].wall()
			if w.Year() != first.Year()+i/2 || w.Month() != first.Month() || w.Weekday() != first.Weekday() ||
				w.Hour() != first.Hour() || w.Minute() != first.Minute() || t.from != all[p].from || t.to != all[p].to {
				return nil
			}
			nth = nth && fromStart(w) == fromStart(first)
			last = last && fromEnd(w) == fromEnd(first)
		}
		k := fromStart(first)
		if last {
			k = fromEnd(first)
		} else if !nth {
			return nil
		}
		day := strings.ToUpper(first.Weekday().String()[:2])
		rules = append(rules, fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), k, day))
	}
	return rules
}

// fromStart returns 1 for the first such weekday of its month; fromEnd returns -1 for the last.
func fromStart(day time.Time) int { return (day.Day()-1)/7 + 1 }

func fromEnd(day time.Time) int {
	last := firstOfMonth(day).AddDate(0, 1, -1).Day()
	return -((last-day.Day())/7 + 1)
}

// utcOffset writes "+0500", with seconds where there are any.
func utcOffset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	s := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
