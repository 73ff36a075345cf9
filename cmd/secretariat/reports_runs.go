package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// runID reads the name of a run: its number in the first column of `reports list`, or no12 for the report number 12.
func runID(ctx context.Context, h *house, word string) (int64, error) {
	number, byNumber := strings.CutPrefix(strings.ToLower(word), "no")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 {
		return 0, badUse("a run is named by its number in `secretariat reports list`, or as no12 by the report number that stands in its pages", "%q names no run", word)
	}
	if !byNumber {
		return n, nil
	}
	run, err := h.acts.RunNumbered(ctx, n)
	return run.ID, err
}

// onRun is the body of a command whose first word names a run.
func (a *app) onRun(fn func(ctx context.Context, h *house, id int64, words []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, words []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			id, err := runID(ctx, h, words[0])
			if err != nil {
				return err
			}
			return fn(ctx, h, id, words[1:])
		})
	}
}

func (a *app) reportsReleaseCommand() *cobra.Command {
	var r acts.Release
	cmd := &cobra.Command{
		Use: "release RUN", Short: "Send a report that is held or in review", Args: cobra.ExactArgs(1),
		Long: "Sends a run that is held or in review. One that is held because a part failed is made again, and stays held when it\n" +
			"fails again: put the cause right first, or leave the section out (--drop), or send it with a sentence where the part\n" +
			"is missing (--as-is). The report number is taken now.",
		RunE: a.onRun(func(ctx context.Context, h *house, id int64, _ []string) error {
			if r.AsIs && len(r.Drop) > 0 {
				return badUse("one of the two", "--as-is and --drop cannot go together")
			}
			result, err := h.acts.ReleaseRun(ctx, id, r, actor())
			if err != nil {
				return err
			}
			return a.sayReleased(result)
		}),
	}
	cmd.Flags().BoolVar(&r.Retry, "retry", false, "make it again from the data as they are now")
	cmd.Flags().StringSliceVar(&r.Drop, "drop", nil, "make it again without this section: its {#id}; may be repeated")
	cmd.Flags().BoolVar(&r.AsIs, "as-is", false, "make it again; where a part fails a sentence stands in its place")
	return cmd
}

func (a *app) sayReleased(r acts.RunResult) error {
	shown := map[string]any{"run": r.ID, "state": r.State, "number": nil, "letters": r.Letters, "faults": shownFaults(r.Faults)}
	if r.Number > 0 {
		shown["number"] = r.Number
	}
	err := a.emit(shown, func() error {
		switch {
		case r.Number > 0:
			a.say("run %d is released as report no. %d: %d letters", r.ID, r.Number, r.Letters)
		case len(r.Faults) == 0:
			a.say("run %d is %s: %d letters", r.ID, r.State, r.Letters)
		}
		return nil
	})
	if err != nil || len(r.Faults) == 0 {
		return err
	}
	var lines []string
	for _, f := range r.Faults {
		lines = append(lines, faultLine(f))
	}
	return failed(fmt.Sprintf("put it right, or `secretariat reports release %d --drop SECTION` or `--as-is`; `secretariat reports show %d` names the sections", r.ID, r.ID),
		"run %d stays held: %s", r.ID, strings.Join(lines, "; "))
}

func (a *app) reportsHoldCommand() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "hold RUN", Short: "Keep a report in review, or letters that have not left, from going out", Args: cobra.ExactArgs(1),
		RunE: a.onRun(func(ctx context.Context, h *house, id int64, _ []string) error {
			held, err := h.acts.HoldRun(ctx, id, why, actor())
			if err != nil {
				return err
			}
			return a.emit(map[string]any{"run": id, "state": "held", "letters": held.Letters, "gone": held.Gone}, func() error {
				a.say("run %d is held: %d letters wait, %d had left; `secretariat reports release %d` sends them", id, held.Letters, held.Gone, id)
				return nil
			})
		}),
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason, for the history")
	return cmd
}

func (a *app) reportsResendCommand() *cobra.Command {
	var failed bool
	var why string
	cmd := &cobra.Command{
		Use: "resend RUN", Short: "Send the letters of a report once more, all that have ended or only the failed ones", Args: cobra.ExactArgs(1),
		RunE: a.onRun(func(ctx context.Context, h *house, id int64, _ []string) error {
			r, err := h.acts.ResendRun(ctx, id, failed, why, actor())
			if err != nil {
				return err
			}
			return a.emit(map[string]any{"run": id, "letters": r.Letters, "uncertain": r.Uncertain}, func() error {
				a.say("run %d: %d letters go out again", id, len(r.Letters))
				if r.Uncertain > 0 {
					a.say("%d are uncertain and were left alone: `secretariat outbox settle` says what became of them", r.Uncertain)
				}
				return nil
			})
		}),
	}
	cmd.Flags().BoolVar(&failed, "failed", false, "only letters that failed")
	cmd.Flags().StringVar(&why, "why", "", "the reason, for the history")
	return cmd
}

func (a *app) reportsReprintCommand() *cobra.Command {
	var r acts.Reprint
	var out string
	cmd := &cobra.Command{
		Use: "reprint RUN -o FILE", Short: "Write a report exactly as it was sent, from the archive", Args: cobra.ExactArgs(1),
		RunE: a.onRun(func(ctx context.Context, h *house, id int64, _ []string) error {
			if out == "" {
				return badUse("-o FILE, or -o - for standard output", "reprint needs --output")
			}
			r.Run = id
			b, f, err := h.acts.ReprintRun(ctx, r)
			if err != nil {
				return err
			}
			line := fmt.Sprintf("%s, %d bytes, sha256 %s", f.Variant, len(b), f.SHA256)
			if out == "-" {
				return a.writeOut(b, line)
			}
			if err := writeFile(out, b); err != nil {
				return err
			}
			return a.emit(map[string]any{"run": id, "variant": f.Variant, "format": f.Format, "file": out, "bytes": len(b), "sha256": f.SHA256},
				func() error { a.say("%s: %s", out, line); return nil })
		}),
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write, - for standard output")
	cmd.Flags().StringVar(&r.Variant, "variant", "", "the rendering: en-public, ru-limited …; its beginning is enough where that fits one")
	cmd.Flags().StringVar(&r.Format, "format", "", "pdf, xlsx or csv, where the report attaches it")
	return cmd
}
