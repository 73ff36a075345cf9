package acts

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	Letters int             // that it caused
	Again   bool            // it had been made before, and nothing was done
	Faults  store.RunFaults // of a run that is held
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
		letters, err := a.owe(ctx, tx, run, plan.deliveries(run))
		result.Letters = willBeSent(letters)
		return err
	})
	if err != nil {
		return RunResult{}, fmt.Errorf("record run of %s: %w", plan.Report, err)
	}
	return result, nil
}

// willBeSent counts the letters that are not held back.
func willBeSent(letters []store.Delivery) (n int) {
	for _, d := range letters {
		if d.State != store.DeliverySuppressed {
			n++
		}
	}
	return n
}

// owe records letters of a run with their nudges and returns them.
func (a *Acts) owe(ctx context.Context, tx *store.Tx, run store.Run, owed []store.Delivery) ([]store.Delivery, error) {
	before, err := tx.Deliveries(ctx, store.DeliveryFilter{RunID: run.ID})
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, d := range before {
		taken[d.DedupeKey] = true
	}
	for i := range owed { // a run that is made again owes its letters again
		key := owed[i].DedupeKey
		for n := 2; taken[owed[i].DedupeKey]; n++ {
			owed[i].DedupeKey = fmt.Sprintf("%s:%d", key, n)
		}
	}
	letters, err := tx.InsertDeliveries(ctx, owed)
	if err != nil {
		return nil, err
	}
	var nudges []Nudge
	for _, d := range letters {
		if d.State == store.DeliveryPending {
			nudges = append(nudges, Nudge{Kind: "delivery", ID: d.ID, Urgency: d.Priority})
		}
	}
	if a.Enqueue == nil || len(nudges) == 0 {
		return letters, nil
	}
	return letters, a.Enqueue(ctx, tx, nudges...)
}

func (a *Acts) insertRun(ctx context.Context, tx *store.Tx, plan RunPlan) (store.Run, bool, error) {
	run := store.Run{Report: plan.Report, Since: plan.Since, Until: plan.Until, AsOf: plan.AsOf, DefinitionHash: plan.hash[:], State: plan.State, Reason: plan.Reason, Faults: plan.Faults}
	if plan.State == store.RunReview {
		until := tx.Now.Add(plan.Review)
		run.ReviewUntil = &until
	}
	if plan.Schedule != 0 {
		run.ScheduleID, run.FireAt = &plan.Schedule, &plan.FireAt
		if before, err := tx.RunOf(ctx, plan.Schedule, plan.FireAt); err == nil {
			return before, false, nil
		} else if !errors.Is(err, store.ErrNotFound) {
			return run, false, err
		}
	}
	if plan.State == store.RunReleased && !plan.unnumbered {
		if err := takeNumber(ctx, tx, &run, plan.Number); err != nil {
			return run, false, err
		}
	}
	run, inserted, err := tx.InsertRun(ctx, run)
	if err != nil || !inserted {
		return run, inserted, err
	}
	return run, true, tx.Audit(ctx, a.Replica, "make", runObject(run.ID), nil, map[string]any{"state": run.State, "number": run.Number, "reason": run.Reason})
}

// runObject is how the audit log names a run.
func runObject(id int64) string { return fmt.Sprintf("run %d", id) }

// takeNumber gives a run the report number that stands in its pages, unless another run took it meanwhile.
func takeNumber(ctx context.Context, tx *store.Tx, run *store.Run, number int64) error {
	next, err := tx.NextRunNumber(ctx, true)
	if err != nil {
		return err
	}
	if next != number {
		return errNumberTaken
	}
	run.Number = &number
	return nil
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
	var files []variantFile
	for _, r := range renderings {
		for _, f := range r.files() {
			files = append(files, variantFile{r.Variant, f})
		}
		if kept[r.audience] {
			continue
		}
		kept[r.audience] = true
		rows, err := r.snapshot.Encode()
		if err != nil {
			return err
		}
		if err := tx.PutRunSnapshot(ctx, run, r.audience, rows); err != nil {
			return err
		}
	}
	return putFiles(ctx, tx, run, files)
}

// putFiles keeps files of a run.
func putFiles(ctx context.Context, tx *store.Tx, run int64, files []variantFile) error {
	var rows []store.RunArtefact
	for _, f := range files {
		sha, err := tx.PutArtefact(ctx, f.mediaType, f.bytes)
		if err != nil {
			return err
		}
		rows = append(rows, store.RunArtefact{RunID: run, Variant: f.variant, Format: f.format, Name: f.name, Pages: f.pages, SHA256: sha})
	}
	return tx.PutRunArtefacts(ctx, rows)
}

// runFile is a file of a rendering.
type runFile struct {
	format, name, mediaType string
	pages                   *int
	bytes                   []byte
}

// Formats of a run's files.
const (
	formatLetter   = "letter"   // what the letter says, as package reports writes it
	formatDocument = "document" // of a run in review: what its files are made of at the release
	formatDraft    = "draft"    // of a run in review: the PDF that its owner looks at
	formatPDF      = "pdf"
)

// draftEnding ends the name of a draft.
const draftEnding = "-draft.pdf"

// draftFinal is the name of the file that a draft becomes.
func draftFinal(name string) string { return strings.TrimSuffix(name, draftEnding) + ".pdf" }

func (r RunRendering) files() []runFile {
	files := []runFile{{format: formatLetter, name: r.Variant + ".letter", mediaType: "application/octet-stream", bytes: r.letter}}
	stem := strings.TrimSuffix(r.File, ".pdf")
	switch {
	case r.draft != nil:
		files = append(files, runFile{format: formatDocument, name: r.Variant + ".document", mediaType: "application/octet-stream", bytes: r.draft},
			runFile{format: formatDraft, name: stem + draftEnding, mediaType: "application/pdf", pages: &r.Pages, bytes: r.PDF})
	case r.PDF != nil:
		files = append(files, runFile{format: formatPDF, name: r.File, mediaType: "application/pdf", pages: &r.Pages, bytes: r.PDF})
	}
	for _, f := range r.more {
		f.name = stem + "." + f.format
		files = append(files, f)
	}
	return files
}

// deliveries are the letters of a plan as rows. Those held back are recorded with their reason.
// Those of a run in review wait until it is released.
func (p RunPlan) deliveries(run store.Run) []store.Delivery {
	var out []store.Delivery
	for _, l := range p.Letters {
		who := l.Person
		if who == "" {
			who = l.Address
		}
		d := store.Delivery{DedupeKey: fmt.Sprintf("run:%d:%s", run.ID, who), Kind: l.Kind, RunID: &run.ID, Variant: l.Variant, PersonID: l.personID,
			Address: l.Address, Name: l.Name, Language: l.Language, Timezone: l.Timezone, Priority: reportPriority}
		if l.Kind == kindHeld { // its owner may be a reader as well
			d.DedupeKey += ":held"
		} else if run.State == store.RunReview {
			d.NotBefore = *run.ReviewUntil
		}
		if l.HeldBack != "" {
			d.State, d.Reason = store.DeliverySuppressed, l.HeldBack
		}
		out = append(out, d)
	}
	return out
}

// reportPriority lets reminders pass waiting reports.
const reportPriority = 7
