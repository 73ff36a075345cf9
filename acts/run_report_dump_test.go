package acts

import (
	"fmt"
	"strings"

	"secretariat/reports/document"
	"secretariat/reports/prose"
)

// dump writes a document as text, every word and number of it, for golden files.
func dump(doc document.Document) string {
	var b strings.Builder
	m := doc.Meta
	fmt.Fprintf(&b, "title: %s\nsubtitle: %s\nhead: %s | %s\nfoot: %s | %s | mark %q\n", m.Title, m.Subtitle, m.Programme, m.Issue, m.Foot, m.PageLabel, m.Mark)
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "\n%s %s {#%s} %s\n", strings.Repeat("#", s.Level+1), s.Title, s.ID, s.Aside)
		dumpBlocks(&b, s.Blocks)
	}
	return b.String()
}

func dumpBlocks(b *strings.Builder, blocks []document.Block) {
	for _, one := range blocks {
		switch v := one.(type) {
		case document.Paragraph:
			fmt.Fprintf(b, "paragraph lead=%v: %s\n", v.Lead, prose.Plain(v.Spans))
		case document.List:
			for _, item := range v.Items {
				fmt.Fprintf(b, "- %s\n", prose.Plain(item))
			}
		case document.Note:
			fmt.Fprintf(b, "note: %s\n", prose.Plain(v.Spans))
		case document.Tiles:
			for _, t := range v.Items {
				fmt.Fprintf(b, "tile: %s = %s %s (%s%s) tone %d trend %v\n", t.Label, t.Value, t.Unit, t.Delta, t.Note, t.Tone, t.Trend)
			}
			fmt.Fprintf(b, "alt: %s\n", v.Alt)
		case document.Stacked:
			for _, r := range v.Rows {
				fmt.Fprintf(b, "stacked: %s %v %s\n", r.Label, r.Parts, r.Text)
			}
			if v.Donut != nil {
				fmt.Fprintf(b, "donut: %s\n", v.Donut.Alt)
			}
		case document.Timeline:
			fmt.Fprintf(b, "timeline %s to %s %v\n", v.From.Format("2006-01-02"), v.To.Format("2006-01-02"), v.Months)
			for _, r := range v.Rows {
				fmt.Fprintf(b, "row: %s %.2f milestone=%v %s %s\n", r.Label, r.Progress, r.Milestone, r.Status.Word, r.Text)
			}
		case document.Cards:
			for _, c := range v.Items {
				fmt.Fprintf(b, "card: %s %s | %s | %s | %s\n", c.Day, c.Month, c.Title, strings.Join(c.Lines, " / "), c.Stress)
			}
		case document.Table:
			dumpTable(b, v)
		case document.Columns:
			for _, c := range v.Items {
				dumpBlocks(b, c.Blocks)
			}
		default:
			fmt.Fprintf(b, "%T\n", one)
		}
	}
}

func dumpTable(b *strings.Builder, t document.Table) {
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Title)
	}
	fmt.Fprintf(b, "table %s: %s\n", t.Name, strings.Join(head, " | "))
	if len(t.Rows) == 0 {
		fmt.Fprintf(b, "empty: %s\n", t.Empty)
	}
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			s := prose.Plain(c.Spans)
			if c.Status != nil {
				s = fmt.Sprintf("[%s]", c.Status.Word)
			}
			cells = append(cells, s)
		}
		fmt.Fprintf(b, "%s%s\n", []string{"  ", "= ", "+ "}[r.Kind], strings.Join(cells, " | "))
	}
	if t.Note != "" {
		fmt.Fprintf(b, "note: %s\n", t.Note)
	}
}
