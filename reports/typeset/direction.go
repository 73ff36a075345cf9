package typeset

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// mayRunRight tells quickly that a rune needs the bidirectional algorithm.
func mayRunRight(r rune) bool {
	return r >= 0x590 && (r <= 0x8FF || r == rightToLeft || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC)
}

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// runsRight decides the direction of a paragraph. In a document from right to left one letter of that direction is enough;
// elsewhere the majority of letters decides, so that an English sentence that begins with an Arabic title stays English.
func runsRight(text []rune, document bool) bool {
	right, left := 0, 0
	for _, r := range text {
		switch class(r) {
		case bidi.R, bidi.AL:
			right++
		case bidi.L:
			left++
		}
	}
	if document {
		return right > 0 || left == 0
	}
	return right > left
}

// levels resolves the embedding level of each rune by the Unicode Bidirectional Algorithm (UAX 9, rules W1 to I2) for text
// without explicit formatting, which clean has removed. Package bidi supplies the classes; its own result has directions
// only, not levels, and cannot tell a number after Arabic letters from one in Latin text.
func levels(text []rune, base uint8) []uint8 {
	n := len(text)
	classes := make([]bidi.Class, n)
	for i, r := range text {
		classes[i] = class(r)
	}
	original := slices.Clone(classes)
	signs(classes)
	edge := bidi.L
	if base%2 == 1 {
		edge = bidi.R
	}
	weak(classes, edge)
	brackets(text, classes, original, edge)
	neutrals(classes, edge)
	out := make([]uint8, n)
	for i, c := range classes {
		out[i] = base
		switch {
		case c == bidi.R && base%2 == 0, c == bidi.L && base%2 == 1:
			out[i] = base + 1
		case c == bidi.AN || c == bidi.EN:
			out[i] = base + 2 - base%2
		}
	}
	return out
}

// signs makes a sign before a number part of it, so that −12 does not become 12− in Arabic text (a higher-level protocol,
// UAX 9, HL2; locale data put a mark before the sign for the same end).
func signs(c []bidi.Class) {
	for i := range c {
		if c[i] == bidi.ES && i+1 < len(c) && c[i+1] == bidi.EN && (i == 0 || c[i-1] == bidi.WS || c[i-1] == bidi.ON) {
			c[i] = bidi.EN
		}
	}
}

// weak applies W1 to W7: marks, European and Arabic numbers, separators.
func weak(c []bidi.Class, edge bidi.Class) {
	previous, strong := edge, edge
	for i := range c {
		switch c[i] {
		case bidi.NSM: // W1
			c[i] = previous
		case bidi.EN: // W2
			if strong == bidi.AL {
				c[i] = bidi.AN
			}
		case bidi.L, bidi.R, bidi.AL:
			strong = c[i]
		}
		previous = c[i]
	}
	for i := range c {
		if c[i] == bidi.AL { // W3
			c[i] = bidi.R
		}
		if i > 0 && i+1 < len(c) && c[i-1] == c[i+1] && // W4
			(c[i-1] == bidi.EN && (c[i] == bidi.ES || c[i] == bidi.CS) || c[i-1] == bidi.AN && c[i] == bidi.CS) {
			c[i] = c[i-1]
		}
	}
	for i := 0; i < len(c); i++ { // W5
		if c[i] != bidi.ET {
			continue
		}
		j := i
		for j < len(c) && c[j] == bidi.ET {
			j++
		}
		if i > 0 && c[i-1] == bidi.EN || j < len(c) && c[j] == bidi.EN {
			for k := i; k < j; k++ {
				c[k] = bidi.EN
			}
		}
		i = j - 1
	}
	strong = edge
	for i := range c {
		switch c[i] {
		case bidi.ES, bidi.CS, bidi.ET: // W6
			c[i] = bidi.ON
		case bidi.L, bidi.R:
			strong = c[i]
		case bidi.EN: // W7
			if strong == bidi.L {
				c[i] = bidi.L
			}
		}
	}
}

// strength is the direction that a class lends to neutrals beside it: numbers count as right to left (N0, N1).
func strength(c bidi.Class) (bidi.Class, bool) {
	switch c {
	case bidi.L:
		return bidi.L, true
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R, true
	}
	return bidi.ON, false
}

// closing holds the paired brackets that reports write.
var closing = map[rune]rune{'(': ')', '[': ']', '{': '}', '«': '»', '‹': '›', '（': '）', '【': '】', '《': '》'}

// brackets applies N0: a pair takes the direction of what it holds, or of what stands before it.
func brackets(text []rune, c, original []bidi.Class, edge bidi.Class) {
	var open []int
	for i, r := range text {
		if c[i] != bidi.ON || original[i] != bidi.ON {
			continue
		}
		if closing[r] != 0 {
			open = append(open, i)
			continue
		}
		for k := len(open) - 1; k >= 0; k-- {
			if closing[text[open[k]]] == r {
				pair(c, open[k], i, edge)
				open = open[:k]
				break
			}
		}
	}
}

func pair(c []bidi.Class, from, to int, edge bidi.Class) {
	opposite := false
	for _, inner := range c[from+1 : to] {
		s, strong := strength(inner)
		if strong && s == edge {
			c[from], c[to] = edge, edge
			return
		}
		opposite = opposite || strong
	}
	if !opposite {
		return
	}
	before := edge
	for i := from - 1; i >= 0; i-- {
		if s, strong := strength(c[i]); strong {
			before = s
			break
		}
	}
	c[from], c[to] = before, before
}

// neutrals applies N1 and N2: neutrals between two of one direction take it, others that of the paragraph.
func neutrals(c []bidi.Class, edge bidi.Class) {
	before := edge
	for i := 0; i < len(c); i++ {
		if s, strong := strength(c[i]); strong {
			before = s
			continue
		}
		j, after := i, edge
		for ; j < len(c); j++ {
			if s, strong := strength(c[j]); strong {
				after = s
				break
			}
		}
		to := edge
		if before == after {
			to = before
		}
		for ; i < j; i++ {
			c[i] = to
		}
		i--
	}
}

// Mirror returns the bracket or sign whose shape is the mirror image of a rune's. In text from right to left a bracket is drawn
// with the shape of its counterpart and stays itself to whoever reads the text (UAX 9, L4).
func Mirror(r rune) (rune, bool) {
	m, ok := mirrored[r]
	return m, ok && class(r) == bidi.ON
}

var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '«': '»', '»': '«', '<': '>', '>': '<',
	'‹': '›', '›': '‹', '（': '）', '）': '（', '《': '》', '》': '《', '≤': '≥', '≥': '≤'}
