package programme

import "testing"

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
