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
	"secretariat/programme/file"
	"secretariat/store"
)

// ApplyRequest says which files the database shall agree with.
type ApplyRequest struct {
	Document *file.Document
	DryRun   bool // look, and change nothing
	Prune    bool // retire what the files do not name, in the lists that they contain
	Yes      bool // retire many objects without being asked again
	Quiet    bool // write no letters about changed sessions
	Actor    string
}

// ApplyResult is what an application changed, or would change.
type ApplyResult struct {
	Plan      programme.Plan
	Letters   map[string]int // about changed sessions, by kind
	Reminders PlanResult
}

// ReadProgramme reads programme files; reports that they name must be among those that this program knows.
func (a *Acts) ReadProgramme(sources ...file.Source) (*file.Document, error) {
	names := []string{}
	for _, d := range a.Reports.All() {
		names = append(names, d.Name)
	}
	return file.ReadWith(file.With{Reports: names, Timetables: a.Timetables}, sources...)
}

// Apply makes the database agree with programme files in one transaction: load, check, compare, save, and what follows from
// changed sessions. A programme that is wrong changes nothing: the error is a file.Faults that names each fault by file, line and
// column. A pruning too large without Yes is an ErrRefused.
func (a *Acts) Apply(ctx context.Context, r ApplyRequest) (result ApplyResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if result, err = a.apply(ctx, tx, r); err != nil {
			return err
		}
		if r.DryRun {
			return errPreview
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return result, err
}

func (a *Acts) apply(ctx context.Context, tx *store.Tx, r ApplyRequest) (result ApplyResult, err error) {
	if err := tx.LockProgramme(ctx); err != nil {
		return result, err
	}
	current, err := tx.Programme(ctx)
	if err != nil {
		return result, err
	}
	target, notes, retired, err := targetOf(current, r)
	if err != nil {
		return result, err
	}
	if err := r.Document.Check(target); err != nil {
		return result, err
	}
	objects, entries := programme.Missing(current, r.Document.Programme)
	plan := programme.Diff(current, target).Of(objects, entries, retired)
	plan.Notes = notes
	result = ApplyResult{Plan: plan, Letters: map[string]int{}}
	if plan.Empty() {
		return result, nil
	}
	if err := a.carryOut(ctx, tx, r, current, target, &result); err != nil {
		return result, err
	}
	if r.DryRun {
		return result, nil
	}
	return result, tx.Audit(ctx, r.Actor, "apply", "programme "+target.Info.Code, nil, result.Plan)
}

// targetOf is the programme after the files are applied.
func targetOf(current programme.Programme, r ApplyRequest) (target programme.Programme, notes []string, retired int, err error) {
	target = programme.Merge(current, r.Document.Programme)
	if !r.Prune {
		return target, nil, 0, nil
	}
	pruned := programme.Prune(target, r.Document.Programme, r.Document.Lists)
	if pruned.Large != "" && !r.Yes {
		if !r.DryRun {
			return target, nil, 0, refuse("look at the plan with --dry-run, then add --yes", "%s", pruned.Large)
		}
		pruned.Kept = append(pruned.Kept, pruned.Large+": needs --yes")
	}
	return pruned.Programme, pruned.Kept, len(pruned.Retired), nil
}

// carryOut saves the plan and does what follows from it.
func (a *Acts) carryOut(ctx context.Context, tx *store.Tx, r ApplyRequest, current, target programme.Programme, result *ApplyResult) error {
	var before map[string]*meetings.Meeting
	var err error
	if current.Info.Code != "" {
		if before, err = a.Meetings(ctx, tx); err != nil {
			return err
		}
	}
	if err := a.decideBeforeEdit(ctx, tx, result.Plan); err != nil {
		return err
	}
	fires, err := nextFires(target, tx.Now)
	if err != nil {
		return err
	}
	if err := tx.SaveProgramme(ctx, store.SaveProgramme{Plan: result.Plan, Target: target, Domain: a.domain(), Fires: fires}); err != nil {
		return err
	}
	if movesFires(result.Plan) {
		if _, err := recountFires(ctx, tx); err != nil {
			return err
		}
	}
	for _, c := range result.Plan.Changes {
		if was := before[c.Ref]; was != nil && c.Kind == "session" && c.Op == programme.OpUpdate {
			told, err := a.TellAppliedChange(ctx, tx, was, r.Actor, r.Quiet)
			if err != nil {
				return err
			}
			if told.Revision > was.Revision {
				err = tx.ReviseReplies(ctx, c.Ref)
			}
			if err != nil {
				return err
			}
			result.add(told)
		}
	}
	if result.Reminders, err = a.PlanRemindersIn(ctx, tx); err != nil {
		return err
	}
	return a.warnOfMissed(ctx, tx, &result.Plan)
}

func (r *ApplyResult) add(told StepResult) {
	for kind, n := range told.Letters {
		r.Letters[kind] += n
		r.Plan.Letters += n
	}
	if n := len(told.Committing); n > 0 {
		r.Plan.Notes = append(r.Plan.Notes, fmt.Sprintf("session %s: %d letters of the former state are on their way and cannot be withdrawn", told.Session, n))
	}
}

// decideBeforeEdit decides what is due of the schedules that a plan changes, by what they said until now: a fire whose time
// has come is neither lost by an edit nor judged by it.
func (a *Acts) decideBeforeEdit(ctx context.Context, tx *store.Tx, plan programme.Plan) error {
	for _, c := range plan.Changes {
		if c.Kind != "schedule" || c.Op == programme.OpCreate {
			continue
		}
		s, err := tx.LockSchedule(ctx, c.Ref)
		if errors.Is(err, store.ErrNotFound) { // it was retired before
			continue
		}
		if err == nil {
			_, err = a.decideDue(ctx, tx, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// movesFires reports whether a plan may move fires of schedules that it does not touch: by holidays or the programme's
// calendar.
func movesFires(plan programme.Plan) bool {
	return slices.ContainsFunc(plan.Changes, func(c programme.Change) bool { return c.Kind == "holiday" || c.Kind == "programme" })
}

// nextFires counts the next fire of each schedule from now: an edit never fires backwards.
func nextFires(p programme.Programme, now time.Time) (map[string]*time.Time, error) {
	fires, c := map[string]*time.Time{}, civilOf(p.Info, p.Holidays)
	for _, s := range p.Schedules {
		if !s.Enabled {
			continue
		}
		spec, err := specOf(s.Spec, s.Timezone, s.StartsOn, s.AllowOr, c)
		if err != nil {
			return nil, fmt.Errorf("schedule %s: %w", s.Ref, err)
		}
		if next := spec.Next(now); !next.IsZero() {
			fires[s.Ref] = &next
		}
	}
	return fires, nil
}

// warnOfMissed notes hard lead times that sessions of the plan do not keep. A file records what is: it asks for no waiver.
func (a *Acts) warnOfMissed(ctx context.Context, tx *store.Tx, plan *programme.Plan) error {
	all, err := a.Meetings(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range plan.Changes {
		m := all[c.Ref]
		if c.Kind != "session" || c.Op == programme.OpRetire || m == nil || m.Session.State != meetings.Confirmed || m.Session.OpensAt.Before(tx.Now) {
			continue
		}
		lines, err := m.Timetable(tx.Now)
		if err != nil {
			return err
		}
		var missed []string
		for _, l := range lines {
			if l.Rule.Hard && l.Opens && (l.State == meetings.LineMissed || l.State == meetings.LineLate) {
				missed = append(missed, fmt.Sprintf("%s (%s)", l.Rule.Ref, l.DueOn))
			}
		}
		if len(missed) > 0 {
			slices.Sort(missed)
			plan.Notes = append(plan.Notes, fmt.Sprintf("session %s is confirmed over missed lead times without a waiver: %s", c.Ref, strings.Join(missed, ", ")))
		}
	}
	return nil
}

// Export returns the programme as it stands, to be written as a programme file; all adds what was retired.
func (a *Acts) Export(ctx context.Context, all bool) (p programme.Programme, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if all {
			p, err = tx.WholeProgramme(ctx)
		} else {
			p, err = tx.Programme(ctx)
		}
		return err
	})
	if err == nil && p.Info.Code == "" {
		err = refuse("apply a programme file first", "the database holds no programme")
	}
	return p, err
}
