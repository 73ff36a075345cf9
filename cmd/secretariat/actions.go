package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/programme"
)

// actionsCommand keeps what sessions have asked somebody to do.
func (a *app) actionsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "actions", Short: "Action items of sessions"}
	cmd.AddCommand(a.actionsList(), a.actionsAdd(), a.actionsDone(), a.actionsNone())
	return cmd
}

func (a *app) actionsList() *cobra.Command {
	var session string
	var all bool
	cmd := &cobra.Command{Use: "list [--session REF] [--all]", Short: "List the open action items by their day", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		type action struct {
			Ref      string         `json:"ref"`
			Session  string         `json:"session"`
			Decision string         `json:"decision"`
			Text     programme.Text `json:"text"`
			Owner    string         `json:"owner"`
			Backup   string         `json:"backup"`
			DueOn    string         `json:"due_on"`
			DoneOn   string         `json:"done_on"`
			DaysLate int            `json:"days_late"`
			Evidence programme.Text `json:"evidence"`
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			list, err := h.acts.Actions(ctx, session, all)
			if err != nil {
				return a.unknownSession(cmd, h, session, err)
			}
			shown := []action{}
			for _, x := range list {
				shown = append(shown, action{x.Ref, x.Session, x.Decision, x.Text, x.Owner, x.Backup, x.DueOn.String(), x.DoneOn.String(), x.DaysLate, x.Evidence})
			}
			return a.emit(map[string]any{"actions": shown}, func() error {
				w := a.table("DUE", "ACTION", "OWNER", "WHAT", "STATE")
				for _, s := range shown {
					state := ""
					switch {
					case s.DoneOn != "":
						state = "done " + s.DoneOn
					case s.DaysLate > 0:
						state = fmt.Sprintf("%d days late", s.DaysLate)
					}
					w.row(s.DueOn, s.Ref, s.Owner, s.Text.In("en", "ru", "uz", "fr", "es", "ar", "zh"), state)
				}
				return w.Flush()
			})
		})
	}}
	cmd.Flags().StringVar(&session, "session", "", "of this session only")
	cmd.Flags().BoolVar(&all, "all", false, "also those that are done")
	return cmd
}

func (a *app) actionsAdd() *cobra.Command {
	n := acts.NewAction{Actor: actor()}
	var texts []string
	var due string
	cmd := &cobra.Command{Use: `add --session REF --text "…" --owner PERSON --due DATE`, Short: "Record an action item", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if n.Session == "" {
			return badUse("see secretariat actions add --help", "actions add needs --session")
		}
		if due != "" {
			var err error
			if n.DueOn, err = programme.ParseDate(due); err != nil {
				return badUse("a date such as 2027-01-29", "--due: %w", err)
			}
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) (err error) {
			if n.Text, err = a.localText(ctx, h, "--text", texts); err != nil {
				return err
			}
			ref, err := h.acts.AddAction(ctx, n)
			if err != nil {
				return a.unknownSession(cmd, h, n.Session, err)
			}
			return a.emit(map[string]any{"action": ref}, func() error {
				a.say("action item %s is due on %s", ref, n.DueOn)
				return nil
			})
		})
	}}
	f := cmd.Flags()
	f.StringVar(&n.Session, "session", "", "session that decided it")
	f.StringVar(&n.Decision, "decision", "", "decision that it follows from")
	f.StringVar(&n.Ref, "ref", "", "ref of the action item (default: made from the session's)")
	f.StringArrayVar(&texts, "text", nil, `what is to be done; "ru=Текст" for one language (may be repeated)`)
	f.StringVar(&n.Owner, "owner", "", "who does it")
	f.StringVar(&n.Backup, "backup", "", "who stands in for the owner")
	f.StringVar(&due, "due", "", "day on which it is due")
	return cmd
}

func (a *app) actionsDone() *cobra.Command {
	var evidence []string
	cmd := &cobra.Command{Use: `done REF --evidence "…"`, Short: "Record that an action item is done", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			text, err := a.localText(ctx, h, "--evidence", evidence)
			if err != nil {
				return err
			}
			if err := h.acts.FinishAction(ctx, args[0], text, actor()); err != nil {
				return err
			}
			return a.emit(map[string]any{"action": args[0], "done": true}, func() error {
				a.say("action item %s is done", args[0])
				return nil
			})
		})
	}}
	cmd.Flags().StringArrayVar(&evidence, "evidence", nil, "by what one sees that it is done")
	return cmd
}

func (a *app) actionsNone() *cobra.Command {
	var session, why string
	cmd := &cobra.Command{Use: `none DECISION --session REF --why "…"`, Short: "Record that nothing is to be done about a decision", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		if session == "" {
			return badUse("see secretariat actions none --help", "actions none needs --session")
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			if err := h.acts.NothingFollows(ctx, session, args[0], why, actor()); err != nil {
				return a.unknownSession(cmd, h, session, err)
			}
			return a.emit(map[string]any{"session": session, "decision": args[0]}, func() error {
				a.say("nothing is to be done about decision %s", args[0])
				return nil
			})
		})
	}}
	cmd.Flags().StringVar(&session, "session", "", "session that took it")
	cmd.Flags().StringVar(&why, "why", "", "the reason, which stays on record")
	return cmd
}
