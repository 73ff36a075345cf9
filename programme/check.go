package programme

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Problem is a fault of a programme. Path leads to the value at fault ("activities[X-1].revisions[2026-05-25].from"); What
// names the value and what is allowed.
type Problem struct {
	Path       string
	What       string
	Unresolved string // the list that the value points into, when what it points at is not there
	Single     bool   // the value is at fault by itself, whatever stands beside it
}

func (p Problem) String() string { return p.Path + ": " + p.What }

// Known is what a programme is checked against that this package cannot know. A nil function or list checks nothing.
type Known struct {
	Reports []string                                 // names of the reports
	Zone    func(name string) error                  // a time zone
	Spec    func(s Schedule) error                   // when a schedule fires
	Timing  func(s Schedule) (key string, err error) // how a schedule's lengths of time agree; key names the one at fault
	Rule    func(rule string) error                  // days of a series, in words
	Clock   func(text string) error                  // a time of day
	Span    func(span string) error                  // a length of time
}

// Check returns what is wrong with a programme as a whole: references, terms, chains of dates, circles, formats.
// Problems come in the order of the file.
func (p *Programme) Check(known Known) []Problem {
	c := &checker{p: p, known: known}
	c.object("", reflect.ValueOf(p).Elem())
	c.circles("agreements", "implements", circleOf(p.Agreements, func(a Agreement) (string, string) { return a.Ref, a.Implements }))
	c.circles("results", "parent", circleOf(p.Results, func(r Result) (string, string) { return r.Ref, r.Parent }))
	c.circles("councils", "parent", circleOf(p.Councils, func(o Council) (string, string) { return o.Ref, o.Parent }))
	c.once()
	return c.problems
}

type checker struct {
	p            *Programme
	known        Known
	scopes       []map[string][]string // refs by list, innermost last
	council      *Council              // whose parts are being checked
	sessionState string                // of the session whose parts are being checked
	problems     []Problem
}

func (c *checker) bad(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path, What: fmt.Sprintf(format, args...)})
}

// refuse adds the refusal of one of the known functions, under the name of the field.
func (c *checker) refuse(path, key string, err error) {
	if err != nil {
		c.bad(path, "%s: %s", key, explain(err))
	}
}

// explain is an error with its cure.
func explain(err error) string {
	if h, ok := err.(interface{ Hint() string }); ok {
		return err.Error() + "; " + h.Hint()
	}
	return err.Error()
}

// object checks what the tags say of an object, then what its kind asks for, then its parts.
func (c *checker) object(path string, v reflect.Value) {
	c.scopes = append(c.scopes, scopeOf(v))
	defer func() { c.scopes = c.scopes[:len(c.scopes)-1] }()
	switch o := v.Addr().Interface().(type) {
	case *Council:
		c.council = o
	case *Session:
		c.sessionState = o.State
	}
	for _, f := range FieldsOf(v.Type()) {
		value, at := v.Field(f.Index), join(path, f.Key)
		switch {
		case isList(value.Type()):
			c.list(at, f.Key, value)
		case value.Kind() == reflect.Map && !Leaf(value.Type()):
			for _, key := range sortedKeys(value) {
				element := reflect.New(value.Type().Elem()).Elem()
				element.Set(value.MapIndex(reflect.ValueOf(key)))
				c.object(at+"."+key, element)
			}
		case value.Kind() == reflect.Struct && !Leaf(value.Type()):
			c.object(at, value)
		default:
			c.leaf(at, f, value)
		}
	}
	c.kind(path, v.Addr().Interface())
}

func (c *checker) list(path, key string, v reflect.Value) {
	first := map[string]bool{}
	for i, n := range names(key, v) {
		at := path + "[" + n + "]"
		plain, _, repeated := strings.Cut(n, "#")
		if repeated && first[plain] && (listKeys[key] == nil || uniqueKeys[key]) {
			c.repeated(at, plain, key, v.Index(i))
		}
		first[n] = true
		c.object(at, v.Index(i))
	}
}

func (c *checker) repeated(path, name, list string, v reflect.Value) {
	if listKeys[list] != nil {
		c.bad(path, "%s %s stands twice", list, name)
		return
	}
	if ref := v.FieldByName("Ref"); ref.IsValid() && ref.String() != "" {
		c.bad(path+".ref", "ref %q is used twice in %s", ref.String(), list)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func sortedKeys(m reflect.Value) []string {
	var keys []string
	for _, k := range m.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}

// quote shows a value in a message: shortened, with control characters escaped.
func quote(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		s = string(runes[:57]) + "…"
	}
	return strconv.Quote(s)
}
