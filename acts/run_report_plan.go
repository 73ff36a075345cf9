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
	Reason             string   // of held and nothing-to-report
	Faults             []string // of held: "file:line:column: what"
	Renderings         []RunRendering
	Letters            []RunLetter
	unnumbered         bool // released without a report number: on demand
	hash               [32]byte
	done               RunResult
}

// RunRendering is the report for one audience.
type RunRendering struct {
	Variant   string // names the rendering in the run
	Language  string
	Clearance string
	Timezone  string
	Subject   string
	File      string // of the archive: <report>-<day of the fire>-<variant>.pdf
	PDF       []byte // nil when the report is not attached
	Pages     int
	letter    []byte
	audience  string
	snapshot  reports.Snapshot
	send      bool
	note      bool
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
	number    int64
	before    *store.Run // the last delivered
	snapshots map[string]store.RunSnapshot
	owner     programme.Person
	existing  *store.Run
}

// PlanRun decides what a run of a report would be, and renders it. It writes nothing.
func (a *Acts) PlanRun(ctx context.Context, o Occasion) (RunPlan, error) {
	plan := RunPlan{Occasion: o, AsOf: o.FireAt.UTC(), State: store.RunReleased}
	state, err := a.runState(ctx, o)
	if err != nil {
		return plan, fmt.Errorf("run report %s: %w", o.Report, err)
	}
	if state.existing != nil {
		plan.Done, plan.done = true, resultOf(*state.existing)
		plan.done.Again = true
		return plan, nil
	}
	d, err := a.Reports.Definition(o.Report)
	if err != nil {
		plan.Since, plan.Until = o.FireAt, o.FireAt
		a.hold(&plan, state, err)
		return plan, nil
	}
	plan.hash = d.Hash
	zone := state.zone
	if d.Timezone != "" {
		if zone, err = time.LoadLocation(d.Timezone); err != nil {
			return plan, fmt.Errorf("run report %s: %w", o.Report, err)
		}
		state.zone = zone
	}
	var last time.Time
	if state.before != nil {
		last = state.before.Until
	}
	plan.Since, plan.Until = d.Span(o.FireAt, last, zone)
	plan.Number = state.number
	w := &runWork{acts: a, d: d, plan: &plan, state: state, cache: map[string]reports.Rows{}}
	if err := w.read(ctx); err != nil {
		var fault *blockFault
		if !errors.As(err, &fault) {
			return plan, fmt.Errorf("run report %s: %w", o.Report, err)
		}
		a.hold(&plan, state, fault.err)
		return plan, nil
	}
	return plan, w.letters(ctx)
}

func (a *Acts) runState(ctx context.Context, o Occasion) (s runState, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if o.Schedule != 0 {
			run, err := tx.RunOf(ctx, o.Schedule, o.FireAt)
			if err == nil {
				s.existing = &run
				return nil
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
		people, err := tx.People(ctx)
		if err != nil {
			return err
		}
		for _, p := range people {
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
func (a *Acts) hold(plan *RunPlan, s runState, err error) {
	plan.State, plan.Number, plan.Renderings = store.RunHeld, 0, nil
	plan.Faults = strings.Split(strings.TrimSpace(err.Error()), "\n")
	plan.Reason = strings.Join(plan.Faults, "\n")
	owner := RunLetter{Kind: "report-held", Address: s.owner.Email, Name: s.owner.Name, Language: s.owner.Language, Timezone: s.owner.Timezone, Person: s.owner.Ref}
	if d, err := a.Reports.Definition(plan.Report); err == nil && d.Owner != "" {
		owner = RunLetter{Kind: "report-held", Address: d.Owner, Name: d.Owner, Language: s.info.Languages[0], Timezone: s.info.Timezone}
	}
	plan.Letters = nil
	if owner.Address == "" {
		return
	}
	if id, ok := s.people[owner.Person]; ok {
		owner.personID = &id
	}
	plan.Letters = []RunLetter{owner}
}
