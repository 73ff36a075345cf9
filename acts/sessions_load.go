package acts

import (
	"context"
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// planning is what decisions about sessions are made from, loaded at one moment.
type planning struct {
	info     programme.Info
	councils []programme.Council
	people   map[string]programme.Person
	holidays map[string]calendar.Holidays
	seats    map[string][]meetings.Seat // by council
	answers  map[string][]meetings.Answer
	lines    map[string]map[string]meetings.LineRecord
	facts    map[string]store.SessionFacts
	sittings map[string][]meetings.Sitting
	order    []string // refs of sessions by opening
	records  map[string]meetings.RecordState
	noAction map[string]map[string]bool // by session and decision
	ids      planningIDs
}

// planningIDs are database ids by ref, for the rows of letters.
type planningIDs struct{ people, actions map[string]int64 }

// loadPlanning reads everything that decisions about sessions need.
func loadPlanning(ctx context.Context, tx *store.Tx) (p *planning, err error) {
	p = &planning{people: map[string]programme.Person{}, holidays: map[string]calendar.Holidays{}, facts: map[string]store.SessionFacts{}}
	if p.info, err = tx.ProgrammeInfo(ctx); err != nil {
		return nil, err
	}
	if p.councils, err = tx.Councils(ctx); err != nil {
		return nil, err
	}
	people, err := tx.People(ctx)
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		p.people[person.Ref] = person
	}
	holidays, err := tx.Holidays(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range holidays {
		days := p.holidays[h.Calendar]
		if h.Working {
			days.Working = append(days.Working, h.Date.Time())
		} else {
			days.Off = append(days.Off, h.Date.Time())
		}
		p.holidays[h.Calendar] = days
	}
	if err := p.loadSessions(ctx, tx); err != nil {
		return nil, err
	}
	if p.ids.people, err = tx.PersonIDs(ctx); err != nil {
		return nil, err
	}
	p.ids.actions, err = tx.ActionItemIDs(ctx)
	return p, err
}

// loadSessions reads seats, replies, lines and facts of all sessions.
func (p *planning) loadSessions(ctx context.Context, tx *store.Tx) error {
	facts, err := tx.SessionFacts(ctx)
	if err != nil {
		return err
	}
	for _, f := range facts {
		p.facts[f.Ref] = f
		p.order = append(p.order, f.Ref)
	}
	terms, err := tx.Memberships(ctx)
	if err != nil {
		return err
	}
	p.seats = seatsWithTerms(p.councils, terms)
	replies, err := tx.Replies(ctx, "")
	if err != nil {
		return err
	}
	p.answers = map[string][]meetings.Answer{}
	for _, r := range replies {
		p.answers[r.Session] = append(p.answers[r.Session], meetings.Answer{Revision: r.Revision,
			Reply: programme.Reply{Seat: r.Seat, Person: r.Person, Answer: r.Answer, Mode: r.Mode, Date: r.Date, Delegate: r.Delegate}})
	}
	lines, err := tx.TimetableLines(ctx)
	if err != nil {
		return err
	}
	if err := p.loadRecords(ctx, tx); err != nil {
		return err
	}
	p.lines = map[string]map[string]meetings.LineRecord{}
	for _, l := range lines {
		record := meetings.LineRecord{State: l.State, DueOn: l.DueOn, DueAt: l.DueAt, Mark: meetings.LineMark{TickedBy: l.TickedBy, Note: l.Note, WaivedBy: l.WaivedBy, Waiver: l.Waiver}}
		if l.DoneAt != nil {
			record.DoneAt = *l.DoneAt
		}
		if p.lines[l.Session] == nil {
			p.lines[l.Session] = map[string]meetings.LineRecord{}
		}
		p.lines[l.Session][l.Rule] = record
	}
	return p.loadSittings(ctx, tx)
}

// loadSittings reads the sittings with their roll calls.
func (p *planning) loadSittings(ctx context.Context, tx *store.Tx) error {
	sittings, err := tx.Sittings(ctx)
	if err != nil || len(sittings) == 0 {
		return err
	}
	presences, err := tx.Presences(ctx)
	if err != nil {
		return err
	}
	p.sittings = map[string][]meetings.Sitting{}
	for _, t := range sittings {
		s := meetings.Sitting{N: t.N, OpenedAt: t.OpenedAt, Outcome: t.Outcome}
		if t.ClosedAt != nil {
			s.ClosedAt = *t.ClosedAt
		}
		for _, a := range presences {
			if a.SittingID != t.ID {
				continue
			}
			one := meetings.Presence{Seat: a.Seat, Person: a.Person, Mode: a.Mode, Arrived: a.ArrivedAt}
			if a.LeftAt != nil {
				one.Left = *a.LeftAt
			}
			s.Present = append(s.Present, one)
		}
		p.sittings[t.Session] = append(p.sittings[t.Session], s)
	}
	return nil
}

// loadRecords reads how far the records of sessions have come, and which decisions need nothing.
func (p *planning) loadRecords(ctx context.Context, tx *store.Tx) error {
	records, err := tx.Records(ctx)
	if err != nil {
		return err
	}
	p.records, p.noAction = map[string]meetings.RecordState{}, map[string]map[string]bool{}
	for _, r := range records {
		p.records[r.Session] = meetings.RecordState{State: r.State, CirculatedAt: orZero(r.CirculatedAt), CorrectionsUntil: orZero(r.CorrectionsUntil), AdoptedAt: orZero(r.AdoptedAt)}
	}
	none, err := tx.NoActions(ctx)
	for session, decisions := range none {
		p.noAction[session] = map[string]bool{}
		for _, d := range decisions {
			p.noAction[session][d] = true
		}
	}
	return err
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func seatsWithTerms(councils []programme.Council, terms []store.Membership) map[string][]meetings.Seat {
	seats := map[string][]meetings.Seat{}
	for _, c := range councils {
		for _, s := range c.Seats {
			seat := meetings.Seat{Ref: s.Ref, Label: s.Label, Organisation: s.Organisation, Voting: s.Voting}
			for _, t := range terms {
				if t.Council != c.Ref || t.Seat != s.Ref {
					continue
				}
				term := meetings.Term{Person: t.Person, Since: t.Since, Until: t.Until}
				if t.Capacity == "member" {
					seat.Members = append(seat.Members, term)
				} else {
					seat.Alternates = append(seat.Alternates, term)
				}
			}
			seats[c.Ref] = append(seats[c.Ref], seat)
		}
	}
	return seats
}

// meeting returns one session with all that deciding about it needs. It returns store.ErrNotFound when there is none.
func (p *planning) meeting(ref string) (*meetings.Meeting, error) {
	facts, ok := p.facts[ref]
	if !ok {
		return nil, fmt.Errorf("session %s: %w", ref, store.ErrNotFound)
	}
	for _, c := range p.councils {
		for _, s := range c.Sessions {
			if s.Ref == ref {
				return p.meetingOf(c, s, facts), nil
			}
		}
	}
	return nil, fmt.Errorf("session %s: %w", ref, store.ErrNotFound)
}

func (p *planning) meetingOf(c programme.Council, s programme.Session, f store.SessionFacts) *meetings.Meeting {
	m := &meetings.Meeting{Council: c, Seats: p.seats[c.Ref], Session: s, Revision: f.Revision, Answers: p.answers[s.Ref], Lines: p.lines[s.Ref],
		People: p.people, Holidays: p.holidays, Past: seatRecords(c, s.OpensAt), Convocation: f.Convocation, Sittings: p.sittings[s.Ref],
		Record: p.records[s.Ref], NoAction: p.noAction[s.Ref]}
	m.Council.Sessions, m.Council.Seats, m.Session.Replies = nil, nil, nil
	m.Session.State = f.State // the programme file does not know sittings
	if f.AnnouncedAt != nil {
		m.AnnouncedAt = *f.AnnouncedAt
	}
	if f.AnnouncedAt != nil || f.Commanded || s.State == meetings.Draft {
		m.KnownSince = f.RevisedAt
	}
	return m
}

// seatRecords counts how often each seat was taken at the sessions before a moment that have an attendance list.
func seatRecords(c programme.Council, before time.Time) map[string]meetings.SeatRecord {
	records := map[string]meetings.SeatRecord{}
	for _, s := range c.Sessions {
		if len(s.Attendance) == 0 || !s.ClosesAt.Before(before) {
			continue
		}
		for _, seat := range c.Seats {
			r := records[seat.Ref]
			r.Sessions++
			for _, a := range s.Attendance {
				if a.Seat == seat.Ref {
					r.Attended++
				}
			}
			records[seat.Ref] = r
		}
	}
	return records
}

// rows turns letters on record into what planning compares with.
func (p *planning) rows(deliveries []store.Delivery) []meetings.Row {
	refs := p.peopleByID()
	rows := make([]meetings.Row, 0, len(deliveries))
	for _, d := range deliveries {
		rows = append(rows, rowOf(d, refs))
	}
	return rows
}

func (p *planning) peopleByID() map[int64]string {
	refs := map[int64]string{}
	for ref, id := range p.ids.people {
		refs[id] = ref
	}
	return refs
}

func rowOf(d store.Delivery, people map[int64]string) meetings.Row {
	r := meetings.Row{ID: d.ID, Key: d.DedupeKey, Kind: d.Kind, Rule: d.RuleRef, Matter: d.SubjectKey, State: d.State, Reason: d.Reason,
		NotBefore: d.NotBefore, Address: d.Address, Language: d.Language, Timezone: d.Timezone}
	if d.PersonID != nil {
		r.Person = people[*d.PersonID]
	}
	if d.SessionRevision != nil {
		r.Revision = *d.SessionRevision
	}
	if d.ExpiresAt != nil {
		r.Expires = *d.ExpiresAt
	}
	return r
}

// letterTo begins the row of a letter to a person about a session.
func (p *planning) letterTo(person string, kind string, f store.SessionFacts, revision int) store.Delivery {
	who := p.people[person]
	personID, sessionID := p.ids.people[person], f.ID
	return store.Delivery{Kind: kind, SessionID: &sessionID, SessionRevision: &revision, PersonID: &personID,
		Address: who.Email, Name: who.Name, Language: who.Language, Timezone: who.Timezone}
}
