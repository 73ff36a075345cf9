package calendar

import "time"

// Day returns the civil day that a moment shows in its own location, as midnight UTC.
func Day(moment time.Time) time.Time {
	y, m, d := moment.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// DayIn returns the civil day of a moment on the clocks of zone.
func DayIn(moment time.Time, zone *time.Location) time.Time { return Day(moment.In(zone)) }

// DaysBetween returns how many days later to is than from.
func DaysBetween(from, to time.Time) int { return int(to.Sub(from).Hours()) / 24 }

// Moment returns the moment at which the clocks of zone show the given time of day on a day. A time that they jump over
// is the end of the jump; of one that they show twice it is the first.
func Moment(day time.Time, clock time.Duration, zone *time.Location) time.Time {
	wall := Day(day).Add(clock)
	for at := intervalAt(wall.Add(-26*time.Hour), zone); ; { // no zone is further from UTC than that
		fire := wall.Add(-at.offset)
		switch {
		case at.end.IsZero() || fire.Before(at.end):
			if fire.Before(at.start) { // jumped over at its beginning
				return at.start.In(zone)
			}
			return fire.In(zone)
		default:
			at = intervalAt(at.end, zone)
		}
	}
}

// EndOfDay returns the last second of a day on the clocks of zone: when a duty of that day is due.
func EndOfDay(day time.Time, zone *time.Location) time.Time {
	return Moment(day.AddDate(0, 0, 1), 0, zone).Add(-time.Second)
}

// LocalTimes returns the moments at which the clocks of zone show a wall time, given as if it were UTC: none in a
// spring gap, two in a repeated hour, else one.
func LocalTimes(wall time.Time, zone *time.Location) []time.Time {
	var moments []time.Time
	for at := intervalAt(wall.Add(-26*time.Hour), zone); ; at = intervalAt(at.end, zone) {
		fire := wall.Add(-at.offset)
		if !fire.Before(at.start) && (at.end.IsZero() || fire.Before(at.end)) {
			moments = append(moments, fire.In(zone))
		}
		if at.end.IsZero() || at.end.After(wall.Add(26*time.Hour)) {
			return moments
		}
	}
}

func firstOfMonth(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// floorDiv divides towards minus infinity.
func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
