package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// NewAgendaItem is an item that somebody puts on an agenda. Place counts from 1; 0 is the end.
type NewAgendaItem struct {
	Session, Ref, Purpose, Presenter, Actor string
	Title                                   programme.Text
	Minutes, Place                          int
}

// AddAgendaItem puts an item on the agenda of a session and returns its ref, which is made where none is given.
func (a *Acts) AddAgendaItem(ctx context.Context, n NewAgendaItem) (ref string, err error) {
	err = a.editAgenda(ctx, n.Session, n.Actor, "add agenda item", n, func(e *agendaEdit) error {
		switch {
		case len(n.Title) == 0:
			return refuse(`give --title "…"`, "an agenda item needs a title")
		case !slices.Contains(meetings.Purposes, n.Purpose):
			return refuse(strings.Join(meetings.Purposes, ", "), "purpose %q is not known", n.Purpose)
		case n.Minutes < 1 || n.Minutes > 24*60:
			return refuse("a whole number from 1 to 1440", "an agenda item cannot take %d minutes", n.Minutes)
		case n.Presenter != "" && e.p.people[n.Presenter].Ref == "":
			return refuse("the programme file names the people", "no person %q", n.Presenter)
		}
		if ref = n.Ref; ref == "" {
			ref = e.freshRef()
		} else if e.find(ref) != nil {
			return refuse("choose another ref, or leave it out", "the agenda has an item %q already", ref)
		}
		id, err := e.tx.InsertAgendaItem(ctx, e.facts.ID, store.AgendaRow{Ref: ref, Title: n.Title, Purpose: n.Purpose, Minutes: n.Minutes, Presenter: n.Presenter})
		if err != nil || n.Place == 0 {
			return err
		}
		return e.tx.NumberAgenda(ctx, meetings.Place(append(e.order(), id), id, n.Place))
	})
	return ref, err
}

// MoveAgendaItem moves an item to a place, counted from 1.
func (a *Acts) MoveAgendaItem(ctx context.Context, session, item string, place int, actor string) error {
	return a.editAgenda(ctx, session, actor, "move agenda item", map[string]any{"item": item, "to": place}, func(e *agendaEdit) error {
		row, err := e.present(item)
		if err != nil {
			return err
		}
		if place < 1 {
			return refuse("places count from 1", "there is no place %d on an agenda", place)
		}
		return e.tx.NumberAgenda(ctx, meetings.Place(e.order(), row.ID, place))
	})
}

// WithdrawAgendaItem takes an item off the agenda; it stays on record with the reason.
func (a *Acts) WithdrawAgendaItem(ctx context.Context, session, item, reason, actor string) error {
	return a.putAway(ctx, session, item, reason, actor, "withdrawn")
}

// DeferAgendaItem leaves an item for the next session, on whose agenda it comes once the present one is over.
func (a *Acts) DeferAgendaItem(ctx context.Context, session, item, reason, actor string) error {
	return a.putAway(ctx, session, item, reason, actor, "deferred")
}

func (a *Acts) putAway(ctx context.Context, session, item, reason, actor, state string) error {
	return a.editAgenda(ctx, session, actor, "agenda item "+state, map[string]any{"item": item, "reason": reason}, func(e *agendaEdit) error {
		row, err := e.present(item)
		if err != nil {
			return err
		}
		if reason == "" {
			return refuse(`give --why "…"`, "an agenda item is not %s without a reason", state)
		}
		if len(e.order()) == 1 && state == "withdrawn" && meetings.Told(e.m.Session.State) {
			return refuse("add another item first", "%q is the last item of the agenda of a session that was announced", item)
		}
		if err := e.tx.SetItemState(ctx, row.ID, state, reason); err != nil || state == "deferred" {
			return err
		}
		return e.tx.NumberAgenda(ctx, slices.DeleteFunc(e.order(), func(id int64) bool { return id == row.ID }))
	})
}

// CarriedOver is what came onto an agenda from earlier sessions.
type CarriedOver struct {
	Session        string
	Items, Actions int
}

// CarryOver puts onto the agenda of a session what earlier sessions of its council have left: deferred items, each as an
// item of its own, and open action items, together under one item. Each comes once: doing it again adds nothing.
func (a *Acts) CarryOver(ctx context.Context, session, actor string) (c CarriedOver, err error) {
	c.Session = session
	err = a.editAgenda(ctx, session, actor, "carry over", nil, func(e *agendaEdit) (err error) {
		c.Items, c.Actions, err = e.carry(ctx)
		return err
	})
	return c, err
}

