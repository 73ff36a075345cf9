package acts

import (
	"context"
	"errors"
	"strings"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// SeriesChange is a change of a series that somebody asks for: what it says anew, or a day that does not take place.
type SeriesChange struct {
	Ref, Actor string
	Edit       func(*programme.Series) // nil: no change of what it says
	Skip       programme.Date
	Reason     string
}

// ChangeSeries changes a series and what follows for its drafts; announced sessions and exceptions stay as they are. A
// preview changes nothing and returns the same. Every refusal is an ErrRefused.
func (a *Acts) ChangeSeries(ctx context.Context, c SeriesChange, preview bool) (diff meetings.SeriesDiff, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockSessions(ctx); err != nil {
			return err
		}
		if diff, err = a.changeSeries(ctx, tx, c); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		_, err := a.PlanRemindersIn(ctx, tx)
		return err
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return diff, err
}

func (a *Acts) changeSeries(ctx context.Context, tx *store.Tx, c SeriesChange) (diff meetings.SeriesDiff, err error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return diff, err
	}
	list, err := loadSeries(ctx, tx, p)
	if err != nil {
		return diff, err
	}
	s, err := findSeries(list, c.Ref)
	if err != nil {
		return diff, err
	}
	before := s.Series
	if c.Edit != nil {
		c.Edit(&s.Series)
		if err := tx.EditSeries(ctx, s.facts.ID, s.Series); err != nil {
			return diff, err
		}
	} else if err := skip(ctx, tx, s, c); err != nil {
		return diff, err
	}
	if diff, err = s.Plan(tx.Now); err != nil {
		return diff, refuse(`such as "first tuesday of every quarter", "last working day of the month" or "every 6 weeks"`, "%v", err)
	}
	if !diff.Empty() {
		if err := a.applySeries(ctx, tx, p, *s, diff, c.Actor); err != nil {
			return diff, err
		}
	}
	verb, after := "series edit", any(s.Series)
	if c.Edit == nil {
		verb, after = "series skip", map[string]string{"on": c.Skip.String(), "reason": c.Reason}
	}
	return diff, tx.Audit(ctx, c.Actor, verb, "series "+s.Series.Ref, before, after)
}

func findSeries(list []Series, ref string) (*Series, error) {
	var refs []string
	for i := range list {
		if list[i].Series.Ref == ref {
			return &list[i], nil
		}
		refs = append(refs, list[i].Series.Ref)
	}
	return nil, refuse("the series are "+strings.Join(refs, ", "), "no series %q%s", ref, programme.DidYouMean(ref, refs))
}

// skip records that a day does not take place.
func skip(ctx context.Context, tx *store.Tx, s *Series, c SeriesChange) error {
	if _, ok, err := s.On(c.Skip); err != nil || !ok {
		return refuse("secretariat sessions series show "+s.Series.Ref, "series %s has no session on %s", s.Series.Ref, c.Skip)
	}
	if s.Skipped[c.Skip] {
		return refuse("nothing is to be done", "%s of series %s is skipped already", c.Skip, s.Series.Ref)
	}
	for _, o := range s.Occurrences {
		if o.On == c.Skip && o.State != meetings.Draft {
			return refuse("secretariat sessions cancel "+o.Session, "session %s is %s: only a draft is skipped", o.Session, o.State)
		}
	}
	s.Skipped[c.Skip], s.Reasons[c.Skip] = true, c.Reason
	return tx.SkipOccurrence(ctx, store.SeriesSkip{SeriesID: s.facts.ID, On: c.Skip, Reason: c.Reason}, c.Actor)
}
