package calendar

import (
	"bytes"
	"fmt"

	"github.com/emersion/go-ical"
)

// feedRefresh is how often programs are asked to fetch a feed again.
const feedRefresh = "PT4H"

// Feed writes published events as one calendar with a name. The same events give the same bytes. An event of another
// method than PUBLISH, or with an attendee, is refused: a feed says nothing about people.
func Feed(name string, events []Event) (string, error) {
	cal := ical.NewCalendar()
	setRaw(cal.Component, ical.PropVersion, "2.0")
	setRaw(cal.Component, ical.PropProductID, "-//secretariat//secretariat 1//EN")
	setRaw(cal.Component, ical.PropCalendarScale, "GREGORIAN")
	setRaw(cal.Component, ical.PropMethod, MethodPublish)
	if name = cleanText(name); name != "" {
		for _, property := range []string{"NAME", "X-WR-CALNAME"} { // RFC 7986, and what programs read in fact
			p := ical.NewProp(property)
			p.SetText(name)
			cal.Props.Set(p)
		}
	}
	setRaw(cal.Component, "REFRESH-INTERVAL", feedRefresh).Params.Set("VALUE", "DURATION")
	setRaw(cal.Component, "X-PUBLISHED-TTL", feedRefresh)
	addZones(cal, events)
	for _, e := range events {
		if e.Method != MethodPublish {
			return "", fmt.Errorf("encode feed: event %s has method %s", e.UID, e.Method)
		}
		if err := e.check(); err != nil {
			return "", err
		}
		cal.Children = append(cal.Children, e.component())
	}
	if len(events) == 0 { // the encoder refuses a calendar without components, as RFC 5545 does; programs that fetch one do not
		return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//secretariat//secretariat 1//EN\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n", nil
	}
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return "", fmt.Errorf("encode feed: %w", err)
	}
	return fold(b.String()), nil
}

// addZones describes each zone once, over all the events on its clocks.
func addZones(cal *ical.Calendar, events []Event) {
	done := map[string]bool{}
	for _, e := range events {
		if e.AllDay || e.Zone == nil || e.Zone.String() == "UTC" || done[e.Zone.String()] {
			continue
		}
		done[e.Zone.String()] = true
		from, to := e.Start, e.End
		for _, other := range events {
			if !other.AllDay && other.Zone != nil && other.Zone.String() == e.Zone.String() {
				if other.Start.Before(from) {
					from = other.Start
				}
				if other.End.After(to) {
					to = other.End
				}
			}
		}
		cal.Children = append(cal.Children, timezoneComponent(e.Zone, from, to))
	}
}
