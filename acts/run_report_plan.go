package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
	"secretariat/reports"
	"secretariat/store"
)

// RunPlan is a run as it would be recorded: what is read, decided and rendered, and nothing written.
type RunPlan struct {
	Occasion
	Done               bool // the occasion has its run already: nothing else is set
	Since, Until, AsOf time.Time
	Number             int64 // the report number; 0 for a run that carries none
	State              string
	Reason             string          // of held and nothing-to-report
	Faults             store.RunFaults // of held
	Review             time.Duration   // of review: how long it waits for its owner
	Renderings         []RunRendering
	Letters            []RunLetter
	unnumbered         bool // released without a report number: on demand
	hash               [32]byte
	done               RunResult
	remake             *remake // the held run that is made again; nil for a new one
}

// remake asks for a run to be made again, whole or without the parts that are cut.
type remake struct {
	run int64
	cut reports.Cut
}

// RunRendering is the report as readers of one language, clearance and clock get it.
type RunRendering struct {
	Variant   string // names the rendering in the run
	Language  string
	Clearance string
	Timezone  string
	Subject   string
	File      string // of the archive: <report>-<day of the fire>-<variant>.pdf
	PDF       []byte // nil when the report is not attached
	Pages     int
	more      []runFile // attachments in other forms
	draft     []byte    // of a run in review
	letter    []byte
	audience  string // whose tracked rows the snapshot holds: Definition.Audience
	snapshot  reports.Snapshot
	send      bool // there is something to report
	note      bool // there is nothing, and its readers are told so
}

// RunLetter is a letter that a run causes.
type RunLetter struct {
	Kind     string // report, nothing-to-report, report-held
	Address  string
	Name     string
	Language string
	Timezone string
	Person   string // ref, "" for an address without a person
	Variant  string
	Subject  string // of a report; that of the other kinds is their template's
	HeldBack string // why it is not sent, "" when it is
	personID *int64
}

// runState is what a run begins with, read in one transaction.
type runState struct {
	info      programme.Info
	zone      *time.Location
	people    map[string]int64
	persons   []programme.Person
	number    int64
	before    *store.Run                   // the last delivered
	snapshots map[string]store.RunSnapshot // by audience
	owner     programme.Person
	existing  *store.Run
}

// PlanRun decides what a run of a report would be, and renders it. It writes nothing.
func (a *Acts) PlanRun(ctx context.Context, o Occasion) (RunPlan, error) {
	return a.planRun(ctx, o, nil)
}

func (a *Acts) planRun(ctx context.Context, o Occasion, again *remake) (RunPlan, error) {
	plan := RunPlan{Occasion: o, AsOf: o.FireAt.UTC(), State: store.RunReleased, remake: again}
	state, err := a.runState(ctx, o)
	if err != nil {
		return plan, fmt.Errorf("run report %s: %w", o.Report, err)
	}
	if state.existing != nil && again == nil {
		plan.Done, plan.done = true, resultOf(*state.existing)
		plan.done.Again = true
		return plan, nil
	}
	d, err := a.Reports.Definition(o.Report)
	if err != nil {
		plan.Since, plan.Until = o.FireAt, o.FireAt
		a.hold(&plan, state, &reports.Definition{File: o.Report, Name: o.Report}, err)
		return plan, nil
	}
	if err := plan.goBy(d, &state); err != nil {
		return plan, err
	}
	w := &runWork{acts: a, d: d, plan: &plan, state: state, before: map[string]*reports.Previous{}, cache: map[string]reports.Rows{}}
	if err := w.read(ctx); err != nil {
		var fault *blockFault
		if !errors.As(err, &fault) {
			return plan, fmt.Errorf("run report %s: %w", o.Report, err)
		}
		a.hold(&plan, state, d, fault.err)
		plan.Letters = append(plan.Letters, w.withheld()...)
		return plan, nil
	}
	if err := w.letters(ctx); err != nil {
		return plan, err
	}
	if plan.State == store.RunReview {
		plan.Letters = append(plan.Letters, a.ownerLetter(state, d)...)
	}
	return plan, nil
}

