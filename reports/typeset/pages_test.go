package typeset_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

func set(t *testing.T, d document.Document) *typeset.Layout {
	t.Helper()
	l, err := typeset.Set(d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// textsOn returns the texts of a page in drawing order, those of an element's role only unless role is "".
func textsOn(l *typeset.Layout, page int, role string) (out []typeset.Text) {
	for _, op := range l.Pages[page].Ops {
		if o, ok := op.(typeset.Text); ok && (role == "" || o.Node >= 0 && l.Nodes[o.Node].Role == role) {
			out = append(out, o)
		}
	}
	return out
}

func joined(texts []typeset.Text) string {
	var parts []string
	for _, o := range texts {
		parts = append(parts, o.Runes)
	}
	return strings.Join(parts, "|")
}

func TestHeadingIsNeverLastOnAPage(t *testing.T) {
	for filler := 30; filler < 60; filler++ {
		d := document.Document{Meta: document.Meta{Title: "T", Language: "en"}}
		first := document.Section{Title: "First", Level: 1}
		for i := range filler {
			first.Blocks = append(first.Blocks, para(fmt.Sprint("line ", i)))
		}
		d.Sections = []document.Section{first, {Title: "Lonely", Level: 1, Blocks: []document.Block{textTable(repeat(30, "a", "b"))}}}
		l := set(t, d)
		for n := range l.Pages {
			content := textsOn(l, n, "")
			content = slices.DeleteFunc(content, func(o typeset.Text) bool { return o.Node == typeset.Artifact })
			if len(content) > 0 && l.Nodes[content[len(content)-1].Node].Role[0] == 'H' {
				t.Errorf("%d lines before it: page %d ends with heading %q", filler, n+1, content[len(content)-1].Runes)
			}
		}
	}
}

func TestTableHeadsAreRepeatedAndReadOnce(t *testing.T) {
	d := oneBlock(textTable(repeat(200, "one", "two")))
	d.Meta.Continued = "(continued)"
	l := set(t, d)
	if len(l.Pages) < 4 {
		t.Fatalf("%d pages, want at least 4", len(l.Pages))
	}
	for n := range l.Pages {
		all := joined(textsOn(l, n, ""))
		if !strings.Contains(all, "c0|c1") {
			t.Errorf("page %d has no table head: %.200s", n+1, all)
		}
		if heads := len(textsOn(l, n, "TH")); (heads > 0) != (n == 0) {
			t.Errorf("page %d has %d heads for screen readers, want them on page 1 only", n+1, heads)
		}
		if has := strings.Contains(all, "Section (continued)"); has != (n > 0) {
			t.Errorf("page %d: (continued) is %v", n+1, has)
		}
	}
	if rows := len(textsOn(l, 0, "TD")); rows == 0 {
		t.Error("page 1 has no cells")
	}
}

func TestGroupAndTotalRowsStayWithTheirRows(t *testing.T) {
	cells := func(s ...string) (out []document.Cell) {
		for _, x := range s {
			out = append(out, document.Cell{Spans: []document.Span{{Text: x}}})
		}
		return out
	}
	for body := 25; body < 70; body++ {
		tb := document.Table{Columns: []document.Column{{Title: "a", Weight: 1}, {Title: "b"}}}
		for range body {
			tb.Rows = append(tb.Rows, document.Row{Cells: cells("body", "1")})
		}
		tb.Rows = append(tb.Rows, document.Row{Kind: document.RowGroup, Cells: cells("GROUP")}, document.Row{Cells: cells("body", "2")},
			document.Row{Kind: document.RowTotal, Cells: cells("TOTAL", "9")})
		l := set(t, oneBlock(tb))
		for n := range l.Pages {
			var words []string
			for _, o := range textsOn(l, n, "") {
				if o.Node >= 0 && (l.Nodes[o.Node].Role == "TD" || l.Nodes[o.Node].Scope == "Row") {
					words = append(words, o.Runes)
				}
			}
			if len(words) == 0 {
				continue
			}
			if words[len(words)-1] == "GROUP" {
				t.Errorf("%d rows: page %d ends with a group", body, n+1)
			}
			if words[0] == "TOTAL" {
				t.Errorf("%d rows: page %d begins with the total", body, n+1)
			}
		}
	}
}

func TestKeepWhole(t *testing.T) {
	table := textTable(repeat(20, "one", "two"))
	table.Keep = document.KeepWhole
	for filler := 10; filler < 40; filler += 3 {
		var blocks []document.Block
		for i := range filler {
			blocks = append(blocks, para(fmt.Sprint("line ", i)))
		}
		l := set(t, oneBlock(append(blocks, table)...))
		pages := 0
		for n := range l.Pages {
			if len(textsOn(l, n, "TD")) > 0 {
				pages++
			}
		}
		if pages != 1 {
			t.Errorf("after %d lines the table stands on %d pages, want 1", filler, pages)
		}
	}
}

func TestWidowsAndOrphans(t *testing.T) {
	for filler := 20; filler < 34; filler++ {
		var blocks []document.Block
		for range filler {
			blocks = append(blocks, para("x"))
		}
		l := set(t, oneBlock(append(blocks, para(strings.Repeat("word ", 200)))...))
		for n := range l.Pages {
			lines := 0
			for _, o := range textsOn(l, n, "P") {
				if strings.Contains(o.Runes, "word") {
					lines++
				}
			}
			if lines == 1 {
				t.Errorf("after %d lines, page %d has a single line of the paragraph", filler, n+1)
			}
		}
	}
}

func TestPageLabelsAndFurniture(t *testing.T) {
	d := sample("en", 61)
	l := set(t, d)
	for n := range l.Pages {
		all := joined(textsOn(l, n, ""))
		for _, want := range []string{fmt.Sprintf("Page %d of %d", n+1, len(l.Pages)), "LIMITED", "Report No. 12", "week 47, 2026"} {
			if !strings.Contains(all, want) {
				t.Errorf("page %d lacks %q", n+1, want)
			}
		}
	}
}

func TestContents(t *testing.T) {
	long := set(t, sample("en", 61))
	toc := 0
	links := map[string]bool{}
	for _, p := range long.Pages {
		for _, op := range p.Ops {
			if link, ok := op.(typeset.Link); ok && link.Anchor != "" {
				toc++
				links[link.Anchor] = true
			}
		}
	}
	if toc != 6 {
		t.Errorf("%d lines of contents, want 6", toc)
	}
	for _, p := range long.Pages {
		for _, op := range p.Ops {
			if a, ok := op.(typeset.Anchor); ok {
				delete(links, a.Name)
			}
		}
	}
	if len(links) > 0 {
		t.Errorf("links to nowhere: %v", links)
	}
	if len(long.Bookmarks) != 6 {
		t.Errorf("%d bookmarks, want 6", len(long.Bookmarks))
	}
	short := set(t, oneBlock(para("x")))
	for _, op := range short.Pages[0].Ops {
		if _, ok := op.(typeset.Link); ok {
			t.Error("a report of one page has contents")
		}
	}
}

func TestUnshownCharacters(t *testing.T) {
	d := oneBlock(para("a 👍 b 🇺🇿 c हिन्दी"))
	d.Meta.Unshown = "Знаков, которые нельзя показать: {n}"
	l := set(t, d)
	if l.Unshown < 5 {
		t.Errorf("%d characters not shown, want at least 5", l.Unshown)
	}
	if all := joined(textsOn(l, 0, "Note")); !strings.Contains(all, fmt.Sprint("показать: ", l.Unshown)) || !strings.Contains(all, "U+1F44D") {
		t.Errorf("note says %q", all)
	}
	if plain := set(t, oneBlock(para("a"))); plain.Unshown != 0 || len(textsOn(plain, 0, "Note")) > 0 {
		t.Error("a note without a cause")
	}
}

func TestEmbeddedFiles(t *testing.T) {
	data := [][]string{{"ref", "title"}, {"1.01", "with, comma and \"quotes\""}, {"1.02", "two\nlines"}, {"1.03", "=1+1"}}
	one := textTable([][]string{{"a"}})
	one.Name, one.Data = "activities", data
	l := set(t, oneBlock(one, one, document.Table{Name: "empty", Empty: "none", Data: data[:1]}))
	var names []string
	for _, f := range l.Files {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "activities.csv activities-2.csv empty.csv" {
		t.Errorf("files %s", got)
	}
	if !bytes.Contains(l.Files[0].Bytes, []byte("\r\n")) {
		t.Error("lines do not end with CRLF")
	}
	back, err := csv.NewReader(bytes.NewReader(l.Files[0].Bytes)).ReadAll()
	if err != nil || fmt.Sprint(back) != fmt.Sprint(data) {
		t.Errorf("read back %v (error %v), want %v", back, err, data)
	}
}

// Numbers of a column stand with their decimal marks under each other, also in a mirrored table.
func TestDecimalAlignment(t *testing.T) {
	for _, right := range []bool{false, true} {
		tb := document.Table{Columns: []document.Column{{Title: "n", Weight: 1}, {Title: "amount", Align: document.AlignDecimal}}}
		numbers := []string{"1,234.5", "7.25", "100", "–"}
		for _, n := range numbers {
			tb.Rows = append(tb.Rows, document.Row{Cells: []document.Cell{{Spans: []document.Span{{Text: "x"}}}, {Spans: []document.Span{{Text: n}}}}})
		}
		d := oneBlock(tb)
		d.Meta.RightToLeft = right
		marks := map[string]float64{}
		for _, o := range textsOn(set(t, d), 0, "TD") {
			if at := strings.Index(o.Runes, "."); at >= 0 {
				marks[o.Runes] = o.X + float64(at)*o.Size*0.572 - float64(strings.Count(o.Runes[:at], ","))*o.Size*(0.572-0.268)
			} else if o.Runes == "100" {
				marks[o.Runes] = o.X + o.Width
			}
		}
		if len(marks) != 3 {
			t.Fatalf("right %v: found %v", right, marks)
		}
		for s, at := range marks {
			if diff := at - marks["7.25"]; diff > 0.2 || diff < -0.2 {
				t.Errorf("right %v: the decimal mark of %s stands %.2f pt aside", right, s, diff)
			}
		}
	}
}

// The contents of a report with many sections run over pages, and each number is the page that the link leads to.
func TestContentsNumbers(t *testing.T) {
	d := document.Document{Meta: document.Meta{Title: "T", Language: "en", Contents: "Contents"}}
	for i := range 150 {
		d.Sections = append(d.Sections, document.Section{Title: fmt.Sprint("Section ", i), Level: i%3 + 1,
			Blocks: []document.Block{para(strings.Repeat("some words ", 60))}})
	}
	l := set(t, d)
	checkLayout(t, d, l)
	where := map[string]int{}
	for n, p := range l.Pages {
		for _, op := range p.Ops {
			if a, ok := op.(typeset.Anchor); ok {
				where[a.Name] = n + 1
			}
		}
	}
	found := 0
	for n, p := range l.Pages {
		texts := textsOn(l, n, "Link")
		for _, op := range p.Ops {
			link, ok := op.(typeset.Link)
			if !ok {
				continue
			}
			found++
			last := ""
			for _, o := range texts {
				if o.Node == link.Node {
					last = o.Runes
				}
			}
			if last != fmt.Sprint(where[link.Anchor]) {
				t.Errorf("contents say %s for %q, which is on page %d", last, link.Alt, where[link.Anchor])
			}
		}
	}
	if found != 150 {
		t.Errorf("%d lines of contents, want 150", found)
	}
}
