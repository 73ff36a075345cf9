package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/calendar"
)

// maxNext bounds how many fires are shown.
const maxNext = 10_000

// countOfEach is how many fires of each schedule are shown when all are: a task of every minute is not to hide the others.
const countOfEach = 3

// nextFlags are the options of `schedules next`.
type nextFlags struct {
	spec, zone, from, startsOn string
	allowOr                    bool
	count                      int
}

func (a *app) schedulesNextCommand() *cobra.Command {
	var f nextFlags
	cmd := &cobra.Command{
		Use:   "next [NAME | --spec S --timezone Z]",
		Short: "Show when all schedules, one, or any specification fire next",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec := cmd.Flags().Changed("spec")
			if len(args) == 1 && spec {
				return badUse("secretariat schedules next --spec '0 9 * * MON' --timezone Asia/Tashkent", "give the name of a schedule, or --spec with --timezone, or nothing for all schedules")
			}
			for _, only := range []string{"timezone", "starts-on", "allow-or"} {
				if !spec && cmd.Flags().Changed(only) {
					return badUse("a schedule has its own", "--%s belongs to --spec", only)
				}
			}
			if f.count < 1 || f.count > maxNext {
				return badUse("", "--count: %d is not from 1 to %d", f.count, maxNext)
			}
			if spec {
				return a.nextOfSpec(f)
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if len(args) == 0 {
					if !cmd.Flags().Changed("count") {
						f.count = countOfEach
					}
					return a.nextOfAll(ctx, h, f)
				}
				return a.nextOfSchedule(ctx, h, args[0], f)
			})
		},
	}
	cmd.Flags().StringVar(&f.spec, "spec", "", "five cron fields, or a rule in words with a time of day")
	cmd.Flags().StringVar(&f.zone, "timezone", "UTC", "IANA zone of --spec")
	cmd.Flags().StringVar(&f.startsOn, "starts-on", "", "day from which a --spec such as \"every 6 weeks at 09:00\" counts")
	cmd.Flags().StringVar(&f.from, "from", "", "first moment; now by default")
	cmd.Flags().IntVarP(&f.count, "count", "n", 10, fmt.Sprintf("how many; of each schedule, %d by default, when none is named", countOfEach))
	cmd.Flags().BoolVar(&f.allowOr, "allow-or", false, "accept day of month and weekday together: either of them fires")
	return cmd
}

// nextOfSpec needs no database: it knows no holidays.
func (a *app) nextOfSpec(f nextFlags) error {
	o := calendar.SpecOptions{AllowOr: f.allowOr}
	if f.startsOn != "" {
		day, err := time.Parse(time.DateOnly, f.startsOn)
		if err != nil {
			return badUse("a day such as 2026-11-23", "--starts-on: %q is not a date", f.startsOn)
		}
		o.Anchor = day
	}
	spec, err := calendar.ParseSpec(f.spec, f.zone, o)
	if err != nil {
		return &failure{code: exitUse, err: err}
	}
	if f.allowOr {
		o.AllowOr = false
		if _, strict := calendar.ParseSpec(f.spec, f.zone, o); strict != nil {
			fmt.Fprintf(a.err, "warning: %v\n", strict)
		}
	}
	start := time.Now()
	if f.from != "" {
		if start, err = parseMoment("from", f.from, spec.Zone()); err != nil {
			return err
		}
	}
	fires := []acts.NextFire{}
	for at := range spec.Fires(start) {
		if len(fires) == f.count {
			break
		}
		fires = append(fires, acts.NextFire{FireAt: at, RunsAt: at})
	}
	return a.showNext(spec.Zone(), start, fires)
}

