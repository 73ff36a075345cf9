package programme

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Lines writes the plan for a reader: a line for each change and what else there is to know.
func (p Plan) Lines() []string {
	var lines []string
	for _, c := range p.Changes {
		lines = append(lines, c.lines()...)
	}
	if p.Unchanged > 0 {
		lines = append(lines, fmt.Sprintf("= %d unchanged", p.Unchanged))
	}
	if p.NotInFile > 0 {
		lines = append(lines, fmt.Sprintf("= %d not in the file", p.NotInFile))
	}
	for _, note := range p.Notes {
		lines = append(lines, "! "+note)
	}
	return lines
}

// Of takes from the plan's counts what the file does not name: missing objects and entries, retired ones aside.
func (p Plan) Of(objects, entries, retired int) Plan {
	p.Unchanged -= objects - p.Count(OpRetire)
	p.NotInFile = objects + entries - retired
	return p
}

// Empty reports whether the plan changes nothing.
func (p Plan) Empty() bool { return len(p.Changes) == 0 }

// Count returns the number of changes of one kind of operation.
func (p Plan) Count(op string) (n int) {
	for _, c := range p.Changes {
		if c.Op == op {
			n++
		}
	}
	return n
}

func (c Change) lines() []string {
	switch c.Op {
	case OpCreate:
		return []string{strings.TrimSpace(fmt.Sprintf("+ create %s %s %s", c.Kind, c.Ref, show(c.Title)))}
	case OpRetire:
		return []string{strings.TrimSpace(fmt.Sprintf("- retire %s %s %s", c.Kind, c.Ref, show(c.Title)))}
	}
	var lines []string
	for _, f := range c.Fields {
		lines = append(lines, fmt.Sprintf("~ update %s %s %s: %s → %s", c.Kind, c.Ref, f.Path, show(f.Old), show(f.New)))
	}
	return lines
}

// show fits a value into a line: control characters gone, at most 60 characters.
func show(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:57]) + "…"
	}
	return s
}

// Missing counts what current has and desired does not name: objects, and entries of lists of facts inside objects that
// both have.
func Missing(current, desired Programme) (objects, entries int) {
	c, d := reflect.ValueOf(current), reflect.ValueOf(desired)
	for _, f := range FieldsOf(d.Type()) {
		if isList(d.Field(f.Index).Type()) {
			countMissing(f.Key, c.Field(f.Index), d.Field(f.Index), &objects, &objects, &entries)
		}
	}
	return objects - generatedMissing(current, desired), entries
}

// generatedMissing counts the drafts of series that the desired programme does not name: it says that there are some by
// naming the series.
func generatedMissing(current, desired Programme) (n int) {
	for _, c := range desired.Councils {
		i := slices.IndexFunc(current.Councils, func(o Council) bool { return o.Ref == c.Ref })
		if i < 0 {
			continue
		}
		for _, s := range current.Councils[i].Sessions {
			named := slices.ContainsFunc(c.Sessions, func(o Session) bool { return o.Ref == s.Ref })
			if s.State == "draft" && !named && current.Councils[i].generated(s) {
				n++
			}
		}
	}
	return n
}

// generated reports whether a session bears the name of an occurrence of one of the council's series.
func (c Council) generated(s Session) bool {
	return slices.ContainsFunc(c.Series, func(e Series) bool { return strings.HasPrefix(s.Ref, e.Ref+"-") })
}

// countMissing adds to here what the list lacks, and to objects and entries what its elements lack.
func countMissing(list string, was, is reflect.Value, here, objects, entries *int) {
	for _, p := range pairs(list, was, is) {
		if !p.is.IsValid() {
			*here += 1 + sessionsOf(p.was)
		}
		if !p.is.IsValid() || !p.was.IsValid() {
			continue
		}
		for _, f := range FieldsOf(p.is.Type()) {
			if !growing[f.Key] || !isList(p.is.Field(f.Index).Type()) {
				continue
			}
			to := entries
			if f.Key == "sessions" { // objects of their own
				to = objects
			}
			countMissing(f.Key, p.was.Field(f.Index), p.is.Field(f.Index), to, objects, entries)
		}
	}
}

func sessionsOf(v reflect.Value) int {
	if c, ok := v.Interface().(Council); ok {
		return len(c.Sessions)
	}
	return 0
}
