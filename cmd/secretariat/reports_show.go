package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/reports"
	"secretariat/store"
)

// shownFault is what failed in a held run as JSON.
type shownFault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Text    string `json:"text"`
	Section string `json:"section,omitempty"` // that --drop leaves out
}

func shownFaults(list store.RunFaults) []shownFault {
	out := []shownFault{}
	for _, f := range list {
		out = append(out, shownFault{f.File, f.Line, f.Column, f.Text, f.Section})
	}
	return out
}

func faultLine(f store.RunFault) string {
	return reports.Fault{File: f.File, Line: f.Line, Column: f.Column, Text: f.Text}.Error()
}

// shownFile is a file of the archive as JSON.
type shownFile struct {
	Variant string `json:"variant"`
	Format  string `json:"format"`
	Name    string `json:"name"`
	Pages   *int   `json:"pages"`
	Bytes   int    `json:"bytes"`
	SHA256  string `json:"sha256"`
	Intact  bool   `json:"intact"` // its bytes are those that were kept
}

func (a *app) reportsShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show RUN", Short: "Show a run: its state, faults, files, readers and history", Args: cobra.ExactArgs(1),
		RunE: a.onRun(func(ctx context.Context, h *house, id int64, _ []string) error {
			v, err := h.acts.ShowRun(ctx, id)
			if err != nil {
				return err
			}
			return a.emit(runDocument(v), func() error { return a.printRun(v) })
		}),
	}
}

func runDocument(v acts.RunView) map[string]any {
	r := v.Run
	files, letters, history := []shownFile{}, []map[string]any{}, []map[string]any{}
	for _, f := range v.Files {
		files = append(files, shownFile{f.Variant, f.Format, f.Name, f.Pages, f.Bytes, f.SHA256, f.Fault == ""})
	}
	for _, d := range v.Letters {
		letters = append(letters, map[string]any{"id": d.ID, "kind": d.Kind, "to": d.Address, "name": d.Name, "language": d.Language, "variant": d.Variant,
			"state": d.State, "reason": d.Reason, "not_before": d.NotBefore.UTC(), "sent_at": d.SentAt, "resend_of": d.ResendOf})
	}
	for _, l := range v.History {
		line := map[string]any{"at": l.At.UTC(), "actor": l.Actor, "action": l.Action}
		if l.After != "" {
			line["details"] = json.RawMessage(l.After)
		}
		history = append(history, line)
	}
	return map[string]any{"id": r.ID, "number": r.Number, "report": r.Report, "schedule": v.Schedule, "fire_at": r.FireAt, "since": r.Since.UTC(), "until": r.Until.UTC(),
		"as_of": r.AsOf.UTC(), "definition_sha256": fmt.Sprintf("%x", r.DefinitionHash), "state": r.State, "reason": r.Reason, "faults": shownFaults(r.Faults),
		"review_until": r.ReviewUntil, "released_at": r.ReleasedAt, "ways": append([]string{}, v.Ways...), "files": files, "letters": letters, "history": history}
}

