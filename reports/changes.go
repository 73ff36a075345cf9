package reports

import (
	"maps"
	"slices"
	"time"

	"secretariat/programme"
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
