package pdf

import "fmt"

// Flags of a component of a composite glyph (OpenType specification, table glyf).
const (
	componentWords    = 0x0001
	componentScale    = 0x0008
	componentMore     = 0x0020
	componentXYScale  = 0x0040
	componentTwoByTwo = 0x0080
)

// subset is a font cut to some runes. Glyph i+1 is that of rune i, even where two runes share an outline: a glyph then
// leads back to one rune, and text taken from the page is what was put there. Advances are in 1/1000 of the size.
type subset struct {
	program  []byte
	advances []float64 // by glyph; 0 is .notdef
}

// cut makes a font of the glyphs of runes and the parts that these are composed of. A rune without a glyph is an error:
// an empty box on paper is worse than no report.
func (f *trueType) cut(runes []rune) (s *subset, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("cut font %s: font file is damaged: %v", f.postScript, r)
		}
	}()
	old := make([]int, 1, len(runes)+1) // glyphs of the original by those of the subset
	for _, r := range runes {
		g := f.glyph(r)
		if g == 0 {
			return nil, fmt.Errorf("font %s has no glyph for %q (%U)", f.postScript, r, r)
		}
		old = append(old, g)
	}
	kept := len(old)
	outlines, old := f.collect(old)
	s = &subset{advances: make([]float64, kept)}
	for g := range s.advances {
		advance, _ := f.metrics(old[g])
		s.advances[g] = float64(advance) * 1000 / float64(f.unitsPerEm)
	}
	s.program = f.assemble(old, outlines)
	return s, nil
}

// collect copies the outlines of the glyphs and adds those that composite glyphs refer to, with the numbers changed.
func (f *trueType) collect(old []int) (outlines [][]byte, all []int) {
	byOld := make(map[int]int, len(old))
	for n, g := range old {
		if _, ok := byOld[g]; !ok {
			byOld[g] = n
		}
	}
	for n := 0; n < len(old); n++ {
		data := f.outline(old[n])
		if len(data) > 10 && int16(be.Uint16(data)) < 0 {
			data = append([]byte(nil), data...)
			eachComponent(data, func(at int) {
				part := int(be.Uint16(data[at:]))
				if _, ok := byOld[part]; !ok {
					byOld[part] = len(old)
					old = append(old, part)
				}
				be.PutUint16(data[at:], uint16(byOld[part]))
			})
		}
		outlines = append(outlines, data)
	}
	return outlines, old
}

// eachComponent calls fn with the place of each component's glyph number in a composite glyph.
func eachComponent(data []byte, fn func(at int)) {
	for at := 10; ; {
		flags := be.Uint16(data[at:])
		fn(at + 2)
		at += 6
		if flags&componentWords != 0 {
			at += 2
		}
		switch {
		case flags&componentScale != 0:
			at += 2
		case flags&componentXYScale != 0:
			at += 4
		case flags&componentTwoByTwo != 0:
			at += 8
		}
		if flags&componentMore == 0 {
			return
		}
	}
}

// assemble writes the font file: what a PDF viewer needs and nothing else (PDF 32000-1, 9.9: no cmap, name or post for
// a CIDFontType2).
func (f *trueType) assemble(old []int, outlines [][]byte) []byte {
	var glyf []byte
	loca := be.AppendUint32(nil, 0)
	var hmtx []byte
	for n, data := range outlines {
		glyf = append(glyf, data...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		advance, bearing := f.metrics(old[n])
		hmtx = be.AppendUint16(be.AppendUint16(hmtx, advance), bearing)
	}
	head := patched(f.tables["head"], 50, 1)
	copy(head[8:], []byte{0, 0, 0, 0})
	out := []table{
		{"cvt ", f.tables["cvt "]}, {"fpgm", f.tables["fpgm"]}, {"glyf", glyf}, {"head", head},
		{"hhea", patched(f.tables["hhea"], 34, len(outlines))}, {"hmtx", hmtx}, {"loca", loca},
		{"maxp", patched(f.tables["maxp"], 4, len(outlines))}, {"prep", f.tables["prep"]},
	}
	return writeTables(out)
}

func patched(t []byte, at, value int) []byte {
	t = append([]byte(nil), t...)
	be.PutUint16(t[at:], uint16(value))
	return t
}

type table struct {
	name string
	data []byte
}

// writeTables writes a font file of the tables that are there, which stand in the order of their names.
func writeTables(all []table) []byte {
	var tables []table
	for _, t := range all {
		if len(t.data) > 0 {
			tables = append(tables, t)
		}
	}
	power, log := 1, 0
	for power*2 <= len(tables) {
		power, log = power*2, log+1
	}
	out := be.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(tables), power * 16, log, len(tables)*16 - power*16} {
		out = be.AppendUint16(out, uint16(v))
	}
	at, head := 12+16*len(tables), 0
	for _, t := range tables {
		if t.name == "head" {
			head = at
		}
		out = append(out, t.name...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(be.AppendUint32(out, uint32(at)), uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

// checksum adds up the big-endian words, the last one filled with zeros.
func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += be.Uint32(b)
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += be.Uint32(last[:])
	}
	return sum
}
