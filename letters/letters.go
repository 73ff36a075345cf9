// Package letters holds what a letter says: the kinds of letters, their wording from templates/letters, and the step from
// data to subject, plain text and HTML. It exists because acts must not know wording and mail must not know sessions.
//
// Letters are written in every language of package locale. A new kind of letter is one file per language and one line in the
// table of kinds.
package letters

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"secretariat/locale"
)

// Letter is a composed letter: three forms of the same words.
type Letter struct{ Subject, Text, HTML string }

// Kinds are the kinds of letters and what each of them tells of.
var Kinds = map[string]string{
	"hold-the-date": "session", "invitation": "session", "session-changed": "session", "session-postponed": "session",
	"session-cancelled": "session", "session-reminder": "session", "reply-request": "session", "session-tomorrow": "session",
	"join-link": "session", "record-circulated": "session", "session-overdue": "session", "reply-notice": "session", "address-dead": "session",
	"action-due": "action", "action-overdue": "action", "duty-due": "duty", "update-request": "update",
	"poll": "poll", "poll-reminder": "poll",
	"report": "report", "nothing-to-report": "report", "report-held": "report",
}

// parts is the file of a language that holds salutation, closing and the line that says why the reader is written to.
const parts = "parts"

// Set is the loaded letter templates. It is safe for concurrent use.
type Set struct {
	texts map[string]map[string]*wording // by language and kind
}

// wording is the template of one kind of letter in one language.
type wording struct{ subject, title, body, greeting, closing, foot *template.Template }

// Load reads letters/<kind>.<language>.md from the file systems; later ones override earlier ones by file name. All faults of
// all files are reported together. Every kind must be there in every language.
func Load(fsys ...fs.FS) (*Set, error) {
	sources := map[string]string{}
	var faults []error
	for _, f := range fsys {
		names, err := fs.Glob(f, "letters/*.*.md")
		if err != nil {
			return nil, fmt.Errorf("find letters: %w", err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(f, name)
			if err != nil {
				faults = append(faults, fmt.Errorf("read letter %s: %w", name, err))
			}
			sources[path.Base(name)] = strings.ReplaceAll(string(b), "\r\n", "\n")
		}
	}
	for name := range sources {
		kind, lang, _ := strings.Cut(strings.TrimSuffix(name, ".md"), ".")
		if _, ok := Kinds[kind]; !ok && kind != parts || !slices.Contains(locale.Languages, lang) {
			faults = append(faults, fmt.Errorf("letter %s: there is no letter of this kind or language", name))
		}
	}
	set := &Set{texts: map[string]map[string]*wording{}}
	for _, lang := range locale.Languages {
		set.texts[lang] = map[string]*wording{}
		common, err := parse(parts+"."+lang+".md", sources[parts+"."+lang+".md"], nil)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		for kind := range Kinds {
			w, err := read(kind+"."+lang+".md", sources, common)
			if err != nil {
				faults = append(faults, err)
			}
			set.texts[lang][kind] = w
		}
	}
	return set, errors.Join(faults...)
}

// read parses a letter: head lines "Subject:" and "Title:", an empty line, the text.
func read(name string, sources map[string]string, common *template.Template) (*wording, error) {
	source, ok := sources[name]
	if !ok {
		return nil, fmt.Errorf("letter %s is missing", name)
	}
	head, body, _ := strings.Cut(source, "\n\n")
	lines := strings.Split(head, "\n")
	w := &wording{greeting: common.Lookup("greeting"), closing: common.Lookup("closing"), foot: common.Lookup("foot")}
	if w.greeting == nil || w.closing == nil || w.foot == nil {
		return nil, fmt.Errorf("letter %s: the parts of its language lack greeting, closing or foot", name)
	}
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "Subject: ") || !strings.HasPrefix(lines[1], "Title: ") {
		return nil, fmt.Errorf("letter %s:1: begins with a line \"Subject: …\", a line \"Title: …\" and an empty line", name)
	}
	var errs [3]error
	w.subject, errs[0] = parse(name, strings.TrimPrefix(lines[0], "Subject: "), common)
	w.title, errs[1] = parse(name, "\n"+strings.TrimPrefix(lines[1], "Title: "), common)
	w.body, errs[2] = parse(name, strings.Repeat("\n", 3)+body, common) // so that faults name the line of the file
	return w, errors.Join(errs[:]...)
}

// parse makes a template that may use those of common.
func parse(name, text string, common *template.Template) (*template.Template, error) {
	t := template.New(name)
	if common != nil {
		clone, err := common.Clone()
		if err != nil {
			return nil, fmt.Errorf("read letter %s: %w", name, err)
		}
		t = clone.New(name)
	}
	t, err := t.Option("missingkey=error").Funcs(template.FuncMap{"put": marker}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read letter: %w", err)
	}
	return t, nil
}

// Compose writes one letter for a reader of the given language ("" takes the recipient's).
func (s *Set) Compose(kind, language string, data Data) (Letter, error) {
	if language == "" {
		language = data.Recipient.Language
	}
	l := locale.For(language)
	lang := l.Language()
	w := s.texts[lang][kind]
	if w == nil {
		return Letter{}, fmt.Errorf("compose letter: there is no letter of kind %q", kind)
	}
	if err := data.check(kind); err != nil {
		return Letter{}, fmt.Errorf("compose letter %s: %w", kind, err)
	}
	c := &composer{kind: kind, l: l, data: data}
	letter, err := c.compose(w)
	if err != nil {
		return Letter{}, fmt.Errorf("compose letter %s in %s: %w", kind, lang, err)
	}
	return letter, nil
}

// check says what of the data a kind needs and lacks.
func (d Data) check(kind string) error {
	there := map[string]bool{"session": d.Session != nil, "action": d.Action != nil, "duty": d.Duty != nil, "update": d.Update != nil, "report": d.Report != nil, "poll": d.Poll != nil}
	if need := Kinds[kind]; !there[need] {
		return fmt.Errorf("its %s is not given", need)
	}
	return nil
}
