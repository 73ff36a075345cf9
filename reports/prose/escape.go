package prose

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/util"
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

// unescape resolves backslashes and character references in one pass, so that the one never makes the other.
func unescape(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\\' && i+1 < len(b) && util.IsPunct(b[i+1]):
			i++
			out.WriteByte(b[i])
		case b[i] == '&':
			text, n := reference(b[i:])
			out.WriteString(text)
			i += n - 1
		default:
			out.WriteByte(b[i])
		}
	}
	return out.String()
}

// reference reads the character reference at the start of b and returns its text and length; a lone "&" is itself.
func reference(b []byte) (string, int) {
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end < 2 {
		return "&", 1
	}
	whole := b[:end+1]
	var resolved []byte
	if b[1] == '#' {
		resolved = util.ResolveNumericReferences(whole)
	} else {
		resolved = util.ResolveEntityNames(whole)
	}
	if bytes.Equal(resolved, whole) {
		return "&", 1
	}
	return string(resolved), end + 1
}
