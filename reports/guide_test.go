package reports

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The lists of the author's guide are those of the program: no word more, none less.
func TestGuideNamesEveryWord(t *testing.T) {
	guide, err := os.ReadFile("../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string][]string{"keys": frontKeys, "views": views, "options": sqlOptions, "looks": columnTypes, "functions": functionNames} {
		got := listOf(string(guide), list)
		slices.Sort(got)
		want = slices.Sorted(slices.Values(want))
		if !slices.Equal(got, want) {
			t.Errorf("docs/reports.md, %s:\n got %q\nwant %q", list, got, want)
		}
	}
	for _, word := range slices.Concat(changeOptions, attachments, periodWords, knownLanguages, topFields, attributes) {
		if !regexp.MustCompile("[`. ]" + regexp.QuoteMeta(word) + "[`=. \n]").Match(guide) {
			t.Errorf("docs/reports.md does not name %q", word)
		}
	}
}

// listOf are the words of the first column of the table behind a marker.
func listOf(guide, list string) (out []string) {
	_, behind, _ := strings.Cut(guide, "<!-- list: "+list+" -->\n")
	table, _, _ := strings.Cut(behind, "\n\n")
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(table, -1) {
		out = append(out, m[1])
	}
	return out
}
