package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
)

// Input is what a rendering is composed of.
type Input struct {
	Parameters Parameters
	Rows       map[string]Rows // by the name of the query
	Previous   *Previous       // the last delivered report; nil: compare with the rows of "<block>@before", where they are
	Number     int64           // report number; 0 for none
	NoSnapshot bool            // the audience's tracked rows are kept already
	Cut        Cut
}

// Previous is what the last delivered report of the same audience recorded.
type Previous struct {
	Number       int64
	AsOf         time.Time
	Since, Until time.Time
	Snapshot     Snapshot
}

// Rendering is a report for one audience.
type Rendering struct {
	Document document.Document
	Subject  string
	Cover    []document.Block // the body of the letter
	Language string           // in which it is set
	Title    string
	Send     bool // false: the conditions of the definition do not hold
	Note     bool // where it is not sent: tell the readers so
	Snapshot Snapshot
	Short    []Short // what the row limit cut off
}

// Compose makes a document of the rows. A row set with an error, or a text that fails, is an error: nobody is sent half
// a report. The error is a Fault where a place in the file is known.
func (d *Definition) Compose(in Input) (Rendering, error) {
	c := newComposer(d, in)
	if err := errors.Join(c.readAll(), c.compareAll()); err != nil {
		return Rendering{}, err
	}
	r := Rendering{Language: c.lang, Title: c.title(), Send: c.owed(), Note: d.Note, Short: c.overLimit()}
	if !in.NoSnapshot {
		r.Snapshot = c.snapshot()
	}
	var err error
	if r.Document, err = c.document(); err != nil {
		return Rendering{}, err
	}
	if r.Subject, err = c.subject(); err != nil {
		return Rendering{}, err
	}
	r.Cover = c.cover(r.Document)
	return r, nil
}

// composer is the work of one Compose.
type composer struct {
	d       *Definition
	in      Input
	l       *locale.Locale
	lang    string
	w       words
	results map[string]*result
	fields  map[string][]map[string]any // rows as templates see them, by block
	changes map[string][]change         // by block of changes
	failed  map[string]bool             // blocks that failed and are spared
	top     map[string]any
	funcs   map[textKind]template.FuncMap
}

func newComposer(d *Definition, in Input) *composer {
	lang := d.Language(in.Parameters.Language)
	c := &composer{d: d, in: in, lang: lang, l: locale.For(lang), w: d.words(lang), results: map[string]*result{},
		fields: map[string][]map[string]any{}, changes: map[string][]change{}, failed: map[string]bool{}}
	c.funcs = map[textKind]template.FuncMap{markdownText: c.functions(markdownText), plainText: c.functions(plainText)}
	p := in.Parameters
	day := func(t time.Time) programme.Date { return programme.DateOf(t, p.dayZone()) }
	recipient := map[string]any{}
	for i, name := range p.Recipient.Columns {
		recipient[name] = c.value(p.Recipient.Types[i], p.Recipient.Values[i])
	}
	c.top = map[string]any{
		"programme": map[string]any{"code": p.Programme.Code, "title": c.programmeTitle(), "currency": p.Programme.Currency},
		"title":     c.title(), "since": day(p.Since), "until": day(p.Until), "last_day": day(p.Until).AddDays(-1), "period": c.period(),
		"as_of": p.AsOf, "today": day(p.AsOf), "zone": c.l.Zone(p.AsOf, p.zone()), "timezone": p.zone().String(), "clearance": p.Clearance, "lang": lang, "number": in.Number, "recipient": recipient,
	}
	for name, value := range d.params {
		c.top[name] = value
		if v, ok := p.Values[name]; ok {
			c.top[name] = v
		}
	}
	return c
}

func (c *composer) title() string { return c.d.Title.In(c.lang, c.d.Languages[0]) }

func (c *composer) programmeTitle() string {
	p := c.in.Parameters.Programme
	return p.Title.In(append([]string{c.lang}, p.Languages...)...)
}

// period is the reporting period in words, its last day included; of a report without one, its day.
func (c *composer) period() string {
	p := c.in.Parameters
	if c.d.Period == noPeriod {
		return c.l.Date(programme.DateOf(p.AsOf, p.dayZone()))
	}
	from, to := programme.DateOf(p.Since, p.dayZone()), programme.DateOf(p.Until, p.dayZone()).AddDays(-1)
	return c.l.Period(from, to)
}

// rowTitle names a row: the label "<block>.title" filled with it, else its column title, text or name.
func (c *composer) rowTitle(b *Block, row record) string {
	if t := c.w.label(b.Name + ".title"); t != nil {
		if s, err := c.run(t, row.fields()); err == nil && s != "" {
			return s
		}
	}
	for _, column := range []string{"title", "text", "name"} {
		if s := row.text(column); s != "" {
			return s
		}
	}
	return ""
}

// readAll looks for rows that could not be read.
func (c *composer) readAll() error {
	var faults []error
	for _, b := range c.d.order {
		rows := c.in.Rows[b.Name]
		if twice := repeated(rows.Columns); rows.Err == nil && twice != "" { // the one would show the values of the other
			rows.Err = fmt.Errorf("it returns two columns named %q", twice)
			c.in.Rows[b.Name] = rows
		}
		if rows.Err != nil {
			if c.in.Cut.AsIs {
				c.failed[b.Name] = true
			} else {
				faults = append(faults, c.d.Failure(Query{Name: b.Name}, rows.Err))
			}
		}
	}
	return errors.Join(faults...)
}

// result returns the rows of a block, made ready when they are first asked for: of many tracked rows few are ever shown. nil
// where there is no such block or it failed; a skipped one is empty.
func (c *composer) result(name string) *result {
	if r, ok := c.results[name]; ok {
		return r
	}
	if c.d.blocks[name] == nil || c.in.Rows[name].Err != nil {
		return nil
	}
	r := c.read(c.in.Rows[name])
	c.results[name] = r
	return r
}

// run executes a text over dot; nil is the report's own fields.
func (c *composer) run(t *text, dot any) (string, error) {
	if t == nil {
		return "", nil
	}
	if dot == nil {
		dot = c.top
	}
	return t.execute(c.funcs[t.kind], dot)
}

func (c *composer) allRows(name string) ([]map[string]any, error) {
	if rows, ok := c.fields[name]; ok {
		return rows, nil
	}
	b := c.d.blocks[name]
	if b == nil {
		return nil, fmt.Errorf("no block %q", name)
	}
	rows := []map[string]any{}
	if b.Kind == "changes" {
		for _, ch := range c.changes[name] {
			rows = append(rows, c.changeFields(ch))
		}
	} else if r := c.result(name); r != nil {
		for _, one := range r.rows {
			rows = append(rows, one.fields())
		}
	}
	c.fields[name] = rows
	return rows, nil
}

func (c *composer) firstRow(name string) (map[string]any, error) {
	rows, err := c.allRows(name)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// owed reports whether the conditions of `send` hold.
func (c *composer) owed() bool {
	if c.d.SendIf == nil {
		return true
	}
	return slices.ContainsFunc(c.d.SendIf, func(name string) bool {
		rows, err := c.allRows(name)
		return err == nil && len(rows) > 0
	})
}

func (c *composer) subject() (string, error) {
	t := c.d.subject[c.lang]
	if t == nil {
		return c.title() + " · " + c.period(), nil
	}
	s, err := c.run(t, nil)
	if err != nil && c.in.Cut.AsIs {
		return c.title() + " · " + c.period(), nil
	}
	return strings.Join(strings.Fields(s), " "), err
}
