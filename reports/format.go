package reports

import (
	"math/big"
	"strings"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
)

// label returns the words for a column of a block, or for anything else that has a key.
func (c *composer) label(block, column string) string {
	for _, key := range []string{block + "." + column, column} {
		if t := c.w.label(key); t != nil {
			if s, err := c.run(t, nil); err == nil {
				return s
			}
		}
	}
	return humanised(column)
}

// optional returns a label of a block, else an option of the same name, "" for neither.
func (c *composer) optional(b *Block, key string) string {
	if t := c.w.label(b.Name + "." + key); t != nil {
		if s, err := c.run(t, nil); err == nil {
			return s
		}
	}
	return b.Options[key]
}

// humanised makes a heading of the name of a column: "due_on" → "Due on".
func humanised(name string) string {
	s := strings.ReplaceAll(name, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// columnsOf returns the columns that a block shows, in order.
func (c *composer) columnsOf(b *Block, r *result) []columnSpec {
	types := map[string]string{}
	for i, name := range r.columns {
		types[name] = r.types[i]
	}
	var out []columnSpec
	if b.Columns == nil {
		for _, name := range r.columns {
			out = append(out, columnSpec{Name: name})
		}
	} else {
		out = append(out, b.Columns...)
	}
	shown := out[:0]
	for _, spec := range out {
		if spec.Type == "" {
			spec.Type = typeOf(types[spec.Name])
		}
		if spec.Type != "hidden" {
			shown = append(shown, spec)
		}
	}
	return shown
}

// typeOf is how a column of an SQL type looks when @cols says nothing.
func typeOf(kind string) string {
	switch kind {
	case "INT2", "INT4", "INT8":
		return "int"
	case "FLOAT4", "FLOAT8", "NUMERIC":
		return "num"
	case "DATE":
		return "date"
	case "TIMESTAMPTZ":
		return "datetime"
	}
	return "text"
}

// format writes a value as its column wants it.
func (c *composer) format(spec columnSpec, v any, row record) string {
	if v == nil {
		return locale.Missing
	}
	switch spec.Type {
	case "int":
		return c.l.Number(decimalText(rat(v)), 0)
	case "num":
		return c.number(v)
	case "pct":
		return c.percent(v, 1)
	case "bar":
		return c.percent(v, 0)
	case "money":
		return c.amount(spec, v, row)
	case "date":
		return unbroken(c.l.ShortDate(row.day(spec.Name, c.in.Parameters.zone())))
	case "datetime":
		return c.datetime(spec, v, row)
	case "month":
		return c.l.MonthYear(row.day(spec.Name, c.in.Parameters.zone()))
	case "ordinal", "roman":
		return c.numeral(spec.Type, v)
	case "lang":
		return c.word("report.language", v)
	case "word":
		return c.word(spec.wordPrefix(), v)
	case "rag":
		return c.status(spec, v).Word
	}
	return c.say(v)
}

func (s columnSpec) wordPrefix() string {
	if s.Word != "" {
		return s.Word
	}
	return s.Name
}

// amount writes money with the decimals of its currency: that of the column named by unit=, else of a column
// "currency", else the programme's. The code stands behind it unless the currency has a column of its own.
func (c *composer) amount(spec columnSpec, v any, row record) string {
	currency, own := c.currency(spec, row)
	amount := programme.Decimal(decimalText(rat(v)))
	if own {
		return c.l.Number(string(amount), locale.Decimals(currency))
	}
	return c.l.Money(amount, currency)
}

func (c *composer) currency(spec columnSpec, row record) (code string, own bool) {
	column := spec.Unit
	if column == "" {
		column = "currency"
	}
	if code := row.text(column); code != "" {
		return code, true
	}
	return c.in.Parameters.Programme.Currency, false
}

// datetime writes a moment on the reader's clock, or on that of the row's zone with its name.
func (c *composer) datetime(spec columnSpec, v any, row record) string {
	t, ok := v.(time.Time)
	if !ok {
		return c.say(v)
	}
	zone, named := c.in.Parameters.zone(), ""
	if spec.Zone != "" {
		if own, err := time.LoadLocation(row.text(spec.Zone)); err == nil && row.text(spec.Zone) != "" {
			zone, named = own, " ("+c.l.Zone(t, own)+")"
		}
	}
	return unbroken(c.l.ShortDate(programme.DateOf(t, zone))) + ", " + c.l.Clock(t, zone) + named
}

// unbroken keeps a short text on one line of its cell.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

func (c *composer) numeral(kind string, v any) string {
	r := rat(v)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return c.say(v)
	}
	if kind == "roman" {
		return c.l.Roman(int(r.Num().Int64()))
	}
	return c.l.Ordinal(int(r.Num().Int64()))
}

// word is the name of a value that stands for something: a label "<prefix>.<value>" of the file, else the catalogue's,
// else the value itself.
func (c *composer) word(prefix string, v any) string {
	value := canonical(v)
	id := prefix + "." + value
	if t := c.w.label(id); t != nil {
		if s, err := c.run(t, nil); err == nil {
			return s
		}
	}
	if c.l.Has(id) {
		return c.l.T(id, nil)
	}
	if dashed := strings.ReplaceAll(id, "_", "-"); c.l.Has(dashed) {
		return c.l.T(dashed, nil)
	}
	return value
}

var tones = map[string]document.Tone{
	"good": document.ToneGood, "warn": document.ToneWarn, "bad": document.ToneBad, "mute": document.ToneMute, "accent": document.ToneAccent,
	"neutral": document.ToneNeutral, "green": document.ToneGood, "amber": document.ToneWarn, "red": document.ToneBad, "grey": document.ToneMute,
	"blue": document.ToneAccent,
}

// status reads a value of type rag: a colour (green amber red grey blue), "colour:word", or a number against thresholds.
func (c *composer) status(spec columnSpec, v any) document.Status {
	if spec.Red != "" {
		return c.score(spec, v)
	}
	colour, id, given := strings.Cut(canonical(v), ":")
	if !given {
		return document.Status{Word: c.word("report.rag", colour), Tone: tones[colour]}
	}
	prefix, value := spec.Word, id
	if dot := strings.LastIndexByte(id, '.'); dot >= 0 {
		prefix, value = id[:dot], id[dot+1:]
	}
	return document.Status{Word: c.word(prefix, value), Tone: tones[colour]}
}

func (c *composer) score(spec columnSpec, v any) document.Status {
	s, n := document.Status{Word: c.say(v), Tone: document.ToneGood}, rat(v)
	red, amber := rat(spec.Red), rat(spec.Amber)
	switch {
	case n == nil || red == nil || amber == nil:
		s.Tone = document.ToneMute
	case n.Cmp(red) >= 0:
		s.Tone = document.ToneBad
	case n.Cmp(amber) >= 0:
		s.Tone = document.ToneWarn
	}
	return s
}

// tone is that of the first mark that a value meets.
func (s columnSpec) toneOf(v any) document.Tone {
	n := rat(v)
	for _, m := range s.Marks {
		if than := rat(m.than); n != nil && than != nil && holds(n.Cmp(than), m.op) {
			return tones[m.tone]
		}
	}
	return tones[s.Tone]
}

func holds(cmp int, op string) bool {
	switch op {
	case ">":
		return cmp > 0
	case ">=":
		return cmp >= 0
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	}
	return cmp == 0
}

// share is a number of per cent as a part of one, not below zero.
func share(v any) *document.Gauge {
	r := rat(v)
	if r == nil {
		return nil
	}
	f, _ := new(big.Rat).Quo(r, big.NewRat(100, 1)).Float64()
	return &document.Gauge{Share: max(f, 0)}
}
