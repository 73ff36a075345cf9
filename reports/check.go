package reports

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// crossCheck looks at what the parts of one file say of each other.
func (p *reader) crossCheck(d *Definition, ids map[string]int) {
	known := slices.Sorted(maps.Keys(d.blocks))
	name := func(at place, what, block string) *Block {
		b := d.blocks[block]
		if b == nil {
			p.fault(at, fmt.Sprintf("%s: no block %q%s", what, block, didYouMean(block, known)))
		}
		return b
	}
	if d.recipients != "" {
		if b := name(d.position["recipients"], "recipients", d.recipients); b != nil && b.Kind != "sql" {
			p.fault(d.position["recipients"], fmt.Sprintf("recipients: block %q is not a query", d.recipients))
		}
	}
	for _, w := range d.listed["send"] {
		name(w.place, "send", w.text)
	}
	for _, w := range d.listed["inline"] {
		if _, ok := ids[w.text]; !ok {
			p.fault(w.place, fmt.Sprintf("inline: no section {#%s}%s", w.text, didYouMean(w.text, slices.Sorted(maps.Keys(ids)))))
		}
	}
	p.numberInReview(d)
	for _, b := range d.order {
		p.crossCheckBlock(d, b, name)
	}
}

func (p *reader) crossCheckBlock(d *Definition, b *Block, name func(place, string, string) *Block) {
	if b.Options["track"] != "" && len(b.Key) == 0 {
		p.fault(b.options["track"], "track= needs a line `-- @key column` that names the row")
	}
	for _, option := range []string{"if-empty", "caption"} {
		if len(d.Languages) > 1 && b.Options[option] != "" {
			p.fault(b.options[option], fmt.Sprintf("%s: write it as a label `%s.%s = …`, so that it can be translated", option, b.Name, option))
		}
	}
	if trend := b.Options["trend"]; trend != "" {
		name(b.options["trend"], "trend", trend)
	}
	if b.Kind != "changes" {
		return
	}
	of := b.list("of")
	if len(of) == 0 {
		p.fault(b.place, "changes needs of= with the names of tracked blocks")
	}
	for _, one := range of {
		t := name(one.place, "changes of", one.text)
		if t == nil {
			continue
		}
		if t.Options["track"] == "" || len(t.Key) == 0 {
			p.fault(one.place, fmt.Sprintf("changes of=%s: the block is not tracked: it needs `track=` and `-- @key`", one.text))
		}
		p.windowed(t)
	}
}

// windowed refuses a tracked query that looks at the period only: a row that enters it would be told as new.
func (p *reader) windowed(b *Block) {
	tokens, _ := lexSQL(b.SQL)
	for _, t := range tokens {
		if t.name == "since" || t.name == "until" {
			p.fault(b.at(t.offset), fmt.Sprintf("block %q is tracked and looks at :%s: a row that enters the period would be told as new; select all rows, changes finds what moved", b.Name, t.name))
		}
	}
}

var numberField = regexp.MustCompile(`\.number\b`)

// numberInReview refuses texts with the report number where it is not known before the release.
func (p *reader) numberInReview(d *Definition) {
	if d.Review == 0 {
		return
	}
	for _, t := range d.texts() {
		if strings.Contains(t.source, "{{") && numberField.MatchString(t.source) {
			p.fault(t.place, "the report number is taken when the review ends: it stands in the foot of each page and cannot stand in a text")
		}
	}
}

// Describe returns the columns and types of a query without running it.
type Describe func(q Query) (columns, types []string, err error)

// Check asks the database what each query returns and compares that with what the file says of it: parameters,
// columns, and the fields that the prose uses.
func (d *Definition) Check(describe Describe) Faults {
	c := newChecker(d, d.File, describe)
	var columns, types []string
	if b := d.blocks[d.recipients]; b != nil {
		columns, types = c.block(b, d.parameterTypes(nil, nil))
		for _, need := range []string{columnEmail, columnName} {
			if columns != nil && !slices.Contains(columns, need) {
				c.fault(b.place, fmt.Sprintf("recipients query %q needs a column %s (it has %s)", b.Name, need, strings.Join(columns, ", ")))
			}
		}
	}
	parameters := d.parameterTypes(columns, types)
	for _, b := range d.order {
		if b.Kind == "sql" && b.Name != d.recipients {
			c.block(b, parameters)
		}
		if skip := strings.TrimPrefix(b.Options["skip-if"], "recipient."); skip != "" && columns != nil && !slices.Contains(columns, skip) {
			c.fault(b.options["skip-if"], fmt.Sprintf("skip-if: the recipients query has no column %q%s", skip, didYouMean(skip, columns)))
		}
	}
	for _, b := range d.order {
		c.trends(b)
	}
	c.texts(columns)
	c.words()
	c.faults.sort()
	return c.faults
}

