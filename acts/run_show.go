package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"secretariat/reports"
	"secretariat/store"
)

// Run returns a run by its id. One that does not exist is a refusal.
func (a *Acts) Run(ctx context.Context, id int64) (r store.Run, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		r, err = theRun(ctx, tx, id)
		return err
	})
	return r, err
}

// RunNumbered returns a run by its report number. One that does not exist is a refusal.
func (a *Acts) RunNumbered(ctx context.Context, number int64) (r store.Run, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		r, err = tx.RunByNumber(ctx, number)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return r, refuse(listRuns, "no report has the number %d", number)
	}
	return r, err
}

const listRuns = "`secretariat reports list` shows the runs"

func theRun(ctx context.Context, tx *store.Tx, id int64) (store.Run, error) {
	r, err := tx.Run(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return r, refuse(listRuns, "there is no run %d", id)
	}
	return r, err
}

// RunView is all that is known of a run.
type RunView struct {
	Run      store.Run
	Schedule string // ref, "" for none
	Files    []KeptFile
	Letters  []store.Delivery // of each reader all, the owner's too
	History  []store.HistoryLine
	Ways     []string // commands that end the holding
}

// KeptFile is a file of the archive. Fault says what is wrong with it, "" when its bytes are those that were kept.
type KeptFile struct {
	store.RunArtefact
	Bytes int
	Fault string
}

// ShowRun returns all that is known of a run. Every file of it is read and compared with its SHA-256.
func (a *Acts) ShowRun(ctx context.Context, id int64) (v RunView, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if v.Run, err = theRun(ctx, tx, id); err != nil {
			return err
		}
		if v.Run.ScheduleID != nil {
			if v.Schedule, err = tx.ScheduleRef(ctx, *v.Run.ScheduleID); err != nil {
				return err
			}
		}
		if v.Files, err = keptFiles(ctx, tx, id); err != nil {
			return err
		}
		if v.Letters, err = tx.Deliveries(ctx, store.DeliveryFilter{RunID: id}); err != nil {
			return err
		}
		v.History, err = tx.History(ctx, runObject(id))
		return err
	})
	for i := range v.Letters {
		a.complete(&v.Letters[i])
	}
	v.Ways = waysOf(v.Run)
	return v, err
}

