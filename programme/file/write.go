package file

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"secretariat/calendar"
	"secretariat/programme"
)

// width is how long a line may become before an object is written over several, in characters.
const width = 120

// Write returns a programme as a programme file: the same programme gives the same bytes, and Read gives it back. Keys stand
// in the order of the format; what has its default value is left out; a short object stands on one line.
func Write(p programme.Programme) ([]byte, error) {
	w := &writer{order: p.Info.Languages, zone: time.UTC}
	if zone, err := calendar.LoadZone(p.Info.Timezone); err == nil {
		w.zone = zone
	}
	v := reflect.ValueOf(p)
	for _, f := range programme.FieldsOf(v.Type()) {
		field := v.Field(f.Index)
		if field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		if w.out.Len() > 0 {
			w.out.WriteByte('\n')
		}
		w.entry(0, f.Key, field)
	}
	return w.out.Bytes(), nil
}

type writer struct {
	out   bytes.Buffer
	order []string       // the languages of the programme; a plain text is in the first
	zone  *time.Location // of the owner of what is being written
}

func (w *writer) line(indent int, text string) {
	fmt.Fprintf(&w.out, "%*s%s\n", indent, "", text)
}

// entry writes a key and its value, on one line if it fits.
func (w *writer) entry(indent int, key string, v reflect.Value) {
	if !isLong(v) {
		if line := key + ": " + w.flow(v); indent+utf8.RuneCountInString(line) <= width || programme.Leaf(v.Type()) && !spread(v) {
			w.line(indent, line)
			return
		}
	}
	w.line(indent, key+":")
	switch {
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			w.item(indent+2, v.Index(i))
		}
	case v.Kind() == reflect.Map:
		for _, k := range w.languages(v) {
			w.entry(indent+2, keyWord(k), v.MapIndex(reflect.ValueOf(k)))
		}
	default:
		w.object(indent+2, v)
	}
}

// isLong reports whether a value holds lists of objects: those are not put on one line.
func isLong(v reflect.Value) bool {
	if programme.Leaf(v.Type()) || v.Kind() == reflect.Map {
		return false
	}
	if v.Kind() == reflect.Slice {
		return v.Len() > 0
	}
	for _, f := range programme.FieldsOf(v.Type()) {
		if field := v.Field(f.Index); field.Kind() == reflect.Slice && !programme.Leaf(field.Type()) && field.Len() > 0 {
			return true
		}
	}
	return false
}

// spread reports whether a long value can be written over several lines.
func spread(v reflect.Value) bool {
	return v.Kind() == reflect.Map && v.Len() > 1 || v.Kind() == reflect.Slice
}

// item writes an element of a list.
func (w *writer) item(indent int, v reflect.Value) {
	if !isLong(v) {
		if line := "- " + w.flow(v); indent+utf8.RuneCountInString(line) <= width || programme.Leaf(v.Type()) {
			w.line(indent, line)
			return
		}
	}
	at := w.out.Len()
	w.object(indent+2, v)
	w.out.Bytes()[at+indent] = '-' // in the place of the first key's indentation
}

// object writes the keys of an object, in the time zone that the object names.
func (w *writer) object(indent int, v reflect.Value) {
	defer func(zone *time.Location) { w.zone = zone }(w.zone)
	if name := v.FieldByName("Timezone"); name.IsValid() {
		if zone, err := calendar.LoadZone(name.String()); err == nil {
			w.zone = zone
		}
	}
	for _, f := range programme.FieldsOf(v.Type()) {
		if field := v.Field(f.Index); written(f, field) {
			w.entry(indent, f.Key, field)
		}
	}
}

// written reports whether a field has to be written: it is required, or says something that its absence does not.
func written(f programme.Field, v reflect.Value) bool {
	if !f.Optional {
		return true
	}
	switch {
	case v.Kind() == reflect.Bool:
		return v.Bool() != (f.Default == "true")
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Map:
		return v.Len() > 0
	case v.Kind() == reflect.String:
		return v.String() != "" && v.String() != f.Default
	case v.Kind() == reflect.Int && f.Default != "":
		return strconv.FormatInt(v.Int(), 10) != f.Default
	}
	return !v.IsZero()
}

// flow writes a value on one line.
func (w *writer) flow(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case programme.Text:
		if s := x.In(w.order[:min(1, len(w.order))]...); s != "" && len(x) == 1 {
			return plain(s)
		}
		return w.flowMap(v)
	case programme.Date:
		return x.String()
	case programme.Decimal:
		return string(x)
	case time.Time:
		return w.moment(x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return w.flow(v.Elem())
	case reflect.String:
		return plain(v.String())
	case reflect.Map:
		return w.flowMap(v)
	case reflect.Slice:
		elements := make([]string, v.Len())
		for i := range elements {
			elements[i] = w.flow(v.Index(i))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case reflect.Struct:
		var entries []string
		for _, f := range programme.FieldsOf(v.Type()) {
			if field := v.Field(f.Index); written(f, field) {
				entries = append(entries, f.Key+": "+w.flow(field))
			}
		}
		return "{" + strings.Join(entries, ", ") + "}"
	}
	return fmt.Sprint(v.Interface())
}

func (w *writer) flowMap(v reflect.Value) string {
	var entries []string
	for _, k := range w.languages(v) {
		entries = append(entries, keyWord(k)+": "+w.flow(v.MapIndex(reflect.ValueOf(k))))
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

// languages are the keys of a map by language in the order of the programme's languages.
func (w *writer) languages(v reflect.Value) []string {
	keys := sorted(v)
	slices.SortStableFunc(keys, func(a, b string) int {
		return cmp.Compare(uint(slices.Index(w.order, a)), uint(slices.Index(w.order, b)))
	})
	return keys
}

func sorted(v reflect.Value) []string {
	var keys []string
	for _, k := range v.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}

// moment writes a moment in the time of its owner; one that the clocks show twice gets its offset.
func (w *writer) moment(t time.Time) string {
	local := t.In(w.zone)
	layout := "2006-01-02T15:04"
	if local.Second() != 0 {
		layout += ":05"
	}
	wall := local.Format(layout)
	parsed, err := time.Parse(layout, wall)
	if err == nil && len(calendar.LocalTimes(parsed, w.zone)) == 1 {
		return wall
	}
	if _, seconds := local.Zone(); seconds%60 != 0 { // an offset that cannot be written
		return t.UTC().Format(layout + "Z07:00")
	}
	return local.Format(layout + "Z07:00")
}

var (
	plainText = regexp.MustCompile(`^[\pL][\pL\pN\pM ’ʻʼ“”«»()._/@–-]*$`)
	plainURL  = regexp.MustCompile(`^https?://[A-Za-z0-9._/~%=+-]+$`)
)

// plain writes a text without quotes where no YAML reader can take it for something else.
func plain(s string) string {
	if (plainText.MatchString(s) || plainURL.MatchString(s)) && !strings.HasSuffix(s, " ") && keyWord(s) == s {
		return s
	}
	return quoted(s)
}

// keyWord quotes the words that some YAML reader takes for a boolean or for nothing.
func keyWord(s string) string {
	if slices.Contains(booleans, strings.ToLower(s)) || strings.EqualFold(s, "null") {
		return quoted(s)
	}
	return s
}

// quoted writes a text in double quotes.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r >= 0x2028 && r <= 0x202e || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
