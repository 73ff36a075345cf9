package main

import (
	"context"
	"fmt"
	"os/user"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"secretariat/calendar"
	"secretariat/store"
)

func (a *app) schedulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "schedules", Short: "When reports and tasks run, and what became of each fire"}
	cmd.AddCommand(a.schedulesListCommand(), a.schedulesNextCommand(), a.schedulesHistoryCommand(),
		a.scheduleVerb("run", "Run a schedule now, beside its fires", "run as of %s"),
		a.scheduleVerb("pause", "Stop a schedule from firing", "paused %[2]s"),
		a.scheduleVerb("resume", "Let a paused schedule fire again, from now on", "resumed %[2]s"))
	return cmd
}

// shownSchedule is a schedule as JSON.
type shownSchedule struct {
	Ref        string     `json:"ref"`
	Runs       string     `json:"runs"` // report or task
	Spec       string     `json:"spec"`
	Timezone   string     `json:"timezone"`
	State      string     `json:"state"` // on, off, paused, broken
	NextFireAt *time.Time `json:"next_fire_at"`
}

func (a *app) schedulesListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the schedules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				schedules, err := h.acts.Schedules(ctx)
				if err != nil {
					return err
				}
				shown := make([]shownSchedule, 0, len(schedules))
				for _, s := range schedules {
					shown = append(shown, showSchedule(s))
				}
				return a.emit(map[string]any{"schedules": shown}, func() error {
					w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
					fmt.Fprintln(w, "SCHEDULE\tRUNS\tSPEC\tZONE\tSTATE\tNEXT")
					for _, s := range shown {
						next := "–"
						if s.NextFireAt != nil {
							next = s.NextFireAt.Format("Mon 2006-01-02 15:04 -07:00")
						}
						fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Ref, s.Runs, s.Spec, s.Timezone, s.State, next)
					}
					return w.Flush()
				})
			})
		},
	}
}

func showSchedule(s store.DueSchedule) shownSchedule {
	shown := shownSchedule{Ref: s.Ref, Runs: s.Report + s.Task, Spec: s.Spec, Timezone: s.Timezone, State: "on"}
	switch {
	case !s.Enabled:
		shown.State = "off"
	case s.PausedAt != nil:
		shown.State = "paused"
	case s.NextFireAt == nil:
		shown.State = "broken"
	default:
		at := *s.NextFireAt
		if zone, err := calendar.LoadZone(s.Timezone); err == nil {
			at = at.In(zone)
		}
		shown.NextFireAt = &at
	}
	return shown
}

func (a *app) schedulesNextCommand() *cobra.Command {
	var text, zone, from string
	var allowOr bool
	var count int
	cmd := &cobra.Command{
		Use:   "next [NAME | --spec S --timezone Z]",
		Short: "Show when a schedule, or any specification, fires next",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (text != "") {
				return badUse("secretariat schedules next --spec '0 9 * * MON' --timezone Asia/Tashkent", "give the name of a schedule, or --spec with --timezone")
			}
			if len(args) == 0 {
				start := time.Now()
				if from != "" {
					location, err := calendar.LoadZone(zone)
					if err != nil {
						return badUse("", "%w", err)
					}
					if start, err = parseMoment("from", from, location); err != nil {
						return err
					}
				}
				return a.showNext(text, zone, calendar.SpecOptions{AllowOr: allowOr}, start, count)
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				s, err := h.acts.Schedule(ctx, args[0])
				if err != nil {
					return err
				}
				start, err := h.Now(ctx)
				if err == nil && from != "" {
					var location *time.Location
					if location, err = calendar.LoadZone(s.Timezone); err == nil {
						start, err = parseMoment("from", from, location)
					}
				}
				if err != nil {
					return err
				}
				return a.showNext(s.Spec, s.Timezone, calendar.SpecOptions{AllowOr: allowOr}, start, count)
			})
		},
	}
	cmd.Flags().StringVar(&text, "spec", "", "five cron fields, or a rule in words")
	cmd.Flags().StringVar(&zone, "timezone", "UTC", "IANA zone of --spec")
	cmd.Flags().StringVar(&from, "from", "", "first moment; now by default")
	cmd.Flags().IntVarP(&count, "count", "n", 10, "how many")
	cmd.Flags().BoolVar(&allowOr, "allow-or", false, "accept day of month and weekday together: either of them fires")
	return cmd
}

