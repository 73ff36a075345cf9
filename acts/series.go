package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// Series is a series of sessions with what is on record of it.
type Series struct {
	meetings.SeriesState
	Council string
	Reasons map[programme.Date]string // of what is skipped
	facts   store.SeriesFacts
}

// loadSeries reads all series. Sessions that bear the name of an occurrence become one.
func loadSeries(ctx context.Context, tx *store.Tx, p *planning) ([]Series, error) {
	facts, err := tx.SeriesFacts(ctx)
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	list := make([]Series, 0, len(facts))
	for _, f := range facts {
		if s, ok := p.seriesOf(f); ok {
			list = append(list, s)
		}
	}
	if err := adopt(ctx, tx, list); err != nil {
		return nil, err
	}
	rows, err := tx.SeriesOccurrences(ctx)
	if err != nil {
		return nil, err
	}
	skips, err := tx.SeriesSkips(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		s := &list[i]
		for _, r := range rows {
			if r.SeriesID == s.facts.ID {
				s.Occurrences = append(s.Occurrences, meetings.Occurrence{On: r.On, Session: r.Session, State: r.State, OpensAt: r.OpensAt, ClosesAt: r.ClosesAt,
					GivenOpens: r.GeneratedOpens, GivenCloses: r.GeneratedCloses, Filled: r.Filled})
			}
		}
		for _, k := range skips {
			if k.SeriesID == s.facts.ID {
				s.Skipped[k.On], s.Reasons[k.On] = true, k.Reason
			}
		}
	}
	return list, anchor(ctx, tx, list)
}

func (p *planning) seriesOf(f store.SeriesFacts) (Series, bool) {
	for _, c := range p.councils {
		for _, e := range c.Series {
			if c.Ref == f.Council && e.Ref == f.Ref {
				m := meetings.Meeting{Council: c, Holidays: p.holidays}
				s := Series{Council: c.Ref, Reasons: map[programme.Date]string{}, facts: f,
					SeriesState: meetings.SeriesState{Series: e, Zone: m.Zone(), Workdays: m.Workdays(), Skipped: map[programme.Date]bool{}}}
				if f.AnchorOn != nil {
					s.Anchor = *f.AnchorOn
				}
				return s, true
			}
		}
	}
	return Series{}, false
}

// adopt takes sessions into the series that they are named after: an export that comes back finds its drafts.
func adopt(ctx context.Context, tx *store.Tx, list []Series) error {
	named, err := tx.NamedOccurrences(ctx)
	if err != nil {
		return err
	}
	for _, n := range named {
		i := slices.IndexFunc(list, func(s Series) bool { return s.facts.ID == n.SeriesID })
		day, err := programme.ParseDate(n.Day)
		if i < 0 || err != nil {
			continue // the name only looks like one
		}
		given, ok, err := list[i].On(day)
		if err != nil || !ok {
			given = meetings.Occurrence{}
		}
		if err := tx.AdoptOccurrence(ctx, n, day, given.GivenOpens, given.GivenCloses); err != nil {
			return err
		}
	}
	return nil
}

// anchor gives each series the day from which it counts: that of its first session, else today.
func anchor(ctx context.Context, tx *store.Tx, list []Series) error {
	for i := range list {
		s := &list[i]
		if !s.Anchor.IsZero() {
			continue
		}
		if s.Anchor = programme.DateOf(tx.Now, s.Zone); len(s.Occurrences) > 0 {
			s.Anchor = s.Occurrences[0].On
		}
		if err := tx.AnchorSeries(ctx, s.facts.ID, s.Anchor); err != nil {
			return err
		}
	}
	return nil
}

// keepSeries makes the drafts of all series agree with them and returns how many it touched. fault names series that
// cannot be read.
func (a *Acts) keepSeries(ctx context.Context, tx *store.Tx, p *planning) (touched int, fault, err error) {
	list, err := loadSeries(ctx, tx, p)
	if err != nil {
		return 0, nil, err
	}
	for _, s := range list {
		diff, wrong := s.Plan(tx.Now)
		if wrong != nil || diff.Empty() {
			fault = errors.Join(fault, wrong)
			continue
		}
		if err := a.applySeries(ctx, tx, p, s, diff, "series"); err != nil {
			return touched, fault, err
		}
		touched += len(diff.Create) + len(diff.Move) + len(diff.Retire)
	}
	return touched, fault, nil
}

// applySeries writes what the plan of a series says.
func (a *Acts) applySeries(ctx context.Context, tx *store.Tx, p *planning, s Series, diff meetings.SeriesDiff, actor string) error {
	i := slices.IndexFunc(p.councils, func(c programme.Council) bool { return c.Ref == s.Council })
	c := &p.councils[i]
	for _, o := range diff.Retire {
		if err := tx.RetireDraft(ctx, o.Session); err != nil {
			return err
		}
	}
	for _, o := range diff.Move {
		if err := tx.MoveOccurrence(ctx, o.Session, o.OpensAt, o.ClosesAt); err != nil {
			return err
		}
	}
	for _, o := range diff.Create {
		draft := draftOf(*c, o)
		if err := tx.CreateOccurrence(ctx, s.facts, o.On, draft, a.domain()); err != nil {
			return err
		}
		c.Sessions = append(c.Sessions, draft) // the next one is numbered after it
	}
	return tx.Audit(ctx, actor, "series kept", "series "+s.Series.Ref, nil, SeriesLines(diff))
}

// draftOf is a session as the series makes it: numbered on, and where and how the council met last.
func draftOf(c programme.Council, o meetings.Occurrence) programme.Session {
	s := programme.Session{Ref: o.Session, Kind: "regular", State: meetings.Draft, OpensAt: o.OpensAt, ClosesAt: o.ClosesAt, Mode: "in-person",
		Confidentiality: "public", Title: programme.Text{}}
	var last programme.Session
	for _, e := range c.Sessions {
		s.Number = max(s.Number, e.Number)
		if e.Kind == "regular" && !e.OpensAt.Before(last.OpensAt) {
			last = e
		}
	}
	s.Number++
	if last.Ref != "" {
		s.Mode, s.Venue, s.OnlineURL, s.Confidentiality = last.Mode, last.Venue, last.OnlineURL, last.Confidentiality
	}
	for language, name := range c.Name {
		s.Title[language] = fmt.Sprintf("%s (%d)", name, s.Number)
	}
	return s
}

// SeriesLines says in words what a plan of a series does to which draft.
func SeriesLines(d meetings.SeriesDiff) (lines []string) {
	for _, o := range d.Create {
		lines = append(lines, fmt.Sprintf("+ %s  %s", o.Session, o.OpensAt.Format("2006-01-02 15:04")))
	}
	for _, o := range d.Move {
		lines = append(lines, fmt.Sprintf("~ %s  %s", o.Session, o.OpensAt.Format("2006-01-02 15:04")))
	}
	for _, o := range d.Retire {
		lines = append(lines, "- "+o.Session)
	}
	return lines
}

// ListSeries returns all series with their sessions.
func (a *Acts) ListSeries(ctx context.Context) (list []Series, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		list, err = loadSeries(ctx, tx, p)
		return err
	})
	return list, err
}
