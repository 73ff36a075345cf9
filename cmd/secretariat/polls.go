package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/store"
)

// pollsCommand asks the members of a council which of some dates suit them.
func (a *app) pollsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "polls", Short: "Polls of dates: open with letters, answer, show, and close with a session"}
	cmd.AddCommand(a.pollsOpen(), a.pollsAnswer(), a.pollsList(), a.pollsShow(), a.pollsLink(), a.pollsClose())
	return cmd
}

func (a *app) pollsAnswer() *cobra.Command {
	r := acts.PollAnswerRequest{}
	cmd := &cobra.Command{Use: "answer POLL N=ANSWER …", Short: "Record answers of a person: yes, if-need-be or no to each option", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.Poll, r.Actor, r.Answers = args[0], actor(), map[int]string{}
			for _, pair := range args[1:] {
				number, answer, ok := strings.Cut(pair, "=")
				n, err := strconv.Atoi(number)
				if !ok || err != nil {
					return badUse("e.g. 1=yes 2=if-need-be 3=no", "%q is no answer to an option", pair)
				}
				r.Answers[n] = answer
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if err := h.acts.AnswerPoll(ctx, r); err != nil {
					return err
				}
				return a.emit(map[string]any{"poll": r.Poll, "person": r.Person, "answers": len(r.Answers)}, func() error {
					a.say("%d answers of %s to poll %s", len(r.Answers), r.Person, r.Poll)
					return nil
				})
			})
		}}
	cmd.Flags().StringVar(&r.Person, "person", "", "who answers")
	require(cmd, "person")
	return cmd
}

// shownPoll is a poll in JSON.
type shownPoll struct {
	Ref         string  `json:"ref"`
	Council     string  `json:"council"`
	Title       string  `json:"title"`
	Secret      bool    `json:"secret"`
	AnswerUntil string  `json:"answer_until"`
	ClosedAt    *string `json:"closed_at"`
	Session     *string `json:"session"`
}

func showPoll(p store.Poll) shownPoll {
	shown := shownPoll{Ref: p.Ref, Council: p.Council, Title: p.Title, Secret: p.Secret, AnswerUntil: p.AnswerUntil.UTC().Format(time.RFC3339)}
	if p.ClosedAt != nil {
		at := p.ClosedAt.UTC().Format(time.RFC3339)
		shown.ClosedAt, shown.Session = &at, &p.Session
	}
	return shown
}

func (p shownPoll) state() string {
	if p.Session != nil {
		return "closed: session " + *p.Session
	}
	return "answers until " + p.AnswerUntil
}

func (a *app) pollsList() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the polls", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			list, err := h.acts.ListPolls(ctx)
			if err != nil {
				return err
			}
			shown := []shownPoll{}
			for _, p := range list {
				shown = append(shown, showPoll(p))
			}
			return a.emit(map[string]any{"polls": shown}, func() error {
				w := a.table("POLL", "COUNCIL", "STATE")
				for _, p := range shown {
					w.row(p.Ref, p.Council, p.state())
				}
				return w.Flush()
			})
		})
	}}
}

func (a *app) pollsShow() *cobra.Command {
	return &cobra.Command{Use: "show POLL", Short: "Show a poll with its options and their rank", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			s, err := h.acts.ShowPoll(ctx, args[0])
			if err != nil {
				return err
			}
			return a.printPoll(s)
		})
	}}
}

func (a *app) printPoll(s acts.PollState) error {
	type option struct {
		N           int               `json:"n"`
		StartsAt    string            `json:"starts_at"`
		Rank        int               `json:"rank"`
		Yes         int               `json:"yes"`
		IfNeedBe    int               `json:"if_need_be"`
		No          int               `json:"no"`
		Probability float64           `json:"probability"`
		Answers     map[string]string `json:"answers"`
	}
	options := []option{}
	for _, o := range s.Options {
		options = append(options, option{o.N, o.Starts.In(s.Zone).Format(time.RFC3339), o.Rank, o.Count("yes"), o.Count("if-need-be"), o.Count("no"), o.Probability, o.Answers})
	}
	document := struct {
		shownPoll
		Hidden   bool     `json:"hidden"`
		Answered []string `json:"answered"`
		Options  []option `json:"options"`
	}{showPoll(s.Poll), s.Hidden, append([]string{}, s.Answered...), options}
	return a.emit(document, func() error {
		a.say("%s  %s  %s", document.Ref, document.Council, document.state())
		for _, o := range options {
			switch {
			case s.Hidden:
				a.say("  %2d  %s", o.N, o.StartsAt)
			case o.Rank == 0:
				a.say("  %2d  %s  an officer cannot come; yes %d, if need be %d, no %d", o.N, o.StartsAt, o.Yes, o.IfNeedBe, o.No)
			default:
				a.say("  %2d  %s  rank %d, quorum %.0f %%; yes %d, if need be %d, no %d", o.N, o.StartsAt, o.Rank, 100*o.Probability, o.Yes, o.IfNeedBe, o.No)
			}
		}
		a.say("%d answered: %s", len(s.Answered), strings.Join(s.Answered, ", "))
		if s.Hidden {
			a.say("what they answered is shown when the poll is closed")
		}
		return nil
	})
}

// pollsLink makes a link for somebody who has lost the letter, or receives none.
func (a *app) pollsLink() *cobra.Command {
	var person string
	cmd := &cobra.Command{Use: "link POLL --person REF", Short: "Make a link by which a person answers (replies link --revoke takes all of a person back)", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				link, err := h.acts.PollLink(ctx, args[0], person, actor())
				if err != nil {
					return err
				}
				return a.emit(map[string]any{"poll": args[0], "person": person, "link": link}, func() error {
					a.say("%s", link)
					return nil
				})
			})
		}}
	cmd.Flags().StringVar(&person, "person", "", "who answers by the link")
	require(cmd, "person")
	return cmd
}

func (a *app) pollsClose() *cobra.Command {
	var c acts.PollClosing
	var yes, dryRun bool
	cmd := &cobra.Command{Use: "close POLL --choose N", Short: "Close a poll: the option becomes a tentative session", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		c.Poll, c.Actor = args[0], actor()
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			result, err := h.acts.ClosePoll(ctx, c, true)
			if err != nil {
				return err
			}
			if dryRun {
				return a.showStep(result)
			}
			if ok, err := a.agreed(result.Summary(), yes); err != nil || !ok {
				return err
			}
			if result, err = h.acts.ClosePoll(ctx, c, false); err != nil {
				return err
			}
			return a.showStep(result)
		})
	}}
	cmd.Flags().IntVar(&c.Choose, "choose", 0, "number of the option")
	cmd.Flags().StringVar(&c.Session, "session", "", "ref of the session; without it numbered on")
	askFlags(cmd, &yes, &dryRun)
	require(cmd, "choose")
	return cmd
}
