package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
)

// sessionsSeries are the commands of series.
func (a *app) sessionsSeries() *cobra.Command {
	cmd := &cobra.Command{Use: "series", Short: "Series that keep draft sessions ahead"}
	cmd.AddCommand(a.seriesList(), a.seriesShow(), a.seriesSkip(), a.seriesEdit())
	return cmd
}

// shownSeries is a series in JSON.
type shownSeries struct {
	Ref        string  `json:"ref"`
	Council    string  `json:"council"`
	Rule       string  `json:"rule"`
	LocalStart string  `json:"local_start"`
	Lasts      string  `json:"lasts"`
	KeepAhead  int     `json:"keep_ahead"`
	Until      *string `json:"until"`
	Drafts     int     `json:"drafts"`
}

func showSeries(s acts.Series) shownSeries {
	shown := shownSeries{Ref: s.Series.Ref, Council: s.Council, Rule: s.Series.Rule, LocalStart: s.Series.LocalStart, Lasts: string(s.Series.Lasts), KeepAhead: s.Series.KeepAhead}
	if !s.Series.Until.IsZero() {
		until := s.Series.Until.String()
		shown.Until = &until
	}
	for _, o := range s.Occurrences {
		if o.State == meetings.Draft {
			shown.Drafts++
		}
	}
	return shown
}

func (s shownSeries) rule() string {
	line := s.Rule + " at " + s.LocalStart + ", " + s.Lasts
	if s.Until != nil {
		line += ", until " + *s.Until
	}
	return line
}

func (a *app) seriesList() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the series", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			list, err := h.acts.ListSeries(ctx)
			if err != nil {
				return err
			}
			shown := []shownSeries{}
			for _, s := range list {
				shown = append(shown, showSeries(s))
			}
			return a.emit(map[string]any{"series": shown}, func() error {
				w := a.table("SERIES", "COUNCIL", "RULE", "DRAFTS", "KEPT AHEAD")
				for _, s := range shown {
					w.row(s.Ref, s.Council, s.rule(), s.Drafts, s.KeepAhead)
				}
				return w.Flush()
			})
		})
	}}
}

func (a *app) seriesShow() *cobra.Command {
	return &cobra.Command{Use: "show REF", Short: "Show a series with its sessions and what is skipped", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			list, err := h.acts.ListSeries(ctx)
			if err != nil {
				return err
			}
			var refs []string
			for _, s := range list {
				if s.Series.Ref == args[0] {
					return a.printSeries(s)
				}
				refs = append(refs, s.Series.Ref)
			}
			return badUse("see secretariat sessions series list", "no series %q%s", args[0], programme.DidYouMean(args[0], refs))
		})
	}}
}

func (a *app) printSeries(s acts.Series) error {
	type occurrence struct {
		On        string `json:"on"`
		Session   string `json:"session"`
		State     string `json:"state"`
		OpensAt   string `json:"opens_at"`
		Exception bool   `json:"exception"`
	}
	type skipped struct {
		On     string `json:"on"`
		Reason string `json:"reason"`
	}
	occurrences, skips := []occurrence{}, []skipped{}
	for _, o := range s.Occurrences {
		occurrences = append(occurrences, occurrence{o.On.String(), o.Session, o.State, o.OpensAt.In(s.Zone).Format(time.RFC3339), o.Exception()})
	}
	for on, reason := range s.Reasons {
		skips = append(skips, skipped{on.String(), reason})
	}
	slices.SortFunc(skips, func(x, y skipped) int { return strings.Compare(x.On, y.On) })
	document := struct {
		shownSeries
		Occurrences []occurrence `json:"occurrences"`
		Skipped     []skipped    `json:"skipped"`
	}{showSeries(s), occurrences, skips}
	return a.emit(document, func() error {
		a.say("%s  %s  %s", document.Ref, document.Council, document.rule())
		for _, o := range occurrences {
			note := ""
			if o.Exception {
				note = "  (a time of its own)"
			}
			a.say("  %s  %-20s %-10s %s%s", o.On, o.Session, o.State, o.OpensAt, note)
		}
		for _, k := range skips {
			a.say("  %s  skipped: %s", k.On, k.Reason)
		}
		return nil
	})
}

func (a *app) seriesSkip() *cobra.Command {
	var c acts.SeriesChange
	var yes, dryRun bool
	cmd := &cobra.Command{Use: "skip REF DATE", Short: "Leave out one session of a series", Args: cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
		var err error
		if c.Skip, err = programme.ParseDate(args[1]); err != nil {
			return badUse("the day by the rule, e.g. 2027-04-06", "%w", err)
		}
		if c.Reason == "" {
			return badUse(`--reason "why"`, "a day is skipped for a reason")
		}
		c.Ref, c.Actor = args[0], actor()
		return a.changeSeries(cmd.Context(), c, yes, dryRun)
	}}
	cmd.Flags().StringVar(&c.Reason, "reason", "", "why it does not take place")
	askFlags(cmd, &yes, &dryRun)
	return cmd
}

