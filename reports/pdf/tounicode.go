package pdf

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// toUnicode writes the CMap that leads from a code back to text. Code i+1 is that of rune i; the turned ones follow.
// Presentation forms lead to their base letters, so that Arabic can be searched and copied.
func toUnicode(runes []rune, extra []turned) []byte {
	texts := make([][]rune, 0, len(runes)+len(extra))
	for _, r := range runes {
		texts = append(texts, baseLetters(r))
	}
	for _, t := range extra {
		texts = append(texts, t.reads())
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(texts); from += 100 { // at most 100 entries in a block
		to := min(from+100, len(texts))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "<%04X> <", i+1)
			for _, u := range utf16.Encode(texts[i]) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}

// formRun is consecutive presentation forms of consecutive letters: each letter of base has n forms.
type formRun struct {
	first rune
	n     int
	base  string
}

// formRuns covers the letters of Unicode's Arabic Presentation Forms-A and -B that a shaper can produce (names of the
// characters in The Unicode Standard, charts UFB50 and UFE70); a test compares them with the standard's decompositions.
var formRuns = []formRun{
	{0xFB50, 2, "\u0671"}, {0xFB52, 4, "\u067B\u067E\u0680\u067A\u067F\u0679\u06A4\u06A6\u0684\u0683\u0686\u0687"},
	{0xFB82, 2, "\u068D\u068C\u068E\u0688\u0698\u0691"}, {0xFB8E, 4, "\u06A9\u06AF\u06B3\u06B1"}, {0xFB9E, 2, "\u06BA"},
	{0xFBA0, 4, "\u06BB"}, {0xFBA4, 2, "\u06C0"}, {0xFBA6, 4, "\u06C1\u06BE"}, {0xFBAE, 2, "\u06D2\u06D3"},
	{0xFBD3, 4, "\u06AD"}, {0xFBD7, 2, "\u06C7\u06C6\u06C8"}, {0xFBDE, 2, "\u06CB\u06C5\u06C9"}, {0xFBE4, 4, "\u06D0"},
	{0xFBE8, 2, "\u0649"}, {0xFBFC, 4, "\u06CC"},
	{0xFE80, 1, "\u0621"}, {0xFE81, 2, "\u0622\u0623\u0624\u0625"}, {0xFE89, 4, "\u0626"}, {0xFE8D, 2, "\u0627"},
	{0xFE8F, 4, "\u0628"}, {0xFE93, 2, "\u0629"}, {0xFE95, 4, "\u062A\u062B\u062C\u062D\u062E"},
	{0xFEA9, 2, "\u062F\u0630\u0631\u0632"}, {0xFEB1, 4, "\u0633\u0634\u0635\u0636\u0637\u0638\u0639\u063A\u0641\u0642\u0643\u0644\u0645\u0646\u0647"},
	{0xFEED, 2, "\u0648\u0649"}, {0xFEF1, 4, "\u064A"},
}

// baseLetters returns the letters that a presentation form stands for, and any other rune itself. The ligatures of lam and
// alef are two letters.
func baseLetters(r rune) []rune {
	switch {
	case r >= 0xFEF5 && r <= 0xFEFC:
		return []rune{0x0644, []rune{0x0622, 0x0623, 0x0625, 0x0627}[(r-0xFEF5)/2]}
	case r >= 0xFB00 && r <= 0xFB06:
		return []rune([]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xFB00])
	case r < 0xFB50 || r > 0xFEF4:
		return []rune{r}
	}
	for _, run := range formRuns {
		if letters := []rune(run.base); r >= run.first && int(r-run.first) < run.n*len(letters) {
			return []rune{letters[int(r-run.first)/run.n]}
		}
	}
	return []rune{r}
}
