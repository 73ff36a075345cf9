package acts

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"secretariat/store"
)

// The author's guide names every function that gives rows to reports, with its columns in their order, and those in italics that
// are texts by language. An author has no other list.
func TestGuideNamesEverySource(t *testing.T) {
	guide, err := os.ReadFile("../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(guide), "<!-- list: sources -->\n")
	if !found {
		t.Fatal("docs/reports.md has no list of sources")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	told := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| [^|]+ \\| ([^|]+) \\|$").FindAllStringSubmatch(table, -1) {
		told[m[1]] = m[2]
	}
	d := newBureau(t)
	var sources []struct{ Name, Result string }
	d.inTx(func(tx *store.Tx) error {
		return tx.SelectContext(t.Context(), &sources, `
			select p.proname as name, pg_get_function_result(p.oid) as result
			from   pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where  n.nspname = 'report' and p.proretset
			order  by p.proname`)
	})
	for _, s := range sources {
		var columns []string
		for _, column := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(s.Result, "TABLE("), ")"), ", ") {
			name, kind, _ := strings.Cut(column, " ")
			if kind == "jsonb" {
				name = "*" + name + "*"
			}
			columns = append(columns, name)
		}
		if want := strings.Join(columns, " "); told[s.Name] != want {
			t.Errorf("docs/reports.md, %s:\n got %s\nwant %s", s.Name, told[s.Name], want)
		}
		delete(told, s.Name)
	}
	if len(sources) < 20 || len(told) > 0 {
		t.Errorf("%d sources in the database; told of and not there: %v", len(sources), slices.Sorted(maps.Keys(told)))
	}
}
