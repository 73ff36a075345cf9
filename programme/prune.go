package programme

import (
	"fmt"
	"reflect"
	"slices"
)

// Pruning limits: more needs the word of a person.
const (
	maxPruned      = 10
	maxPrunedShare = 5 // one in five
)

// Pruned is a programme without what a file no longer names.
type Pruned struct {
	Programme Programme
	Retired   []string // "activity X-1"
	Large     string   // why a person has to confirm it; "" when it is small
	Kept      []string // what may not be retired, and why
}

// retirable are the parts of an object that can be retired for themselves.
var retirable = map[string]bool{"seats": true, "milestones": true, "timetable": true, "reminders": true, "series": true, "sessions": true}

// Prune takes out of merged what current has and the file does not name, in the lists that the file contains. Sessions that
// are known to their members stay, and so do the sessions of a series.
func Prune(merged, desired Programme, lists []string) Pruned {
	result := Pruned{Programme: merged}
	m, d := reflect.ValueOf(&result.Programme).Elem(), reflect.ValueOf(desired)
	for _, f := range FieldsOf(d.Type()) {
		if slices.Contains(lists, f.Key) && isList(d.Field(f.Index).Type()) {
			result.list(f.Key, nil, m.Field(f.Index), d.Field(f.Index))
		}
	}
	if result.Large == "" && len(result.Retired) > maxPruned {
		result.Large = fmt.Sprintf("%d objects would be retired, more than %d", len(result.Retired), maxPruned)
	}
	return result
}

// list prunes one list; owner is the council that holds it, nil for others.
func (r *Pruned) list(list string, owner *Council, merged, desired reflect.Value) {
	left := reflect.MakeSlice(merged.Type(), 0, merged.Len())
	named := map[string]reflect.Value{}
	for i, n := range names(list, desired) {
		named[n] = desired.Index(i)
	}
	gone := 0
	for i, n := range names(list, merged) {
		element := reflect.New(merged.Type().Elem()).Elem()
		element.Set(merged.Index(i))
		wanted, ok := named[n]
		if !ok {
			stays, why := staysWhy(element.Interface(), owner)
			if !stays {
				r.Retired = append(r.Retired, kinds[list]+" "+n)
				if council, ok := element.Interface().(Council); ok {
					for _, s := range council.Sessions {
						r.Retired = append(r.Retired, "session "+s.Ref)
					}
				}
				gone++
				continue
			}
			if why != "" {
				r.Kept = append(r.Kept, fmt.Sprintf("%s %s is not retired: %s", kinds[list], n, why))
			}
		} else {
			r.parts(element, wanted)
		}
		left = reflect.Append(left, element)
	}
	if r.Large == "" && gone*maxPrunedShare > merged.Len() {
		r.Large = fmt.Sprintf("%d of %d %s would be retired, more than a fifth", gone, merged.Len(), list)
	}
	merged.Set(left)
}

func (r *Pruned) parts(merged, desired reflect.Value) {
	owner, _ := merged.Addr().Interface().(*Council)
	for _, f := range FieldsOf(desired.Type()) {
		if retirable[f.Key] && isList(desired.Field(f.Index).Type()) {
			r.list(f.Key, owner, merged.Field(f.Index), desired.Field(f.Index))
		}
	}
}

// staysWhy reports whether an object must not be retired, and why, where that needs to be said.
func staysWhy(object any, owner *Council) (stays bool, why string) {
	switch o := object.(type) {
	case Session:
		if o.State != "draft" {
			return true, "it is " + o.State + "; cancel it instead"
		}
		return owner.generated(o), ""
	case Council:
		for _, s := range o.Sessions {
			if s.State == "tentative" || s.State == "confirmed" {
				return true, "its session " + s.Ref + " is " + s.State + "; cancel that first"
			}
		}
	}
	return false, ""
}
