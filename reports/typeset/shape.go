package typeset

// form is the isolated shape of an Arabic letter among the presentation forms; those that join on both sides (dual) have
// four: isolated, final, initial, medial; the others two.
type form struct {
	isolated rune
	dual     bool
}

// forms holds the letters of Arabic, Persian, Urdu and Uyghur that have presentation forms (Unicode, Arabic
// Presentation Forms A and B). PDF text is drawn rune by rune, so that these stand in for the font's own substitution tables.
var forms = map[rune]form{
	0x621: {0xFE80, false}, 0x622: {0xFE81, false}, 0x623: {0xFE83, false}, 0x624: {0xFE85, false}, 0x625: {0xFE87, false},
	0x626: {0xFE89, true}, 0x627: {0xFE8D, false}, 0x628: {0xFE8F, true}, 0x629: {0xFE93, false}, 0x62A: {0xFE95, true},
	0x62B: {0xFE99, true}, 0x62C: {0xFE9D, true}, 0x62D: {0xFEA1, true}, 0x62E: {0xFEA5, true}, 0x62F: {0xFEA9, false},
	0x630: {0xFEAB, false}, 0x631: {0xFEAD, false}, 0x632: {0xFEAF, false}, 0x633: {0xFEB1, true}, 0x634: {0xFEB5, true},
	0x635: {0xFEB9, true}, 0x636: {0xFEBD, true}, 0x637: {0xFEC1, true}, 0x638: {0xFEC5, true}, 0x639: {0xFEC9, true},
	0x63A: {0xFECD, true}, 0x641: {0xFED1, true}, 0x642: {0xFED5, true}, 0x643: {0xFED9, true}, 0x644: {0xFEDD, true},
	0x645: {0xFEE1, true}, 0x646: {0xFEE5, true}, 0x647: {0xFEE9, true}, 0x648: {0xFEED, false}, 0x649: {0xFEEF, false},
	0x64A: {0xFEF1, true},
	0x671: {0xFB50, false}, 0x679: {0xFB66, true}, 0x67E: {0xFB56, true}, 0x686: {0xFB7A, true}, 0x688: {0xFB88, false},
	0x691: {0xFB8C, false}, 0x698: {0xFB8A, false}, 0x6A9: {0xFB8E, true}, 0x6AD: {0xFBD3, true}, 0x6AF: {0xFB92, true},
	0x6BA: {0xFB9E, false}, 0x6BE: {0xFBAA, true}, 0x6C1: {0xFBA6, true}, 0x6C7: {0xFBD7, false}, 0x6C6: {0xFBD9, false},
	0x6C8: {0xFBDB, false}, 0x6CB: {0xFBDE, false}, 0x6CC: {0xFBFC, true}, 0x6D0: {0xFBE4, true}, 0x6D2: {0xFBAE, false},
}

// lamAlef holds the isolated ligatures of lam with the forms of alef; the final ligature follows each.
var lamAlef = map[rune]rune{0x622: 0xFEF5, 0x623: 0xFEF7, 0x625: 0xFEF9, 0x627: 0xFEFB}

const (
	lam     = 0x644
	tatweel = 0x640
)

// isHarakah tells the marks over and under Arabic letters, which do not break their joining.
func isHarakah(r rune) bool {
	return r >= 0x64B && r <= 0x65F || r == 0x670 || r >= 0x610 && r <= 0x61A || r >= 0x6D6 && r <= 0x6ED && r != 0x6DD && r != 0x6E5 && r != 0x6E6 && r != 0x6E9
}

func joinsNext(r rune) bool { return r == tatweel || r == zeroJoin || forms[r].dual }

func joinsPrevious(r rune) bool {
	_, letter := forms[r]
	return letter && r != 0x621 || r == tatweel || r == zeroJoin
}

// shape replaces Arabic letters by their joined forms, in logical order and in place. An alef that has gone into a
// ligature leaves a zero behind, so that every index still stands for the same character of the text.
func shape(text []rune) {
	src := append([]rune(nil), text...)
	for i, r := range src {
		f, letter := forms[r]
		if !letter || text[i] == 0 {
			continue
		}
		before, after := i-1, i+1
		for before >= 0 && isHarakah(src[before]) {
			before--
		}
		for after < len(src) && isHarakah(src[after]) {
			after++
		}
		joined := before >= 0 && joinsNext(src[before]) && joinsPrevious(r)
		if after < len(src) && r == lam && lamAlef[src[after]] != 0 {
			text[i] = lamAlef[src[after]]
			if joined {
				text[i]++
			}
			text[after] = 0
			continue
		}
		text[i] = f.isolated + formIndex(joined, f.dual && after < len(src) && joinsPrevious(src[after]))
	}
}

func formIndex(joined, joins bool) rune {
	switch {
	case joined && joins:
		return 3
	case joins:
		return 2
	case joined:
		return 1
	}
	return 0
}
