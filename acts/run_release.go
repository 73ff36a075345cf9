package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"secretariat/reports"
	"secretariat/reports/pdf"
	"secretariat/store"
)

// Release says how a held run, or one in review, goes out.
type Release struct {
	Retry bool     // make it again from the data as they are now
	Drop  []string // ids of sections: make it again without them
	AsIs  bool     // make it again; where a part fails a sentence stands in its place
}

// ReleaseRun sends what was held. A run in review, or one that was held by hand, goes out as it was made, unless the
// release asks for it to be made again; one that is held for a fault is made again, and stays held when it fails again.
func (a *Acts) ReleaseRun(ctx context.Context, id int64, r Release, actor string) (RunResult, error) {
	for range numberTries {
		result, err := a.releaseRun(ctx, id, r, actor)
		if !errors.Is(err, errNumberTaken) {
			return result, err
		}
	}
	return RunResult{}, fmt.Errorf("release run %d: %w", id, errNumberTaken)
}

func (a *Acts) releaseRun(ctx context.Context, id int64, r Release, actor string) (RunResult, error) {
	run, err := a.Run(ctx, id)
	if err != nil {
		return RunResult{}, err
	}
	if run.State != store.RunHeld && run.State != store.RunReview {
		return RunResult{}, refuse("only a run that is held or in review is released", "run %d is %s", id, run.State)
	}
	again := r.Retry || r.AsIs || len(r.Drop) > 0
	if again || len(run.Faults) > 0 {
		return a.remakeRun(ctx, run, r, actor)
	}
	if run.ReleasedAt != nil {
		return a.resumeRun(ctx, run, actor)
	}
	return a.releaseDraft(ctx, run, actor)
}

// lockUnchanged locks a run for a change; it is refused when its state is no longer what it was when it was looked at.
func lockUnchanged(ctx context.Context, tx *store.Tx, run store.Run) (store.Run, error) {
	now, err := tx.LockRun(ctx, run.ID)
	if err == nil && now.State != run.State {
		err = refuse("secretariat reports show", "run %d became %s meanwhile", run.ID, now.State)
	}
	return now, err
}

// remakeRun makes a run again and sends it, or holds it again with what is wrong now.
func (a *Acts) remakeRun(ctx context.Context, run store.Run, r Release, actor string) (result RunResult, err error) {
	if run.FireAt == nil || run.ScheduleID == nil || run.ReleasedAt != nil {
		return result, refuse(fmt.Sprintf("secretariat reports release %d", run.ID), "run %d was made and sent in part already: it cannot be made again", run.ID)
	}
	again := &remake{run: run.ID, cut: reports.Cut{Drop: r.Drop, AsIs: r.AsIs}}
	plan, err := a.planRun(ctx, Occasion{Schedule: *run.ScheduleID, Report: run.Report, FireAt: *run.FireAt}, again)
	if err != nil {
		return result, err
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		now, err := lockUnchanged(ctx, tx, run)
		if err != nil {
			return err
		}
		now.State, now.Reason, now.Faults, now.DefinitionHash, now.ReviewUntil = plan.State, plan.Reason, plan.Faults, plan.hash[:], nil
		if plan.State == store.RunReleased {
			if err := takeNumber(ctx, tx, &now, plan.Number); err != nil {
				return err
			}
		}
		if result, err = a.remade(ctx, tx, now, plan); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "release", runObject(run.ID), nil,
			map[string]any{"retry": r.Retry, "drop": r.Drop, "as_is": r.AsIs, "state": now.State, "number": now.Number, "letters": result.Letters, "reason": now.Reason})
	})
	result.Faults = plan.Faults
	return result, err
}

// remade records what a run that was made again came to. The owner is not written to again: who made it reads why it
// failed.
func (a *Acts) remade(ctx context.Context, tx *store.Tx, run store.Run, plan RunPlan) (result RunResult, err error) {
	if err := tx.ChangeRun(ctx, run); err != nil {
		return result, err
	}
	result = resultOf(run)
	if run.State == store.RunHeld {
		_, err = tx.HoldRunLetters(ctx, run.ID, runHeld)
		return result, err
	}
	if _, err := tx.HoldRunLetters(ctx, run.ID, "made again"); err != nil {
		return result, err
	}
	if err := tx.ForgetRunFiles(ctx, run.ID); err != nil {
		return result, err
	}
	if err := putRenderings(ctx, tx, run.ID, plan.Renderings); err != nil {
		return result, err
	}
	letters, err := a.owe(ctx, tx, run, plan.deliveries(run))
	result.Letters = willBeSent(letters)
	return result, err
}

// resumeRun lets the letters of a run that was held on the way go on.
func (a *Acts) resumeRun(ctx context.Context, run store.Run, actor string) (result RunResult, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		now, err := lockUnchanged(ctx, tx, run)
		if err != nil {
			return err
		}
		now.State, now.Reason = store.RunReleased, ""
		result = resultOf(now)
		if err := tx.ChangeRun(ctx, now); err != nil {
			return err
		}
		if result.Letters, err = a.oweHeld(ctx, tx, now); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "release", runObject(run.ID), nil, map[string]any{"state": now.State, "number": now.Number, "letters": result.Letters})
	})
	return result, err
}

