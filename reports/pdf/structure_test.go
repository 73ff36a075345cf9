package pdf

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"secretariat/reports/typeset"
)

// Every reference leads to an object, every mark on a page to its element and back.
func TestReferencesAndMarks(t *testing.T) {
	p := read(t, draw(t, sample()))
	for id, body := range p.objects {
		for _, m := range refs.FindAllStringSubmatch(body, -1) {
			if p.object(atoi(m[1])) == "" {
				t.Errorf("object %d refers to %s, which is not there", id, m[1])
			}
		}
	}
	tree := p.object(p.find(t, p.root, "/StructTreeRoot"))
	parents := p.object(p.find(t, tree, "/ParentTree"))
	marks := regexp.MustCompile(`/MCID (\d+)>> BDC`)
	rows := regexp.MustCompile(`(\d+) \[([^\]]*)\]`).FindAllStringSubmatch(parents, -1)
	for page := range p.pages {
		content := p.content(t, page)
		found := marks.FindAllStringSubmatch(content, -1)
		elements := refs.FindAllStringSubmatch(rows[page][2], -1)
		if len(found) != len(elements) || len(found) == 0 {
			t.Fatalf("page %d has %d marks and %d elements for them", page+1, len(found), len(elements))
		}
		for i, m := range found {
			element := p.object(atoi(elements[i][1]))
			if _, kids, _ := strings.Cut(element, "/K ["); m[1] != itoa(i) || !regexp.MustCompile(`\b`+m[1]+`\b`).MatchString(kids) {
				t.Errorf("page %d, mark %s: its element %s does not hold it", page+1, m[1], element)
			}
		}
		if n := strings.Count(content, "BDC") + strings.Count(content, "BMC"); n != strings.Count(content, "EMC") {
			t.Errorf("page %d: %d marks begin and %d end", page+1, n, strings.Count(content, "EMC"))
		}
		if strings.Count(content, "q ") != strings.Count(content, "\nQ\n") {
			t.Errorf("page %d: graphics states are not closed", page+1)
		}
	}
}

func TestCatalog(t *testing.T) {
	l := sample()
	l.Info.RightToLeft = true
	b := draw(t, l)
	p := read(t, b)
	for _, want := range []string{"/Lang (en)", "/DisplayDocTitle true", "/Direction /R2L", "/Marked true", "/StructTreeRoot", "/Metadata",
		"/OutputIntents", "/AF [", "/EmbeddedFiles", "/Dests", "/PageMode /UseOutlines"} {
		if !strings.Contains(p.root, want) {
			t.Errorf("catalog lacks %s: %s", want, p.root)
		}
	}
	if !bytes.HasPrefix(b, []byte("%PDF-1.7\n%\xE2")) || !strings.Contains(p.trailer, "/ID [<") {
		t.Errorf("header %q, trailer %s", b[:14], p.trailer)
	}
	for _, id := range p.pages {
		if page := p.object(id); !strings.Contains(page, "/Tabs /S") || !strings.Contains(page, "/StructParents") {
			t.Errorf("page %s", page)
		}
	}
}

// Info and XMP say the same; neither claims a standard, since no validator has passed the file.
func TestMetadata(t *testing.T) {
	l := sample()
	l.Info.Title, l.Info.Author = "Ход <работ> & co", "A\x00B"
	b := draw(t, l)
	p := read(t, b)
	packet := string(p.streams[p.find(t, p.root, "/Metadata")])
	for _, want := range []string{"Ход &lt;работ&gt; &amp; co", "<rdf:li>AB<", "Week 47", "<rdf:li>en<", "2026-11-23T04:00:00Z", producer, creator} {
		if !strings.Contains(packet, want) {
			t.Errorf("XMP lacks %q:\n%s", want, packet)
		}
	}
	info := p.object(p.find(t, p.trailer, "/Info"))
	for _, want := range []string{"/CreationDate (D:20261123040000Z)", "/ModDate (D:20261123040000Z)", "/Title <feff0425043e0434", "/Subject (Week 47)"} {
		if !strings.Contains(info, want) {
			t.Errorf("Info lacks %q: %s", want, info)
		}
	}
	if strings.Contains(packet, "pdfaid") || strings.Contains(packet, "pdfuaid") {
		t.Error("XMP claims a standard")
	}
}

// Without a moment there are no dates; the clock is not asked.
func TestNoDatesWithoutMoment(t *testing.T) {
	l := sample()
	l.Info.Created = time.Time{}
	one, two := draw(t, l), draw(t, l)
	if p := read(t, one); strings.Contains(p.object(p.find(t, p.trailer, "/Info")), "Date") || !bytes.Equal(one, two) {
		t.Error("a file without a moment has dates or changes")
	}
}

func TestAttributes(t *testing.T) {
	l := sample()
	for i := range l.Nodes {
		if l.Nodes[i].Role == "TH" {
			l.Nodes[i].ColSpan = 3
			break
		}
	}
	all := everything(read(t, draw(t, l)))
	for _, want := range []string{
		"/A <</O /Table /Scope /Column /ColSpan 3>>", "/A <</O /Layout /Placement /Block /BBox [50 481.89 250 541.89]>>",
		"/S /Figure", "/Alt <feff", "/Lang (ar)", "/Type /OBJR", "/Contents (the other page)",
		"/URI (https://example.org/a%20b?%D1%9E=\\(1\\))", "/Subtype /text#2Fcsv", "/AFRelationship /Data", "/Desc (Overdue activities)",
		"/F (overdue-2.csv)", "/Title <feff0420", "/XYZ 0 771.89 0",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("file lacks %s", want)
		}
	}
}

