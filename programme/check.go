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
	Reports []string                      // names of the reports
	Zone    func(name string) error       // a time zone
	Spec    func(spec, zone string) error // when a schedule fires
	Rule    func(rule string) error       // days of a series, in words
	Clock   func(text string) error       // a time of day
	Span    func(span string) error       // a length of time
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

// leaf checks a single value, or a list of them, by its tags, type and key.
func (c *checker) leaf(path string, f Field, v reflect.Value) {
	if v.Kind() == reflect.Slice {
		seen := map[string]bool{}
		for i := range v.Len() {
			at := fmt.Sprintf("%s[%d]", path, i)
			c.word(at, f, v.Index(i).String())
			if s := v.Index(i).String(); seen[s] {
				c.bad(at, "%s: %s stands twice", f.Key, quote(s))
			} else {
				seen[s] = true
			}
		}
		return
	}
	switch x := v.Interface().(type) {
	case string:
		if x != "" || !f.Optional {
			c.word(path, f, x)
		}
	case Span:
		if x != "" && c.known.Span != nil {
			c.span(path, f.Key, x)
		}
	}
}

func (c *checker) word(path string, f Field, s string) {
	if s == "" {
		c.bad(path, "%s is empty", f.Key)
		return
	}
	first := len(c.problems)
	c.form(path, f, s)
	for i := range c.problems[first:] {
		c.problems[first+i].Single = true
	}
}

// form checks the form of a value that is not empty.
func (c *checker) form(path string, f Field, s string) {
	if f.Ref != "" {
		c.resolve(path, f, s)
		return
	}
	switch f.Key {
	case "ref":
		if what := refFault(s); what != "" {
			c.bad(path, "ref %s %s", quote(s), what)
		}
	case "timezone":
		if c.known.Zone != nil {
			c.zone(path, s)
		}
	case "country", "countries":
		if !allOf(s, upper) || len(s) != 2 {
			c.bad(path, "%s %s is not a country code of two capital letters such as UZ", f.Key, quote(s))
		}
	case "currency":
		if !allOf(s, upper) || len(s) != 3 {
			c.bad(path, "currency %s is not a code of three capital letters such as USD", quote(s))
		}
	case "email":
		if what := addressFault(s); what != "" {
			c.bad(path, "email %s %s", quote(s), what)
		}
	case "languages", "official_languages", "working_languages", "language":
		c.language(path, f.Key, s)
	}
}

// resolve looks a ref up in the innermost list of that name.
func (c *checker) resolve(path string, f Field, ref string) {
	for i := len(c.scopes) - 1; i >= 0; i-- {
		refs, ok := c.scopes[i][f.Ref]
		if !ok {
			continue
		}
		if !slices.Contains(refs, ref) {
			what := fmt.Sprintf("%s %s: nothing in %s has this ref%s", f.Key, quote(ref), f.Ref, DidYouMean(ref, refs))
			c.problems = append(c.problems, Problem{Path: path, What: what, Unresolved: f.Ref, Single: true})
		}
		return
	}
}

// scopeOf returns the refs of the lists that an object holds.
func scopeOf(v reflect.Value) map[string][]string {
	scope := map[string][]string{}
	for _, f := range FieldsOf(v.Type()) {
		list := v.Field(f.Index)
		if !isList(list.Type()) {
			continue
		}
		if _, ok := list.Type().Elem().FieldByName("Ref"); !ok {
			continue
		}
		refs := make([]string, list.Len())
		for i := range refs {
			refs[i] = list.Index(i).FieldByName("Ref").String()
		}
		scope[f.Key] = refs
	}
	return scope
}

func (c *checker) language(path, key, s string) {
	if what := languageFault(s); what != "" {
		c.bad(path, "%s %s %s", key, quote(s), what)
		return
	}
	publication := strings.HasPrefix(path, "publications[")
	if !publication && key != "languages" && !slices.Contains(c.p.Info.Languages, s) {
		c.bad(path, "%s %s is not a language of the programme (%s)", key, quote(s), strings.Join(c.p.Info.Languages, ", "))
	}
}

func (c *checker) zone(path, name string) {
	err := c.known.Zone(name)
	if strings.HasPrefix(name, "Etc/GMT") && name != "Etc/GMT" {
		err = fmt.Errorf("fixed offsets are not zones; use a name such as Asia/Tashkent")
	}
	if err == nil {
		return
	}
	cure := err.Error()
	if h, ok := err.(interface{ Hint() string }); ok {
		cure = "not known: " + h.Hint()
	}
	for _, guess := range zoneGuesses(name, c.zones()) {
		if c.known.Zone(guess) == nil {
			cure = "not known; did you mean " + quote(guess) + "?"
			break
		}
	}
	c.bad(path, "timezone %s: %s", quote(name), cure)
}

// zones returns the time zones that the programme names elsewhere.
func (c *checker) zones() []string {
	zones := []string{c.p.Info.Timezone}
	for _, p := range c.p.People {
		zones = append(zones, p.Timezone)
	}
	return zones
}

// span checks a length of time: days that are clear or working make sense in a convening timetable only.
func (c *checker) span(path, key string, s Span) {
	err := c.known.Span(string(s))
	if err == nil && strings.Contains(string(s), " ") && !strings.Contains(path, ".timetable[") {
		err = fmt.Errorf("clear and working days are for timetables; write a duration such as P14D or PT2H")
	}
	c.refuse(path, key, err)
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
