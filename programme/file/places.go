package file

import (
	"fmt"
	"reflect"
	"strings"

	"secretariat/programme"
)

// element is the path of the innermost list element in a path, or of the top object.
func element(path string) string {
	if i := strings.LastIndexByte(path, ']'); i >= 0 {
		if open := strings.LastIndexByte(path[:i], '['); isDigits(path[open+1 : i]) {
			return element(path[:open]) // an element of a list of words
		}
		return path[:i+1]
	}
	first, _, _ := strings.Cut(path, ".")
	return first
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// position returns where the value of a path stands, or the nearest thing around it.
func (d *Document) position(path string) Position {
	for path != "" {
		if p, ok := d.positions[path]; ok {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return Position{d.first, 1, 1}
}

// doubtful reports whether a problem may be the echo of a value in the same object that could not be read.
func (d *Document) doubtful(path string) bool {
	owner := path[:max(0, strings.LastIndexByte(path, '.'))]
	if d.faulty[path] || d.faulty[owner] {
		return true
	}
	if !strings.ContainsAny(owner, ".") && strings.HasPrefix(owner, "councils[") {
		return false
	}
	for bad := range d.faulty {
		if owner != "" && strings.HasPrefix(bad, owner+".") {
			return true
		}
	}
	return false
}

// place is where a value stands, with the places of what it holds.
type place struct {
	Position
	fields map[string]*place
	items  []*place
	faulty bool // it could not be read whole
}

// flatten turns places into paths.
func (d *Document) flatten(path string, v reflect.Value, p *place) {
	if p == nil {
		return
	}
	if path != "" && p.Line > 0 {
		d.positions[path] = p.Position
	}
	if p.faulty {
		d.faulty[path] = true
	}
	switch {
	case v.Kind() == reflect.Slice && programme.Leaf(v.Type()):
		for i, item := range p.items {
			d.flatten(fmt.Sprintf("%s[%d]", path, i), reflect.Value{}, item)
		}
	case v.Kind() == reflect.Slice:
		for i, name := range programme.ElementNames(path[strings.LastIndexByte(path, '.')+1:], v.Interface()) {
			d.flatten(path+"["+name+"]", v.Index(i), p.items[i])
		}
	default:
		for key, field := range p.fields {
			d.flatten(strings.TrimPrefix(path+"."+key, "."), fieldOf(v, key), field)
		}
	}
}

// fieldOf returns the field of an object, or the value of a map, with a key.
func fieldOf(v reflect.Value, key string) reflect.Value {
	if !v.IsValid() || programme.Leaf(v.Type()) {
		return reflect.Value{}
	}
	if v.Kind() == reflect.Map {
		return v.MapIndex(reflect.ValueOf(key))
	}
	for _, f := range programme.FieldsOf(v.Type()) {
		if f.Key == key {
			return v.Field(f.Index)
		}
	}
	return reflect.Value{}
}
