package typeset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"secretariat/templates"
)

// metrics is what typesetting needs of a font: the advance of every character of the Basic Multilingual Plane.
type metrics struct {
	// advance in 1/1000 em, rounded as gofpdf rounds, so that drawn and measured widths agree; missing where there is no glyph.
	advance [1 << 16]uint16
}

const missing = math.MaxUint16

func (m *metrics) has(r rune) bool { return r < 1<<16 && m.advance[r] != missing }

// loaded reads each built-in font once per process; the tables are never written again.
var loaded = func() (l [len(Faces)]func() *metrics) {
	for i, name := range Faces {
		l[i] = sync.OnceValue(func() *metrics {
			m, err := readMetrics(templates.Font(string(name)))
			if err != nil {
				panic(fmt.Sprintf("read built-in font %s: %v", name, err)) // embedded: a fault of the build
			}
			return m
		})
	}
	return l
}()

var errFont = errors.New("not a TrueType font with a Unicode map")

// readMetrics reads the tables cmap (format 4, which covers the plane) and hmtx of a TrueType font.
func readMetrics(font []byte) (m *metrics, err error) {
	defer func() {
		if recover() != nil { // a table that ends early
			m, err = nil, errFont
		}
	}()
	if len(font) < 12 || binary.BigEndian.Uint32(font) != 0x00010000 {
		return nil, errFont
	}
	tables := map[string][]byte{}
	for i := range int(u16(font, 4)) {
		entry := font[12+16*i:]
		tables[string(entry[:4])] = font[u32(entry, 8):][:u32(entry, 12)]
	}
	upem, metricsCount := float64(u16(tables["head"], 18)), int(u16(tables["hhea"], 34))
	hmtx := tables["hmtx"]
	m = new(metrics)
	for i := range m.advance {
		m.advance[i] = missing
	}
	err = eachGlyph(tables["cmap"], func(r, glyph int) {
		raw := u16(hmtx, 4*min(glyph, metricsCount-1))
		m.advance[r] = uint16(math.Round(float64(raw) * 1000 / upem))
	})
	return m, err
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }

// eachGlyph calls f for every character that has a glyph.
func eachGlyph(cmap []byte, f func(r, glyph int)) error {
	for i := range int(u16(cmap, 2)) {
		record := cmap[4+8*i:]
		table := cmap[u32(record, 4):]
		if u16(record, 0) == 3 && u16(record, 2) == 1 && u16(table, 0) == 4 {
			eachSegment(table, f)
			return nil
		}
	}
	return errFont
}

// eachSegment walks a format 4 map (OpenType, cmap).
func eachSegment(t []byte, f func(r, glyph int)) {
	n := int(u16(t, 6)) // twice the number of segments
	ends, starts, deltas, offsets := t[14:], t[16+n:], t[16+2*n:], t[16+3*n:]
	for i := 0; i < n; i += 2 {
		offset := int(u16(offsets, i))
		for r := int(u16(starts, i)); r <= int(u16(ends, i)) && r < 0xFFFF; r++ {
			glyph := r
			if offset != 0 {
				if glyph = int(u16(offsets, i+offset+2*(r-int(u16(starts, i))))); glyph == 0 {
					continue
				}
			}
			if glyph = (glyph + int(u16(deltas, i))) & 0xFFFF; glyph != 0 {
				f(r, glyph)
			}
		}
	}
}
