package meetings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// sentAbout returns who is reminded by a rule, "person kind moment", with the state of the row where it is not owed.
func sentAbout(t *testing.T, m *Meeting, now time.Time, rule string) (found []string) {
	t.Helper()
	d, err := m.Plan(now, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Insert {
		if r.Rule == rule {
			found = append(found, strings.TrimSpace(r.Person+" "+r.Kind+" "+r.NotBefore.In(m.PersonZone(m.People[r.Person])).Format("2006-01-02 15:04")+" "+r.State))
		}
	}
	slices.Sort(found)
	return found
}

// escalating has three rules for the line "names", whose 28 clear days end on Friday 6 November: for those who owe it, for who stands
// behind them, for the chair.
func escalating(dutyOf string) *Meeting {
	m := fixture()
	for i, by := range []programme.Span{"P1D", "P3D", "P5D"} {
		m.Council.Reminders = append(m.Council.Reminders, programme.ReminderRule{Ref: "over" + string(rune('1'+i)), After: "names", By: by, To: "duty-holder", Template: "duty-due", Grace: "P1D"})
	}
	for i := range m.Council.Timetable {
		if m.Council.Timetable[i].Ref == "names" {
			m.Council.Timetable[i].DutyOf = dutyOf
		}
	}
	m.Council.Offices = append(m.Council.Offices, programme.Office{Kind: "vice-chair", Person: "saud"})
	return m
}

// Who owes a duty that is over is told first, then who stands behind them, then the Chair.
func TestDutyIsEscalated(t *testing.T) {
	now := at("2026-11-01T10:00:00+05:00")
	for _, c := range []struct{ dutyOf, first, second, third string }{
		{"members", "anna bob chen", "alt1 alt2", "anna"},
		{"secretary", "sec", "anna", "anna"},
		{"host", "host", "sec", "anna"},
		{"focal-points", "fp", "sec", "anna"},
		{"chair", "anna", "saud", "saud"},
	} {
		m := escalating(c.dutyOf)
		for i, want := range []string{c.first, c.second, c.third} {
			rule := "over" + string(rune('1'+i))
			var people []string
			for _, line := range sentAbout(t, m, now, rule) {
				person, _, _ := strings.Cut(line, " ")
				people = append(people, person)
			}
			if got := strings.Join(people, " "); got != want {
				t.Errorf("duty of %s, %s: got %s, want %s", c.dutyOf, rule, got, want)
			}
		}
	}
	if got := sentAbout(t, escalating("secretary"), now, "over1"); strings.Join(got, ", ") != "sec duty-due 2026-11-07 09:00" {
		t.Errorf("the day after, in the morning: %q", got)
	}
}

// An escalation ends when the duty is done or waived, and is never sent of a duty whose day was over before the date was known.
func TestEscalationEnds(t *testing.T) {
	row := Row{Rule: "over1", Kind: "duty-due", Person: "sec", Matter: "line:names", State: "planned"}
	for _, c := range []struct {
		why, want string
		change    func(*Meeting)
	}{
		{"over and not done", "", nil},
		{"done meanwhile", reasonDone, func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineDone, DoneAt: at("2026-11-08T10:00:00+05:00")}}
		}},
		{"waived", reasonDone, func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineWaived, DueOn: date("2026-11-06")}}
		}},
		{"late from the start", reasonFromStart, func(m *Meeting) { m.KnownSince = at("2026-11-07T10:00:00+05:00") }},
		{"postponed", Postponed, func(m *Meeting) { m.Session.State = Postponed }},
		{"only held free", "", func(m *Meeting) { m.Session.State = Tentative }},
		{"a draft", Draft, func(m *Meeting) { m.Session.State = Draft }},
		{"begun", reasonBegun, func(m *Meeting) { m.Session.OpensAt = at("2026-11-08T10:00:00+05:00") }},
	} {
		m := escalating("secretary")
		if c.change != nil {
			c.change(m)
		}
		now := at("2026-11-08T12:00:00+05:00")
		occasions, err := m.occasions(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range occasions {
			if o.rule.Ref != "over1" {
				continue
			}
			row.Key = m.reminder(o, "sec").Key
			if got, err := m.StillOwed(row, now); err != nil || got != c.want {
				t.Errorf("%s: %q, %v; want %q", c.why, got, err, c.want)
			}
		}
	}
}

// What became of a session is asked once, of the secretary, on the first working morning after it, and of nobody when it is on
// record.
func TestSecretaryIsAskedWhatBecameOfASession(t *testing.T) {
	now := at("2026-11-23T08:59:00+05:00")
	m := fixture() // closes on Monday 7 December
	if got := sentAbout(t, m, now, notClosed); strings.Join(got, ", ") != "sec session-overdue 2026-12-09 09:00" {
		t.Errorf("the 8th is a holiday in Uzbekistan: %q", got)
	}
	rule := notClosedRule()
	for _, c := range []struct{ state, want string }{
		{Confirmed, ""}, {InSession, ""}, {Suspended, ""}, {Held, Held}, {Closed, Closed}, {Postponed, Postponed}, {Cancelled, Cancelled}, {Inquorate, Inquorate}, {Draft, Draft},
	} {
		m := fixture()
		m.Session.State = c.state
		row := Row{Rule: rule.Ref, Kind: rule.Template, Person: "sec", Matter: "over:S", State: "planned", Key: "reminder:C/:not-closed:S:r0:sec:2026-12-09"}
		if got, err := m.StillOwed(row, at("2026-12-09T09:00:00+05:00")); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.state, got, err, c.want)
		}
		if over := m.Overdue(at("2026-12-07T17:00:01+05:00")); over != (c.want == "") || m.Overdue(m.Session.ClosesAt) {
			t.Errorf("%s: overdue %t", c.state, over)
		}
	}
	m.Revision = 1 // it was moved
	if got, _ := m.StillOwed(Row{Rule: rule.Ref, Person: "sec", Matter: "over:S", Key: "reminder:C/:not-closed:S:r0:sec:2026-12-09"}, now); got != reasonMoved {
		t.Errorf("of the former date: %q", got)
	}
	m.Session.OpensAt, m.Session.ClosesAt = at("2006-12-07T10:00:00+05:00"), at("2006-12-07T17:00:00+05:00")
	if got := sentAbout(t, m, now, notClosed); len(got) != 1 || !strings.HasSuffix(got[0], "expired") {
		t.Errorf("twenty years ago: %q", got)
	}
}
