package pdf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// tempted is a report that holds what gofpdf stumbles over, and its file.
type tempted struct {
	layout *typeset.Layout
	bytes  []byte
	file   *parsed
	text   string // by pdftotext, as one line
	trace  string // by mutool
}

const (
	hanWords = "塔什干举行区域专家委员会第一届会议讨论康复与重返社会问题并通过工作计划各成员将在十二月提交意见"
	amount   = "45\u00a0000\u00a0000\u00a0USD"
)

// temptation is a report in which each defect would show: long Chinese and Arabic paragraphs, runes beyond the basic plane, bytes
// that are no text, aliases, amounts with spaces that must not part, files, links, bookmarks and a page of contents.
func temptation() document.Document {
	para := func(s string) document.Block { return document.Paragraph{Spans: []document.Span{{Text: s}}} }
	d := document.Document{Meta: document.Meta{Title: "Report — № 1", Language: "en", PageLabel: "Page {x} of {y}", Contents: "Contents", Programme: "{nb}", Foot: "Data as of"}}
	for i := range 12 {
		d.Sections = append(d.Sections, document.Section{ID: fmt.Sprint("s", i), Title: fmt.Sprintf("Раздел %d", i), Level: 1, Blocks: []document.Block{
			para(strings.Repeat(hanWords, 8)), para("emoji 😀 and \U00010000 end"), para("caf\xe9 noir \xe2"), para("of {nb} pages"),
			para(strings.Repeat("amount ", 3) + strings.Repeat("of "+amount+" ", 40)), para("يوم العدد الأول"),
			document.Table{Name: fmt.Sprint("rows", i), Columns: []document.Column{{Title: "Column", Weight: 1}, {Title: "Status"}}, Data: [][]string{{"a"}, {"b"}},
				Rows: []document.Row{{Cells: []document.Cell{{Spans: []document.Span{{Text: "— value"}}}, {Status: &document.Status{Word: "done", Tone: document.ToneGood}}}}}},
			document.Bars{Rows: []document.Share{{Label: "none", Value: math.NaN(), Text: "–"}, {Label: "huge", Value: math.Inf(1), Text: "∞"}, {Label: "one", Value: 1, Text: "1"}}},
		}})
	}
	return d
}

func tempt(t *testing.T) *tempted {
	t.Helper()
	l, err := typeset.Set(temptation())
	if err != nil {
		t.Fatal(err)
	}
	out := &tempted{layout: l, bytes: draw(t, l)}
	out.file = read(t, out.bytes)
	out.text = strings.Join(strings.Fields(tool(t, out.bytes, "pdftotext", "FILE", "-")), " ")
	out.trace = tool(t, out.bytes, "mutool", "trace", "FILE")
	return out
}

// has wants a text and does not want another.
func has(want, not string) func(*testing.T, *tempted) {
	return func(t *testing.T, r *tempted) {
		if want != "" && !strings.Contains(r.text, want) || not != "" && strings.Contains(r.text, not) {
			t.Errorf("want %q and not %q in the text:\n%.3000s", want, not, r.text)
		}
	}
}

// The defects of gofpdf 1.16.2 that were reproduced, by number. Against each, either script/lint forbids the calls that have it,
// or the file is looked at, or both. A defect that comes back turns its row red.
func TestDefectsOfGofpdf(t *testing.T) {
	r := tempt(t)
	allowed := allowedCalls(t)
	for _, row := range []struct {
		number int
		defect string
		calls  string // that script/lint must not allow
		proof  func(*testing.T, *tempted)
	}{
		{1, "a Han character is lost at every wrapped line", "MultiCell SplitText SplitLines Write WriteAligned Writef", everyHanCharacter},
		{2, "a rune above U+FFFF panics", "GetStringWidth GetStringSymbolWidth", has("emoji \u25CC and \u25CC end", "")},
		{3, "bytes that are no text panic or become other letters", "", has("caf\u25CC noir \u25CC", "頮")},
		{4, "a core font panics on a dash", "SetFont AddFont SetFontLocation", noCoreFonts},
		{5, "embedded files shift the objects that links and bookmarks lead to", "SetAttachments AddAttachmentAnnotation AddLink SetLink Link LinkString Bookmark", destinationsArePages},
		{6, "XMP metadata hang loose", "SetXmpMetadata", metadataAreInTheCatalog},
		{7, "the catalog lacks language, marks and intents, the trailer its identifier", "SetTitle SetAuthor SetSubject SetLang", catalogIsWhole},
		{8, "font bytes are shared and written to", "AddUTF8Font AddUTF8FontFromBytes AddFontFromBytes", fontsAreLeftAlone},
		{9, "the alias of the number of pages is drawn as empty boxes, in data too", "AliasNbPages RegisterAlias", numbersOfPagesAreDrawn},
		{10, "page boxes stand in random order", "SetPageBox", sameBytes},
		{11, "NaN and Inf are written as words", "", numbersOnly},
		{12, "a font with CFF outlines or a collection is printed about and passed over", "", badFontsAreNamed},
		{13, "a missing glyph is an empty box", "", noEmptyBoxes},
		{14, "a no-break space breaks", "", amountsStayWhole},
		{15, "text from right to left is turned round rune by rune", "RTL LTR", arabicIsJoined},
		{16, "defaults are shared by all documents", "SetDefaultCompression SetDefaultCatalogSort SetDefaultCreationDate SetDefaultModificationDate", nil},
		{17, "an error stays where nobody looks", "", errorsAreReturned},
		{18, "SVG has no areas and no text", "SVGBasicWrite SVGBasicParse SVGBasicFileParse", nil},
		{19, "a rounded rectangle leaves the graphics state open", "RoundedRect RoundedRectExt", statesAreClosed},
	} {
		t.Run(fmt.Sprintf("%d %s", row.number, row.defect), func(t *testing.T) {
			for _, call := range strings.Fields(row.calls) {
				if slices.Contains(allowed, call) {
					t.Errorf("script/lint allows %s", call)
				}
			}
			if row.proof != nil {
				row.proof(t, r)
			}
		})
	}
}