func (a *app) showNext(text, zone string, o calendar.SpecOptions, from time.Time, count int) error {
	spec, err := calendar.ParseSpec(text, zone, o)
	if err != nil {
		return &failure{code: exitUse, err: err}
	}
	fires := make([]time.Time, 0, max(count, 0))
	for at := spec.Next(from); len(fires) < count && !at.IsZero(); at = spec.Next(at) {
		fires = append(fires, at)
	}
	return a.emit(map[string]any{"fires": fires}, func() error {
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "%s\tUTC\t\n", spec.Zone())
		last := from
		for _, at := range fires {
			mark := ""
			if _, before := last.In(spec.Zone()).Zone(); before != offset(at) {
				mark = "clocks changed since the line above"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", at.Format("Mon 2006-01-02 15:04 -07:00"), at.UTC().Format("2006-01-02 15:04"), mark)
			last = at
		}
		return w.Flush()
	})
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

// shownOccurrence is a fire as JSON.
type shownOccurrence struct {
	Schedule  string    `json:"schedule"`
	FireAt    time.Time `json:"fire_at"`
	Decision  string    `json:"decision"`
	Reason    string    `json:"reason"`
	DecidedAt time.Time `json:"decided_at"`
	Outcome   string    `json:"outcome,omitempty"`
}

func showOccurrence(o store.Occurrence) shownOccurrence {
	reason := o.Reason
	if o.SkippedBefore > 0 {
		reason = fmt.Sprintf("%s (and %d before it)", reason, o.SkippedBefore)
	}
	return shownOccurrence{o.Schedule, o.FireAt, o.Decision, reason, o.DecidedAt, o.Outcome}
}

func (a *app) schedulesHistoryCommand() *cobra.Command {
	var count int
	cmd := &cobra.Command{
		Use: "history [NAME]", Short: "Show the fires of a schedule, or of all, and what became of them", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if name != "" {
					if _, err := h.acts.Schedule(ctx, name); err != nil {
						return err
					}
				}
				occurrences, err := h.acts.Occurrences(ctx, name, count)
				if err != nil {
					return err
				}
				shown := make([]shownOccurrence, 0, len(occurrences))
				for _, o := range occurrences {
					shown = append(shown, showOccurrence(o))
				}
				return a.emit(map[string]any{"occurrences": shown}, func() error {
					w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
					fmt.Fprintln(w, "FIRE (UTC)\tSCHEDULE\tDECISION\tOUTCOME OR REASON")
					for _, o := range shown {
						fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", o.FireAt.UTC().Format("2006-01-02 15:04:05"), o.Schedule, o.Decision, o.Outcome+o.Reason)
					}
					return w.Flush()
				})
			})
		},
	}
	cmd.Flags().IntVarP(&count, "count", "n", 100, "at most so many")
	return cmd
}

// scheduleVerb is the command of an act on one schedule. done is printed with the moment of the fire and the name.
func (a *app) scheduleVerb(verb, short, done string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " NAME", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) (err error) {
				var at time.Time
				switch verb {
				case "run":
					at, err = h.acts.RunSchedule(ctx, args[0], actor())
				case "pause":
					err = h.acts.PauseSchedule(ctx, args[0], actor())
				case "resume":
					err = h.acts.ResumeSchedule(ctx, args[0], actor())
				}
				if err == nil {
					a.say(done, at.UTC().Format(time.RFC3339), args[0])
				}
				return err
			})
		},
	}
}

// withHouse opens the house for fn and closes it.
func (a *app) withHouse(ctx context.Context, n need, fn func(ctx context.Context, h *house) error) error {
	h, err := a.open(ctx, n)
	if err != nil {
		return err
	}
	defer h.close()
	return fn(ctx, h)
}

// actor names whoever runs a command, for the audit log.
func actor() string {
	if u, err := user.Current(); err == nil {
		return "command:" + u.Username
	}
	return "command"
}
