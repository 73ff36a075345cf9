package html

import (
	"reflect"
	"strings"
	"unicode"

	"secretariat/reports/document"
)

// cleaned returns a copy of a document whose texts hold nothing that acts instead of being read: no controls, no overrides
// of the direction of writing, no characters for private use, valid UTF-8.
func cleaned(doc document.Document) document.Document {
	return cleanCopy(reflect.ValueOf(doc)).Interface().(document.Document)
}

func cleanCopy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String, reflect.Struct, reflect.Slice, reflect.Pointer, reflect.Interface:
	default:
		return v // holds no text, and a letter has thousands of them
	}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(Clean(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() && v.Type().Field(i).IsExported() {
				out.Field(i).Set(cleanCopy(v.Field(i)))
			}
		}
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Float64 {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(cleanCopy(v.Index(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(cleanCopy(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(cleanCopy(v.Elem()))
		}
	}
	return out
}

// Clean returns a text without controls, direction overrides, private-use characters and broken UTF-8. Line breaks become spaces.
func Clean(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
