package meetings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// planned lists what a plan inserts: "rule person moment(UTC) state reason", sorted.
func planned(t *testing.T, m *Meeting, now string, rows ...Row) []string {
	t.Helper()
	d, err := m.Plan(at(now), rows)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range d.Insert {
		line := strings.Join([]string{r.Rule, r.Person, r.NotBefore.UTC().Format("01-02 15:04"), r.State, r.Reason}, " ")
		list = append(list, strings.TrimSpace(line))
	}
	slices.Sort(list)
	return list
}

func only(list []string, prefix string) (found []string) {
	for _, l := range list {
		if strings.HasPrefix(l, prefix) {
			found = append(found, l)
		}
	}
	return found
}

func TestPlanOfASession(t *testing.T) {
	m := fixture().answered(t, []string{"S1", "anna", "accepted"}, []string{"S3", "chen", "declined"})
	got := planned(t, m, "2026-11-01T00:00:00Z")
	want := []string{
		":not-closed sec 12-09 04:00", // what became of it; the 8th is a holiday of the secretary
		"ask bob 12-04 14:00",         // three days before, at 9 of New York; only who has not answered
		"ask obs 12-04 08:00",         // observers are asked too
		"before14 anna 11-23 04:00",   // hour and date are the recipient's; who declined gets nothing
		"before14 bob 11-23 14:00",    // the session opens on 7 December at midnight in New York
		"before14 obs 11-23 08:00",
		"duty anna 11-03 04:00", // three days before the 6th; members of voting seats owe it
		"duty bob 11-03 14:00",
		"duty chen 11-03 01:00",
		"link anna 12-07 03:00", // two hours before, whatever the clock shows
		"tomorrow anna 12-06 04:00",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestStatesThatAreReminded(t *testing.T) {
	for _, c := range []struct {
		state         string
		before, after bool // reminders before the session; of its action items
	}{
		{Draft, false, false}, {Tentative, false, false}, {Confirmed, true, true}, {Postponed, false, false}, {Cancelled, false, false},
		{InSession, false, true}, {Held, false, true}, {Closed, false, true},
	} {
		m := fixture()
		m.Session.State = c.state
		m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2026-11-20")}}
		got := planned(t, m, "2026-11-01T00:00:00Z")
		if (len(only(got, "before14")) > 0) != c.before || (len(only(got, "due ")) > 0) != c.after {
			t.Errorf("%s: %v", c.state, got)
		}
	}
}

func TestLateReminders(t *testing.T) {
	for _, c := range []struct {
		why, now, rule string
		want           []string
	}{
		{"past, grace not over: now", "2026-11-23T15:00:00+05:00", "before14 anna", []string{"before14 anna 11-23 10:00"}},
		{"past and grace over: on record as expired", "2026-11-24T10:00:00+05:00", "before14 anna", []string{"before14 anna 11-23 04:00 expired " + reasonPast}},
		{"late in the evening: at eight", "2026-11-23T22:30:00+05:00", "before14 anna", []string{"before14 anna 11-24 03:00"}},
		{"before eight: at eight", "2026-11-24T05:00:00+05:00", "before14 anna", []string{"before14 anna 11-24 03:00"}},
		{"nine in the evening is quiet", "2026-11-23T21:00:00+05:00", "before14 anna", []string{"before14 anna 11-24 03:00"}},
		{"a minute before is not", "2026-11-23T20:59:00+05:00", "before14 anna", []string{"before14 anna 11-23 15:59"}},
		{"it would expire until eight: now", "2026-12-07T08:30:00+05:00", "link chen", []string{"link chen 12-07 03:30"}},
		{"their clock, not ours", "2026-11-23T15:00:00+05:00", "before14 bob", []string{"before14 bob 11-23 14:00"}},
		{"later ones for their moment", "2026-11-23T15:00:00+05:00", "ask anna", []string{"ask anna 12-04 04:00"}},
	} {
		m := fixture()
		if strings.HasPrefix(c.rule, "link") {
			m.answered(t, []string{"S3", "chen", "accepted"})
			zone := m.People["chen"]
			zone.Timezone = "Europe/London" // 03:30 in the night
			m.People["chen"] = zone
		}
		if got := only(planned(t, m, c.now), c.rule); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
}

// Of several late reminders for one person and session only the last is sent.
func TestOnlyTheLastOfSeveralLateOnes(t *testing.T) {
	m := fixture()
	m.Council.Reminders[1].Grace = "P30D"
	m.Council.Reminders[0].Grace = "P30D"
	got := planned(t, m, "2026-12-05T10:00:00+05:00")
	if late := only(got, "before14 anna"); len(late) != 1 || !strings.HasSuffix(late[0], "suppressed "+reasonLater) {
		t.Errorf("the earlier one: %v", late)
	}
	if late := only(got, "ask anna"); len(late) != 1 || late[0] != "ask anna 12-05 05:00" {
		t.Errorf("the last one: %v", late)
	}
	// two matters are two letters: an action item does not silence the session
	m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2026-12-11")}}
	if late := only(planned(t, m, "2026-12-05T10:00:00+05:00"), "ask anna"); len(late) != 1 || strings.Contains(late[0], "suppressed") {
		t.Errorf("beside an action item: %v", late)
	}
}

// Where the invitation goes out after a reminder's moment, the invitation is that reminder.
func TestTheInvitationIsTheReminder(t *testing.T) {
	invited := Row{ID: 1, Key: "session:S:r0:invitation:anna", Kind: "invitation", Person: "anna", State: "pending", NotBefore: at("2026-11-23T12:00:00+05:00")}
	now := "2026-11-23T12:00:00+05:00"
	if got := only(planned(t, fixture(), now, invited), "before14 anna"); len(got) != 1 || !strings.HasSuffix(got[0], "suppressed "+reasonInvited) {
		t.Errorf("invited after its moment: %v", got)
	}
	if got := only(planned(t, fixture(), now, invited), "ask anna"); len(got) != 1 || strings.Contains(got[0], "suppressed") {
		t.Errorf("reminders still ahead: %v", got)
	}
	if got := only(planned(t, fixture(), now, invited), "before14 bob"); len(got) != 1 || strings.Contains(got[0], "suppressed") {
		t.Errorf("another person: %v", got)
	}
	invited.State = "suppressed"
	if got := only(planned(t, fixture(), now, invited), "before14 anna"); len(got) != 1 || strings.Contains(got[0], "suppressed") {
		t.Errorf("an invitation that never left: %v", got)
	}
	// a session created 36 hours ahead: one letter now, which is the invitation
	m := fixture()
	late := "2026-12-05T22:00:00+05:00"
	all := []Row{}
	for i, who := range []string{"anna", "bob", "chen", "obs"} {
		all = append(all, Row{ID: int64(i), Key: "k" + who, Kind: "invitation", Person: who, State: "pending", NotBefore: at(late)})
	}
	for _, line := range planned(t, m, late, all...) {
		if strings.HasPrefix(line, notClosed) {
			continue // it comes after the session
		}
		if !strings.Contains(line, "suppressed") && !strings.Contains(line, "expired") {
			t.Errorf("sent beside the invitation: %s", line)
		}
	}
}

func TestActionReminders(t *testing.T) {
	for _, c := range []struct {
		why    string
		item   programme.ActionItem
		change func(*Meeting)
		want   []string
	}{
		{"a week before, three days after", programme.ActionItem{Owner: "anna", DueOn: date("2026-11-27")}, nil, []string{"due anna 11-20 04:00", "late anna 11-30 04:00"}},
		{"not on the owner's weekend", programme.ActionItem{Owner: "anna", DueOn: date("2026-11-28")}, nil, []string{"due anna 11-23 04:00", "late anna 12-01 04:00"}},
		{"not on the owner's holiday", programme.ActionItem{Owner: "anna", DueOn: date("2026-12-15")}, nil, []string{"due anna 12-09 04:00", "late anna 12-18 04:00"}},
		{"a weekend by country", programme.ActionItem{Owner: "saud", DueOn: date("2026-11-27")}, nil, []string{"due saud 11-22 06:00", "late saud 11-30 06:00"}},
		{"done", programme.ActionItem{Owner: "anna", DueOn: date("2026-11-27"), DoneOn: date("2026-11-02")}, nil, nil},
		{"the backup of who gets no letters", programme.ActionItem{Owner: "anna", Backup: "alt1", DueOn: date("2026-11-27")}, func(m *Meeting) {
			p := m.People["anna"]
			p.Active = false
			m.People["anna"] = p
		}, []string{"due alt1 11-20 04:00", "late alt1 11-30 04:00"}},
	} {
		m := fixture()
		m.Session.State = Closed
		c.item.Ref = "A1"
		m.Session.ActionItems = []programme.ActionItem{c.item}
		if c.change != nil {
			c.change(m)
		}
		if got := planned(t, m, "2026-11-01T00:00:00Z"); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
}

// "after" a timetable rule counts from the moment its line was done; a line not done causes none, one done reminds nobody.
func TestRemindersOfLines(t *testing.T) {
	m := fixture()
	m.Session.State = Closed
	now := "2026-12-18T10:30:00+05:00"
	if got := only(planned(t, m, now), "circulate"); len(got) != 0 {
		t.Errorf("done when nobody looked: %v", got)
	}
	m.Lines = map[string]LineRecord{"record": {State: LineDone, DoneAt: at("2026-12-18T10:00:00+05:00")}}
	if got := only(planned(t, m, now), "circulate anna"); len(got) != 1 || got[0] != "circulate anna 12-18 06:00" {
		t.Errorf("an hour after it was done: %v", got)
	}
	m.Session.State = Held
	m.Lines = nil
	if got := only(planned(t, m, now), "circulate"); len(got) != 0 {
		t.Errorf("not done: %v", got)
	}
	m = fixture()
	m.Lines = map[string]LineRecord{"names": {State: LineDone}}
	if got := only(planned(t, m, "2026-11-01T00:00:00Z"), "duty"); len(got) != 0 {
		t.Errorf("a duty that is done: %v", got)
	}
}

// A rule may also count from the opening on: it is asked while the session sits and afterwards.
func TestRemindersAfterTheOpening(t *testing.T) {
	m := fixture()
	m.Council.Reminders = []programme.ReminderRule{{Ref: "thanks", After: "opening", By: "P1D", To: "all-invited", Template: "record-circulated", Grace: "P1D"}}
	for _, state := range []string{Confirmed, InSession, Held} {
		m.Session.State = state
		if got := only(planned(t, m, "2026-12-07T12:00:00+05:00"), "thanks anna"); len(got) != 1 || got[0] != "thanks anna 12-08 04:00" {
			t.Errorf("%s: %v", state, got)
		}
	}
}

// onRecord turns what a plan inserts into rows.
func onRecord(t *testing.T, m *Meeting, now string) (rows []Row) {
	t.Helper()
	d, err := m.Plan(at(now), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range d.Insert {
		p := m.People[r.Person]
		row := Row{ID: int64(i + 1), Key: r.Key, Kind: r.Kind, Rule: r.Rule, Person: r.Person, Matter: r.Matter, State: "planned", Revision: m.Revision,
			NotBefore: r.NotBefore, Expires: r.Expires, Address: p.Email, Language: p.Language, Timezone: p.Timezone}
		if r.State != "" {
			row.State, row.Reason = r.State, r.Reason
		}
		rows = append(rows, row)
	}
	return rows
}

func TestPlanTwiceChangesNothing(t *testing.T) {
	m := fixture().answered(t, []string{"S1", "anna", "accepted"})
	for _, now := range []string{"2026-11-01T00:00:00Z", "2026-11-23T15:00:00+05:00", "2026-12-06T23:00:00+05:00"} {
		rows := onRecord(t, m, now)
		d, err := m.Plan(at(now), rows)
		if err != nil || len(d.Insert)+len(d.Retime)+len(d.Revive)+len(d.Suppress) != 0 {
			t.Errorf("at %s: %+v, %v", now, d, err)
		}
	}
}

// What happens after planning withholds letters, each with its reason; planning and sending give the same.
func TestWithheld(t *testing.T) {
	for _, c := range []struct {
		why, rule, person, now, want string
		change                       func(*Meeting)
	}{
		{"answered", "ask", "bob", "2026-11-02T00:00:00Z", reasonAnswered, func(m *Meeting) { m.answered(t, []string{"S2", "bob", "tentative"}) }},
		{"declined", "before14", "bob", "2026-11-02T00:00:00Z", reasonDeclined, func(m *Meeting) { m.answered(t, []string{"S2", "bob", "declined"}) }},
		{"who accepted declines", "tomorrow", "anna", "2026-11-02T00:00:00Z", reasonDeclined, func(m *Meeting) { m.answered(t, []string{"S1", "anna", "declined"}) }},
		{"who accepted is not sure", "link", "anna", "2026-11-02T00:00:00Z", reasonNotAccepted, func(m *Meeting) { m.answered(t, []string{"S1", "anna", "tentative"}) }},
		{"delegated: the delegate is written to", "before14", "anna", "2026-11-02T00:00:00Z", reasonNotInvited, func(m *Meeting) { m.answered(t, []string{"S1", "anna", "delegated", "alt1"}) }},
		{"moved", "before14", "bob", "2026-11-02T00:00:00Z", reasonMoved, func(m *Meeting) { m.Revision++ }},
		{"postponed", "before14", "bob", "2026-11-02T00:00:00Z", Postponed, func(m *Meeting) { m.Session.State = Postponed }},
		{"cancelled", "before14", "bob", "2026-11-02T00:00:00Z", Cancelled, func(m *Meeting) { m.Session.State = Cancelled }},
		{"begun", "before14", "bob", "2026-12-07T10:00:00+05:00", reasonBegun, nil},
		{"rule dropped", "before14", "bob", "2026-11-02T00:00:00Z", reasonNoRule, func(m *Meeting) { m.Council.Reminders = m.Council.Reminders[1:] }},
		{"seat taken away", "before14", "bob", "2026-11-02T00:00:00Z", reasonNotInvited, func(m *Meeting) { m.Seats = slices.Delete(slices.Clone(m.Seats), 1, 2) }},
		{"left the programme", "before14", "bob", "2026-11-02T00:00:00Z", reasonUnreachable, func(m *Meeting) {
			p := m.People["bob"]
			p.Active = false
			m.People["bob"] = p
		}},
		{"duty done", "duty", "bob", "2026-11-02T00:00:00Z", reasonDone, func(m *Meeting) { m.Lines = map[string]LineRecord{"names": {State: LineDone}} }},
		{"action done", "due", "anna", "2026-11-02T00:00:00Z", reasonDone, func(m *Meeting) {
			m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2026-11-27"), DoneOn: date("2026-11-02")}}
		}},
		{"action due later", "due", "anna", "2026-11-02T00:00:00Z", reasonMoved, func(m *Meeting) {
			m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2026-12-27")}}
		}},
		{"action of another owner", "due", "anna", "2026-11-02T00:00:00Z", reasonNotOwner, func(m *Meeting) {
			m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "bob", DueOn: date("2026-11-27")}}
		}},
		{"nothing happened", "before14", "bob", "2026-11-02T00:00:00Z", "", nil},
	} {
		m := fixture().answered(t, []string{"S1", "anna", "accepted"})
		m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2026-11-27")}}
		rows := onRecord(t, m, "2026-11-01T00:00:00Z")
		if c.change != nil {
			c.change(m)
		}
		i := slices.IndexFunc(rows, func(r Row) bool { return r.Rule == c.rule && r.Person == c.person })
		if i < 0 {
			t.Errorf("%s: %s to %s was never planned", c.why, c.rule, c.person)
			continue
		}
		if got, err := m.StillOwed(rows[i], at(c.now)); err != nil || got != c.want {
			t.Errorf("%s, sending: got %q (%v), want %q", c.why, got, err, c.want)
		}
		d, err := m.Plan(at(c.now), rows)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for reason, ids := range d.Suppress {
			if slices.Contains(ids, rows[i].ID) {
				got = reason
			}
		}
		if got != c.want {
			t.Errorf("%s, planning: got %q, want %q", c.why, got, c.want)
		}
	}
}

// A letter that was withheld for a reason that goes away is owed again; one withheld for good is not.
func TestRevived(t *testing.T) {
	m := fixture()
	rows := onRecord(t, m, "2026-11-01T00:00:00Z")
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Rule == "ask" && r.Person == "bob" })
	for reason, want := range map[string]bool{reasonAnswered: true, Tentative: true, reasonInvited: false, reasonLater: false, reasonMoved: false, "unsubscribed": false} {
		rows[i].State, rows[i].Reason = "suppressed", reason
		d, err := m.Plan(at("2026-11-02T00:00:00Z"), rows)
		if err != nil {
			t.Fatal(err)
		}
		if _, revived := d.Revive[rows[i].ID]; revived != want {
			t.Errorf("withheld for %q: revived is %v", reason, revived)
		}
	}
}

func TestRetimed(t *testing.T) {
	m := fixture()
	rows := onRecord(t, m, "2026-11-01T00:00:00Z")
	p := m.People["bob"]
	p.Email, p.Language = "bob@new.example", "ru"
	m.People["bob"] = p
	ten := 10
	m.Council.Reminders[1].LocalHour = &ten
	d, err := m.Plan(at("2026-11-02T00:00:00Z"), rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		_, retimed := d.Retime[row.ID]
		if want := row.Person == "bob" || row.Rule == "ask"; retimed != want {
			t.Errorf("%s to %s: retimed is %v", row.Rule, row.Person, retimed)
		}
	}
}

// After a move every reminder is planned anew, also for people who were reminded of the earlier date.
func TestMovedSessionIsRemindedAnew(t *testing.T) {
	m := fixture()
	rows := onRecord(t, m, "2026-11-01T00:00:00Z")
	for i := range rows {
		rows[i].State = "sent"
	}
	m.Revision++
	m.Session.OpensAt, m.Session.ClosesAt = m.Session.OpensAt.AddDate(0, 0, 14), m.Session.ClosesAt.AddDate(0, 0, 14)
	d, err := m.Plan(at("2026-11-24T10:00:00+05:00"), rows)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range d.Insert {
		if r.Rule == "before14" && r.State == "" && r.Moment.After(at("2026-12-06T00:00:00Z")) {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d reminders of the new date, want 4", n)
	}
}

// A session of twenty years ago causes no letter.
func TestOldSessionIsSilent(t *testing.T) {
	m := fixture()
	m.Session.OpensAt, m.Session.ClosesAt = m.Session.OpensAt.AddDate(-20, 0, 0), m.Session.ClosesAt.AddDate(-20, 0, 0)
	m.Session.ActionItems = []programme.ActionItem{{Ref: "A1", Owner: "anna", DueOn: date("2006-12-20")}}
	for _, state := range []string{Confirmed, Held, Closed} {
		m.Session.State = state
		for _, line := range planned(t, m, "2026-11-23T08:59:00+05:00") {
			if !strings.Contains(line, "expired") {
				t.Errorf("%s: %s", state, line)
			}
		}
	}
}

func TestExpiry(t *testing.T) {
	m := fixture().answered(t, []string{"S1", "anna", "accepted"})
	m.Council.Reminders[2].Grace = "P3D"
	d, err := m.Plan(at("2026-11-01T00:00:00Z"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Insert {
		want := map[string]time.Duration{"before14": 24 * time.Hour, "link": 45 * time.Minute, "tomorrow": 25 * time.Hour}[r.Rule]
		if want != 0 && r.Expires.Sub(r.Moment) != want { // never after the opening
			t.Errorf("%s: expires %s after its moment, want %s", r.Rule, r.Expires.Sub(r.Moment), want)
		}
		if (r.Rule == "link") != (r.Priority == 1) {
			t.Errorf("%s: priority %d", r.Rule, r.Priority)
		}
	}
}
