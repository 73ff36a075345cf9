package acts

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every word and number of the built-in reports on the sample, in every language, is what a person has read and found
// right.
func TestGoldenReports(t *testing.T) {
	for _, r := range onSample.reports(t) {
		got := "subject: " + r.made.Subject + "\n" + dump(r.made.Document)
		file := filepath.Join("testdata", "reports", r.definition.Name+"."+r.language+".golden")
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s in %s differs from %s:\n%s", r.definition.Name, r.language, file, firstDifference(got, string(want)))
		}
	}
}

// firstDifference shows the first line that differs.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			return " got " + lineAt(g, i) + "\nwant " + lineAt(w, i)
		}
	}
	return ""
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}
