package typeset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// placeholder stands for a character that no face has. It is the conventional stand-in for a letter (U+25CC), which the
// Latin faces have, and is not U+FFFD, which in extracted text would look like a broken file.
const placeholder = '\u25CC'

// Characters without width that steer shaping, breaking or direction; they are never drawn.
const (
	softHyphen   = '\u00AD'
	zeroSpace    = '\u200B'
	zeroNonJoin  = '\u200C'
	zeroJoin     = '\u200D'
	leftToRight  = '\u200E'
	rightToLeft  = '\u200F'
	arabicMark   = '\u061C'
	wordJoiner   = '\u2060'
	byteOrder    = '\uFEFF'
	noBreakSpace = '\u00A0'
)

// clean is the one way by which text gets in: valid UTF-8 in NFC without controls, direction overrides and characters
// beyond the Basic Multilingual Plane. The second result names the characters that became placeholders, U+FFFD for bytes
// that are no UTF-8. Line feeds stay; tabs and other white space become spaces.
func clean(s string) (string, []rune) {
	if plainText(s) {
		return s, nil
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, string(utf8.RuneError)))
	var b strings.Builder
	b.Grow(len(s))
	var lost []rune
	after := afterNothing
	for _, given := range s {
		var r rune
		r, after = cleanRune(given, after)
		switch {
		case r == dropped:
			continue
		case r == placeholder && given != placeholder:
			lost = append(lost, given)
		}
		b.WriteRune(r)
	}
	return b.String(), lost
}

// plainText tells at a glance that there is nothing to clean: printable ASCII, Latin-1 letters, Cyrillic.
func plainText(s string) bool {
	for _, r := range s {
		if (r < ' ' && r != '\n') || r == 0x7F || (r >= 0x80 && r < 0xC0 && r != noBreakSpace && r != '«' && r != '»' && r != '·') ||
			(r > 0x17F && r < 0x400) || (r > 0x45F && r != '–' && r != '—' && r != '’' && r != '№' && r != '“' && r != '”' && r != '„') {
			return false
		}
		if r == utf8.RuneError {
			return false
		}
	}
	return true
}

// dropped is what cleanRune returns for a character that leaves no trace.
const dropped = rune(-1)

// What came before a character matters to emoji: one picture may be written with up to seven characters.
const (
	afterNothing = iota
	afterPicture // joins with modifiers, selectors and, through a joiner, with the next picture
	afterJoiner
	afterFlag // half of a flag
)

func cleanRune(r rune, after int) (rune, int) {
	switch {
	case r > 0xFFFF:
		return cleanPicture(r, after)
	case r == '\n':
		return r, afterNothing
	case r == '\u2028' || r == '\u2029' || r == '\u0085':
		return '\n', afterNothing
	case r == '\t' || r == '\v' || r == '\f':
		return ' ', afterNothing
	case r == zeroJoin && after == afterPicture:
		return dropped, afterJoiner
	case r >= 0xFE00 && r <= 0xFE0F, r == 0x20E3: // variation selectors, keycap
		return dropped, after
	case r < ' ', r >= 0x7F && r < 0xA0, r == byteOrder:
		return dropped, after
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x206F: // embeddings, overrides, isolates, deprecated controls
		return dropped, after
	case r >= 0xFFF0 && r <= 0xFFFC, r == 0xFFFE, r == 0xFFFF, r >= 0xFDD0 && r <= 0xFDEF: // specials, non-characters
		return dropped, after
	case r == utf8.RuneError, r >= 0xE000 && r <= 0xF8FF: // private use
		return placeholder, afterNothing
	}
	return r, afterNothing
}

func cleanPicture(r rune, after int) (rune, int) {
	switch {
	case r >= 0xE0000 && r <= 0xE0FFF: // tags and selectors
		return dropped, after
	case r >= 0x1F3FB && r <= 0x1F3FF && after == afterPicture: // skin tones
		return dropped, after
	case after == afterJoiner:
		return dropped, afterPicture
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		if after == afterFlag {
			return dropped, afterNothing
		}
		return placeholder, afterFlag
	}
	return placeholder, afterPicture
}