// waysOf are the commands with which a run that waits goes on.
func waysOf(run store.Run) (out []string) {
	if run.State != store.RunHeld && run.State != store.RunReview {
		return nil
	}
	retry, drop, asIs := waysOut(run)
	if len(run.Faults) == 0 {
		out = append(out, fmt.Sprintf("secretariat reports release %d", run.ID))
	}
	if run.State == store.RunReview {
		out = append(out, fmt.Sprintf("secretariat reports hold %d", run.ID))
	}
	if run.ReleasedAt == nil {
		out = append(out, retry, drop, asIs)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func keptFiles(ctx context.Context, tx *store.Tx, run int64) (out []KeptFile, err error) {
	list, err := tx.RunArtefacts(ctx, run)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		b, _, err := tx.Artefact(ctx, f.SHA256)
		one := KeptFile{RunArtefact: f, Bytes: len(b)}
		if errors.Is(err, store.ErrTampered) || errors.Is(err, store.ErrNotFound) {
			one.Fault = err.Error()
		} else if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// Reprint asks for a file of a run from the archive. Variant may be left out, or be its beginning, where that fits one.
type Reprint struct {
	Run     int64
	Variant string // "en", "en-limited" …
	Format  string // pdf, xlsx, csv; "" for pdf
}

// ReprintRun returns the bytes that were sent, from the archive. Bytes that differ from their SHA-256 are refused.
func (a *Acts) ReprintRun(ctx context.Context, r Reprint) (b []byte, f store.RunArtefact, err error) {
	if r.Format == "" {
		r.Format = formatPDF
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		run, err := theRun(ctx, tx, r.Run)
		if err != nil {
			return err
		}
		if run.State == store.RunReview && r.Format == formatPDF || run.State == store.RunHeld && run.ReleasedAt == nil && r.Format == formatPDF {
			r.Format = formatDraft
		}
		list, err := tx.RunArtefacts(ctx, r.Run)
		if err != nil {
			return err
		}
		if f, err = chosen(list, r); err != nil {
			return err
		}
		b, _, err = tx.Artefact(ctx, f.SHA256)
		return err
	})
	return b, f, err
}

// chosen is the one file that is asked for.
func chosen(list []store.RunArtefact, r Reprint) (store.RunArtefact, error) {
	var names []string
	var found []store.RunArtefact
	for _, f := range list {
		if f.Format != r.Format {
			continue
		}
		names = append(names, f.Variant)
		if f.Variant == r.Variant {
			return f, nil
		}
		if strings.HasPrefix(f.Variant, r.Variant) {
			found = append(found, f)
		}
	}
	switch {
	case len(names) == 0:
		return store.RunArtefact{}, refuse(fmt.Sprintf("`secretariat reports show %d` names its files", r.Run), "run %d kept no %s", r.Run, r.Format)
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return store.RunArtefact{}, refuse("its variants: "+strings.Join(names, ", "), "run %d has no variant %q", r.Run, r.Variant)
	case r.Variant == "":
		return store.RunArtefact{}, refuse("its variants: "+strings.Join(names, ", "), "run %d has %d variants: name one with --variant", r.Run, len(found))
	}
	return store.RunArtefact{}, refuse("its variants: "+strings.Join(names, ", "), "%q fits %d variants of run %d", r.Variant, len(found), r.Run)
}

// RunDiff is what differs between the tracked rows of two runs for one audience.
type RunDiff struct {
	From, To  store.Run
	Audience  string
	Audiences []string // that both runs have
	Changes   []reports.RowChange
}

// DiffRuns compares the tracked rows of two runs of one report, as they were kept. audience "" takes the one that sees most.
func (a *Acts) DiffRuns(ctx context.Context, from, to int64, audience string) (diff RunDiff, err error) {
	var before, after map[string]store.RunSnapshot
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if diff.From, err = theRun(ctx, tx, from); err != nil {
			return err
		}
		if diff.To, err = theRun(ctx, tx, to); err != nil {
			return err
		}
		if before, err = tx.RunSnapshots(ctx, from); err != nil {
			return err
		}
		after, err = tx.RunSnapshots(ctx, to)
		return err
	})
	if err != nil {
		return diff, err
	}
	if diff.From.Report != diff.To.Report {
		return diff, refuse("compare runs of one report", "run %d is of %s and run %d of %s", from, diff.From.Report, to, diff.To.Report)
	}
	for name := range before {
		if after[name] != nil {
			diff.Audiences = append(diff.Audiences, name)
		}
	}
	slices.Sort(diff.Audiences) // confidential, limited, public: the one that sees most, unless only the public is there
	if len(diff.Audiences) == 0 {
		return diff, refuse("only reports with tracked blocks keep rows, and a run that was never made keeps none", "runs %d and %d have no kept rows in common", from, to)
	}
	if diff.Audience = audience; audience == "" {
		diff.Audience = diff.Audiences[0]
	} else if !slices.Contains(diff.Audiences, audience) {
		return diff, refuse("their audiences: "+strings.Join(diff.Audiences, ", "), "runs %d and %d have no audience %q in common", from, to, audience)
	}
	d, err := a.Reports.Definition(diff.From.Report)
	if err != nil {
		d = nil // the rows speak for themselves; without the file all their columns are compared
	}
	was, err := reports.DecodeSnapshot(before[diff.Audience])
	if err != nil {
		return diff, fmt.Errorf("run %d: %w", from, err)
	}
	is, err := reports.DecodeSnapshot(after[diff.Audience])
	if err != nil {
		return diff, fmt.Errorf("run %d: %w", to, err)
	}
	diff.Changes = reports.CompareSnapshots(d, was, is)
	return diff, nil
}
