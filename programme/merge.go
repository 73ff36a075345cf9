package programme

import (
	"cmp"
	"reflect"
	"slices"
)

// Normalise gives what may be left out its one form: the first due date is written where revisions moved it and nowhere else.
func (p *Programme) Normalise() {
	for i := range p.Activities {
		a := &p.Activities[i]
		a.OriginalDueOn = firstDue(a.OriginalDueOn, a.DueOn, a.Revisions)
		for j := range a.Milestones {
			m := &a.Milestones[j]
			m.OriginalDueOn = firstDue(m.OriginalDueOn, m.DueOn, m.Revisions)
		}
	}
}

func firstDue(original, due Date, revisions []Revision) Date {
	switch {
	case len(revisions) == 0 && original == due:
		return Date{}
	case len(revisions) > 0 && original.IsZero():
		return revisions[0].From
	}
	return original
}

// Merge returns what the programme is once a file that says desired has been applied to current. An object that the file
// has is as the file says; one that it has not stays. Inside an object, lists of facts (updates, revisions, transactions,
// replies, sessions …) keep the entries that the file does not name, other lists are as the file says.
func Merge(current, desired Programme) Programme {
	result := desired
	c, d, r := reflect.ValueOf(current), reflect.ValueOf(desired), reflect.ValueOf(&result).Elem()
	for _, f := range FieldsOf(d.Type()) {
		if isList(d.Field(f.Index).Type()) {
			r.Field(f.Index).Set(mergeList(f.Key, c.Field(f.Index), d.Field(f.Index)))
		}
	}
	result.Normalise()
	return result
}

// mergeList keeps the order of current; what is new follows in the order of desired. Dated facts are then put in order of date.
func mergeList(list string, current, desired reflect.Value) reflect.Value {
	if current.Len() == 0 {
		return desired
	}
	wanted := map[string]reflect.Value{}
	wantedNames := names(list, desired)
	for i, n := range wantedNames {
		wanted[n] = desired.Index(i)
	}
	result := reflect.MakeSlice(desired.Type(), 0, current.Len()+desired.Len())
	for i, n := range names(list, current) {
		element := current.Index(i)
		if w, ok := wanted[n]; ok {
			element = mergeObject(element, w)
			delete(wanted, n)
		}
		result = reflect.Append(result, element)
	}
	for i, n := range wantedNames {
		if _, isNew := wanted[n]; isNew {
			result = reflect.Append(result, desired.Index(i))
		}
	}
	if list == "updates" || list == "revisions" || list == "transactions" {
		sortByDate(result)
	}
	return result
}

func mergeObject(current, desired reflect.Value) reflect.Value {
	result := reflect.New(desired.Type()).Elem()
	result.Set(desired)
	for _, f := range FieldsOf(desired.Type()) {
		if growing[f.Key] && isList(desired.Field(f.Index).Type()) {
			result.Field(f.Index).Set(mergeList(f.Key, current.Field(f.Index), desired.Field(f.Index)))
		}
	}
	return result
}

// sortByDate orders a list of dated facts, those of one day as they stand.
func sortByDate(list reflect.Value) {
	ordered := valuesOf(list)
	slices.SortStableFunc(ordered, func(a, b reflect.Value) int {
		return cmp.Compare(dateOf(a).String(), dateOf(b).String())
	})
	for i, v := range ordered {
		list.Index(i).Set(v)
	}
}

func dateOf(v reflect.Value) Date { return v.FieldByName("Date").Interface().(Date) }

// valuesOf returns copies of the elements.
func valuesOf(list reflect.Value) []reflect.Value {
	values := make([]reflect.Value, list.Len())
	for i := range values {
		values[i] = reflect.New(list.Type().Elem()).Elem()
		values[i].Set(list.Index(i))
	}
	return values
}
