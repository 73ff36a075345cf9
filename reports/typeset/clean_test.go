package typeset

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		in, want string
		lost     int
		why      string
	}{
		{"plain Текст", "plain Текст", 0, "nothing to clean"},
		{"e\u0301", "é", 0, "NFC"},
		{"a\x00b\x07c", "abc", 0, "controls leave no trace"},
		{"a\tb\vc", "a b c", 0, "tabs are spaces"},
		{"a\r\nb\u2028c", "a\nb\nc", 0, "line ends of every kind"},
		{"abc\u202edef\u202c\u2066x\u2069", "abcdefx", 0, "overrides and isolates cannot turn text round"},
		{"caf\xe9!", "caf◌!", 1, "a Latin-1 byte is not UTF-8"},
		{"\xed\xa0\x80", "◌", 1, "a lone surrogate is not UTF-8"},
		{"x👍y", "x◌y", 1, "beyond the plane"},
		{"👨‍👩‍👧‍👦", "◌", 1, "a family of four is one picture"},
		{"👍🏽", "◌", 1, "a skin tone belongs to its hand"},
		{"🇺🇿🇫🇷", "◌◌", 2, "two letters are one flag"},
		{"1\ufe0f\u20e3", "1", 0, "a keycap keeps its digit"},
		{"oʻz ʼ", "oʻz ʼ", 0, "Uzbek letters stay"},
		{"a\u00adb\u200bc", "a\u00adb\u200bc", 0, "hints for breaking stay until lines are broken"},
		{"\ufeffa\ufffdb", "a◌b", 1, "byte order mark out, replacement character told"},
		{"\ue000", "◌", 1, "private use means nothing to the reader"},
		{"{nb}", "{nb}", 0, "no aliases"},
	} {
		if got, lost := clean(c.in); got != c.want || len(lost) != c.lost {
			t.Errorf("clean(%q) = %q, %q; want %q, %d: %s", c.in, got, lost, c.want, c.lost, c.why)
		}
	}
}

func TestShape(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"سلام", "\ufeb3\ufefc\x00\ufee1", "initial, lam-alef, isolated"},
		{"لا", "\ufefb\x00", "isolated lam-alef"},
		{"ب", "\ufe8f", "alone"},
		{"ببب", "\ufe91\ufe92\ufe90", "initial, medial, final"},
		{"دار", "\ufea9\ufe8d\ufead", "letters that do not join the next"},
		{"بَب", "\ufe91\u064e\ufe90", "a vowel mark does not break the joining"},
		{"ل\u064eا", "\ufefb\u064e\x00", "a mark within lam-alef"},
		{"بـ", "\ufe91\u0640", "tatweel joins"},
		{"ب\u200d", "\ufe91\u200d", "the joiner shows an initial form"},
		{"ب\u200cب", "\ufe8f\u200c\ufe8f", "the non-joiner parts"},
		{"گچپی", "\ufb94\ufb7d\ufb59\ufbfd", "Persian letters"},
		{"ء", "\ufe80", "hamza joins nothing"},
		{"abc 12", "abc 12", "other scripts stay"},
	} {
		runes := []rune(c.in)
		shape(runes)
		if got := string(runes); got != c.want {
			t.Errorf("shape(%q) = %+q, want %+q: %s", c.in, got, c.want, c.why)
		}
	}
}

// visual sets a text on one line and returns its runes from left to right.
func visual(s string, document bool) string {
	p := prepare([]source{{s, faceRegular}}, document)
	g := p.glyphs
	if p.bidi {
		g = reorder(g, uint8(boolInt(p.right)))
	}
	var b strings.Builder
	for _, x := range g {
		if x.r != 0 {
			b.WriteRune(x.r)
		}
	}
	return b.String()
}

func TestVisualOrder(t *testing.T) {
	shaped := func(s string) string { // as it is drawn: shaped and turned round
		r := []rune(s)
		shape(r)
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		return strings.ReplaceAll(string(r), "\x00", "")
	}
	for _, c := range []struct {
		in    string
		right bool
		want  string
		why   string
	}{
		{"abc 12", false, "abc 12", "nothing runs right to left"},
		{"يوم 14", true, "14 " + shaped("يوم"), "a number after Arabic stands to its left and keeps its digits' order"},
		{"يوم 14", false, "14 " + shaped("يوم"), "the same as a paragraph of its own in an English document"},
		{"abc يوم 14 def", false, "abc 14 " + shaped("يوم") + " def", "a number after Arabic within English belongs to the Arabic (level 2)"},
		{"(نص)", true, "(" + shaped("نص") + ")", "brackets are mirrored"},
		{"نص (ISRS)", true, "(ISRS) " + shaped("نص"), "brackets around Latin take the paragraph's direction"},
		{"نص 12-15", true, "15-12 " + shaped("نص"), "a range after Arabic letters is read from the right (W2 makes the numbers Arabic, W4 does not join them)"},
		{"−12", true, "−12", "a sign stays before its number"},
		{"نص -12", true, "-12 " + shaped("نص"), "also after Arabic letters"},
		{"نص 12.5", true, "12.5 " + shaped("نص"), "a decimal number stays whole (W4)"},
		{"بَ", true, "\u064e\ufe8f", "a mark comes before its letter and lands on it"},
		{"ISRS", true, "ISRS", "Latin text in an Arabic document"},
	} {
		got := visual(c.in, c.right)
		if got != c.want {
			t.Errorf("%q (right %v) is drawn as %+q, want %+q: %s", c.in, c.right, got, c.want, c.why)
		}
	}
}

