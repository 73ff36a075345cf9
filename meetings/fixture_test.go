package meetings

import (
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

func date(s string) programme.Date {
	d, err := programme.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func person(ref, country, zone string, roles ...string) programme.Person {
	return programme.Person{Ref: ref, Name: ref, Organisation: "org-" + ref, Email: ref + "@x.example", Language: "en", Timezone: zone, Country: country, Roles: roles, Active: true}
}

func term(person string) []Term { return []Term{{Person: person}} }

// fixture is a council of three voting seats and an observer, in Tashkent, with a confirmed session on Monday 7 December
// 2026 at 10:00; 8 December is a holiday, Saturday 12 December is worked.
func fixture() *Meeting {
	people := map[string]programme.Person{}
	for _, p := range []programme.Person{
		person("anna", "UZ", "Asia/Tashkent"), person("bob", "US", "America/New_York"), person("chen", "CN", "Asia/Shanghai"), person("obs", "CH", "Europe/Vienna"),
		person("alt1", "UZ", "Asia/Tashkent"), person("alt2", "UZ", "Asia/Tashkent"), person("sec", "UZ", "Asia/Tashkent", "secretary"),
		person("host", "UZ", "Asia/Tashkent", "focal-point"), person("fp", "US", "America/New_York", "focal-point"), person("saud", "SA", "Asia/Riyadh"),
	} {
		people[p.Ref] = p
	}
	nine := 9
	return &Meeting{
		Council: programme.Council{Ref: "C", Timezone: "Asia/Tashkent", Calendar: "UZ", Host: "org-host", WorkingLanguages: []string{"en", "ru"},
			Offices: []programme.Office{{Kind: "chair", Person: "anna"}, {Kind: "secretary", Person: "sec"}},
			Quorum: []programme.QuorumRule{{Purpose: "open", Fraction: "1/3", Base: "voting-seats", NeedsOffice: []string{"chair"}},
				{Purpose: "decide", Fraction: "1/2", Strict: true, Base: "voting-seats"}},
			Timetable: []programme.LeadTimeRule{
				{Ref: "letters", After: "names", By: "5 working days", Roll: "later", DutyOf: "host"},
				{Ref: "names", Before: "opening", By: "28 clear days", Roll: "earlier", DutyOf: "members"},
				{Ref: "notice", Before: "opening", By: "P6W", Roll: "earlier", DutyOf: "secretary", Hard: true, DoneWhen: "session-confirmed"},
				{Ref: "proposals", Before: "opening", By: "PT12H", Roll: "none", DutyOf: "secretary", Hard: true, DoneWhen: "documents-issued"},
				{Ref: "record", After: "closing", By: "P2W", Roll: "later", DutyOf: "secretary", DoneWhen: "record-circulated"},
			},
			Reminders: []programme.ReminderRule{
				{Ref: "before14", Before: "opening", By: "P14D", To: "all-invited", Template: "session-reminder", LocalHour: &nine, Grace: "P1D"},
				{Ref: "ask", Before: "opening", By: "P3D", To: "no-reply", Template: "reply-request", LocalHour: &nine, Grace: "P1D"},
				{Ref: "tomorrow", Before: "opening", By: "P1D", To: "accepted", Template: "session-tomorrow", LocalHour: &nine, Grace: "PT8H"},
				{Ref: "link", Before: "opening", By: "PT2H", To: "accepted", Template: "join-link", Grace: "PT45M"},
				{Ref: "circulate", After: "record", By: "PT1H", To: "all-invited", Template: "record-circulated", Grace: "P3D"},
				{Ref: "due", Before: "action-due", By: "P7D", To: "action-owner", Template: "action-due", Grace: "P2D"},
				{Ref: "late", After: "action-due", By: "P3D", To: "action-owner", Template: "action-overdue", Grace: "P4D"},
				{Ref: "duty", Before: "names", By: "P3D", To: "duty-holder", Template: "duty-due", Grace: "P2D"},
			}},
		Seats: []Seat{
			{Ref: "S1", Organisation: "org-anna", Voting: true, Members: term("anna"), Alternates: []Term{{Person: "alt1"}, {Person: "alt2"}}},
			{Ref: "S2", Organisation: "org-bob", Voting: true, Members: term("bob"), Alternates: []Term{{Person: "alt2"}}},
			{Ref: "S3", Organisation: "org-fp", Voting: true, Members: term("chen")},
			{Ref: "S4", Organisation: "org-obs", Members: term("obs")},
		},
		Session: programme.Session{Ref: "S", State: Confirmed, Mode: "hybrid", Venue: programme.Text{"en": "Hall"}, OpensAt: at("2026-12-07T10:00:00+05:00"),
			ClosesAt: at("2026-12-07T17:00:00+05:00"), Agenda: []programme.AgendaItem{{Ref: "A", Number: 1}}},
		People: people,
		Holidays: map[string]calendar.Holidays{"UZ": {Off: []time.Time{date("2026-12-08").Time(), date("2026-12-31").Time(), date("2027-01-01").Time()},
			Working: []time.Time{date("2026-12-12").Time()}}},
	}
}

// answered adds replies given today's revision: "seat person answer [delegate]".
func (m *Meeting) answered(t testing.TB, replies ...[]string) *Meeting {
	t.Helper()
	for i, r := range replies {
		a := Answer{Reply: programme.Reply{Seat: r[0], Person: r[1], Answer: r[2], Date: date("2026-11-10").AddDays(i)}, Revision: m.Revision}
		if len(r) > 3 {
			a.Delegate = r[3]
		}
		m.Answers = append(m.Answers, a)
	}
	return m
}
