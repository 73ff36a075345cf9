package file

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"secretariat/calendar"
	"secretariat/programme"
)

// Document is a programme as files describe it. Values have the form that Normalise gives them; moments are in UTC.
type Document struct {
	Programme programme.Programme
	Lists     []string // keys of the lists that the files contain
	known     programme.Known
	first     string // name of the first file
	positions map[string]Position
	faulty    map[string]bool // paths of objects that could not be read whole
}

// With is what files may name beside what they hold.
type With struct {
	Reports    []string   // names of the reports that exist; nil checks none
	Timetables Timetables // sets of rules that a council may take over
}

// Read is ReadWith without timetables to take over.
func Read(reports []string, sources ...Source) (*Document, error) {
	return ReadWith(With{Reports: reports}, sources...)
}

// ReadWith reads files that together describe a programme. An error is a Faults with everything that is wrong; only that a ref is
// not in the files may be found later, by Check, because it may be in the database.
func ReadWith(w With, sources ...Source) (*Document, error) {
	r := &reader{zone: time.UTC, languages: []string{"en"}, timetables: w.Timetables}
	doc := &Document{known: known(w.Reports), positions: map[string]Position{}, faulty: map[string]bool{}}
	var roots []root
	for _, s := range sources {
		node, faults := parse(s)
		r.faults = append(r.faults, faults...)
		if node != nil {
			roots = append(roots, root{s.Name, node})
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults.sorted()
	}
	if len(sources) > 0 {
		doc.first = sources[0].Name
	}
	r.programme(doc, roots)
	doc.Programme.Normalise()
	doc.flatten("", reflect.ValueOf(doc.Programme), r.whole)
	faults := append(r.faults, doc.alone(len(r.faults) > 0)...)
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return doc, nil
}

// known is what this program knows of time; it is what programme must not import.
func known(reports []string) programme.Known {
	return programme.Known{
		Reports: reports,
		Zone:    func(name string) error { _, err := calendar.LoadZone(name); return err },
		Spec:    func(s programme.Schedule) error { _, err := specOf(s); return err },
		Timing:  checkTiming,
		Rule:    func(rule string) error { _, err := calendar.ParseRule(rule); return err },
		Clock:   func(text string) error { _, err := calendar.ParseClock(text); return err },
		Span:    func(span string) error { _, err := calendar.ParseSpan(span); return err },
	}
}

// alone checks the files without the database. Refs that lead nowhere are told only beside other faults, and only where
// the files hold the list that they point into.
func (d *Document) alone(faulty bool) (faults Faults) {
	var unresolved Faults
	for _, p := range d.Programme.Check(d.known) {
		f := Fault{d.position(p.Path), p.What}
		switch {
		case !p.Single && d.doubtful(p.Path):
		case p.Unresolved != "":
			if !isTop(p.Unresolved) || slices.Contains(d.Lists, p.Unresolved) {
				unresolved = append(unresolved, f)
			}
		default:
			faults = append(faults, f)
		}
	}
	if faulty || len(faults) > 0 {
		faults = append(faults, unresolved...)
	}
	return faults
}

// isTop reports whether a list stands at the top of a file.
func isTop(list string) bool {
	return slices.ContainsFunc(programme.FieldsOf(reflect.TypeFor[programme.Programme]()), func(f programme.Field) bool { return f.Key == list })
}

// Check checks what the programme would be once the files are applied to what the database holds (the zero Programme for
// nothing). The error is a Faults.
func (d *Document) Check(merged programme.Programme) error {
	var faults Faults
	for _, p := range merged.Check(d.known) {
		if _, ours := d.positions[element(p.Path)]; ours {
			faults = append(faults, Fault{d.position(p.Path), p.What})
		} else if p.Unresolved != "" {
			faults = append(faults, Fault{Position{d.first, 1, 1}, "in the database: " + p.String()})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return faults.sorted()
}

// root is the top of one file.
type root struct {
	name string
	node ast.Node
}

// reader reads values and gathers what is wrong with them.
type reader struct {
	file      string // being read
	faults    Faults
	languages []string       // of the programme
	zone      *time.Location // of the owner of the values being read
	whole     *place

	timetables Timetables
}

func (r *reader) bad(n ast.Node, format string, args ...any) {
	r.faults = append(r.faults, Fault{at(r.file, n), fmt.Sprintf(format, args...)})
}

// programme reads the roots into one programme.
func (r *reader) programme(doc *Document, roots []root) {
	r.whole = &place{fields: map[string]*place{}}
	r.learn(roots)
	v := reflect.ValueOf(&doc.Programme).Elem()
	fields := programme.FieldsOf(v.Type())
	for _, top := range roots {
		r.file = top.name
		entries, ok := mapping(top.node)
		if !ok {
			r.bad(top.node, "a programme file is a map of keys such as programme, people, activities")
			continue
		}
		for _, e := range r.keys(entries, fields, "") {
			r.top(doc, v.Field(e.field.Index), e)
		}
	}
	if r.whole.fields["programme"] == nil && len(r.faults) == 0 {
		r.faults = append(r.faults, Fault{Position{doc.first, 1, 1}, `missing key "programme"`})
	}
}

// top reads one list, or the programme's own data; the lists of several files are joined.
func (r *reader) top(doc *Document, v reflect.Value, e entry) {
	before := r.whole.fields[e.field.Key]
	if v.Kind() == reflect.Struct {
		if before != nil {
			r.bad(e.key, "key %q stands in %s:%d already", e.field.Key, before.File, before.Line)
			return
		}
		r.whole.fields[e.field.Key] = r.value(v, e.field, e.value)
		return
	}
	part := reflect.New(v.Type()).Elem()
	found := r.value(part, e.field, e.value)
	v.Set(reflect.AppendSlice(v, part))
	if before != nil {
		before.items = append(before.items, found.items...)
		return
	}
	r.whole.fields[e.field.Key] = found
	doc.Lists = append(doc.Lists, e.field.Key)
}

// learn finds the time zone and the languages of the programme, which the reading of other values depends on.
func (r *reader) learn(roots []root) {
	for _, top := range roots {
		entries, _ := mapping(child(top.node, "programme"))
		for _, e := range entries {
			switch word, _ := scalar(e.Key); word.text {
			case "timezone":
				r.enter(e.Value)
			case "languages":
				if list, ok := e.Value.(*ast.SequenceNode); ok && len(list.Values) > 0 {
					r.languages = nil
					for _, n := range list.Values {
						word, _ := scalar(n)
						r.languages = append(r.languages, word.text)
					}
				}
			}
		}
	}
}

// enter sets the time zone to the one that a value names; an unknown one is told by the check of the whole.
func (r *reader) enter(n ast.Node) {
	if word, ok := scalar(n); ok {
		if zone, err := calendar.LoadZone(word.text); err == nil {
			r.zone = zone
		}
	}
}

// child returns the value of a key in a mapping, nil when there is none.
func child(n ast.Node, key string) ast.Node {
	entries, _ := mapping(n)
	i := slices.IndexFunc(entries, func(e *ast.MappingValueNode) bool {
		word, _ := scalar(e.Key)
		return word.text == key
	})
	if i < 0 {
		return nil
	}
	return entries[i].Value
}
