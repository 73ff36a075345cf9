package main

import (
	"context"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/calendar"
	"secretariat/store"
)

func (a *app) schedulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "schedules", Short: "When reports and tasks run, and what became of each fire"}
	cmd.AddCommand(a.schedulesListCommand(), a.schedulesNextCommand(), a.schedulesHistoryCommand(), a.schedulesBackfillCommand(),
		a.scheduleVerb("run", "Run a schedule now, beside its fires", "runs %[2]s as of %[1]s"),
		a.scheduleVerb("pause", "Stop a schedule from firing", "paused %[2]s"),
		a.scheduleVerb("resume", "Let a paused schedule fire again, from now on", "resumed %[2]s"))
	return cmd
}

// shownSchedule is a schedule as JSON.
type shownSchedule struct {
	Ref          string     `json:"ref"`
	Runs         string     `json:"runs"` // report or task
	Spec         string     `json:"spec"`
	Timezone     string     `json:"timezone"`
	Holiday      string     `json:"holiday"`
	CatchUp      string     `json:"catch_up"`
	CatchUpLimit int        `json:"catch_up_limit"`
	Grace        string     `json:"grace"`
	Deadline     string     `json:"deadline"`
	Overlap      string     `json:"overlap"`
	Jitter       string     `json:"jitter"`
	State        string     `json:"state"` // on, off, paused, broken
	NextFireAt   *time.Time `json:"next_fire_at"`
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
					w := a.table("SCHEDULE", "RUNS", "SPEC", "ZONE", "STATE", "NEXT")
					for _, s := range shown {
						next := "–"
						if s.NextFireAt != nil {
							next = s.NextFireAt.Format("Mon 2006-01-02 15:04 -07:00")
						}
						w.row(s.Ref, s.Runs, s.Spec, s.Timezone, s.State, next)
					}
					return w.Flush()
				})
			})
		},
	}
}

func showSchedule(s store.DueSchedule) shownSchedule {
	shown := shownSchedule{Ref: s.Ref, Runs: s.Report + s.Task, Spec: s.Spec, Timezone: s.Timezone, Holiday: s.Holiday, CatchUp: s.CatchUp,
		CatchUpLimit: s.CatchUpLimit, Grace: s.Grace, Deadline: s.Deadline, Overlap: s.Overlap, Jitter: s.Jitter, State: "on"}
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

// shownOccurrence is a fire as JSON.
type shownOccurrence struct {
	Schedule  string     `json:"schedule"`
	FireAt    time.Time  `json:"fire_at"`
	Decision  string     `json:"decision"`
	Reason    string     `json:"reason"`
	DecidedAt time.Time  `json:"decided_at"`
	NotBefore time.Time  `json:"not_before"` // when it is to run: the fire, later by jitter or by a holiday
	Attempts  int        `json:"attempts"`
	DoneAt    *time.Time `json:"done_at"` // null while it waits or runs, and for one skipped
	Outcome   string     `json:"outcome,omitempty"`
}

func showOccurrence(o store.Occurrence) shownOccurrence {
	reason := o.Reason
	if o.SkippedBefore > 0 {
		reason = fmt.Sprintf("%s (and %d before it)", reason, o.SkippedBefore)
	}
	return shownOccurrence{o.Schedule, o.FireAt, o.Decision, reason, o.DecidedAt, o.NotBefore, o.Attempts, o.DoneAt, o.Outcome}
}

// story says in one line what became of a fire.
func (o shownOccurrence) story() string {
	words := []string{}
	for _, s := range []string{o.Outcome, o.Reason} {
		if s != "" {
			words = append(words, s)
		}
	}
	switch {
	case o.Decision == store.Skipped || o.DoneAt != nil:
	case o.Attempts == 0:
		words = append(words, "runs at "+o.NotBefore.UTC().Format("2006-01-02 15:04:05"))
	default:
		words = append(words, fmt.Sprintf("not ended, attempt %d", o.Attempts))
	}
	return strings.Join(words, "; ")
}

func (a *app) schedulesHistoryCommand() *cobra.Command {
	var count int
	cmd := &cobra.Command{
		Use: "history [NAME]", Short: "Show the fires of a schedule, or of all, and what became of them", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if count < 0 {
				return badUse("a whole number, 0 for all", "--count: %d fires cannot be listed", count)
			}
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
					w := a.table("FIRE (UTC)", "SCHEDULE", "DECISION", "OUTCOME OR REASON")
					for _, o := range shown {
						w.row(o.FireAt.UTC().Format("2006-01-02 15:04:05"), o.Schedule, o.Decision, o.story())
					}
					return w.Flush()
				})
			})
		},
	}
	cmd.Flags().IntVarP(&count, "count", "n", 100, "at most so many, the latest; 0 for all")
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
				if err != nil {
					return err
				}
				if s, err := h.acts.Schedule(ctx, args[0]); err == nil && verb == "resume" {
					a.noteIdle(s)
				}
				document := map[string]any{"schedule": args[0], "done": verb}
				if verb == "run" {
					document["fire_at"] = at
				}
				return a.emit(document, func() error {
					a.say(done, at.UTC().Format(time.RFC3339), args[0])
					return nil
				})
			})
		},
	}
}

// noteIdle says of a schedule that does not fire why not.
func (a *app) noteIdle(s store.DueSchedule) {
	if why := map[string]string{
		"off":    "is off: it does not fire until the programme file has enabled: true",
		"paused": "is paused: it does not fire until secretariat schedules resume " + s.Ref,
		"broken": "does not fire: secretariat doctor says why",
	}[showSchedule(s).State]; why != "" {
		fmt.Fprintf(a.err, "note: schedule %s %s\n", s.Ref, why)
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
