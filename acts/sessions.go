package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// SessionStep is a step of a session that somebody asks for. Of a reschedule, what is zero stays as it is.
type SessionStep struct {
	Ref, Actor string
	OpensAt    time.Time // reschedule and reconvene
	ClosesAt   time.Time // reschedule and reconvene; zero keeps the length
	Mode       string    // reschedule
	Venue      programme.Text
	OnlineURL  string
	Tentative  bool // reschedule of a postponed session: the new date is to be held, not yet convened
	Reason     programme.Text
	Waiver     meetings.Waiver
}

// StepResult is what a step came to, or would come to.
type StepResult struct {
	Session    string
	State      string
	Revision   int
	Letters    map[string]int // by kind: the letters that the step itself causes
	Suppressed int            // letters of the former state that are no longer owed
	Reminders  int            // reminders planned anew
	Committing []store.Delivery
	Existing   []store.Delivery // letters that were inserted: not set in a preview
}

// Total returns the number of letters that the step itself causes.
func (r StepResult) Total() (n int) {
	for _, count := range r.Letters {
		n += count
	}
	return n
}

// errPreview undoes a step that was only looked at.
var errPreview = errors.New("preview")

// TakeStep takes a step by its verb.
func (a *Acts) TakeStep(ctx context.Context, verb string, s SessionStep) (StepResult, error) {
	return a.step(ctx, verb, s, false)
}

// PreviewStep returns what a step would come to, exactly, and changes nothing: the step is taken and undone.
func (a *Acts) PreviewStep(ctx context.Context, verb string, s SessionStep) (StepResult, error) {
	return a.step(ctx, verb, s, true)
}

func (a *Acts) step(ctx context.Context, verb string, s SessionStep, preview bool) (result StepResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if result, err = a.takeStep(ctx, tx, verb, s, preview); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		return result, nil
	}
	return result, err
}

// takeStep changes a session and all that follows from it in one transaction: its revision and calendar sequence, the
// letters of its former state, those of the change, its sittings, reminders, timetable and forecast, and the audit log.
func (a *Acts) takeStep(ctx context.Context, tx *store.Tx, verb string, s SessionStep, preview bool) (StepResult, error) {
	d, err := decideStep(ctx, tx, verb, s)
	if err != nil {
		return StepResult{}, err
	}
	before, after := d.before, d.after
	undone := d.told.undoes(after)
	result := StepResult{Session: s.Ref, State: after.Session.State, Revision: after.Revision, Letters: map[string]int{}}
	record := store.SessionChange{ID: d.facts.ID, After: after.Session, Revision: after.Revision, Sequence: d.facts.Sequence + after.Revision - before.Revision,
		Actor: s.Actor, Verb: verb,
		Announced: !meetings.Told(before.Session.State) && meetings.Told(after.Session.State), Reason: s.Reason.In(d.p.info.Languages...), Before: store.StateOf(before.Session)}
	if err := tx.ChangeSession(ctx, record); err != nil {
		return result, err
	}
	if undone >= 0 {
		if err := tx.LiftRepliesFrom(ctx, d.facts.ID, undone, after.Revision); err != nil {
			return result, err
		}
	}
	if err := a.follow(ctx, tx, &d, &result); err != nil {
		return result, err
	}
	err = tx.Audit(ctx, s.Actor, "session "+verb, "session "+s.Ref, record.Before, map[string]any{
		"state": store.StateOf(after.Session), "reason": s.Reason, "waiver": s.Waiver, "revision": after.Revision, "letters": result.Letters,
		"retroactive": verb == meetings.Hold && len(before.Sittings) == 0})
	if err != nil || preview {
		return result, err
	}
	return result, a.nudge(ctx, tx, result.Existing)
}

