package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/reports"
	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/reports/sheet"
	"secretariat/store"
)

// blockFault is what the report itself does wrong: the run is held.
type blockFault struct{ err error }

func (f *blockFault) Error() string { return f.err.Error() }

// runWork is the making of one run.
type runWork struct {
	acts    *Acts
	d       *reports.Definition
	plan    *RunPlan
	state   runState
	before  map[string]*reports.Previous // by audience
	cache   map[string]reports.Rows      // by query and arguments: renderings in other languages and zones share the rows
	readers []reader
}

// reader is a row of the recipients query and the rendering that it gets.
type reader struct {
	letter    RunLetter
	rendering int
}

func (w *runWork) programme() reports.Programme {
	i := w.state.info
	return reports.Programme{Code: i.Code, Title: i.Title, Languages: i.Languages, Timezone: w.state.zone, Currency: i.Currency}
}

// read reads the readers and makes a rendering for every distinct set of parameters, all in one snapshot.
func (w *runWork) read(ctx context.Context) error {
	options := store.SnapshotOptions{Ceiling: w.d.Ceiling, Timezone: w.state.zone.String(), BuiltIn: w.acts.Reports.Builtin(w.d.Name)}
	return w.acts.Store.Snapshot(ctx, options, func(read func(store.Query) store.Rows) error {
		base := reports.Parameters{Programme: w.programme(), Since: w.plan.Since, Until: w.plan.Until, AsOf: w.plan.AsOf, Clearance: w.d.Ceiling,
			Language: w.d.Languages[0]}
		q, err := w.d.Recipients(base)
		if err != nil {
			return &blockFault{err}
		}
		rows := readQuery(read, q)
		if rows.More {
			rows.Err = fmt.Errorf("there are more readers than %d, and none may be left out", q.Limit)
		}
		if rows.Err != nil {
			return &blockFault{w.d.Failure(q, rows.Err)}
		}
		groups, err := w.group(base, rows)
		if err != nil {
			return &blockFault{err}
		}
		for i, p := range groups {
			if err := w.render(ctx, read, i, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// readQuery reads one query, with the place of a complaint in a form that package reports understands.
func readQuery(read func(store.Query) store.Rows, q reports.Query) reports.Rows {
	rows := reports.Rows(read(store.Query(q)))
	rows.Err = placed(rows.Err)
	return rows
}

func placed(err error) error {
	var at *store.QueryError
	if errors.As(err, &at) {
		return &reports.PlacedError{Line: at.Line, Column: at.Column, Err: err}
	}
	return err
}

// group parts the readers by what their rendering depends on.
func (w *runWork) group(base reports.Parameters, rows reports.Rows) ([]reports.Parameters, error) {
	uses, _ := w.d.Uses()
	var groups []reports.Parameters
	index := map[string]int{}
	for _, values := range rows.Values {
		row := reports.Recipient{Columns: rows.Columns, Types: rows.Types, Values: values}
		p := base
		p.Language = w.d.Language(row.Text("lang"))
		p.Clearance = lesser(row.Text("clearance"), w.d.Ceiling)
		p.Zone = w.state.zone
		if name := row.Text("timezone"); name != "" {
			zone, err := time.LoadLocation(name)
			if err != nil {
				return nil, fmt.Errorf("%s: reader %s has time zone %q, which is not in the IANA database", w.d.File, row.Text("email"), name)
			}
			p.Zone = zone
		}
		p.Recipient = row.Restrict(uses)
		if row.Text("email") == "" {
			return nil, fmt.Errorf("%s: a reader has no address", w.d.File)
		}
		key := strings.Join([]string{p.Language, p.Clearance, p.Zone.String(), p.Recipient.Key()}, "\x00")
		at, known := index[key]
		if !known {
			at = len(groups)
			index[key] = at
			groups = append(groups, p)
		}
		w.readers = append(w.readers, reader{w.letter(row, p), at})
	}
	return groups, nil
}

func (w *runWork) letter(row reports.Recipient, p reports.Parameters) RunLetter {
	l := RunLetter{Kind: "report", Address: row.Text("email"), Name: row.Text("name"), Language: row.Text("lang"), Timezone: p.Zone.String(), Person: row.Text("person")}
	if l.Language == "" {
		l.Language = p.Language
	}
	if id, ok := w.state.people[l.Person]; ok {
		l.personID = &id
	}
	return l
}

// lesser returns the lower of two levels; anything unknown is public.
func lesser(a, b string) string {
	order := []string{"public", "limited", "confidential"}
	return order[max(min(slices.Index(order, a), slices.Index(order, b)), 0)]
}

// render makes the rendering of one group of readers.
func (w *runWork) render(ctx context.Context, read func(store.Query) store.Rows, index int, p reports.Parameters) error {
	audience := w.d.Audience(p)
	in := reports.Input{Parameters: p, Rows: map[string]reports.Rows{}, Number: w.plan.Number, Cut: w.cut()}
	var err error
	if in.Previous, err = w.previous(audience); err != nil {
		return err
	}
	queries, err := w.d.Plan(p, in.Previous == nil, in.Cut)
	if err != nil {
		return &blockFault{err}
	}
	w.readAll(read, queries, in.Rows)
	if err := w.acts.recheck(ctx, w.d, in); err != nil {
		return err
	}
	in.NoSnapshot = slices.ContainsFunc(w.plan.Renderings, func(r RunRendering) bool { return r.audience == audience })
	made, err := w.d.Compose(in)
	if err != nil {
		return &blockFault{err}
	}
	return w.keep(made, p, audience)
}

func (w *runWork) cut() reports.Cut {
	if w.plan.remake == nil {
		return reports.Cut{}
	}
	return w.plan.remake.cut
}

// readAll reads queries, each with its parameters once for all renderings.
func (w *runWork) readAll(read func(store.Query) store.Rows, queries []reports.Query, into map[string]reports.Rows) {
	for _, q := range queries {
		key := fmt.Sprintf("%s\x00%d\x00%v", q.SQL, q.Limit, q.Args)
		rows, known := w.cache[key]
		if !known {
			rows = readQuery(read, q)
			w.cache[key] = rows
		}
		into[q.Name] = rows
	}
}

func (w *runWork) keep(made reports.Rendering, p reports.Parameters, audience string) error {
	r := RunRendering{Language: made.Language, Clearance: p.Clearance, Timezone: p.Zone.String(), Subject: made.Subject, audience: audience,
		snapshot: made.Snapshot, send: made.Send, note: made.Note, Variant: p.Recipient.Key()}
	var err error
	r.letter, err = reports.Letter{Subject: made.Subject, Title: made.Title, Language: made.Language, Mark: made.Document.Meta.Mark, Cover: made.Cover}.Encode()
	if err != nil {
		return err
	}
	if r.send {
		if err := w.attach(&r, made.Document); err != nil {
			return &blockFault{err}
		}
	}
	w.plan.Renderings = append(w.plan.Renderings, r)
	return nil
}

// attach makes the files that go with the letter. Those of a run in review are made when it is released, from the draft.
func (w *runWork) attach(r *RunRendering, doc document.Document) (err error) {
	if w.plan.State == store.RunReview {
		draft := reports.Draft{Document: doc}
		if r.draft, err = draft.Encode(); err != nil {
			return err
		}
		doc = draft.Marked()
	} else if r.more, err = attachedForms(w.d.Attach, doc); err != nil {
		return fmt.Errorf("%s: %w", w.d.File, err)
	}
	if !slices.Contains(w.d.Attach, formatPDF) && w.plan.State != store.RunReview {
		return nil
	}
	if r.PDF, r.Pages, err = pdf.Render(doc); err != nil {
		return fmt.Errorf("%s: draw the PDF: %w", w.d.File, err)
	}
	return nil
}

// attachedForms makes the attachments of a report that are no PDF.
func attachedForms(wanted []string, doc document.Document) (out []runFile, err error) {
	for _, format := range wanted {
		f := runFile{format: format}
		switch format {
		case "xlsx":
			f.mediaType = sheet.MediaType
			f.bytes, err = sheet.Workbook(doc)
		case "csv":
			f.mediaType, f.bytes = "text/csv", tables(doc)
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("make the attachment as %s: %w", format, err)
		}
		out = append(out, f)
	}
	return out, nil
}
