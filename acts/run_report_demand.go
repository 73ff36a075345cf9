package acts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
	"secretariat/reports"
	"secretariat/reports/document"
	"secretariat/reports/html"
	"secretariat/reports/pdf"
	"secretariat/reports/sheet"
	"secretariat/store"
)

// OnDemand asks for a report outside of its schedule. It carries no report number and moves no mark.
type OnDemand struct {
	Report    string
	Format    string            // pdf, html, xlsx or csv
	Language  string            // "" for the report's first
	AsOf      time.Time         // zero: now
	Since     time.Time         // zero: as the report's period says
	Clearance string            // "" is public
	Values    map[string]string // of the report's parameters
	foreign   bool              // its text is an author's, whatever its name
}

// Rendered says what was made.
type Rendered struct {
	File     string    `json:"file"`
	Pages    int       `json:"pages"` // 0 where the format has none
	Bytes    int       `json:"bytes"`
	SHA256   string    `json:"sha256"`
	AsOf     time.Time `json:"as_of"`
	Language string    `json:"language"`
	Short    []string  `json:"short,omitempty"` // what the row limit cut off, a sentence each
}

// Render makes a report with the functions of the daemon. What is wrong in the report is an error that names file and line.
func (a *Acts) Render(ctx context.Context, o OnDemand) ([]byte, Rendered, error) {
	d, made, p, err := a.compose(ctx, o)
	if err != nil {
		return nil, Rendered{}, err
	}
	return a.form(d, made, p, o.Format)
}

// Preview makes a report of a definition that need not be one of the installation's.
func (a *Acts) Preview(ctx context.Context, d *reports.Definition, o OnDemand) ([]byte, Rendered, error) {
	o.foreign = true
	made, p, err := a.composeOf(ctx, d, o, reports.Cut{})
	if err != nil {
		return nil, Rendered{}, err
	}
	return a.form(d, made, p, o.Format)
}

// compose reads and composes a report on demand.
func (a *Acts) compose(ctx context.Context, o OnDemand) (*reports.Definition, reports.Rendering, reports.Parameters, error) {
	return a.composeCut(ctx, o, reports.Cut{})
}

func (a *Acts) composeCut(ctx context.Context, o OnDemand, cut reports.Cut) (d *reports.Definition, made reports.Rendering, p reports.Parameters, err error) {
	d, err = a.Reports.Definition(o.Report)
	if err != nil {
		var unknown *reports.UnknownError
		if errors.As(err, &unknown) {
			return d, made, p, refuse(unknown.Hint(), "%s", unknown)
		}
		return d, made, p, err
	}
	made, p, err = a.composeOf(ctx, d, o, cut)
	return d, made, p, err
}

func (a *Acts) composeOf(ctx context.Context, d *reports.Definition, o OnDemand, cut reports.Cut) (made reports.Rendering, p reports.Parameters, err error) {
	if o.Language != "" && !slices.Contains(d.Languages, o.Language) {
		return made, p, refuse("it is written in "+strings.Join(d.Languages, ", "), "report %s is not written in %q", d.Name, o.Language)
	}
	for name := range o.Values {
		if declared := d.ParameterNames(); !slices.Contains(declared, name) {
			return made, p, refuse("its parameters: "+cmp.Or(strings.Join(declared, ", "), "none"), "report %s has no parameter %q", d.Name, name)
		}
	}
	var previous *reports.Previous
	p, previous, err = a.demand(ctx, d, o)
	if err != nil {
		return made, p, fmt.Errorf("make report %s: %w", o.Report, err)
	}
	in := reports.Input{Parameters: p, Previous: previous, Rows: map[string]reports.Rows{}, Cut: cut}
	queries, err := d.Plan(p, previous == nil, cut)
	if err != nil {
		return made, p, err
	}
	options := store.SnapshotOptions{Ceiling: p.Clearance, Timezone: p.Zone.String(), BuiltIn: a.Reports.Builtin(d.Name) && !o.foreign}
	err = a.Store.Snapshot(ctx, options, func(read func(store.Query) store.Rows) error {
		for _, q := range queries {
			in.Rows[q.Name] = readQuery(read, q)
		}
		return a.recheck(ctx, d, in)
	})
	if err != nil {
		return made, p, fmt.Errorf("make report %s: %w", o.Report, err)
	}
	made, err = d.Compose(in)
	return made, p, err
}

