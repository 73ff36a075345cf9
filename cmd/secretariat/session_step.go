package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// stepFlags are the options of a step, as they were written.
type stepFlags struct {
	yes, dryRun, tentative                bool
	opens, closes, mode, venue, onlineURL string
	reason, waiver, waivedBy              string
}

// sessionStep is the command of one step: it says how many letters the step causes, asks, and takes it.
func (a *app) sessionStep(verb, short string) *cobra.Command {
	var f stepFlags
	cmd := &cobra.Command{Use: verb + " REF", Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
			err := a.takeStep(cmd.Context(), h, verb, args[0], f)
			var refused *meetings.StepError
			if errors.As(err, &refused) {
				return badUse(refused.Hint(), "%w", err)
			}
			return a.unknownSession(cmd, h, args[0], err)
		})
	}}
	flags := cmd.Flags()
	askFlags(cmd, &f.yes, &f.dryRun)
	switch verb {
	case meetings.Reschedule, meetings.Reconvene:
		flags.StringVar(&f.opens, "opens", "", "new opening, on the council's clock (2026-12-14T10:00) or with an offset")
		flags.StringVar(&f.closes, "closes", "", "new closing; without it the session keeps its length")
		flags.StringVar(&f.mode, "mode", "", "in-person, online or hybrid")
		if verb == meetings.Reschedule {
			flags.BoolVar(&f.tentative, "tentative", false, "a postponed session becomes tentative, not confirmed")
		}
		fallthrough
	case meetings.Confirm:
		flags.StringVar(&f.venue, "venue", "", "venue")
		flags.StringVar(&f.onlineURL, "online-url", "", "address to join online")
		flags.StringVar(&f.waiver, "waiver", "", "why a hard lead time may be missed")
		flags.StringVar(&f.waivedBy, "waived-by", "", "person who waives it (the chair)")
	}
	flags.StringVar(&f.reason, "reason", "", "reason, which the letters tell")
	return cmd
}

func (a *app) takeStep(ctx context.Context, h *house, verb, ref string, f stepFlags) error {
	step, err := a.readStep(ctx, h, ref, f)
	if err != nil {
		return err
	}
	preview, err := h.acts.PreviewStep(ctx, verb, step)
	if err != nil {
		return err
	}
	if f.dryRun {
		return a.showStep(preview)
	}
	if ok, err := a.agreed(preview.Summary(), f.yes); err != nil || !ok {
		return err
	}
	result, err := h.acts.TakeStep(ctx, verb, step)
	if err != nil {
		return err
	}
	return a.showStep(result)
}

// showStep prints what a step came to, or would come to.
func (a *app) showStep(result acts.StepResult) error {
	committing := []int64{}
	for _, d := range result.Committing {
		committing = append(committing, d.ID)
	}
	document := map[string]any{"session": result.Session, "state": result.State, "revision": result.Revision, "letters": result.Total(), "by_kind": result.Letters,
		"suppressed": result.Suppressed, "reminders": result.Reminders, "committing": committing}
	return a.emit(document, func() error {
		a.say("%s", result.Summary())
		for _, d := range result.Committing {
			a.say("already on its way, and told of the change by another letter: %d %s to %s", d.ID, d.Kind, d.Address)
		}
		return nil
	})
}

// readStep turns the options into values. Times without offset are on the council's clock.
func (a *app) readStep(ctx context.Context, h *house, ref string, f stepFlags) (acts.SessionStep, error) {
	step := acts.SessionStep{Ref: ref, Actor: actor(), Mode: f.mode, OnlineURL: f.onlineURL, Tentative: f.tentative,
		Waiver: meetings.Waiver{By: f.waivedBy, Text: f.waiver}}
	if f.mode != "" {
		if err := checkMode(f.mode); err != nil {
			return step, err
		}
	}
	if (f.waiver == "") != (f.waivedBy == "") {
		return step, badUse(`--waiver "why" --waived-by PERSON`, "a waiver needs a text and a person")
	}
	language, err := a.firstLanguage(ctx, h)
	if err != nil {
		return step, err
	}
	if f.reason != "" {
		step.Reason = programme.Text{language: f.reason}
	}
	if f.venue != "" {
		step.Venue = programme.Text{language: f.venue}
	}
	list, err := h.acts.Sessions(ctx)
	if err != nil {
		return step, err
	}
	for _, s := range list {
		if s.Meeting.Session.Ref == ref {
			err = f.readTimes(&step, s.Meeting.Session.OpensAt, s.Meeting.Zone())
			return step, err
		}
	}
	return step, store.ErrNotFound
}

// readTimes reads opening and closing on the clock of zone. opens is the opening on record.
func (f stepFlags) readTimes(step *acts.SessionStep, opens time.Time, zone *time.Location) (err error) {
	if f.opens != "" {
		if step.OpensAt, err = localMoment("--opens", f.opens, zone); err != nil {
			return err
		}
		opens = step.OpensAt
	}
	if f.closes == "" {
		return nil
	}
	if step.ClosesAt, err = localMoment("--closes", f.closes, zone); err != nil {
		return err
	}
	if !step.ClosesAt.After(opens) {
		return badUse("give a closing after the opening", "--closes: %s is not after the opening", f.closes)
	}
	return nil
}

// checkMode refuses a way to meet that there is not.
func checkMode(mode string) error {
	if mode != "in-person" && mode != "online" && mode != "hybrid" {
		return badUse("in-person, online or hybrid", "--mode: %q is no mode", mode)
	}
	return nil
}

// firstLanguage is the language of a plain text on the command line: the programme's first.
func (a *app) firstLanguage(ctx context.Context, h *house) (language string, err error) {
	err = h.InTx(ctx, func(tx *store.Tx) error {
		info, err := tx.ProgrammeInfo(ctx)
		if err == nil && len(info.Languages) > 0 {
			language = info.Languages[0]
		}
		return err
	})
	return language, err
}
