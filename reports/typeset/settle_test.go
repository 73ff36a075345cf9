package typeset_test

import (
	"fmt"
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// lowest is the baseline of the last text of a page that is content.
func lowest(l *typeset.Layout, page int) (y float64) {
	for _, o := range textsOn(l, page, "") {
		if o.Node != typeset.Artifact {
			y = max(y, o.Y)
		}
	}
	return y
}

// A last page with some lines on it is closed up with the one before, or is given more: it is never nearly empty.
func TestLastPageIsNotBare(t *testing.T) {
	saved := 0
	for lines := 20; lines < 80; lines++ {
		d := document.Document{Meta: document.Meta{Title: "T", Language: "en"}}
		left := lines
		for i := 0; left > 0; i++ {
			sec := document.Section{Title: fmt.Sprint("Section ", i), Level: 1}
			for range min(left, 8) {
				sec.Blocks = append(sec.Blocks, para("line"))
				left--
			}
			d.Sections = append(d.Sections, sec)
		}
		l := set(t, d)
		checkLayout(t, d, l)
		last := len(l.Pages) - 1
		if last == 0 {
			saved = lines // the usual gaps leave room for 24
			continue
		}
		if y := lowest(l, last); y < 200 {
			t.Errorf("%d lines: the last of %d pages ends at %.0f pt", lines, last+1, y)
		}
	}
	if saved < 26 {
		t.Errorf("pages are closed up for %d lines at most, want 26 or more", saved)
	}
}

// listOf is a list whose gaps are too small to save a page.
func listOf(n int, word string) document.List {
	var list document.List
	for i := range n {
		list.Items = append(list.Items, []document.Span{{Text: fmt.Sprintf("%s-%03d", word, i)}})
	}
	return list
}

// Where the last page gets more from the page before, it begins with a section if one is near.
func TestLastPageBeginsWithASection(t *testing.T) {
	moved := 0
	for before := 22; before < 42; before++ {
		d := document.Document{Meta: document.Meta{Title: "T", Language: "en"}, Sections: []document.Section{
			{Title: "First", Level: 1, Blocks: []document.Block{listOf(before, "first")}},
			{Title: "Second", Level: 1, Blocks: []document.Block{listOf(16, "second")}}}}
		l := set(t, d)
		if len(l.Pages) == 1 {
			continue
		}
		for _, o := range textsOn(l, 1, "") {
			if o.Node == typeset.Artifact {
				continue
			}
			if o.Runes == "Second" {
				moved++
			}
			break
		}
	}
	if moved < 11 {
		t.Errorf("page 2 begins with the second section %d times, want 11 or more", moved)
	}
}

// What a page break before the last page takes away from the page before must not be lost or doubled.
func TestSettledPagesHoldEverything(t *testing.T) {
	for lines := 30; lines < 140; lines++ {
		l, next := set(t, oneBlock(listOf(lines, "line"))), 0
		for n := range l.Pages {
			for _, o := range textsOn(l, n, "LBody") {
				if want := fmt.Sprintf("line-%03d", next); o.Runes != want {
					t.Fatalf("%d lines, page %d: got %s, want %s", lines, n+1, o.Runes, want)
				}
				next++
			}
		}
		if next != lines {
			t.Errorf("%d of %d lines are there", next, lines)
		}
	}
}

// The running heads stand on one line where there is room for both; only a head that is too long for the paper is broken.
func TestRunningHeadsOnOneLine(t *testing.T) {
	for _, c := range []struct {
		programme, issue string
		lines            int
		why              string
	}{
		{"ISRS-UNOCT", "Еженедельный отчёт о ходе работы · 16–22 ноября 2026 г.", 1, "a long head beside a short one"},
		{"ISRS-UNOCT", "Intercambio de publicaciones · 23 de noviembre de 2025 – 22 de noviembre de 2026", 2, "the longest period"},
		{strings.Repeat("Programme of cooperation ", 5), "Weekly report · week 47, 2026", 3, "a long programme gives way"},
		{strings.Repeat("Programme of cooperation ", 5), strings.Repeat("Weekly report ", 9), 4, "both are long"},
	} {
		d := oneBlock(para("x"))
		d.Meta.Programme, d.Meta.Issue, d.Meta.Mark = c.programme, c.issue, "ОГРАНИЧЕННОЕ РАСПРОСТРАНЕНИЕ"
		l := set(t, d)
		checkLayout(t, d, l)
		seen := map[float64]bool{}
		for _, o := range textsOn(l, 0, "") {
			if o.Node == typeset.Artifact && o.Y < 70 && o.Face != typeset.Bold {
				seen[o.Y] = true
			}
		}
		if len(seen) != c.lines {
			t.Errorf("%s: %d lines, want %d", c.why, len(seen), c.lines)
		}
	}
}

// A section does not begin at the end of a page with a line or a small note, and go on on the next.
func TestOpeningStaysWithWhatFollows(t *testing.T) {
	for filler := 15; filler < 40; filler++ {
		d := document.Document{Meta: document.Meta{Title: "T", Language: "en"}}
		first := document.Section{Title: "First", Level: 1}
		for range filler {
			first.Blocks = append(first.Blocks, para("x"))
		}
		d.Sections = []document.Section{first, {Title: "Second", Level: 1, Blocks: []document.Block{
			document.Note{Spans: []document.Span{{Text: "nothing happened"}}}, textTable(repeat(12, "cell", "b"))}}}
		l := set(t, d)
		for n := range l.Pages {
			all := joined(textsOn(l, n, ""))
			if strings.Contains(all, "nothing happened") && !strings.Contains(all, "cell") {
				t.Errorf("%d lines before it: page %d ends with the note", filler, n+1)
			}
		}
	}
}

// Ten sections or more have their contents in two columns, read one after the other; long titles keep one.
func TestContentsInTwoColumns(t *testing.T) {
	for _, c := range []struct {
		title string
		two   bool
	}{{"Section", true}, {strings.Repeat("A long title of a section ", 6), false}} {
		d := document.Document{Meta: document.Meta{Title: "T", Language: "en", Contents: "Contents"}}
		for i := range 16 {
			d.Sections = append(d.Sections, document.Section{Title: fmt.Sprint(c.title, " ", i), Level: 1 + i%2, Blocks: []document.Block{para(strings.Repeat("some words ", 150))}})
		}
		l := set(t, d)
		checkLayout(t, d, l)
		edges, order := map[float64]bool{}, []string{}
		for n := range l.Pages {
			for _, op := range l.Pages[n].Ops {
				if link, ok := op.(typeset.Link); ok {
					edges[link.X+link.Width] = true
					order = append(order, link.Alt)
				}
			}
		}
		if (len(edges) == 2) != c.two {
			t.Errorf("%.20s: contents end at %v, want two columns: %v", c.title, edges, c.two)
		}
		for i, title := range order {
			if want := fmt.Sprint(c.title, " ", i); title != want {
				t.Errorf("contents line %d is %q, want %q", i, title, want)
			}
		}
	}
}
