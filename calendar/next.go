package calendar

import "time"

// Next returns the first moment after the given one at which the schedule fires, in the schedule's zone; the zero time
// when it never does again.
//
// The wall clock decides. With a fixed hour, a time that the clocks jump over fires at the end of the jump, and a time
// that they show twice fires once, the first time. With a wildcard hour, a time that does not exist does not fire, and
// one that is shown twice fires twice. Moments are strictly increasing in every zone.
func (s Spec) Next(after time.Time) time.Time {
	if s.times == nil {
		return time.Time{}
	}
	at := intervalAt(after, s.zone)
	from := at.wall(after).Truncate(time.Second) // wall times later than this one
	for range maxIntervals {
		wall := s.times.after(s.unseen(from, at))
		if wall.IsZero() {
			return time.Time{}
		}
		if fire := wall.Add(-at.offset); at.end.IsZero() || fire.Before(at.end) {
			return fire.In(s.zone)
		}
		next := intervalAt(at.end, s.zone)
		if s.inGap(wall, at, next) {
			return at.end.In(s.zone)
		}
		at, from = next, next.wall(next.start).Add(-time.Second)
	}
	return time.Time{}
}

// maxIntervals bounds the walk: five years of a zone that changes its clocks four times a year, twenty times over.
const maxIntervals = 400

// unseen moves the starting point past wall times that the clocks have shown before, unless those fire again.
func (s Spec) unseen(from time.Time, at interval) time.Time {
	if s.times.everyHour() {
		return from
	}
	if shown := at.shown(s.zone).Add(-time.Second); shown.After(from) {
		return shown
	}
	return from
}

// inGap reports whether a wall time that the first interval did not reach is jumped over at its end and fires there.
func (s Spec) inGap(wall time.Time, at, next interval) bool {
	if s.times.everyHour() {
		return false
	}
	return !wall.Before(at.wall(at.end)) && wall.Before(next.wall(next.start))
}
