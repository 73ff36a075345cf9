package reports

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"secretariat/templates"
)

// Whatever a report file holds, it is taken or refused with the place of each fault; nothing panics.
func FuzzDefinition(f *testing.F) {
	own, err := fs.Glob(templates.Reports(), "*.md")
	if err != nil || len(own) == 0 {
		f.Fatal("no report of our own", err)
	}
	for _, name := range own {
		b, err := fs.ReadFile(templates.Reports(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, s := range []string{"", "---\n---\n", "---\ntitle: x\n---\n# A {#a}\n```table\n", "---\ntitle: x\nlanguages: [en, \"\"]\n---\n# {{ | }} | {{ {#top}\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		_, err := Load(fstest.MapFS{"fuzzed.report.md": {Data: []byte(source)}})
		if err != nil && err.Error() == "" {
			t.Fatal("a refusal without words")
		}
	})
}
