package acts

import (
	"context"
	"slices"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// decidedStep is a step that may be taken, with all that it is decided by and nothing written yet.
type decidedStep struct {
	changeLetters
	p      *planning
	change meetings.Change
}

// decideStep loads a session under a lock and says what a step makes of it, or why it may not be taken.
func decideStep(ctx context.Context, tx *store.Tx, verb string, s SessionStep) (d decidedStep, err error) {
	d.verb = verb
	if d.facts, err = tx.LockSession(ctx, s.Ref); err != nil {
		return d, err
	}
	if d.p, err = loadPlanning(ctx, tx); err != nil {
		return d, err
	}
	if d.before, err = d.p.meeting(s.Ref); err != nil {
		return d, err
	}
	d.after = changed(d.before, verb, s, tx.Now)
	d.change = meetings.Change{Verb: verb, Before: *d.before, After: *d.after, Reason: s.Reason, Waiver: s.Waiver, Now: tx.Now}
	if d.kind, err = checkStep(&d.change, d.p); err != nil {
		return d, err
	}
	d.told, err = loadTold(ctx, tx, d.p, d.facts, d.before)
	return d, err
}

// changed returns the session as the step would leave it.
func changed(m *meetings.Meeting, verb string, s SessionStep, now time.Time) *meetings.Meeting {
	after := *m
	if meetings.Revises(verb) {
		after.Revision++
	}
	e := &after.Session
	if to := meetings.Target(verb, e.State); to != "" {
		e.State = to
	}
	if s.Tentative && m.Session.State == meetings.Postponed {
		e.State = meetings.Tentative
	}
	if len(s.Reason) > 0 {
		e.Reason = s.Reason
	}
	if s.Venue != nil {
		e.Venue = s.Venue
	}
	if s.OnlineURL != "" {
		e.OnlineURL = s.OnlineURL
	}
	if s.Mode != "" {
		e.Mode = s.Mode
	}
	if verb != meetings.Reschedule && verb != meetings.Reconvene {
		return &after
	}
	if !s.OpensAt.IsZero() {
		e.ClosesAt = s.OpensAt.Add(e.ClosesAt.Sub(e.OpensAt))
		e.OpensAt = s.OpensAt
	}
	if !s.ClosesAt.IsZero() {
		e.ClosesAt = s.ClosesAt
	}
	if !e.OpensAt.Equal(m.Session.OpensAt) || !e.ClosesAt.Equal(m.Session.ClosesAt) {
		e.Previously = append(slices.Clone(m.Session.Previously), programme.Previous{OpensAt: m.Session.OpensAt, ClosesAt: m.Session.ClosesAt,
			Until: programme.DateOf(now, m.Zone())})
	}
	after.KnownSince = now
	return &after
}

// checkStep returns the kind of letters that a step causes, or why it may not be taken.
func checkStep(c *meetings.Change, p *planning) (kind string, err error) {
	if kind, err = c.Check(); err != nil {
		return "", err
	}
	if c.Waiver.By != "" && p.people[c.Waiver.By].Ref == "" {
		return "", refuse("a ref of the programme file", "waiver by %q: no such person", c.Waiver.By)
	}
	before := c.Before.Session
	if c.Verb == meetings.Reschedule && !meetings.Material(before, c.After.Session) {
		return "", &meetings.StepError{Session: before.Ref, Verb: c.Verb, State: before.State,
			Problem: "start, end, place and mode would stay as they are", Cure: "give another --opens, --closes, --venue or --mode"}
	}
	return kind, nil
}
