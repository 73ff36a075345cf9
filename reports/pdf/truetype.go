package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// trueType is a font file with TrueType outlines, read in place and never written to: gofpdf's own reader appends to
// slices of the font's bytes and so changes them under the feet of other documents.
type trueType struct {
	tables                   map[string][]byte
	unitsPerEm               int
	numGlyphs, numHMetrics   int
	longLoca                 bool
	cmap                     []byte // the format 4 subtable
	ascent, descent, capital int    // in font units
	italicAngle              float64
	weight                   int
	postScript               string
}

var be = binary.BigEndian

// parseTrueType reads the tables that cutting and describing need. A font with CFF outlines and a collection are refused.
func parseTrueType(data []byte) (f *trueType, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("font file is damaged: %v", r)
		}
	}()
	switch {
	case len(data) < 12:
		return nil, errors.New("font file is empty or too short")
	case be.Uint32(data) == 0x4F54544F:
		return nil, errors.New("font has CFF outlines; a font with TrueType outlines (.ttf) is needed")
	case be.Uint32(data) == 0x74746366:
		return nil, errors.New("font file is a collection (.ttc); a single font (.ttf) is needed")
	case be.Uint32(data) != 0x00010000 && be.Uint32(data) != 0x74727565:
		return nil, fmt.Errorf("not a TrueType font: it begins with %08x", be.Uint32(data))
	}
	f = &trueType{tables: map[string][]byte{}}
	for i := range int(be.Uint16(data[4:])) {
		rec := data[12+16*i:]
		off, n := be.Uint32(rec[8:]), be.Uint32(rec[12:])
		f.tables[string(rec[:4])] = data[off : off+n : off+n]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"} {
		if f.tables[name] == nil {
			return nil, fmt.Errorf("font has no %s table", name)
		}
	}
	f.readMetrics()
	return f, f.findCmap()
}

func (f *trueType) readMetrics() {
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.unitsPerEm = int(be.Uint16(head[18:]))
	f.longLoca = be.Uint16(head[50:]) != 0
	f.numGlyphs = int(be.Uint16(f.tables["maxp"][4:]))
	f.ascent, f.descent = int(int16(be.Uint16(hhea[4:]))), int(int16(be.Uint16(hhea[6:])))
	f.numHMetrics = int(be.Uint16(hhea[34:]))
	f.capital, f.weight = f.ascent, 400
	if os2 := f.tables["OS/2"]; len(os2) >= 6 {
		f.weight = int(be.Uint16(os2[4:]))
		if be.Uint16(os2) > 1 && len(os2) >= 90 {
			f.capital = int(int16(be.Uint16(os2[88:])))
		}
	}
	if post := f.tables["post"]; len(post) >= 8 {
		f.italicAngle = float64(int32(be.Uint32(post[4:]))) / 65536
	}
	f.postScript = f.readName(6)
}

// readName returns an entry of the name table reduced to what may stand in a PDF name, or "Font".
func (f *trueType) readName(id uint16) string {
	t := f.tables["name"]
	if len(t) < 6 {
		return "Font"
	}
	for i := range int(be.Uint16(t[2:])) {
		rec := t[6+12*i:]
		if be.Uint16(rec[6:]) != id {
			continue
		}
		start := int(be.Uint16(t[4:])) + int(be.Uint16(rec[10:]))
		raw := t[start : start+int(be.Uint16(rec[8:]))]
		var text []rune
		if be.Uint16(rec) == 1 {
			text = []rune(string(raw))
		} else {
			units := make([]uint16, len(raw)/2)
			for k := range units {
				units[k] = be.Uint16(raw[2*k:])
			}
			text = utf16.Decode(units)
		}
		var name []byte
		for _, r := range text {
			if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				name = append(name, byte(r))
			}
		}
		if len(name) > 0 {
			return string(name)
		}
	}
	return "Font"
}

// findCmap picks the Unicode subtable of format 4, which covers all runes that a report may hold (U+FFFF and below).
func (f *trueType) findCmap() error {
	t := f.tables["cmap"]
	for i := range int(be.Uint16(t[2:])) {
		rec := t[4+8*i:]
		platform, encoding := be.Uint16(rec), be.Uint16(rec[2:])
		if sub := t[be.Uint32(rec[4:]):]; (platform == 0 || platform == 3 && encoding == 1) && be.Uint16(sub) == 4 {
			f.cmap = sub
			return nil
		}
	}
	return errors.New("font has no Unicode character map of format 4")
}

// glyph returns the glyph of a rune, 0 when the font has none.
func (f *trueType) glyph(r rune) int {
	if r < 0 || r > 0xFFFF {
		return 0
	}
	twice := int(be.Uint16(f.cmap[6:])) // two bytes per segment
	ends, starts := f.cmap[14:], f.cmap[16+twice:]
	lo, hi := 0, twice/2
	for lo < hi {
		if mid := (lo + hi) / 2; rune(be.Uint16(ends[2*mid:])) < r {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if 2*lo >= twice || rune(be.Uint16(starts[2*lo:])) > r {
		return 0
	}
	delta, offsets := starts[twice:], starts[2*twice:]
	offset := int(be.Uint16(offsets[2*lo:]))
	g := int(r)
	if offset != 0 {
		at := 2*lo + offset + 2*int(r-rune(be.Uint16(starts[2*lo:])))
		if at+2 > len(offsets) {
			return 0
		}
		if g = int(be.Uint16(offsets[at:])); g == 0 {
			return 0
		}
	}
	if g = (g + int(be.Uint16(delta[2*lo:]))) & 0xFFFF; g >= f.numGlyphs {
		return 0
	}
	return g
}

// metrics returns the advance and the left bearing of a glyph in font units.
func (f *trueType) metrics(g int) (advance, bearing uint16) {
	t := f.tables["hmtx"]
	if g < f.numHMetrics {
		return be.Uint16(t[4*g:]), be.Uint16(t[4*g+2:])
	}
	return be.Uint16(t[4*(f.numHMetrics-1):]), be.Uint16(t[4*f.numHMetrics+2*(g-f.numHMetrics):])
}

// outline returns the glyph's description, empty for a space.
func (f *trueType) outline(g int) []byte {
	loca := f.tables["loca"]
	if f.longLoca {
		return f.tables["glyf"][be.Uint32(loca[4*g:]):be.Uint32(loca[4*g+4:])]
	}
	return f.tables["glyf"][2*int(be.Uint16(loca[2*g:])) : 2*int(be.Uint16(loca[2*g+2:]))]
}