// follow carries out what follows from a change of a session that is on record: sittings, waivers, letters, reminders, and
// what a session that closes hands on.
func (a *Acts) follow(ctx context.Context, tx *store.Tx, d *decidedStep, result *StepResult) error {
	if err := sit(ctx, tx, d.facts, &d.change); err != nil {
		return err
	}
	if err := waive(ctx, tx, d.facts, &d.change); err != nil {
		return err
	}
	if err := a.tellChange(ctx, tx, d.p, d.changeLetters, result); err != nil {
		return err
	}
	if err := a.replan(ctx, tx, d.facts.Ref, result); err != nil {
		return err
	}
	if d.verb == meetings.Close {
		return a.carryToNext(ctx, tx, d.facts)
	}
	return nil
}

// sit opens and closes sittings as a step has it, and makes the attendance list of their roll calls.
func sit(ctx context.Context, tx *store.Tx, facts store.SessionFacts, c *meetings.Change) error {
	var err error
	switch {
	case meetings.OpensSitting(c.Verb):
		err = tx.OpenSitting(ctx, facts.ID)
	case meetings.ClosesSitting(c.Verb):
		outcome := map[string]string{meetings.Suspend: "suspended", meetings.Adjourn: "inquorate"}[c.Verb]
		if outcome == "" {
			outcome = "closed"
		}
		err = tx.CloseSitting(ctx, facts.ID, outcome)
	case meetings.ConvenesAgain(c.Verb):
		err = tx.ConveneAgain(ctx, facts.ID)
	}
	if err == nil && c.Verb == meetings.Adjourn {
		err = keepFinding(ctx, tx, facts.ID, c)
	}
	if err != nil || !meetings.EntersAttendance(c.Verb) {
		return err
	}
	attended := c.After.Attended()
	if err := tx.EnterAttendance(ctx, facts.ID, attended); err != nil {
		return err
	}
	return rememberBurdens(ctx, tx, facts.ID, &c.After, append(attended, c.After.Session.Attendance...))
}

// keepFinding records what the chair found: how many seats there had to be and how many were there. A later change of the rules
// or of the roll call does not change it.
func keepFinding(ctx context.Context, tx *store.Tx, sessionID int64, c *meetings.Change) error {
	v, err := c.Before.Verdict("open", c.Now)
	if err != nil {
		return err
	}
	return tx.RecordFinding(ctx, sessionID, store.Finding{Sitting: v.Sitting, Required: v.Required, Seats: v.Seats, Present: v.Present, Missing: v.Missing, Second: v.Second})
}

// waive records the chair's consent to lead times that are not kept. The lines must be on record for that.
func waive(ctx context.Context, tx *store.Tx, facts store.SessionFacts, c *meetings.Change) error {
	if c.Waiver.By == "" {
		return nil
	}
	lines, err := c.After.Timetable(tx.Now)
	if err != nil {
		return err
	}
	var missed []string
	for _, l := range c.Missed() {
		missed = append(missed, l.Rule.Ref)
	}
	if err := tx.PutTimetableLines(ctx, facts.ID, lineRows(lines)); err != nil {
		return err
	}
	return tx.WaiveLines(ctx, facts.ID, missed, c.Waiver.By, c.Waiver.Text)
}

// nudge tells the workers of letters that may leave now.
func (a *Acts) nudge(ctx context.Context, tx *store.Tx, inserted []store.Delivery) error {
	if a.Enqueue == nil {
		return nil
	}
	var nudges []Nudge
	for _, d := range inserted {
		if d.State == store.DeliveryPending {
			nudges = append(nudges, Nudge{Kind: "delivery", ID: d.ID})
		}
	}
	if len(nudges) == 0 {
		return nil
	}
	return a.Enqueue(ctx, tx, nudges...)
}

// Summary says in one line what a step does, for the question that a command asks before it.
func (r StepResult) Summary() string {
	var kinds []string
	for kind, n := range r.Letters {
		kinds = append(kinds, fmt.Sprintf("%d %s", n, kind))
	}
	slices.Sort(kinds)
	text := fmt.Sprintf("session %s becomes %s: %d letters", r.Session, strings.ReplaceAll(r.State, "_", " "), r.Total())
	if len(kinds) > 0 {
		text += " (" + strings.Join(kinds, ", ") + ")"
	}
	return fmt.Sprintf("%s; %d waiting letters are withdrawn, %d reminders planned", text, r.Suppressed, r.Reminders)
}