// goBy sets what the definition says of a run: its state, its clock and the period that it covers.
func (plan *RunPlan) goBy(d *reports.Definition, state *runState) (err error) {
	plan.hash = d.Hash
	if plan.remake != nil {
		if err := d.CheckCut(plan.remake.cut); err != nil {
			return refuse("secretariat reports show names the sections at fault", "%s", err)
		}
	} else if d.Review > 0 {
		plan.State, plan.Review = store.RunReview, d.Review
	}
	if d.Timezone != "" {
		if state.zone, err = time.LoadLocation(d.Timezone); err != nil {
			return fmt.Errorf("run report %s: %w", plan.Report, err)
		}
	}
	var last time.Time
	if state.before != nil {
		last = state.before.Until
	}
	plan.Since, plan.Until = d.Span(plan.FireAt, last, state.zone)
	if plan.State == store.RunReleased {
		plan.Number = state.number
	}
	return nil
}

func (a *Acts) runState(ctx context.Context, o Occasion) (s runState, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if o.Schedule != 0 {
			run, err := tx.RunOf(ctx, o.Schedule, o.FireAt)
			if err == nil {
				s.existing = &run
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if s.info, err = tx.ProgrammeInfo(ctx); err != nil {
			return err
		}
		if s.zone, err = time.LoadLocation(s.info.Timezone); err != nil {
			return fmt.Errorf("programme's time zone: %w", err)
		}
		if s.people, err = tx.PersonIDs(ctx); err != nil {
			return err
		}
		if s.number, err = tx.NextRunNumber(ctx, false); err != nil {
			return err
		}
		if s.persons, err = tx.People(ctx); err != nil {
			return err
		}
		for _, p := range s.persons {
			if p.Active && slices.Contains(p.Roles, "secretary") && s.owner.Ref == "" {
				s.owner = p
			}
		}
		before, err := tx.LastDelivered(ctx, o.Report, o.FireAt, o.FireAt)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		s.before = &before
		s.snapshots, err = tx.RunSnapshots(ctx, before.ID)
		return err
	})
	return s, err
}

// hold makes the plan one of a held run: nothing goes out but one letter to the owner.
func (a *Acts) hold(plan *RunPlan, s runState, d *reports.Definition, err error) {
	plan.State, plan.Number, plan.Renderings, plan.Review = store.RunHeld, 0, nil, 0
	plan.Faults = nil
	var lines []string
	for _, f := range d.FaultsOf(err) {
		one := store.RunFault{File: f.File, Line: f.Line, Column: f.Column, Text: f.Text}
		one.Section, one.All = d.Remedy(f)
		plan.Faults = append(plan.Faults, one)
		lines = append(lines, f.Error())
	}
	plan.Reason = strings.Join(lines, "\n")
	plan.Letters = a.ownerLetter(s, d)
}

// ownerLetter is the letter to whom the definition names as owner, else to the secretary; none when there is neither.
func (a *Acts) ownerLetter(s runState, d *reports.Definition) []RunLetter {
	owner := s.owner
	if d.Owner != "" {
		at := slices.IndexFunc(s.persons, func(p programme.Person) bool { return p.Active && strings.EqualFold(p.Email, d.Owner) })
		if at < 0 {
			return []RunLetter{{Kind: kindHeld, Address: d.Owner, Name: d.Owner, Language: s.info.Languages[0], Timezone: s.info.Timezone}}
		}
		owner = s.persons[at]
	}
	if owner.Email == "" {
		return nil
	}
	l := RunLetter{Kind: kindHeld, Address: owner.Email, Name: owner.Name, Language: owner.Language, Timezone: owner.Timezone, Person: owner.Ref}
	if id, ok := s.people[owner.Ref]; ok {
		l.personID = &id
	}
	return []RunLetter{l}
}

// kindHeld is the letter about a run that waits for a person.
const kindHeld = "report-held"

// runHeld is why letters of a held run are not sent.
const runHeld = "run held"

// withheld are the letters of the readers of a run that is held.
func (w *runWork) withheld() (out []RunLetter) {
	for _, r := range w.readers {
		l := r.letter
		l.HeldBack = runHeld
		out = append(out, l)
	}
	return out
}