// An address that a viewer should not open stays text.
func TestUnsafeLinkIsDropped(t *testing.T) {
	l := sample()
	l.Pages[0].Ops = append(l.Pages[0].Ops, typeset.Link{URI: "javascript:alert(1)", Node: typeset.Artifact})
	if all := everything(read(t, draw(t, l))); strings.Contains(all, "javascript") {
		t.Error("a javascript: link is in the file")
	}
}

// Text between children stands between them when read aloud.
func TestReadingOrder(t *testing.T) {
	all := everything(read(t, draw(t, sample())))
	if !regexp.MustCompile(`/S /P /P \d+ 0 R /Pg \d+ 0 R /K \[\d+ \d+ 0 R \d+ \]`).MatchString(all) {
		t.Error("no paragraph has the order text, link, text")
	}
}

func TestOutlineLevels(t *testing.T) {
	items, root := outlineTree([]typeset.Bookmark{{Level: 0}, {Level: 1}, {Level: 3}, {Level: 1}, {Level: 0}, {Level: -1}})
	if root.first != 0 || root.last != 5 || items[0].below != 3 || items[0].first != 1 || items[0].last != 3 ||
		items[2].parent != 1 || items[3].prev != 1 || items[1].next != 3 || items[4].prev != 0 || items[5].parent != -1 {
		t.Errorf("got root %+v and items %+v", root, items)
	}
}

// The letters that presentation forms stand for are those of the Unicode standard.
func TestBaseLetters(t *testing.T) {
	for r := rune(0xFB50); r <= 0xFEFC; r++ {
		got, want := string(baseLetters(r)), norm.NFKC.String(string(r))
		if got != string(r) && got != want {
			t.Errorf("%U leads to %q, want %q", r, got, want)
		}
		if letter := r >= 0xFE80; letter && got == string(r) {
			t.Errorf("%U leads to no letter", r)
		}
	}
}

// everything is the text of all objects.
func everything(p *parsed) string {
	var b strings.Builder
	for id := range len(p.objects) + 1 {
		b.WriteString(p.objects[id] + "\n")
	}
	return b.String()
}

// Links, bookmarks and named places lead to pages: gofpdf's own lead to other objects as soon as a file is embedded.
func TestDestinationsArePages(t *testing.T) {
	p := read(t, draw(t, sample()))
	found := regexp.MustCompile(`\[(\d+) 0 R /XYZ`).FindAllStringSubmatch(everything(p), -1)
	if len(found) != 6 { // two links, two bookmarks, two names
		t.Errorf("%d destinations, want 6", len(found))
	}
	for _, m := range found {
		if !strings.HasPrefix(p.object(atoi(m[1])), "<</Type /Page ") {
			t.Errorf("a destination leads to %s", p.object(atoi(m[1])))
		}
	}
}

// Pages are drawn in batches; each page keeps its own content, colours and opacities, on whichever side of a border it is.
func TestBatches(t *testing.T) {
	s := newSheet()
	for page := range 2*batch + 3 {
		s.page()
		s.text(50, 50, typeset.Regular, 10, s.node("P", 0), itoa(page+1))
		pale := box(10, 10, 5, 5, &accent, typeset.Artifact)
		pale.Alpha = 0.4
		s.add(pale)
	}
	p := read(t, draw(t, s.l))
	first := regexp.MustCompile(`(?s)\(.*?\) Tj`)
	seen := map[string]bool{}
	for page := range p.pages {
		content := p.content(t, page)
		if !strings.Contains(content, "/A1 gs") || !strings.Contains(content, "rg") || !strings.Contains(content, "/F1 10 Tf") {
			t.Errorf("page %d does not set its own state:\n%s", page+1, content)
		}
		seen[first.FindString(content)] = true
	}
	if len(p.pages) != 2*batch+3 || len(seen) != len(p.pages) {
		t.Errorf("%d pages with %d different texts, want %d of both", len(p.pages), len(seen), 2*batch+3)
	}
	if all := everything(p); !strings.Contains(all, "/A1 <</ca 0.400 /CA 0.400>>") {
		t.Error("no dictionary of the opacity")
	}
}

// After a clip the state is that of before it; what follows must set its own.
func TestStateAfterClip(t *testing.T) {
	s := newSheet()
	s.page()
	s.add(box(1, 1, 1, 1, &ink, typeset.Artifact))
	s.add(typeset.ClipStart{X: 1, Y: 1, Width: 9, Height: 9})
	s.add(box(2, 2, 1, 1, &accent, typeset.Artifact))
	s.text(3, 3, typeset.Bold, 9, typeset.Artifact, "a")
	s.add(typeset.ClipEnd{})
	s.add(box(4, 4, 1, 1, &accent, typeset.Artifact))
	s.text(5, 5, typeset.Bold, 9, typeset.Artifact, "a")
	content := read(t, draw(t, s.l)).content(t, 0)
	_, after, _ := strings.Cut(content, "\nQ\n")
	if !strings.Contains(after, " rg\n") || !strings.Contains(after, " Tf\n") {
		t.Errorf("after the clip:\n%s", after)
	}
}
