package typeset_test

import (
	"fmt"
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// numbered is a text of n words of which each occurs once.
func numbered(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d ", prefix, i)
	}
	return strings.TrimSpace(b.String())
}

// drawn is all that stands on the pages, runs of text parted by spaces.
func drawn(l *typeset.Layout) string {
	var b strings.Builder
	for n := range l.Pages {
		for _, o := range textsOn(l, n, "") {
			b.WriteString(o.Runes + " ")
		}
	}
	return b.String()
}

// What is too long for its place says so, and stands whole in the notes at the end.
func TestNothingIsCutSilently(t *testing.T) {
	for _, c := range []struct {
		name  string
		words string
		place func(d *document.Document, words string)
	}{
		{"label of a bar", numbered("bar", 120), func(d *document.Document, w string) {
			d.Sections[0].Blocks = []document.Block{document.Bars{Rows: []document.Share{share(w, 1)}}}
		}},
		{"label of a tile", numbered("tile", 120), func(d *document.Document, w string) {
			d.Sections[0].Blocks = []document.Block{document.Tiles{Items: []document.Tile{{Label: w, Value: "1"}}}}
		}},
		{"row of a timeline", numbered("row", 120), func(d *document.Document, w string) {
			d.Sections[0].Blocks = []document.Block{document.Timeline{From: day(2026, 1, 1), To: day(2026, 3, 1), Rows: []document.TimelineRow{{Label: w, To: day(2026, 2, 1)}}}}
		}},
		{"running head", numbered("head", 300), func(d *document.Document, w string) { d.Meta.Programme = w }},
		{"issue", numbered("issue", 300), func(d *document.Document, w string) { d.Meta.Issue = w }},
		{"running foot", numbered("foot", 300), func(d *document.Document, w string) { d.Meta.Foot = w }},
		{"distribution mark", numbered("mark", 300), func(d *document.Document, w string) { d.Meta.Mark = w }},
	} {
		d := oneBlock(para("body"))
		d.Meta.Notes = "Notes"
		c.place(&d, c.words)
		l := set(t, d)
		all := drawn(l)
		for _, word := range strings.Fields(c.words) {
			if !strings.Contains(all, word) {
				t.Errorf("%s: %s is nowhere", c.name, word)
				break
			}
		}
		if strings.Count(all, "[1]") < 2 || !strings.Contains(all, "…") || !strings.Contains(all, "Notes") {
			t.Errorf("%s: no mark, or no note for it: %.300s", c.name, all)
		}
	}
}

// A text is noted once however often it stands; a report without long texts has no notes.
func TestNotesAreFew(t *testing.T) {
	long := numbered("word", 120)
	d := oneBlock(document.Bars{Rows: []document.Share{share(long, 1), share(long, 2), share("short", 3)}}, document.Bars{Rows: []document.Share{share(long, 4)}})
	if all := drawn(set(t, d)); strings.Contains(all, "[2]") || strings.Count(all, "word119") != 1 {
		t.Errorf("the same text is noted more than once: %d times", strings.Count(all, "word119"))
	}
	if all := drawn(set(t, oneBlock(para("short")))); strings.Contains(all, "Notes") {
		t.Error("notes without a cause")
	}
}

// The lines of the contents and the titles over the rest of a table end with dots when they are too long; the heading has
// them whole.
func TestLongTitlesEndVisibly(t *testing.T) {
	title := numbered("title", 200)
	d := oneBlock(textTable(repeat(400, "a", "b")))
	d.Sections[0].Title, d.Meta.Continued = title, "(continued)"
	d.Sections = append(d.Sections, document.Section{Title: "Next", Level: 1, Blocks: []document.Block{para("x")}})
	l := set(t, d)
	contents, repeated := "", ""
	for n := range l.Pages {
		for _, o := range textsOn(l, n, "") {
			switch {
			case o.Node != typeset.Artifact && l.Nodes[o.Node].Role == "Link":
				contents += o.Runes + " "
			case o.Node == typeset.Artifact && (strings.Contains(o.Runes, "title") || strings.Contains(o.Runes, "continued")):
				repeated += o.Runes + " "
			}
		}
	}
	if !strings.Contains(contents, "…") || strings.Contains(contents, "title199") {
		t.Errorf("line of the contents: %.200s", contents)
	}
	if !strings.Contains(repeated, "… (continued)") {
		t.Errorf("title over the rest of the table: %.300s", repeated)
	}
	if !strings.Contains(drawn(l), "title199") {
		t.Error("the heading is not whole")
	}
}
