package programme

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

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
	case Text:
		c.text(path, f.Key, x)
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

// text checks that a text is in the languages of the programme: when those change, texts of other files may lack them.
func (c *checker) text(path, key string, t Text) {
	languages := c.p.Info.Languages
	if len(t) == 0 || len(languages) == 0 {
		return
	}
	fault := func(path, format string, args ...any) {
		c.problems = append(c.problems, Problem{Path: path, What: fmt.Sprintf(format, args...), Unresolved: "languages"})
	}
	if t.In(languages[0]) == "" {
		fault(path, "%s has no text in %s, the first language of the programme", key, languages[0])
	}
	for _, l := range sortedKeys(reflect.ValueOf(t)) {
		if !slices.Contains(languages, l) {
			fault(path+"."+l, "%s: language %s is not one of the programme's (%s)", key, quote(l), strings.Join(languages, ", "))
		}
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
	if err == nil {
		return
	}
	cure := err.Error()
	if h, ok := err.(interface{ Hint() string }); ok {
		cure = "not known: " + h.Hint()
	}
	c.bad(path, "timezone %s: %s", quote(name), cure)
}

// span checks a length of time: days that are clear or working make sense in a convening timetable only.
func (c *checker) span(path, key string, s Span) {
	err := c.known.Span(string(s))
	if err == nil && strings.Contains(string(s), " ") && !strings.Contains(path, ".timetable[") {
		err = fmt.Errorf("clear and working days are for timetables; write a duration such as P14D or PT2H")
	}
	c.refuse(path, key, err)
}
