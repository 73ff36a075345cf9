package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// NewDecision is a decision of a session. A vote has its tally; the number is made where none is given.
type NewDecision struct {
	Session, Item, Ref, Number, Method, Actor string
	Text                                      programme.Text
	Votes                                     *[3]int // for, against, abstained; nil where nothing was counted
	NoAction                                  string  // why nothing is to be done about it
}

// methods by which a decision is taken.
var methods = []string{"consensus", "vote", "silence"}

// Decide records a decision under an agenda item of a session that is sitting, or was held, and returns it with its number.
func (a *Acts) Decide(ctx context.Context, n NewDecision) (d programme.Decision, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		e, err := openAgenda(ctx, tx, n.Session)
		if err != nil {
			return err
		}
		if d, err = n.check(e); err != nil {
			return err
		}
		row := store.DecisionRow{NoAction: n.NoAction}
		if n.Votes != nil {
			row.For, row.Against, row.Abstained = &n.Votes[0], &n.Votes[1], &n.Votes[2]
		}
		d.Date = programme.DateOf(earlier(tx.Now, e.m.Session.ClosesAt), e.m.Zone())
		if err := tx.InsertDecision(ctx, e.facts.ID, d, row); err != nil {
			return err
		}
		return tx.Audit(ctx, n.Actor, "decide", "session "+n.Session, nil, n)
	})
	return d, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (n NewDecision) check(e *agendaEdit) (d programme.Decision, err error) {
	if err := outcomesOpen(e.m, e.tx.Now); err != nil {
		return d, err
	}
	if _, err := e.present(n.Item); err != nil {
		return d, err
	}
	s := e.m.Session
	number := len(s.Decisions) + 1
	d = programme.Decision{Ref: n.Ref, Number: n.Number, Item: n.Item, Text: n.Text, Method: n.Method}
	if d.Ref == "" {
		d.Ref = fmt.Sprintf("%s-D-%d", s.Ref, number)
	}
	if d.Number == "" {
		d.Number = fmt.Sprintf("%s/%d/%d", e.m.Council.Ref, s.Number, number)
	}
	switch {
	case len(n.Text) == 0:
		return d, refuse(`give --text "…"`, "a decision needs its text")
	case !slices.Contains(methods, n.Method):
		return d, refuse(strings.Join(methods, ", "), "method %q is not known", n.Method)
	case n.Votes != nil && n.Method != "vote":
		return d, refuse("leave --votes out, or say --method vote", "a decision by %s has no tally", n.Method)
	case n.Method == "vote" && n.Votes == nil:
		return d, refuse("give --votes FOR-AGAINST-ABSTAINED, e.g. 8-1-0", "a vote needs its tally")
	case slices.ContainsFunc(s.Decisions, func(x programme.Decision) bool { return x.Ref == d.Ref || x.Number == d.Number }):
		return d, refuse("choose another number", "session %s has a decision %s already", s.Ref, d.Number)
	}
	return d, nil
}

// outcomesOpen refuses decisions and action items of a session that has not begun, has no quorum, or whose record stands.
func outcomesOpen(m *meetings.Meeting, now time.Time) error {
	state, begun := m.Session.State, !now.Before(m.Session.OpensAt)
	if state == meetings.InSession || state == meetings.Suspended || state == meetings.Held || state == meetings.Confirmed && begun {
		return nil
	}
	return refuse("decisions and action items are recorded from the opening of a session until it is closed", "session %s is %s", m.Session.Ref, strings.ReplaceAll(state, "_", " "))
}

// NothingFollows records why nothing is to be done about a decision, so that its session can be closed.
func (a *Acts) NothingFollows(ctx context.Context, session, decision, why, actor string) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, err := tx.LockSession(ctx, session)
		if err != nil {
			return err
		}
		if why == "" {
			return refuse(`give --why "…"`, "a decision is not left without an action item for no reason")
		}
		if err := tx.DecisionNeedsNothing(ctx, facts.ID, decision, why); err != nil {
			return asRefusal(err, "see secretariat actions list", "session %s has no decision %q", session, decision)
		}
		return tx.Audit(ctx, actor, "no action follows", "session "+session, nil, map[string]any{"decision": decision, "why": why})
	})
}

// NewAction is an action item that somebody records.
type NewAction struct {
	Session, Decision, Ref, Owner, Backup, Actor string
	Text                                         programme.Text
	DueOn                                        programme.Date
}

