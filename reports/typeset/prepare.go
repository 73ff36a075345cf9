package typeset

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// prepared is a text ready to be broken into lines: cleaned, shaped, with faces, levels and places to break. It is never
// changed once made and is shared by equal texts of a document.
type prepared struct {
	glyphs []glyph
	right  bool   // the paragraph runs from right to left
	bidi   bool   // some glyph does
	lost   []rune // characters replaced
	// widest line without breaking, and widest part that cannot be broken, in 1/1000 em
	natural, least int
}

// source is a piece of text and the face that it asks for.
type source struct {
	text string
	face uint8
}

// prepare makes a prepared text. rightToLeft is the direction of the document.
func prepare(parts []source, rightToLeft bool) *prepared {
	p := new(prepared)
	var b strings.Builder
	wanted := make([]uint8, len(parts))
	ends := make([]int, len(parts)) // in runes
	count, special := 0, false
	for i, part := range parts {
		s, lost := clean(part.text)
		p.lost = append(p.lost, lost...)
		b.WriteString(s)
		for _, r := range s {
			count++
			p.bidi = p.bidi || mayRunRight(r)
			special = special || r >= 0x300 && r < 0x400 || r > 0x52F || r == softHyphen
		}
		wanted[i], ends[i] = part.face, count
	}
	s := b.String()
	p.glyphs = make([]glyph, count)
	runes := make([]rune, 0, count)
	span := 0
	for _, r := range s {
		for span < len(ends)-1 && len(runes) >= ends[span] {
			span++
		}
		g := &p.glyphs[len(runes)]
		g.r, g.span = r, uint16(span)
		runes = append(runes, r)
	}
	p.setBreaks(s, runes)
	p.setDirection(runes, rightToLeft)
	p.finishGlyphs(runes, special)
	p.lost = append(p.lost, setFaces(p.glyphs, wanted, runes)...)
	p.measure()
	return p
}

// setDirection sets levels and shapes Arabic letters.
func (p *prepared) setDirection(runes []rune, rightToLeft bool) {
	if !p.bidi && !rightToLeft {
		return
	}
	p.right = runsRight(runes, rightToLeft)
	p.bidi = p.bidi || p.right
	if !p.bidi {
		return
	}
	base := uint8(boolInt(p.right))
	for start := 0; start < len(runes); { // each line feed ends a paragraph
		end := start
		for end < len(runes) && runes[end] != '\n' {
			end++
		}
		for i, l := range levels(runes[start:end], base) {
			p.glyphs[start+i].level = l
		}
		start = end + 1
	}
	shaped := append([]rune(nil), runes...)
	shape(shaped)
	for i, r := range shaped {
		p.glyphs[i].r = r
		if r == 0 {
			p.glyphs[i].flags |= inside
		}
	}
}

// finishGlyphs marks spaces and takes out what is not drawn.
func (p *prepared) finishGlyphs(runes []rune, special bool) {
	for i, r := range runes {
		g := &p.glyphs[i]
		switch {
		case r == ' ' || r >= 0x2000 && r <= 0x200A && r != 0x2007 || r == 0x3000:
			g.flags |= space
			if r != ' ' && r != 0x3000 {
				g.r = ' '
			}
		case r == softHyphen:
			g.flags |= hyphen
			g.r = 0
		case special && invisible(r), r == '\n':
			g.r = 0
		}
		if g.r == 0 && i > 0 && r != '\n' {
			g.flags |= inside
		}
	}
}

// setBreaks marks where lines may and must end (UAX 14), and refines it: a dash between words does not begin a line.
func (p *prepared) setBreaks(s string, runes []rune) {
	if simpleBreaks(p.glyphs, runes) {
		return
	}
	start := 0
	for paragraph := range strings.SplitSeq(s, "\n") { // uniseg misses line feeds between numbers and hyphens
		n := p.segments(paragraph, runes, start)
		if start += n + 1; start <= len(p.glyphs) {
			p.glyphs[start-1].flags |= mustBreak
		}
	}
	p.setGraphemes(s)
}

// segments marks where one line of the input, which begins at a glyph, may be broken, and returns its length.
func (p *prepared) segments(s string, runes []rune, start int) int {
	at, state, rest := start, -1, s
	for rest != "" {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		at += utf8.RuneCountInString(segment)
		if rest == "" || (runes[at] == '—' || runes[at] == '–') && runes[at-1] == ' ' {
			continue
		}
		p.glyphs[at-1].flags |= breakAfter
	}
	return at - start
}

// setGraphemes marks characters that an emergency break must not part from the one before.
func (p *prepared) setGraphemes(s string) {
	at, state, rest := 0, -1, s
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		for i := range cluster {
			if i > 0 {
				p.glyphs[at].flags |= inside
			}
			at++
		}
	}
}

// simpleBreaks handles plain words of Latin and Cyrillic letters and digits, where UAX 14 says only: after spaces. It
// leaves everything else to uniseg and tells so.
func simpleBreaks(g []glyph, runes []rune) bool {
	for i, r := range runes {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r >= 0x410 && r <= 0x44F, r == 'ё':
		case r == ' ':
		case (r == '.' || r == ',' || r == ':' || r == ';') && i+1 < len(runes) && i > 0 && runes[i+1] == ' ' && runes[i-1] != ' ':
		case (r == '.' || r == ',') && i+1 == len(runes) && i > 0 && runes[i-1] != ' ':
		default:
			for k := range i {
				g[k].flags = 0
			}
			return false
		}
		if i > 0 && runes[i-1] == ' ' && r != ' ' {
			g[i-1].flags |= breakAfter
		}
	}
	return true
}

// measure sums up natural and least width.
func (p *prepared) measure() {
	line, part, trailing := 0, 0, 0
	for _, g := range p.glyphs {
		line += int(g.advance)
		part += int(g.advance)
		if g.flags&space != 0 {
			trailing += int(g.advance)
		} else if g.r != 0 {
			trailing = 0
		}
		if g.flags&(breakAfter|mustBreak) != 0 {
			p.least = max(p.least, part-trailing)
			part = 0
		}
		if g.flags&mustBreak != 0 {
			p.natural = max(p.natural, line-trailing)
			line, trailing = 0, 0
		}
	}
	p.least = max(p.least, part-trailing)
	p.natural = max(p.natural, line-trailing)
}
