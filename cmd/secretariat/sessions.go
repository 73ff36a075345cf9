package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// sessionsCommand shows sessions and takes them from state to state.
func (a *app) sessionsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "sessions", Short: "Sessions of the councils: timetable, quorum, and the steps from draft to closed"}
	cmd.AddCommand(a.sessionsList(), a.sessionsShow(), a.sessionsTimetable(), a.sessionsTick(), a.sessionsTimetables(), a.sessionsCertificate(), a.sessionsQuorum())
	cmd.AddCommand(a.sessionsAgenda(), a.sessionsDecide(), a.sessionsRecord(), a.sessionsSeries())
	for _, s := range []struct{ verb, short string }{
		{meetings.Announce, "Hold the date of a draft session (tentative)"},
		{meetings.Confirm, "Convene a session: invitations go out"},
		{meetings.Reschedule, "Give a session another date, place or mode"},
		{meetings.Postpone, "Take the date of a session back; the new one is open"},
		{meetings.Cancel, "Cancel a session for good"},
		{meetings.Open, "Open the first sitting of a session: its roll call begins"},
		{meetings.Suspend, "Suspend a session until its next sitting"},
		{meetings.Resume, "Resume a session with the next sitting"},
		{meetings.Adjourn, "Record that a sitting had no quorum when its grace was over"},
		{meetings.Reconvene, "Convene an inquorate session again: any number of seats will do, where the rules say so"},
		{meetings.Hold, "Record that a session was held; at once or afterwards"},
		{meetings.Close, "Record that the record of a session is adopted"},
	} {
		cmd.AddCommand(a.sessionStep(s.verb, s.short))
	}
	cmd.AddCommand(a.sessionsAttend(), a.sessionsVerdict())
	return cmd
}

// shownSession is a session in JSON.
type shownSession struct {
	Ref      string `json:"ref"`
	Council  string `json:"council"`
	Number   int    `json:"number"`
	State    string `json:"state"`
	OpensAt  string `json:"opens_at"`
	ClosesAt string `json:"closes_at"`
	Timezone string `json:"timezone"`
	Revision int    `json:"revision"`
	Overdue  bool   `json:"overdue"` // it is over, and nobody has recorded what became of it
}

func showSession(s acts.Session) shownSession {
	m := s.Meeting
	return shownSession{m.Session.Ref, m.Council.Ref, m.Session.Number, m.Session.State, m.Session.OpensAt.In(m.Zone()).Format(time.RFC3339),
		m.Session.ClosesAt.In(m.Zone()).Format(time.RFC3339), m.Council.Timezone, s.Facts.Revision, s.Overdue}
}

// stateWords is the state for people.
func (s shownSession) stateWords() string {
	if s.Overdue {
		return s.State + ", overdue: not closed"
	}
	return s.State
}

func (a *app) sessionsList() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the sessions", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
			list, err := h.acts.Sessions(cmd.Context())
			if err != nil {
				return err
			}
			shown := []shownSession{}
			for _, s := range list {
				shown = append(shown, showSession(s))
			}
			return a.emit(map[string]any{"sessions": shown}, func() error {
				w := a.table("SESSION", "COUNCIL", "NUMBER", "STATE", "OPENS", "REVISION")
				for _, s := range shown {
					w.row(s.Ref, s.Council, s.Number, s.stateWords(), s.OpensAt, s.Revision)
				}
				return w.Flush()
			})
		})
	}}
}

func (a *app) sessionsShow() *cobra.Command {
	return &cobra.Command{Use: "show REF", Short: "Show a session and how its seats stand", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
			list, err := h.acts.Sessions(cmd.Context())
			if err != nil {
				return err
			}
			for _, s := range list {
				if s.Meeting.Session.Ref == args[0] {
					return a.emit(sessionDetails(s), func() error { return a.printSession(s) })
				}
			}
			return noSession(args[0], list)
		})
	}}
}

