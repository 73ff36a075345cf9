package main

import (
	"context"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/calendar"
	"secretariat/programme"
)

// slotsCommand finds dates.
func (a *app) slotsCommand() *cobra.Command {
	var r acts.SlotRequest
	var from, to, lasts string
	cmd := &cobra.Command{Use: "slots", Short: "Find dates for a session: by quorum, then by who carried the least so far", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if r.From, err = programme.ParseDate(from); err != nil {
				return badUse("a date such as 2027-03-01", "--from: %w", err)
			}
			if r.To, err = programme.ParseDate(to); err != nil {
				return badUse("a date such as 2027-03-31", "--to: %w", err)
			}
			span, err := calendar.ParseSpan(lasts)
			if err != nil {
				return badUse("a length such as PT3H", "--lasts: %w", err)
			}
			r.Lasts = span.Duration()
			if r.Top < 1 {
				return badUse("a whole number from 1", "--top: %d slots cannot be shown", r.Top)
			}
			if cmd.Flags().Changed("floor") && (r.Floor <= 0 || r.Floor > 1) {
				return badUse("a number above 0 and up to 1, e.g. 0.9", "--floor: %v is no probability", r.Floor)
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				found, err := h.acts.Slots(ctx, r)
				if err != nil {
					return err
				}
				return a.showSlots(found)
			})
		}}
	flags := cmd.Flags()
	flags.StringVar(&r.Council, "council", "", "council")
	flags.StringVar(&from, "from", "", "first day")
	flags.StringVar(&to, "to", "", "last day")
	flags.StringVar(&lasts, "lasts", "", "length of the session, e.g. PT3H")
	flags.IntVar(&r.Top, "top", 20, "how many slots to show")
	flags.StringVar(&r.Hours, "hours", "", "hours of the venue, e.g. 09:00-18:00 (the default) or 00:00-24:00")
	flags.Float64Var(&r.Floor, "floor", 0, "probability of a quorum that is good enough (default 0.9)")
	require(cmd, "council", "from", "to", "lasts")
	cmd.AddCommand(a.slotsBusy())
	return cmd
}

func (a *app) showSlots(found acts.FoundSlots) error {
	type slot struct {
		StartsAt    string   `json:"starts_at"`
		Probability float64  `json:"probability"`
		WorstBurden float64  `json:"worst_burden"`
		Reasons     []string `json:"reasons"`
	}
	shown := []slot{}
	for _, s := range found.Slots {
		shown = append(shown, slot{s.Start.In(found.Zone).Format(time.RFC3339), s.Probability, s.Worst(), s.Reasons()})
	}
	for _, w := range found.Warnings {
		a.log.Warn(w)
	}
	return a.emit(map[string]any{"slots": shown, "looked": found.Looked, "refused": found.Refused}, func() error {
		for _, s := range found.Slots {
			a.say("%s", s.Start.In(found.Zone).Format("Mon 2006-01-02 15:04 MST"))
			for _, reason := range s.Reasons() {
				a.say("    %s", reason)
			}
		}
		a.say("%d of %d slots keep the hard rules", found.Kept, found.Looked)
		for _, why := range slices.Sorted(maps.Keys(found.Refused)) {
			a.say("  %5d %s", found.Refused[why], why)
		}
		if found.DaysOff {
			a.say("no slot keeps everybody's days off: they count as a burden")
		}
		if found.Below && len(found.Slots) > 0 {
			a.say("no slot reaches the probability asked for: these are the most likely ones")
		}
		return nil
	})
}

// slotsBusy imports when somebody is busy.
func (a *app) slotsBusy() *cobra.Command {
	var person string
	cmd := &cobra.Command{Use: "busy FILE.ics", Short: "Import when a person is busy; only the times are kept, for 90 days", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return badUse("an iCalendar file", "%w", err)
			}
			defer file.Close()
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				n, err := h.acts.ImportBusy(ctx, person, file, actor())
				if err != nil {
					return err
				}
				return a.emit(map[string]any{"person": person, "periods": n}, func() error {
					a.say("%d busy times of %s are kept", n, person)
					return nil
				})
			})
		}}
	cmd.Flags().StringVar(&person, "person", "", "person")
	require(cmd, "person")
	return cmd
}
