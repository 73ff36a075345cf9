package programme

import (
	"fmt"
	"reflect"
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
		return []string{fmt.Sprintf("+ create %s %s %s", c.Kind, c.Ref, show(c.Title))}
	case OpRetire:
		return []string{fmt.Sprintf("- retire %s %s %s", c.Kind, c.Ref, show(c.Title))}
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

// Missing counts what current has and desired does not name, in the lists that desired is asked about: objects, and entries
// of lists of facts inside objects that both have.
func Missing(current, desired Programme) int {
	c, d := reflect.ValueOf(current), reflect.ValueOf(desired)
	n := 0
	for _, f := range FieldsOf(d.Type()) {
		if isList(d.Field(f.Index).Type()) {
			n += missing(f.Key, c.Field(f.Index), d.Field(f.Index))
		}
	}
	return n
}

func missing(list string, was, is reflect.Value) (n int) {
	for _, p := range pairs(list, was, is) {
		switch {
		case !p.is.IsValid():
			n++
		case p.was.IsValid():
			for _, f := range FieldsOf(p.is.Type()) {
				if growing[f.Key] && isList(p.is.Field(f.Index).Type()) {
					n += missing(f.Key, p.was.Field(f.Index), p.is.Field(f.Index))
				}
			}
		}
	}
	return n
}
