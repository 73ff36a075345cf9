package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/meetings"
	"secretariat/programme"
)

// sessionsTimetable shows the convening timetable of a session.
func (a *app) sessionsTimetable() *cobra.Command {
	var on string
	cmd := &cobra.Command{Use: "timetable REF", Short: "Show what is due by when, and the earliest feasible date", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := dayOption("--on", on)
			if err != nil {
				return err
			}
			return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
				lines, earliest, m, err := h.acts.SessionTimetable(cmd.Context(), args[0], day)
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				return a.showTimetable(lines, earliest, m)
			})
		}}
	cmd.Flags().StringVar(&on, "on", "", "show what would follow from another opening day")
	return cmd
}

// dayOption reads a day given as an option; absent for "".
func dayOption(option, text string) (day programme.Date, err error) {
	if text == "" {
		return day, nil
	}
	if day, err = programme.ParseDate(text); err != nil {
		return day, badUse("a date such as 2026-12-14", "%s: %w", option, err)
	}
	return day, nil
}

// shownLine is a line of a timetable in JSON.
type shownLine struct {
	Name     string  `json:"name"`
	DueOn    string  `json:"due_on"`
	DueAt    string  `json:"due_at"`
	DutyOf   string  `json:"duty_of"`
	Hard     bool    `json:"hard"`
	State    string  `json:"state"`
	Slack    int     `json:"slack_days"`
	Source   string  `json:"source"`
	DoneAt   *string `json:"done_at"`
	Late     bool    `json:"late"`    // it was done when its day was over
	ByHand   bool    `json:"by_hand"` // missed says only that nobody ticked it
	Ahead    *int    `json:"done_days_before"`
	Former   bool    `json:"done_for_former_date"`
	TickedBy string  `json:"ticked_by"`
	Note     string  `json:"note"`
	WaivedBy string  `json:"waived_by"`
	Waiver   string  `json:"waiver"`
}

func showLine(l meetings.Line, m *meetings.Meeting) shownLine {
	s := shownLine{Name: l.Rule.Ref, DueOn: l.DueOn.String(), DueAt: l.DueAt.In(m.Zone()).Format(time.RFC3339), DutyOf: l.Rule.DutyOf, Hard: l.Rule.Hard, State: l.State,
		Slack: l.Slack, Source: l.Rule.Source, Late: l.Late, ByHand: meetings.ByHand(l.Rule), Former: l.Former,
		TickedBy: l.Mark.TickedBy, Note: l.Mark.Note, WaivedBy: l.Mark.WaivedBy, Waiver: l.Mark.Waiver}
	if !l.DoneAt.IsZero() {
		at := l.DoneAt.In(m.Zone()).Format(time.RFC3339)
		s.DoneAt = &at
		if l.Opens {
			s.Ahead = &l.Ahead
		}
	}
	return s
}

func (a *app) showTimetable(lines []meetings.Line, earliest programme.Date, m *meetings.Meeting) error {
	shown := []shownLine{}
	for _, l := range lines {
		shown = append(shown, showLine(l, m))
	}
	document := map[string]any{"lines": shown, "earliest_feasible": nil}
	if !earliest.IsZero() {
		document["earliest_feasible"] = earliest.String()
	}
	return a.emit(document, func() error {
		w := a.table("DUE", "LINE", "DUTY OF", "HARD", "STATE", "DAYS", "NOTE")
		for _, l := range shown {
			w.row(l.DueOn, l.Name, l.DutyOf, map[bool]string{true: "hard"}[l.Hard], l.stateWords(), fmt.Sprintf("%+d", l.Slack), l.remark(m.Session.Ref))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if !earliest.IsZero() {
			a.say("earliest feasible opening: %s", earliest)
		}
		return nil
	})
}

// stateWords is the state for people: of a line that is ticked by hand nobody knows that it was missed.
func (l shownLine) stateWords() string {
	switch {
	case l.State == meetings.LineDone && l.Late:
		return "done late"
	case l.State == meetings.LineMissed && l.ByHand:
		return "not ticked"
	}
	return l.State
}

// remark says what the state and the days left do not.
func (l shownLine) remark(session string) string {
	text := ""
	switch {
	case l.State == meetings.LineWaived:
		return fmt.Sprintf("by %s: %s", l.WaivedBy, l.Waiver)
	case l.State == meetings.LineDone && l.Ahead != nil:
		text = fmt.Sprintf("%s, %d days before the opening", (*l.DoneAt)[:10], *l.Ahead)
	case l.State == meetings.LineDone && l.DoneAt != nil:
		text = (*l.DoneAt)[:10]
	case (l.State == meetings.LineMissed || l.State == meetings.LineLate) && l.ByHand:
		return fmt.Sprintf("if it was done: secretariat sessions tick %s %s", session, l.Name)
	}
	if l.Former {
		text += "; done for the former date: does it still hold?"
	}
	if l.TickedBy != "" {
		text += "; ticked by " + l.TickedBy
	}
	if l.Note != "" {
		text += ": " + l.Note
	}
	return text
}

// sessionsTick records that a line is done which nothing on record shows.
func (a *app) sessionsTick() *cobra.Command {
	var on string
	t := acts.Tick{}
	cmd := &cobra.Command{Use: "tick REF LINE", Short: "Record that a line of the timetable is done which nothing on record shows", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			t.Session, t.Rule, t.Actor = args[0], args[1], actor()
			if t.On, err = dayOption("--on", on); err != nil {
				return err
			}
			if t.Undo && (on != "" || t.Note != "") {
				return badUse("--undo alone", "--undo takes the tick back: it has no day and no note")
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				line, m, err := h.acts.TickLine(ctx, t)
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				shown := showLine(line, m)
				return a.emit(map[string]any{"session": args[0], "line": shown}, func() error {
					a.say("%s of session %s is %s", shown.Name, args[0], shown.stateWords())
					return nil
				})
			})
		}}
	cmd.Flags().StringVar(&on, "on", "", "day on which it was done, at the council's seat (default: now)")
	cmd.Flags().StringVar(&t.Note, "note", "", "how one sees it, e.g. the number of the note verbale")
	cmd.Flags().BoolVar(&t.Undo, "undo", false, "it was not done after all")
	return cmd
}
