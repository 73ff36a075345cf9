package html

import (
	"fmt"
	"strings"

	"secretariat/reports/document"
)

// textWidth is the longest line of a plain letter (RFC 3676 advises 78 or less); a link is never broken.
const textWidth = 76

// plain writes a document as text: headings underlined, tables as aligned lines or, where they are too wide for that, as
// records of "label: value", charts as their text alternative.
func plain(doc document.Document) string {
	w := &writer{}
	m := doc.Meta
	w.paragraph(m.Mark)
	w.paragraph(strings.Join(nonEmpty(m.Programme, m.Issue), " · "))
	w.heading(m.Title, "=")
	w.paragraph(m.Subtitle)
	for _, s := range doc.Sections {
		if s.ID == FootSection {
			w.paragraph("-- ") // the mark that mail programs know for what follows the letter
		} else {
			w.heading(strings.Join(nonEmpty(s.Title, s.Aside), " · "), "-")
		}
		w.blocks(s.Blocks)
	}
	w.paragraph(m.Foot)
	return w.b.String()
}

type writer struct{ b strings.Builder }

// chunk writes lines and sets them apart from what stands above.
func (w *writer) chunk(lines ...string) {
	if len(lines) == 0 || len(lines) == 1 && lines[0] == "" {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteString("\n")
	}
	for _, l := range lines {
		w.b.WriteString(l + "\n")
	}
}

func (w *writer) paragraph(s string) {
	if s == "-- " {
		w.chunk(s)
		return
	}
	w.chunk(wrap(s, textWidth, "", "")...)
}

func (w *writer) heading(s, rule string) {
	if s == "" {
		return
	}
	lines := wrap(s, textWidth, "", "")
	longest := 0
	for _, l := range lines {
		longest = max(longest, width(l))
	}
	w.chunk(append(lines, strings.Repeat(rule, longest))...)
}

func (w *writer) blocks(blocks []document.Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *writer) block(b document.Block) {
	switch b := b.(type) {
	case document.Paragraph:
		w.paragraph(spans(b.Spans))
	case document.List:
		w.list(b)
	case document.Note:
		w.chunk(wrap(spans(b.Spans), textWidth, "| ", "| ")...)
	case document.Tiles:
		var lines []string
		for _, t := range b.Items {
			lines = append(lines, wrap(tile(t), textWidth, "- ", "  ")...)
		}
		w.chunk(lines...)
	case document.Table:
		w.table(b)
	case document.Bars:
		w.records(len(b.Rows), func(i int) []string { return nonEmpty(b.Rows[i].Label, b.Rows[i].Text) })
	case document.Bullet:
		w.records(len(b.Rows), func(i int) []string { return nonEmpty(b.Rows[i].Label, b.Rows[i].Text) })
	case document.Stacked:
		w.paragraph(b.Alt)
		if b.Donut != nil {
			w.block(*b.Donut)
		}
	case document.Donut:
		w.paragraph(strings.Join(nonEmpty(strings.Join(nonEmpty(b.Center, b.Label), " "), b.Alt), ": "))
	case document.Timeline:
		w.records(len(b.Rows), func(i int) []string {
			r := b.Rows[i]
			return nonEmpty(r.Label, strings.Join(nonEmpty(r.Text, r.Status.Word), ", "))
		})
	case document.Line:
		w.paragraph(b.Alt)
	case document.Heat:
		w.paragraph(strings.Join(nonEmpty(b.Title, b.Alt), " · "))
	case document.Cards:
		for _, c := range b.Items {
			w.card(c)
		}
	case document.Columns:
		for _, c := range b.Items {
			w.blocks(c.Blocks)
		}
	}
}

func (w *writer) list(l document.List) {
	var lines []string
	for i, item := range l.Items {
		mark := "- "
		if l.Ordered {
			mark = fmt.Sprintf("%d. ", i+1)
		}
		lines = append(lines, wrap(spans(item), textWidth, mark, strings.Repeat(" ", len(mark)))...)
	}
	w.chunk(lines...)
}

func (w *writer) records(n int, fields func(int) []string) {
	var lines []string
	for i := range n {
		lines = append(lines, wrap(strings.Join(fields(i), ": "), textWidth, "- ", "  ")...)
	}
	w.chunk(lines...)
}

func (w *writer) card(c document.Card) {
	lines := wrap(c.Title, textWidth-4, "    ", "    ")
	for _, l := range c.Lines {
		lines = append(lines, wrap(l, textWidth-4, "    ", "    ")...)
	}
	if c.Status != nil {
		lines = append(lines, wrap(c.Status.Word, textWidth-4, "    ", "    ")...)
	}
	w.chunk(append(lines, wrap(c.Stress, textWidth-4, "    ", "    ")...)...)
}

func tile(t document.Tile) string {
	s := t.Label + ": " + strings.Join(nonEmpty(t.Value, t.Unit), " ")
	if note := strings.Join(nonEmpty(t.Delta, t.Note)[:min(1, len(nonEmpty(t.Delta, t.Note)))], ""); note != "" {
		s += " (" + note + ")"
	}
	return s
}

// spans writes runs of text; a link follows its text between angle brackets, where mail programs find its end.
func spans(runs []document.Span) string {
	var b strings.Builder
	for i, r := range runs {
		b.WriteString(r.Text)
		link := href(r.Link)
		if link == "" || i+1 < len(runs) && runs[i+1].Link == r.Link {
			continue // the link follows after its last run
		}
		if r.Text == r.Link || "mailto:"+r.Text == r.Link {
			s := strings.TrimSuffix(b.String(), r.Text)
			b.Reset()
			b.WriteString(s + "<" + link + ">")
			continue
		}
		b.WriteString(" <" + link + ">")
	}
	return b.String()
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
