package acts

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"secretariat/letters"
	"secretariat/programme"
	"secretariat/reports"
	"secretariat/store"
)

// tokenLife is how long the link in a report's letter ends the subscription.
const tokenLife = 400 * 24 * time.Hour

// reportLetter composes the letter that carries a report, or the note that there was nothing to report. It is owed
// while its run is released or had nothing to report; whether its reader has unsubscribed since, prepare has asked.
func reportLetter(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error) {
	run, reason, err := runOwed(ctx, tx, d)
	if err != nil || reason != "" {
		return parts, reason, err
	}
	kept, attachments, err := reportFiles(ctx, a, tx, d)
	if err != nil {
		return parts, "", err
	}
	report := letters.ReportData{Name: run.Report, Title: kept.Title, Language: kept.Language, AsOf: run.AsOf, Mark: kept.Mark}
	if run.Number != nil {
		report.Number = *run.Number
	}
	if d.Kind == "report" {
		report.Subject, report.Cover = kept.Subject, kept.Cover
		for _, f := range attachments {
			parts.Attachments = append(parts.Attachments, store.Attachment{Name: f.name, Type: f.mediaType, SHA256: f.sha})
			report.Attachments = append(report.Attachments, letters.AttachmentLine{Name: f.name, Pages: f.pages, Bytes: f.size})
		}
	}
	data, err := reportData(ctx, a, tx, d, run, &report)
	if err != nil {
		return parts, "", err
	}
	if report.Unsubscribe, err = unsubscribeLink(ctx, a, tx, d, run.Report); err != nil {
		return parts, "", err
	}
	if report.Unsubscribe != "" {
		parts.Headers = map[string]string{"List-Unsubscribe": "<" + report.Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
	}
	parts.Letter, err = a.Letters.Compose(d.Kind, d.Language, data)
	return parts, "", err
}

// runOwed reads the run of a delivery and says why its letter is no longer owed, "" when it is.
func runOwed(ctx context.Context, tx *store.Tx, d store.Delivery) (run store.Run, reason string, err error) {
	if d.RunID == nil {
		return run, "", fmt.Errorf("delivery %d of kind %s belongs to no run", d.ID, d.Kind)
	}
	if run, err = tx.Run(ctx, *d.RunID); err != nil {
		return run, "", err
	}
	switch run.State {
	case store.RunDropped:
		return run, "run dropped", nil
	case store.RunHeld:
		return run, runHeld, nil
	}
	return run, "", nil
}

// attached is a file of the run that goes with a letter.
type attached struct {
	name, format, mediaType, sha string
	pages                        int
	size                         int64
}

// reportFiles returns what the letter says and the files of the reader's rendering. A reader's file is named after
// report, day and language: that there are other renderings is not told.
func reportFiles(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (kept reports.Letter, files []attached, err error) {
	list, err := tx.VariantArtefacts(ctx, *d.RunID, d.Variant)
	if err != nil {
		return kept, nil, err
	}
	found := false
	for _, f := range list {
		if f.Format == formatDocument || f.Format == formatDraft {
			continue
		}
		file, err := a.shelf.file(ctx, tx, f.SHA256)
		if err != nil {
			return kept, nil, err
		}
		if f.Format == formatLetter {
			if kept, err = a.shelf.letter(f.SHA256, file); err != nil {
				return kept, nil, err
			}
			found = true
			continue
		}
		one := attached{name: f.Name, format: f.Format, mediaType: file.Type, sha: f.SHA256, size: int64(len(file.Bytes))}
		if f.Pages != nil {
			one.pages = *f.Pages
		}
		files = append(files, one)
	}
	if !found {
		return kept, nil, fmt.Errorf("run %d has no letter for %q", *d.RunID, d.Variant)
	}
	for i := range files {
		ending := "." + files[i].format
		files[i].name = strings.TrimSuffix(files[i].name, "-"+d.Variant+ending) + "-" + kept.Language + ending
	}
	return kept, files, nil
}

// reportData fills in what all letters about a run say: the reader, the programme, the period.
func reportData(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery, run store.Run, report *letters.ReportData) (letters.Data, error) {
	info, err := tx.ProgrammeInfo(ctx)
	if err != nil {
		return letters.Data{}, err
	}
	zone, err := time.LoadLocation(info.Timezone)
	if err != nil {
		return letters.Data{}, fmt.Errorf("programme's time zone: %w", err)
	}
	clock, err := time.LoadLocation(d.Timezone)
	if err != nil {
		clock = zone
	}
	report.Zone = clock
	if run.Until.After(run.Since) {
		report.Since, report.Until = programme.DateOf(run.Since, zone), programme.DateOf(run.Until, zone).AddDays(-1)
	}
	data := letters.Data{
		Recipient: letters.Recipient{Name: d.Name, Language: d.Language, Zone: clock, Clearance: "limited"},
		Programme: letters.Programme{Title: info.Title, Languages: info.Languages, Sender: a.Mail.From.Name, Email: a.Mail.From.Address},
		Report:    report,
	}
	if d.PersonID == nil {
		return data, nil
	}
	reader, err := tx.Reader(ctx, *d.PersonID, run.Report)
	if err != nil {
		return data, err
	}
	data.Recipient.Salutation, report.Role = reader.Salutation, reader.Role
	return data, nil
}

// unsubscribeLink makes the address at which the reader ends the subscription. Only the hash of its token is kept.
func unsubscribeLink(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery, report string) (string, error) {
	if a.Mail.PublicURL == "" {
		return "", nil
	}
	token := strings.ToLower(rand.Text())
	err := tx.PutUnsubscribeToken(ctx, token, store.TokenSubject{Address: d.Address, Report: report, PersonID: d.PersonID}, tx.Now.Add(tokenLife))
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(a.Mail.PublicURL, "/") + "/u/" + token, nil
}
