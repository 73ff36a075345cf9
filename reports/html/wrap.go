package html

import "strings"

// wrap breaks a text into lines of at most limit columns at its spaces, between Han characters also without; first and rest
// begin the lines. A longer word, such as a link, keeps a line of its own.
func wrap(s string, limit int, first, rest string) []string {
	var lines []string
	line, used, empty := first, width(first), true
	end := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used, empty = rest, width(rest), true
	}
	for _, word := range words(s) {
		space, w := " ", width(word.text)
		if word.joined || empty {
			space = ""
		}
		if !empty && used+len(space)+w > limit {
			end()
			space = ""
		}
		line += space + word.text
		used += len(space) + w
		empty = false
	}
	if !empty {
		end()
	}
	return lines
}

// word is a piece of text that is not broken; a joined one follows the piece before it without a space.
type word struct {
	text   string
	joined bool
}

// words parts a text at spaces (not at no-break ones) and around Han characters; a closing mark stays with what it closes.
func words(s string) []word {
	var out []word
	for _, field := range strings.Split(s, " ") {
		if field == "" {
			continue
		}
		start, joined := 0, false
		var before rune
		for i, r := range field {
			if i > start && (wide(before) || wide(r)) && !strings.ContainsRune("，。、；：！？）」』》〉”’％", r) && !strings.ContainsRune("（「『《〈“‘", before) {
				out = append(out, word{field[start:i], joined})
				start, joined = i, true
			}
			before = r
		}
		out = append(out, word{field[start:], joined})
	}
	return out
}

// width is the number of columns of a text in a fixed-width face.
func width(s string) (n int) {
	for _, r := range s {
		switch {
		case r >= 0x300 && r <= 0x36f || r == 0x200e || r == 0x200f: // marks over a letter, marks of direction
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide reports whether a character is two columns wide (the blocks of Unicode's East Asian Width W that letters hold).
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe4f || r >= 0xff00 && r <= 0xff60 || r >= 0x20000 && r <= 0x3fffd
}