// sessionDetails is a session with its seats in JSON.
func sessionDetails(s acts.Session) any {
	type seat struct {
		Seat   string `json:"seat"`
		Member string `json:"member"`
		Acting string `json:"acting"`
		Voting bool   `json:"voting"`
		Answer string `json:"answer"`
		Mode   string `json:"mode"`
		Stale  bool   `json:"stale"`
	}
	seats := []seat{}
	for _, st := range s.Meeting.Standings() {
		seats = append(seats, seat{st.Seat.Ref, st.Member, st.Acting, st.Seat.Voting, st.Answer, st.Mode, st.Stale != nil})
	}
	e := s.Meeting.Session
	return struct {
		shownSession
		Title           programme.Text `json:"title"`
		Mode            string         `json:"mode"`
		Venue           programme.Text `json:"venue,omitempty"`
		Confidentiality string         `json:"confidentiality"`
		UID             string         `json:"uid"`
		Sequence        int            `json:"sequence"`
		Seats           []seat         `json:"seats"`
	}{showSession(s), e.Title, e.Mode, e.Venue, e.Confidentiality, s.Facts.UID, s.Facts.Sequence, seats}
}

func (a *app) printSession(s acts.Session) error {
	shown := showSession(s)
	a.say("%s  %s, number %d, %s", shown.Ref, shown.Council, shown.Number, shown.stateWords())
	a.say("%s – %s (%s), %s, revision %d", shown.OpensAt, shown.ClosesAt, shown.Timezone, s.Meeting.Session.Mode, shown.Revision)
	for _, st := range s.Meeting.Standings() {
		answer := st.Answer
		switch {
		case st.Stale != nil:
			answer = st.Stale.Answer + " for the earlier date"
		case st.Acting == "":
			answer = "vacant"
		case answer == "":
			answer = "no reply"
		}
		a.say("  %-8s %-20s %s", st.Seat.Ref, st.Acting, answer)
	}
	return nil
}

func (a *app) sessionsQuorum() *cobra.Command {
	return &cobra.Command{Use: "quorum REF", Short: "Show how likely there is a quorum, and whom to ask first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(_ context.Context, h *house) error {
				quorums, _, err := h.acts.SessionQuorums(cmd.Context(), args[0])
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				return a.showQuorums(quorums)
			})
		}}
}

func (a *app) showQuorums(quorums []meetings.Quorum) error {
	type quorum struct {
		Required    int      `json:"required"`
		Seats       int      `json:"seats"`
		Expected    float64  `json:"expected"`
		Probability float64  `json:"probability"`
		Low         float64  `json:"low"`
		High        float64  `json:"high"`
		AskFirst    []string `json:"ask_first"`
	}
	shown := map[string]quorum{}
	for _, q := range quorums {
		shown[q.Purpose] = quorum{q.Required, q.Seats, q.Expected, q.Probability, q.Low, q.High, append([]string{}, q.AskFirst...)}
	}
	return a.emit(map[string]any{"purpose": shown}, func() error {
		for _, q := range quorums {
			a.say("to %s: %d of %d seats needed, %.1f expected, probability %.0f %% (%.0f–%.0f)", q.Purpose, q.Required, q.Seats, q.Expected,
				100*q.Probability, 100*q.Low, 100*q.High)
			if len(q.AskFirst) > 0 {
				a.say("  ask first: %s", strings.Join(q.AskFirst, ", "))
			}
		}
		return nil
	})
}

// unknownSession turns "not found" into wrong use with the nearest ref.
func (a *app) unknownSession(cmd *cobra.Command, h *house, ref string, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if ref == "" {
		return badUse("secretariat sessions list names them", "%s needs --session REF", cmd.CommandPath())
	}
	list, listErr := h.acts.Sessions(cmd.Context())
	if listErr != nil {
		return err
	}
	return noSession(ref, list)
}

func noSession(ref string, list []acts.Session) error {
	var refs []string
	for _, s := range list {
		refs = append(refs, s.Meeting.Session.Ref)
	}
	return badUse("see secretariat sessions list", "no session %q%s", ref, programme.DidYouMean(ref, refs))
}

// localMoment reads "2026-12-14T10:00" on the clocks of a zone, or a moment with its offset.
func localMoment(option, text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	wall, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		return time.Time{}, badUse("e.g. 2026-12-14T10:00, or with an offset 2026-12-14T10:00:00+05:00", "%s: %q is no moment", option, text)
	}
	switch found := calendar.LocalTimes(wall, zone); len(found) {
	case 0:
		return time.Time{}, badUse("choose another time, or give it with an offset", "%s: %s does not exist in %s: the clocks jump over it", option, text, zone)
	case 1:
		return found[0], nil
	default:
		return time.Time{}, badUse(fmt.Sprintf("write %s or %s", found[0].Format(time.RFC3339), found[1].Format(time.RFC3339)), "%s: %s comes twice in %s", option, text, zone)
	}
}
