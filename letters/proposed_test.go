package letters

import (
	"strings"
	"testing"
)

// A moment proposed by a calendar program is told as any other, on the council's clocks and the reader's.
func TestProposedMoments(t *testing.T) {
	set := load(t)
	for _, row := range []struct{ written, want, why string }{
		{"20261209T050000Z", "Wed 9 December 2026, 10:00 (Tashkent, UTC+5) · 06:00 in Vienna", "in UTC"},
		{"20261209T100000 Asia/Tashkent", "Wed 9 December 2026, 10:00 (Tashkent, UTC+5) · 06:00 in Vienna", "with a zone"},
		{"20261209T060000 Europe/Vienna", "Wed 9 December 2026, 10:00 (Tashkent, UTC+5)", "in the reader's zone"},
		{"20261209T100000", "Wed 9 December 2026, 10:00 (Tashkent, UTC+5)", "without a zone"},
		{"20261209", "proposes another time through a calendar program: 9 December 2026.", "a day"},
		{"20261209T100000 West Asia Standard Time", "20261209T100000 West Asia Standard Time", "a zone that only the sender knows"},
		{"soon", "program: soon.", "no moment"},
	} {
		d := full(t)
		d.Session.Notice.Proposed = row.written
		letter, err := set.Compose("reply-notice", "en", only("reply-notice", d))
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.ReplaceAll(strings.Join(strings.Fields(letter.Text), " "), "\u00a0", " "); !strings.Contains(text, row.want) {
			t.Errorf("%s: want %q in\n%s", row.why, row.want, letter.Text)
		}
	}
}
