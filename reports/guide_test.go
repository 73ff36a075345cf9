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
	for list, want := range map[string][]string{"keys": frontKeys, "views": views, "options": sqlOptions, "looks": columnTypes, "functions": functionNames, "attributes": attributes} {
		got := listOf(string(guide), list)
		slices.Sort(got)
		want = slices.Sorted(slices.Values(want))
		if !slices.Equal(got, want) {
			t.Errorf("docs/reports.md, %s:\n got %q\nwant %q", list, got, want)
		}
	}
	_, groups, _ := strings.Cut(string(guide), "Groups of words in the catalogue")
	groups, _, _ = strings.Cut(groups, "\n\n")
	found := regexp.MustCompile("`([a-z.-]+)`").FindAllStringSubmatch(groups, -1)
	if len(found) < 30 {
		t.Errorf("docs/reports.md names %d groups of words and texts, want 30 or more", len(found))
	}
	for _, m := range found {
		if !catalogue().Has(m[1]) && !catalogue().HasAny(m[1]+".") && m[1] != "t" {
			t.Errorf("docs/reports.md names %q, which the catalogue has not", m[1])
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
