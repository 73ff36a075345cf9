package programme

import (
	"reflect"
	"strings"
	"sync"
	"time"
)

// Field is one field of a noun as its struct tags describe it.
type Field struct {
	Key      string
	Optional bool
	OneOf    []string // the values allowed; nil: any
	Ref      string   // the list that the value points into; "" when it points nowhere
	Default  string   // the text of the value that a missing key has
	Index    int      // of the struct field
}

// FieldsOf returns the fields of a struct type of this package in the order of the file.
func FieldsOf(t reflect.Type) []Field { return fields()[t] }

// Leaf reports whether values of the type are single values or texts, not objects with keys of their own.
func Leaf(t reflect.Type) bool {
	switch t {
	case textType, dateType, timeType:
		return true
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return false
	case reflect.Slice:
		return Leaf(t.Elem())
	}
	return true
}

var (
	textType    = reflect.TypeFor[Text]()
	dateType    = reflect.TypeFor[Date]()
	timeType    = reflect.TypeFor[time.Time]()
	decimalType = reflect.TypeFor[Decimal]()
)

// fields holds the description of every struct that a Programme contains, and of those that sets of rules are written in.
var fields = sync.OnceValue(func() map[reflect.Type][]Field {
	all := map[reflect.Type][]Field{}
	describe(reflect.TypeFor[Programme](), all)
	describe(reflect.TypeFor[TimetableSet](), all)
	describe(reflect.TypeFor[UsedTimetable](), all)
	return all
})

func describe(t reflect.Type, all map[reflect.Type][]Field) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, known := all[t]; known || Leaf(t) {
		return
	}
	all[t] = nil
	var list []Field
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("key"), ",")
		field := Field{Key: key, Optional: option == "optional", Ref: f.Tag.Get("ref"), Default: f.Tag.Get("default"), Index: i}
		if allowed := f.Tag.Get("oneof"); allowed != "" {
			field.OneOf = strings.Fields(allowed)
		}
		list = append(list, field)
		describe(f.Type, all)
	}
	all[t] = list
}
