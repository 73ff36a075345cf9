package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// repliesCommand records and lists answers to invitations.
func (a *app) repliesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "replies", Short: "Answers to invitations"}
	cmd.AddCommand(a.repliesAdd(), a.repliesList(), a.repliesLink(), a.repliesRead())
	return cmd
}

func (a *app) repliesAdd() *cobra.Command {
	r := acts.NewReply{Via: "command", Actor: actor()}
	cmd := &cobra.Command{Use: "add --session REF --seat REF --answer accepted|declined|tentative|delegated", Short: "Record an answer", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.Session == "" || r.Seat == "" {
				return badUse("see secretariat replies add --help", "replies add needs --session and --seat")
			}
			if r.Delegate != "" && r.Answer == "" {
				r.Answer = "delegated"
			}
			return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
				result, err := h.acts.RecordReply(cmd.Context(), r)
				var refused *acts.ReplyError
				if errors.As(err, &refused) {
					return badUse(refused.Hint(), "%w", err)
				}
				if err != nil {
					return a.unknownSession(cmd, h, r.Session, err)
				}
				document := map[string]any{"session": r.Session, "seat": r.Seat, "answer": r.Answer, "suppressed": result.Suppressed, "reminders": result.Reminders}
				return a.emit(document, func() error {
					a.say("seat %s: %s; %d reminders withdrawn, %d planned", r.Seat, r.Answer, result.Suppressed, result.Reminders)
					return nil
				})
			})
		}}
	f := cmd.Flags()
	f.StringVar(&r.Session, "session", "", "session")
	f.StringVar(&r.Seat, "seat", "", "seat for which is answered")
	f.StringVar(&r.Answer, "answer", "", "accepted, declined, tentative or delegated")
	f.StringVar(&r.Person, "person", "", "who answers (default: who speaks for the seat)")
	f.StringVar(&r.Mode, "mode", "", "of an acceptance: in-person or online")
	f.StringVar(&r.Delegate, "delegate", "", "alternate of the seat who comes instead")
	return cmd
}

func (a *app) repliesList() *cobra.Command {
	var session string
	cmd := &cobra.Command{Use: "list --session REF", Short: "List the answers to an invitation, oldest first", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		type reply struct {
			Seat     string `json:"seat"`
			Person   string `json:"person"`
			Answer   string `json:"answer"`
			Mode     string `json:"mode"`
			Date     string `json:"date"`
			At       string `json:"at"`
			Delegate string `json:"delegate"`
			Revision int    `json:"revision"`
			Stale    bool   `json:"stale"`
			Via      string `json:"via"`
		}
		return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
			rows, m, err := h.acts.Replies(cmd.Context(), session)
			if err != nil {
				return a.unknownSession(cmd, h, session, err)
			}
			shown := []reply{}
			for _, r := range rows {
				shown = append(shown, reply{r.Seat, r.Person, r.Answer, r.Mode, r.Date.String(), r.At.In(m.Zone()).Format(time.RFC3339), r.Delegate, r.Revision,
					r.Stale, r.Via})
			}
			return a.emit(map[string]any{"replies": shown}, func() error {
				w := a.table("DAY", "SEAT", "PERSON", "ANSWER", "HOW OR BY WHOM", "VIA", "")
				for _, r := range shown {
					stale := ""
					if r.Stale {
						stale = "for an earlier date"
					}
					w.row(r.Date, r.Seat, r.Person, r.Answer, r.Mode+r.Delegate, r.Via, stale)
				}
				return w.Flush()
			})
		})
	}}
	cmd.Flags().StringVar(&session, "session", "", "session")
	return cmd
}
