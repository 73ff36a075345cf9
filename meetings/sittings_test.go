package meetings

import (
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// sat adds an open sitting at 10:00 with a roll call: "seat person mode arrived [left]", times on 7 December in Tashkent.
func (m *Meeting) sat(rows ...string) *Meeting {
	clock := func(s string) time.Time { return at("2026-12-07T" + s + ":00+05:00") }
	s := Sitting{N: len(m.Sittings) + 1, OpenedAt: clock("10:00"), Outcome: "open"}
	for _, row := range rows {
		f := strings.Fields(row)
		p := Presence{Seat: strings.TrimSuffix(f[0], "-"), Person: f[1], Mode: f[2], Arrived: clock(f[3])}
		if len(f) > 4 {
			p.Left = clock(f[4])
		}
		s.Present = append(s.Present, p)
	}
	m.Sittings = append(m.Sittings, s)
	return m
}

// TestCheck22 is check 22 of the study: who leaves at 11:40 changes the verdict from then on, and none before.
func TestCheck22LeavingChangesLaterVerdicts(t *testing.T) {
	m := fixture().sat("S1 anna in-person 10:00", "S2 bob online 10:00 11:40", "S4 obs in-person 10:00")
	for _, c := range []struct {
		at      string
		present int
		quorate bool
	}{{"10:00", 2, true}, {"11:39", 2, true}, {"11:40", 1, false}, {"16:00", 1, false}} {
		v, err := m.Verdict("decide", at("2026-12-07T"+c.at+":00+05:00"))
		if err != nil || v.Present != c.present || v.Quorate != c.quorate || v.Required != 2 || v.Seats != 3 {
			t.Errorf("to decide at %s: %+v, %v; want %d there", c.at, v, err, c.present)
		}
	}
	turns, err := m.Turns("decide")
	if err != nil || len(turns) != 2 || !turns[0].Quorate || turns[1].Quorate || turns[1].Who != "bob" || turns[1].At.In(m.Zone()).Format("15:04") != "11:40" {
		t.Errorf("turns: %+v, %v", turns, err)
	}
}

// TestCheck19 is the roll call of check 19: a seat counts once whoever sits on it, and only a voting one.
func TestCheck19SeatCountsOnceInTheRollCall(t *testing.T) {
	moment := at("2026-12-07T11:00:00+05:00")
	for _, c := range []struct {
		why      string
		base     string
		vacant   bool
		roll     []string
		present  int
		seats    int
		required int
	}{
		{"member and alternate", "voting-seats", false, []string{"S1 anna in-person 10:00", "S1 alt1 online 10:00"}, 1, 3, 2},
		{"an observer has no vote", "voting-seats", false, []string{"S1 anna in-person 10:00", "S4 obs in-person 10:00"}, 1, 3, 2},
		{"an officer without a seat", "voting-seats", false, []string{"- sec in-person 10:00"}, 0, 3, 2},
		{"a vacant seat stays in the base", "voting-seats", true, []string{"S1 anna in-person 10:00"}, 1, 3, 2},
		{"unless the rule says filled seats", "filled-voting-seats", true, []string{"S1 anna in-person 10:00"}, 1, 2, 2},
		{"of those who are there", "present", false, []string{"S1 anna in-person 10:00", "S2 bob online 10:30"}, 2, 2, 2},
		{"who has not come yet is not there", "voting-seats", false, []string{"S1 anna in-person 11:30"}, 0, 3, 2},
	} {
		m := fixture().sat(c.roll...)
		m.Council.Quorum[1].Base = c.base
		if c.vacant {
			m.Seats[2].Members = nil
		}
		v, err := m.Verdict("decide", moment)
		if err != nil || v.Present != c.present || v.Seats != c.seats || v.Required != c.required {
			t.Errorf("%s: got %+v, %v", c.why, v, err)
		}
		if q, err := m.Quorums(); err != nil || c.base != "present" && q[1].Seats != c.seats {
			t.Errorf("%s: the forecast takes its share of %d seats", c.why, q[1].Seats)
		}
	}
	m := fixture().answered(t, []string{"S1", "anna", "accepted"}, []string{"S1", "alt1", "accepted"})
	if q, err := m.Quorums(); err != nil || q[1].Expected > chanceAccepted+2*chanceUnknown+1e-9 {
		t.Errorf("member and alternate both accept: %.2f seats expected, %v", q[1].Expected, err)
	}
}

func TestOfficesAndSecondConvocation(t *testing.T) {
	moment := at("2026-12-07T11:00:00+05:00")
	rule := programme.QuorumRule{Purpose: "open", Fraction: "2/3", Base: "voting-seats", NeedsOffice: []string{"secretary"}, SecondConvocation: "P30D"}
	for _, c := range []struct {
		why         string
		convocation int
		roll        []string
		quorate     bool
	}{
		{"two thirds and the secretary", 1, []string{"S1 anna in-person 10:00", "S2 bob online 10:00", "- sec in-person 10:00"}, true},
		{"no secretary", 1, []string{"S1 anna in-person 10:00", "S2 bob online 10:00", "S3 chen online 10:00"}, false},
		{"the secretary left", 1, []string{"S1 anna in-person 10:00", "S2 bob online 10:00", "- sec in-person 10:00 10:30"}, false},
		{"one seat short", 1, []string{"S1 anna in-person 10:00", "- sec in-person 10:00"}, false},
		{"second convocation: any number", 2, []string{"S3 chen online 10:00", "- sec in-person 10:00"}, true},
		{"but somebody", 2, []string{"- sec in-person 10:00"}, false},
		{"and the office all the same", 2, []string{"S3 chen online 10:00"}, false},
	} {
		m := fixture().sat(c.roll...)
		m.Council.Quorum[0], m.Convocation = rule, c.convocation
		if v, err := m.Verdict("open", moment); err != nil || v.Quorate != c.quorate {
			t.Errorf("%s: %+v, %v", c.why, v, err)
		}
	}
	m := fixture()
	if _, err := m.Verdict("open", moment); err == nil || !strings.Contains(err.Error(), "no sitting") {
		t.Errorf("without a sitting: %v", err)
	}
	if _, err := m.sat().Verdict("adopt", moment); err == nil || !strings.Contains(err.Error(), "no rule") {
		t.Errorf("without a rule: %v", err)
	}
}

func TestAttendedAndPresence(t *testing.T) {
	m := fixture().sat("S1 alt1 online 10:00 12:00", "S1 anna online 12:00 13:00", "S2 alt2 in-person 10:00", "S4 obs in-person 10:00")
	m.Sittings[0].ClosedAt, m.Sittings[0].Outcome = at("2026-12-07T13:00:00+05:00"), "suspended"
	m.sat("S1 anna in-person 14:00")
	got := m.Attended()
	if len(got) != 3 || got[0] != (programme.Attendance{Seat: "S1", Person: "anna", Mode: "in-person"}) || got[1].Person != "alt2" || got[2].Seat != "S4" {
		t.Errorf("attended: %+v", got)
	}
	m.Sittings[0].Outcome = "inquorate"
	if got := m.Attended(); len(got) != 1 {
		t.Errorf("who came to a sitting without quorum attended no session: %+v", got)
	}
	for _, c := range []struct {
		p    Presence
		want string
	}{
		{Presence{Seat: "S1", Person: "alt2", Mode: "online", Arrived: at("2026-12-07T11:00:00+05:00")}, ""},
		{Presence{Seat: "S9", Person: "anna", Mode: "online"}, "no seat"},
		{Presence{Seat: "S1", Person: "bob", Mode: "online"}, "neither the member"},
		{Presence{Person: "bob", Mode: "online"}, "no office"},
		{Presence{Person: "sec", Mode: "online"}, ""},
		{Presence{Seat: "S1", Person: "anna", Mode: "by-phone"}, "meets hybrid"},
		{Presence{Seat: "S1", Person: "anna", Mode: "online", Arrived: at("2026-12-07T13:30:00+05:00")}, "ended at 13:00"},
	} {
		if problem, cure := m.CheckPresence(m.Sittings[0], c.p); c.want == "" && problem != "" || !strings.Contains(problem, c.want) || problem != "" && cure == "" {
			t.Errorf("%+v: %q, %q", c.p, problem, cure)
		}
	}
}

func TestGuardsOfSittings(t *testing.T) {
	for _, c := range []struct {
		why, verb, from, want string
		change                func(c *Change)
	}{
		{"opened the day before", Open, Confirmed, "its day is 2026-12-07", func(c *Change) { c.Now = at("2026-12-06T18:00:00+05:00") }},
		{"opened before the hour", Open, Confirmed, "", func(c *Change) { c.Now = at("2026-12-07T09:50:00+05:00") }},
		{"latecomers have half an hour", Adjourn, InSession, "runs until 10:30", func(c *Change) { c.Now = at("2026-12-07T10:29:00+05:00") }},
		{"from the hour, not from an early opening", Adjourn, InSession, "runs until 10:30", func(c *Change) {
			c.Before.Sittings[0].OpenedAt, c.Now = at("2026-12-07T09:45:00+05:00"), at("2026-12-07T10:20:00+05:00")
		}},
		{"then it is inquorate", Adjourn, InSession, "", func(c *Change) { c.Now = at("2026-12-07T10:30:00+05:00") }},
		{"not with a quorum", Adjourn, InSession, "there is a quorum", func(c *Change) {
			c.Before.Sittings[0].Present = []Presence{{Seat: "S1", Person: "anna", Arrived: at("2026-12-07T10:00:00+05:00")}}
		}},
		{"too late for a second convocation", Reconvene, Inquorate, "due by 2027-01-06", func(c *Change) {
			c.After.Session.OpensAt, c.After.Session.ClosesAt = at("2027-01-07T10:00:00+05:00"), at("2027-01-07T17:00:00+05:00")
		}},
		{"the last day", Reconvene, Inquorate, "", func(c *Change) {
			c.After.Session.OpensAt, c.After.Session.ClosesAt = at("2027-01-06T10:00:00+05:00"), at("2027-01-06T17:00:00+05:00")
		}},
		{"rules that know none", Reconvene, Inquorate, "knows no second convocation", func(c *Change) { c.Before.Council.Quorum[0].SecondConvocation = "" }},
		{"held by its roll call", Hold, InSession, "", func(c *Change) {
			c.After.Session.Attendance = nil
			c.After.Sittings = fixture().sat("S1 anna in-person 10:00").Sittings
		}},
		{"held with nobody there", Hold, InSession, "attendance list", func(c *Change) { c.After.Session.Attendance = nil }},
	} {
		change := ready(c.verb, c.from)
		c.change(&change)
		_, err := change.Check()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}

// TestCheck36 is the guard of check 36: what was decided without owner or date keeps the session open.
func TestCheck36NoClosingWithoutOwnerAndDate(t *testing.T) {
	item := programme.ActionItem{Ref: "A1", Owner: "bob", DueOn: date("2027-01-15")}
	for _, c := range []struct {
		why, want string
		change    func(a *programme.ActionItem)
	}{
		{"owner and date", "", func(a *programme.ActionItem) {}},
		{"no owner", "no owner", func(a *programme.ActionItem) { a.Owner = "" }},
		{"no date", "no date", func(a *programme.ActionItem) { a.DueOn = programme.Date{} }},
		{"an owner who left", "receives no letters", func(a *programme.ActionItem) { a.Owner = "gone" }},
		{"whose backup is there", "", func(a *programme.ActionItem) { a.Owner, a.Backup = "gone", "chen" }},
		{"done already", "", func(a *programme.ActionItem) { a.Owner, a.DoneOn = "gone", date("2026-12-20") }},
	} {
		change := ready(Close, Held)
		a := item
		c.change(&a)
		change.Before.Session.ActionItems = []programme.ActionItem{a}
		_, err := change.Check()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}
