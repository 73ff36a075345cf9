package meetings

import (
	"slices"
	"testing"

	"secretariat/programme"
)

func TestMatrix(t *testing.T) {
	m := fixture() // working languages en and ru; papers are due twelve hours before Monday 7 December, 10:00
	m.Session.Documents = []programme.Document{
		{Ref: "A", Symbol: "1", Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: date("2026-11-20")}, "ru": {IssuedOn: date("2026-12-07")}}},
		{Ref: "B", Symbol: "2", Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: date("2026-11-20")}, "uz": {}}},
	}
	for _, c := range []struct {
		why, now string
		state    string // of B in Russian
		flagged  bool
		change   func(*Meeting)
	}{
		{"early", "2026-12-01T10:00:00+05:00", PaperOwed, false, nil},
		{"a second before", "2026-12-06T21:59:58+05:00", PaperOwed, false, nil},
		{"twelve hours before", "2026-12-06T22:00:00+05:00", PaperMissing, true, nil},
		{"postponed", "2026-12-06T22:00:00+05:00", PaperMissing, false, func(m *Meeting) { m.Session.State = Postponed }},
		{"cancelled", "2026-12-06T22:00:00+05:00", PaperMissing, false, func(m *Meeting) { m.Session.State = Cancelled }},
	} {
		one := *m
		if c.change != nil {
			c.change(&one)
		}
		x, err := one.Matrix(at(c.now))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x.Languages, []string{"en", "ru", "uz"}) {
			t.Errorf("%s: languages %v", c.why, x.Languages)
		}
		a, b := x.Rows[0], x.Rows[1]
		if a.Cells[0].State != PaperIssued || a.Cells[1].State != PaperLate || len(a.Cells) != 2 || a.Flagged {
			t.Errorf("%s: %+v", c.why, a)
		}
		if b.Cells[1].State != c.state || b.Flagged != c.flagged || b.Cells[2].Language != "uz" {
			t.Errorf("%s: %+v, want %s, flagged %v", c.why, b, c.state, c.flagged)
		}
	}
}

func TestMaySee(t *testing.T) {
	for _, c := range []struct {
		clearance, level string
		want             bool
	}{
		{"public", "public", true}, {"public", "limited", false}, {"limited", "limited", true}, {"limited", "confidential", false},
		{"confidential", "confidential", true}, {"confidential", "", true}, {"limited", "", false}, {"", "public", false}, {"secret", "public", false},
		{"limited", PaperLevel("restricted"), false}, {"limited", PaperLevel("limited"), true}, {"public", PaperLevel("general"), true}, {"confidential", "nonsense", false},
	} {
		if got := MaySee(c.clearance, c.level); got != c.want {
			t.Errorf("%q sees %q: %v", c.clearance, c.level, got)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		member int64
		place  int
		want   []int64
	}{
		{3, 1, []int64{3, 1, 2}}, {1, 3, []int64{2, 3, 1}}, {2, 2, []int64{1, 2, 3}}, {1, 99, []int64{2, 3, 1}}, {3, -5, []int64{3, 1, 2}}, {9, 1, nil},
	} {
		if got := Place([]int64{1, 2, 3}, c.member, c.place); !slices.Equal(got, c.want) {
			t.Errorf("%d to %d: %v, want %v", c.member, c.place, got, c.want)
		}
	}
}

// Owner first, then the backup, then the chair; who cannot be reached is passed over.
func TestAddressee(t *testing.T) {
	for _, c := range []struct {
		why           string
		level         int
		owner, backup string
		want          string
		change        func(*Meeting)
	}{
		{"the owner", 0, "bob", "chen", "bob", nil},
		{"then the backup", 1, "bob", "chen", "chen", nil},
		{"then the chair", 2, "bob", "chen", "anna", nil},
		{"no backup", 1, "bob", "", "anna", nil},
		{"the owner receives nothing", 0, "gone", "chen", "chen", nil},
		{"no chair", 2, "bob", "chen", "chen", func(m *Meeting) { m.Council.Offices = nil }},
		{"neither backup nor chair", 2, "bob", "", "bob", func(m *Meeting) { m.Council.Offices = nil }},
		{"nobody at all", 1, "gone", "", "gone", func(m *Meeting) { m.Council.Offices = nil }},
	} {
		m := fixture()
		if c.change != nil {
			c.change(m)
		}
		o := occasion{level: c.level, action: &programme.ActionItem{Owner: c.owner, Backup: c.backup, DueOn: date("2026-12-20")}}
		if got := m.addressee(o); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestUnassigned(t *testing.T) {
	s := programme.Session{Decisions: []programme.Decision{{Ref: "A"}, {Ref: "B"}, {Ref: "C"}, {Ref: "D"}}, ActionItems: []programme.ActionItem{
		{Ref: "1", Decision: "A", Owner: "bob", DueOn: date("2027-01-01")}, {Ref: "2", Decision: "B", DueOn: date("2027-01-01")}, {Ref: "3", Decision: "C", Owner: "bob"}}}
	if got := unassigned(s, map[string]bool{"D": true}); !slices.Equal(got, []string{"B", "C"}) {
		t.Errorf("got %v, want B without owner and C without day", got)
	}
}
