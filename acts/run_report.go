package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"secretariat/store"
)

// Occasion is a fire of a schedule that makes a report. The zero Schedule belongs to no schedule: such a run is recorded
// each time it is asked for.
type Occasion struct {
	Schedule int64 // id
	Report   string
	FireAt   time.Time // the report is as of this moment, however late it is made
}

// RunResult is what became of a run.
type RunResult struct {
	ID      int64
	Number  int64 // the report number, 0 for none
	State   string
	Letters int  // that it caused
	Again   bool // it had been made before, and nothing was done
}

// numberTries is how often a run is made again because another took its number meanwhile.
const numberTries = 5

// RunReport makes a report for all its readers and records it with a letter for each. Running it twice for one occasion
// changes nothing the second time. What fails in the report itself is no error: the run is held and its owner told.
func (a *Acts) RunReport(ctx context.Context, o Occasion) (RunResult, error) {
	for range numberTries {
		plan, err := a.PlanRun(ctx, o)
		if err != nil {
			return RunResult{}, err
		}
		result, err := a.RecordRun(ctx, plan)
		if !errors.Is(err, errNumberTaken) {
			return result, err
		}
	}
	return RunResult{}, fmt.Errorf("run report %s: %w", o.Report, errNumberTaken)
}

// errNumberTaken says that another run got the number that stands in the pages.
var errNumberTaken = errors.New("another run took the report number")

// RecordRun writes a planned run: run, files, tracked rows, letters and their nudges, in one transaction.
func (a *Acts) RecordRun(ctx context.Context, plan RunPlan) (result RunResult, err error) {
	if plan.Done {
		return plan.done, nil
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		run, inserted, err := a.insertRun(ctx, tx, plan)
		if err != nil {
			return err
		}
		result = resultOf(run)
		if result.Again = !inserted; result.Again {
			return nil
		}
		if err := putRenderings(ctx, tx, run.ID, plan.Renderings); err != nil {
			return err
		}
		letters, err := tx.InsertDeliveries(ctx, plan.deliveries(run.ID))
		if err != nil {
			return err
		}
		result.Letters = len(letters)
		var nudges []Nudge
		for _, d := range letters {
			if d.State == store.DeliveryPending {
				nudges = append(nudges, Nudge{Kind: "delivery", ID: d.ID})
			}
		}
		if a.Enqueue == nil || len(nudges) == 0 {
			return nil
		}
		return a.Enqueue(ctx, tx, nudges...)
	})
	if err != nil {
		return RunResult{}, fmt.Errorf("record run of %s: %w", plan.Report, err)
	}
	return result, nil
}

func (a *Acts) insertRun(ctx context.Context, tx *store.Tx, plan RunPlan) (store.Run, bool, error) {
	run := store.Run{Report: plan.Report, Since: plan.Since, Until: plan.Until, AsOf: plan.AsOf, DefinitionHash: plan.hash[:], State: plan.State, Reason: plan.Reason}
	if plan.Schedule != 0 {
		run.ScheduleID, run.FireAt = &plan.Schedule, &plan.FireAt
		if before, err := tx.RunOf(ctx, plan.Schedule, plan.FireAt); err == nil {
			return before, false, nil
		} else if !errors.Is(err, store.ErrNotFound) {
			return run, false, err
		}
	}
	if plan.State == store.RunReleased && !plan.unnumbered {
		number, err := tx.NextRunNumber(ctx, true)
		if err != nil {
			return run, false, err
		}
		if number != plan.Number {
			return run, false, errNumberTaken
		}
		run.Number = &number
	}
	return tx.InsertRun(ctx, run)
}

func resultOf(r store.Run) RunResult {
	out := RunResult{ID: r.ID, State: r.State}
	if r.Number != nil {
		out.Number = *r.Number
	}
	return out
}

// putRenderings keeps the files of a run and the rows that the next report compares with.
func putRenderings(ctx context.Context, tx *store.Tx, run int64, renderings []RunRendering) error {
	kept := map[string]bool{}
	var files []store.RunArtefact
	for _, r := range renderings {
		for _, f := range r.files() {
			sha, err := tx.PutArtefact(ctx, f.mediaType, f.bytes)
			if err != nil {
				return err
			}
			files = append(files, store.RunArtefact{RunID: run, Variant: r.Variant, Format: f.format, Name: f.name, Pages: f.pages, SHA256: sha})
		}
		if kept[r.audience] {
			continue
		}
		kept[r.audience] = true
		if err := tx.PutRunSnapshot(ctx, run, r.audience, r.snapshot); err != nil {
			return err
		}
	}
	return tx.PutRunArtefacts(ctx, files)
}

// runFile is a file of a rendering.
type runFile struct {
	format, name, mediaType string
	pages                   *int
	bytes                   []byte
}

// formatLetter is what the letter says, as package reports writes it.
const formatLetter, formatPDF = "letter", "pdf"

func (r RunRendering) files() []runFile {
	files := []runFile{{format: formatLetter, name: r.Variant + ".letter", mediaType: "application/octet-stream", bytes: r.letter}}
	if r.PDF != nil {
		files = append(files, runFile{format: formatPDF, name: r.File, mediaType: "application/pdf", pages: &r.Pages, bytes: r.PDF})
	}
	return files
}

// deliveries are the letters of a plan as rows. Those held back are recorded with their reason.
func (p RunPlan) deliveries(run int64) []store.Delivery {
	var out []store.Delivery
	for _, l := range p.Letters {
		who := l.Person
		if who == "" {
			who = l.Address
		}
		d := store.Delivery{DedupeKey: fmt.Sprintf("run:%d:%s", run, who), Kind: l.Kind, RunID: &run, Variant: l.Variant, PersonID: l.personID,
			Address: l.Address, Name: l.Name, Language: l.Language, Timezone: l.Timezone, Priority: reportPriority}
		if l.HeldBack != "" {
			d.State, d.Reason = store.DeliverySuppressed, l.HeldBack
		}
		out = append(out, d)
	}
	return out
}

// reportPriority lets reminders pass waiting reports.
const reportPriority = 7
