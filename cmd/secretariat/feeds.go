package main

import (
	"context"

	"github.com/spf13/cobra"
)

// feedsCommand makes calendar feeds and takes them back.
func (a *app) feedsCommand() *cobra.Command {
	var person, council string
	var renew bool
	cmd := &cobra.Command{Use: "feeds", Short: "Calendar feeds of people and councils"}
	flags := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&person, "person", "", "person whose sessions it shows")
		c.Flags().StringVar(&council, "council", "", "council whose sessions it shows")
		return c
	}
	add := flags(&cobra.Command{Use: "add --person REF|--council REF [--renew]", Short: "Make the address of a feed", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			address, err := h.acts.NewFeed(ctx, person, council, renew, actor())
			if err != nil {
				return err
			}
			return a.emit(map[string]any{"feed": address}, func() error {
				a.say("%s", address)
				return nil
			})
		})
	}})
	add.Flags().BoolVar(&renew, "renew", false, "earlier feeds of the same open nothing any more")
	revoke := flags(&cobra.Command{Use: "revoke --person REF|--council REF", Short: "Make all feeds of a person or council open nothing any more", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			n, err := h.acts.RevokeFeeds(ctx, person, council, actor())
			if err != nil {
				return err
			}
			return a.emit(map[string]any{"revoked": n}, func() error {
				a.say("%d feeds open nothing any more", n)
				return nil
			})
		})
	}})
	cmd.AddCommand(add, revoke)
	return cmd
}
