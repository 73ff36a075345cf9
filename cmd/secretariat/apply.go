package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/programme"
	programmefile "secretariat/programme/file"
)

func (a *app) applyCommand() *cobra.Command {
	var r acts.ApplyRequest
	cmd := &cobra.Command{
		Use:   "apply FILE…",
		Short: "Make the database agree with programme files",
		Long: "apply reads the files (- is standard input), checks them and what they lead to, prints a plan and carries it out in one\n" +
			"transaction. A fault in a file changes nothing. What the files do not name is left alone, unless --prune is given.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			if r.Yes && !r.Prune {
				return badUse("--yes confirms what --prune retires", "--yes without --prune")
			}
			sources, err := programmefile.Open(a.in, paths...)
			if err != nil {
				return badUse("name programme files that are there and that you may read", "%w", err)
			}
			r.Actor = actor()
			return a.apply(cmd.Context(), r, sources)
		},
	}
	cmd.Flags().BoolVar(&r.DryRun, "dry-run", false, "print the plan and change nothing")
	cmd.Flags().BoolVar(&r.Prune, "prune", false, "retire what the files do not name, in the lists that they contain")
	cmd.Flags().BoolVar(&r.Yes, "yes", false, "let --prune retire more than 10 objects or a fifth of a list")
	cmd.Flags().BoolVar(&r.Quiet, "quiet", false, "write no letters about changed sessions")
	return cmd
}

// apply reads the files before it opens the database, as far as they can be judged without it.
func (a *app) apply(ctx context.Context, r acts.ApplyRequest, sources []programmefile.Source) error {
	timetables, err := a.timetables()
	if err != nil {
		return err
	}
	if _, err := programmefile.ReadWith(programmefile.With{Timetables: timetables}, sources...); err != nil {
		return badFile(err)
	}
	return a.withHouse(ctx, needDatabase, func(ctx context.Context, h *house) error {
		var err error
		if r.Document, err = h.acts.ReadProgramme(sources...); err != nil {
			return badFile(err)
		}
		result, err := h.acts.Apply(ctx, r)
		if err != nil {
			return badFile(err)
		}
		return a.showApplied(r, result)
	})
}

// badFile gives the faults of a file their exit code.
func badFile(err error) error {
	var faults programmefile.Faults
	if errors.As(err, &faults) {
		return &failure{code: exitUse, err: faults, hint: "nothing was changed"}
	}
	return err
}

// shownApplication is the result of an application as JSON.
type shownApplication struct {
	DryRun    bool               `json:"dry_run"`
	Created   int                `json:"created"`
	Updated   int                `json:"updated"`
	Retired   int                `json:"retired"`
	Unchanged int                `json:"unchanged"`
	NotInFile int                `json:"not_in_file"`
	Changes   []programme.Change `json:"changes"`
	Letters   map[string]int     `json:"letters"`
	Reminders int                `json:"reminders"`
	Notes     []string           `json:"notes"`
}

func (a *app) showApplied(r acts.ApplyRequest, result acts.ApplyResult) error {
	p := result.Plan
	shown := shownApplication{DryRun: r.DryRun, Created: p.Count(programme.OpCreate), Updated: p.Count(programme.OpUpdate), Retired: p.Count(programme.OpRetire),
		Unchanged: p.Unchanged, NotInFile: p.NotInFile, Changes: append([]programme.Change{}, p.Changes...), Letters: result.Letters,
		Reminders: result.Reminders.Planned + result.Reminders.Late, Notes: append([]string{}, p.Notes...)}
	return a.emit(shown, func() error {
		for _, line := range p.Lines() {
			a.say("%s", line)
		}
		could := ""
		if r.DryRun {
			could = "would be "
		}
		a.say("%s%d created, %d updated, %d retired; %d letters about changed sessions, %d reminders planned", could,
			shown.Created, shown.Updated, shown.Retired, p.Letters, shown.Reminders)
		return nil
	})
}

func (a *app) exportCommand() *cobra.Command {
	var out string
	var all bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the programme as a programme file",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				p, err := h.acts.Export(ctx, all)
				if err != nil {
					return err
				}
				text, err := programmefile.Write(p)
				if err != nil {
					return fmt.Errorf("export: %w", err)
				}
				if out == "" || out == "-" {
					_, err = a.out.Write(text)
					return err
				}
				return writeWhole(out, text)
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write; standard output by default")
	cmd.Flags().BoolVar(&all, "all", false, "with what was retired")
	return cmd
}

// writeWhole writes a file under another name first, so that there is never half of it.
func writeWhole(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".secretariat-*")
	if err != nil {
		return badUse(elsewhere, "write %s: %w", path, reason(err))
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, reason(err))
	}
	return nil
}
