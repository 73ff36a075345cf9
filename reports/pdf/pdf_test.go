package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// child names the environment variable that turns the test binary into a program that prints the hash of the sample.
const child = "SECRETARIAT_PDF_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	b, err := Draw(sample(), BuiltIn())
	fmt.Printf("%x %v\n", sha256.Sum256(b), err)
}

// The bytes depend on the display list alone: not on the process, the zone, the language or what was drawn before.
func TestSameBytesInOtherProcesses(t *testing.T) {
	want := fmt.Sprintf("%x %v\n", sha256.Sum256(draw(t, sample())), nil)
	for _, env := range [][]string{{"TZ=Asia/Tashkent", "LANG=ru_RU.UTF-8"}, {"TZ=America/New_York", "LANG=C"}} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(append(os.Environ(), child+"=1"), env...)
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != want {
			t.Errorf("with %v: got %q (%v), want %q", env, out, err, want)
		}
	}
}

// gofpdf's own Unicode fonts are shared by documents and written to (a data race, and changed bytes after one document).
func TestParallelDocumentsLeaveFontsAlone(t *testing.T) {
	fonts := BuiltIn()
	before := map[typeset.Face][32]byte{}
	for name, b := range fonts {
		before[name] = sha256.Sum256(b)
	}
	want := draw(t, sample())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			l := sample()
			if i%2 == 1 { // another set of runes, so that faces are cut while others draw
				l.Runes[typeset.Regular] = append(l.Runes[typeset.Regular], rune(0x1E00+i))
			}
			got, err := Draw(l, fonts)
			if err != nil || i%2 == 0 && !bytes.Equal(got, want) {
				t.Errorf("document %d: %d bytes, want %d, error %v", i, len(got), len(want), err)
			}
		})
	}
	wg.Wait()
	for name, b := range fonts {
		if sha256.Sum256(b) != before[name] {
			t.Errorf("bytes of face %s were changed", name)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	for i := range maxCuts + 5 {
		if _, err := cuts.face(BuiltIn()[typeset.Regular], []rune{rune('0' + i)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := cuts.order.Len(); n != maxCuts || len(cuts.byKey) != n {
		t.Errorf("cache holds %d faces and %d keys, want %d", n, len(cuts.byKey), maxCuts)
	}
}

func TestRefused(t *testing.T) {
	for _, row := range []struct {
		name, want string
		spoil      func(l *typeset.Layout)
	}{
		{"a place that is no number", "NaN", func(l *typeset.Layout) { l.Pages[0].Ops[0] = typeset.Text{X: math.NaN(), Size: 9, Node: -1} }},
		{"an infinite corner", "Inf", func(l *typeset.Layout) { l.Pages[0].Ops[0] = box(1, 1, math.Inf(1), 1, &ink, -1) }},
		{"a length beyond what viewers take", "1e+06", func(l *typeset.Layout) { l.Pages[0].Ops[0] = box(1, 1, 1e6, 1, &ink, -1) }},
		{"text without a size", "size 0", func(l *typeset.Layout) { l.Pages[0].Ops[0] = typeset.Text{Runes: "a", Node: -1} }},
		{"an emoji", "U+1F600", func(l *typeset.Layout) { l.Runes[typeset.Regular] = append(l.Runes[typeset.Regular], 0x1F600) }},
		{"a rune that the face lacks", "no glyph", func(l *typeset.Layout) { l.Runes[typeset.Regular] = append(l.Runes[typeset.Regular], '区') }},
		{"a rune that was not announced", "not among the runes", func(l *typeset.Layout) {
			l.Pages[0].Ops[0] = typeset.Text{Runes: "Ж", Size: 9, Face: typeset.Bold, Node: -1}
		}},
		{"bytes that are no text", "not among the runes", func(l *typeset.Layout) {
			l.Pages[0].Ops[0] = typeset.Text{Runes: "abc\xe2", Size: 9, Face: typeset.Regular, Node: -1}
		}},
		{"a face without a font", "missing", func(l *typeset.Layout) { l.Runes["gothic"] = []rune("a") }},
		{"a clip that stays open", "not ended", func(l *typeset.Layout) { l.Pages[0].Ops = append(l.Pages[0].Ops, typeset.ClipStart{}) }},
		{"a clip that ends twice", "did not start", func(l *typeset.Layout) { l.Pages[0].Ops = append(l.Pages[0].Ops, typeset.ClipEnd{}) }},
		{"a link to nowhere", "on no page", func(l *typeset.Layout) {
			l.Pages[0].Ops = append(l.Pages[0].Ops, typeset.Link{Anchor: "gone", Node: 0})
		}},
		{"a bookmark to nowhere", "on no page", func(l *typeset.Layout) { l.Bookmarks[0].Anchor = "gone" }},
		{"an anchor that stands twice", "twice", func(l *typeset.Layout) {
			l.Pages[0].Ops = append(l.Pages[0].Ops, typeset.Anchor{Name: "part-1"})
		}},
		{"an element outside the tree", "not in the tree", func(l *typeset.Layout) { l.Nodes = append(l.Nodes, typeset.Node{Role: "P"}) }},
		{"an element that is its own child", "wrong child", func(l *typeset.Layout) { l.Nodes[1].Children = append(l.Nodes[1].Children, 1) }},
		{"a figure on a page that is not there", "page 9", func(l *typeset.Layout) {
			for i := range l.Nodes {
				l.Nodes[i].Page = 8
			}
		}},
		{"content of an element that is not there", "structure element 999", func(l *typeset.Layout) { l.Pages[0].Ops[0] = box(1, 1, 1, 1, &ink, 999) }},
		{"no pages", "no pages", func(l *typeset.Layout) { l.Pages = nil }},
		{"an opacity above one", "alpha 2", func(l *typeset.Layout) { l.Pages[0].Ops[0] = typeset.Path{Alpha: 2, Node: -1} }},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := sample()
			row.spoil(l)
			if b, err := Draw(l, BuiltIn()); err == nil || !strings.Contains(err.Error(), row.want) || b != nil {
				t.Errorf("got %d bytes and error %v, want an error with %q", len(b), err, row.want)
			}
		})
	}
}

// A panic inside gofpdf must cost one report and not the daemon.
func TestPanicBecomesError(t *testing.T) {
	if _, err := Draw(nil, nil); err == nil {
		t.Error("no error for a nil layout")
	}
}

// Fonts with CFF outlines, collections and broken files are named for what they are; gofpdf prints a line and goes on.
func TestFontsRefused(t *testing.T) {
	damaged := bytes.Clone(BuiltIn()[typeset.Regular][:4000])
	for _, row := range []struct {
		name string
		font []byte
		want string
	}{
		{"OpenType with CFF outlines", []byte("OTTO00000000"), "CFF"},
		{"a collection", []byte("ttcf00000000"), "collection"},
		{"a page of HTML", []byte("<!doctype html>"), "not a TrueType font"},
		{"nothing", nil, "missing"},
		{"half a file", damaged, "damaged"},
	} {
		if _, err := cuts.face(row.font, []rune("a"), nil); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want an error with %q", row.name, err, row.want)
		}
	}
}

func TestRenderCountsPages(t *testing.T) {
	b, pages, err := Render(document.Document{Meta: document.Meta{Title: "Short", Language: "en", PageLabel: "Page {x} of {y}"},
		Sections: []document.Section{{ID: "a", Title: "A", Level: 1, Blocks: []document.Block{
			document.Paragraph{Spans: []document.Span{{Text: "one"}}}, document.PageBreak{}, document.Paragraph{Spans: []document.Span{{Text: "two"}}}}}}})
	if err != nil || pages != 2 {
		t.Fatalf("got %d pages and %v, want 2", pages, err)
	}
	if n := len(read(t, b).pages); n != pages {
		t.Errorf("file has %d pages, want %d", n, pages)
	}
}
