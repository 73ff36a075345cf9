package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/meetings"
	"secretariat/programme"
)

// repliesCommand records and lists answers to invitations.
func (a *app) repliesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "replies", Short: "Answers to invitations"}
	cmd.AddCommand(a.repliesAdd(), a.repliesList(), a.repliesInvited(), a.repliesLink(), a.repliesRead())
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
		if session == "" {
			return badUse("secretariat sessions list names them", "replies list needs --session REF")
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

// repliesInvited shows who was asked and where each stands, which answers alone do not tell.
func (a *app) repliesInvited() *cobra.Command {
	var session string
	var states []string
	cmd := &cobra.Command{Use: "invited --session REF [--state STATE,…]", Short: "Show how everybody who was or is to be asked stands to a session", Args: cobra.NoArgs,
		Long: "States: none, planned, sent (no answer yet), bounced, accepted, tentative, declined, delegated, stale (answered for an earlier date), withdrawn, lapsed, attended, absent.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, state := range states {
				if !slices.Contains(meetings.InvitationStates(), state) {
					return badUse("the states are "+strings.Join(meetings.InvitationStates(), ", "), "--state: no invitation is ever %q%s", state, programme.DidYouMean(state, meetings.InvitationStates()))
				}
			}
			return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
				list, m, err := h.acts.Invitations(cmd.Context(), session)
				if err != nil {
					return a.unknownSession(cmd, h, session, err)
				}
				return a.showInvitations(list, m, states)
			})
		}}
	cmd.Flags().StringVar(&session, "session", "", "session")
	cmd.Flags().StringSliceVar(&states, "state", nil, "only invitations in these states")
	return cmd
}

func (a *app) showInvitations(list []meetings.Invitation, m *meetings.Meeting, states []string) error {
	type invitation struct {
		Seat     string  `json:"seat"`
		Person   string  `json:"person"`
		Capacity string  `json:"capacity"`
		State    string  `json:"state"`
		Mode     string  `json:"mode"`
		Asked    *string `json:"asked_at"`
	}
	shown := []invitation{}
	for _, i := range list {
		if states != nil && !slices.Contains(states, i.State) {
			continue
		}
		one := invitation{i.Seat, i.Person, i.Capacity, i.State, i.Mode, nil}
		if !i.Asked.IsZero() {
			at := i.Asked.In(m.Zone()).Format(time.RFC3339)
			one.Asked = &at
		}
		shown = append(shown, one)
	}
	return a.emit(map[string]any{"invitations": shown}, func() error {
		w := a.table("SEAT", "PERSON", "AS", "STATE", "HOW", "LAST ASKED")
		for _, i := range shown {
			asked := ""
			if i.Asked != nil {
				asked = (*i.Asked)[:16]
			}
			w.row(i.Seat, i.Person, i.Capacity, i.State, i.Mode, strings.Replace(asked, "T", " ", 1))
		}
		return w.Flush()
	})
}
