package html

import (
	"strings"

	"secretariat/reports/document"
)

const gutter = "  "

// table writes a table as aligned lines if they fit the width, else each row as a record of "label: value".
func (w *writer) table(t document.Table) {
	if len(t.Rows) == 0 {
		w.paragraph(t.Empty)
		return
	}
	w.paragraph(t.Caption)
	if widths := columnWidths(t); widths != nil {
		w.aligned(t, widths)
	} else {
		w.labelled(t)
	}
	w.paragraph(t.Note)
}

// columnWidths returns the widths of the columns, or nil when the table is too wide for aligned lines.
func columnWidths(t document.Table) []int {
	widths := make([]int, len(t.Columns))
	measure := func(i int, s string) {
		if i < len(widths) {
			widths[i] = max(widths[i], width(s))
		}
	}
	for i, c := range t.Columns {
		measure(i, c.Title)
	}
	for _, r := range t.Rows {
		if r.Kind == document.RowGroup {
			continue
		}
		for i, c := range r.Cells {
			measure(i, cell(c))
		}
	}
	sum := (len(widths) - 1) * len(gutter)
	for _, n := range widths {
		sum += n
	}
	if sum > textWidth {
		return nil
	}
	return widths
}

func (w *writer) aligned(t document.Table, widths []int) {
	var lines []string
	line := func(texts []string) {
		var b strings.Builder
		for i, s := range texts {
			if i >= len(widths) {
				break
			}
			if i > 0 {
				b.WriteString(gutter)
			}
			space := strings.Repeat(" ", max(widths[i]-width(s), 0))
			if a := t.Columns[i].Align; a == document.AlignEnd || a == document.AlignDecimal {
				b.WriteString(space + s)
			} else {
				b.WriteString(s + space)
			}
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	if titled(t.Columns) {
		var heads, rules []string
		for i, c := range t.Columns {
			heads = append(heads, c.Title)
			rules = append(rules, strings.Repeat("-", widths[i]))
		}
		line(heads)
		line(rules)
	}
	for _, r := range t.Rows {
		if r.Kind == document.RowGroup {
			lines = append(lines, wrap(rowText(r), textWidth, "", "")...)
			continue
		}
		var texts []string
		for _, c := range r.Cells {
			texts = append(texts, cell(c))
		}
		line(texts)
	}
	w.chunk(lines...)
}

// labelled writes a row as its first cell and, indented, the others with the titles of their columns.
func (w *writer) labelled(t document.Table) {
	for _, r := range t.Rows {
		if r.Kind == document.RowGroup {
			w.paragraph(rowText(r))
			continue
		}
		var lines []string
		for i, c := range r.Cells {
			text := cell(c)
			if text == "" {
				continue
			}
			if len(lines) == 0 {
				lines = append(lines, wrap(text, textWidth, "- ", "  ")...)
				continue
			}
			if i < len(t.Columns) && t.Columns[i].Title != "" {
				text = t.Columns[i].Title + ": " + text
			}
			lines = append(lines, wrap(text, textWidth, "  ", "    ")...)
		}
		w.chunk(lines...)
	}
}

func rowText(r document.Row) string {
	var texts []string
	for _, c := range r.Cells {
		texts = append(texts, cell(c))
	}
	return strings.Join(texts, " ")
}

func cell(c document.Cell) string {
	word := ""
	if c.Status != nil {
		word = c.Status.Word
	}
	return strings.Join(nonEmpty(word, spans(c.Spans)), " ")
}
