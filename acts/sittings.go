package acts

import (
	"context"
	"errors"
	"time"

	"secretariat/meetings"
	"secretariat/store"
)

// RollCall records that somebody came to the open sitting of a session, or left it.
type RollCall struct {
	Session string
	Seat    string // "" for an officer without one
	Person  string // "" is who speaks for the seat
	Mode    string // "" is in-person where the session has it, else online
	At      time.Time
	Left    bool // they left at that moment; else they came
	Actor   string
}

// Attend records an arrival or a departure at a sitting and returns the verdicts that follow, by the rules of the council.
// A moment before now belongs to the sitting that held it. Every refusal is an ErrRefused.
func (a *Acts) Attend(ctx context.Context, r RollCall) (verdicts []meetings.Verdict, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockSession(ctx, r.Session); err != nil {
			return err
		}
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		m, err := p.meeting(r.Session)
		if err != nil {
			return err
		}
		if r.At.IsZero() {
			r.At = tx.Now
		}
		if err := enter(ctx, tx, m, &r); err != nil {
			return err
		}
		if err := p.loadSittings(ctx, tx); err != nil {
			return err
		}
		m.Sittings = p.sittings[r.Session]
		if verdicts, err = verdictsAt(m, r.At); err != nil {
			return err
		}
		return tx.Audit(ctx, r.Actor, "roll call", "session "+r.Session, nil, r)
	})
	return verdicts, err
}

// enter checks a line of a roll call and records it.
func enter(ctx context.Context, tx *store.Tx, m *meetings.Meeting, r *RollCall) error {
	sitting := m.SittingAt(r.At)
	switch {
	case r.At.After(tx.Now):
		return refuse("record it when it has happened", "%s is still to come", r.At.In(m.Zone()).Format("2006-01-02 15:04"))
	case sitting == nil:
		return refuse("secretariat sessions open "+r.Session, "session %s has no sitting that began by then", r.Session)
	}
	if st, ok := m.Standing(r.Seat); ok && r.Person == "" {
		r.Person = st.Acting
	}
	if r.Mode == "" {
		r.Mode = map[bool]string{true: "online", false: "in-person"}[m.Session.Mode == "online"]
	}
	if problem, cure := m.CheckPresence(*sitting, meetings.Presence{Seat: r.Seat, Person: r.Person, Mode: r.Mode, Arrived: r.At}); problem != "" {
		return refuse(cure, "%s", problem)
	}
	id, closed, err := sittingOf(ctx, tx, r.Session, sitting.N)
	if err != nil {
		return err
	}
	if r.Left {
		if err := tx.Leave(ctx, id, r.Person, r.At); errors.Is(err, store.ErrNotFound) {
			return refuse("record the arrival first", "%s was not there at that moment", r.Person)
		} else {
			return err
		}
	}
	one := store.Presence{SittingID: id, Seat: r.Seat, Person: r.Person, Mode: r.Mode, ArrivedAt: r.At, LeftAt: closed}
	if err := tx.Arrive(ctx, one, m.Council.Ref, r.Actor); errors.Is(err, store.ErrPresent) {
		return refuse("record the departure with --left", "%s is there already", r.Person)
	} else {
		return err
	}
}

// sittingOf returns the id of a sitting, and when it ended: whoever is entered afterwards left then.
func sittingOf(ctx context.Context, tx *store.Tx, session string, n int) (id int64, closed *time.Time, err error) {
	all, err := tx.Sittings(ctx)
	for _, s := range all {
		if s.Session == session && s.N == n {
			return s.ID, s.ClosedAt, nil
		}
	}
	return 0, nil, errors.Join(err, store.ErrNotFound)
}

// verdictsAt returns the verdict of each rule of the council.
func verdictsAt(m *meetings.Meeting, at time.Time) (list []meetings.Verdict, err error) {
	for _, rule := range m.Council.Quorum {
		v, err := m.Verdict(rule.Purpose, at)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// Verdicts returns whether there was a quorum at a moment, for each purpose; the zero moment is now. turns are the moments
// at which the verdicts turned.
func (a *Acts) Verdicts(ctx context.Context, session string, at time.Time) (list []meetings.Verdict, turns []meetings.Turn, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(session); err != nil {
			return err
		}
		if at.IsZero() {
			at = tx.Now
		}
		if m.SittingAt(at) == nil {
			return refuse("secretariat sessions open "+session, "session %s has no sitting that began by then", session)
		}
		if list, err = verdictsAt(m, at); err != nil {
			return err
		}
		turns = nil
		for _, rule := range m.Council.Quorum {
			of, err := m.Turns(rule.Purpose)
			if err != nil {
				return err
			}
			turns = append(turns, of...)
		}
		return nil
	})
	return list, turns, m, err
}
