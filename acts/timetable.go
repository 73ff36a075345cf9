package acts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// Tick is what a person says of a line of a timetable that nothing on record makes done.
type Tick struct {
	Session, Rule, Actor, Note string
	On                         programme.Date // at the council's seat; absent: now
	Undo                       bool           // it was not done after all
}

// TickLine records that a line of a session's timetable is done, or takes that back, and plans the letters that follow: its
// duty holders are reminded no longer, or again. It returns the line as it stands then.
func (a *Acts) TickLine(ctx context.Context, t Tick) (line meetings.Line, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, before, err := lineToTick(ctx, tx, t)
		if err != nil {
			return err
		}
		if t.Undo {
			err = tx.UntickLine(ctx, facts.ID, t.Rule)
		} else {
			err = tick(ctx, tx, facts, before, t)
		}
		if err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, t.Session); err != nil {
			return err
		}
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(t.Session); err != nil {
			return err
		}
		if line, err = lineOf(m, t.Rule, tx.Now); err != nil {
			return err
		}
		verb := map[bool]string{false: "tick timetable line", true: "untick timetable line"}[t.Undo]
		return tx.Audit(ctx, t.Actor, verb, "session "+t.Session, before.Lines[t.Rule], map[string]any{"line": t.Rule, "on": t.On, "note": t.Note, "state": line.State})
	})
	return line, m, err
}

// tick records when a line was done. A day given ends at the seat, as the day on which it was due does.
func tick(ctx context.Context, tx *store.Tx, facts store.SessionFacts, m *meetings.Meeting, t Tick) error {
	lines, err := m.Timetable(tx.Now)
	if err != nil {
		return err
	}
	if err := tx.PutTimetableLines(ctx, facts.ID, lineRows(newLines(m, lines))); err != nil {
		return err
	}
	at := tx.Now
	if today := programme.DateOf(tx.Now, m.Zone()); t.On.After(today) {
		return refuse("tick it when it is done", "%s is not done yet: today is %s", t.On, today)
	} else if !t.On.IsZero() && t.On != today {
		at = calendar.EndOfDay(t.On.Time(), m.Zone())
	}
	return tx.TickLine(ctx, facts.ID, t.Rule, at, t.Actor, t.Note)
}

// lineToTick returns the session of a line that a person may tick, or says why nobody may.
func lineToTick(ctx context.Context, tx *store.Tx, t Tick) (store.SessionFacts, *meetings.Meeting, error) {
	facts, err := tx.LockSession(ctx, t.Session)
	if err != nil {
		return facts, nil, err
	}
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return facts, nil, err
	}
	m, err := p.meeting(t.Session)
	if err != nil {
		return facts, nil, err
	}
	var refs []string
	for _, rule := range m.Council.Timetable {
		refs = append(refs, rule.Ref)
		switch {
		case rule.Ref != t.Rule:
			continue
		case m.Session.State == meetings.Cancelled || m.Session.State == meetings.Closed:
			return facts, nil, refuse("its timetable stays as it was", "session %s is %s", t.Session, m.Session.State)
		case !meetings.ByHand(rule):
			return facts, nil, refuse("it is done as soon as that is on record", "line %s of session %s is not ticked by hand: what makes it done is %s", t.Rule, t.Session, rule.DoneWhen)
		case t.Undo && m.Lines[t.Rule].State != meetings.LineDone:
			return facts, nil, refuse("nothing is to be taken back", "line %s of session %s is not ticked", t.Rule, t.Session)
		}
		return facts, m, nil
	}
	return facts, nil, refuse("its lines are "+strings.Join(refs, ", "), "the timetable of session %s has no line %q%s", t.Session, t.Rule, programme.DidYouMean(t.Rule, refs))
}

func lineOf(m *meetings.Meeting, rule string, now time.Time) (meetings.Line, error) {
	lines, err := m.Timetable(now)
	if err != nil {
		return meetings.Line{}, err
	}
	for _, l := range lines {
		if l.Rule.Ref == rule {
			return l, nil
		}
	}
	return meetings.Line{}, fmt.Errorf("session %s has no line %s", m.Session.Ref, rule)
}
