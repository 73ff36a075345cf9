package acts

import (
	"context"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// timetableReport is the report that prints the convening timetable of a session.
const timetableReport = "timetable"

// TimetableOf asks for the timetable of a session.
type TimetableOf struct {
	Session string
	On      programme.Date // another opening day, to see what would follow; absent: the session's
	For     string         // a person whose duties alone are asked for; "" for all
}

// Timetable is the timetable of a session as it stands.
type Timetable struct {
	Lines    []meetings.Line
	Earliest programme.Date // the earliest opening that keeps all hard lead times; absent: none in three years
	Meeting  *meetings.Meeting
	Holder   programme.Person // whose duties they are, where one was asked for

	facts store.SessionFacts
	info  programme.Info
}

// SessionTimetable returns the timetable of a session.
func (a *Acts) SessionTimetable(ctx context.Context, q TimetableOf) (t Timetable, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if t.Meeting, err = p.meeting(q.Session); err != nil {
			return err
		}
		t.facts, t.info = p.facts[q.Session], p.info
		if !q.On.IsZero() {
			moveTo(t.Meeting, q.On, tx.Now)
		}
		if t.Lines, err = t.Meeting.Timetable(tx.Now); err != nil {
			return err
		}
		t.Earliest, _ = t.Meeting.EarliestFeasible(tx.Now)
		return t.only(q.For)
	})
	return t, err
}

// only leaves the duties of a person; of everybody for "".
func (t *Timetable) only(person string) error {
	if person == "" {
		return nil
	}
	t.Holder = t.Meeting.People[person]
	if t.Holder.Ref == "" {
		return refuse("the programme file names the people", "no person %q", person)
	}
	t.Lines = slices.DeleteFunc(t.Lines, func(l meetings.Line) bool {
		return !slices.Contains(t.Meeting.DutyHolders(l.Rule.DutyOf, l.DueOn), person)
	})
	return nil
}

// moveTo puts a session on another day at the same time of day, to see what would follow.
func moveTo(m *meetings.Meeting, on programme.Date, now time.Time) {
	zone := m.Zone()
	opens := m.Session.OpensAt.In(zone)
	length := m.Session.ClosesAt.Sub(m.Session.OpensAt)
	m.Session.OpensAt = on.At(opens.Hour(), opens.Minute(), zone)
	m.Session.ClosesAt = m.Session.OpensAt.Add(length)
	m.KnownSince = now
}

// PrintTimetable sets the timetable of a session as a PDF file, in a language, "" being that of the person whose duties are
// asked for, else the report's first. It shows what is limited: its members read it.
func (a *Acts) PrintTimetable(ctx context.Context, q TimetableOf, language string) ([]byte, Rendered, error) {
	t, err := a.SessionTimetable(ctx, q)
	if err != nil {
		return nil, Rendered{}, err
	}
	values := map[string]string{"session": q.Session}
	if q.For != "" {
		if len(t.Lines) == 0 {
			return nil, Rendered{}, refuse("see secretariat sessions timetable "+q.Session, "no line of session %s is a duty of %s", q.Session, q.For)
		}
		var refs []string
		for _, l := range t.Lines {
			refs = append(refs, l.Rule.Ref)
		}
		values["lines"], values["holder"] = strings.Join(refs, ","), t.Holder.Name
		if language == "" {
			language = locale.For(t.Holder.Language).Language()
		}
	}
	return a.Render(ctx, OnDemand{Report: timetableReport, Format: "pdf", Language: language, Clearance: recordLevel(t.Meeting), Values: values})
}

// Calendar writes the timetable as published events without attendees: a day for each line, half an hour before its end where
// it counts hours. The uid of a line stays the same for the life of the session, and the sequence is that of the session, so
// that a calendar program that reads the file again moves what it has. A line is cancelled when it is waived, or when the
// session has no date.
func (a *Acts) Calendar(t Timetable, language string) (string, error) {
	if language == "" {
		language = t.Holder.Language
	}
	if language == "" {
		language = t.info.Languages[0]
	}
	m := t.Meeting
	var events []calendar.Event
	for _, l := range t.Lines {
		text := letters.DutyText(language, letters.Data{Programme: letters.Programme{Languages: t.info.Languages},
			Duty: &letters.DutyData{Council: m.Council.Name, Zone: m.Zone(), Session: m.Session.Title, Confidentiality: m.Session.Confidentiality, OpensAt: m.Session.OpensAt,
				Title: l.Rule.Title, DueOn: l.DueOn, DutyOf: l.Rule.DutyOf, Hard: l.Rule.Hard, Consequence: l.Rule.Consequence, Source: l.Rule.Source}})
		e := calendar.Event{Method: calendar.MethodPublish, UID: "duty-" + l.Rule.Ref + "-" + t.facts.UID, Sequence: t.facts.Sequence, Stamp: t.facts.RevisedAt,
			Status: calendar.StatusConfirmed, Zone: m.Zone(), Language: language, Summary: text.Summary, Description: text.Description, Free: true,
			Confidential: m.Session.Confidentiality == "confidential", Organizer: calendar.Mailbox{Name: a.Mail.From.Name, Address: a.Mail.From.Address}}
		e.Start, e.End, e.AllDay = calendar.Moment(l.DueOn.Time(), 0, m.Zone()), calendar.Moment(l.DueOn.AddDays(1).Time(), 0, m.Zone()), true
		if meetings.OnClock(l.Rule) {
			e.Start, e.End, e.AllDay = l.DueAt.Add(-30*time.Minute), l.DueAt, false
		}
		if state := m.Session.State; l.State == meetings.LineWaived || state == meetings.Cancelled || state == meetings.Postponed {
			e.Status = calendar.StatusCancelled
		}
		events = append(events, e)
	}
	name := letters.EventText(language, letters.Data{Programme: letters.Programme{Languages: t.info.Languages},
		Session: &letters.SessionData{Council: m.Council.Name, Zone: m.Zone(), Session: m.Session}}).Summary
	return calendar.Feed(name, events)
}
