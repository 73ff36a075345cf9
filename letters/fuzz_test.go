package letters

import (
	"io/fs"
	"strings"
	"testing"

	"secretariat/templates"
)

// FuzzLetter: an operator's wording is refused with the name of its file, or composed; it never panics, and nothing in it
// breaks the line of the subject.
func FuzzLetter(f *testing.F) {
	names, err := fs.Glob(templates.Letters, "letters/invitation.*.md")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(templates.Letters, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("Subject: a\r\nTitle: {{range}}\n\n{{end}}")
	f.Add("Subject: {{.Session\nTitle: x\n\n")
	parts, err := fs.ReadFile(templates.Letters, "letters/parts.en.md")
	if err != nil {
		f.Fatal(err)
	}
	common, err := parse("parts.en.md", string(parts), nil)
	if err != nil {
		f.Fatal(err)
	}
	set := load(f)
	data := full(f)
	f.Fuzz(func(t *testing.T, text string) {
		w, err := read("invitation.en.md", map[string]string{"invitation.en.md": text}, common)
		if err != nil {
			if !strings.Contains(err.Error(), "invitation.en.md") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		one := &Set{texts: map[string]map[string]*wording{"en": {"invitation": w}}}
		for lang, texts := range set.texts {
			if lang != "en" {
				one.texts[lang] = texts
			}
		}
		letter, err := one.Compose("invitation", "en", data)
		if err == nil && strings.ContainsAny(letter.Subject, "\r\n") {
			t.Errorf("the subject has a line break: %q", letter.Subject)
		}
	})
}