// allowedCalls are the calls of gofpdf that script/lint lets pass. There are few, and lint lets no other pass: see its rule.
func allowedCalls(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("../../script/lint")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^gofpdf='([A-Za-z|]+)'$`).FindSubmatch(b)
	if m == nil || !bytes.Contains(b, []byte(`"pdf\.($gofpdf)\("`)) {
		t.Fatal("script/lint has no list of the calls of gofpdf that may be used")
	}
	return strings.Split(string(m[1]), "|")
}

func everyHanCharacter(t *testing.T, r *tempted) {
	found := regexp.MustCompile(`[^`+hanWords+`]`).ReplaceAllString(r.text, "")
	if want := strings.Repeat(hanWords, 8*12); found != want {
		t.Errorf("%d Han characters in the text, want %d", len([]rune(found)), len([]rune(want)))
	}
}

func noCoreFonts(t *testing.T, r *tempted) {
	if all := everything(r.file); strings.Contains(all, "/Type1") || strings.Contains(all, "/Helvetica") || !strings.Contains(all, "/FontFile2") {
		t.Error("the file has a font that it does not hold")
	}
	has("Report — № 1", "")(t, r)
}

// Every link, every bookmark and every named place leads to a page, while the file holds others.
func destinationsArePages(t *testing.T, r *tempted) {
	if len(r.layout.Files) != 12 {
		t.Fatalf("%d files are embedded, want 12", len(r.layout.Files))
	}
	places := regexp.MustCompile(`\[(\d+) 0 R /XYZ`).FindAllStringSubmatch(everything(r.file), -1)
	if len(places) < 12 {
		t.Fatalf("%d places are named, want 12 or more", len(places))
	}
	for _, m := range places {
		if !slices.Contains(r.file.pages, atoi(m[1])) {
			t.Errorf("a place leads to object %s, which is no page: %.80s", m[1], r.file.object(atoi(m[1])))
		}
	}
}

func metadataAreInTheCatalog(t *testing.T, r *tempted) {
	if out := tool(t, r.bytes, "pdfinfo", "FILE"); !regexp.MustCompile(`Metadata Stream: +yes`).MatchString(out) {
		t.Error(out)
	}
}

func catalogIsWhole(t *testing.T, r *tempted) {
	for _, key := range []string{"/Lang", "/MarkInfo", "/StructTreeRoot", "/OutputIntents", "/ViewerPreferences", "/AF", "/Names"} {
		if !strings.Contains(r.file.root, key) {
			t.Errorf("catalog lacks %s", key)
		}
	}
	if !strings.Contains(r.file.trailer, "/ID [<") || !bytes.HasPrefix(r.bytes, []byte("%PDF-1.7\n%\xE2")) {
		t.Errorf("header %.14q, trailer %s", r.bytes, r.file.trailer)
	}
}

func fontsAreLeftAlone(t *testing.T, r *tempted) {
	fonts, before := Fonts{}, map[typeset.Face][32]byte{} // of their own, so that they are cut and not found in the cache
	for name, b := range BuiltIn() {
		fonts[name], before[name] = bytes.Clone(b), sha256.Sum256(b)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if b, err := Draw(r.layout, fonts); err != nil || !bytes.Equal(b, r.bytes) {
				t.Errorf("drawn beside others: %d bytes, want %d (%v)", len(b), len(r.bytes), err)
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

// The digits of the number of pages are drawn with glyphs, and data that looks like an alias stays.
func numbersOfPagesAreDrawn(t *testing.T, r *tempted) {
	has(fmt.Sprintf("Page 1 of %d", len(r.layout.Pages)), "")(t, r)
	if n := strings.Count(r.text, "of {nb} pages"); n != 12 {
		t.Errorf("{nb} stands in the text %d times, want 12", n)
	}
	noEmptyBoxes(t, r)
}

func sameBytes(t *testing.T, r *tempted) {
	if !bytes.Equal(draw(t, r.layout), r.bytes) {
		t.Error("drawn again, the bytes differ")
	}
	for _, id := range r.file.pages {
		if page := r.file.object(id); regexp.MustCompile(`/(Crop|Bleed|Trim|Art)Box`).MatchString(page) {
			t.Errorf("page %s", page)
		}
	}
}

func numbersOnly(t *testing.T, r *tempted) {
	for page := range r.file.pages {
		if m := regexp.MustCompile(`[^(]\b(NaN|[+-]?Inf)\b`).FindString(r.file.content(t, page)); m != "" {
			t.Errorf("page %d: %q", page+1, m)
		}
	}
	l := typeset.Layout{Nodes: []typeset.Node{{Role: "Document", Parent: -1}}}
	l.Pages = []typeset.Page{{Width: 100, Height: 100, Ops: []typeset.Op{typeset.Path{Node: typeset.Artifact, Alpha: 1, Fill: &ink,
		Segments: []typeset.Segment{{Kind: 'M', Points: [6]float64{math.NaN(), 1}}}}}}}
	if _, err := Draw(&l, BuiltIn()); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("a place that is no number: %v", err)
	}
}

func badFontsAreNamed(t *testing.T, _ *tempted) {
	for magic, want := range map[string]string{"OTTO": "CFF", "ttcf": "collection"} {
		if _, err := newFace([]byte(magic+"00000000"), []rune("a"), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", magic, err, want)
		}
	}
}

func noEmptyBoxes(t *testing.T, r *tempted) {
	if n := len(regexp.MustCompile(`glyph="0"|glyph="\.notdef"`).FindAllString(r.trace, -1)); n > 0 || !strings.Contains(r.trace, "<g ") {
		t.Errorf("%d empty boxes are drawn", n)
	}
	if r.layout.Unshown == 0 {
		t.Error("nobody is told of the characters that no face has")
	}
}

// No line of the display list begins or ends within an amount.
func amountsStayWhole(t *testing.T, r *tempted) {
	for n, page := range r.layout.Pages {
		for _, op := range page.Ops {
			o, ok := op.(typeset.Text)
			if ok && strings.Contains(o.Runes, "USD") && strings.Count(o.Runes, amount) != strings.Count(o.Runes, "USD") {
				t.Errorf("page %d: %q parts an amount", n+1, o.Runes)
			}
		}
	}
}

// Letters are drawn in their joined forms and read in the order in which they are written.
func arabicIsJoined(t *testing.T, r *tempted) {
	has("يوم العدد", "ددعلا")(t, r)
	for _, page := range r.layout.Pages {
		for _, op := range page.Ops {
			if o, ok := op.(typeset.Text); ok && strings.ContainsFunc(o.Runes, func(c rune) bool { return c >= 0x621 && c <= 0x64A }) {
				t.Fatalf("%q has letters that are not joined", o.Runes)
			}
		}
	}
}

func errorsAreReturned(t *testing.T, r *tempted) {
	stuck := errors.New("stuck")
	c := newCanvas(r.layout, map[typeset.Face]*face{})
	c.pdf = gofpdf.New("P", "pt", "A4", "")
	c.pdf.SetError(stuck)
	empty := *r.layout
	empty.Pages = []typeset.Page{{Width: 100, Height: 100}}
	c.layout = &empty
	if err := c.drawPage(0); !errors.Is(err, stuck) {
		t.Errorf("got %v, want the error of gofpdf", err)
	}
}

func statesAreClosed(t *testing.T, r *tempted) {
	for what, file := range map[string]*parsed{"the report": r.file, "a list with clips": read(t, draw(t, sample()))} {
		for page := range file.pages {
			depth := 0
			for _, word := range strings.Fields(file.content(t, page)) {
				switch word {
				case "q":
					depth++
				case "Q":
					depth--
				}
			}
			if depth != 0 {
				t.Errorf("%s: page %d ends %d levels deep", what, page+1, depth)
			}
		}
	}
}
