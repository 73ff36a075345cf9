package meetings

import (
	"time"

	"secretariat/calendar"
)

// Row is a letter that is on record: a reminder, or a letter of a change of the session.
type Row struct {
	ID        int64
	Key       string
	Kind      string
	Rule      string // reminder rule; "" for letters of changes
	Person    string
	Matter    string
	State     string
	Reason    string
	Revision  int // of the session
	NotBefore time.Time
	Expires   time.Time
	Address   string // with Language and Timezone, as they were when it was planned
	Language  string
	Timezone  string
}

// waiting reports whether the letter may still leave.
func (r Row) waiting() bool {
	return r.State == "planned" || r.State == "pending" || r.State == "sending"
}

// Diff is what makes the rows on record agree with what is wanted.
type Diff struct {
	Insert   []Reminder         // owed, or on record from the start as suppressed or expired
	Retime   map[int64]Reminder // planned rows whose moment or address changed
	Revive   map[int64]Reminder // withheld rows that are owed again
	Suppress map[string][]int64 // by reason
}

// Plan compares the reminders that a session wants at a moment with the rows on record. Planning twice changes nothing
// the second time. An error names a rule that cannot be read.
func (m *Meeting) Plan(now time.Time, rows []Row) (Diff, error) {
	occasions, err := m.occasions(now)
	if err != nil {
		return Diff{}, err
	}
	byKey := map[string]Row{}
	for _, r := range rows {
		byKey[r.Key] = r
	}
	d := Diff{Retime: map[int64]Reminder{}, Revive: map[int64]Reminder{}, Suppress: map[string][]int64{}}
	wanted := map[string]bool{}
	var fresh []Reminder
	for _, o := range occasions {
		for _, person := range m.candidates(o) {
			if m.withheld(o, person, now) != "" {
				continue
			}
			r := m.timely(m.reminder(o, person), o, now, rows)
			if wanted[r.Key] {
				continue
			}
			wanted[r.Key] = true
			if row, known := byKey[r.Key]; known {
				m.agree(&d, row, r, now)
			} else {
				fresh = append(fresh, r)
			}
		}
	}
	d.Insert = onlyTheLast(fresh, rows, now)
	for _, row := range rows {
		if row.Rule != "" && row.waiting() && !wanted[row.Key] {
			reason := m.reasonAgainst(row, occasions, now)
			d.Suppress[reason] = append(d.Suppress[reason], row.ID)
		}
	}
	return d, nil
}

// timely settles a reminder of the session whose moment is not later than the invitation, which stands for it, and any
// whose moment is past when it is planned: its grace is over, or it leaves late, in the recipient's waking hours where
// its grace allows.
func (m *Meeting) timely(r Reminder, o occasion, now time.Time, rows []Row) Reminder {
	if told := m.announcedTo(r.Person, rows); !o.afterEnd && r.Matter == "" && !told.IsZero() && !told.Before(r.Moment) {
		r.State, r.Reason = "suppressed", reasonInvited
		return r
	}
	switch {
	case r.Moment.After(now):
	case !r.Expires.After(now):
		r.State, r.Reason = "expired", reasonPast
	default:
		r.NotBefore = m.awake(now, r)
	}
	return r
}

// announcedTo returns when the invitation to the present date, or the letter that moved it there, leaves for a person;
// the zero time when there is none.
func (m *Meeting) announcedTo(person string, rows []Row) (at time.Time) {
	for _, row := range rows {
		told := row.Kind == "invitation" || row.Kind == "session-changed"
		if told && row.Person == person && row.Revision == m.Revision && row.State != "suppressed" && row.State != "expired" && row.NotBefore.After(at) {
			at = row.NotBefore
		}
	}
	return at
}

// Quiet hours of a late letter on its recipient's clock.
const (
	quietFrom  = 21
	quietUntil = 8
)

// awake returns the moment at which a late letter leaves: now, or the end of the quiet hours unless it would expire.
func (m *Meeting) awake(now time.Time, r Reminder) time.Time {
	zone := m.PersonZone(m.People[r.Person])
	local := now.In(zone)
	day := calendar.Day(local)
	switch {
	case local.Hour() >= quietFrom:
		day = day.AddDate(0, 0, 1)
	case local.Hour() >= quietUntil:
		return now
	}
	if morning := calendar.Moment(day, quietUntil*time.Hour, zone); morning.Before(r.Expires) {
		return morning
	}
	return now
}

