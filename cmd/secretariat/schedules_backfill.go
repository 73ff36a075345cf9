package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/calendar"
)

func (a *app) schedulesBackfillCommand() *cobra.Command {
	var from, to string
	var yes, dryRun bool
	cmd := &cobra.Command{
		Use:   "backfill NAME --from TIME --to TIME",
		Short: "Run the fires of the past that did not run, each for its own period",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				s, err := h.acts.Schedule(ctx, args[0])
				if err != nil {
					return err
				}
				zone, err := calendar.LoadZone(s.Timezone)
				if err != nil {
					return err
				}
				r := acts.BackfillRequest{Schedule: args[0], DryRun: true, Actor: actor()}
				if r.From, err = parseMoment("from", from, zone); err != nil {
					return err
				}
				if r.To, err = parseMoment("to", to, zone); err != nil {
					return err
				}
				return a.backfill(ctx, h, r, yes, dryRun)
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "first moment")
	cmd.Flags().StringVar(&to, "to", "", "last moment, not later than now; a day alone is its beginning")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show which fires would run, and change nothing")
	require(cmd, "from", "to")
	return cmd
}

// backfill says what would run, asks, and lets it run.
func (a *app) backfill(ctx context.Context, h *house, r acts.BackfillRequest, yes, dryRun bool) error {
	b, err := h.acts.BackfillSchedule(ctx, r)
	if err != nil {
		return err
	}
	if !dryRun && len(b.Run) > 0 {
		question := fmt.Sprintf("%d fires of %s will run, each writing to its readers; %d ran and are left alone.", len(b.Run), r.Schedule, len(b.Ran))
		if ok, err := a.agreed(question, yes); err != nil || !ok {
			return err
		}
		r.DryRun = false
		if b, err = h.acts.BackfillSchedule(ctx, r); err != nil {
			return err
		}
	}
	run, ran := append([]time.Time{}, b.Run...), append([]time.Time{}, b.Ran...)
	return a.emit(map[string]any{"schedule": r.Schedule, "run": run, "ran_before": ran, "dry_run": dryRun}, func() error {
		verb := map[bool]string{true: "would run", false: "runs"}[dryRun]
		for _, at := range run {
			a.say("%s %s", verb, at.Format("Mon 2006-01-02 15:04 -07:00"))
		}
		a.say("%d fires to run, %d ran before and are left alone", len(run), len(ran))
		return nil
	})
}
