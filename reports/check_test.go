package reports

import (
	"strings"
	"testing"
	"testing/fstest"
)

// described gives each query of a test the columns and types that stand in a comment at its end: "-- gives a TEXT, b INT4".
func described(q Query) (columns, types []string, err error) {
	_, given, _ := strings.Cut(q.SQL, "-- gives ")
	for _, one := range strings.Split(strings.TrimSpace(given), ", ") {
		name, kind, _ := strings.Cut(one, " ")
		columns, types = append(columns, name), append(types, kind)
	}
	return columns, types, nil
}

// What only the columns of the queries, or the catalogue, can tell is told with its place too.
func TestFaultsOfColumnsAndWords(t *testing.T) {
	query := func(options, directives, gives string) string {
		return "```sql x " + options + "\n" + directives + "select 1 -- gives " + gives + "\n```\n"
	}
	for _, row := range []struct{ why, body, want string }{
		{"a report without a fault", query("as=bars", "", "name TEXT, size INT4"), ""},
		{"a label of no block", "```labels\ny.if-empty = None.\n```\n" + query("as=table", "", "name TEXT"), `small.report.md:10:14: label "y.if-empty" names nothing that is shown (did you mean "x.if-empty"?)`},
		{"a label of no column", "```labels\nx.nmae = Name\n```\n" + query("as=table", "", "name TEXT"), `small.report.md:10:10: label "x.nmae" names nothing that is shown (did you mean "x.name"?)`},
		{"a head of no column", "```labels\nnmae = Name\n```\n" + query("as=table", "", "name TEXT"), `small.report.md:10:8: label "nmae" names nothing that is shown (did you mean "name"?)`},
		{"labels of a column, of its cell and note, of a text", "```labels\nname = Name\nx.name.cell = {{.name}}\nx.name.note = {{.name}}\nhello = Hello\n```\n" + query("as=table", "", "name TEXT") + "{{t \"hello\"}}\n", ""},
		{"labels of words", "```labels\npaid.yes = paid\nstate.good = good\n```\n```sql x as=table\n-- @cols a:word word=paid b:rag\nselect 'green:state.good' -- gives a TEXT, b TEXT\n```\n", ""},
		{"a computed id", "```labels\nsome.thing = x\n```\n" + query("as=table", "", "id TEXT") + "{{with row \"x\"}}{{t .id}}{{end}}\n", ""},
		{"an unknown text", query("as=none", "", "n INT4") + "{{t \"count.dyas\" 3}}\n", `small.report.md:12:5: t "count.dyas": no label and no text of the catalogue (did you mean "count.days"?)`},
		{"a plural form too many", query("as=none", "", "n INT4") + "{{with row \"x\"}}{{plural .n \"# a\" \"# b\" \"# c\"}}{{end}}\n", `small.report.md:12:41: plural: 3 forms given, en has 2: one, other`},
		{"an unknown word", query("as=table", "-- @cols a:word word=activity.statsu\n", "a TEXT"), `small.report.md:10:10: block "x": word=activity.statsu: neither the catalogue nor a label has a word of that name (did you mean "activity.status"?)`},
		{"bars without numbers", query("as=bars", "", "name TEXT, kind TEXT"), `small.report.md:9:10: block "x": as=bars draws a column of numbers behind the first column, and "name, kind" has 0`},
		{"a bullet without a target", query("as=bullet", "", "name TEXT, spent NUMERIC"), `small.report.md:9:10: block "x": as=bullet draws 2 columns of numbers behind the first column, and "name, spent" has 1`},
		{"a hidden number", query("as=heat", "-- @cols a:text n:hidden\n", "a TEXT, n INT4"), `small.report.md:9:10: block "x": as=heat draws a column of numbers behind the first column, and "a" has 0`},
		{"a timeline without dates", query("as=timeline", "", "title TEXT, starts_on DATE"), `small.report.md:9:10: block "x": as=timeline draws the column due_on, which it has not (it has title, starts_on)`},
		{"earlier moments of something else", query("as=kpi trend=y", "", "done INT4") + "```sql y\nselect 2 -- gives day DATE, open INT4\n```\n", `small.report.md:9:17: trend: block "y" has none of the columns of "x": done`},
		{"a column that the readers' query lacks", query("as=none", "", "n INT4") + "{{.recipient.brif}}\n", `small.report.md:12:13: {{.recipient.brif}}: .recipient has no "brif" (did you mean "brief"?)`},
		{"a field that the programme lacks", query("as=none", "", "n INT4") + "{{.programme.name}}\n", `small.report.md:12:13: {{.programme.name}}: .programme has no "name"`},
	} {
		text := strings.Replace(source("", row.body), "select 'a' as email, 'b' as name\n", "select 'a' as email, 'b' as name -- gives email TEXT, name TEXT, brief BOOL\n", 1)
		d, faults, err := Parse(fstest.MapFS{"small.report.md": {Data: []byte(text)}}, "small.report.md", "small.report.md")
		if err != nil {
			t.Fatal(err)
		}
		if len(faults) == 0 {
			faults = d.Check(described)
		}
		if got := firstFault(faults); !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
			t.Errorf("%s:\n got %v\nwant %s", row.why, faults, row.want)
		}
	}
}

func firstFault(f Faults) string {
	if len(f) == 0 {
		return ""
	}
	return f[0].Error()
}
