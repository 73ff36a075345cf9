package locale

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"secretariat/templates"
)

// categories are CLDR's cardinal categories; see templates/locale/README.md.
var categories = map[string][]string{
	"en": {"one", "other"}, "uz": {"one", "other"}, "zh": {"other"},
	"fr": {"many", "one", "other"}, "es": {"many", "one", "other"},
	"ru": {"few", "many", "one", "other"}, "ar": {"few", "many", "one", "other", "two", "zero"},
}

func catalogue(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := fs.ReadFile(templates.Locale, name)
	if err != nil {
		t.Fatalf("every part stands in every language: %v", err)
	}
	texts := map[string]any{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

func parts(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(templates.Locale, "locale/*.en.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".en.json")
	}
	return files
}

func TestEveryTextStandsInEveryLanguage(t *testing.T) {
	for _, part := range parts(t) {
		english := catalogue(t, "locale/"+part+".en.json")
		for _, lang := range Languages {
			texts := catalogue(t, "locale/"+part+"."+lang+".json")
			for id := range texts {
				if _, ok := english[id]; !ok {
					t.Errorf("%s.%s: %q is not in English", part, lang, id)
				}
			}
			for id, en := range english {
				compare(t, part+"."+lang+": "+id, lang, en, texts[id])
			}
		}
	}
}

// compare holds a text against the English one: there, of the same kind, with the plural forms of its language and the same arguments.
func compare(t *testing.T, where, lang string, english, text any) {
	t.Helper()
	switch text := text.(type) {
	case nil:
		t.Errorf("%s is missing", where)
	case string:
		en, ok := english.(string)
		if !ok {
			t.Errorf("%s has no plural forms; the English one has", where)
		} else if got, want := arguments(text), arguments(en); !slices.Equal(got, want) {
			t.Errorf("%s: arguments %v, in English %v", where, got, want)
		}
		checkWriting(t, where, lang, text)
	case map[string]any:
		forms, ok := english.(map[string]any)
		if !ok {
			t.Errorf("%s has plural forms; the English one has none", where)
			return
		}
		if got := slices.Sorted(maps.Keys(text)); !slices.Equal(got, categories[lang]) {
			t.Errorf("%s: plural forms %v, want %v", where, got, categories[lang])
		}
		want := arguments(forms["other"].(string))
		for form, s := range text {
			if got := arguments(s.(string)); !slices.Equal(got, want) {
				t.Errorf("%s.%s: arguments %v, in English %v", where, form, got, want)
			}
			checkWriting(t, where, lang, s.(string))
		}
	default:
		t.Errorf("%s is %T", where, text)
	}
}

var argument = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

func arguments(text string) []string {
	found := map[string]bool{}
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		found[m[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// checkWriting finds what a keyboard gives instead of the right sign, and letters of another script.
func checkWriting(t *testing.T, where, lang, text string) {
	t.Helper()
	if strings.TrimSpace(text) == "" {
		t.Errorf("%s is empty", where)
	}
	plain := argument.ReplaceAllString(text, "")
	if lang == "uz" && strings.ContainsAny(plain, "'`‘’") {
		t.Errorf("%s: %q: write ʻ (U+02BB) in oʻ and gʻ, ʼ (U+02BC) elsewhere", where, text)
	}
	if strings.Contains(plain, "'") {
		t.Errorf("%s: %q: write ’ for an apostrophe", where, text)
	}
	if lang != "ru" && regexp.MustCompile(`\p{Cyrillic}`).MatchString(plain) {
		t.Errorf("%s: %q has Cyrillic letters", where, text)
	}
}

func TestNoTextStandsTwice(t *testing.T) {
	fsys := fstest.MapFS{
		"locale/a.en.json": {Data: []byte(`{"x": "one"}`)},
		"locale/b.en.json": {Data: []byte(`{"x": "two"}`)},
	}
	if _, err := load("en", fsys); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("got %v, want an error that names the id", err)
	}
	if _, err := load("en", fstest.MapFS{"locale/a.en.json": {Data: []byte(`{"x": `)}}); err == nil || !strings.Contains(err.Error(), "a.en.json") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct{ lang, id, want, reason string }{
		{"en", "mode.online", "online", "a plain text"},
		{"ru", "mode.online", "онлайн", "another language"},
		{"uz", "answer.none", "javob yoʻq", "Uzbek in Latin letters"},
	} {
		if got := For(c.lang).T(c.id, nil); got != c.want {
			t.Errorf("%s %s: got %q, want %q: %s", c.lang, c.id, got, c.want, c.reason)
		}
	}
	for _, c := range []struct {
		lang  string
		count any
		want  string
	}{
		{"en", 1, "1 day"}, {"en", 1234, "1,234 days"}, {"en", "1.5", "1.5 days"},
		{"ru", 1, "1 день"}, {"ru", 3, "3 дня"}, {"ru", 11, "11 дней"}, {"ru", int64(21), "21 день"}, {"ru", "1.5", "1,5 дня"},
		{"ar", 2, "2 يوم"}, {"ar", 5, "5 أيام"}, {"fr", 0, "0 jour"}, {"uz", 7, "7 kun"}, {"zh", 7, "7天"},
	} {
		if got := For(c.lang).T("count.days", map[string]any{"count": c.count}); got != c.want {
			t.Errorf("%s, %v: got %q, want %q", c.lang, c.count, got, c.want)
		}
	}
}

func TestMissingTextsAreFoundInTests(t *testing.T) {
	for name, use := range map[string]func(){
		"an unknown id":      func() { For("en").T("no.such.text", nil) },
		"a missing argument": func() { For("en").T("locale.elsewhere", map[string]any{"when": "06:00"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", name)
				}
			}()
			use()
		}()
	}
}

func TestFor(t *testing.T) {
	for given, want := range map[string]string{"en": "en", "ru-KZ": "ru", "UZ": "uz", "zh_CN": "zh", "zh-Hans": "zh", "de": "en", "": "en"} {
		if got := For(given).Language(); got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
	}
	if !For("ar").RightToLeft() || For("zh").RightToLeft() {
		t.Error("Arabic alone is written from right to left")
	}
}

func TestPlural(t *testing.T) {
	ru := map[string]string{"one": "# письмо", "few": "# письма", "many": "# писем"}
	for n, want := range map[int64]string{1: "1 письмо", 2: "2 письма", 5: "5 писем", 12: "12 писем", 1002: "1\u00a0002 письма"} {
		if got := For("ru").Plural(n, ru); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := For("en").Plural(3, map[string]string{"other": "# letters"}); got != "3 letters" {
		t.Errorf("got %q", got)
	}
	if got := For("en").Plural(1, map[string]string{"other": "# letter(s)"}); got != "1 letter(s)" {
		t.Errorf("a form that is not given is other; got %q", got)
	}
}

func TestWordsAreComplete(t *testing.T) {
	for _, lang := range Languages {
		w := reflect.ValueOf(wordsOf[lang])
		for i := range w.NumField() {
			if w.Field(i).IsZero() {
				t.Errorf("%s: %s is not given", lang, w.Type().Field(i).Name)
			}
		}
	}
	for zone, names := range cities {
		for i, name := range names {
			if name == "" {
				t.Errorf("%s has no name in %s", zone, Languages[i])
			}
			checkWriting(t, zone, Languages[i], name)
		}
	}
}
