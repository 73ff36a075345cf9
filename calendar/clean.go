package calendar

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is the longest content line in octets (RFC 5545, 3.1).
const maxLine = 75

// fold breaks content lines longer than 75 octets, never inside a character.
func fold(object string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(object, "\r\n"), "\r\n") {
		for limit := maxLine; len(line) > limit; limit = maxLine - 1 { // a continuation begins with a space
			cut := limit
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			b.WriteString(line[:cut] + "\r\n ")
			line = line[cut:]
		}
		b.WriteString(line + "\r\n")
	}
	return b.String()
}

// cleanText makes a text safe as an iCalendar text: line feeds stay, all other controls, separators of lines and
// overrides of direction go. Some parsers end a line at U+0085, U+2028 and U+2029.
func cleanText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && dangerous(r) {
			return -1
		}
		return r
	}, s))
}

// cleanName makes a name safe as a parameter for the parsers in use: a quoted ";" splits in one, "^" is decoded by few.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '"':
			return '\''
		case ';', ':':
			return ','
		case '\n', '\t':
			return ' '
		case '^', '\\':
			return -1
		}
		return r
	}, cleanText(s))
	return strings.Join(strings.Fields(s), " ")
}

// dangerous reports controls and the characters that turn the direction of what follows.
func dangerous(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}

// unsafeInValue reports what may not stand in an address or a UID.
func unsafeInValue(r rune) bool { return unsafeInLink(r) || strings.ContainsRune(",;", r) }

// unsafeInLink reports what may not stand in an address of the web.
func unsafeInLink(r rune) bool {
	return dangerous(r) || unicode.IsSpace(r) || strings.ContainsRune("\"<>\\^`{|}", r) || r == utf8.RuneError
}
