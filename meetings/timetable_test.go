package meetings

import (
	"reflect"
	"strings"
	"testing"

	"secretariat/programme"
)

func TestTimetable(t *testing.T) {
	m := fixture()
	lines, err := m.Timetable(at("2026-11-23T08:59:00+05:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"notice":    "2026-10-26 done -28",
		"names":     "2026-11-06 missed -17", // 28 clear days lead to Sunday the 8th, and earlier to Friday
		"letters":   "2026-11-13 missed -10",
		"proposals": "2026-12-06 open 13", // the Sunday stays: it does not roll
		"record":    "2026-12-21 open 28",
	}
	for _, l := range lines {
		if got := l.DueOn.String() + " " + l.State + " " + strings.TrimSpace(itoa(l.Slack)); got != want[l.Rule.Ref] {
			t.Errorf("%s: got %q, want %q", l.Rule.Ref, got, want[l.Rule.Ref])
		}
	}
	if got := lines[0].DueAt; !got.Equal(at("2026-10-26T23:59:59+05:00")) {
		t.Errorf("a day ends at the seat: %s", got)
	}
	if got := lines[3].DueAt; !got.Equal(at("2026-12-06T22:00:00+05:00")) {
		t.Errorf("hours lead to a moment: %s", got)
	}
}

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestLineStates(t *testing.T) {
	now := at("2026-11-23T08:59:00+05:00")
	for _, c := range []struct {
		why, rule, want string
		change          func(*Meeting)
	}{
		{"known before the day was over", "names", LineMissed, nil},
		{"known after the day was over", "names", LineLate, func(m *Meeting) { m.KnownSince = at("2026-11-20T00:00:00Z") }},
		{"waived stays waived", "names", LineWaived, func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineWaived, DueOn: date("2026-11-06")}}
		}},
		{"for that date only", "names", LineMissed, func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineWaived, DueOn: date("2026-11-05")}}
		}},
		{"a fact that is taken back", "notice", LineMissed, func(m *Meeting) {
			m.Session.State, m.Lines = Postponed, map[string]LineRecord{"notice": {State: LineDone}}
		}},
		{"ticked by a person", "names", LineDone, func(m *Meeting) { m.Lines = map[string]LineRecord{"names": {State: LineDone}} }},
		{"a draft gives no notice", "notice", LineMissed, func(m *Meeting) { m.Session.State = Draft }},
		{"a tentative one neither", "notice", LineMissed, func(m *Meeting) { m.Session.State = Tentative }},
		{"no papers, none issued", "proposals", LineOpen, nil},
		{"a language missing", "proposals", LineOpen, func(m *Meeting) {
			m.Session.Documents = []programme.Document{{Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: date("2026-11-06")}}}}
		}},
		{"owed in a language", "proposals", LineOpen, func(m *Meeting) {
			m.Session.Documents = []programme.Document{{Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: date("2026-11-06")}, "ru": {}}}}
		}},
		{"all there", "proposals", LineDone, func(m *Meeting) {
			m.Session.Documents = []programme.Document{{Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: date("2026-11-06")}, "ru": {IssuedOn: date("2026-11-09")}}}}
		}},
		{"closed: the record was circulated", "record", LineDone, func(m *Meeting) { m.Session.State = Closed }},
	} {
		m := fixture()
		if c.change != nil {
			c.change(m)
		}
		lines, err := m.Timetable(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Rule.Ref == c.rule && l.State != c.want {
				t.Errorf("%s: %s is %s, want %s", c.why, c.rule, l.State, c.want)
			}
		}
	}
}

// When a line is done: by the day of the fact, by what is on record, or from the moment at which it was first seen done
// after being open. A line that was done when the session was first looked at has no moment.
func TestWhenALineWasDone(t *testing.T) {
	now := at("2026-12-20T10:00:00+05:00")
	moment := func(m *Meeting) string {
		lines, err := m.Timetable(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Rule.Ref == "record" && !l.DoneAt.IsZero() {
				return l.DoneAt.Format("2006-01-02 15:04")
			}
		}
		return ""
	}
	m := fixture()
	m.Session.State = Closed
	if got := moment(m); got != "" {
		t.Errorf("done at first sight: %s", got)
	}
	m.Lines = map[string]LineRecord{"record": {State: LineOpen}}
	if got := moment(m); got != "2026-12-20 10:00" {
		t.Errorf("open until now: %s", got)
	}
	m.Lines = map[string]LineRecord{"record": {State: LineDone, DoneAt: at("2026-12-18T10:00:00+05:00")}}
	if got := moment(m); got != "2026-12-18 10:00" {
		t.Errorf("on record: %s", got)
	}
}

func TestRulesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		why   string
		rules []programme.LeadTimeRule
		want  string
	}{
		{"a circle", []programme.LeadTimeRule{{Ref: "a", After: "b", By: "P1D"}, {Ref: "b", After: "c", By: "P1D"}, {Ref: "c", Before: "a", By: "P1D"}}, "circle: a → b → c → a"},
		{"itself", []programme.LeadTimeRule{{Ref: "a", After: "a", By: "P1D"}}, "circle: a → a"},
		{"an unknown anchor", []programme.LeadTimeRule{{Ref: "a", After: "x", By: "P1D"}}, `rule a counts from "x"`},
		{"a length", []programme.LeadTimeRule{{Ref: "a", After: "closing", By: "P1M"}}, "rule a"},
	} {
		if err := CheckTimetable(c.rules); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
		m := fixture()
		m.Council.Timetable = c.rules
		if _, err := m.Timetable(at("2026-11-23T08:59:00+05:00")); err == nil || !strings.Contains(err.Error(), "council C") {
			t.Errorf("%s: timetable: %v", c.why, err)
		}
	}
	if err := CheckTimetable(fixture().Council.Timetable); err != nil {
		t.Error(err)
	}
}

func TestEarliestFeasible(t *testing.T) {
	for _, c := range []struct{ why, now, want string }{
		{"six weeks from today", "2026-11-23T08:59:00+05:00", "2027-01-04"},
		{"late in the evening still today", "2026-11-23T23:00:00+05:00", "2027-01-04"},
		{"from a Saturday: Friday is over", "2026-11-28T09:00:00+05:00", "2027-01-11"},
	} {
		if got, ok := fixture().EarliestFeasible(at(c.now)); !ok || got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.why, got, c.want)
		}
	}
	m := fixture()
	m.Session.ClosesAt = m.Session.OpensAt.AddDate(0, 0, 4) // five days, all of them worked
	if got, _ := m.EarliestFeasible(at("2026-11-24T09:00:00+05:00")); got.String() != "2027-01-11" {
		t.Errorf("a week's session: %s", got)
	}
}

// BenchmarkEarliest is the earliest feasible date of a timetable.
func BenchmarkEarliest(b *testing.B) {
	m := fixture()
	defer processor(b)()
	for range b.N {
		if _, ok := m.EarliestFeasible(at("2026-11-24T09:00:00+05:00")); !ok {
			b.Fatal("none")
		}
	}
}

// What a line says beside its day: whether it was done in time, how long before the opening, for which date, and by whose word.
func TestWhatALineSays(t *testing.T) {
	now := at("2026-11-23T08:59:00+05:00")
	mark := LineMark{TickedBy: "sec", Note: "note 5"}
	ticked := func(done string) func(*Meeting) {
		return func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineDone, DoneAt: at(done), Mark: LineMark{TickedBy: "sec", Note: "note 5", Waiver: "an old one"}}}
		}
	}
	moved := func(done string) func(*Meeting) {
		return func(m *Meeting) {
			ticked(done)(m)
			m.Session.Previously = []programme.Previous{{OpensAt: at("2026-12-01T10:00:00+05:00"), ClosesAt: at("2026-12-01T17:00:00+05:00"), Until: date("2026-11-10")}}
			m.KnownSince = at("2026-11-10T12:00:00+05:00")
		}
	}
	for _, c := range []struct {
		why    string
		change func(*Meeting)
		want   Line // without its rule and its days
	}{
		{"on its day", ticked("2026-11-06T23:59:59+05:00"), Line{State: LineDone, Ahead: 31, Mark: mark}},
		{"a second late", ticked("2026-11-07T00:00:00+05:00"), Line{State: LineDone, Ahead: 30, Late: true, Mark: mark}},
		{"before the date was moved", moved("2026-11-05T10:00:00+05:00"), Line{State: LineDone, Ahead: 32, Former: true, Mark: mark}},
		{"that day, before it was moved", moved("2026-11-10T11:00:00+05:00"), Line{State: LineDone, Ahead: 27, Late: true, Former: true, Mark: mark}},
		{"that day, after it was moved", moved("2026-11-10T13:00:00+05:00"), Line{State: LineDone, Ahead: 27, Late: true, Mark: mark}},
		{"waived", func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineWaived, DueOn: date("2026-11-06"), Mark: LineMark{WaivedBy: "anna", Waiver: "Agreed.", TickedBy: "sec"}}}
		}, Line{State: LineWaived, Mark: LineMark{WaivedBy: "anna", Waiver: "Agreed."}}},
		{"waived for another day", func(m *Meeting) {
			m.Lines = map[string]LineRecord{"names": {State: LineWaived, DueOn: date("2026-11-05"), Mark: LineMark{WaivedBy: "anna", Waiver: "Agreed."}}}
		}, Line{State: LineMissed}},
	} {
		m := fixture()
		c.change(m)
		lines, err := m.Timetable(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if got := (Line{State: l.State, Ahead: l.Ahead, Late: l.Late, Former: l.Former, Mark: l.Mark}); l.Rule.Ref == "names" && !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: got %+v, want %+v", c.why, got, c.want)
			}
		}
	}
}
