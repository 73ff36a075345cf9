package acts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"secretariat/meetings"
	"secretariat/store"
)

// changeLetters is a step whose letters are to be written.
type changeLetters struct {
	facts         store.SessionFacts
	before, after *meetings.Meeting
	verb          string
	kind          string // of the letters; "" for none
	told          *toldOf
}

// quietMinute is how long a letter about a new date waits, so that changes in quick succession are told once.
const quietMinute = time.Minute

// tellChange withdraws what was to be said of the former state and inserts the letters of the change.
func (a *Acts) tellChange(ctx context.Context, tx *store.Tx, p *planning, c changeLetters, result *StepResult) error {
	known := c.told.letters
	if err := withdraw(ctx, tx, c, known, result); err != nil || c.kind == "" {
		return err
	}
	var owed []store.Delivery
	for _, person := range audienceOfChange(p, c, known) {
		kind := c.kind
		if c.told.knows(person, c.after) {
			continue // it is as they were last told: moved away and back, before anything was said of it
		}
		if kind == "session-changed" && !asked(p, c, known, person) { // who has not heard of the session is invited to it
			kind = map[string]string{meetings.Confirmed: "invitation", meetings.Tentative: "hold-the-date"}[c.after.Session.State]
		}
		d := p.letterTo(person, kind, c.facts, c.after.Revision)
		d.DedupeKey = fmt.Sprintf("session:%s:r%d:%s:%s", c.after.Session.Ref, c.after.Revision, kind, person)
		d.Priority, d.NotBefore = 2, tx.Now
		if c.verb == meetings.Reschedule || c.verb == meetings.Reconvene {
			d.NotBefore = tx.Now.Add(quietMinute)
		}
		if ends := c.after.Session.ClosesAt; kind != "session-cancelled" && kind != "session-postponed" {
			d.ExpiresAt = &ends
		}
		owed = append(owed, d)
		result.Letters[kind]++
	}
	inserted, err := tx.InsertDeliveries(ctx, owed)
	if err == nil && len(inserted) != len(owed) {
		err = fmt.Errorf("%d of %d letters of session %s were on record already", len(owed)-len(inserted), len(owed), c.after.Session.Ref)
	}
	result.Existing = append(result.Existing, inserted...)
	return err
}

// withdraw suppresses the letters of the former revision that have not passed their commit point, and names those that
// have. Reminders of duties and action items are left to the planner: they may stand unchanged.
func withdraw(ctx context.Context, tx *store.Tx, c changeLetters, known []store.Delivery, result *StepResult) error {
	if !meetings.Revises(c.verb) && c.verb != "" {
		return nil // the planner decides what is left to say
	}
	reason := map[string]string{"": "changed", meetings.Reschedule: "moved", meetings.Postpone: "postponed", meetings.Cancel: "cancelled", meetings.Confirm: "confirmed",
		meetings.Announce: "announced"}[c.verb]
	var ids []int64
	for _, d := range known {
		if d.SessionRevision == nil || *d.SessionRevision > c.before.Revision || d.SubjectKey != "" {
			continue
		}
		switch d.State {
		case store.DeliveryPlanned, store.DeliveryPending, store.DeliverySending:
			ids = append(ids, d.ID)
		case store.DeliveryCommitting:
			result.Committing = append(result.Committing, d)
		}
	}
	result.Suppressed = len(ids)
	return tx.SuppressDeliveries(ctx, ids, reason)
}

// audienceOfChange returns who is told of a change: who is invited now, who was until the change, and of an end everybody
// who was ever asked.
func audienceOfChange(p *planning, c changeLetters, known []store.Delivery) (people []string) {
	add := func(person string) {
		if who, ok := p.people[person]; ok && who.Active && who.Email != "" && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	ends := c.kind == "session-postponed" || c.kind == "session-cancelled"
	for _, st := range c.after.Invited() {
		if !ends || asked(p, c, known, st.Acting) {
			add(st.Acting)
		}
	}
	for _, st := range c.before.Invited() {
		if asked(p, c, known, st.Acting) {
			add(st.Acting)
		}
	}
	if c.kind == "session-changed" {
		for _, person := range c.told.misled(c.after) {
			add(person)
		}
	}
	if ends {
		for _, row := range p.rows(known) {
			if told(row) {
				add(row.Person)
			}
		}
	}
	return people
}

// asked reports whether a person heard of the session: by a letter of ours, or because it was announced elsewhere.
func asked(p *planning, c changeLetters, known []store.Delivery, person string) bool {
	if c.before.Elsewhere() {
		return true
	}
	return slices.ContainsFunc(p.rows(known), func(row meetings.Row) bool { return row.Person == person && told(row) })
}

// told reports whether a letter left, or may have left.
func told(row meetings.Row) bool {
	return row.State == store.DeliverySent || row.State == store.DeliveryCommitting || row.State == store.DeliveryUncertain
}

// TellAppliedChange makes of a material change that a programme file made to a session already known what the command
// would make of it: revision and calendar sequence, the record of the change, and the letters, unless quiet. before is
// the session as it was; what it is now has been written, with the former revision. Reminders are planned by
// PlanRemindersIn afterwards. The result says how many letters there are; a change that is not material causes none.
func (a *Acts) TellAppliedChange(ctx context.Context, tx *store.Tx, before *meetings.Meeting, actor string, quiet bool) (StepResult, error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return StepResult{}, err
	}
	ref := before.Session.Ref
	after, err := p.meeting(ref)
	if err != nil {
		return StepResult{}, err
	}
	result := StepResult{Session: ref, State: after.Session.State, Revision: before.Revision, Letters: map[string]int{}}
	verb := meetings.VerbBetween(before.Session.State, after.Session.State)
	if !meetings.Material(before.Session, after.Session) || !meetings.Revises(verb) {
		return result, nil
	}
	facts := p.facts[ref]
	after.Revision = before.Revision + 1
	result.Revision = after.Revision
	told, err := loadTold(ctx, tx, p, facts, before)
	if err != nil {
		return result, err
	}
	record := store.SessionChange{ID: facts.ID, After: after.Session, Revision: after.Revision, Sequence: facts.Sequence + 1, Actor: actor, Verb: "apply",
		Announced: !quiet && !meetings.Told(before.Session.State) && meetings.Told(after.Session.State),
		Reason:    after.Session.Reason.In(p.info.Languages...), Before: store.StateOf(before.Session)}
	if err := tx.ChangeSession(ctx, record); err != nil {
		return result, err
	}
	if moved := after.Session.Previously; len(moved) > len(before.Session.Previously) {
		if err := tx.LiftReplies(ctx, facts.ID, moved[len(moved)-1].Until, after.Revision); err != nil {
			return result, err
		}
	}
	c := changeLetters{facts: facts, before: before, after: after, verb: verb, told: told, kind: meetings.LetterBetween(before.Session.State, after.Session.State)}
	if quiet {
		c.kind = ""
	}
	if err := a.tellChange(ctx, tx, p, c, &result); err != nil {
		return result, err
	}
	return result, a.nudge(ctx, tx, result.Existing)
}

// Meetings returns the sessions that are on record with all that deciding about them needs, by ref: an application of a
// file compares them with what it has written.
func (a *Acts) Meetings(ctx context.Context, tx *store.Tx) (map[string]*meetings.Meeting, error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := map[string]*meetings.Meeting{}
	for _, ref := range p.order {
		if all[ref], err = p.meeting(ref); err != nil {
			return nil, err
		}
	}
	return all, nil
}
