package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"secretariat/letters"
	"secretariat/store"
)

// reportHeldLetter tells the owner of a report that it waits for a decision: held because a part failed, with what can be
// done about it, or in review, with the drafts.
func reportHeldLetter(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error) {
	if d.RunID == nil {
		return parts, "", fmt.Errorf("delivery %d of kind %s belongs to no run", d.ID, d.Kind)
	}
	run, err := tx.Run(ctx, *d.RunID)
	if err != nil {
		return parts, "", err
	}
	if run.State != store.RunHeld && run.State != store.RunReview {
		return parts, "run " + run.State, nil
	}
	report := letters.ReportData{Name: run.Report, Title: run.Report, AsOf: run.AsOf, Run: fmt.Sprint(run.ID)}
	report.Retry, report.Drop, report.AsIs = waysOut(run)
	if definition, err := a.Reports.Definition(run.Report); err == nil {
		report.Title = definition.Title.In(d.Language, definition.Languages[0])
	}
	if run.State == store.RunHeld {
		report.Faults = strings.Split(run.Reason, "\n")
	} else {
		report.ReleaseAt = *run.ReviewUntil
		if err := attachDrafts(ctx, tx, d, &parts, &report); err != nil {
			return parts, "", err
		}
	}
	data, err := reportData(ctx, a, tx, d, run, &report)
	if err != nil {
		return parts, "", err
	}
	parts.Letter, err = a.Letters.Compose(d.Kind, d.Language, data)
	return parts, "", err
}

// waysOut are the commands that end the holding of a run; "" for one that cannot help.
func waysOut(run store.Run) (retry, drop, asIs string) {
	command := fmt.Sprintf("secretariat reports release %d", run.ID)
	retry = command + " --retry"
	if len(run.Faults) == 0 {
		return retry, "", ""
	}
	drop, asIs = command, command+" --as-is"
	var sections []string
	for _, f := range run.Faults {
		if f.All {
			asIs = ""
		}
		if f.Section == "" {
			drop = ""
		} else if !slices.Contains(sections, f.Section) {
			sections = append(sections, f.Section)
		}
	}
	if drop != "" {
		drop += " --drop " + strings.Join(sections, ",")
	}
	return retry, drop, asIs
}

// attachDrafts gives the letter the drafts that its reader may see: at most at the reader's clearance, in the reader's
// language, else in that of the first draft.
func attachDrafts(ctx context.Context, tx *store.Tx, d store.Delivery, parts *letterParts, report *letters.ReportData) error {
	clearance, err := clearanceOfReader(ctx, tx, d)
	if err != nil {
		return err
	}
	files, err := tx.RunArtefacts(ctx, *d.RunID)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(f store.RunArtefact) bool { return f.Format != formatDraft || !visible(f.Variant, clearance) })
	of := func(language string) bool {
		return slices.ContainsFunc(files, func(f store.RunArtefact) bool { return strings.HasPrefix(f.Variant, language+"-") })
	}
	language := d.Language
	if !of(language) && len(files) > 0 {
		language, _, _ = strings.Cut(files[0].Variant, "-")
	}
	for _, f := range files {
		// A variant with more behind its clearance differs by the reader's clock or parameters: `show` names those.
		if lang, level, _ := strings.Cut(f.Variant, "-"); lang != language || strings.Contains(level, "-") {
			continue
		}
		b, mediaType, err := tx.Artefact(ctx, f.SHA256)
		if err != nil {
			return err
		}
		parts.Attachments = append(parts.Attachments, store.Attachment{Name: f.Name, Type: mediaType, SHA256: f.SHA256})
		report.Attachments = append(report.Attachments, letters.AttachmentLine{Name: f.Name, Pages: *f.Pages, Bytes: int64(len(b))})
	}
	return nil
}

// clearanceOfReader is what the reader of a letter may see; an address without a person is cleared for public.
func clearanceOfReader(ctx context.Context, tx *store.Tx, d store.Delivery) (string, error) {
	if d.PersonID == nil {
		return "public", nil
	}
	people, err := tx.People(ctx)
	if err != nil {
		return "", err
	}
	ids, err := tx.PersonIDs(ctx)
	for _, p := range people {
		if ids[p.Ref] == *d.PersonID {
			return clearanceOf(p), err
		}
	}
	return "public", err
}

// visible reports whether a reader of a clearance may see a variant, <language>-<clearance> with more behind it.
func visible(variant, clearance string) bool {
	_, level, _ := strings.Cut(variant, "-")
	level, _, _ = strings.Cut(level, "-")
	return lesser(level, clearance) == level
}
