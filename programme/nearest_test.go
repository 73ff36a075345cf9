package programme

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"title", "timezone", "status", "due_on", "original_due_on", "I", "X-tolaganova"}
	for _, row := range []struct{ word, want, why string }{
		{"titel", "title", "neighbours swapped"},
		{"tite", "title", "a letter too few"},
		{"Status", "status", "case does not matter"},
		{"dueon", "due_on", "one slip in five letters"},
		{"due", "", "three slips in three letters"},
		{"X-tolagonova", "X-tolaganova", "a ref"},
		{"II", "I", "short words have one slip"},
		{"colour", "", "nothing is near"},
		{"", "I", "nothing written: the one slip is the whole word"},
	} {
		if got := Nearest(row.word, known); got != row.want {
			t.Errorf("%q: got %q, want %q (%s)", row.word, got, row.want, row.why)
		}
	}
}
