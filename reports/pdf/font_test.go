package pdf

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"secretariat/reports/typeset"
)

// A cut font has the outlines and advances of the original, by a reader that is not ours. Composite letters (ё, é, ў) test
// the renumbering of their parts.
func TestCutKeepsOutlines(t *testing.T) {
	for face, text := range map[typeset.Face]string{
		typeset.Regular: " AZaz09éёўʻʼ–…№", typeset.Bold: "Ўзбекистон", typeset.Italic: "fiñ", typeset.Arabic: "\uFE8D\uFEDF\uFECC",
		typeset.Han: "区域专家委员会，。",
	} {
		original, err := sfnt.Parse(BuiltIn()[face])
		if err != nil {
			t.Fatal(err)
		}
		tt, err := parseTrueType(BuiltIn()[face])
		if err != nil {
			t.Fatal(err)
		}
		s, err := tt.cut([]rune(text))
		if err != nil {
			t.Fatal(err)
		}
		cut := withNames(t, s.program)
		for i, r := range []rune(text) {
			var buf sfnt.Buffer
			g, err := original.GlyphIndex(&buf, r)
			if err != nil || int(g) != tt.glyph(r) {
				t.Fatalf("%s %q: glyph %d, want %d (%v)", face, r, tt.glyph(r), g, err)
			}
			want := outline(t, original, g)
			if got := outline(t, cut, sfnt.GlyphIndex(i+1)); got != want {
				t.Errorf("%s %q: outline differs", face, r)
			}
			upem := fixed.I(int(original.UnitsPerEm()))
			advance, _ := original.GlyphAdvance(&buf, g, upem, font.HintingNone)
			if a := float64(advance) / float64(upem) * 1000; math.Abs(a-s.advances[i+1]) > 0.5 {
				t.Errorf("%s %q: advance %v, want %v", face, r, s.advances[i+1], a)
			}
		}
	}
}

// withNames parses a cut font, adding the tables that a PDF does without and the parser asks for.
func withNames(t *testing.T, program []byte) *sfnt.Font {
	t.Helper()
	tables := []table{}
	cmap := append([]byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}, 0, 4, 0, 24, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 1, 0, 0)
	os2 := make([]byte, 96)
	for _, name := range []string{"OS/2", "cmap"} {
		tables = append(tables, table{name, map[string][]byte{"OS/2": os2, "cmap": cmap}[name]})
	}
	for i := range int(be.Uint16(program[4:])) {
		rec := program[12+16*i:]
		tables = append(tables, table{string(rec[:4]), program[be.Uint32(rec[8:]) : be.Uint32(rec[8:])+be.Uint32(rec[12:])]})
	}
	post := make([]byte, 32)
	be.PutUint32(post, 0x00030000)
	tables = append(tables, table{"name", make([]byte, 6)}, table{"post", post})
	order := func(a, b table) int { return strings.Compare(a.name, b.name) }
	sortTables(tables, order)
	f, err := sfnt.Parse(writeTables(tables))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sortTables(tables []table, order func(a, b table) int) {
	for i := range tables {
		for j := i; j > 0 && order(tables[j], tables[j-1]) < 0; j-- {
			tables[j], tables[j-1] = tables[j-1], tables[j]
		}
	}
}

func outline(t *testing.T, f *sfnt.Font, g sfnt.GlyphIndex) string {
	t.Helper()
	var buf sfnt.Buffer
	segments, err := f.LoadGlyph(&buf, g, fixed.I(int(f.UnitsPerEm())), nil)
	if err != nil {
		t.Fatalf("load glyph %d: %v", g, err)
	}
	var b bytes.Buffer
	for _, s := range segments {
		b.WriteByte(byte(s.Op))
		for _, p := range s.Args {
			b.WriteString(p.X.String() + p.Y.String())
		}
	}
	return b.String()
}

func TestChecksum(t *testing.T) {
	s, err := mustParse(t, typeset.Regular).cut([]rune("abc"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := checksum(s.program); sum != 0xB1B0AFBA {
		t.Errorf("font adds up to %08X, want B1B0AFBA (OpenType, table head)", sum)
	}
}

func mustParse(t *testing.T, face typeset.Face) *trueType {
	t.Helper()
	f, err := parseTrueType(BuiltIn()[face])
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Two runes that share a glyph keep their own codes, so that each extracts as itself.
func TestSharedGlyphsKeepTheirText(t *testing.T) {
	f, err := newFace(BuiltIn()[typeset.Regular], []rune{' ', 'A', 0xA0, 'А'}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.code(' ') == f.code(0xA0) || f.code('A') == f.code('А') || f.code('B') != 0 || f.code(0x1F600) != 0 {
		t.Errorf("codes %d %d %d %d", f.code(' '), f.code(0xA0), f.code('A'), f.code('А'))
	}
}
