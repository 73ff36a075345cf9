package file

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"secretariat/programme"
)

// entry is a key with its value and the field that it belongs to.
type entry struct {
	field      programme.Field
	key, value ast.Node
}

// mapping returns the keys and values of a map.
func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch x := n.(type) {
	case *ast.MappingNode:
		return x.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{x}, true
	}
	return nil, false
}

// word is a single value as it is written.
type word struct {
	text   string
	kind   string // "text", "number", "boolean" or "null"
	quoted bool
}

// scalar returns a single value; ok is false for lists, maps and what has no text.
func scalar(n ast.Node) (w word, ok bool) {
	switch x := n.(type) {
	case *ast.MappingKeyNode:
		return scalar(x.Value)
	case *ast.StringNode:
		t := x.GetToken().Type
		return word{x.Value, "text", t == token.SingleQuoteType || t == token.DoubleQuoteType}, true
	case *ast.LiteralNode:
		return word{x.Value.Value, "text", true}, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return word{n.GetToken().Value, "number", false}, true
	case *ast.BoolNode:
		return word{x.GetToken().Value, "boolean", false}, true
	case *ast.NullNode:
		return word{"", "null", false}, true
	}
	return word{}, false
}

// booleans are the words that YAML 1.1 reads as true or false.
var booleans = []string{"y", "n", "yes", "no", "on", "off", "true", "false"}

// name reads a key. ok is false when it cannot be one.
func (r *reader) name(key ast.Node) (string, bool) {
	w, ok := scalar(key)
	if !ok || w.kind == "null" {
		r.bad(key, "a key is a word")
		return "", false
	}
	if !w.quoted && slices.Contains(booleans, strings.ToLower(w.text)) {
		r.bad(key, "key %s: YAML 1.1 reads it as a boolean; put it in quotes if you mean the word", w.text)
		return "", false
	}
	return w.text, true
}

// keys matches the keys of a map with fields. Unknown and repeated keys are faults. path names the object in messages.
func (r *reader) keys(entries []*ast.MappingValueNode, fields []programme.Field, object string) []entry {
	var result []entry
	var known []string
	for _, f := range fields {
		known = append(known, f.Key)
	}
	lines := map[string]int{}
	for _, e := range entries {
		key, ok := r.name(e.Key)
		if !ok {
			continue
		}
		position := at(r.file, e.Key)
		if line, repeated := lines[key]; repeated {
			r.bad(e.Key, "key %q stands in line %d already", key, line)
			continue
		}
		lines[key] = position.Line
		i := slices.Index(known, key)
		if i < 0 {
			r.bad(e.Key, "unknown key %s%s%s", quote(key), in(object), suggestion(key, known))
			continue
		}
		result = append(result, entry{fields[i], e.Key, e.Value})
	}
	return result
}

func in(object string) string {
	if object == "" {
		return ""
	}
	return " in " + object
}

// suggestion names the nearest known word, or all.
func suggestion(word string, known []string) string {
	if len(known) == 0 {
		return "; there is none"
	}
	if near := programme.DidYouMean(word, known); near != "" {
		return near
	}
	return "; known are " + strings.Join(known, ", ")
}

// value reads a node into v and returns where its parts stand.
func (r *reader) value(v reflect.Value, f programme.Field, n ast.Node) *place {
	p := &place{Position: at(r.file, n)}
	if w, ok := scalar(n); ok && w.kind == "null" && f.Optional {
		return p
	}
	switch {
	case v.Type() == reflect.TypeFor[programme.Text]():
		r.text(v, f, n, p)
	case f.Key == "timetable" && v.Type() == reflect.TypeFor[[]programme.LeadTimeRule]():
		r.rules(v, f, n, p)
	case v.Kind() == reflect.Slice:
		r.list(v, f, n, p)
	case v.Kind() == reflect.Map:
		r.table(v, f, n, p)
	case v.Kind() == reflect.Struct && !programme.Leaf(v.Type()):
		r.object(v, f.Key, n, p)
	default:
		r.single(v, f, n)
	}
	return p
}

