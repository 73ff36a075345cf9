package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"secretariat/mail"
)

// repliesLink makes a link for somebody who has lost the letter, or takes all links of a person back.
func (a *app) repliesLink() *cobra.Command {
	var session, person string
	var revoke bool
	cmd := &cobra.Command{Use: "link --session REF --person REF [--revoke]", Short: "Make a link by which a person answers, or take all links of a person back", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if person == "" || session == "" && !revoke {
				return badUse("see secretariat replies link --help", "replies link needs --session and --person")
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if revoke {
					n, err := h.acts.RevokeReplyLinks(ctx, session, person, actor())
					if err != nil {
						return a.unknownSession(cmd, h, session, err)
					}
					return a.emit(map[string]any{"person": person, "revoked": n}, func() error {
						a.say("%d links of %s open nothing any more", n, person)
						return nil
					})
				}
				link, err := h.acts.ReplyLink(ctx, session, person, actor())
				if err != nil {
					return a.unknownSession(cmd, h, session, err)
				}
				return a.emit(map[string]any{"session": session, "person": person, "link": link}, func() error {
					a.say("%s", link)
					return nil
				})
			})
		}}
	f := cmd.Flags()
	f.StringVar(&session, "session", "", "session (with --revoke: of this session only)")
	f.StringVar(&person, "person", "", "who answers by the link")
	f.BoolVar(&revoke, "revoke", false, "make all links of the person open nothing any more")
	return cmd
}

// repliesRead takes the answers of calendar programs out of a Maildir.
func (a *app) repliesRead() *cobra.Command {
	return &cobra.Command{Use: "read MAILDIR", Short: "Take the answers of calendar programs out of a Maildir", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// A folder that is not there is a word mistaken, not a Maildir to be made.
			if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
				return badUse("name the Maildir into which the answers are delivered", "read answers: %s is not a folder", args[0])
			}
			inbox, err := mail.OpenMaildir(args[0])
			if err != nil {
				return badUse("name a folder that the program may write", "%w", err)
			}
			type answer struct {
				Session string `json:"session"`
				Seat    string `json:"seat"`
				Outcome string `json:"outcome"`
				Reason  string `json:"reason"`
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				taken, err := h.acts.ReadInbox(ctx, inbox)
				if err != nil {
					return err
				}
				shown := []answer{}
				for _, t := range taken {
					shown = append(shown, answer{t.Session, t.Seat, t.Outcome, t.Reason})
				}
				return a.emit(map[string]any{"answers": shown}, func() error {
					for _, s := range shown {
						a.say("%-20s %-8s %-10s %s", s.Session, s.Seat, s.Outcome, s.Reason)
					}
					a.say("%d answers of calendar programs", len(shown))
					return nil
				})
			})
		}}
}
