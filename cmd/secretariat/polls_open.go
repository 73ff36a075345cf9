package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/calendar"
	"secretariat/programme"
	"secretariat/store"
)

// pollFlags are the options with which a poll is opened, moments as they were written.
type pollFlags struct {
	poll        store.Poll
	slots       []string
	until       string
	yes, dryRun bool
}

func (a *app) pollsOpen() *cobra.Command {
	var f pollFlags
	cmd := &cobra.Command{Use: "open", Short: "Open a poll on some moments; says first how many letters go out", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if err := checkMode(f.poll.Mode); err != nil {
			return err
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			return a.openPoll(ctx, h, f)
		})
	}}
	flags := cmd.Flags()
	flags.StringVar(&f.poll.Council, "council", "", "council")
	flags.StringArrayVar(&f.slots, "slot", nil, "option, on the council's clock (2027-03-01T10:00) or with an offset; again for each")
	flags.StringVar(&f.poll.Lasts, "lasts", "PT3H", "length of the session")
	flags.StringVar(&f.poll.Mode, "mode", "hybrid", "in-person, online or hybrid")
	flags.StringVar(&f.poll.Title, "title", "", "title; without it the name of the council")
	flags.StringVar(&f.poll.Ref, "ref", "", "ref of the poll; without it POLL-1, POLL-2 …")
	flags.StringVar(&f.until, "until", "", "until when answers are taken; without it until the first option")
	flags.BoolVar(&f.poll.Secret, "secret", false, "answers are shown when it is closed, not before")
	askFlags(cmd, &f.yes, &f.dryRun)
	require(cmd, "council", "slot")
	return cmd
}

// openPoll says how many letters a poll causes, asks, and opens it.
func (a *app) openPoll(ctx context.Context, h *house, f pollFlags) error {
	starts, err := a.readPoll(ctx, h, &f)
	if err != nil {
		return err
	}
	opened, err := h.acts.OpenPoll(ctx, f.poll, starts, true)
	if err != nil {
		return err
	}
	if !f.dryRun {
		if ok, err := a.agreed(opened.Summary(), f.yes); err != nil || !ok {
			return err
		}
		if opened, err = h.acts.OpenPoll(ctx, f.poll, starts, false); err != nil {
			return err
		}
	}
	document := map[string]any{"poll": opened.Ref, "council": f.poll.Council, "options": len(starts), "by_kind": opened.Letters,
		"unreachable": append([]string{}, opened.Unreachable...)}
	return a.emit(document, func() error {
		a.say("%s", opened.Summary())
		return nil
	})
}

// readPoll turns the options into values: moments without an offset are on the council's clock.
func (a *app) readPoll(ctx context.Context, h *house, f *pollFlags) (starts []time.Time, err error) {
	zone, err := a.zoneOfCouncil(ctx, h, f.poll.Council)
	if err != nil {
		return nil, err
	}
	for _, text := range f.slots {
		at, err := localMoment("--slot", text, zone)
		if err != nil {
			return nil, err
		}
		starts = append(starts, at)
	}
	if f.until != "" {
		if f.poll.AnswerUntil, err = localMoment("--until", f.until, zone); err != nil {
			return nil, err
		}
	}
	f.poll.OpenedBy = actor()
	return starts, nil
}

// zoneOfCouncil returns the clock of a council.
func (a *app) zoneOfCouncil(ctx context.Context, h *house, ref string) (*time.Location, error) {
	list, err := h.acts.Councils(ctx)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, c := range list {
		if c.Ref == ref {
			return calendar.LoadZone(c.Timezone)
		}
		refs = append(refs, c.Ref)
	}
	return nil, badUse("the councils are "+strings.Join(refs, ", "), "no council %q%s", ref, programme.DidYouMean(ref, refs))
}
