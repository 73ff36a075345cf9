package reports

import (
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
	"secretariat/reports/document"
)

// change is a tracked row that differs from the last delivered report.
type change struct {
	kind   string // added, changed, gone
	block  *Block
	key    string
	row    record // as it is now, or was when it is gone
	before record // nil when it was added
	fields []string
}

// compareAll finds the changes of every block of changes.
func (c *composer) compareAll() error {
	for _, b := range c.d.order {
		if b.Kind != "changes" {
			continue
		}
		c.changes[b.Name] = []change{}
		for _, name := range splitList(b.Options["of"]) {
			tracked := c.d.blocks[name]
			if c.in.Rows[name].Err != nil || c.d.skipped(tracked, c.in.Parameters) {
				c.failed[b.Name] = c.failed[b.Name] || c.failed[name]
				continue
			}
			before, ok, err := c.before(tracked)
			if err != nil {
				if !c.in.Cut.AsIs {
					return err
				}
				c.failed[b.Name] = true
			}
			if ok {
				c.changes[b.Name] = append(c.changes[b.Name], c.compare(tracked, before)...)
			}
		}
	}
	return nil
}

// before returns the rows to compare with: those of the last delivered report, else those read as of the beginning of
// the period. ok is false when there are neither.
func (c *composer) before(b *Block) (was Kept, ok bool, err error) {
	if c.in.Previous != nil {
		was, ok = c.in.Previous.Snapshot[b.Name]
		return was, ok, nil
	}
	read, ok := c.in.Rows[b.Name+beforeSuffix]
	if read.Err != nil {
		return was, false, c.d.Failure(Query{Name: b.Name}, read.Err)
	}
	return keep(b, read), ok, nil
}

// restore reads a kept row with the types that the columns have now.
func (c *composer) restore(rows Rows, was map[string]string) record {
	row := make(record, len(rows.Columns))
	for i, column := range rows.Columns {
		if s, ok := was[column]; ok {
			row[column] = c.parse(rows.Types[i], s)
		} else {
			row[column] = nil
		}
	}
	return row
}

// parse reads a kept value.
func (c *composer) parse(kind, s string) any {
	switch kind {
	case "DATE":
		if d, err := programme.ParseDate(s); err == nil {
			return d
		}
	case "TIMESTAMPTZ", "TIMESTAMP":
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	case "BOOL":
		return s == "true"
	case "NUMERIC", "INT2", "INT4", "INT8", "FLOAT4", "FLOAT8":
		return programme.Decimal(s)
	case "JSON", "JSONB":
		return c.value(kind, s)
	}
	return s
}

// compare lists what was added and what changed in the order of the rows, then what is gone. A row is made ready only when
// one of its tracked columns differs: of ten thousand a few do.
func (c *composer) compare(b *Block, was Kept) []change {
	rows := c.in.Rows[b.Name]
	key := keyColumns(b, rows.Columns)
	track := splitList(b.Options["track"])
	seen := make(map[string]bool, len(rows.Values))
	var out []change
	for _, values := range rows.Values {
		name := keyOf(key, values)
		seen[name] = true
		old, known := was.Rows[name]
		if !known {
			out = append(out, change{kind: "added", block: b, key: name, row: c.record(rows, values)})
			continue
		}
		if sameCells(track, rows.Columns, values, was.Columns, old) {
			continue
		}
		row, before := c.record(rows, values), c.restore(rows, was.row(name))
		var fields []string
		for _, column := range track {
			if canonical(before[column]) != canonical(row[column]) {
				fields = append(fields, column)
			}
		}
		if fields != nil {
			out = append(out, change{kind: "changed", block: b, key: name, row: row, before: before, fields: fields})
		}
	}
	still := c.stillThere(b)
	for _, name := range slices.Sorted(maps.Keys(was.Rows)) {
		if !seen[name] && still != nil && !still[name] {
			row := c.restore(rows, was.row(name))
			out = append(out, change{kind: "gone", block: b, key: name, row: row, before: row})
		}
	}
	return out
}

// sameCells reports whether the tracked columns say the same, to the letter: what they mean need not be looked at then.
func sameCells(track, columns []string, values []any, wasColumns, was []string) bool {
	for _, column := range track {
		i, j := slices.Index(columns, column), slices.Index(wasColumns, column)
		switch {
		case i < 0 && j < 0:
		case i < 0 || j < 0:
			return false
		case values[i] == nil:
			if was[j] != null {
				return false
			}
		case was[j] == null || canonical(values[i]) != was[j]:
			return false
		}
	}
	return true
}

// stillThere are the keys of the rows that the query, asked anew for the moment of the last report, still returns: such a
// row has only left what the query looks at, a window of dates, a state or the reader's clearance. nil: nothing is known,
// and no row counts as gone.
func (c *composer) stillThere(b *Block) map[string]bool {
	read, ok := c.in.Rows[b.Name+beforeSuffix]
	if c.in.Previous == nil || !ok || read.Err != nil {
		return nil
	}
	return keysIn(b, read)
}

func keysIn(b *Block, rows Rows) map[string]bool {
	places, keys := keyColumns(b, rows.Columns), make(map[string]bool, len(rows.Values))
	for _, values := range rows.Values {
		keys[keyOf(places, values)] = true
	}
	return keys
}

// Recheck returns the queries that tell rows which are gone from rows which a query only no longer looks at: those of the
// tracked blocks in which rows of the last report are missing, as of that report's moment and period, for every clearance:
// that a row was raised above the reader's clearance must not show either. Their rows go into in.Rows; no more than their
// keys is used.
func (d *Definition) Recheck(in Input) (queries []Query, err error) {
	if in.Previous == nil {
		return nil, nil
	}
	for _, b := range d.order {
		rows, read := in.Rows[b.Name]
		was, kept := in.Previous.Snapshot[b.Name]
		if !read || rows.Err != nil || !kept || b.Options["track"] == "" || !anyMissing(b, rows, was) {
			continue
		}
		then := in.Parameters
		then.AsOf, then.Since, then.Until = in.Previous.AsOf, in.Previous.Since, in.Previous.Until
		then.Clearance = "confidential"
		q, err := d.query(b, then)
		if err != nil {
			return nil, err
		}
		q.Name += beforeSuffix
		queries = append(queries, q)
	}
	return queries, nil
}

func anyMissing(b *Block, rows Rows, was Kept) bool {
	now := keysIn(b, rows)
	for key := range was.Rows {
		if !now[key] {
			return true
		}
	}
	return false
}

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
		return []document.Block{c.changeList(b, changes)}, nil
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

// snapshot keeps the tracked rows for the next report. Texts stay in all their languages.
func (c *composer) snapshot() Snapshot {
	out := Snapshot{}
	for _, b := range c.d.order {
		rows := c.in.Rows[b.Name]
		if b.Options["track"] == "" || c.d.skipped(b, c.in.Parameters) {
			continue
		}
		if rows.Columns == nil || rows.Err != nil {
			// What is not told now must be news next time: the rows told last stay the ones to compare with.
			if c.in.Previous != nil && c.in.Previous.Snapshot[b.Name].Rows != nil {
				out[b.Name] = c.in.Previous.Snapshot[b.Name]
			}
			continue
		}
		out[b.Name] = keep(b, rows)
	}
	return out
}