// carryToNext does it for the next session of the council whose agenda is open, if there is one.
func (a *Acts) carryToNext(ctx context.Context, tx *store.Tx, facts store.SessionFacts) error {
	next, err := tx.NextDraft(ctx, facts.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e, err := openAgenda(ctx, tx, next)
	if err != nil {
		return err
	}
	_, _, err = e.carry(ctx)
	return err
}

func (e *agendaEdit) carry(ctx context.Context) (items, actions int, err error) {
	deferred, err := e.tx.ItemsToCarry(ctx, e.facts.ID)
	if err != nil {
		return 0, 0, err
	}
	for _, d := range deferred {
		row := store.AgendaRow{Ref: e.freshRef(), Title: d.Title, Purpose: d.Purpose, Minutes: d.Minutes, Presenter: d.Presenter, CarriedFrom: d.Ref}
		if row.ID, err = e.tx.InsertAgendaItem(ctx, e.facts.ID, row); err != nil {
			return 0, 0, err
		}
		e.rows = append(e.rows, row)
	}
	open, err := e.tx.ActionsToCarry(ctx, e.facts.ID)
	if err != nil || len(open) == 0 {
		return len(deferred), 0, err
	}
	var under int64
	for _, r := range e.rows {
		if len(r.Actions) > 0 {
			under = r.ID
		}
	}
	if under == 0 {
		row := store.AgendaRow{Ref: e.freshRef(), Title: followUp(), Purpose: "information", Minutes: 15}
		if under, err = e.tx.InsertAgendaItem(ctx, e.facts.ID, row); err != nil {
			return 0, 0, err
		}
	}
	return len(deferred), len(open), e.tx.TakeUpActions(ctx, e.facts.ID, under, open)
}

// followUp is the title of the item under which open action items come back.
func followUp() programme.Text {
	title := programme.Text{}
	for _, language := range locale.Languages {
		title[language] = locale.For(language).T("agenda.follow-up", nil)
	}
	return title
}

// Agenda returns the items of a session's agenda, withdrawn ones too.
func (a *Acts) Agenda(ctx context.Context, session string) (rows []store.AgendaRow, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(session); err != nil {
			return err
		}
		rows, err = tx.AgendaItems(ctx, p.facts[session].ID)
		return err
	})
	return rows, m, err
}

// agendaEdit is an agenda that is being changed.
type agendaEdit struct {
	tx    *store.Tx
	p     *planning
	m     *meetings.Meeting
	facts store.SessionFacts
	rows  []store.AgendaRow
}

func openAgenda(ctx context.Context, tx *store.Tx, session string) (*agendaEdit, error) {
	facts, err := tx.LockSession(ctx, session)
	if err != nil {
		return nil, err
	}
	e := &agendaEdit{tx: tx, facts: facts}
	if e.p, err = loadPlanning(ctx, tx); err != nil {
		return nil, err
	}
	if e.m, err = e.p.meeting(session); err != nil {
		return nil, err
	}
	e.rows, err = tx.AgendaItems(ctx, facts.ID)
	return e, err
}

// editAgenda changes the agenda of a session in one transaction, with its mark in the audit log. An agenda is no material
// change: no letter leaves because of it.
func (a *Acts) editAgenda(ctx context.Context, session, actor, verb string, what any, edit func(*agendaEdit) error) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		e, err := openAgenda(ctx, tx, session)
		if err != nil {
			return err
		}
		if state := e.m.Session.State; !meetings.AgendaOpen(state) {
			return refuse("the agenda of the next session is open", "the agenda of session %s cannot be changed: it is %s", session, strings.ReplaceAll(state, "_", " "))
		}
		if err := edit(e); err != nil {
			return err
		}
		if err := a.replan(ctx, tx, session, &StepResult{}); err != nil { // that the agenda is there makes a line of the timetable done
			return err
		}
		return tx.Audit(ctx, actor, verb, "session "+session, nil, what)
	})
}

func (e *agendaEdit) find(ref string) *store.AgendaRow {
	for i := range e.rows {
		if e.rows[i].Ref == ref {
			return &e.rows[i]
		}
	}
	return nil
}

// present returns an item that is on the agenda.
func (e *agendaEdit) present(ref string) (*store.AgendaRow, error) {
	row := e.find(ref)
	if row == nil || row.State == "withdrawn" {
		var refs []string
		for _, r := range e.rows {
			if r.State != "withdrawn" {
				refs = append(refs, r.Ref)
			}
		}
		return nil, refuse("its items are "+strings.Join(refs, ", "), "the agenda of session %s has no item %q", e.facts.Ref, ref)
	}
	return row, nil
}

func (e *agendaEdit) order() (ids []int64) {
	for _, r := range e.rows {
		if r.State != "withdrawn" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// freshRef makes the ref of a new item.
func (e *agendaEdit) freshRef() string {
	for n := len(e.rows) + 1; ; n++ {
		if ref := fmt.Sprintf("%s-AG-%d", e.facts.Ref, n); e.find(ref) == nil {
			return ref
		}
	}
}
