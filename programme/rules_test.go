package programme

import "testing"

func TestSees(t *testing.T) {
	tests := []struct {
		clearance, level string
		want             bool
	}{
		{"public", "public", true},
		{"public", "limited", false},
		{"limited", "limited", true},
		{"limited", "confidential", false},
		{"confidential", "confidential", true},
		{"", "public", true},
		{"", "limited", false},
		{"nonsense", "limited", false},
	}
	for _, tt := range tests {
		if got := Sees(tt.clearance, tt.level); got != tt.want {
			t.Errorf("Sees(%q, %q) = %v, want %v", tt.clearance, tt.level, got, tt.want)
		}
	}
}

func TestClearanceOf(t *testing.T) {
	tests := []struct {
		name   string
		person Person
		seated bool
		want   string
	}{
		{"own clearance stands, also when it is less", Person{Clearance: "public", Roles: []string{"secretary"}}, true, "public"},
		{"highest of several roles", Person{Roles: []string{"stakeholder", "officer"}}, false, "confidential"},
		{"focal point", Person{Roles: []string{"focal-point"}}, false, "limited"},
		{"seat member without a role", Person{}, true, "limited"},
		{"stakeholder", Person{Roles: []string{"stakeholder"}}, false, "public"},
		{"no role", Person{}, false, "public"},
	}
	for _, tt := range tests {
		if got := ClearanceOf(tt.person, tt.seated); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStandingBeforeAnyRevision(t *testing.T) {
	a := Activity{Status: "implementation", StartsOn: day("2026-01-01"), DueOn: day("2026-12-31"), Percent: 60,
		Revisions: []Revision{{Date: day("2026-09-15"), From: day("2026-09-30"), To: day("2026-12-31")}, {Date: day("2026-06-15"), From: day("2026-06-30"), To: day("2026-09-30")}}}
	tests := []struct {
		on, due         string
		revisions, slip int
	}{
		{"2026-06-14", "2026-06-30", 0, 0},
		{"2026-06-15", "2026-09-30", 1, 92},
		{"2026-09-15", "2026-12-31", 2, 184},
	}
	a.OriginalDueOn = day("2026-06-30")
	for _, tt := range tests {
		s := a.On(day(tt.on))
		if s.DueOn.String() != tt.due || s.Revisions != tt.revisions || s.SlipDays != tt.slip {
			t.Errorf("on %s: due %s, %d revisions, slip %d; want %s, %d, %d", tt.on, s.DueOn, s.Revisions, s.SlipDays, tt.due, tt.revisions, tt.slip)
		}
	}
}
