// Package prose turns Markdown text into blocks of a document: emphasis, links, lists, headings and simple tables.
// It exists because letters and reports both write prose, and only one package may know goldmark.
package prose

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"secretariat/reports/document"
)

// Both parsers are safe for concurrent use once made.
var (
	blockParser  = goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	inlineParser = parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...))
)

// Blocks returns the blocks of a Markdown text. A heading becomes a bold paragraph that stays with what follows, a
// quotation a note, a thematic break a page break. HTML is text like any other; images are refused, and so are links
// other than http, https and mailto.
func Blocks(markdown string) ([]document.Block, error) {
	w := walker{source: []byte(bonded(markdown))}
	root := blockParser.Parse(text.NewReader(w.source))
	blocks := w.blocks(root)
	if w.err != nil {
		return nil, w.err
	}
	return blocks, nil
}

// Spans returns the runs of one line of text with emphasis and links; block marks such as "1." or "#" at its start
// are text. What Blocks would refuse stands as its plain text.
func Spans(inline string) []document.Span {
	w := walker{source: []byte(bonded(strings.Join(strings.Fields(inline), " ")))}
	root := inlineParser.Parse(text.NewReader(w.source))
	var spans []document.Span
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		spans = append(spans, w.spans(n, document.Span{})...)
	}
	return merge(spans)
}

// Plain returns the text of spans without their looks.
func Plain(spans []document.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

type walker struct {
	source []byte
	err    error // the first thing that has no place in prose
}

func (w *walker) refuse(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("read Markdown: "+format, args...)
	}
}

func (w *walker) blocks(parent ast.Node) []document.Block {
	var out []document.Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if b := w.block(n); b != nil {
			out = append(out, b)
		}
	}
	return out
}

func (w *walker) block(n ast.Node) document.Block {
	switch n := n.(type) {
	case *ast.Heading:
		return document.Paragraph{Spans: w.line(n, document.Span{Bold: true}), Keep: document.KeepWithNext}
	case *ast.Paragraph, *ast.TextBlock:
		return document.Paragraph{Spans: w.line(n, document.Span{})}
	case *ast.List:
		return w.list(n)
	case *ast.Blockquote:
		return document.Note{Spans: w.flat(n), Keep: document.KeepWhole}
	case *ast.ThematicBreak:
		return document.PageBreak{}
	case *extast.Table:
		return w.table(n)
	case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
		return document.Paragraph{Spans: []document.Span{{Text: w.lines(n)}}}
	}
	return nil // link reference definitions
}

func (w *walker) line(n ast.Node, look document.Span) []document.Span {
	var spans []document.Span
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		spans = append(spans, w.spans(c, look)...)
	}
	return merge(spans)
}

func (w *walker) list(n *ast.List) document.List {
	l := document.List{Ordered: n.IsOrdered()}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		l.Items = append(l.Items, w.flat(item))
	}
	return l
}

// flat joins the blocks under n to one line; an inner list stands behind a colon-free dash, since a document's lists
// have one level.
func (w *walker) flat(n ast.Node) []document.Span {
	var spans []document.Span
	add := func(more []document.Span) {
		if len(spans) > 0 && len(more) > 0 {
			spans = append(spans, document.Span{Text: " "})
		}
		spans = append(spans, more...)
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.List, *ast.ListItem, *ast.Blockquote:
			add(w.flat(c))
		default:
			if p, ok := w.block(c).(document.Paragraph); ok {
				add(p.Spans)
			}
		}
	}
	return merge(spans)
}

func (w *walker) table(n *extast.Table) document.Table {
	var t document.Table
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []document.Cell
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, document.Cell{Spans: w.line(c, document.Span{})})
		}
		if _, head := r.(*extast.TableHeader); !head {
			t.Rows = append(t.Rows, document.Row{Cells: cells})
			continue
		}
		for i, c := range cells {
			t.Columns = append(t.Columns, document.Column{Title: Plain(c.Spans), Align: align(n.Alignments, i), Weight: 1})
		}
	}
	return t
}

func align(list []extast.Alignment, i int) document.Align {
	if i >= len(list) {
		return document.AlignStart
	}
	switch list[i] {
	case extast.AlignRight:
		return document.AlignEnd
	case extast.AlignCenter:
		return document.AlignCenter
	}
	return document.AlignStart
}

func (w *walker) lines(n ast.Node) string {
	var b bytes.Buffer
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(w.source))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// spans returns the runs of an inline node; look is what surrounds it.
func (w *walker) spans(n ast.Node, look document.Span) []document.Span {
	inside := func() []document.Span { return w.line(n, look) }
	run := func(s string) []document.Span {
		look.Text = strings.ReplaceAll(s, string(bond), "")
		return []document.Span{look}
	}
	switch n := n.(type) {
	case *ast.Text:
		s := unescape(n.Segment.Value(w.source))
		if n.SoftLineBreak() || n.HardLineBreak() {
			s += " "
		}
		return run(s)
	case *ast.String:
		return run(string(n.Value))
	case *ast.CodeSpan:
		return run(w.raw(n))
	case *ast.Emphasis:
		if n.Level == 1 {
			look.Italic = true
		} else {
			look.Bold = true
		}
		return inside()
	case *ast.Link:
		if dest := string(n.Destination); w.follow(dest) {
			look.Link = dest
		}
		return inside()
	case *ast.AutoLink:
		if dest := string(n.URL(w.source)); w.follow(dest) {
			look.Link = dest
		}
		return run(string(n.Label(w.source)))
	case *ast.RawHTML:
		return run(string(n.Segments.Value(w.source)))
	case *ast.Image:
		w.refuse("an image (%s) has no place in prose", n.Destination)
		return inside()
	}
	return inside()
}

// follow reports whether a link may be drawn. A program behind another scheme would be started by a click.
func (w *walker) follow(dest string) bool {
	u, err := url.Parse(dest)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" || err == nil && u.Scheme == "mailto" {
		return true
	}
	w.refuse("link to %q: only http, https and mailto links are allowed", dest)
	return false
}

// raw is the text of a code span as written.
func (w *walker) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(w.source))
		}
	}
	return b.String()
}

// merge joins neighbours of the same look and trims the ends.
func merge(spans []document.Span) []document.Span {
	var out []document.Span
	for _, s := range spans {
		if s.Text == "" {
			continue
		}
		if n := len(out); n > 0 && sameLook(out[n-1], s) {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	if n := len(out); n > 0 {
		out[0].Text = strings.TrimLeft(out[0].Text, " ")
		out[n-1].Text = strings.TrimRight(out[n-1].Text, " ")
	}
	return out
}

func sameLook(a, b document.Span) bool {
	a.Text, b.Text = "", ""
	return a == b
}
