package programme

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// What a change does with an object.
const (
	OpCreate = "create"
	OpUpdate = "update"
	OpRetire = "retire"
)

// Plan is what applying a file does, object by object. A session is an object of its own; any other part belongs to its object.
type Plan struct {
	Changes   []Change `json:"changes"`
	Unchanged int      `json:"unchanged"`   // objects
	NotInFile int      `json:"not_in_file"` // objects and entries of lists of facts that are there and that the file does not name
	Letters   int      `json:"letters"`     // that the changes cause
	Notes     []string `json:"notes"`       // what the reader should know
}

// Change is what happens to one object.
type Change struct {
	Op     string        `json:"op"`   // OpCreate, OpUpdate or OpRetire
	Kind   string        `json:"kind"` // "activity"
	Ref    string        `json:"ref"`  // its ref, or the fields that name it
	Title  string        `json:"title,omitempty"`
	Fields []FieldChange `json:"fields,omitempty"`
}

// FieldChange is an old and a new value as text; "–" is none.
type FieldChange struct {
	Path string `json:"path"` // within the object: "milestones[X-1-M2].met_on"
	Old  string `json:"old"`
	New  string `json:"new"`
}

// none stands for an absent value.
const none = "–"

// kinds are the words for one object of a list.
var kinds = map[string]string{
	"programme": "programme", "organisations": "organisation", "people": "person", "agreements": "agreement",
	"pillars": "pillar", "areas": "area", "results": "result", "indicators": "indicator", "activities": "activity",
	"contributions": "contribution", "events": "event", "publications": "publication", "risks": "risk",
	"councils": "council", "sessions": "session", "holidays": "holiday", "subscriptions": "subscription", "schedules": "schedule",
	"seats": "seat", "milestones": "milestone", "timetable": "timetable rule", "reminders": "reminder rule", "series": "series",
}

// Diff returns what turns current into desired. What current has more is retired: merge the two first to keep it.
func Diff(current, desired Programme) Plan {
	d := &differ{language: "en", zone: zoneOf(desired.Info.Timezone, time.UTC)}
	if len(desired.Info.Languages) > 0 {
		d.language = desired.Info.Languages[0]
	}
	c, w := reflect.ValueOf(current), reflect.ValueOf(desired)
	for _, f := range FieldsOf(w.Type()) {
		was, is := c.Field(f.Index), w.Field(f.Index)
		switch {
		case isList(is.Type()):
			d.objects(f.Key, was, is)
		case current.Info.Code == "":
			d.create(f.Key, desired.Info.Code, is)
		default:
			d.update(f.Key, desired.Info.Code, was, is)
		}
	}
	return d.plan
}

type differ struct {
	plan     Plan
	language string
	zone     *time.Location // in which moments are shown
	fields   []FieldChange  // of the object at hand
}

func zoneOf(name string, otherwise *time.Location) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return otherwise
}

// pair is an element before and after; either may be missing.
type pair struct {
	name    string
	was, is reflect.Value
}

// pairs matches the elements of two lists by name: those of is in its order, then those that only was has.
func pairs(list string, was, is reflect.Value) (result []pair) {
	before := map[string]reflect.Value{}
	wasNames := names(list, was)
	for i, n := range wasNames {
		before[n] = was.Index(i)
	}
	for i, n := range names(list, is) {
		result = append(result, pair{n, before[n], is.Index(i)})
		delete(before, n)
	}
	for i, n := range wasNames {
		if _, left := before[n]; left {
			result = append(result, pair{n, was.Index(i), reflect.Value{}})
		}
	}
	return result
}

// objects compares a list whose elements are objects of their own.
func (d *differ) objects(list string, was, is reflect.Value) {
	for _, p := range pairs(list, was, is) {
		switch {
		case !p.was.IsValid():
			d.create(list, p.name, p.is)
		case !p.is.IsValid():
			d.plan.Changes = append(d.plan.Changes, Change{Op: OpRetire, Kind: kinds[list], Ref: p.name, Title: d.title(p.was)})
			if council, ok := p.was.Interface().(Council); ok {
				d.objects("sessions", reflect.ValueOf(council.Sessions), reflect.ValueOf([]Session(nil)))
			}
		default:
			d.update(list, p.name, p.was, p.is)
		}
	}
}

