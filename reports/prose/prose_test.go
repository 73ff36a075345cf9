package prose

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"secretariat/reports/document"
)

func plain(s string) []document.Span { return []document.Span{{Text: s}} }

func TestBlocks(t *testing.T) {
	para := func(s ...document.Span) document.Block { return document.Paragraph{Spans: s} }
	for _, row := range []struct {
		why, markdown string
		want          []document.Block
	}{
		{"plain text joins its lines", "One\ntwo.", []document.Block{para(document.Span{Text: "One two."})}},
		{"emphasis", "a *b* **c**", []document.Block{para(document.Span{Text: "a "}, document.Span{Text: "b", Italic: true},
			document.Span{Text: " "}, document.Span{Text: "c", Bold: true})}},
		{"a link", "see [here](https://x.example/a_b)", []document.Block{para(document.Span{Text: "see "},
			document.Span{Text: "here", Link: "https://x.example/a_b"})}},
		{"a list of items", "- a\n- *b*", []document.Block{document.List{Items: [][]document.Span{plain("a"), {{Text: "b", Italic: true}}}}}},
		{"an ordered list", "1. a\n2. b", []document.Block{document.List{Ordered: true, Items: [][]document.Span{plain("a"), plain("b")}}}},
		{"an inner list is flattened", "- a\n  - b", []document.Block{document.List{Items: [][]document.Span{plain("a b")}}}},
		{"a heading stays with its text", "### H\n\nx", []document.Block{document.Paragraph{Spans: []document.Span{{Text: "H", Bold: true}},
			Keep: document.KeepWithNext}, para(document.Span{Text: "x"})}},
		{"a break starts a page", "a\n\n***\n\nb", []document.Block{para(document.Span{Text: "a"}), document.PageBreak{}, para(document.Span{Text: "b"})}},
		{"a quotation is a note", "> careful", []document.Block{document.Note{Spans: plain("careful"), Keep: document.KeepWhole}}},
		{"HTML is text", "a <b>bold</b>", []document.Block{para(document.Span{Text: "a <b>bold</b>"})}},
		{"an HTML block is text", "<script>x</script>", []document.Block{para(document.Span{Text: "<script>x</script>"})}},
		{"references and escapes are resolved once", `\&lt; &lt; &amp;lt; \*`, []document.Block{para(document.Span{Text: "&lt; < &lt; *"})}},
		{"a table", "|a|b|\n|:-|-:|\n|1|2\\|3|", []document.Block{document.Table{
			Columns: []document.Column{{Title: "a", Weight: 1}, {Title: "b", Align: document.AlignEnd, Weight: 1}},
			Rows:    []document.Row{{Cells: []document.Cell{{Spans: plain("1")}, {Spans: plain("2|3")}}}}}}},
	} {
		got, err := Blocks(row.markdown)
		if err != nil || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: Blocks(%q)\n got %+v, %v\nwant %+v", row.why, row.markdown, got, err, row.want)
		}
	}
}

func TestBlocksRefuses(t *testing.T) {
	for markdown, want := range map[string]string{
		"![x](https://a.example/p.png)": "image",
		"[x](javascript:alert(1))":      "only http, https and mailto",
		"[x](/etc/passwd)":              "only http, https and mailto",
		"<file:///etc/passwd>":          "only http, https and mailto",
	} {
		if _, err := Blocks(markdown); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Blocks(%q): got error %v, want one with %q", markdown, err, want)
		}
	}
}

func TestSpansTreatBlockMarksAsText(t *testing.T) {
	for _, s := range []string{"1. first", "# no heading", "- no list", "> no quote", "    no code", "a | b"} {
		want := plain(strings.TrimSpace(s))
		if got := Spans(s); !reflect.DeepEqual(got, want) {
			t.Errorf("Spans(%q): got %+v, want %+v", s, got, want)
		}
	}
}

// Data can never become markup: what is escaped comes back as it was, alone and inside a template's sentence.
func TestEscape(t *testing.T) {
	hostile := []string{"*a*", "[x](javascript:1)", "<b>", "&lt;", `\*`, `\`, "`c`", "# h", "1. x", "---", "===", "| a | b |", "![i](u)",
		"https://a.example", "<https://a.example>", "a\n\n# b", "    code", "~~~\nx\n~~~", "[a]: http://b.example", "\\\n", "__x__", "&#42;b&#42;", "Oʻzbek ʼ", "\u202eabc"}
	check := func(t interface{ Errorf(string, ...any) }, s string) {
		want := strings.Join(strings.Fields(s), " ")
		for _, frame := range [][2]string{{"", ""}, {"Before ", " after"}, {"- ", ""}, {"**", "x**"}} {
			blocks, err := Blocks(frame[0] + Escape(s) + frame[1])
			if err != nil || len(blocks) > 1 {
				t.Errorf("Escape(%q) in %q: got %d blocks, %v", s, frame, len(blocks), err)
				continue
			}
			var spans []document.Span
			for _, b := range blocks {
				switch b := b.(type) {
				case document.Paragraph:
					spans = b.Spans
				case document.List:
					if len(b.Items) > 0 {
						spans = b.Items[0]
					}
				default:
					t.Errorf("Escape(%q) in %q became %T", s, frame, b)
				}
			}
			got := strings.Join(strings.Fields(Plain(spans)), " ")
			full := strings.Join(strings.Fields(strings.Trim(frame[0], "-* ")+" "+want+" "+strings.Trim(frame[1], "* ")), " ")
			if strings.ReplaceAll(strings.ReplaceAll(got, "*", ""), " ", "") != strings.ReplaceAll(strings.ReplaceAll(full, "*", ""), " ", "") {
				t.Errorf("Escape(%q) in %q: got %q, want %q", s, frame, got, full)
			}
			for _, sp := range spans {
				if sp.Link != "" || sp.Italic || sp.Bold && frame[0] != "**" {
					t.Errorf("Escape(%q) in %q became markup: %+v", s, frame, sp)
				}
			}
		}
	}
	for _, s := range hostile {
		check(t, s)
	}
	rapid.Check(t, func(rt *rapid.T) {
		check(rt, rapid.StringOfN(rapid.RuneFrom([]rune("ab1 \n\t*_[](){}<>#+-.!|\\`~&;:/\"'=")), 0, 14, -1).Draw(rt, "s"))
	})
}
