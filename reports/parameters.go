package reports

import (
	"time"

	"secretariat/programme"
)

// Programme is what a report says of the programme itself. Languages[0] is its first language.
type Programme struct {
	Code      string
	Title     programme.Text
	Languages []string
	Timezone  *time.Location // decides what day it is
	Currency  string
}

// Parameters are what one rendering depends on.
type Parameters struct {
	Programme    Programme
	Since, Until time.Time // [Since, Until)
	AsOf         time.Time
	Clearance    string            // of the rendering
	Language     string            // of the rendering
	Zone         *time.Location    // the reader's clock; nil: the programme's
	Values       map[string]string // of the declared parameters, where they differ from their defaults
	Recipient    Recipient         // the reader's row; empty on demand
}

// Recipient is a row of the recipients query with the types of its columns.
type Recipient struct {
	Columns, Types []string
	Values         []any
}

// Value returns the value of a column; ok is false when there is no such column.
func (r Recipient) Value(column string) (value any, ok bool) {
	for i, c := range r.Columns {
		if c == column && i < len(r.Values) {
			return r.Values[i], true
		}
	}
	return nil, false
}

// Text returns a column as text, "" when it is absent or NULL.
func (r Recipient) Text(column string) string {
	v, _ := r.Value(column)
	s, _ := v.(string)
	return s
}

// Query is one SELECT with $1…; at most Limit rows are read. It has the fields of the store's query.
type Query struct {
	Name, SQL string
	Args      []any
	Limit     int
}

// Rows is what a query returned, in the types that the store documents. More says that there was more than the limit.
type Rows struct {
	Columns, Types []string
	Values         [][]any
	More           bool
	Err            error
}

// rowLimit is how many rows a query may return; what is beyond is said, not shown.
const rowLimit = 50000

// builtin are the parameters of every report with the types they are bound as.
var builtin = map[string]string{
	"since": "timestamptz", "until": "timestamptz", "as_of": "timestamptz",
	"clearance": "text", "programme": "text", "currency": "text", "lang": "text",
}

// recipientPrefix begins the names of the parameters that are columns of the recipients query.
const recipientPrefix = "recipient_"

// parameterTypes returns the types of all parameters that a block may use.
func (d *Definition) parameterTypes(columns, types []string) map[string]string {
	out := map[string]string{}
	for name, kind := range builtin {
		out[name] = kind
	}
	for name := range d.params {
		out[name] = "text"
	}
	for i, c := range columns {
		out[recipientPrefix+c] = castOf(types[i])
	}
	return out
}

// castOf returns the cast for a value of a PostgreSQL type.
func castOf(kind string) string {
	switch kind {
	case "BOOL":
		return "boolean"
	case "INT2", "INT4", "INT8":
		return "bigint"
	case "FLOAT4", "FLOAT8":
		return "float8"
	case "NUMERIC":
		return "numeric"
	case "DATE":
		return "date"
	case "TIMESTAMPTZ":
		return "timestamptz"
	case "JSON", "JSONB":
		return "jsonb"
	}
	return "text"
}

// value returns the value of a parameter.
func (d *Definition) value(p Parameters, name string) any {
	switch name {
	case "since":
		return p.Since
	case "until":
		return p.Until
	case "as_of":
		return p.AsOf
	case "clearance":
		return p.Clearance
	case "programme":
		return p.Programme.Code
	case "currency":
		return p.Programme.Currency
	case "lang":
		return p.Language
	}
	if v, ok := p.Values[name]; ok {
		return v
	}
	if v, ok := d.params[name]; ok {
		return v
	}
	v, _ := p.Recipient.Value(name[min(len(recipientPrefix), len(name)):])
	return v
}

// zone is the clock of a rendering.
func (p Parameters) zone() *time.Location {
	switch {
	case p.Zone != nil:
		return p.Zone
	case p.Programme.Timezone != nil:
		return p.Programme.Timezone
	}
	return time.UTC
}

// dayZone is the zone that decides what day it is.
func (p Parameters) dayZone() *time.Location {
	if p.Programme.Timezone != nil {
		return p.Programme.Timezone
	}
	return p.zone()
}
