package main

import (
	"context"

	"github.com/spf13/cobra"

	"secretariat/store"
)

func (a *app) outboxSuppressedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "suppressed", Short: "List the addresses that get no reports and reminders, and why", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				all, err := h.acts.Suppressions(ctx)
				if err != nil {
					return err
				}
				if all == nil {
					all = []store.Suppression{}
				}
				return a.emit(map[string]any{"suppressed": all}, func() error {
					w := a.table("ADDRESS", "REPORT", "UNTIL", "REASON")
					for _, s := range all {
						until := "for good"
						if s.Until != nil {
							until = s.Until.UTC().Format("2006-01-02")
						}
						w.row(s.Address, s.Report, until, s.Reason)
					}
					return w.Flush()
				})
			})
		},
	}
}

func (a *app) outboxFreeCommand() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "free ADDRESS --why TEXT", Short: "Let a suppressed address get letters again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if err := h.acts.LiftSuppression(ctx, args[0], why, actor()); err != nil {
					return err
				}
				return a.emit(map[string]string{"address": args[0]}, func() error {
					a.say("%s gets letters again", args[0])
					return nil
				})
			})
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason, for the audit log")
	return cmd
}