func (a *app) printRun(v acts.RunView) error {
	r := v.Run
	w := a.table()
	number := "none"
	if r.Number != nil {
		number = fmt.Sprint(*r.Number)
	}
	w.row("Run", fmt.Sprintf("%d of %s, report number %s", r.ID, r.Report, number))
	w.row("State", r.State+stateMore(r))
	w.row("Period", fmt.Sprintf("%s to %s, as of %s", r.Since.UTC().Format(time.RFC3339), r.Until.UTC().Format(time.RFC3339), r.AsOf.UTC().Format(time.RFC3339)))
	if v.Schedule != "" && r.FireAt != nil {
		w.row("Schedule", v.Schedule+" at "+r.FireAt.UTC().Format(time.RFC3339))
	}
	for _, f := range r.Faults {
		w.row("Fault", faultLine(f)+inSection(f))
	}
	if len(r.Faults) == 0 && r.Reason != "" {
		w.row("Reason", r.Reason)
	}
	for i, way := range v.Ways {
		w.row(map[bool]string{true: "Next", false: ""}[i == 0], way)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	printFiles(a.out, v.Files)
	printLetters(a.out, v.Letters)
	printHistory(a.out, v.History)
	return nil
}

func stateMore(r store.Run) string {
	switch {
	case r.State == store.RunReview:
		return ", goes out by itself at " + r.ReviewUntil.UTC().Format(time.RFC3339)
	case r.ReleasedAt != nil:
		return ", released at " + r.ReleasedAt.UTC().Format(time.RFC3339)
	}
	return ""
}

func inSection(f store.RunFault) string {
	if f.Section == "" {
		return ""
	}
	return " (section " + f.Section + ")"
}

func printFiles(out io.Writer, files []acts.KeptFile) {
	if len(files) == 0 {
		return
	}
	fmt.Fprintln(out)
	w := newTable(out, "VARIANT", "FORMAT", "FILE", "PAGES", "BYTES", "SHA256")
	for _, f := range files {
		pages := "–"
		if f.Pages != nil {
			pages = fmt.Sprint(*f.Pages)
		}
		damaged := ""
		if f.Fault != "" {
			damaged = "DAMAGED: " + f.Fault
		}
		w.row(f.Variant, f.Format, f.Name, pages, f.Bytes, f.SHA256, damaged)
	}
	w.Flush()
}

func printLetters(out io.Writer, letters []store.Delivery) {
	if len(letters) == 0 {
		return
	}
	fmt.Fprintln(out)
	w := newTable(out, "LETTER", "KIND", "TO", "VARIANT", "STATE", "REASON")
	for _, d := range letters {
		w.row(d.ID, d.Kind, d.Address, d.Variant, d.State, d.Reason)
	}
	w.Flush()
}

func printHistory(out io.Writer, lines []store.HistoryLine) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(out)
	w := newTable(out, "WHEN (UTC)", "WHO", "WHAT")
	for _, l := range lines {
		w.row(l.At.UTC().Format(time.RFC3339), l.Actor, l.Action+" "+string(l.After))
	}
	w.Flush()
}

func (a *app) reportsDiffCommand() *cobra.Command {
	var audience string
	cmd := &cobra.Command{
		Use: "diff RUN RUN", Short: "Compare the tracked rows of two runs of a report, as they were kept", Args: cobra.ExactArgs(2),
		RunE: a.onRun(func(ctx context.Context, h *house, from int64, words []string) error {
			to, err := runID(ctx, h, words[0])
			if err != nil {
				return err
			}
			d, err := h.acts.DiffRuns(ctx, from, to, audience)
			if err != nil {
				return err
			}
			document := map[string]any{"report": d.From.Report, "from": from, "to": to, "audience": d.Audience, "audiences": d.Audiences, "changes": d.Changes}
			return a.emit(document, func() error { a.printDiff(d); return nil })
		}),
	}
	cmd.Flags().StringVar(&audience, "audience", "", "whose rows: limited, public …; the one that sees most by default")
	return cmd
}

// minuteUTC tells two runs of one day apart.
const minuteUTC = "2006-01-02 15:04 UTC"

func (a *app) printDiff(d acts.RunDiff) {
	a.say("%s, run %d (as of %s) and run %d (as of %s), rows of %s:", d.From.Report, d.From.ID, d.From.AsOf.UTC().Format(minuteUTC), d.To.ID,
		d.To.AsOf.UTC().Format(minuteUTC), d.Audience)
	if len(d.Changes) == 0 {
		a.say("no tracked row differs")
	}
	block := ""
	for _, c := range d.Changes {
		if c.Block != block {
			block = c.Block
			a.say("\n%s", block)
		}
		a.say("  %s %s %s%s", map[string]string{"added": "+", "gone": "-", "changed": "~"}[c.Kind], c.Key, c.Title, diffWords(c))
	}
}

func diffWords(c reports.RowChange) string {
	var parts []string
	for _, f := range c.Fields {
		s := fmt.Sprintf("%s: %s → %s", f.Column, orNone(f.From), orNone(f.To))
		if f.Column == "due_on" && c.SlipDays != 0 {
			s += slipWords(c)
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + strings.Join(parts, " · ")
}

func slipWords(c reports.RowChange) string {
	s := fmt.Sprintf(" (slip of %d days", c.SlipDays)
	if c.SlipDays < 0 {
		s = fmt.Sprintf(" (%d days earlier", -c.SlipDays)
	}
	if c.Revision > 0 {
		s += fmt.Sprintf(", revision %d", c.Revision)
	}
	return s + ")"
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
