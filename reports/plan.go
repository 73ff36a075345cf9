package reports

import (
	"fmt"
)

// beforeSuffix marks the queries that read tracked blocks as they stood when the period began.
const beforeSuffix = "@before"

// recipientsName is the name of the query of Recipients.
const recipientsName = "recipients"

// Recipients returns the query whose rows are the readers of a report. It fails when the definition has none.
func (d *Definition) Recipients(p Parameters) (Query, error) {
	b := d.blocks[d.recipients]
	if b == nil {
		return Query{}, fmt.Errorf("report %s names no recipients query", d.Name)
	}
	p.Recipient = Recipient{}
	q, err := d.query(b, p)
	q.Name = recipientsName
	return q, err
}

// Plan returns the queries of a rendering. With before, it adds those that read the tracked blocks as of the beginning
// of the period: what the first report compares with, when nothing was delivered before it.
// What cut leaves out is not read.
func (d *Definition) Plan(p Parameters, before bool, cut Cut) ([]Query, error) {
	var queries []Query
	dropped := d.dropped(cut)
	for _, b := range d.order {
		if b.Kind != "sql" || b.Name == d.recipients && b.As == "none" || d.skipped(b, p) || dropped[b.Name] {
			continue
		}
		q, err := d.query(b, p)
		if err != nil {
			return nil, err
		}
		queries = append(queries, q)
		if before && b.Options["track"] != "" {
			then := p
			then.AsOf = p.Since
			if q, err = d.query(b, then); err != nil {
				return nil, err
			}
			q.Name += beforeSuffix
			queries = append(queries, q)
		}
	}
	return queries, nil
}

// query binds a block's SQL.
func (d *Definition) query(b *Block, p Parameters) (Query, error) {
	bound, err := bind(b.SQL, d.parameterTypes(p.Recipient.Columns, p.Recipient.Types))
	if at, ok := err.(*sqlError); ok {
		return Query{}, b.at(at.offset).fault(at.text)
	}
	if err != nil {
		return Query{}, b.sql.fault(err.Error())
	}
	q := Query{Name: b.Name, SQL: bound.sql, Limit: rowLimit}
	if n, ok := integer(b.Options["limit"]); ok {
		q.Limit = n
	}
	for _, name := range bound.names {
		q.Args = append(q.Args, d.value(p, name))
	}
	return q, nil
}

// skipped reports whether the reader's row leaves a block out: skip-if names one of its columns.
func (d *Definition) skipped(b *Block, p Parameters) bool {
	option := b.Options["skip-if"]
	if option == "" {
		return false
	}
	v, _ := p.Recipient.Value(option[len(recipientPrefix):])
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	case string:
		return v != ""
	}
	return false
}

// Failure turns the error of a query into a fault that names file, line and column.
func (d *Definition) Failure(q Query, err error) Fault {
	b := d.blocks[trimBefore(q.Name)]
	if q.Name == recipientsName {
		b = d.blocks[d.recipients]
	}
	if b == nil {
		return Fault{File: d.File, Text: err.Error()}
	}
	types := map[string]string{}
	tokens, _ := lexSQL(b.SQL)
	for _, t := range tokens {
		types[t.name] = "text"
	}
	for name, kind := range d.parameterTypes(nil, nil) {
		types[name] = kind
	}
	bound, bindErr := bind(b.SQL, types)
	if bindErr != nil {
		return b.place.fault(err.Error())
	}
	at, what := bound.errorPlace(b, err)
	return at.fault(fmt.Sprintf("block %q: %s", b.Name, what))
}

func trimBefore(name string) string {
	if n := len(name) - len(beforeSuffix); n > 0 && name[n:] == beforeSuffix {
		return name[:n]
	}
	return name
}
