package acts

import (
	"strings"
	"testing"
	"time"

	"secretariat/store/storetest"
	"secretariat/templates"
)

// A clock that differs and a font that is missing are faults, and each has its cure.
func TestDoctorChecks(t *testing.T) {
	a := &Acts{Store: storetest.New(t)}
	now, err := a.Store.ServerClock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	without := func(face string) []byte {
		if face == "han" {
			return nil
		}
		return templates.Font(face)
	}
	for _, row := range []struct {
		name        string
		f           Finding
		state, what string
	}{
		{"clocks that agree", a.checkClock(t.Context(), now), FindingGood, "agree"},
		{"a machine that is fast", a.checkClock(t.Context(), now.Add(10*time.Minute)), FindingFault, "10m"},
		{"a machine that is slow", a.checkClock(t.Context(), now.Add(-time.Hour)), FindingFault, "1h0m"},
		{"all fonts", checkFonts(templates.Font), FindingGood, "all faces"},
		{"a font is missing", checkFonts(without), FindingFault, "han"},
	} {
		if row.f.State != row.state || !strings.Contains(row.f.What, row.what) || (row.f.Hint == "") != (row.state == FindingGood) {
			t.Errorf("%s: %+v, want %s and %q", row.name, row.f, row.state, row.what)
		}
	}
}
