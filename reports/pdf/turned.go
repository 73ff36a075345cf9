package pdf

import (
	"cmp"
	"slices"

	"secretariat/reports/typeset"
)

// turned is a bracket of a run from right to left. It is drawn as the mirror image of the one that was written, and its code
// must lead back to that one. Where such a run follows a number or a Latin word and begins with the bracket, the bracket is
// marked as running from right to left: pdftotext would count it among the characters before it, and turn it round once more.
// (Measured with poppler 22.12, which knows no levels: other punctuation beside numbers, such as the comma of "2026، 10:00",
// it gives on the wrong side, and marks do not help. mutool and the structure tree go by the order of drawing.)
type turned struct {
	drawn  rune
	marked bool
}

// rightToLeftMark is invisible and has the direction of Hebrew letters. It stands behind what it marks, as pdftotext takes
// several characters of one code from left to right.
const rightToLeftMark = 0x200F

// reads is the text that its code leads back to.
func (t turned) reads() []rune {
	m, _ := typeset.Mirror(t.drawn)
	if t.marked {
		return []rune{m, rightToLeftMark}
	}
	return []rune{m}
}

// turnedRunesOf returns the brackets of a run from right to left by their place in it, in drawing order. before is the text
// drawn before it.
func turnedRunesOf(before, t typeset.Text) map[int]turned {
	var out map[int]turned
	runes := []rune(t.Runes)
	begins := true // a run after one from left to right
	if before.Y != t.Y || before.Backward || before.Runes == "" {
		begins = false
	}
	for i := len(runes) - 1; i >= 0; i-- { // the last one is read first
		if _, ok := typeset.Mirror(runes[i]); ok {
			if out == nil {
				out = map[int]turned{}
			}
			out[i] = turned{runes[i], begins}
		}
		begins = begins && (runes[i] == ' ' || runes[i] == '\u00a0')
	}
	return out
}

// turnedRunes finds the runes of each face that need a code more, in a fixed order.
func turnedRunes(l *typeset.Layout) map[typeset.Face][]turned {
	out := map[typeset.Face][]turned{}
	for _, page := range l.Pages {
		var before typeset.Text
		for _, op := range page.Ops {
			t, ok := op.(typeset.Text)
			if !ok || t.Runes == "" {
				continue
			}
			if t.Backward {
				for _, r := range turnedRunesOf(before, t) {
					if !slices.Contains(out[t.Face], r) {
						out[t.Face] = append(out[t.Face], r)
					}
				}
			}
			before = t
		}
	}
	for _, all := range out {
		slices.SortFunc(all, func(a, b turned) int {
			return cmp.Or(cmp.Compare(a.drawn, b.drawn), boolCompare(a.marked, b.marked))
		})
	}
	return out
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
