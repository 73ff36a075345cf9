package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/mail"
	"secretariat/programme"
	"secretariat/reports"
)

// reportFlags are the options of --report, the command without a name.
type reportFlags struct {
	name, out, format, lang, asOf, since, clearance, to string
	params                                              []string
}

// addReport makes the root command render the report that --report names; without it the help is shown.
func (a *app) addReport(root *cobra.Command) {
	var f reportFlags
	flags := root.Flags()
	flags.StringVar(&f.name, "report", "", "make this report now: weekly-progress …")
	flags.StringVarP(&f.out, "output", "o", "", "file to write, - for standard output; <name>-<day>-<language> by default")
	flags.StringVar(&f.format, "format", "", "pdf, html, xlsx or csv (by the file's name, else pdf)")
	flags.StringVar(&f.lang, "lang", "", "language of the report: en, fr, es, ru, uz, ar, zh")
	flags.StringVar(&f.asOf, "as-of", "", "the report is of this moment, now by default: 2026-11-23, 2026-11-23T09:00 (the programme's clock) or with offset")
	flags.StringVar(&f.since, "since", "", "the period begins here instead of where the report says")
	flags.StringVar(&f.clearance, "clearance", "public", "the highest level that it may show: public, limited, confidential")
	flags.StringVar(&f.to, "to", "", "mail it to this address instead of writing a file")
	flags.StringArrayVar(&f.params, "param", nil, "a parameter of the report, key=value; may be repeated")
	root.RunE = func(cmd *cobra.Command, words []string) error {
		if len(words) > 0 {
			var names []string
			for _, sub := range cmd.Commands() {
				names = append(names, sub.Name())
			}
			return badUse("see secretariat --help", "unknown command %q%s", words[0], programme.DidYouMean(words[0], names))
		}
		if !cmd.Flags().Changed("report") {
			return cmd.Help()
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error { return a.makeReport(ctx, h, f) })
	}
}

func (a *app) makeReport(ctx context.Context, h *house, f reportFlags) error {
	demand, err := f.demand(ctx, h)
	if err != nil {
		return err
	}
	if f.to != "" {
		return a.mailReport(ctx, h, f, demand)
	}
	b, made, err := h.acts.Render(ctx, demand)
	if err != nil {
		return faultOfFile(err)
	}
	a.noteShort(made)
	if f.out == "-" {
		return a.writeOut(b, reportLine(made))
	}
	if f.out != "" {
		made.File = f.out
	}
	if err := writeFile(made.File, b); err != nil {
		return err
	}
	return a.emit(made, func() error { a.say("%s: %s", made.File, reportLine(made)); return nil })
}

func (a *app) mailReport(ctx context.Context, h *house, f reportFlags, demand acts.OnDemand) error {
	to, err := mail.ParseAddress(f.to)
	if err != nil {
		return badUse("an address such as officer@example.org", "--to: %w", err)
	}
	if f.out != "" || demand.Format != "" && demand.Format != "pdf" {
		return badUse("a report is mailed as PDF", "--to goes with neither --output nor another --format")
	}
	made, err := h.acts.MailReport(ctx, demand, to.Address)
	if err != nil {
		return faultOfFile(err)
	}
	a.noteShort(made)
	return a.emit(made, func() error { a.say("to %s: %s", to.Address, reportLine(made)); return nil })
}

// noteShort says what the row limit cut off: a form such as CSV has no room for it.
func (a *app) noteShort(r acts.Rendered) {
	for _, s := range r.Short {
		fmt.Fprintf(a.err, "note: %s\n", s)
	}
}

// faultOfFile makes what is wrong with a report's file bad input, as it is of reports check.
func faultOfFile(err error) error {
	var fault reports.Fault
	var faults reports.Faults
	if errors.As(err, &fault) || errors.As(err, &faults) {
		return badUse("mend the report's file; secretariat reports check FILE shows all that can be found without running it", "%w", err)
	}
	return err
}

func reportLine(r acts.Rendered) string {
	pages := ""
	if r.Pages > 0 {
		pages = fmt.Sprintf("%d pages, ", r.Pages)
	}
	return fmt.Sprintf("%s%d bytes, sha256 %s, as of %s", pages, r.Bytes, r.SHA256, r.AsOf.Format("2006-01-02T15:04:05Z07:00"))
}

// demand checks the options and reads their moments on the programme's clock.
func (f reportFlags) demand(ctx context.Context, h *house) (o acts.OnDemand, err error) {
	o = acts.OnDemand{Report: f.name, Format: f.format, Language: f.lang, Clearance: f.clearance, Values: map[string]string{}}
	if ext := strings.TrimPrefix(filepath.Ext(f.out), "."); o.Format == "" && (ext == "html" || ext == "xlsx" || ext == "csv") {
		o.Format = ext
	}
	if err := oneOf("public", "limited", "confidential")(f.clearance); err != nil {
		return o, badUse("", "--clearance: %w", err)
	}
	for _, p := range f.params {
		key, value, ok := strings.Cut(p, "=")
		if !ok || key == "" {
			return o, badUse("--param session=REC-6", "--param %q is not key=value", p)
		}
		o.Values[key] = value
	}
	zone, err := h.acts.Zone(ctx)
	if err != nil {
		return o, err
	}
	if f.asOf != "" {
		if o.AsOf, err = parseMoment("as-of", f.asOf, zone); err != nil {
			return o, err
		}
		o.AsOf = o.AsOf.In(zone)
	}
	if f.since != "" {
		o.Since, err = parseMoment("since", f.since, zone)
	}
	return o, err
}
