package acts

import (
	"context"
	"fmt"
	"slices"

	"secretariat/store"
)

// renderRecord makes the renderings of the present version that are not there yet. The text is read by the reporting login
// in a snapshot of its own, as every report.
func (a *Acts) renderRecord(ctx context.Context, session string) (r SessionRecord, err error) {
	var languages []string
	var level string
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, m, err := recordable(ctx, tx, session)
		if err != nil {
			return err
		}
		languages, level = m.Council.WorkingLanguages, recordLevel(m)
		r, err = loadRecord(ctx, tx, facts.ID)
		return err
	})
	if err != nil {
		return r, err
	}
	for _, language := range languages {
		if slices.ContainsFunc(r.Files, func(f store.RecordFile) bool { return f.Language == language }) {
			continue
		}
		b, made, err := a.Render(ctx, OnDemand{Report: recordReport, Format: "pdf", Language: language, Clearance: level, Values: map[string]string{"session": session}})
		if err != nil {
			return r, err
		}
		f := store.RecordFile{Language: language, Clearance: level, SHA256: made.SHA256, Pages: made.Pages}
		if err := a.Store.InTx(ctx, func(tx *store.Tx) error { return tx.PutRecordFile(ctx, r.Record, f, b) }); err != nil {
			return r, err
		}
		r.Files = append(r.Files, f)
	}
	return r, nil
}

// RecordFile returns a rendering of the present version of a record.
func (a *Acts) RecordFile(ctx context.Context, session, language string) (b []byte, f store.RecordFile, err error) {
	r, err := a.SessionRecord(ctx, session)
	if err != nil {
		return nil, f, err
	}
	if len(r.Files) == 0 {
		if r, err = a.renderRecord(ctx, session); err != nil {
			return nil, f, err
		}
	}
	i := slices.IndexFunc(r.Files, func(f store.RecordFile) bool { return language == "" || f.Language == language })
	if i < 0 {
		var there []string
		for _, f := range r.Files {
			there = append(there, f.Language)
		}
		return nil, f, refuse(fmt.Sprintf("it is there in %v", there), "the record of session %s is not there in %q", session, language)
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		b, _, err = tx.Artefact(ctx, r.Files[i].SHA256)
		return err
	})
	return b, r.Files[i], err
}

// attachRecord puts the circulated text with the letter that tells of it: in the reader's language, else in the first.
// What is confidential never travels.
func (o *letterOccasion) attachRecord(ctx context.Context, tx *store.Tx, parts *letterParts) error {
	if o.m.Session.Confidentiality == "confidential" {
		return nil
	}
	r, err := loadRecord(ctx, tx, o.facts.ID)
	if isNotFound(err) || err == nil && len(r.Files) == 0 {
		return nil // it was circulated elsewhere
	}
	if err != nil {
		return err
	}
	f := r.Files[0]
	for _, language := range []string{o.m.Council.WorkingLanguages[0], o.person.Language} {
		if i := slices.IndexFunc(r.Files, func(f store.RecordFile) bool { return f.Language == language }); i >= 0 {
			f = r.Files[i]
		}
	}
	parts.Attachments = append(parts.Attachments, store.Attachment{Name: fmt.Sprintf("%s-%s-%s.pdf", o.facts.Ref, r.Kind, f.Language), Type: "application/pdf", SHA256: f.SHA256})
	return nil
}
