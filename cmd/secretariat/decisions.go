package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// sessionsDecide records what a session decided.
func (a *app) sessionsDecide() *cobra.Command {
	n := acts.NewDecision{Actor: actor()}
	var texts []string
	var votes string
	cmd := &cobra.Command{Use: `decide REF --item ITEM --text "…" [--method vote --votes 8-1-0]`, Short: "Record a decision of a session", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		n.Session = args[0]
		if votes != "" {
			n.Votes = &[3]int{}
			var rest string
			if got, _ := fmt.Sscanf(votes+" .", "%d-%d-%d %s", &n.Votes[0], &n.Votes[1], &n.Votes[2], &rest); got != 4 || rest != "." || min(n.Votes[0], n.Votes[1], n.Votes[2]) < 0 {
				return badUse("for, against and abstained, e.g. 8-1-0", "--votes: %q is no tally", votes)
			}
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) (err error) {
			if n.Text, err = a.localText(ctx, h, "--text", texts); err != nil {
				return err
			}
			d, err := h.acts.Decide(ctx, n)
			if err != nil {
				return a.unknownSession(cmd, h, args[0], err)
			}
			return a.emit(map[string]any{"session": args[0], "decision": d.Ref, "number": d.Number}, func() error {
				a.say("decision %s is recorded as %s", d.Number, d.Ref)
				return nil
			})
		})
	}}
	f := cmd.Flags()
	f.StringVar(&n.Item, "item", "", "agenda item")
	f.StringArrayVar(&texts, "text", nil, `text; "ru=Текст" for one language (may be repeated)`)
	f.StringVar(&n.Method, "method", "consensus", "consensus, vote or silence")
	f.StringVar(&votes, "votes", "", "tally of a vote: FOR-AGAINST-ABSTAINED")
	f.StringVar(&n.Ref, "ref", "", "ref of the decision (default: made from the session's)")
	f.StringVar(&n.Number, "number", "", "number of the decision (default: COUNCIL/SESSION/n)")
	f.StringVar(&n.NoAction, "no-action", "", "why nothing is to be done about it; else an action item must follow")
	return cmd
}
