package calendar

import (
	"fmt"
	"strings"
	"time"
)

// ZoneError says why a time zone is refused.
type ZoneError struct{ Zone, Cure string }

func (e *ZoneError) Error() string { return fmt.Sprintf("time zone %q is not known", shorten(e.Zone)) }

// Hint returns what to write instead.
func (e *ZoneError) Hint() string { return e.Cure }

// LoadZone returns a zone of the IANA database by name. It is the one rule about what a zone may be, for files, options and
// commands: names that depend on the machine ("", "Local") are refused, and so are offsets, also those that the database
// has ("Etc/GMT+5", which is five hours behind): a schedule has to know when its clocks change.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil, &ZoneError{name, zoneHint(name)}
	}
	loc, err := time.LoadLocation(name)
	if err != nil || offsetForm.MatchString(name) {
		return nil, &ZoneError{name, zoneHint(name)}
	}
	return loc, nil
}

// interval is a stretch of time with one offset from UTC. Zero bounds are open.
type interval struct {
	start, end time.Time
	offset     time.Duration
}

// intervalAt returns the stretch that holds a moment.
func intervalAt(moment time.Time, zone *time.Location) interval {
	return interval{lastChange(moment, zone), nextChange(moment, zone), offsetAt(moment, zone)}
}

func offsetAt(moment time.Time, zone *time.Location) time.Duration {
	_, seconds := moment.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// maxBounds is how many bounds are looked at for a change: beyond 2037 ZoneBounds also names the ends of years, at which
// nothing changes, and on the last day of a leap year it names an end that is not later than the moment.
const maxBounds = 50

// nextChange returns when the offset changes next after a moment, the zero time when it does not.
func nextChange(moment time.Time, zone *time.Location) time.Time {
	for range maxBounds {
		_, end := moment.In(zone).ZoneBounds()
		switch {
		case end.IsZero():
			return time.Time{}
		case !end.After(moment):
			moment = moment.Add(25 * time.Hour)
		case offsetAt(end.Add(-time.Nanosecond), zone) != offsetAt(end, zone):
			return end.UTC()
		default:
			moment = end
		}
	}
	return time.Time{}
}

// lastChange returns when the offset of a moment began, the zero time when it always was.
func lastChange(moment time.Time, zone *time.Location) time.Time {
	for range maxBounds {
		start, _ := moment.In(zone).ZoneBounds()
		switch {
		case start.IsZero():
			return time.Time{}
		case start.After(moment):
			moment = moment.Add(-25 * time.Hour)
		case offsetAt(start.Add(-time.Nanosecond), zone) != offsetAt(start, zone):
			return start.UTC()
		default:
			moment = start.Add(-time.Nanosecond)
		}
	}
	return time.Time{}
}

// wall is what the clocks show in the interval, written as UTC.
func (i interval) wall(moment time.Time) time.Time { return moment.UTC().Add(i.offset) }

// shown returns the latest time that clocks showed before the interval began, at least the time at its beginning: wall
// times before it are repeated ones. Clocks went back by at most a day (the date line), so two days are looked at.
func (i interval) shown(zone *time.Location) time.Time {
	if i.start.IsZero() {
		return time.Time{}
	}
	latest, at := i.wall(i.start), i.start
	for !at.IsZero() && at.After(i.start.Add(-48*time.Hour)) {
		before := intervalAt(at.Add(-time.Nanosecond), zone)
		if w := before.wall(at); w.After(latest) {
			latest = w
		}
		at = before.start
	}
	return latest
}
