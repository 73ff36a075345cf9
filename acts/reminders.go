package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/meetings"
	"secretariat/store"
)

// PlanResult counts what planning reminders did.
type PlanResult struct {
	Sessions, Planned, Late, Expired, Withheld, Suppressed, Retimed, Revived int
}

func (r *PlanResult) add(o PlanResult) {
	r.Sessions += o.Sessions
	r.Planned += o.Planned
	r.Late += o.Late
	r.Expired += o.Expired
	r.Withheld += o.Withheld
	r.Suppressed += o.Suppressed
	r.Retimed += o.Retimed
	r.Revived += o.Revived
}

// String says what was done.
func (r PlanResult) String() string {
	return fmt.Sprintf("%d sessions: %d reminders planned, %d late, %d expired, %d suppressed", r.Sessions, r.Planned, r.Late, r.Expired, r.Suppressed+r.Withheld)
}

// PlanReminders makes the reminders, timetables and forecasts of all sessions agree with what is on record of them, in
// one transaction. Doing it twice changes nothing the second time. A session whose rules cannot be read is left as it is
// and named in the error, after the others are done.
func (a *Acts) PlanReminders(ctx context.Context) (result PlanResult, err error) {
	var faults error
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		faults = nil
		result, faults, err = a.planAll(ctx, tx)
		return err
	})
	return result, errors.Join(err, faults)
}

// PlanRemindersIn is PlanReminders within a transaction of the caller, for an application of a file.
func (a *Acts) PlanRemindersIn(ctx context.Context, tx *store.Tx) (PlanResult, error) {
	result, faults, err := a.planAll(ctx, tx)
	return result, errors.Join(err, faults)
}

func (a *Acts) planAll(ctx context.Context, tx *store.Tx) (result PlanResult, faults, err error) {
	if err := tx.LockSessions(ctx); err != nil {
		return result, nil, err
	}
	p, err := loadPlanning(ctx, tx)
	if errors.Is(err, store.ErrNotFound) { // no programme yet
		return result, nil, nil
	}
	if err != nil {
		return result, nil, err
	}
	if p, faults, err = a.keepSessions(ctx, tx, p); err != nil {
		return result, nil, err
	}
	ids := make([]int64, 0, len(p.order))
	for _, ref := range p.order {
		ids = append(ids, p.facts[ref].ID)
	}
	all, err := tx.SessionDeliveries(ctx, ids)
	if err != nil {
		return result, nil, err
	}
	bySession := map[int64][]store.Delivery{}
	for _, d := range all {
		bySession[*d.SessionID] = append(bySession[*d.SessionID], d)
	}
	for _, ref := range p.order {
		one, inserted, fault, err := a.planSession(ctx, tx, p, ref, bySession[p.facts[ref].ID])
		if err != nil {
			return result, nil, err
		}
		faults = errors.Join(faults, fault)
		result.add(one)
		if err := a.nudge(ctx, tx, inserted); err != nil {
			return result, nil, err
		}
	}
	asked, err := a.keepPolls(ctx, tx, p)
	result.Planned += asked
	return result, faults, err
}

// keepSessions holds sessions to the clocks of their councils and series to their drafts, and returns what planning goes by
// after that.
func (a *Acts) keepSessions(ctx context.Context, tx *store.Tx, p *planning) (after *planning, fault, err error) {
	touched, fault, err := a.keepSeries(ctx, tx, p)
	if err != nil {
		return nil, nil, err
	}
	moved, err := a.keepWalls(ctx, tx)
	if err != nil || touched+moved == 0 {
		return p, fault, err
	}
	after, err = loadPlanning(ctx, tx)
	return after, fault, err
}

// replan plans one session anew after it changed.
func (a *Acts) replan(ctx context.Context, tx *store.Tx, ref string, step *StepResult) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.SessionDeliveries(ctx, []int64{p.facts[ref].ID})
	if err != nil {
		return err
	}
	result, inserted, fault, err := a.planSession(ctx, tx, p, ref, rows)
	if err != nil || fault != nil {
		return errors.Join(err, fault)
	}
	step.Reminders += result.Planned + result.Late + result.Revived
	step.Suppressed += result.Suppressed
	step.Existing = append(step.Existing, inserted...)
	return nil
}

