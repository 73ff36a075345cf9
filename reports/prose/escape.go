package prose

import (
	"strings"
	"unicode"
)

// Escape returns text such that Blocks and Spans give back exactly its words, whatever marks it holds: data put into a
// template can never become markup. Controls go, white space becomes single spaces, and leading space is dropped
// because four of it would begin a block of code.
func Escape(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	space := true // swallows leading space
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\v' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case unicode.IsControl(r):
			continue
		case r < 128 && (unicode.IsPunct(r) || unicode.IsSymbol(r)):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		space = false
	}
	return b.String()
}
