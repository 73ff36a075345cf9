package templates_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"secretariat/templates"
)

var (
	actions = regexp.MustCompile(`\{\{.*?\}\}`)
	plain   = regexp.MustCompile(` [:;!?»](\s|"|\*|$)|« `)
	missing = regexp.MustCompile(`[\p{L}\d\x{FFFC}»)][:;!?]( |$)`)
)

// French has a space before : ; ! ? and », and one after «, at which no line may end (Lexique des règles typographiques en usage
// à l'Imprimerie nationale). A plain space lets a line begin with a colon.
func TestFrenchSpaces(t *testing.T) {
	files := 0
	for pattern, folder := range map[string]fs.FS{"locale/*.fr.json": templates.Locale, "letters/*.fr.md": templates.Letters, "*.fr.md": templates.Reports()} {
		names, err := fs.Glob(folder, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(folder, name)
			if err != nil {
				t.Fatal(err)
			}
			files++
			for n, line := range strings.Split(string(b), "\n") {
				words := wordsOf(name, line)
				if at := plain.FindString(words); at != "" {
					t.Errorf("%s:%d: %q with a plain space in %q", name, n+1, at, words)
				}
				if at := missing.FindString(words); at != "" {
					t.Errorf("%s:%d: %q without a space in %q", name, n+1, at, words)
				}
			}
		}
	}
	if files < 20 {
		t.Errorf("%d French files, want 20 or more", files)
	}
}

// wordsOf takes from a line what a reader sees: the value of a catalogue's entry, a letter's line without the name of its
// field; an object replacement character stands for what a template puts in.
func wordsOf(file, line string) string {
	line = actions.ReplaceAllString(line, "\uFFFC")
	if strings.HasSuffix(file, ".json") {
		_, line, _ = strings.Cut(line, `": "`)
		line, _, _ = strings.Cut(line, `"`)
	}
	for _, field := range []string{"Subject: ", "Title: "} {
		line = strings.TrimPrefix(line, field)
	}
	return line
}
