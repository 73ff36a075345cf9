package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/meetings"
)

// sessionsAttend is the roll call.
func (a *app) sessionsAttend() *cobra.Command {
	var r acts.RollCall
	var at string
	cmd := &cobra.Command{Use: "attend REF", Short: "Roll call: record who came to the sitting, or left it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if r.Seat == "" && r.Person == "" {
				return badUse("--seat SEAT, or --person PERSON for an officer without a seat", "who came is not said")
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				r.Session, r.Actor = args[0], actor()
				var err error
				if r.At, err = a.momentOf(ctx, h, args[0], at); err != nil {
					return err
				}
				verdicts, err := h.acts.Attend(ctx, r)
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				zone := a.zoneOf(ctx, h, args[0])
				return a.emit(map[string]any{"verdicts": shownVerdicts(verdicts, zone)}, func() error { return a.printVerdicts(verdicts, zone) })
			})
		}}
	flags := cmd.Flags()
	flags.StringVar(&r.Seat, "seat", "", "seat")
	flags.StringVar(&r.Person, "person", "", "person; without it, who speaks for the seat")
	flags.StringVar(&r.Mode, "mode", "", "in-person or online")
	flags.StringVar(&at, "at", "", "when, on the council's clock (2026-12-07T11:40) or with an offset; default now")
	flags.BoolVar(&r.Left, "left", false, "they left")
	return cmd
}

// sessionsVerdict shows whether there is or was a quorum.
func (a *app) sessionsVerdict() *cobra.Command {
	var text string
	cmd := &cobra.Command{Use: "verdict REF", Short: "Show whether the roll call has a quorum, now or at a moment", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				at, err := a.momentOf(ctx, h, args[0], text)
				if err != nil {
					return err
				}
				verdicts, turns, m, err := h.acts.Verdicts(ctx, args[0], at)
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				var all []meetings.Verdict
				for _, t := range turns {
					all = append(all, t.Verdict)
				}
				document := map[string]any{"verdicts": shownVerdicts(verdicts, m.Zone()), "turns": shownVerdicts(all, m.Zone())}
				return a.emit(document, func() error {
					if err := a.printVerdicts(verdicts, m.Zone()); err != nil {
						return err
					}
					a.say("so far:")
					return a.printVerdicts(all, m.Zone())
				})
			})
		}}
	cmd.Flags().StringVar(&text, "at", "", "moment, on the council's clock (2026-12-07T11:40) or with an offset; default now")
	return cmd
}

// shownVerdict is a verdict in JSON.
type shownVerdict struct {
	Purpose  string   `json:"purpose"`
	At       string   `json:"at"`
	Sitting  int      `json:"sitting"`
	Required int      `json:"required"`
	Seats    int      `json:"seats"`
	Present  int      `json:"present"`
	Missing  []string `json:"missing_offices"`
	Second   bool     `json:"second_convocation"`
	Quorate  bool     `json:"quorate"`
}

func shownVerdicts(list []meetings.Verdict, zone *time.Location) []shownVerdict {
	shown := []shownVerdict{}
	for _, v := range list {
		shown = append(shown, shownVerdict{v.Purpose, v.At.In(zone).Format(time.RFC3339), v.Sitting, v.Required, v.Seats, v.Present, append([]string{}, v.Missing...), v.Second, v.Quorate})
	}
	return shown
}

func (a *app) printVerdicts(list []meetings.Verdict, zone *time.Location) error {
	for _, v := range list {
		word, lacking := "quorum", ""
		if !v.Quorate {
			word = "no quorum"
		}
		if len(v.Missing) > 0 {
			lacking = "; missing: " + strings.Join(v.Missing, ", ")
		}
		a.say("%s  sitting %d, to %-6s  %s: %d of %d seats needed are there%s", v.At.In(zone).Format("2006-01-02 15:04"), v.Sitting, v.Purpose, word, v.Present, v.Required, lacking)
	}
	return nil
}

// momentOf reads a moment on the clock of a session's council; the zero time for "".
func (a *app) momentOf(ctx context.Context, h *house, ref, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return localMoment("--at", text, a.zoneOf(ctx, h, ref))
}

// zoneOf returns the clock of a session's council, UTC for an unknown session: the act names it.
func (a *app) zoneOf(ctx context.Context, h *house, ref string) *time.Location {
	list, err := h.acts.Sessions(ctx)
	if err != nil {
		a.log.Warn(fmt.Sprintf("times are shown in UTC: %v", err))
		return time.UTC
	}
	for _, s := range list {
		if s.Meeting.Session.Ref == ref {
			return s.Meeting.Zone()
		}
	}
	return time.UTC
}
