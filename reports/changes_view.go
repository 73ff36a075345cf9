package reports

import (
	"strings"

	"secretariat/programme"
	"secretariat/reports/document"
)

// spec is how a tracked column looks.
func (ch change) spec(c *composer, column string) columnSpec {
	rows := c.in.Rows[ch.block.Name]
	r := &result{columns: rows.Columns, types: rows.Types}
	for _, s := range c.columnsOf(ch.block, r) {
		if s.Name == column {
			return s
		}
	}
	for i, name := range r.columns {
		if name == column {
			return columnSpec{Name: column, Type: typeOf(r.types[i])}
		}
	}
	return columnSpec{Name: column, Type: "text"}
}

// changeTitle names the row of a change; without words for it, its key.
func (c *composer) changeTitle(ch change) string {
	if s := c.rowTitle(ch.block, ch.row); s != "" {
		return s
	}
	return strings.ReplaceAll(ch.key, "\x1f", " ")
}

// changeWords says what changed: "Due: 30 Oct 2026 → 30 Nov 2026 (slip of 31 days, revision 2) · Percent: 60% → 75%".
func (c *composer) changeWords(ch change) string {
	if ch.kind != "changed" {
		return ""
	}
	var parts []string
	for _, column := range ch.fields {
		spec := ch.spec(c, column)
		s := c.l.T("report.change.line", map[string]any{"field": c.label(ch.block.Name, column),
			"from": c.format(spec, ch.before[column], ch.before), "to": c.format(spec, ch.row[column], ch.row)})
		if moved := c.slip(ch, column); moved != "" {
			s += " (" + moved + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " · ")
}

// slip says by how many days a due date moved, and which revision that was, where the row has a column revisions.
func (c *composer) slip(ch change, column string) string {
	if column != "due_on" {
		return ""
	}
	from, okFrom := ch.before[column].(programme.Date)
	to, okTo := ch.row[column].(programme.Date)
	if !okFrom || !okTo || from == to {
		return ""
	}
	days, id := to.Sub(from), "report.change.slip"
	if days < 0 {
		days, id = -days, "report.change.earlier"
	}
	s := c.l.T(id, map[string]any{"count": days})
	if n := rat(ch.row["revisions"]); n != nil && n.Sign() > 0 {
		s += ", " + c.l.T("report.change.revision", map[string]any{"number": decimalText(n)})
	}
	return s
}

func (c *composer) changeFields(ch change) map[string]any {
	return map[string]any{"kind": ch.kind, "block": ch.block.Name, "key": strings.ReplaceAll(ch.key, "\x1f", " "), "title": c.changeTitle(ch),
		"change": c.changeWords(ch)}
}

// changesView shows the changes as a table grouped by block, or as a list.
func (c *composer) changesView(b *Block) ([]document.Block, error) {
	changes := c.changes[b.Name]
	if b.As == "none" {
		return nil, nil
	}
	if len(changes) == 0 && !c.failed[b.Name] {
		return c.empty(b), nil
	}
	more := 0
	if limit, ok := integer(b.Options["limit"]); ok && len(changes) > limit {
		more = len(changes) - limit
		changes = changes[:limit]
	}
	if b.As == "list" {
		out := []document.Block{c.changeList(b, changes)}
		if more > 0 {
			out = append(out, document.Note{Spans: plainSpan(c.l.T("report.change.more", map[string]any{"count": more}), "")})
		}
		return out, nil
	}
	t := document.Table{Name: b.Name, Caption: c.optional(b, "caption"), Keep: keepOf(b), Data: [][]string{{"kind", "block", "key", "title", "change"}},
		Columns: []document.Column{{Title: c.label(b.Name, "title"), Weight: 1}, {Title: c.label(b.Name, "kind")}, {Title: c.label(b.Name, "change"), Weight: 1.3}}}
	for i, ch := range changes {
		if i == 0 || changes[i-1].block != ch.block {
			t.Rows = append(t.Rows, document.Row{Kind: document.RowGroup,
				Cells: []document.Cell{{Spans: plainSpan(c.label(b.Name, ch.block.Name), "")}}})
		}
		words := c.changeWords(ch)
		status := c.changeStatus(ch)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{{Spans: plainSpan(c.changeTitle(ch), c.titleLanguage(ch))}, {Status: &status}, {Spans: plainSpan(words, "")}}})
		t.Data = append(t.Data, []string{ch.kind, ch.block.Name, strings.ReplaceAll(ch.key, "\x1f", " "), c.changeTitle(ch), words})
	}
	if more > 0 {
		t.Note = c.l.T("report.change.more", map[string]any{"count": more})
	}
	return []document.Block{t}, nil
}

func (c *composer) titleLanguage(ch change) string {
	if c.w.label(ch.block.Name+".title") != nil {
		return ""
	}
	l, ok := ch.row["title"].(localised)
	if !ok {
		return ""
	}
	_, lang := l.text()
	return lang
}

func (c *composer) changeStatus(ch change) document.Status {
	tone := map[string]document.Tone{"added": document.ToneAccent, "changed": document.ToneNeutral, "gone": document.ToneMute}[ch.kind]
	return document.Status{Word: c.l.T("report.change."+ch.kind, nil), Tone: tone}
}

func (c *composer) changeList(b *Block, changes []change) document.Block {
	l := document.List{Keep: keepOf(b)}
	for _, ch := range changes {
		words := c.changeWords(ch)
		if words == "" {
			words = c.l.T("report.change."+ch.kind, nil)
		}
		l.Items = append(l.Items, []document.Span{{Text: c.changeTitle(ch), Bold: true}, {Text: c.l.Labelled("", words)}})
	}
	return l
}