// demand reads what the parameters of a report on demand need, and what it compares with.
func (a *Acts) demand(ctx context.Context, d *reports.Definition, o OnDemand) (p reports.Parameters, previous *reports.Previous, err error) {
	p = reports.Parameters{AsOf: o.AsOf.UTC(), Clearance: o.Clearance, Language: d.Language(o.Language), Values: o.Values}
	if p.Clearance == "" {
		p.Clearance = "public"
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		info, err := tx.ProgrammeInfo(ctx)
		if err != nil {
			return err
		}
		name := info.Timezone
		if d.Timezone != "" {
			name = d.Timezone
		}
		if p.Zone, err = time.LoadLocation(name); err != nil {
			return fmt.Errorf("time zone of the report: %w", err)
		}
		p.Programme = reports.Programme{Code: info.Code, Title: info.Title, Languages: info.Languages, Timezone: p.Zone, Currency: info.Currency}
		if o.AsOf.IsZero() {
			p.AsOf = tx.Now
		}
		last, err := tx.LastDelivered(ctx, d.Name, p.AsOf, time.Time{})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		p.Since, p.Until = d.Span(p.AsOf, last.Until, p.Zone)
		if !o.Since.IsZero() {
			p.Since = o.Since
		}
		if !p.Since.Before(p.Until) {
			return refuse("give an earlier --since or a later --as-of", "the period ends on %s, before it begins on %s",
				programme.DateOf(p.Until, p.Zone), programme.DateOf(p.Since, p.Zone))
		}
		if last.ID == 0 {
			return nil
		}
		snapshots, err := tx.RunSnapshots(ctx, last.ID)
		if err != nil {
			return err
		}
		previous, err = previousOf(last, snapshots[d.Audience(p)])
		return err
	})
	return p, previous, err
}

// form gives a rendering the form asked for.
func (a *Acts) form(d *reports.Definition, made reports.Rendering, p reports.Parameters, format string) (b []byte, r Rendered, err error) {
	switch format {
	case "", "pdf":
		format = "pdf"
		b, r.Pages, err = pdf.Render(made.Document)
	case "html":
		var page string
		page, err = html.Page(made.Document)
		b = []byte(page)
	case "csv":
		b = tables(made.Document)
	case "xlsx":
		b, err = sheet.Workbook(made.Document)
	default:
		return nil, r, refuse("pdf, html, xlsx and csv are made", "unknown format %q", format)
	}
	if err != nil {
		return nil, r, fmt.Errorf("make report %s as %s: %w", d.Name, format, err)
	}
	sum := sha256.Sum256(b)
	r.File = fmt.Sprintf("%s-%s-%s.%s", d.Name, programme.DateOf(p.AsOf, p.Zone), made.Language, format)
	r.Bytes, r.SHA256, r.AsOf, r.Language = len(b), hex.EncodeToString(sum[:]), p.AsOf.In(p.Zone), made.Language
	for _, s := range made.Short {
		r.Short = append(r.Short, s.String())
	}
	return b, r, nil
}

// tables writes the tables of a document as CSV, one behind the other, each but the first under an empty line; the name
// of a table stands before it.
func tables(doc document.Document) []byte {
	const mark = "\ufeff" // tells spreadsheets the encoding; it stands once
	out := bytes.NewBufferString(mark)
	for _, t := range sheet.Tables(doc) {
		if out.Len() > len(mark) {
			out.WriteString("\r\n")
		}
		out.WriteString(t.Name + "\r\n")
		out.Write(bytes.TrimPrefix(sheet.CSV(t), []byte(mark)))
	}
	return out.Bytes()
}

// MailReport makes a report on demand and owes it to one address, at most as limited: what is confidential never travels.
// It carries no report number and moves no mark. The letter waits for a sender.
func (a *Acts) MailReport(ctx context.Context, o OnDemand, address string) (Rendered, error) {
	if o.Clearance == "confidential" {
		return Rendered{}, refuse("render it to a file instead", "a confidential report is not mailed")
	}
	d, made, p, err := a.compose(ctx, o)
	if err != nil {
		return Rendered{}, err
	}
	b, r, err := a.form(d, made, p, "pdf")
	if err != nil {
		return r, err
	}
	rendering := RunRendering{Variant: made.Language + "-" + p.Clearance, File: strings.TrimSuffix(r.File, made.Language+".pdf") + made.Language + "-" + p.Clearance + ".pdf",
		PDF: b, Pages: r.Pages, audience: d.Audience(p), snapshot: made.Snapshot}
	rendering.letter, err = reports.Letter{Subject: made.Subject, Title: made.Title, Language: made.Language, Mark: made.Document.Meta.Mark, Cover: made.Cover}.Encode()
	if err != nil {
		return r, err
	}
	plan := RunPlan{Occasion: Occasion{Report: d.Name}, Since: p.Since, Until: p.Until, AsOf: p.AsOf, State: store.RunReleased, Renderings: []RunRendering{rendering},
		unnumbered: true, hash: d.Hash, Letters: []RunLetter{{Kind: "report", Address: address, Name: address, Language: made.Language, Timezone: p.Zone.String(), Variant: rendering.Variant}}}
	_, err = a.RecordRun(ctx, plan)
	return r, err
}

// CheckReport compares a definition with the database: what each query returns, and what the file says of it.
func (a *Acts) CheckReport(ctx context.Context, d *reports.Definition) (reports.Faults, error) {
	var lost error
	faults := d.Check(func(q reports.Query) (columns, types []string, err error) {
		rows, err := a.Store.Describe(ctx, []store.Query{store.Query(q)})
		if err != nil {
			lost = err
			return nil, nil, err
		}
		return rows[0].Columns, rows[0].Types, placed(rows[0].Err)
	})
	if lost != nil {
		return nil, fmt.Errorf("check report %s: %w", d.Name, lost)
	}
	return faults, nil
}

// Runs returns the runs of a report, or with "" of all, newest first, at most limit of them.
func (a *Acts) Runs(ctx context.Context, report string, limit int) (list []store.Run, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Runs(ctx, report, limit)
		return err
	})
	return list, err
}
