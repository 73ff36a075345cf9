package reports

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
)

// localised is a text that was stored in several languages. Which one fits is found only where it is shown: of thousands
// of tracked rows few are.
type localised struct {
	composer *composer
	raw      string // JSON
}

// text returns the text in the language that fits best, and that language, "" where it is the document's. JSON that is no
// object of texts is its own text.
func (l localised) text() (text, lang string) { return l.composer.localise(l.raw) }

// result is what a query returned, made ready for one reader.
type result struct {
	columns, types []string
	rows           []record
	more           bool
}

// record is a row by column. Values: nil, bool, int64, float64, programme.Decimal, programme.Date, time.Time, string,
// localised, []string.
type record map[string]any

// read makes a result of rows: NUMERIC becomes a Decimal, an object of texts by language the reader's text.
func (c *composer) read(rows Rows) *result {
	out := &result{columns: rows.Columns, types: rows.Types, more: rows.More}
	for _, values := range rows.Values {
		out.rows = append(out.rows, c.record(rows, values))
	}
	return out
}

func (c *composer) record(rows Rows, values []any) record {
	r := make(record, len(values))
	for i, v := range values {
		if i < len(rows.Columns) {
			r[rows.Columns[i]] = c.value(rows.Types[i], v)
		}
	}
	return r
}

func (c *composer) value(kind string, v any) any {
	s, isText := v.(string)
	if !isText {
		return v
	}
	switch kind {
	case "NUMERIC":
		return programme.Decimal(s)
	case "JSON", "JSONB":
		if s == "null" {
			return nil
		}
		return localised{c, s}
	}
	return s
}

// localise picks the reader's language of an object of texts: as asked, else the programme's languages in their order.
func (c *composer) localise(raw string) (text, language string) {
	var texts programme.Text
	if !strings.HasPrefix(raw, "{") || json.Unmarshal([]byte(raw), &texts) != nil || len(texts) == 0 {
		return raw, ""
	}
	if text, ok := texts[c.lang]; ok {
		return text, ""
	}
	for _, lang := range slices.Concat(c.in.Parameters.Programme.Languages, slices.Sorted(maps.Keys(texts))) {
		if text, ok := texts[lang]; ok {
			return text, lang
		}
	}
	return "", ""
}

// fields is a record as templates see it.
func (r record) fields() map[string]any {
	out := make(map[string]any, len(r))
	for k, v := range r {
		if l, ok := v.(localised); ok {
			v, _ = l.text()
		}
		out[k] = v
	}
	return out
}

// canonical is a value as snapshots and embedded tables keep it, "" for NULL: the same text on every machine.
func canonical(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case localised:
		text, _ := v.text()
		return text
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case []string:
		return strings.Join(v, ", ")
	}
	return plainNumber(v)
}

// text returns a value that is some kind of text, "" for anything else.
func (r record) text(column string) string {
	switch v := r[column].(type) {
	case string:
		return v
	case localised:
		text, _ := v.text()
		return text
	}
	return ""
}

// day returns a date, or the day of a moment in zone; the absent date for anything else.
func (r record) day(column string, zone *time.Location) programme.Date {
	switch v := r[column].(type) {
	case programme.Date:
		return v
	case time.Time:
		return programme.DateOf(v, zone)
	}
	return programme.Date{}
}
