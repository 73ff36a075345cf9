package file

import (
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

func specOf(s programme.Schedule) (calendar.Spec, error) {
	return calendar.ParseSpec(s.Spec, s.Timezone, calendar.SpecOptions{AllowOr: s.AllowOr, Anchor: s.StartsOn.Time()})
}

// maxJitter bounds how far a fire may be put off, for schedules that fire seldom.
const maxJitter = 24 * time.Hour

// checkTiming holds the lengths of time of a schedule to each other. A grace that outlasts the deadline would call a fire
// on time that is given up; a jitter as long as the time between two fires would let them change places.
func checkTiming(s programme.Schedule) (key string, err error) {
	read := func(text programme.Span) time.Duration {
		span, spanErr := calendar.ParseSpan(string(text))
		if spanErr != nil {
			err = spanErr
		}
		return span.Duration()
	}
	grace, deadline, jitter := read(s.Grace), read(s.Deadline), read(s.Jitter)
	spec, specErr := specOf(s)
	if err != nil || specErr != nil {
		return "", nil // said where the value stands
	}
	if grace > deadline {
		return "grace", fmt.Errorf("%s is longer than the deadline, %s: write a shorter grace or a longer deadline", s.Grace, s.Deadline)
	}
	bound, why := maxJitter, "a day"
	if apart := shortest(spec); apart > 0 && apart <= bound {
		bound, why = apart, fmt.Sprintf("the shortest time between two fires, %v", apart)
	}
	if jitter >= bound {
		return "jitter", fmt.Errorf("%s is not shorter than %s", s.Jitter, why)
	}
	return "", nil
}

// firesCompared is how many fires are looked at for the shortest time between two.
const firesCompared = 400

// shortest returns the shortest time between two fires of some years from 2026 on, 0 where there are not two.
func shortest(spec calendar.Spec) (apart time.Duration) {
	var last time.Time
	n := 0
	for at := range spec.Fires(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		if d := at.Sub(last); n > 0 && (apart == 0 || d < apart) {
			apart = d
		}
		last = at
		if n++; n == firesCompared {
			break
		}
	}
	return apart
}