// onlyTheLast keeps, of several late reminders to one person about one matter of the session, the last. Rows that wait
// or have left already count too.
func onlyTheLast(fresh []Reminder, rows []Row, now time.Time) []Reminder {
	type about struct{ person, matter string }
	last := map[about]time.Time{}
	late := func(r Reminder) bool { return r.State == "" && !r.Moment.After(now) }
	for _, row := range rows {
		if row.Rule != "" && (row.waiting() || row.State == "sent") && !row.NotBefore.After(now) {
			if k := (about{row.Person, row.Matter}); row.NotBefore.After(last[k]) {
				last[k] = row.NotBefore
			}
		}
	}
	for _, r := range fresh {
		if k := (about{r.Person, r.Matter}); late(r) && r.Moment.After(last[k]) {
			last[k] = r.Moment
		}
	}
	for i, r := range fresh {
		if late(r) && r.Moment.Before(last[about{r.Person, r.Matter}]) {
			fresh[i].State, fresh[i].Reason = "suppressed", reasonLater
		}
	}
	return fresh
}

// agree makes a row on record say what is wanted now.
func (m *Meeting) agree(d *Diff, row Row, r Reminder, now time.Time) {
	if r.State != "" {
		return
	}
	p := m.People[r.Person]
	switch {
	case row.State == "suppressed" && Passing(row.Reason):
		d.Revive[row.ID] = r
	case row.State == "planned" && r.Moment.After(now) &&
		(!row.NotBefore.Equal(r.NotBefore) || !row.Expires.Equal(r.Expires) || row.Address != p.Email || row.Language != p.Language || row.Timezone != p.Timezone):
		d.Retime[row.ID] = r
	}
}

// StillOwed returns why a reminder on record is not owed at a moment, "" when it is.
func (m *Meeting) StillOwed(row Row, now time.Time) (reason string, err error) {
	occasions, err := m.occasions(now)
	if err != nil {
		return "", err
	}
	return m.stillOwed(row, occasions, now), nil
}

func (m *Meeting) stillOwed(row Row, occasions []occasion, now time.Time) string {
	if row.Revision != m.Revision && row.Matter == "" {
		return reasonMoved
	}
	for _, o := range occasions {
		if o.rule.Ref != row.Rule || o.matter != row.Matter {
			continue
		}
		if reason := m.withheld(o, row.Person, now); reason != "" {
			return reason
		}
		if m.reminder(o, row.Person).Key != row.Key {
			return reasonMoved
		}
		return ""
	}
	return reasonNoRule
}

// AskOwed returns why a request for a reply that no rule made, but the answer of somebody else, is not owed; "" when it is.
func (m *Meeting) AskOwed(row Row) string {
	state := m.Session.State
	if state != Tentative && state != Confirmed {
		return state
	}
	if row.Revision != m.Revision {
		return reasonMoved
	}
	st, invited := m.Speaks(row.Person)
	switch {
	case !invited:
		return reasonNotInvited
	case st.Answer != "":
		return reasonAnswered
	}
	return ""
}

// reasonAgainst returns why a row that is not wanted is not owed.
func (m *Meeting) reasonAgainst(row Row, occasions []occasion, now time.Time) string {
	if reason := m.stillOwed(row, occasions, now); reason != "" {
		return reason
	}
	return reasonNoRule
}

// LetterOwed returns why a letter of a change of the session is not owed, "" when it is: the session changed again, or
// it is no longer in the state that the letter tells of.
func (m *Meeting) LetterOwed(kind string, revision int, now time.Time) string {
	state := m.Session.State
	want := map[string][]string{
		"hold-the-date": {Tentative}, "invitation": {Confirmed}, "session-changed": {Tentative, Confirmed},
		"session-postponed": {Postponed}, "session-cancelled": {Cancelled},
	}[kind]
	for _, s := range want {
		if s != state {
			continue
		}
		switch {
		case revision != m.Revision:
			return reasonMoved
		case (kind == "hold-the-date" || kind == "invitation" || kind == "session-changed") && !now.Before(m.Session.ClosesAt):
			return "the session is over"
		}
		return ""
	}
	if state == Tentative || state == Confirmed {
		return reasonMoved
	}
	return state
}
