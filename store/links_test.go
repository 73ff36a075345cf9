package store

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMaskedAndWhole: a letter that is stored and read is the same letter, whatever stands in it, and what is stored holds no token.
func TestMaskedAndWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringMatching(`[a-z2-7]{25,28}`)
		piece := rapid.OneOf(rapid.SampledFrom([]string{"/r/", "/u/", "/p/", "/f/", "/x/", "/", "…", "/r/…", "é", "\xff", "r/"}), token, rapid.String())
		text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "") })
		d := Delivery{ID: 7, BodyText: text.Draw(t, "text"), BodyHTML: text.Draw(t, "html"), Headers: Headers{"B": text.Draw(t, "b"), "A": text.Draw(t, "a"), "AA": ""}}
		kept := d.masked()
		for _, stored := range []string{kept.BodyText, kept.BodyHTML, kept.Headers["A"], kept.Headers["B"]} {
			if open := regexp.MustCompile(`/[rpuf]/[a-z2-7]{26}`).FindString(stored); open != "" {
				t.Fatalf("%q is stored in %q", open, stored)
			}
		}
		if back := kept.whole(); back.BodyText != d.BodyText || back.BodyHTML != d.BodyHTML || !reflect.DeepEqual(back.Headers, d.Headers) || back.Links != nil {
			t.Fatalf("%q, %q, %q with %q became %q, %q, %q", kept.BodyText, kept.BodyHTML, kept.Headers, kept.Links, back.BodyText, back.BodyHTML, back.Headers)
		}
	})
}

func TestReplaceTokens(t *testing.T) {
	const token = "abcdefghijklmnopqrstuvwxyz"
	for _, row := range []struct{ name, text, want string }{
		{"nothing to replace", "no link", "no link"},
		{"a link within a text", "see https://x.example/r/" + token + ".", "see https://x.example/r/1."},
		{"several, in order", "/u/" + token + "/p/" + token, "/u/1/p/2"},
		{"the token is the first 26", "/r/" + token + "abc", "/r/1abc"},
		{"too short for a token", "/r/" + token[1:], "/r/" + token[1:]},
		{"another door", "/x/" + token, "/x/" + token},
		{"a door within a word", "https://x.example/readme/" + token, "https://x.example/readme/" + token},
		{"a capital is none of ours", "/r/A" + token[1:], "/r/A" + token[1:]},
		{"at the end", "/r/", "/r/"},
		{"two doors", "/r/r/" + token, "/r/r/1"},
		{"two slashes", "//r/" + token, "//r/1"},
		{"a mask counts", "/r/… /u/" + token, "/r/1 /u/2"},
	} {
		n := 0
		got := replaceTokens(row.text, func(string) string { n++; return string(rune('0' + n)) })
		if got != row.want {
			t.Errorf("%s: %q became %q, want %q", row.name, row.text, got, row.want)
		}
	}
}