// object reads a map into a noun.
func (r *reader) object(v reflect.Value, name string, n ast.Node, p *place) {
	p.fields = map[string]*place{}
	before := len(r.faults)
	entries, ok := mapping(n)
	if !ok {
		r.bad(n, "%s is %s, not a map of keys", name, describe(n))
		p.faulty = true
		return
	}
	defer func(zone *time.Location) { r.zone = zone }(r.zone)
	if zone := child(n, "timezone"); zone != nil {
		r.enter(zone)
	}
	fields := programme.FieldsOf(v.Type())
	there := map[string]bool{}
	for _, e := range r.keys(entries, fields, name) {
		there[e.field.Key] = true
		field, so := v.Field(e.field.Index), len(r.faults)
		p.fields[e.field.Key] = r.value(field, e.field, e.value)
		if !programme.Leaf(field.Type()) {
			before += len(r.faults) - so // the faults of parts are theirs
		}
	}
	for _, f := range fields {
		field := v.Field(f.Index)
		if !f.Optional && !there[f.Key] {
			r.bad(n, "missing key %q%s", f.Key, in(name))
		}
		said := there[f.Key] && (field.Kind() == reflect.Bool || field.Kind() == reflect.Int) // no and 0 are values
		if f.Default != "" && field.IsZero() && !said {
			setDefault(field, f.Default)
		}
	}
	p.faulty = len(r.faults) > before
}

func setDefault(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(text == "true")
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			panic(err) // the tag is a constant
		}
		v.SetInt(int64(n))
	default:
		v.SetString(text)
	}
}

// list reads a sequence of words or of objects.
func (r *reader) list(v reflect.Value, f programme.Field, n ast.Node, p *place) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.bad(n, "%s is %s, not a list", f.Key, describe(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(list.Values)))
	for _, item := range list.Values {
		element := reflect.New(v.Type().Elem()).Elem()
		f.Optional = false
		p.items = append(p.items, r.value(element, f, item))
		v.Set(reflect.Append(v, element))
	}
	if v.Len() == 0 {
		v.SetZero()
	}
}

// table reads a map by language.
func (r *reader) table(v reflect.Value, f programme.Field, n ast.Node, p *place) {
	p.fields = map[string]*place{}
	entries, ok := mapping(n)
	if !ok {
		r.bad(n, "%s is %s, not a map by language such as {en: {}}", f.Key, describe(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range entries {
		language, ok := r.language(e.Key, f.Key)
		if !ok {
			continue
		}
		if p.fields[language] != nil {
			r.bad(e.Key, "key %q stands in line %d already", language, p.fields[language].Line)
			continue
		}
		element := reflect.New(v.Type().Elem()).Elem()
		f.Optional = true
		found := r.value(element, f, e.Value)
		if found.fields == nil {
			found.fields = map[string]*place{}
		}
		p.fields[language] = found
		v.SetMapIndex(reflect.ValueOf(language), element)
	}
}

// language reads a key that is a language of the programme.
func (r *reader) language(key ast.Node, field string) (string, bool) {
	language, ok := r.name(key)
	if ok && !slices.Contains(r.languages, language) {
		r.bad(key, "%s: language %s is not one of the programme's (%s)", field, quote(language), strings.Join(r.languages, ", "))
		ok = false
	}
	return language, ok
}

// text reads a text: plain, in the programme's first language, or by language.
func (r *reader) text(v reflect.Value, f programme.Field, n ast.Node, p *place) {
	text := programme.Text{}
	entries, isMap := mapping(n)
	if !isMap {
		if s, ok := r.words(f, n, maxText); ok {
			text[r.languages[0]] = s
		}
		v.Set(reflect.ValueOf(text))
		return
	}
	p.fields = map[string]*place{}
	for _, e := range entries {
		language, ok := r.language(e.Key, f.Key)
		if !ok {
			continue
		}
		if _, repeated := text[language]; repeated {
			r.bad(e.Key, "key %q stands in line %d already", language, p.fields[language].Line)
			continue
		}
		p.fields[language] = &place{Position: at(r.file, e.Value)}
		s, _ := r.words(programme.Field{Key: f.Key + "." + language}, e.Value, maxText)
		text[language] = s
	}
	if _, ok := text[r.languages[0]]; !ok {
		r.bad(n, "%s has no text in %s, the first language of the programme", f.Key, r.languages[0])
	}
	v.Set(reflect.ValueOf(text))
}

// describe says what a value is.
func describe(n ast.Node) string {
	if w, ok := scalar(n); ok {
		if w.kind == "null" {
			return "empty"
		}
		return "the " + w.kind + " " + quote(w.text)
	}
	if _, ok := n.(*ast.SequenceNode); ok {
		return "a list"
	}
	return "a map"
}
