package programme

import (
	"fmt"
	"reflect"
	"strings"
)

// listKeys names the fields that tell the objects of a list apart. A list that is not named here is told apart by ref, or,
// where its objects have none, by position. A reply has no key but itself: an answer is never corrected, another one is given.
var listKeys = map[string][]string{
	"holidays":      {"calendar", "date"},
	"subscriptions": {"report", "role"},
	"periods":       {"from", "to"},
	"revisions":     {"date"},
	"updates":       {"date", "by"},
	"transactions":  {"kind", "date", "activity", "area"},
	"budget":        {"area", "period"},
	"quorum":        {"purpose"},
	"offices":       {"kind", "person", "since"},
	"replies":       {"seat", "person", "answer", "mode", "date", "delegate"},
	"attendance":    {"seat"},
}

// uniqueKeys are the lists without refs in which no two objects may have the same key.
var uniqueKeys = map[string]bool{"holidays": true, "periods": true, "budget": true, "quorum": true, "attendance": true}

// growing are the lists inside an object whose entries stay although the file that holds the object does not name them:
// they are facts, or others add to them. Any other list inside an object is as the file says.
var growing = map[string]bool{
	"periods": true, "revisions": true, "updates": true, "milestones": true, "transactions": true,
	"seats": true, "timetable": true, "reminders": true, "series": true, "sessions": true,
	"documents": true, "replies": true, "attendance": true, "decisions": true, "action_items": true,
}

// names returns what the elements of a list of objects are called in paths: their ref, else their key fields, else their
// position; the second of the same name gets "#2". Entries keep their names when lists are merged.
func names(list string, v reflect.Value) []string {
	result := make([]string, v.Len())
	seen := map[string]int{}
	for i := range result {
		name := name(list, v.Index(i))
		if name == "" {
			name = fmt.Sprint(i + 1)
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, seen[name])
		}
		result[i] = name
	}
	return result
}

// ElementNames returns the names by which paths call the elements of a list of objects, v being the slice.
func ElementNames(list string, v any) []string { return names(list, reflect.ValueOf(v)) }

func name(list string, v reflect.Value) string {
	keys := listKeys[list]
	if keys == nil {
		keys = []string{"ref"}
	}
	var parts []string
	for _, f := range FieldsOf(v.Type()) {
		for _, key := range keys {
			if f.Key != key {
				continue
			}
			if value := v.Field(f.Index); !absent(value) {
				parts = append(parts, fmt.Sprint(value.Interface()))
			}
		}
	}
	return strings.Join(parts, " ")
}

// isList reports whether the type is a list of objects.
func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice && !Leaf(t.Elem()) }

// KindOf returns the word for one object of a list: "activity" of "activities".
func KindOf(list string) string { return kinds[list] }
