package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/reports"
)

func (a *app) reportsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "reports", Short: "The report files and the runs made of them"}
	cmd.AddCommand(a.reportsListCommand(), a.reportsCheckCommand(), a.reportsShowCommand(), a.reportsDiffCommand(), a.reportsReprintCommand(),
		a.reportsResendCommand(), a.reportsReleaseCommand(), a.reportsHoldCommand())
	return cmd
}

// shownReport is a report file as JSON.
type shownReport struct {
	Name      string   `json:"name"`
	Title     string   `json:"title"`
	Languages []string `json:"languages"`
	File      string   `json:"file"`
	Faults    []string `json:"faults,omitempty"`
}

// shownRun is a run as JSON.
type shownRun struct {
	ID     int64     `json:"id"`
	Number *int64    `json:"number"`
	Report string    `json:"report"`
	AsOf   time.Time `json:"as_of"`
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

func (a *app) reportsListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the reports and their last runs", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				runs, err := h.acts.Runs(ctx, "", 50)
				if err != nil {
					return err
				}
				files, made := shownReports(h.acts.Reports), []shownRun{}
				for _, r := range runs {
					made = append(made, shownRun{r.ID, r.Number, r.Report, r.AsOf, r.State, r.Reason})
				}
				return a.emit(map[string]any{"reports": files, "runs": made}, func() error { return a.printReports(files, made) })
			})
		},
	}
}

func shownReports(l *reports.Library) []shownReport {
	out := []shownReport{}
	for _, d := range l.All() {
		one := shownReport{Name: d.Name, Title: d.Title[d.Languages[0]], Languages: d.Languages, File: d.File}
		for _, f := range l.Broken(d.Name) {
			one.Faults = append(one.Faults, f.Error())
		}
		out = append(out, one)
	}
	return out
}

func (a *app) printReports(files []shownReport, runs []shownRun) error {
	w := a.table("REPORT", "TITLE", "LANGUAGES", "FILE")
	for _, r := range files {
		w.row(r.Name, r.Title, strings.Join(r.Languages, " "), r.File)
	}
	if err := w.Flush(); err != nil || len(runs) == 0 {
		return err
	}
	fmt.Fprintln(a.out)
	w = a.table("RUN", "NUMBER", "REPORT", "AS OF", "STATE")
	for _, r := range runs {
		number := "–"
		if r.Number != nil {
			number = fmt.Sprint(*r.Number)
		}
		w.row(r.ID, number, r.Report, r.AsOf.Format(time.RFC3339), r.State)
	}
	return w.Flush()
}

func (a *app) reportsCheckCommand() *cobra.Command {
	var w watcher
	var watch bool
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Check report files without running them: all reports when no file is named",
		Long: "Checks names, options, translations and texts, and asks the database what every query returns.\n" +
			"Faults are printed as file:line:column: what; the exit code is 2 when there are any.\n" +
			"With --watch one file is checked and drawn whenever it or one of its overlays changes, until it is interrupted.",
		RunE: func(cmd *cobra.Command, files []string) error {
			if watch != (w.out != "") || watch && len(files) != 1 {
				return badUse("secretariat reports check --watch FILE -o preview.pdf", "--watch goes with one file and --output")
			}
			if watch {
				return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
					w.app, w.with, w.file = a, h.acts, files[0]
					return w.watch(ctx)
				})
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error { return a.checkReports(ctx, h.acts, files) })
		},
	}
	cmd.Flags().BoolVar(&watch, "watch", false, "check and draw one file whenever it changes")
	cmd.Flags().StringVarP(&w.out, "output", "o", "", "the preview of --watch: preview.pdf")
	cmd.Flags().StringVar(&w.lang, "lang", "", "language of the preview, the report's first by default")
	return cmd
}

func (a *app) checkReports(ctx context.Context, with *acts.Acts, files []string) error {
	var definitions []*reports.Definition
	var faults reports.Faults
	for _, file := range files {
		d, found, err := reports.Parse(os.DirFS(filepath.Dir(file)), filepath.Base(file), file)
		if err != nil {
			return badUse("a report file such as templates/reports/mine.report.md", "read report file %s: %w", file, reason(err))
		}
		if faults = append(faults, found...); len(found) == 0 {
			definitions = append(definitions, d)
		}
	}
	if len(files) == 0 {
		for _, d := range with.Reports.All() {
			if broken := with.Reports.Broken(d.Name); broken != nil {
				faults = append(faults, broken...)
			} else {
				definitions = append(definitions, d)
			}
		}
	}
	for _, d := range definitions {
		found, err := with.CheckReport(ctx, d)
		if err != nil {
			return err
		}
		faults = append(faults, found...)
	}
	return a.showFaults(len(definitions), faults)
}

func (a *app) showFaults(checked int, faults reports.Faults) error {
	shown := []map[string]any{}
	for _, f := range faults {
		shown = append(shown, map[string]any{"file": f.File, "line": f.Line, "column": f.Column, "text": f.Text})
	}
	err := a.emit(map[string]any{"checked": checked, "faults": shown}, func() error {
		if len(faults) == 0 {
			a.say("%d reports checked: no faults", checked)
		}
		return nil
	})
	if len(faults) == 0 {
		return err
	}
	return errors.Join(err, badUse("", "%w", faults))
}
