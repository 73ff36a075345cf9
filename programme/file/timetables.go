package file

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"secretariat/programme"
)

// Timetables are the sets of rules for convening a session that a programme file may take over by name:
// `timetable: [{use: fao}]`. Their texts are in all languages of this program.
type Timetables map[string]programme.TimetableSet

// timetableLanguages are those of the texts of a set of rules: whatever languages a programme has, its own are among them, or
// English stands for its first.
var timetableLanguages = []string{"en", "fr", "es", "ru", "uz", "ar", "zh"}

// LoadTimetables reads all <name>.yaml at the roots of folders; one in a later folder replaces one of the same name. The error
// is a Faults with all that is wrong.
func LoadTimetables(layers ...fs.FS) (Timetables, error) {
	sets := Timetables{}
	var faults Faults
	for _, layer := range layers {
		names, err := fs.Glob(layer, "*.yaml")
		if err != nil {
			return nil, fmt.Errorf("list timetables: %w", err)
		}
		for _, file := range names {
			text, err := fs.ReadFile(layer, file)
			if err != nil {
				return nil, fmt.Errorf("read timetable: %w", err)
			}
			set, bad := readTimetable(Source{"timetables/" + file, text})
			sets[strings.TrimSuffix(path.Base(file), ".yaml")] = set
			faults = append(faults, bad...)
		}
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return sets, nil
}

func readTimetable(s Source) (set programme.TimetableSet, faults Faults) {
	root, faults := parse(s)
	if root == nil || len(faults) > 0 {
		return set, append(faults, Fault{Position{s.Name, 1, 1}, "no timetable: write title and rules"})
	}
	r := &reader{file: s.Name, zone: time.UTC, languages: timetableLanguages}
	r.object(reflect.ValueOf(&set).Elem(), "timetable", root, &place{})
	return set, r.faults
}

// Names returns the names in order.
func (t Timetables) Names() []string { return slices.Sorted(maps.Keys(t)) }

// rules reads the list of a council's rules, in which `{use: NAME}` stands for the rules of that name, less those under `without`.
// A rule that the list has itself replaces the one of the same ref.
func (r *reader) rules(v reflect.Value, f programme.Field, n ast.Node, p *place) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.list(v, f, n, p)
		return
	}
	var rules []programme.LeadTimeRule
	own := ownRefs(list)
	for _, item := range list.Values {
		if child(item, "use") == nil {
			var rule programme.LeadTimeRule
			f.Optional = false
			p.items = append(p.items, r.value(reflect.ValueOf(&rule).Elem(), f, item))
			rules = append(rules, rule)
			continue
		}
		for _, rule := range r.used(item, own) {
			rules = append(rules, rule)
			p.items = append(p.items, &place{Position: at(r.file, item)})
		}
	}
	v.Set(reflect.ValueOf(rules))
}

// ownRefs are the refs of the rules that a list has itself.
func ownRefs(list *ast.SequenceNode) (refs []string) {
	for _, item := range list.Values {
		if ref, ok := scalar(child(item, "ref")); ok {
			refs = append(refs, ref.text)
		}
	}
	return refs
}

// used returns the rules that `{use: NAME, without: [REF, …]}` stands for, in the languages of the programme.
func (r *reader) used(item ast.Node, own []string) (rules []programme.LeadTimeRule) {
	var form programme.UsedTimetable
	r.object(reflect.ValueOf(&form).Elem(), "timetable", item, &place{})
	set, ok := r.timetables[form.Use]
	if !ok {
		if form.Use != "" {
			r.bad(child(item, "use"), "use %s: no timetable has this name%s", quote(form.Use), suggestion(form.Use, r.timetables.Names()))
		}
		return nil
	}
	var refs []string
	for _, rule := range set.Rules {
		refs = append(refs, rule.Ref)
		if slices.Contains(own, rule.Ref) || slices.Contains(form.Without, rule.Ref) {
			continue
		}
		rule.Title, rule.Consequence = r.spoken(rule.Title), r.spoken(rule.Consequence)
		rules = append(rules, rule)
	}
	for _, ref := range form.Without {
		if !slices.Contains(refs, ref) {
			r.bad(child(item, "without"), "without %s: timetable %s has no such rule%s", quote(ref), form.Use, suggestion(ref, refs))
		}
	}
	return rules
}

// spoken returns a text in the programme's languages; English stands for the first where it is in none of ours.
func (r *reader) spoken(text programme.Text) programme.Text {
	if len(text) == 0 {
		return text
	}
	mine := programme.Text{}
	for _, language := range r.languages {
		if words, ok := text[language]; ok {
			mine[language] = words
		}
	}
	if _, ok := mine[r.languages[0]]; !ok {
		mine[r.languages[0]] = text["en"]
	}
	return mine
}