type checker struct {
	reader
	d        *Definition
	describe Describe
	columns  map[string][]string // of each block that could be described
	said     map[string]bool     // ids that texts ask for with t
	computed bool                // some text computes an id
	lang     string              // of the texts that are looked at
}

func newChecker(d *Definition, file string, describe Describe) *checker {
	return &checker{reader: reader{file: file}, d: d, describe: describe, columns: map[string][]string{}, said: map[string]bool{}}
}

// block describes a block's query and checks the columns that the file names.
func (c *checker) block(b *Block, parameters map[string]string) (columns, types []string) {
	if b.Kind != "sql" {
		return nil, nil
	}
	query, err := bind(b.SQL, parameters)
	if err != nil {
		c.sqlFault(b, err)
		return nil, nil
	}
	columns, types, err = c.describe(Query{Name: b.Name, SQL: query.sql, Args: make([]any, len(query.names))})
	if err != nil {
		at, what := query.errorPlace(b, err)
		c.fault(at, fmt.Sprintf("block %q: %s", b.Name, what))
		return nil, nil
	}
	c.columns[b.Name] = columns
	for _, w := range b.named() {
		if !slices.Contains(columns, w.text) {
			c.fault(w.place, fmt.Sprintf("block %q: no column %q%s", b.Name, w.text, didYouMean(w.text, columns)))
		}
	}
	c.looks(b, columns, types)
	c.shape(b, columns, types)
	c.translatable(b, columns)
	if twice := repeated(columns); twice != "" {
		c.fault(b.place, fmt.Sprintf("block %q returns two columns named %q", b.Name, twice))
	}
	return columns, types
}

// looks are the types that a look can show; one that is not named shows anything.
var looks = map[string][]string{
	"int": numbers, "num": numbers, "pct": numbers, "bar": numbers, "money": numbers,
	"date": {"DATE", "TIMESTAMPTZ"}, "datetime": {"TIMESTAMPTZ"},
}

var numbers = []string{"INT2", "INT4", "INT8", "NUMERIC", "FLOAT4", "FLOAT8"}

// looks compares the look of each column with its SQL type.
func (c *checker) looks(b *Block, columns, types []string) {
	for _, spec := range b.Columns {
		c.wordLook(b, spec)
		i := slices.Index(columns, spec.Name)
		if want := looks[spec.Type]; i >= 0 && want != nil && !slices.Contains(want, types[i]) {
			c.fault(spec.place, fmt.Sprintf("block %q: column %q is %s, and %q shows %s", b.Name, spec.Name, strings.ToLower(types[i]), spec.Type, strings.ToLower(strings.Join(want, ", "))))
		}
	}
}

// translatable asks for a label of every head that a report in several languages shows: without one it stays English.
func (c *checker) translatable(b *Block, columns []string) {
	if len(c.d.Languages) < 2 {
		return
	}
	shown := slices.Clone(b.Columns)
	if b.Columns == nil {
		for _, name := range columns {
			shown = append(shown, columnSpec{Name: name, place: b.place})
		}
	}
	switch b.As {
	case "kpi", "table":
	case "stacked", "line":
		shown = shown[min(1, len(shown)):] // the first column names the rows
	default:
		shown = nil
	}
	for _, name := range splitList(b.Options["track"]) {
		shown = append(shown, columnSpec{Name: name, place: b.options["track"]})
	}
	for _, spec := range shown {
		if spec.Type != "hidden" && spec.Name != b.Options["group"] && c.d.labels[spec.Name] == nil && c.d.labels[b.Name+"."+spec.Name] == nil {
			c.fault(spec.place, fmt.Sprintf("block %q: column %q needs a label, so that it can be translated", b.Name, spec.Name))
		}
	}
}

func repeated(list []string) string {
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return s
		}
	}
	return ""
}

// PlacedError is a database's complaint with its place in the query's SQL, from 1; 0 where it names none.
type PlacedError struct {
	Line, Column int
	Err          error
}

func (e *PlacedError) Error() string { return e.Err.Error() }

// Unwrap returns the complaint itself.
func (e *PlacedError) Unwrap() error { return e.Err }

// errorPlace is the place of a database error in the file, and its words with what to do about it.
func (q bound) errorPlace(b *Block, err error) (place, string) {
	what := err.Error()
	var cure interface{ Hint() string }
	if errors.As(err, &cure) && cure.Hint() != "" {
		what += "; " + cure.Hint()
	}
	var at *PlacedError
	if !errors.As(err, &at) || at.Line == 0 {
		return b.place, what
	}
	line, column := q.locate(b.SQL, at.Line, max(at.Column, 1))
	return place{b.sql.file, b.sql.line + line - 1, column}, what
}