func (d *differ) create(list, name string, v reflect.Value) {
	d.plan.Changes = append(d.plan.Changes, Change{Op: OpCreate, Kind: kinds[list], Ref: name, Title: d.title(v)})
	if council, ok := v.Interface().(Council); ok {
		d.objects("sessions", reflect.ValueOf([]Session(nil)), reflect.ValueOf(council.Sessions))
	}
}

func (d *differ) update(list, name string, was, is reflect.Value) {
	outer := d.zone
	council, ok := is.Interface().(Council)
	if ok {
		d.zone = zoneOf(council.Timezone, outer)
	}
	d.fields = nil
	d.object("", was, is)
	if len(d.fields) > 0 {
		d.plan.Changes = append(d.plan.Changes, Change{Op: OpUpdate, Kind: kinds[list], Ref: name, Title: d.title(is), Fields: d.fields})
	} else {
		d.plan.Unchanged++
	}
	if ok {
		d.objects("sessions", reflect.ValueOf(was.Interface().(Council).Sessions), reflect.ValueOf(council.Sessions))
		d.zone = outer
	}
}

// object compares the fields of an object and of its parts, sessions aside.
func (d *differ) object(path string, was, is reflect.Value) {
	for _, f := range FieldsOf(is.Type()) {
		a, b, at := was.Field(f.Index), is.Field(f.Index), join(path, f.Key)
		switch {
		case f.Key == "sessions":
		case isList(b.Type()):
			d.list(at, f.Key, a, b)
		case b.Type() == textType:
			d.text(at, a.Interface().(Text), b.Interface().(Text))
		case b.Kind() == reflect.Map:
			d.keyed(at, a, b)
		case b.Kind() == reflect.Struct && !Leaf(b.Type()):
			d.object(at, a, b)
		default:
			d.value(at, d.show(a), d.show(b))
		}
	}
}

func (d *differ) value(path, old, new string) {
	if old != new {
		d.fields = append(d.fields, FieldChange{path, old, new})
	}
}

func (d *differ) text(path string, old, new Text) {
	if len(old) == 0 || len(new) == 0 {
		d.value(path, d.plain(old), d.plain(new))
		return
	}
	var languages []string
	for l := range old {
		languages = append(languages, l)
	}
	for l := range new {
		if _, ok := old[l]; !ok {
			languages = append(languages, l)
		}
	}
	slices.Sort(languages)
	for _, l := range languages {
		d.value(path+"."+l, orNone(old[l]), orNone(new[l]))
	}
}

func (d *differ) list(path, list string, was, is reflect.Value) {
	for _, p := range pairs(list, was, is) {
		at := path + "[" + p.name + "]"
		switch {
		case !p.was.IsValid():
			d.value(at, none, cmp.Or(d.title(p.is), "added"))
		case !p.is.IsValid():
			d.value(at, cmp.Or(d.title(p.was), "there"), none)
		default:
			d.object(at, p.was, p.is)
		}
	}
}

func (d *differ) keyed(path string, was, is reflect.Value) {
	keys := sortedKeys(is)
	for _, k := range sortedKeys(was) {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		a, b := was.MapIndex(reflect.ValueOf(k)), is.MapIndex(reflect.ValueOf(k))
		switch {
		case !a.IsValid():
			d.value(path+"."+k, none, "added")
		case !b.IsValid():
			d.value(path+"."+k, "there", none)
		default:
			d.object(path+"."+k, a, b)
		}
	}
}

// title is what a person knows an object by, "" when it has nothing of the kind.
func (d *differ) title(v reflect.Value) string {
	for _, name := range []string{"Title", "Name", "Label", "Text", "Amount", "Answer", "Note", "Reason", "Spec", "Rule", "Fraction", "Target"} {
		f := v.FieldByName(name)
		if !f.IsValid() || absent(f) {
			continue
		}
		if t, ok := f.Interface().(Text); ok {
			return d.plain(t)
		}
		return d.show(f)
	}
	return ""
}

func (d *differ) plain(t Text) string {
	if s := t.In(d.language); s != "" {
		return s
	}
	for _, l := range sortedKeys(reflect.ValueOf(t)) {
		return t[l]
	}
	return none
}

// show writes a single value, or a list of them.
func (d *differ) show(v reflect.Value) string {
	if absent(v) {
		return none
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.In(d.zone).Format("2006-01-02T15:04:05Z07:00")
	case []string:
		return strings.Join(x, ", ")
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return fmt.Sprint(v.Interface())
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}