// broken returns the lines of a text at a width in points, size 10.
func broken(s string, width float64) (out []string) {
	p := prepare([]source{{s, faceRegular}}, false)
	var b strings.Builder
	for _, l := range p.lines(int(width * 100)) {
		b.Reset()
		for _, g := range p.glyphs[l.from:l.to] {
			if g.r != 0 {
				b.WriteRune(g.r)
			}
		}
		if l.hyphen {
			b.WriteByte('-')
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		in    string
		width float64
		want  string
		why   string
	}{
		{"one two three", 45, "one two|three", "at spaces"},
		{"45\u00a0000\u00a0USD and", 60, "45\u00a0000\u00a0USD|and", "not at no-break spaces"},
		{"co\u00adordi\u00adnator", 40, "coordi-|nator", "a soft hyphen shows where it is used and nowhere else"},
		{"coordinator", 40, "coordin|ator", "a word wider than its line is broken and not lost"},
		{"проект — общий", 50, "проект —|общий", "a dash does not begin a line"},
		{"塔什干。举行", 31, "塔什|干。举|行", "kinsoku: a full stop does not begin a line"},
		{"塔什《计划》", 35, "塔什|《计|划》", "kinsoku: an opening mark does not end a line"},
		{"oʻquv-seminar maʼruza", 50, "oʻquv-|seminar|maʼruza", "Uzbek marks are letters, the hyphen is a place to break"},
		{"a\nb", 50, "a|b", "a line feed ends a line"},
		{"0\n-0", 50, "0|-0", "a line feed before a negative number, which uniseg overlooks"},
		{"a\n\nb", 50, "a||b", "an empty line stays"},
		{"https://example.org/a/b", 66, "https://|example.org/|a/b", "addresses break after slashes"},
	} {
		if got := strings.Join(broken(c.in, c.width), "|"); got != c.want {
			t.Errorf("%q at %v pt: %q, want %q: %s", c.in, c.width, got, c.want, c.why)
		}
	}
}

// What simpleBreaks decides on its own is what UAX 14 says.
func TestSimpleBreaksAgreeWithUnicode(t *testing.T) {
	alphabet := []rune("ab Z09 яё .,:; ")
	rapid.Check(t, func(r *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 40).Draw(r, "text")
		fast := make([]glyph, len(runes))
		if !simpleBreaks(fast, runes) {
			return
		}
		// a soft hyphen at the end, which simpleBreaks does not know, sends the text to uniseg
		slow := prepare([]source{{string(runes) + "\u00ad", faceRegular}}, false)
		for i := range fast[:len(fast)-1] {
			if a, b := fast[i].flags&breakAfter, slow.glyphs[i].flags&breakAfter; a != b {
				r.Fatalf("%q: break after %d is %v, uniseg says %v", string(runes), i, a != 0, b != 0)
			}
		}
	})
}

func TestBalancedTitles(t *testing.T) {
	p := prepare([]source{{"Roadmap of Cooperation and Joint Action Plan between the parties", faceRegular}}, false)
	plain, even := p.lines(25000), p.balanced(25000)
	if len(plain) != 2 || len(even) != 2 {
		t.Fatalf("%d and %d lines, want 2 and 2", len(plain), len(even))
	}
	if d, e := plain[0].width-plain[1].width, even[0].width-even[1].width; e >= d || e < -6000 {
		t.Errorf("lines differ by %d, unbalanced ones by %d", e, d)
	}
}

// Faces: what a run is set in decides whether its glyphs exist.
func TestFaces(t *testing.T) {
	for _, c := range []struct {
		in   string
		bold bool
		want string
		lost int
	}{
		{"Aжʻ", false, "rrr", 0},
		{"Aж", true, "bb", 0},
		{"عربي", true, "AAAA", 0},
		{"ع. a", false, "aaar", 0},
		{"中a文", false, "hrh", 0},
		{"✓→−", false, "smm", 0},
		{"हa", false, "rr", 1},
	} {
		base := uint8(faceRegular)
		if c.bold {
			base = faceBold
		}
		p := prepare([]source{{c.in, base}}, false)
		got := ""
		for _, g := range p.glyphs {
			got += string("rbiaAhsm"[g.face])
		}
		if got != c.want || len(p.lost) != c.lost {
			t.Errorf("%q: faces %s, lost %q; want %s, %d", c.in, got, p.lost, c.want, c.lost)
		}
	}
}
