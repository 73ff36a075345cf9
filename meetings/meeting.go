// Package meetings decides about sessions of councils: which step is allowed, who is invited and who speaks for a seat,
// what is due by when, whether there will be a quorum, who is reminded when, and whether a letter is still owed. Values
// in, values out: nothing here reads the clock or the database.
package meetings

import (
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// Meeting is one session with all that deciding about it needs, as it stands at one moment. Refs point into People.
type Meeting struct {
	Council  programme.Council // without its seats and sessions: see Seats
	Seats    []Seat
	Session  programme.Session // its Replies are left out: see Answers
	Revision int               // raised by every material change
	// AnnouncedAt is when a command of ours first announced the session; zero: nobody was asked yet, or others were.
	AnnouncedAt time.Time
	// KnownSince is since when this date is known to us; zero where the session was announced elsewhere.
	KnownSince time.Time
	Answers    []Answer // oldest first
	Lines      map[string]LineRecord
	People     map[string]programme.Person
	Holidays   map[string]calendar.Holidays // by calendar
	Past       map[string]SeatRecord        // by seat: earlier sessions
	Record     RecordState                  // of the session
	NoAction   map[string]bool              // decisions about which nothing is to be done
	// Convocation is 2 for a session that is convened again after an inquorate sitting.
	Convocation int
	Sittings    []Sitting // oldest first
}

// Seat is a place in the council with who holds and held it.
type Seat struct {
	Ref          string
	Label        programme.Text
	Organisation string
	Voting       bool
	Members      []Term
	Alternates   []Term // by rank
}

// Term is somebody's time on a seat, the last day included; absent days are open.
type Term struct {
	Person       string
	Since, Until programme.Date
}

// On reports whether the term holds a day.
func (t Term) On(day programme.Date) bool {
	return (t.Since.IsZero() || !day.Before(t.Since)) && (t.Until.IsZero() || !day.After(t.Until))
}

// MemberOn returns who holds the seat on a day, "" when it is vacant.
func (s Seat) MemberOn(day programme.Date) string {
	for _, t := range s.Members {
		if t.On(day) {
			return t.Person
		}
	}
	return ""
}

// Alternate reports whether somebody is an alternate of the seat on a day.
func (s Seat) Alternate(person string, day programme.Date) bool {
	for _, t := range s.Alternates {
		if t.Person == person && t.On(day) {
			return true
		}
	}
	return false
}

// Answer is a reply with the revision of the session that it answered.
type Answer struct {
	programme.Reply
	Revision int
}

// LineRecord is what is on record of a line of the timetable.
type LineRecord struct {
	State  string
	DueOn  programme.Date
	DueAt  time.Time
	DoneAt time.Time // zero: not done, or nobody knows when
	Mark   LineMark
}

// SeatRecord counts the earlier sessions with an attendance list, and those at which somebody sat on the seat.
type SeatRecord struct{ Sessions, Attended int }

// Zone returns the clock of the council. An unknown zone, which applying a file refuses, is UTC.
func (m *Meeting) Zone() *time.Location {
	zone, err := calendar.LoadZone(m.Council.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// OpeningDay returns the day of the session at its seat.
func (m *Meeting) OpeningDay() programme.Date { return programme.DateOf(m.Session.OpensAt, m.Zone()) }

// Workdays returns the working days of the council.
func (m *Meeting) Workdays() calendar.Workdays {
	return calendar.CalendarWorkdays(m.Council.Calendar, m.Holidays[m.Council.Calendar])
}

// PersonWorkdays returns the working days of a person.
func (m *Meeting) PersonWorkdays(p programme.Person) calendar.Workdays {
	return calendar.PersonWorkdays(p.Weekend, p.Country, m.Holidays[p.Country])
}

// Elsewhere reports whether the session is public without a letter of ours: it was announced before it was recorded here.
func (m *Meeting) Elsewhere() bool { return m.AnnouncedAt.IsZero() && Told(m.Session.State) }

// PersonZone returns the clock of a person, that of the council where theirs is unknown.
func (m *Meeting) PersonZone(p programme.Person) *time.Location {
	zone, err := calendar.LoadZone(p.Timezone)
	if err != nil {
		return m.Zone()
	}
	return zone
}

// dateOf turns a day of package calendar into a date.
func dateOf(day time.Time) programme.Date { return programme.DateOf(day, time.UTC) }
