package main

import (
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// shownLetter is a letter of a forecast as JSON.
type shownLetter struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	To       string    `json:"to"`
	Language string    `json:"language,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Why      string    `json:"why"`
}

func (a *app) forecastCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "forecast --from TIME --to TIME",
		Short: "Show everything that would be sent, and what would be held back",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			h, err := a.open(cmd.Context(), needDatabase)
			if err != nil {
				return err
			}
			defer h.close()
			zone, err := h.acts.Zone(cmd.Context())
			if err != nil {
				return err
			}
			since, err := parseMoment("from", from, zone)
			if err != nil {
				return err
			}
			until, err := parseMoment("to", to, zone)
			if err != nil {
				return err
			}
			if until.Before(since) {
				return badUse("", "--to %s is before --from %s", to, from)
			}
			f, err := h.acts.Forecast(cmd.Context(), since, until)
			if err != nil {
				return err
			}
			return a.showForecast(f)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "first moment: 2026-11-23, 2026-11-23T09:00 (the programme's clock) or with offset")
	cmd.Flags().StringVar(&to, "to", "", "last moment")
	require(cmd, "from", "to")
	return cmd
}

func (a *app) showForecast(f acts.Forecast) error {
	letters, held := shownLetters(f.Letters), shownLetters(f.HeldBack)
	return a.emit(map[string]any{"letters": letters, "held_back": held}, func() error {
		w := a.table("AT (THEIR CLOCK)", "KIND", "TO", "LANGUAGE", "SUBJECT", "WHY")
		for _, l := range letters {
			w.row(l.At.Format("2006-01-02 15:04 -07:00"), l.Kind, l.To, l.Language, l.Subject, l.Why)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		a.say("\n%d letters; %d held back", len(letters), len(held))
		if len(held) == 0 {
			return nil
		}
		w = a.table("HELD BACK AT", "KIND", "TO", "WHY")
		for _, l := range held {
			w.row(l.At.Format("2006-01-02 15:04 -07:00"), l.Kind, l.To, l.Why)
		}
		return w.Flush()
	})
}

func shownLetters(list []acts.Foreseen) []shownLetter {
	shown := make([]shownLetter, 0, len(list))
	for _, l := range list {
		shown = append(shown, shownLetter(l))
	}
	return shown
}

// parseMoment reads a moment of the command line: a day, a local time on the clocks of zone, or a time with offset.
func parseMoment(option, text string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, badUse("write 2026-11-23, 2026-11-23T09:00 or 2026-11-23T09:00:00+05:00", "--%s: %q is not a moment", option, text)
}
