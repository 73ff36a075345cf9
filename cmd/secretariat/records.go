package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// sessionsRecord brings the record of a session from draft to adoption.
func (a *app) sessionsRecord() *cobra.Command {
	cmd := &cobra.Command{Use: "record REF", Aliases: []string{"minutes"}, Short: "Show the record of a session: minutes, summary record or report", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onRecord(cmd, args[0], func(ctx context.Context, h *house) (acts.SessionRecord, error) {
				return h.acts.SessionRecord(ctx, args[0])
			})
		}}
	step := func(use, short string, do func(*acts.Acts, context.Context, string, string) (acts.SessionRecord, error)) *cobra.Command {
		return &cobra.Command{Use: use + " REF", Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return a.onRecord(cmd, args[0], func(ctx context.Context, h *house) (acts.SessionRecord, error) {
				return do(h.acts, ctx, args[0], actor())
			})
		}}
	}
	cmd.AddCommand(step("draft", "Write the record anew from agenda, attendance, decisions and action items", (*acts.Acts).DraftRecord),
		step("circulate", "Send the draft to everybody who was invited, and take corrections", (*acts.Acts).CirculateRecord),
		a.recordCorrect(), a.recordSettle(), a.recordAdopt(), a.recordPrint())
	return cmd
}

// onRecord runs an act on a record and shows how the record stands.
func (a *app) onRecord(cmd *cobra.Command, session string, do func(context.Context, *house) (acts.SessionRecord, error)) error {
	return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
		r, err := do(ctx, h)
		if err != nil {
			return a.unknownSession(cmd, h, session, err)
		}
		return a.showRecord(r)
	})
}

func (a *app) showRecord(r acts.SessionRecord) error {
	type file struct {
		Language string `json:"language"`
		Pages    int    `json:"pages"`
		SHA256   string `json:"sha256"`
	}
	type correction struct {
		ID      int64  `json:"id"`
		Person  string `json:"person"`
		Text    string `json:"text"`
		At      string `json:"at"`
		Outcome string `json:"outcome"`
	}
	moment := func(t *time.Time) any {
		if t == nil {
			return nil
		}
		return t.Format(time.RFC3339)
	}
	files, corrections := []file{}, []correction{}
	for _, f := range r.Files {
		files = append(files, file{f.Language, f.Pages, f.SHA256})
	}
	for _, c := range r.Corrections {
		corrections = append(corrections, correction{c.ID, c.Person, c.Text, c.ReceivedAt.Format(time.RFC3339), c.Outcome})
	}
	letters := r.Letters
	if letters == nil {
		letters = map[string]int{}
	}
	document := map[string]any{"session": r.Session, "kind": r.Kind, "state": r.State, "version": r.Version, "drafted_at": moment(&r.DraftedAt), "circulated_at": moment(r.CirculatedAt),
		"corrections_until": moment(r.CorrectionsUntil), "adopted_at": moment(r.AdoptedAt), "adopted_how": r.AdoptedHow, "adopted_in": r.AdoptedIn, "files": files,
		"corrections": corrections, "letters": letters}
	return a.emit(document, func() error {
		a.say("%s of session %s: %s, version %d", r.Kind, r.Session, r.State, r.Version)
		for _, f := range files {
			a.say("  %s  %d pages  %s", f.Language, f.Pages, f.SHA256)
		}
		for _, c := range corrections {
			a.say("  correction %d (%s) %s: %s", c.ID, c.Person, c.Outcome, c.Text)
		}
		for kind, n := range letters {
			a.say("  %d letters %s", n, kind)
		}
		if r.State == "circulated" && r.CorrectionsUntil != nil {
			a.say("  corrections are taken until %s", r.CorrectionsUntil.Format(time.RFC3339))
		}
		return nil
	})
}

func (a *app) recordCorrect() *cobra.Command {
	var person, text string
	cmd := &cobra.Command{Use: `correct REF --text "…" [--person PERSON]`, Short: "Record a correction that came in", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.onRecord(cmd, args[0], func(ctx context.Context, h *house) (acts.SessionRecord, error) {
			if _, err := h.acts.CorrectRecord(ctx, args[0], person, text, actor()); err != nil {
				return acts.SessionRecord{}, err
			}
			return h.acts.SessionRecord(ctx, args[0])
		})
	}}
	cmd.Flags().StringVar(&person, "person", "", "whose correction it is")
	cmd.Flags().StringVar(&text, "text", "", "the correction")
	return cmd
}

func (a *app) recordSettle() *cobra.Command {
	var taken, not bool
	cmd := &cobra.Command{Use: "settle REF CORRECTION --taken|--not-taken", Short: "Record what became of a correction", Args: cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
		id, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil || taken == not {
			return badUse("e.g. secretariat sessions record settle REC-6 3 --taken", "settle needs the number of a correction, and either --taken or --not-taken")
		}
		return a.onRecord(cmd, args[0], func(ctx context.Context, h *house) (acts.SessionRecord, error) {
			if err := h.acts.SettleCorrection(ctx, args[0], id, taken, actor()); err != nil {
				return acts.SessionRecord{}, err
			}
			return h.acts.SessionRecord(ctx, args[0])
		})
	}}
	cmd.Flags().BoolVar(&taken, "taken", false, "it was taken into the text")
	cmd.Flags().BoolVar(&not, "not-taken", false, "it was not")
	return cmd
}

func (a *app) recordAdopt() *cobra.Command {
	var in string
	cmd := &cobra.Command{Use: "adopt REF [--in SESSION]", Short: "Record that the record is adopted: by silence, or in a later session", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.onRecord(cmd, args[0], func(ctx context.Context, h *house) (acts.SessionRecord, error) {
			return h.acts.AdoptRecord(ctx, args[0], in, actor())
		})
	}}
	cmd.Flags().StringVar(&in, "in", "", "later session of the council that adopts it (default: silence until the end of corrections)")
	return cmd
}

func (a *app) recordPrint() *cobra.Command {
	var language, output string
	cmd := &cobra.Command{Use: "print REF [--lang en] [-o FILE|-]", Short: "Write the record as a PDF file", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			b, f, err := h.acts.RecordFile(ctx, args[0], language)
			if err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			if output == "-" {
				_, err := a.out.Write(b)
				return err
			}
			if output == "" {
				output = fmt.Sprintf("%s-record-%s.pdf", args[0], f.Language)
			}
			if err := os.WriteFile(output, b, 0o644); err != nil {
				return badUse("", "-o: %w", err)
			}
			return a.emit(map[string]any{"file": output, "pages": f.Pages, "bytes": len(b), "sha256": f.SHA256}, func() error {
				a.say("%s: %d pages, %d bytes, sha256 %s", output, f.Pages, len(b), f.SHA256)
				return nil
			})
		})
	}}
	cmd.Flags().StringVar(&language, "lang", "", "language (default: the first)")
	cmd.Flags().StringVarP(&output, "output", "o", "", `file, or "-" for standard output`)
	return cmd
}
