package acts

import (
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
	"secretariat/store"
)

const (
	// listedSkips is how many fires passed over in one go have a row each; more are told by one row.
	listedSkips = 50
	// countedFires bounds how many fires that came while nobody looked are counted one by one: a year of a daily schedule.
	// A schedule of every minute has half a million in a year.
	countedFires = 400
)

// civil is what schedules know of the programme's holidays.
type civil struct {
	work  calendar.Workdays
	names map[time.Time]string // of the days off, in the programme's first language
}

// civilOf reads the holidays of the calendar that a programme names.
func civilOf(info programme.Info, holidays []programme.Holiday) civil {
	c, days := civil{names: map[time.Time]string{}}, calendar.Holidays{}
	for _, h := range holidays {
		switch {
		case h.Calendar != info.Calendar:
		case h.Working:
			days.Working = append(days.Working, h.Date.Time())
		default:
			days.Off = append(days.Off, h.Date.Time())
			c.names[h.Date.Time()] = h.Name.In(info.Languages...)
		}
	}
	c.work = calendar.CalendarWorkdays(info.Calendar, days)
	return c
}

// holiday says that a day is one, with its name where it has one.
func (c civil) holiday(day time.Time) string {
	said := day.Format(time.DateOnly) + " is a holiday"
	if name := c.names[day]; name != "" {
		said += " (" + name + ")"
	}
	return said
}

// specOf reads when a schedule fires.
func specOf(text, zone string, startsOn programme.Date, allowOr bool, c civil) (calendar.Spec, error) {
	return calendar.ParseSpec(text, zone, calendar.SpecOptions{AllowOr: allowOr, Anchor: startsOn.Time(), Workdays: c.work})
}

// timing is a schedule's text read into values.
type timing struct {
	spec                    calendar.Spec
	grace, deadline, jitter time.Duration
	offset                  time.Duration // within the jitter, the same for every fire
	catchUp                 string
	limit                   int    // of missed fires that are made up for
	holiday                 string // what becomes of a fire on a holiday
	civil                   civil
}

func readTiming(s store.DueSchedule, c civil) (timing, error) {
	spec, err := specOf(s.Spec, s.Timezone, s.StartsOn, s.AllowOr, c)
	t := timing{spec: spec, catchUp: s.CatchUp, holiday: s.Holiday, civil: c}
	for _, f := range []struct {
		text string
		into *time.Duration
	}{{s.Grace, &t.grace}, {s.Deadline, &t.deadline}, {s.Jitter, &t.jitter}} {
		span, spanErr := calendar.ParseSpan(f.text)
		*f.into, err = span.Duration(), errors.Join(err, spanErr)
	}
	if t.jitter > 0 {
		h := fnv.New64a()
		h.Write([]byte(s.Ref))
		t.offset = (time.Duration(h.Sum64()%uint64(t.jitter)) / time.Second) * time.Second
	}
	switch s.CatchUp {
	case "latest":
		t.limit = 1
	case "all":
		t.limit = s.CatchUpLimit
	}
	if err != nil {
		return t, fmt.Errorf("schedule %s: %w", s.Ref, err)
	}
	return t, nil
}

// fires decides every fire of a schedule from its next one, which is due, up to now, oldest first, and returns the fire
// after now (zero for never). However long nobody looked, its work and its rows are bounded: fires that would be passed
// over anyway are then not counted one by one.
func (t timing) fires(first, now time.Time) (decided []store.Occurrence, next time.Time) {
	decided = append(decided, t.decide(first, now))
	jumped := 0 // how many were decided before fires were left out
	next = t.upTo(first, now, countedFires, &decided)
	if !next.IsZero() && !next.After(now) {
		jumped = len(decided)
		if tail := t.spec.Last(t.limit+1, now.Add(-t.grace)); len(tail) > 0 && tail[0].After(next) {
			next = tail[0]
		}
		next = t.upTo(next.Add(-time.Nanosecond), now, 0, &decided)
	}
	t.chooseMissed(decided)
	return summarised(decided, jumped), next
}

// upTo decides the fires after a moment up to now, at most limit (0 for all), and returns the one that follows.
func (t timing) upTo(after, now time.Time, limit int, decided *[]store.Occurrence) (next time.Time) {
	n := 0
	for at := range t.spec.Fires(after) {
		if n++; at.After(now) || n == limit {
			return at
		}
		*decided = append(*decided, t.decide(at, now))
	}
	return time.Time{}
}

// decide says what one fire comes to, the choice among those missed aside.
func (t timing) decide(at, now time.Time) store.Occurrence {
	due, runs, reason := t.due(at)
	o := store.Occurrence{FireAt: at, Decision: store.OnTime, Reason: reason, NotBefore: due.Add(t.offset)}
	switch late := now.Sub(due); {
	case !runs:
		o.Decision = store.Skipped
	case late > t.deadline:
		o.Decision, o.Reason = store.Skipped, "past its deadline"
	case late > t.grace:
		o.Decision = store.CatchUp
	}
	return o
}

// due says when a fire is to run, which is another day where it falls on a holiday that the schedule keeps, and whether it
// runs at all.
func (t timing) due(at time.Time) (due time.Time, runs bool, reason string) {
	local := at.In(t.spec.Zone())
	day := calendar.Day(local)
	if t.holiday == "send" || t.holiday == "" || !t.civil.work.Off(day) {
		return at, true, ""
	}
	reason = t.civil.holiday(day)
	if t.holiday == "skip" {
		return at, false, reason
	}
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	due = calendar.Moment(t.civil.work.Roll(day, "later"), clock, t.spec.Zone())
	if later := t.spec.Next(at); !later.IsZero() && !later.After(due) {
		return at, false, reason + "; the fire of " + later.Format("2006-01-02 15:04") + " covers it"
	}
	return due, true, "moved to " + due.Format(time.DateOnly) + ": " + reason
}

// chooseMissed leaves of the fires met late those that the catch-up rule runs.
func (t timing) chooseMissed(decided []store.Occurrence) {
	reason := map[string]string{"skip": "missed; catch_up is skip", "latest": "missed; a later one covers it", "all": fmt.Sprintf("missed; over the limit of %d", t.limit)}[t.catchUp]
	later := 0 // fires after the one looked at that run
	for i := len(decided) - 1; i >= 0; i-- {
		if decided[i].Decision == store.CatchUp && later >= t.limit {
			decided[i].Decision, decided[i].Reason = store.Skipped, reason
		}
		if decided[i].Decision != store.Skipped {
			later++
		}
	}
}

// summarised lets one row stand for a long run of skipped fires. jumped is how many were decided before some were left
// out, 0 when none were.
func summarised(decided []store.Occurrence, jumped int) []store.Occurrence {
	skipped := 0
	for _, o := range decided {
		if o.Decision == store.Skipped {
			skipped++
		}
	}
	if skipped <= listedSkips && jumped == 0 {
		return decided
	}
	var kept []store.Occurrence
	passed := 0
	for i, o := range decided {
		last := i+1 == len(decided) || decided[i+1].Decision != store.Skipped
		if o.Decision == store.Skipped && !last {
			passed++
			continue
		}
		if o.Decision == store.Skipped {
			if i >= jumped && i-passed <= jumped && jumped > 0 {
				o.Reason += "; there were more before"
			}
			o.SkippedBefore, passed = passed, 0
		}
		kept = append(kept, o)
	}
	return kept
}
