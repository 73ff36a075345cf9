package typeset

import (
	"unicode"
)

// glyph is one character of a prepared text. It knows no size, so that prepared texts serve every size.
type glyph struct {
	r       rune   // what is drawn; 0 for nothing
	advance uint16 // 1/1000 em
	span    uint16 // index into the spans
	face    uint8  // index into Faces
	level   uint8  // embedding level; odd runs right to left
	flags   flags
}

type flags uint8

const (
	breakAfter flags = 1 << iota // a line may end after it
	mustBreak                    // a line ends after it
	space                        // hangs over the end of a line
	mark                         // stands on the glyph before it
	hyphen                       // a soft hyphen: seen only at the end of a line
	inside                       // follows the glyph before it in one grapheme
)

// Indexes into Faces.
const (
	faceRegular = iota
	faceBold
	faceItalic
	faceArabic
	faceArabicBold
	faceHan
	faceSymbols
	faceMath
)

// setFaces chooses a face and an advance for each glyph; spans give the wanted face. It returns the characters that
// had to be replaced. Characters that belong to no script follow Arabic letters in their face, to keep runs whole.
func setFaces(g []glyph, wanted []uint8, text []rune) (lost []rune) {
	previous := uint8(faceRegular)
	for i := range g {
		want := wanted[g[i].span]
		r := g[i].r
		if r == 0 {
			g[i].face = previous
			continue
		}
		if latin := loaded[want](); r != placeholder && !sticksToArabic(previous, r) && latin.has(r) {
			g[i].face, g[i].advance, previous = want, latin.advance[r], want
			continue
		}
		f, ok := faceOf(r, want, previous)
		if !ok {
			if r != placeholder {
				lost = append(lost, text[i])
			}
			g[i].r, r, f = placeholder, placeholder, want
		}
		g[i].face, g[i].advance, previous = f, loaded[f]().advance[r], f
		if unicode.Is(unicode.Mn, text[i]) && i > 0 {
			g[i].flags |= mark | inside
			g[i].face, g[i].advance = f, loaded[f]().advance[r]
		}
	}
	return lost
}

// sticksToArabic tells white space and punctuation that stay in the Arabic face after Arabic letters.
func sticksToArabic(previous uint8, r rune) bool {
	if previous != faceArabic && previous != faceArabicBold || !loaded[previous]().has(r) {
		return false
	}
	return r == ' ' || r == noBreakSpace || r == '.' || r == ':' || r == '«' || r == '»'
}

// faceOf finds the first face with the rune.
func faceOf(r rune, want, previous uint8) (uint8, bool) {
	if sticksToArabic(previous, r) {
		return previous, true
	}
	arabic := uint8(faceArabic)
	if want == faceBold {
		arabic = faceArabicBold
	}
	for _, f := range [...]uint8{want, faceRegular, arabic, faceHan, faceSymbols, faceMath} {
		if loaded[f]().has(r) {
			return f, true
		}
	}
	return 0, false
}

// invisible tells characters that steer and are never drawn.
func invisible(r rune) bool {
	switch r {
	case '\n', softHyphen, zeroSpace, zeroNonJoin, zeroJoin, leftToRight, rightToLeft, arabicMark, wordJoiner:
		return true
	}
	return false
}

// reorder returns the glyphs of a line from left to right (UAX 9, L1, L2 and L4), with base as the level of the space at the
// end. A mark then comes before its letter: without an advance of its own and drawn to the right of its origin, it lands on
// the letter. (L3, which would turn that round, is for fonts whose marks reach to the left.)
func reorder(g []glyph, base uint8) []glyph {
	out := append([]glyph(nil), g...)
	for i := len(out) - 1; i >= 0 && (out[i].flags&space != 0 || out[i].r == 0); i-- {
		out[i].level = base
	}
	highest := uint8(0)
	for _, x := range out {
		highest = max(highest, x.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(out); i++ {
			j := i
			for j < len(out) && out[j].level >= level {
				j++
			}
			if j > i {
				reverse(out[i:j])
				i = j - 1
			}
		}
	}
	for i := range out {
		if out[i].level%2 == 1 {
			if m, ok := Mirror(out[i].r); ok {
				out[i].r = m
				out[i].advance = loaded[out[i].face]().advance[m]
			}
		}
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func reverse(g []glyph) {
	for i, j := 0, len(g)-1; i < j; i, j = i+1, j-1 {
		g[i], g[j] = g[j], g[i]
	}
}
