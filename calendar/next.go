package calendar

import (
	"iter"
	"time"
)

// Next returns the first moment after the given one at which the schedule fires, in the schedule's zone; the zero time
// when it never does again.
func (s Spec) Next(after time.Time) time.Time {
	for fire := range s.Fires(after) {
		return fire
	}
	return time.Time{}
}

// Fires yields the moments after the given one at which the schedule fires, in the schedule's zone, without end unless the
// schedule has one.
//
// The wall clock decides. With a fixed hour, a time that the clocks jump over fires at the end of the jump, and a time
// that they show twice fires once, the first time. With a wildcard hour, a time that does not exist does not fire, and
// one that is shown twice fires twice. Moments are strictly increasing in every zone.
func (s Spec) Fires(after time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		if s.times == nil {
			return
		}
		at := intervalAt(after, s.zone)
		from, seen := at.wall(after).Truncate(time.Second), s.seen(at) // only wall times later than both fire
		for changes := 0; changes < maxIntervals; {
			if from.Before(seen) {
				from = seen
			}
			wall := s.times.after(from)
			if wall.IsZero() {
				return
			}
			if fire := wall.Add(-at.offset); at.end.IsZero() || fire.Before(at.end) {
				if !yield(fire.In(s.zone)) {
					return
				}
				from, changes = wall, 0
				continue
			}
			next := intervalAt(at.end, s.zone)
			if s.inGap(wall, at, next) {
				if !yield(at.end.In(s.zone)) {
					return
				}
				from, changes = next.wall(next.start), 0
			} else {
				from = next.wall(next.start).Add(-time.Second)
				changes++
			}
			at, seen = next, s.seen(next)
		}
	}
}

// maxIntervals bounds the walk without a fire: five years of a zone that changes its clocks four times a year, twenty
// times over.
const maxIntervals = 400

// seen returns the last second of wall time that the clocks have shown before an interval, the zero time when those
// fire again.
func (s Spec) seen(at interval) time.Time {
	if s.times.everyHour() {
		return time.Time{}
	}
	return at.shown(s.zone).Add(-time.Second)
}

// inGap reports whether a wall time that the first interval did not reach is jumped over at its end and fires there.
func (s Spec) inGap(wall time.Time, at, next interval) bool {
	if s.times.everyHour() {
		return false
	}
	return !wall.Before(at.wall(at.end)) && wall.Before(next.wall(next.start))
}

// Last returns the latest n fires that are not later than a moment, oldest first; fewer where the schedule has fewer in
// the five years before. Its cost does not grow with how long ago the schedule began.
func (s Spec) Last(n int, until time.Time) (fires []time.Time) {
	for back := time.Hour; ; back *= 4 {
		fires = fires[:0]
		for fire := range s.Fires(until.Add(-back)) {
			if fire.After(until) {
				break
			}
			fires = append(fires, fire)
		}
		if len(fires) >= n {
			return fires[len(fires)-n:]
		}
		if back > 5*366*24*time.Hour {
			return fires
		}
	}
}
