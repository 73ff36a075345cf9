package reports

import (
	"math/big"
	"slices"
	"unicode"
	"unicode/utf8"

	"secretariat/programme"
	"secretariat/reports/document"
)

// table shows rows as a table. group=col heads the rows of one value; total=a,b adds them up, per currency where the
// table has one: amounts of different currencies are never added.
func (c *composer) table(b *Block, r *result) document.Block {
	columns := c.columnsOf(b, r)
	t := document.Table{Name: b.Name, Caption: c.optional(b, "caption"), Empty: c.optional(b, "if-empty"), Keep: keepOf(b)}
	if t.Empty == "" {
		t.Empty = c.l.T("report.empty", nil)
	}
	if r.more {
		t.Note = c.l.T("report.more", map[string]any{"count": len(r.rows)})
	}
	group := b.Options["group"]
	whole := c.withGroup(b, r, columns)
	head := make([]string, len(whole))
	for i, spec := range whole {
		head[i] = spec.Name
	}
	t.Data = [][]string{head}
	columns = slices.DeleteFunc(columns, func(s columnSpec) bool { return s.Name == group })
	for _, spec := range columns {
		t.Columns = append(t.Columns, c.column(b, spec))
	}
	last := ""
	for i, row := range r.rows {
		if group != "" && (i == 0 || canonical(row[group]) != last) {
			last = canonical(row[group])
			t.Rows = append(t.Rows, document.Row{Kind: document.RowGroup, Cells: []document.Cell{c.groupCell(b, r, group, row)}})
		}
		t.Rows = append(t.Rows, c.row(b, columns, row))
		t.Data = append(t.Data, c.data(whole, row))
	}
	t.Rows = append(t.Rows, c.totals(b, columns, r)...)
	return t
}

// withGroup are the columns of the files that hold a table's rows: the column that on the page heads a group stands in each
// row there, at its place among the others, else before them.
func (c *composer) withGroup(b *Block, r *result, columns []columnSpec) []columnSpec {
	group := b.Options["group"]
	if group == "" || slices.ContainsFunc(columns, func(s columnSpec) bool { return s.Name == group }) {
		return slices.Clone(columns)
	}
	return append([]columnSpec{c.groupSpec(b, r, group)}, columns...)
}

// groupCell heads the rows of a group: with the label "<block>.<column>.cell" filled with the first of them, else its value.
func (c *composer) groupCell(b *Block, r *result, group string, row record) document.Cell {
	if t := c.w.label(b.Name + "." + group + ".cell"); t != nil {
		if s, err := c.run(t, row.fields()); err == nil {
			return document.Cell{Spans: plainSpan(capitalised(s), "")}
		}
	}
	spans := c.spans(c.groupSpec(b, r, group), row)
	if len(spans) > 0 {
		spans[0].Text = capitalised(spans[0].Text)
	}
	return document.Cell{Spans: spans}
}

// capitalised begins a text with a capital, as a heading does: the words of values, such as "policy brief", stand in the
// catalogues as they are written within a sentence.
func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 || first == utf8.RuneError {
		return s
	}
	return string(unicode.ToTitle(first)) + s[size:]
}

func (c *composer) groupSpec(b *Block, r *result, name string) columnSpec {
	for _, spec := range c.columnsOf(b, r) {
		if spec.Name == name {
			return spec
		}
	}
	return columnSpec{Name: name, Type: "text"}
}

func (c *composer) column(b *Block, spec columnSpec) document.Column {
	col := document.Column{Title: c.label(b.Name, spec.Name)}
	switch spec.Type {
	case "wide":
		col.Weight = 1
	case "int", "ordinal", "pct", "num", "money":
		col.Align = document.AlignEnd
	case "roman", "lang":
		col.Align = document.AlignStart
	}
	return col
}

// row shows a record; the label "<block>.<column>.cell" filled with it stands instead of the value of a column.
func (c *composer) row(b *Block, columns []columnSpec, row record) document.Row {
	out := document.Row{}
	for _, spec := range columns {
		if t := c.w.label(b.Name + "." + spec.Name + ".cell"); t != nil {
			if s, err := c.run(t, row.fields()); err == nil {
				out.Cells = append(out.Cells, document.Cell{Spans: plainSpan(s, "")})
				continue
			}
		}
		out.Cells = append(out.Cells, c.cell(spec, row))
	}
	return out
}

func (c *composer) cell(spec columnSpec, row record) document.Cell {
	v := row[spec.Name]
	cell := document.Cell{Spans: c.spans(spec, row), Tone: spec.toneOf(v)}
	switch {
	case v == nil:
	case spec.Type == "rag":
		s := c.status(spec, v)
		cell = document.Cell{Status: &s}
	case spec.Type == "bar":
		cell.Gauge = share(v)
	}
	return cell
}

// spans is a formatted value; a text in another language than the document's says so.
func (c *composer) spans(spec columnSpec, row record) []document.Span {
	v := row[spec.Name]
	lang := ""
	if l, ok := v.(localised); ok {
		_, lang = l.text()
	}
	return plainSpan(c.format(spec, v, row), lang)
}

// data is a row for the embedded table: plain values, but words and texts in the reader's language.
func (c *composer) data(columns []columnSpec, row record) []string {
	out := make([]string, len(columns))
	for i, spec := range columns {
		v := row[spec.Name]
		switch {
		case v == nil:
		case spec.Type == "word" || spec.Type == "lang" || spec.Type == "rag":
			out[i] = c.format(spec, v, row)
		default:
			out[i] = canonical(v)
		}
	}
	return out
}

// totals returns the rows of sums: one, or one per currency.
func (c *composer) totals(b *Block, columns []columnSpec, r *result) []document.Row {
	names := splitList(b.Options["total"])
	if len(names) == 0 || len(r.rows) == 0 {
		return nil
	}
	var out []document.Row
	for _, currency := range currencies(r) {
		sums := map[string]*big.Rat{}
		for _, row := range r.rows {
			if currency != "" && row.text("currency") != currency {
				continue
			}
			for _, name := range names {
				if n := rat(row[name]); n != nil {
					if sums[name] == nil {
						sums[name] = new(big.Rat)
					}
					sums[name].Add(sums[name], n)
				}
			}
		}
		out = append(out, c.totalRow(columns, sums, currency))
	}
	return out
}

func (c *composer) totalRow(columns []columnSpec, sums map[string]*big.Rat, currency string) document.Row {
	row := document.Row{Kind: document.RowTotal}
	for i, spec := range columns {
		var cell document.Cell
		sum, summed := sums[spec.Name]
		switch {
		case summed:
			cell.Spans = plainSpan(c.format(spec, programme.Decimal(decimalText(sum)), record{"currency": currency}), "")
		case i == 0:
			cell.Spans = plainSpan(c.l.T("report.total", nil), "")
		case spec.Name == "currency":
			cell.Spans = plainSpan(currency, "")
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// currencies are those of the column "currency" in the order of the rows; a single "" when there is no such column.
func currencies(r *result) []string {
	if !slices.Contains(r.columns, "currency") {
		return []string{""}
	}
	var out []string
	for _, row := range r.rows {
		if code := row.text("currency"); !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}
