package meetings

import (
	"errors"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// Every state and every verb: what is allowed is listed here, everything else is refused with the same kind of error.
func TestSteps(t *testing.T) {
	allowed := map[string]string{
		"announce draft": Tentative, "confirm draft": Confirmed, "confirm tentative": Confirmed,
		"reschedule draft": Draft, "reschedule tentative": Tentative, "reschedule confirmed": Confirmed, "reschedule postponed": Confirmed,
		"postpone tentative": Postponed, "postpone confirmed": Postponed, "postpone inquorate": Postponed,
		"cancel tentative": Cancelled, "cancel confirmed": Cancelled, "cancel postponed": Cancelled, "cancel inquorate": Cancelled,
		"open confirmed": InSession, "suspend in_session": Suspended, "resume suspended": InSession, "inquorate in_session": Inquorate,
		"reconvene inquorate": Confirmed, "hold in_session": Held, "hold confirmed": Held, "close held": Closed,
	}
	for _, state := range States() {
		for _, verb := range Verbs() {
			c := ready(verb, state)
			_, err := c.Check()
			want := allowed[verb+" "+state]
			var refused *StepError
			switch {
			case want != "" && err != nil:
				t.Errorf("%s from %s: %v", verb, state, err)
			case want != "" && c.After.Session.State != want:
				t.Errorf("%s from %s leads to %s, want %s", verb, state, c.After.Session.State, want)
			case want == "" && !errors.As(err, &refused):
				t.Errorf("%s from %s is allowed", verb, state)
			case want == "" && refused.Hint() == "":
				t.Errorf("%s from %s: no hint in %v", verb, state, err)
			}
		}
	}
}

// ready is a change that every guard lets pass: only the table can refuse it.
func ready(verb, state string) Change {
	before, after := fixture(), fixture()
	before.Session.State = state
	before.Council.Quorum[0].SecondConvocation, before.Council.Quorum[0].Grace = "P30D", "PT30M"
	before.Sittings = []Sitting{{N: 1, OpenedAt: at("2026-12-07T10:00:00+05:00"), Outcome: "open"}}
	after.Council = before.Council
	after.Session.State = Target(verb, state)
	after.Session.Attendance = []programme.Attendance{{Seat: "S1"}}
	c := Change{Verb: verb, Before: *before, After: *after, Reason: programme.Text{"en": "why"}, Waiver: Waiver{"anna", "agreed"}, Now: at("2026-10-01T00:00:00Z")}
	switch verb {
	case Hold, Open, Adjourn, Reconvene:
		c.Now = at("2026-12-07T18:00:00+05:00")
	}
	if verb == Reconvene {
		c.After.Session.OpensAt, c.After.Session.ClosesAt = at("2026-12-21T10:00:00+05:00"), at("2026-12-21T17:00:00+05:00")
	}
	return c
}

func TestGuards(t *testing.T) {
	early := at("2026-10-01T00:00:00Z")
	for _, c := range []struct {
		why, verb, from, want string
		now                   time.Time
		after                 func(*Meeting)
		waiver                Waiver
	}{
		{"in person without venue", Confirm, Draft, "no venue", early, func(m *Meeting) { m.Session.Mode, m.Session.Venue = "in-person", nil }, Waiver{}},
		{"online without address", Confirm, Draft, "no address", early, func(m *Meeting) { m.Session.Mode = "online" }, Waiver{}},
		{"hybrid with a venue", Confirm, Draft, "", early, nil, Waiver{}},
		{"hybrid with neither", Confirm, Draft, "neither", early, func(m *Meeting) { m.Session.Venue = nil }, Waiver{}},
		{"no agenda", Confirm, Tentative, "agenda is empty", early, func(m *Meeting) { m.Session.Agenda = nil }, Waiver{}},
		{"notice too late", Confirm, Tentative, "hard lead times are missed: notice (due 2026-10-26)", at("2026-11-23T00:00:00Z"), nil, Waiver{}},
		{"a confirmed session keeps its notice when it moves", Reschedule, Confirmed, "", at("2026-11-23T00:00:00Z"), func(m *Meeting) { m.Session.OpensAt = at("2026-12-14T10:00:00+05:00") }, Waiver{}},
		{"a move that misses what was not missed", Reschedule, Confirmed, "proposals", at("2026-11-23T10:00:00+05:00"), func(m *Meeting) { m.Session.OpensAt = at("2026-11-23T20:00:00+05:00") }, Waiver{}},
		{"a postponed session is given notice anew", Reschedule, Postponed, "notice", at("2026-11-23T00:00:00Z"), nil, Waiver{}},
		{"another hard line missed", Confirm, Tentative, "proposals (due 2026-12-06)", at("2026-12-07T04:00:00Z"), nil, Waiver{}},
		{"waived by the chair", Confirm, Tentative, "", at("2026-12-07T04:00:00Z"), nil, Waiver{"anna", "All agreed."}},
		{"a waiver needs its text", Confirm, Tentative, "missed", at("2026-12-07T04:00:00Z"), nil, Waiver{By: "anna"}},
		{"postponed without reason", Postpone, Confirmed, "reason", early, nil, Waiver{}},
		{"moved into the past", Reschedule, Confirmed, "past", at("2027-01-01T00:00:00Z"), nil, Waiver{}},
		{"not over yet", Hold, Confirmed, "not over", early, func(m *Meeting) { m.Session.Attendance = []programme.Attendance{{Seat: "S1"}} }, Waiver{}},
		{"nobody was there", Hold, Confirmed, "attendance", at("2027-01-01T00:00:00Z"), nil, Waiver{}},
	} {
		before, after := fixture(), fixture()
		before.Session.State, after.Session.State = c.from, Target(c.verb, c.from)
		if c.after != nil {
			c.after(after)
		}
		change := Change{Verb: c.verb, Before: *before, After: *after, Waiver: c.waiver, Now: c.now}
		_, err := change.Check()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}

func TestLetterBetween(t *testing.T) {
	for change, want := range map[[2]string]string{
		{Draft, Tentative}: "hold-the-date", {Draft, Confirmed}: "invitation", {Tentative, Confirmed}: "invitation", {Confirmed, Confirmed}: "session-changed",
		{Postponed, Confirmed}: "invitation", {Confirmed, Postponed}: "session-postponed", {Tentative, Cancelled}: "session-cancelled",
		{Cancelled, Confirmed}: "invitation", {Draft, Postponed}: "session-postponed", {Confirmed, Held}: "", {Held, Closed}: "", {Closed, Confirmed}: "", {Draft, Draft}: "",
	} {
		if got := LetterBetween(change[0], change[1]); got != want {
			t.Errorf("from %s to %s: got %q, want %q", change[0], change[1], got, want)
		}
	}
}

func TestMaterial(t *testing.T) {
	for why, c := range map[string]struct {
		change func(*programme.Session)
		want   bool
	}{
		"start":  {func(s *programme.Session) { s.OpensAt = s.OpensAt.Add(time.Minute) }, true},
		"end":    {func(s *programme.Session) { s.ClosesAt = s.ClosesAt.Add(time.Minute) }, true},
		"place":  {func(s *programme.Session) { s.Venue = programme.Text{"en": "Hall 3"} }, true},
		"mode":   {func(s *programme.Session) { s.Mode = "online" }, true},
		"state":  {func(s *programme.Session) { s.State = Postponed }, true},
		"title":  {func(s *programme.Session) { s.Title = programme.Text{"en": "x"} }, false},
		"agenda": {func(s *programme.Session) { s.Agenda = nil }, false},
		"link":   {func(s *programme.Session) { s.OnlineURL = "https://x.example" }, false},
		"zone":   {func(s *programme.Session) { s.OpensAt = s.OpensAt.UTC() }, false},
	} {
		before := fixture().Session
		after := before
		c.change(&after)
		if got := Material(before, after); got != c.want {
			t.Errorf("%s: material is %v", why, got)
		}
	}
}

func TestLetterOwed(t *testing.T) {
	for _, c := range []struct {
		why, kind, state, want string
		revision               int
		now                    string
	}{
		{"invitation of this revision", "invitation", Confirmed, "", 0, "2026-11-23T00:00:00Z"},
		{"of an earlier one", "invitation", Confirmed, "moved", -1, "2026-11-23T00:00:00Z"},
		{"cancelled meanwhile", "invitation", Cancelled, "cancelled", 0, "2026-11-23T00:00:00Z"},
		{"postponed meanwhile", "session-changed", Postponed, "postponed", 0, "2026-11-23T00:00:00Z"},
		{"hold the date, confirmed meanwhile", "hold-the-date", Confirmed, "moved", 0, "2026-11-23T00:00:00Z"},
		{"postponed, resumed meanwhile", "session-postponed", Confirmed, "moved", 0, "2026-11-23T00:00:00Z"},
		{"cancellation", "session-cancelled", Cancelled, "", 0, "2026-12-23T00:00:00Z"},
		{"over", "invitation", Confirmed, "the session is over", 0, "2026-12-23T00:00:00Z"},
	} {
		m := fixture()
		m.Session.State = c.state
		if got := m.LetterOwed(c.kind, c.revision, at(c.now)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}
