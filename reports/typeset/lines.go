package typeset

// line is glyphs from..to of a prepared text that stand on one line. Width leaves out the space at its end.
type line struct {
	from, to int
	width    int // 1/1000 em
	hyphen   bool
}

// lines breaks a text into lines of a width in 1/1000 em. A part that is wider than a line is broken between graphemes;
// each line holds at least one, so that nothing is lost however narrow the column.
func (p *prepared) lines(width int) []line {
	if len(p.glyphs) == 0 {
		return nil
	}
	if p.natural <= width && !p.forced() {
		return []line{{0, len(p.glyphs), p.natural, false}}
	}
	var out []line
	for at := 0; at < len(p.glyphs); {
		l := p.line(at, width)
		out = append(out, l)
		at = l.to
	}
	return out
}

func (p *prepared) forced() bool {
	for i := range p.glyphs {
		if p.glyphs[i].flags&(mustBreak|hyphen) != 0 {
			return true
		}
	}
	return false
}

// line finds the line that begins at a glyph.
func (p *prepared) line(at, width int) line {
	var best line // the last place where the line may end
	seen, trailing := 0, 0
	for i := at; i < len(p.glyphs); i++ {
		g := &p.glyphs[i]
		seen += int(g.advance)
		switch {
		case g.flags&space != 0:
			trailing += int(g.advance)
		case g.r != 0:
			trailing = 0
		}
		if seen-trailing > width && i > at {
			if best.to > at {
				return best
			}
			return p.torn(at, i)
		}
		if g.flags&mustBreak != 0 {
			return line{at, i + 1, seen - trailing, false}
		}
		if g.flags&breakAfter != 0 {
			if g.flags&hyphen == 0 {
				best = line{at, i + 1, seen - trailing, false}
			} else if w := seen + p.hyphenAdvance(i); w <= width {
				best = line{at, i + 1, w, true}
			}
		}
	}
	return line{at, len(p.glyphs), seen - trailing, false}
}

// torn ends a line within a word before glyph i, or before the grapheme that i belongs to.
func (p *prepared) torn(at, i int) line {
	to := i
	for to > at && p.glyphs[to].flags&inside != 0 {
		to--
	}
	if to == at { // one grapheme wider than the line
		for to = i; to < len(p.glyphs) && p.glyphs[to].flags&inside != 0; {
			to++
		}
	}
	l := line{from: at, to: to}
	for _, g := range p.glyphs[at:to] {
		l.width += int(g.advance)
	}
	return l
}

func (p *prepared) hyphenAdvance(i int) int {
	return int(loaded[hyphenFace(p.glyphs[i].face)]().advance['-'])
}

// hyphenFace is the face of the hyphen that a soft hyphen becomes.
func hyphenFace(f uint8) uint8 {
	if loaded[f]().has('-') {
		return f
	}
	return faceRegular
}

// unstumped breaks a text as lines does, into narrower ones where the last line would be a stump: a short word or a number that
// stands alone under a paragraph.
func (p *prepared) unstumped(width int) []line {
	best := p.lines(width)
	if len(best) < 2 || best[len(best)-1].width > width/12 {
		return best
	}
	for w := width * 98 / 100; w > width*85/100; w -= width / 50 {
		try := p.lines(w)
		if len(try) != len(best) {
			break
		}
		if try[len(try)-1].width > width/8 {
			return try
		}
	}
	return best
}

// balanced breaks a text into as few lines as lines does, and makes them about equally wide: for titles.
func (p *prepared) balanced(width int) []line {
	best := p.lines(width)
	if len(best) < 2 {
		return best
	}
	low, high := width*2/5, width
	for high-low > 100 {
		middle := (low + high) / 2
		if middle < p.least {
			low = middle
			continue
		}
		if try := p.lines(middle); len(try) == len(best) {
			best, high = try, middle
		} else {
			low = middle
		}
	}
	return best
}
