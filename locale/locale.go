// Package locale knows languages: how each writes dates, moments, numbers, money, plurals and lists, what it calls the
// cities of time zones, and the catalogue of short texts that the other packages show.
//
// Date and number forms follow CLDR, but for the fixed clock of 24 hours, Western digits in Arabic, and the zone that is
// always named: letters go to readers in many zones.
package locale

import (
	"flag"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"secretariat/templates"
)

// Languages are the languages that the program speaks, by BCP 47 code: the six of the United Nations, and Uzbek in Latin letters.
var Languages = []string{"en", "fr", "es", "ru", "uz", "ar", "zh"}

// Locale writes for readers of one language. It is safe for concurrent use.
type Locale struct {
	words   words
	catalog *i18n.Bundle
	texts   *i18n.Localizer
	ids     []string
}

// Missing is what stands for a value that is not there.
const Missing = "–"

var all = sync.OnceValue(func() map[string]*Locale {
	locales := map[string]*Locale{}
	for _, lang := range Languages {
		l, err := load(lang, templates.Locale)
		if err != nil {
			panic(err) // the catalogues are embedded: a fault is the programmer's
		}
		locales[lang] = l
	}
	return locales
})

// For returns the locale of a BCP 47 code; a region is ignored ("ru-KZ" is ru), an unknown language is English.
func For(language string) *Locale {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if l, ok := all()[base]; ok {
		return l
	}
	return all()["en"]
}

// load reads all catalogues of one language. The bundle holds that language alone, so that no text is ever taken from another.
func load(lang string, fsys fs.FS) (*Locale, error) {
	tag := language.Make(lang)
	l := &Locale{words: wordsOf[lang], catalog: i18n.NewBundle(tag)}
	files, err := fs.Glob(fsys, "locale/*."+lang+".json")
	if err != nil {
		return nil, fmt.Errorf("find catalogues of %s: %w", lang, err)
	}
	for _, name := range files {
		file, err := l.catalog.LoadMessageFileFS(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", path.Base(name), err)
		}
		for _, m := range file.Messages {
			l.ids = append(l.ids, m.ID)
		}
	}
	sort.Strings(l.ids)
	for i := 1; i < len(l.ids); i++ {
		if l.ids[i] == l.ids[i-1] {
			return nil, fmt.Errorf("read catalogues of %s: id %q stands in two files", lang, l.ids[i])
		}
	}
	if err := l.catalog.AddMessages(tag, pluralNames); err != nil {
		return nil, fmt.Errorf("read plural rules of %s: %w", lang, err)
	}
	l.texts = i18n.NewLocalizer(l.catalog, lang)
	return l, nil
}

// pluralNames is a message whose form is the name of the plural category: it asks go-i18n for the category of a number.
var pluralNames = &i18n.Message{ID: "locale.plural-category", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}

// Language returns the BCP 47 code.
func (l *Locale) Language() string { return l.words.language }

// RightToLeft reports whether the language is written from right to left.
func (l *Locale) RightToLeft() bool { return l.words.language == "ar" }

// Italic reports whether what is said aside may stand in slanted letters; Arabic and Chinese have none, and are only bent.
func (l *Locale) Italic() bool { return l.words.language != "ar" && l.words.language != "zh" }

// Has reports whether the catalogue holds an id.
func (l *Locale) Has(id string) bool {
	i := sort.SearchStrings(l.ids, id)
	return i < len(l.ids) && l.ids[i] == id
}

// IDs returns the ids of the catalogue, sorted.
func (l *Locale) IDs() []string { return slices.Clone(l.ids) }

// HasAny reports whether the catalogue holds an id that begins so.
func (l *Locale) HasAny(beginning string) bool {
	i := sort.SearchStrings(l.ids, beginning)
	return i < len(l.ids) && strings.HasPrefix(l.ids[i], beginning)
}

// Groups returns what stands before the last point of ids: "activity.status" of "activity.status.done", sorted.
func (l *Locale) Groups() (groups []string) {
	for _, id := range l.ids {
		if i := strings.LastIndex(id, "."); i > 0 && (len(groups) == 0 || groups[len(groups)-1] != id[:i]) {
			groups = append(groups, id[:i])
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

var strict = &template.TextParser{Option: "missingkey=error"}

// T returns the catalogue's text with args in place of {{.name}}. The argument "count" (an int, int64 or a decimal as
// string) selects the plural form and stands in the text in the language's digits. A missing id or argument panics in tests; in
// production the id is shown, since a letter must not fail for one word.
func (l *Locale) T(id string, args map[string]any) string {
	config := &i18n.LocalizeConfig{MessageID: id, TemplateData: args, TemplateParser: strict}
	if count, ok := args["count"]; ok {
		data := make(map[string]any, len(args))
		for k, v := range args {
			data[k] = v
		}
		data["count"] = l.Number(fmt.Sprint(count), -1)
		config.TemplateData, config.PluralCount = data, count
	}
	text, err := l.texts.Localize(config)
	if err == nil {
		return text
	}
	if flag.Lookup("test.v") != nil { // a test binary; package testing itself is for tests alone
		panic(fmt.Sprintf("locale: text %q in %s: %v", id, l.Language(), err))
	}
	return id
}

// Plural returns the form of n's CLDR category (zero, one, two, few, many, other), "other" where that is not given, with
// # replaced by the number.
func (l *Locale) Plural(n int64, forms map[string]string) string {
	category, err := l.texts.Localize(&i18n.LocalizeConfig{MessageID: pluralNames.ID, PluralCount: n})
	form, ok := forms[category]
	if err != nil || !ok {
		form = forms["other"]
	}
	return strings.ReplaceAll(form, "#", l.Int(n))
}
