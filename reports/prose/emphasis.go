package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bond stands between punctuation and the asterisks of bold text until the text is read. It is a noncharacter: no text has it.
const bond = '\uFDD0'

// bonded lets "**" begin and end bold text within words. By the rules of CommonMark (6.2, flanking runs) "**" after punctuation ends
// bold text only before a space or punctuation, which Chinese has no need of: "（塔什干）**前" would show its asterisks. A
// character that is neither, put between the two, makes it end there. Text of ASCII alone, such as addresses, stays.
func bonded(s string) string {
	if !strings.Contains(s, "**") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "**")
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		before, _ := utf8.DecodeLastRuneInString(s[:at])
		after, _ := utf8.DecodeRuneInString(s[at+2:])
		b.WriteString(s[:at])
		if touches(before, after) {
			b.WriteRune(bond)
		}
		b.WriteString("**")
		if touches(after, before) {
			b.WriteRune(bond)
		}
		s = s[at+2:]
	}
}

// touches tells punctuation on one side of the asterisks and a word on the other.
func touches(mark, word rune) bool {
	return mark != '*' && (unicode.IsPunct(mark) || unicode.IsSymbol(mark)) && (unicode.IsLetter(word) || unicode.IsDigit(word)) &&
		(mark >= utf8.RuneSelf || word >= utf8.RuneSelf)
}
