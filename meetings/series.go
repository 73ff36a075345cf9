package meetings

import (
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// SeriesState is a series with all that is on record of it.
type SeriesState struct {
	Series      programme.Series
	Zone        *time.Location
	Workdays    calendar.Workdays
	Anchor      programme.Date // from which "every 6 weeks" counts
	Occurrences []Occurrence
	Skipped     map[programme.Date]bool
}

// Occurrence is a session of a series. On is the day by which the rule knows it, wherever it was moved since.
type Occurrence struct {
	On                programme.Date
	Session           string
	State             string
	OpensAt, ClosesAt time.Time
	GivenOpens        time.Time // as the series gave them; other times are an exception
	GivenCloses       time.Time
	Filled            bool // it has an agenda or papers
}

// Exception reports whether somebody gave the session times of its own, which the series leaves alone.
func (o Occurrence) Exception() bool {
	return !o.OpensAt.Equal(o.GivenOpens) || !o.ClosesAt.Equal(o.GivenCloses)
}

// SeriesDiff is what is to be done so that the drafts of a series are as it says.
type SeriesDiff struct {
	Create []Occurrence
	Move   []Occurrence // with the times that they get
	Retire []Occurrence // drafts of days that the series no longer has
}

// Empty reports whether nothing is to be done.
func (d SeriesDiff) Empty() bool { return len(d.Create)+len(d.Move)+len(d.Retire) == 0 }

// seriesRule is a series with its words understood.
type seriesRule struct {
	SeriesState
	rule  calendar.Rule
	clock time.Duration
	lasts time.Duration
}

func (s SeriesState) read() (r seriesRule, err error) {
	r.SeriesState = s
	if r.rule, err = calendar.ParseRule(s.Series.Rule); err != nil {
		return r, fmt.Errorf("series %s: %w", s.Series.Ref, err)
	}
	if r.clock, err = calendar.ParseClock(s.Series.LocalStart); err != nil {
		return r, fmt.Errorf("series %s: %w", s.Series.Ref, err)
	}
	span, err := calendar.ParseSpan(string(s.Series.Lasts))
	if err != nil {
		return r, fmt.Errorf("series %s: %w", s.Series.Ref, err)
	}
	if r.lasts = span.Duration(); r.lasts <= 0 {
		return r, fmt.Errorf("series %s: a session that lasts %s has no end", s.Series.Ref, s.Series.Lasts)
	}
	return r, nil
}

// after returns the occurrence on the first day of the rule that is later than the given one; false when there is none.
func (r seriesRule) after(day programme.Date) (Occurrence, bool) {
	next := r.rule.After(day.Time(), r.Anchor.Time(), r.Workdays)
	if next.IsZero() || !r.Series.Until.IsZero() && dateOf(next).After(r.Series.Until) {
		return Occurrence{}, false
	}
	opens := calendar.Moment(next, r.clock, r.Zone)
	on := dateOf(next)
	return Occurrence{On: on, Session: r.Series.Ref + "-" + on.String(), State: Draft, OpensAt: opens, ClosesAt: opens.Add(r.lasts),
		GivenOpens: opens, GivenCloses: opens.Add(r.lasts)}, true
}

// on returns the occurrence of a day; false when the rule does not have it.
func (r seriesRule) on(day programme.Date) (Occurrence, bool) {
	o, ok := r.after(day.AddDays(-1))
	return o, ok && o.On == day
}

// On returns the occurrence of a day; false when the series has none there.
func (s SeriesState) On(day programme.Date) (o Occurrence, ok bool, err error) {
	r, err := s.read()
	if err != nil {
		return o, false, err
	}
	o, ok = r.on(day)
	return o, ok, nil
}

// Plan returns what makes the drafts agree with the series: the next KeepAhead occurrences that are not skipped, each at its
// time on the council's clock. Only drafts that nobody gave times of their own are moved or retired, and none is retired
// that has an agenda or papers, unless its day is skipped; what is announced, past or an exception stays as it is.
func (s SeriesState) Plan(now time.Time) (d SeriesDiff, err error) {
	r, err := s.read()
	if err != nil {
		return d, err
	}
	known := map[programme.Date]bool{}
	for _, o := range s.Occurrences {
		known[o.On] = true
		if o.State == Draft && s.Skipped[o.On] {
			d.Retire = append(d.Retire, o)
			continue
		}
		if o.State != Draft || o.Exception() || !o.OpensAt.After(now) {
			continue
		}
		want, ok := r.on(o.On)
		switch {
		case !ok:
			if !o.Filled {
				d.Retire = append(d.Retire, o)
			}
		case !want.OpensAt.Equal(o.OpensAt) || !want.ClosesAt.Equal(o.ClosesAt):
			want.Session, want.Filled = o.Session, o.Filled
			d.Move = append(d.Move, want)
		}
	}
	day := programme.DateOf(now, s.Zone).AddDays(-1)
	for left := s.Series.KeepAhead; left > 0; {
		o, ok := r.after(day)
		if !ok {
			break
		}
		if day = o.On; !o.OpensAt.After(now) || s.Skipped[day] {
			continue
		}
		left--
		if !known[day] {
			d.Create = append(d.Create, o)
		}
	}
	return d, nil
}