// AddAction records an action item and plans its reminders; it returns its ref.
func (a *Acts) AddAction(ctx context.Context, n NewAction) (ref string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		e, err := openAgenda(ctx, tx, n.Session)
		if err != nil {
			return err
		}
		s := e.m.Session
		if err := outcomesOpen(e.m, tx.Now); err != nil {
			return err
		}
		known := func(person string) bool { return person == "" || e.p.people[person].Ref != "" }
		if ref = n.Ref; ref == "" {
			ref = fmt.Sprintf("%s-ACT-%d", s.Ref, len(s.ActionItems)+1)
		}
		switch {
		case len(n.Text) == 0:
			return refuse(`give --text "…"`, "an action item needs its text")
		case n.Owner == "":
			return refuse("give --owner PERSON", "an action item has one owner")
		case n.DueOn.IsZero():
			return refuse("give --due 2027-01-29", "an action item has a day on which it is due")
		case !known(n.Owner) || !known(n.Backup):
			return refuse("the programme file names the people", "no person %q", strings.TrimSpace(n.Owner+" "+n.Backup))
		case n.Owner == n.Backup:
			return refuse("name somebody else as --backup", "%s cannot stand in for themselves", n.Owner)
		case n.DueOn.Before(e.m.OpeningDay()):
			return refuse("give a day after the session", "the action item would be due on %s, before the session", n.DueOn)
		case e.p.ids.actions[ref] != 0:
			return refuse("choose another --ref", "there is an action item %q already", ref)
		case n.Decision != "" && !slices.ContainsFunc(s.Decisions, func(d programme.Decision) bool { return d.Ref == n.Decision }):
			return refuse("see secretariat sessions decisions "+s.Ref, "session %s has no decision %q", s.Ref, n.Decision)
		}
		item := programme.ActionItem{Ref: ref, Decision: n.Decision, Text: n.Text, Owner: n.Owner, Backup: n.Backup, DueOn: n.DueOn}
		if err := tx.InsertActionItem(ctx, e.facts.ID, item); err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, s.Ref); err != nil {
			return err
		}
		return tx.Audit(ctx, n.Actor, "add action item", "action item "+ref, nil, n)
	})
	return ref, err
}

// FinishAction records that an action item is done and by what one sees it. Reminders that wait are withdrawn in the same
// transaction.
func (a *Acts) FinishAction(ctx context.Context, ref string, evidence programme.Text, actor string) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		item, err := a.actionItem(ctx, tx, ref)
		if err != nil {
			return err
		}
		if !item.DoneOn.IsZero() {
			return refuse("nothing is left to do", "action item %s was done on %s", ref, item.DoneOn)
		}
		if len(evidence) == 0 {
			return refuse(`give --evidence "…"`, "an action item is done by something that one can see")
		}
		if _, err := tx.LockSession(ctx, item.Session); err != nil {
			return err
		}
		if err := tx.FinishActionItem(ctx, ref, programme.DateOf(tx.Now, item.Meeting.Zone()), evidence); err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, item.Session); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "action item done", "action item "+ref, nil, map[string]any{"evidence": evidence})
	})
}

func (a *Acts) replanAndNudge(ctx context.Context, tx *store.Tx, session string) error {
	var result StepResult
	if err := a.replan(ctx, tx, session, &result); err != nil {
		return err
	}
	return a.nudge(ctx, tx, result.Existing)
}

// Action is an action item with its session.
type Action struct {
	programme.ActionItem
	Session  string
	Meeting  *meetings.Meeting
	DaysLate int // 0: not late, or done
}

// Actions returns the action items by their day: of one session unless it is "", those that are done only with all.
func (a *Acts) Actions(ctx context.Context, session string, all bool) (list []Action, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		list = nil
		found, err := allActions(ctx, tx)
		if err != nil {
			return err
		}
		if session != "" {
			if _, err := tx.LockSession(ctx, session); err != nil {
				return err
			}
		}
		for _, item := range found {
			if (session == "" || item.Session == session) && (all || item.DoneOn.IsZero()) {
				list = append(list, item)
			}
		}
		return nil
	})
	slices.SortStableFunc(list, func(x, y Action) int { return x.DueOn.Time().Compare(y.DueOn.Time()) })
	return list, err
}

func (a *Acts) actionItem(ctx context.Context, tx *store.Tx, ref string) (Action, error) {
	found, err := allActions(ctx, tx)
	if err != nil {
		return Action{}, err
	}
	i := slices.IndexFunc(found, func(x Action) bool { return x.Ref == ref })
	if i < 0 {
		return Action{}, refuse("see secretariat actions list", "no action item %q", ref)
	}
	return found[i], nil
}

func allActions(ctx context.Context, tx *store.Tx) (list []Action, err error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, ref := range p.order {
		m, err := p.meeting(ref)
		if err != nil {
			return nil, err
		}
		today := programme.DateOf(tx.Now, m.Zone())
		for _, item := range m.Session.ActionItems {
			one := Action{ActionItem: item, Session: ref, Meeting: m}
			if item.DoneOn.IsZero() && today.After(item.DueOn) {
				one.DaysLate = today.Sub(item.DueOn)
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// asRefusal makes a refusal of "not found" and leaves other errors as they are.
func asRefusal(err error, hint, format string, args ...any) error {
	if isNotFound(err) {
		return refuse(hint, format, args...)
	}
	return err
}