// seriesFlags are the options that change a series, as they were written; given says which there are.
type seriesFlags struct {
	rule, start, lasts, until string
	keep                      int
	given                     func(option string) bool
}

func (a *app) seriesEdit() *cobra.Command {
	var f seriesFlags
	var yes, dryRun bool
	cmd := &cobra.Command{Use: "edit REF", Short: "Change a series; only its drafts follow, and they are listed first", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		f.given = cmd.Flags().Changed
		edit, err := f.edit()
		if err != nil {
			return err
		}
		return a.changeSeries(cmd.Context(), acts.SeriesChange{Ref: args[0], Actor: actor(), Edit: edit}, yes, dryRun)
	}}
	flags := cmd.Flags()
	flags.StringVar(&f.rule, "rule", "", `rule in words, e.g. "first tuesday of every quarter"`)
	flags.StringVar(&f.start, "local-start", "", "time of day on the council's clock, e.g. 10:00")
	flags.StringVar(&f.lasts, "lasts", "", "length, e.g. PT2H")
	flags.StringVar(&f.until, "until", "", "last day, or none")
	flags.IntVar(&f.keep, "keep-ahead", 0, "how many sessions are kept ahead")
	askFlags(cmd, &yes, &dryRun)
	return cmd
}

// edit returns the change that the options make to a series, or which of them is wrong.
func (f seriesFlags) edit() (func(*programme.Series), error) {
	var last programme.Date
	if f.until != "" && f.until != "none" {
		var err error
		if last, err = programme.ParseDate(f.until); err != nil {
			return nil, badUse("a date such as 2027-12-31, or none", "--until: %w", err)
		}
	}
	if f.lasts != "" {
		if _, err := calendar.ParseSpan(f.lasts); err != nil {
			return nil, badUse("a length such as PT2H", "--lasts: %w", err)
		}
	}
	if f.given("keep-ahead") && (f.keep < 0 || f.keep > 60) {
		return nil, badUse("0 to 60", "--keep-ahead: %d sessions ahead", f.keep)
	}
	if !slices.ContainsFunc([]string{"rule", "local-start", "lasts", "keep-ahead", "until"}, f.given) {
		return nil, badUse("--rule, --local-start, --lasts, --keep-ahead or --until", "nothing is to be changed")
	}
	return func(s *programme.Series) {
		if f.rule != "" {
			s.Rule = f.rule
		}
		if f.start != "" {
			s.LocalStart = f.start
		}
		if f.lasts != "" {
			s.Lasts = programme.Span(f.lasts)
		}
		if f.given("keep-ahead") {
			s.KeepAhead = f.keep
		}
		if f.until != "" {
			s.Until = last
		}
	}, nil
}

// changeSeries lists the drafts that a change touches, asks, and makes it.
func (a *app) changeSeries(ctx context.Context, c acts.SeriesChange, yes, dryRun bool) error {
	return a.withHouse(ctx, needDatabase, func(ctx context.Context, h *house) error {
		diff, err := h.acts.ChangeSeries(ctx, c, true)
		if err != nil {
			return err
		}
		if dryRun {
			return a.showSeriesDiff(c.Ref, diff)
		}
		question := "no draft is touched"
		if lines := acts.SeriesLines(diff); len(lines) > 0 {
			question = "drafts that are touched:\n" + strings.Join(lines, "\n")
		}
		if ok, err := a.agreed(question, yes); err != nil || !ok {
			return err
		}
		if diff, err = h.acts.ChangeSeries(ctx, c, false); err != nil {
			return err
		}
		return a.showSeriesDiff(c.Ref, diff)
	})
}

func (a *app) showSeriesDiff(ref string, d meetings.SeriesDiff) error {
	refs := func(list []meetings.Occurrence) []string {
		names := []string{}
		for _, o := range list {
			names = append(names, o.Session)
		}
		return names
	}
	return a.emit(map[string]any{"series": ref, "created": refs(d.Create), "moved": refs(d.Move), "retired": refs(d.Retire)}, func() error {
		for _, line := range acts.SeriesLines(d) {
			a.say("%s", line)
		}
		a.say("series %s: %d drafts made, %d moved, %d taken out", ref, len(d.Create), len(d.Move), len(d.Retire))
		return nil
	})
}
