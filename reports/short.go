package reports

import (
	"fmt"

	"secretariat/reports/document"
)

// Short is a query that returned more rows than the row limit lets into the report.
type Short struct {
	Query string // "<block>", or "<block>@before" for the rows that it is compared with
	Rows  int    // how many are there
}

func (s Short) String() string {
	return fmt.Sprintf("block %q: row limit %d; query returned more", s.Query, s.Rows)
}

// overLimit are the queries of which a reader does not get all rows, in the order of the file. A block that is not shown and has a
// limit of its own, such as one that only asks whether there is a row, is none of them.
func (c *composer) overLimit() (out []Short) {
	for _, b := range c.d.order {
		if _, own := integer(b.Options["limit"]); own && b.As == "none" {
			continue
		}
		for _, name := range []string{b.Name, b.Name + beforeSuffix} {
			if rows := c.in.Rows[name]; rows.More {
				out = append(out, Short{name, len(rows.Values)})
			}
		}
	}
	return out
}

// shortNotes say under a block, whatever it looks like, that it was made of the first rows only. A table says so itself.
func (c *composer) shortNotes(b *Block) []document.Block {
	for _, s := range c.overLimit() {
		if trimBefore(s.Query) == b.Name && (s.Query != b.Name || b.As != "table") {
			return []document.Block{c.shortNote(s, "")}
		}
	}
	return nil
}

func (c *composer) shortNote(s Short, label string) document.Block {
	words := c.l.T("report.more", map[string]any{"count": s.Rows})
	if label != "" {
		words = c.l.Labelled(label, words)
	}
	return document.Note{Tone: document.ToneWarn, Spans: plainSpan(words, "")}
}

// shortInLetter says in the letter what the document says, where that does not go with it: rows alone, as CSV, have no
// room for it.
func (c *composer) shortInLetter() (out []document.Block) {
	for _, s := range c.overLimit() {
		b := c.d.blocks[trimBefore(s.Query)]
		label := c.optional(b, "caption")
		if label == "" {
			label = humanised(b.Name)
		}
		out = append(out, c.shortNote(s, label))
	}
	return out
}
