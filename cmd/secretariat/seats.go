package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/programme"
)

// seatsCommand shows who sits where.
func (a *app) seatsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "seats", Short: "Seats of the councils: who holds them today, and their alternates"}
	cmd.AddCommand(a.seatsList(), a.seatsShow())
	return cmd
}

// shownSeat is a seat in JSON.
type shownSeat struct {
	Council    string         `json:"council"`
	Seat       string         `json:"seat"`
	Label      programme.Text `json:"label"`
	Voting     bool           `json:"voting"`
	Member     string         `json:"member"`
	Alternates []string       `json:"alternates"`
}

func showSeat(s acts.SeatHeld) shownSeat {
	return shownSeat{s.Council, s.Seat.Ref, s.Seat.Label, s.Seat.Voting, s.Member, append([]string{}, s.Alternates...)}
}

func (s shownSeat) holder() string {
	if s.Member == "" {
		return "vacant"
	}
	return s.Member
}

func (s shownSeat) vote() string {
	if s.Voting {
		return ""
	}
	return "no vote"
}

func (a *app) seatsList() *cobra.Command {
	return &cobra.Command{Use: "list [COUNCIL]", Short: "List the seats of all councils, or of one", Args: cobra.MaximumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			council := strings.Join(args, "")
			list, err := h.acts.Seats(ctx, council)
			if err != nil {
				return err
			}
			language, err := a.firstLanguage(ctx, h)
			if err != nil {
				return err
			}
			shown := []shownSeat{}
			for _, s := range list {
				shown = append(shown, showSeat(s))
			}
			return a.emit(map[string]any{"seats": shown}, func() error {
				w := a.table("COUNCIL", "SEAT", "MEMBER", "ALTERNATES", "OF", "")
				for _, s := range shown {
					w.row(s.Council, s.Seat, s.holder(), strings.Join(s.Alternates, " "), s.Label.In(language), s.vote())
				}
				return w.Flush()
			})
		})
	}}
}

func (a *app) seatsShow() *cobra.Command {
	return &cobra.Command{Use: "show COUNCIL SEAT", Short: "Show a seat with all its terms", Args: cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			list, err := h.acts.Seats(ctx, args[0])
			if err != nil {
				return err
			}
			var refs []string
			for _, s := range list {
				if s.Seat.Ref == args[1] {
					return a.printSeat(ctx, h, s)
				}
				refs = append(refs, s.Seat.Ref)
			}
			return badUse("see secretariat seats list "+args[0], "council %s has no seat %q%s", args[0], args[1], programme.DidYouMean(args[1], refs))
		})
	}}
}

func (a *app) printSeat(ctx context.Context, h *house, s acts.SeatHeld) error {
	type term struct {
		Person   string  `json:"person"`
		Capacity string  `json:"capacity"`
		Since    *string `json:"since"`
		Until    *string `json:"until"`
	}
	bound := func(d programme.Date) *string {
		if d.IsZero() {
			return nil
		}
		text := d.String()
		return &text
	}
	terms := []term{}
	for _, t := range s.Seat.Members {
		terms = append(terms, term{t.Person, "member", bound(t.Since), bound(t.Until)})
	}
	for _, t := range s.Seat.Alternates {
		terms = append(terms, term{t.Person, "alternate", bound(t.Since), bound(t.Until)})
	}
	language, err := a.firstLanguage(ctx, h)
	if err != nil {
		return err
	}
	document := struct {
		shownSeat
		Terms []term `json:"terms"`
	}{showSeat(s), terms}
	return a.emit(document, func() error {
		a.say("%s of council %s, %s: %s%s", document.Seat, document.Council, document.Label.In(language), document.holder(), strings.TrimRight(", "+document.vote(), ", "))
		for _, t := range terms {
			since, until := "…", "…"
			if t.Since != nil {
				since = *t.Since
			}
			if t.Until != nil {
				until = *t.Until
			}
			a.say("  %-9s %-20s %s – %s", t.Capacity, t.Person, since, until)
		}
		return nil
	})
}
