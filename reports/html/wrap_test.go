package html

import (
	"slices"
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text        string
		limit       int
		first, rest string
		want        []string
		reason      string
	}{
		{"one two three", 8, "", "", []string{"one two", "three"}, "at spaces"},
		{"one  two", 80, "", "", []string{"one two"}, "runs of spaces are one"},
		{"https://a.example/long x", 8, "", "", []string{"https://a.example/long", "x"}, "a link keeps its line"},
		{"see https://a.example/long", 8, "- ", "  ", []string{"- see", "  https://a.example/long"}, "indented"},
		{"8\u00a0December 2026", 10, "", "", []string{"8\u00a0December", "2026"}, "not at a no-break space"},
		{"中亚回返者，康复", 8, "", "", []string{"中亚回返", "者，康复"}, "Han characters are two columns"},
		{"中亚回返，康复", 8, "", "", []string{"中亚回", "返，康复"}, "a comma does not begin a line"},
		{"", 8, "- ", "", nil, "nothing"},
	} {
		if got := wrap(c.text, c.limit, c.first, c.rest); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q: %s", c.text, got, c.want, c.reason)
		}
	}
}

func TestWrapKeepsAllWords(t *testing.T) {
	s := strings.Repeat("Привет ambassador ", 40)
	if got := strings.Join(wrap(s, 30, "", ""), " "); got != strings.TrimSpace(s) {
		t.Errorf("got %q", got)
	}
}
