package pdf

import (
	"fmt"
	"math"
	"slices"

	"secretariat/reports/typeset"
)

// text draws a run. Left to right it is one string; a run from right to left is written in reading order, each glyph
// placed where it belongs, so that programs which read the content in order read words and not their mirror image. (Measured
// with Arabic: pdftotext, mutool and the structure tree give words in reading order; drawn in the order of the line, mutool
// and the tree give mirror images. Only pdftotext -raw, which guesses lines from pen moves, breaks words up.)
func (c *canvas) text(t typeset.Text) error {
	if t.Runes == "" {
		return nil
	}
	f, before := c.faces[t.Face], c.before
	c.before = t
	c.mark(t.Node)
	c.alpha(1)
	c.fill(t.Color)
	if c.state.face != t.Face || c.state.size != t.Size {
		var s syntax
		c.pdf.RawWriteStr(string(s.raw(c.fonts[t.Face]).raw(" ").num(t.Size).raw(" Tf").b))
		c.state.face, c.state.size = t.Face, t.Size
	}
	if t.Spread != 0 || t.Backward {
		return c.placed(f, before, t)
	}
	c.buf = c.buf[:0]
	for _, r := range t.Runes {
		code := f.code(r)
		if code == 0 {
			return notCut(r, t)
		}
		c.buf = append(c.buf, byte(code>>8), byte(code))
	}
	c.pdf.Text(t.X, t.Y, string(c.buf))
	return nil
}

func notCut(r rune, t typeset.Text) error {
	return fmt.Errorf("text %q: %q (%U) is not among the runes of face %s", t.Runes, r, r, t.Face)
}

// glyph is a code with its place in the line, in 1/1000 of the size.
type glyph struct {
	code     uint16
	at, wide float64
}

// placed draws a run whose glyphs do not simply follow each other.
func (c *canvas) placed(f *face, before, t typeset.Text) error {
	glyphs := make([]glyph, 0, len(t.Runes))
	pen := 0.0
	var back map[int]turned
	if t.Backward {
		back = turnedRunesOf(before, t)
	}
	for i, r := range []rune(t.Runes) {
		code := f.code(r)
		if bracket, ok := back[i]; ok {
			code = f.turned[bracket]
		}
		if code == 0 {
			return notCut(r, t)
		}
		glyphs = append(glyphs, glyph{code, pen, f.advances[code]})
		if pen += f.advances[code]; r == ' ' {
			pen += t.Spread * 1000 / t.Size
		}
	}
	if t.Backward {
		slices.Reverse(glyphs)
	}
	var s syntax
	s.raw("BT ").num(t.X + glyphs[0].at*t.Size/1000).raw(" ").num(c.height - t.Y).raw(" Td [")
	c.buf = c.buf[:0]
	pen = glyphs[0].at
	for _, g := range glyphs {
		if move := math.Round(pen - g.at); move != 0 {
			if len(c.buf) > 0 {
				s.bytes(string(c.buf)).raw(" ")
			}
			s.num(move).raw(" ")
			c.buf, pen = c.buf[:0], pen-move
		}
		c.buf = append(c.buf, byte(g.code>>8), byte(g.code))
		pen += g.wide
	}
	s.bytes(string(c.buf)).raw("] TJ ET")
	c.pdf.RawWriteStr(string(s.b))
	return nil
}