// planSession records the timetable and the forecast of a session and applies the planner's difference to its letters.
// fault is a mistake in the council's rules.
func (a *Acts) planSession(ctx context.Context, tx *store.Tx, p *planning, ref string, known []store.Delivery) (r PlanResult, inserted []store.Delivery, fault, err error) {
	m, err := p.meeting(ref)
	if err != nil {
		return r, nil, err, nil
	}
	facts := p.facts[ref]
	lines, fault := m.Timetable(tx.Now)
	if fault != nil {
		return r, nil, fault, nil
	}
	if err := tx.PutTimetableLines(ctx, facts.ID, lineRows(newLines(m, lines))); err != nil {
		return r, nil, nil, err
	}
	quorums, fault := m.Quorums()
	if fault != nil {
		return r, nil, fault, nil
	}
	if m.Session.State == meetings.Tentative || m.Session.State == meetings.Confirmed {
		if err := tx.PutQuorums(ctx, facts.ID, quorumRows(quorums)); err != nil {
			return r, nil, nil, err
		}
	}
	diff, fault := m.Plan(tx.Now, p.rows(known))
	if fault != nil {
		return r, nil, fault, nil
	}
	r.Sessions = 1
	inserted, err = p.applyDiff(ctx, tx, m, diff, &r)
	return r, inserted, nil, err
}

// count counts a reminder that is on record for the first time.
func (r *PlanResult) count(w meetings.Reminder, now time.Time) {
	switch {
	case w.State == "expired":
		r.Expired++
	case w.State == "suppressed":
		r.Withheld++
	case w.Moment.After(now):
		r.Planned++
	default:
		r.Late++
	}
}

// applyDiff makes the letters of a session those that the planner wants, and returns the new ones.
func (p *planning) applyDiff(ctx context.Context, tx *store.Tx, m *meetings.Meeting, diff meetings.Diff, r *PlanResult) ([]store.Delivery, error) {
	f := p.facts[m.Session.Ref]
	var owed []store.Delivery
	for _, w := range diff.Insert {
		owed = append(owed, p.reminderRow(w, f, m.Revision))
		r.count(w, tx.Now)
	}
	inserted, err := tx.InsertDeliveries(ctx, owed)
	if err != nil {
		return nil, err
	}
	for id, w := range diff.Retime {
		d := p.reminderRow(w, f, m.Revision)
		d.ID = id
		if err := tx.RetimeDelivery(ctx, d); err != nil {
			return nil, err
		}
		r.Retimed++
	}
	for id, w := range diff.Revive {
		d := p.reminderRow(w, f, m.Revision)
		d.ID = id
		if err := tx.ReviveDelivery(ctx, d); err != nil {
			return nil, err
		}
		r.Revived++
	}
	for reason, ids := range diff.Suppress {
		if err := tx.SuppressDeliveries(ctx, ids, reason); err != nil {
			return nil, err
		}
		r.Suppressed += len(ids)
	}
	return inserted, nil
}

// reminderRow is the row of a reminder. What it is about beside the session stands in subject_key.
func (p *planning) reminderRow(w meetings.Reminder, f store.SessionFacts, revision int) store.Delivery {
	d := p.letterTo(w.Person, w.Kind, f, revision)
	expires := w.Expires
	d.DedupeKey, d.RuleRef, d.SubjectKey, d.State, d.Reason, d.Priority = w.Key, w.Rule, w.Matter, w.State, w.Reason, w.Priority
	d.NotBefore, d.ExpiresAt = w.NotBefore, &expires
	if ref := w.Action(); ref != "" {
		id := p.ids.actions[ref]
		d.ActionItemID = &id
	}
	d.TimetableRule = w.Line()
	return d
}

// newLines leaves out the lines that are on record as they are: this runs every minute.
func newLines(m *meetings.Meeting, lines []meetings.Line) (differ []meetings.Line) {
	for _, l := range lines {
		r, known := m.Lines[l.Rule.Ref]
		if !known || r.State != l.State || r.DueOn != l.DueOn || !r.DueAt.Equal(l.DueAt) || !r.DoneAt.Equal(l.DoneAt) {
			differ = append(differ, l)
		}
	}
	return differ
}

func lineRows(lines []meetings.Line) []store.TimetableLine {
	rows := make([]store.TimetableLine, len(lines))
	for i, l := range lines {
		rows[i] = store.TimetableLine{Rule: l.Rule.Ref, DueOn: l.DueOn, DueAt: l.DueAt, State: l.State}
		if !l.DoneAt.IsZero() {
			at := l.DoneAt
			rows[i].DoneAt = &at
		}
	}
	return rows
}

func quorumRows(quorums []meetings.Quorum) []store.QuorumRow {
	rows := make([]store.QuorumRow, len(quorums))
	for i, q := range quorums {
		rows[i] = store.QuorumRow{Purpose: q.Purpose, Required: q.Required, Seats: q.Seats, Expected: q.Expected, Probability: q.Probability}
	}
	return rows
}

// updateRequestGrace is how long a request for news keeps its point: until the next weekly one is near.
const updateRequestGrace = 6 * 24 * time.Hour
