package pdf

import (
	"slices"
	"unicode"
)

// isRightToLeft says whether a run holds a letter of a script that is written from right to left. Such letters lie
// between U+0590 and U+08FF or are presentation forms.
func isRightToLeft(runes string) bool {
	for _, r := range runes {
		if r >= 0x0590 && isStrongRTL(r) {
			return true
		}
	}
	return false
}

func isStrongRTL(r rune) bool {
	return (r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC) &&
		r >= 0x0590 && unicode.In(r, unicode.Lo, unicode.Lm)
}

// runsForward says whether a rune stands in reading order inside a line from right to left: digits, with what joins them,
// and letters of other scripts.
func runsForward(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !isStrongRTL(r)
}

// toReadingOrder turns glyphs that stand in the order of the line, left to right, into the order in which they are read:
// the whole is turned round, and the parts that run forward once more.
func toReadingOrder(glyphs []glyph, runes []rune) {
	slices.Reverse(glyphs)
	slices.Reverse(runes)
	for i := 0; i < len(runes); i++ {
		if !runsForward(runes[i]) {
			continue
		}
		end := i + 1
		for j := end; j < len(runes) && !isStrongRTL(runes[j]); j++ {
			if runsForward(runes[j]) {
				end = j + 1
			}
		}
		slices.Reverse(glyphs[i:end])
		slices.Reverse(runes[i:end])
		i = end
	}
}
