package typeset

import (
	"math"
	"testing"
)

// luminance and contrast follow WCAG 2.1.
func luminance(c Color) float64 {
	f := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

func contrast(a, b Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrast(t *testing.T) {
	check := func(what string, text, ground Color) {
		if c := contrast(text, ground); c < 4.5 {
			t.Errorf("%s: contrast %.2f, want 4.5", what, c)
		}
	}
	grounds := []Color{white, soft, neutral.tint}
	for _, g := range grounds {
		check("ink", ink, g)
		check("muted", muted, g)
		check("link", link, g)
	}
	check("heads of tables", white, navy)
	for k, tone := range tones {
		for _, g := range append(grounds, tone.tint) {
			check("text of tone", tone.text, g)
		}
		check("number on a part", tone.onFill, tone.fill)
		check("ink on a note", ink, tone.tint)
		_ = k
	}
}

// Tones that stand beside each other differ by more than colour.
func TestTonesDifferWithoutColour(t *testing.T) {
	shapes := map[shapeKind]bool{}
	for k, a := range tones {
		if shapes[a.shape] {
			t.Errorf("tone %d shares its shape", k)
		}
		shapes[a.shape] = true
		for l, b := range tones {
			if k != l && a.pattern == b.pattern && contrast(a.fill, b.fill) < 2 {
				t.Errorf("tones %d and %d have one pattern and a contrast of %.2f", k, l, contrast(a.fill, b.fill))
			}
		}
	}
}

// Advances are those that gofpdf computes: rounded to 1/1000 em.
func TestMetrics(t *testing.T) {
	for _, c := range []struct {
		face int
		r    rune
		want uint16
	}{{faceRegular, 'a', 561}, {faceRegular, ' ', 260}, {faceBold, 'a', 604}, {faceHan, '中', 1000}, {faceArabic, 'ﻻ', 0}, {faceRegular, '中', missing}} {
		got := loaded[c.face]().advance[c.r]
		if c.want == 0 && got != missing && got > 0 {
			continue
		}
		if got != c.want {
			t.Errorf("face %d, %q: advance %d, want %d", c.face, c.r, got, c.want)
		}
	}
	if _, err := readMetrics([]byte("OTTO and more bytes")); err == nil {
		t.Error("a font that is not TrueType is taken")
	}
	if _, err := readMetrics([]byte{0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0}); err == nil {
		t.Error("a font that ends early is taken")
	}
}