func (a *app) nextOfSchedule(ctx context.Context, h *house, name string, f nextFlags) error {
	s, err := h.acts.Schedule(ctx, name)
	if err != nil {
		return err
	}
	start, err := h.Now(ctx)
	if err != nil {
		return err
	}
	zone, err := calendar.LoadZone(s.Timezone)
	if err == nil && f.from != "" {
		start, err = parseMoment("from", f.from, zone)
	}
	if err != nil {
		return err
	}
	fires, err := h.acts.NextFires(ctx, name, start, f.count)
	if err != nil {
		return err
	}
	a.noteIdle(s)
	return a.showNext(zone, start, fires)
}

// scheduledFire is a fire beside those of other schedules, on the clock of its own.
type scheduledFire struct {
	Schedule string     `json:"schedule"`
	FireAt   time.Time  `json:"fire_at"`
	RunsAt   *time.Time `json:"runs_at"` // null: it does not run
	Note     string     `json:"note"`
}

// nextOfAll leaves out the schedules that are off, paused or broken: they fire never, and `schedules list` says so.
func (a *app) nextOfAll(ctx context.Context, h *house, f nextFlags) error {
	start, err := h.Now(ctx)
	if err != nil {
		return err
	}
	zone, err := h.acts.Zone(ctx)
	if err == nil && f.from != "" {
		start, err = parseMoment("from", f.from, zone)
	}
	if err != nil {
		return err
	}
	schedules, err := h.acts.Schedules(ctx)
	if err != nil {
		return err
	}
	fires := []scheduledFire{}
	for _, s := range schedules {
		if showSchedule(s).State != "on" {
			continue
		}
		of, err := h.acts.NextFires(ctx, s.Ref, start, f.count)
		if err != nil {
			return err
		}
		for _, n := range of {
			one := scheduledFire{Schedule: s.Ref, FireAt: n.FireAt, Note: n.Note}
			if !n.RunsAt.IsZero() {
				one.RunsAt = &n.RunsAt
			}
			fires = append(fires, one)
		}
	}
	slices.SortStableFunc(fires, func(x, y scheduledFire) int { return x.FireAt.Compare(y.FireAt) })
	at := []time.Time{}
	for _, n := range fires {
		at = append(at, n.FireAt)
	}
	return a.emit(map[string]any{"fires": at, "of": fires}, func() error {
		w := a.table("FIRES", "UTC", "SCHEDULE", "")
		for _, n := range fires {
			w.row(n.FireAt.Format("Mon 2006-01-02 15:04 -07:00"), n.FireAt.UTC().Format("2006-01-02 15:04"), n.Schedule, n.Note)
		}
		return w.Flush()
	})
}

// shownFire says of a fire what its time alone does not.
type shownFire struct {
	FireAt time.Time  `json:"fire_at"`
	RunsAt *time.Time `json:"runs_at"` // null: it does not run
	Note   string     `json:"note"`
}

func (a *app) showNext(zone *time.Location, from time.Time, fires []acts.NextFire) error {
	at, notes := []time.Time{}, []shownFire{}
	last := from
	marks := make([]string, len(fires))
	for i, f := range fires {
		at = append(at, f.FireAt)
		marks[i] = f.Note
		if was, is := offset(last.In(zone)), offset(f.FireAt); was != is {
			marks[i] = joinNotes(marks[i], fmt.Sprintf("clocks changed by %+d min since the line above", (is-was)/60))
		}
		last = f.FireAt
		if marks[i] == "" {
			continue
		}
		shown := shownFire{FireAt: f.FireAt, Note: marks[i]}
		if !f.RunsAt.IsZero() {
			shown.RunsAt = &f.RunsAt
		}
		notes = append(notes, shown)
	}
	return a.emit(map[string]any{"fires": at, "notes": notes}, func() error {
		w := a.table(zone.String(), "UTC", "")
		for i, f := range fires {
			w.row(f.FireAt.Format("Mon 2006-01-02 15:04 -07:00"), f.FireAt.UTC().Format("2006-01-02 15:04"), marks[i])
		}
		return w.Flush()
	})
}

func joinNotes(x, y string) string {
	if x == "" {
		return y
	}
	return x + "; " + y
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}
