package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
)

// timetableFlags are the options of the timetable, as they were written.
type timetableFlags struct {
	on, person, output, language string
	ics                          bool
}

// sessionsTimetable shows the convening timetable of a session, prints it or puts it into a calendar.
func (a *app) sessionsTimetable() *cobra.Command {
	var f timetableFlags
	cmd := &cobra.Command{Use: "timetable REF", Short: "Show what is due by when, and the earliest feasible date; as PDF, as a calendar", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := dayOption("--on", f.on)
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			q := acts.TimetableOf{Session: args[0], On: day, For: f.person}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				switch {
				case f.ics:
					err = a.calendarOf(ctx, h, q, f)
				case f.output != "":
					err = a.printTimetable(ctx, h, q, f)
				default:
					var t acts.Timetable
					if t, err = h.acts.SessionTimetable(ctx, q); err == nil {
						err = a.showTimetable(t)
					}
				}
				return a.unknownSession(cmd, h, args[0], err)
			})
		}}
	flags := cmd.Flags()
	flags.StringVar(&f.on, "on", "", "show what would follow from another opening day")
	flags.StringVar(&f.person, "for", "", "only the duties of this person")
	flags.StringVarP(&f.output, "output", "o", "", `write it as PDF (with --ics as a calendar) to this file, or "-" for standard output`)
	flags.BoolVar(&f.ics, "ics", false, "as a calendar that a calendar program reads; on standard output without -o")
	flags.StringVar(&f.language, "lang", "", "language of the PDF or calendar: en, fr, es, ru, uz, ar, zh (default: of the person, else the first)")
	return cmd
}

func (f timetableFlags) check() error {
	written := f.ics || f.output != ""
	switch {
	case written && f.on != "":
		return badUse("look at it without -o and --ics, or reschedule the session first", "--on shows another day, which is not printed")
	case !written && f.language != "":
		return badUse("-o FILE.pdf or --ics", "--lang is the language of the PDF or calendar, and neither is asked for")
	case !f.ics && strings.HasSuffix(f.output, ".ics"):
		return badUse("--ics -o "+f.output, "-o: %s is the name of a calendar, and --ics is not given", f.output)
	case f.language == "":
		return nil
	}
	return oneLanguage(f.language)
}

// oneLanguage refuses a language in which the program does not write.
func oneLanguage(language string) error {
	if err := oneOf(locale.Languages...)(language); err != nil {
		return badUse("", "--lang: %w", err)
	}
	return nil
}

func (a *app) printTimetable(ctx context.Context, h *house, q acts.TimetableOf, f timetableFlags) error {
	b, made, err := h.acts.PrintTimetable(ctx, q, f.language)
	if err != nil {
		return err
	}
	return a.putPDF(b, made, f.output)
}

// putPDF writes a PDF file where somebody asked for it, and says what it is.
func (a *app) putPDF(b []byte, made acts.Rendered, output string) error {
	if output == "-" {
		return a.writeOut(b, reportLine(made))
	}
	if output != "" {
		made.File = output
	}
	if err := writeFile(made.File, b); err != nil {
		return err
	}
	return a.emit(made, func() error { a.say("%s: %s", made.File, reportLine(made)); return nil })
}

func (a *app) calendarOf(ctx context.Context, h *house, q acts.TimetableOf, f timetableFlags) error {
	t, err := h.acts.SessionTimetable(ctx, q)
	if err != nil {
		return err
	}
	object, err := h.acts.Calendar(t, f.language)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("%d lines, %d bytes", len(t.Lines), len(object))
	if f.output == "" || f.output == "-" {
		return a.writeOut([]byte(object), line)
	}
	if err := writeFile(f.output, []byte(object)); err != nil {
		return err
	}
	return a.emit(map[string]any{"file": f.output, "lines": len(t.Lines), "bytes": len(object)}, func() error { a.say("%s: %s", f.output, line); return nil })
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

func (a *app) showTimetable(t acts.Timetable) error {
	shown := []shownLine{}
	for _, l := range t.Lines {
		shown = append(shown, showLine(l, t.Meeting))
	}
	document := map[string]any{"lines": shown, "earliest_feasible": nil}
	if !t.Earliest.IsZero() {
		document["earliest_feasible"] = t.Earliest.String()
	}
	return a.emit(document, func() error {
		w := a.table("DUE", "LINE", "DUTY OF", "HARD", "STATE", "DAYS", "NOTE")
		for _, l := range shown {
			w.row(l.DueOn, l.Name, l.DutyOf, map[bool]string{true: "hard"}[l.Hard], l.stateWords(), fmt.Sprintf("%+d", l.Slack), l.remark(t.Meeting.Session.Ref))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if !t.Earliest.IsZero() {
			a.say("earliest feasible opening: %s", t.Earliest)
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
