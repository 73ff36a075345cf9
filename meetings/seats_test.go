package meetings

import (
	"strings"
	"testing"

	"secretariat/programme"
)

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		why     string
		replies [][]string
		change  func(*Meeting)
		want    string // acting capacity answer, of seat S1
	}{
		{"nobody answered", nil, nil, "anna member "},
		{"the last answer counts", [][]string{{"S1", "anna", "accepted"}, {"S1", "anna", "tentative"}}, nil, "anna member tentative"},
		{"the answer of another seat does not", [][]string{{"S2", "bob", "accepted"}}, nil, "anna member "},
		{"an alternate unasked does not count", [][]string{{"S1", "alt1", "accepted"}}, nil, "anna member "},
		{"nor beside an answer of the member", [][]string{{"S1", "anna", "tentative"}, {"S1", "alt1", "declined"}}, nil, "anna member tentative"},
		{"it does when the member declined", [][]string{{"S1", "alt1", "accepted"}, {"S1", "anna", "declined"}}, nil, "alt1 alternate accepted"},
		{"the highest who accepted", [][]string{{"S1", "anna", "declined"}, {"S1", "alt1", "tentative"}, {"S1", "alt2", "accepted"}}, nil, "alt2 alternate accepted"},
		{"else the highest who answered", [][]string{{"S1", "anna", "declined"}, {"S1", "alt2", "tentative"}, {"S1", "alt1", "tentative"}}, nil, "alt1 alternate tentative"},
		{"declined and nobody else", [][]string{{"S1", "anna", "declined"}}, nil, "anna member declined"},
		{"a delegate who has not answered is asked", [][]string{{"S1", "anna", "delegated", "alt1"}}, nil, "alt1 delegate "},
		{"a delegate who accepted", [][]string{{"S1", "anna", "delegated", "alt1"}, {"S1", "alt1", "accepted"}}, nil, "alt1 delegate accepted"},
		{"a delegate who declines gives it back", [][]string{{"S1", "anna", "delegated", "alt1"}, {"S1", "alt1", "declined"}}, nil, "anna member "},
		{"the member comes after all", [][]string{{"S1", "anna", "delegated", "alt1"}, {"S1", "alt1", "accepted"}, {"S1", "anna", "accepted"}}, nil, "anna member accepted"},
		{"no chains", [][]string{{"S1", "anna", "declined"}, {"S1", "alt1", "delegated", "alt2"}}, nil, "anna member declined"},
		{"a stranger's answer counts for nothing", [][]string{{"S1", "bob", "accepted"}}, nil, "anna member "},
		{"stale by revision", [][]string{{"S1", "anna", "accepted"}}, func(m *Meeting) { m.Revision++ }, "anna member  stale"},
		{"stale by the day of the change", [][]string{{"S1", "anna", "accepted"}}, func(m *Meeting) {
			m.Session.Previously = []programme.Previous{{Until: date("2026-11-11")}}
		}, "anna member  stale"},
		{"given on the day of the change", [][]string{{"S1", "anna", "accepted"}}, func(m *Meeting) {
			m.Session.Previously = []programme.Previous{{Until: date("2026-11-10")}}
		}, "anna member accepted"},
		{"vacant after the last day of the term", nil, func(m *Meeting) { m.Seats[0].Members[0].Until = date("2026-12-06") }, " "},
		{"the last day is included", nil, func(m *Meeting) { m.Seats[0].Members[0].Until = date("2026-12-07") }, "anna member "},
		{"a new member by the day of the session", [][]string{{"S1", "anna", "accepted"}}, func(m *Meeting) {
			m.Seats[0].Members = []Term{{Person: "anna", Until: date("2026-11-30")}, {Person: "saud", Since: date("2026-12-01")}}
		}, "saud member accepted"},
		{"who held the seat no more on the day given", [][]string{{"S1", "anna", "accepted"}}, func(m *Meeting) {
			m.Seats[0].Members = []Term{{Person: "anna", Until: date("2026-11-09")}, {Person: "saud", Since: date("2026-11-10")}}
		}, "saud member "},
		{"an alternate whose term is over", [][]string{{"S1", "anna", "declined"}, {"S1", "alt1", "accepted"}}, func(m *Meeting) {
			m.Seats[0].Alternates[0].Until = date("2026-11-01")
		}, "anna member declined"},
	} {
		m := fixture().answered(t, c.replies...)
		if c.change != nil {
			c.change(m)
		}
		st, _ := m.Standing("S1")
		got := strings.Join([]string{st.Acting, st.Capacity, st.Answer}, " ")
		if st.Acting == "" {
			got = " "
		}
		if st.Stale != nil {
			got += " stale"
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}

func TestInvitedOncePerPerson(t *testing.T) {
	m := fixture()
	m.Seats[1].Members = term("anna") // two seats, one person
	left := m.People["chen"]
	left.Active = false
	m.People["chen"] = left
	var who []string
	for _, st := range m.Invited() {
		who = append(who, st.Acting)
	}
	if got := strings.Join(who, " "); got != "anna obs" {
		t.Errorf("invited: %s", got)
	}
}

func TestDutyHolders(t *testing.T) {
	for _, c := range []struct {
		why, duty string
		change    func(*Meeting)
		want      string
	}{
		{"secretary by office", "secretary", nil, "sec"},
		{"chair by office", "chair", nil, "anna"},
		{"chair whose term is over: the secretary", "chair", func(m *Meeting) { m.Council.Offices[0].Until = date("2026-11-30") }, "sec"},
		{"members of voting seats", "members", nil, "anna bob chen"},
		{"or the alternate who answered for one", "members", func(m *Meeting) {
			m.answered(t, []string{"S1", "anna", "declined"}, []string{"S1", "alt1", "accepted"})
		}, "alt1 bob chen"},
		{"focal points of the host", "host", nil, "host"},
		{"no host: the secretary", "host", func(m *Meeting) { m.Council.Host = "" }, "sec"},
		{"focal points of organisations with a seat", "focal-points", nil, "fp"},
		{"none of them: the secretary", "focal-points", func(m *Meeting) { m.Seats[2].Organisation = "" }, "sec"},
	} {
		m := fixture()
		if c.change != nil {
			c.change(m)
		}
		if got := strings.Join(m.DutyHolders(c.duty, date("2026-12-01")), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}