// oweHeld owes anew the letters that were held back with their run, each as a row that names the old one.
func (a *Acts) oweHeld(ctx context.Context, tx *store.Tx, run store.Run) (int, error) {
	latest, err := lastLetters(ctx, tx, run.ID)
	if err != nil {
		return 0, err
	}
	var owed []store.Delivery
	for _, d := range latest {
		if d.State == store.DeliverySuppressed && d.Reason == runHeld {
			owed = append(owed, resent(d, 1))
		}
	}
	letters, err := a.owe(ctx, tx, run, owed)
	return len(letters), err
}

// lastLetters are the letters of a run to its readers, of each only the last: one that was sent again is left out.
func lastLetters(ctx context.Context, tx *store.Tx, run int64) ([]store.Delivery, error) {
	all, err := tx.Deliveries(ctx, store.DeliveryFilter{RunID: run})
	if err != nil {
		return nil, err
	}
	superseded := map[int64]bool{}
	for _, d := range all {
		if d.ResendOf != nil {
			superseded[*d.ResendOf] = true
		}
	}
	return slices.DeleteFunc(all, func(d store.Delivery) bool {
		return d.Kind == kindHeld || superseded[d.ID] || d.State == store.DeliverySuppressed && d.Reason == "made again"
	}), nil
}

// releaseDraft sends a run in review, or one that was held in review: what was looked at, with the report number that it
// gets now.
func (a *Acts) releaseDraft(ctx context.Context, run store.Run, actor string) (result RunResult, err error) {
	files, number, err := a.numbered(ctx, run)
	if err != nil {
		return result, err
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		now, err := lockUnchanged(ctx, tx, run)
		if err != nil {
			return err
		}
		if err := takeNumber(ctx, tx, &now, number); err != nil {
			return err
		}
		now.State, now.Reason = store.RunReleased, ""
		if err := tx.ChangeRun(ctx, now); err != nil {
			return err
		}
		if err := putFiles(ctx, tx, run.ID, files); err != nil {
			return err
		}
		result = resultOf(now)
		if result.Letters, err = a.freeLetters(ctx, tx, now); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "release", runObject(run.ID), nil, map[string]any{"state": now.State, "number": number, "letters": result.Letters})
	})
	return result, err
}

// freeLetters lets the letters of a run go that waited for its release, and owes those anew that were held back.
func (a *Acts) freeLetters(ctx context.Context, tx *store.Tx, run store.Run) (int, error) {
	ids, err := tx.FreeRunLetters(ctx, run.ID)
	if err != nil {
		return 0, err
	}
	var nudges []Nudge
	for _, id := range ids {
		nudges = append(nudges, Nudge{Kind: "delivery", ID: id, Urgency: reportPriority})
	}
	if a.Enqueue != nil && len(nudges) > 0 {
		if err := a.Enqueue(ctx, tx, nudges...); err != nil {
			return 0, err
		}
	}
	held, err := a.oweHeld(ctx, tx, run)
	return len(ids) + held, err
}

// variantFile is a file of one rendering of a run.
type variantFile struct {
	variant string
	runFile
}

// numbered draws the files of a run in review with the next report number.
func (a *Acts) numbered(ctx context.Context, run store.Run) (files []variantFile, number int64, err error) {
	d, err := a.Reports.Definition(run.Report)
	attach := []string{formatPDF}
	if err == nil {
		attach = d.Attach
	}
	var drafts []store.RunArtefact
	kept := map[string][]byte{}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if number, err = tx.NextRunNumber(ctx, false); err != nil {
			return err
		}
		all, err := tx.RunArtefacts(ctx, run.ID)
		if err != nil {
			return err
		}
		drafts = all
		for _, f := range all {
			if f.Format != formatDocument {
				continue
			}
			if kept[f.Variant], _, err = tx.Artefact(ctx, f.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for _, f := range drafts {
		if f.Format != formatDraft {
			continue
		}
		made, err := finalFiles(kept[f.Variant], f, attach, number)
		if err != nil {
			return nil, 0, fmt.Errorf("release run %d, %s: %w", run.ID, f.Variant, err)
		}
		files = append(files, made...)
	}
	return files, number, nil
}

// finalFiles are the attachments that a draft becomes.
func finalFiles(kept []byte, f store.RunArtefact, attach []string, number int64) (files []variantFile, err error) {
	draft, err := reports.DecodeDraft(kept)
	if err != nil {
		return nil, err
	}
	doc := draft.Numbered(number)
	r := RunRendering{File: draftFinal(f.Name), Variant: f.Variant}
	if slices.Contains(attach, formatPDF) {
		if r.PDF, r.Pages, err = pdf.Render(doc); err != nil {
			return nil, fmt.Errorf("draw the PDF: %w", err)
		}
	}
	if r.more, err = attachedForms(attach, doc); err != nil {
		return nil, err
	}
	for _, one := range r.files() {
		if one.format != formatLetter {
			files = append(files, variantFile{f.Variant, one})
		}
	}
	return files, nil
}
