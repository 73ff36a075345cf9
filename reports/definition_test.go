package reports

import (
	"strings"
	"testing"
	"testing/fstest"
)

// source makes a report file of parts; "" takes a part that is right.
func source(front, body string) string {
	if front == "" {
		front = "recipients: readers"
	}
	return "---\nreport: small\ntitle: Small\n" + front + "\n---\n" + "```sql readers\nselect 'a' as email, 'b' as name\n```\n" + body
}

// faultsOf reads one file with overlays.
func faultsOf(t *testing.T, text string, overlays map[string]string) Faults {
	t.Helper()
	files := fstest.MapFS{"small.report.md": {Data: []byte(text)}}
	for lang, s := range overlays {
		files["small."+lang+".md"] = &fstest.MapFile{Data: []byte(s)}
	}
	_, faults, err := Parse(files, "small.report.md", "small.report.md")
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

// Every fault names file, line and column (from 1, in characters), and the nearest word where there is one.
func TestFaults(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"no front matter", "# x\n", "small.report.md:1:1: a report begins with a line of three dashes and its front matter"},
		{"front matter not closed", "---\nreport: small\n", "small.report.md:1:1: the front matter is not closed by a line of three dashes"},
		{"unknown key", source("ownr: x", ""), `small.report.md:4:1: unknown key "ownr" (did you mean "owner"?)`},
		{"a YAML fault", source("title: [", ""), "small.report.md:4:"},
		{"a key twice", source("report: small", ""), "small.report.md:4:1: read front matter: mapping key \"report\" already defined"},
		{"unknown language", source("languages: [en, rus]", ""), `small.report.md:4:17: unknown language "rus" (did you mean "ru"?)`},
		{"language without overlay", source("languages: [en, uz]", ""), "small.report.md:3:8: title is not translated into uz"}, {"language without overlay", strings.Replace(source("languages: [en, uz]", ""), "title: Small", "title: {en: S, uz: S}", 1), "small.report.md:4:12: uz is named as a language, and there is no small.uz.md"},
		{"unknown zone", source("timezone: Asia/Taschkent", ""), `small.report.md:4:11: timezone: "Asia/Taschkent" is not in the IANA time zone database`},
		{"unknown period", source("period: last-weak", ""), `small.report.md:4:9: period: unknown period "last-weak" (did you mean "last-week"?)`},
		{"unknown release", source("release: after-reveiw 2h", ""), `small.report.md:4:10: release: "after-reveiw" is not known (did you mean "after-review"?)`},
		{"a review without end", source("release: after-review", ""), `small.report.md:4:10: release: say how long the review may take, such as after-review 12h`},
		{"a review of a bad length", source("release: after-review 12", ""), `small.report.md:4:23: release: "12" is not a time from 1m to 336h`},
		{"the number before the release", source("release: after-review 12h", "No. {{.number}}\n"), `small.report.md:9:1: the report number is taken when the review ends`},
		{"a tracked block of the period only", source("", "```sql x track=a\n-- @key a\nselect 1 as a,\n  :since as b\n```\n```changes of=x\n```\n"), `small.report.md:12:3: block "x" is tracked and looks at :since`},
		{"a name too many", source("", "```sql x y as=table\nselect 1\n```\n"), `small.report.md:9:10: "y": the block is named "x" already; an option is key=value`},
		{"confidentiality", source("confidentiality: secret", ""), `small.report.md:4:18: confidentiality: "secret" is not allowed (known: public, limited)`},
		{"a bad name", source("", "```sql X\nselect 1\n```\n"), `small.report.md:9:1: block "X": a block needs a name`},
		{"span", source("", "```sql x span=13\nselect 1\n```\n"), "small.report.md:9:10: span=13: give a number from 1 to 12"},
		{"keep", source("", "```sql x keep=hole\nselect 1\n```\n"), `small.report.md:9:10: keep=hole is not known (did you mean "whole"?)`},
		{"changes of nothing", source("", "```changes\n```\n"), "small.report.md:9:1: changes needs of= with the names of tracked blocks"},
		{"an unknown look of changes", source("", "```sql x track=a\n-- @key a\nselect 1 as a\n```\n```changes of=x as=bars\n```\n"), `small.report.md:13:17: as=bars is not known (known: table, list, none)`},
		{"an open comment", source("", "```sql x\nselect 1 /* a\n```\n"), "small.report.md:10:10: comment /* is not closed"},
		{"numbered parameters", source("", "```sql x\nselect $1\n```\n"), "small.report.md:10:8: numbered parameters have no meaning here: write :name"},
		{"unknown recipients", source("recipients: reader", ""), `small.report.md:4:13: recipients: no block "reader" (did you mean "readers"?)`},
		{"send without blocks", source("send: if-any", ""), `small.report.md:4:7: send: write "always", or "if-any" and the names of blocks`},
		{"send names no block", source("send: if-any reders", ""), `small.report.md:4:14: send: no block "reders" (did you mean "readers"?)`},
		{"otherwise", source("otherwise: silent", ""), `small.report.md:4:12: otherwise: "silent" is not allowed (did you mean "silence"?)`},
		{"on-error", source("on-error: mark", ""), `small.report.md:4:11: on-error: "mark" is not allowed (known: hold)`},
		{"attach", source("attach: pdf, docx", ""), `small.report.md:4:14: attach: "docx" is not known (known: pdf, xlsx, csv)`},
		{"inline", source("inline: [sumary]", "## S {#summary}\n"), `small.report.md:4:10: inline: no section {#sumary} (did you mean "summary"?)`},
		{"archive", source("archive: five years", ""), `small.report.md:4:10: archive: "five years" is not an age such as 5y, 18m or 90d`},
		{"a taken parameter", source("params: {since: x}", ""), `small.report.md:4:10: parameter "since": the name is taken or not of the form a_b1`},
		{"heading without name", source("", "## Summary\n"), `small.report.md:9:1: heading "Summary" needs a name such as {#summary} at its end`},
		{"section twice", source("", "## A {#a}\n\n## B {#a}\n"), "small.report.md:11:1: section {#a} stands on line 9 already"},
		{"unknown kind of block", source("", "```sqll x\n```\n"), `small.report.md:9:1: unknown kind of block "sqll" (did you mean "sql"?)`},
		{"open block", source("", "```sql x\nselect 1\n"), "small.report.md:9:1: the block is not closed by a line of three backquotes"},
		{"block without name", source("", "```sql as=table\nselect 1\n```\n"), "small.report.md:9:1: block \"\": a block needs a name"},
		{"block twice", source("", "```sql readers\nselect 1\n```\n"), `small.report.md:9:1: block "readers" stands on line 6 already`},
		{"unknown option", source("", "```sql x as=table trak=a\nselect 1\n```\n"), `small.report.md:9:19: unknown option "trak" (did you mean "track"?)`},
		{"unknown view", source("", "```sql x as=tabel\nselect 1\n```\n"), `small.report.md:9:10: as=tabel is not known (did you mean "table"?)`},
		{"limit", source("", "```sql x limit=0\nselect 1\n```\n"), "small.report.md:9:10: limit=0: give a number from 1 to 50000"},
		{"skip-if", source("", "```sql x skip-if=brief\nselect 1\n```\n"), "small.report.md:9:10: skip-if=brief: name a column of the recipients query as recipient.brief"},
		{"unknown directive", source("", "```sql x\n-- @kye a\nselect 1\n```\n"), `small.report.md:10:4: unknown directive @kye (did you mean "key"?)`},
		{"unknown column type", source("", "```sql x\n-- @cols a:int b:monney\nselect 1\n```\n"), `small.report.md:10:16: @cols: unknown type "monney" of column b (did you mean "money"?)`},
		{"unknown attribute", source("", "```sql x\n-- @cols a:int off=b\nselect 1\n```\n"), `small.report.md:10:16: @cols: unknown attribute "off" (did you mean "of"?)`},
		{"track without key", source("", "```sql x track=a\nselect 1 as a\n```\n"), "small.report.md:9:10: track= needs a line `-- @key column` that names the row"},
		{"changes of an unknown block", source("", "```changes of=activties\n```\n"), `small.report.md:9:15: changes of: no block "activties"`},
		{"changes of an untracked block", source("", "```changes of=readers\n```\n"), "small.report.md:9:15: changes of=readers: the block is not tracked"},
		{"two statements", source("", "```sql x\nselect 1;\ndelete from activity\n```\n"), "small.report.md:10:9: a block holds one statement"},
		{"no query", source("", "```sql x\n-- nothing\n```\n"), `small.report.md:9:1: block "x" holds no query`},
		{"not a query", source("", "```sql x\nupdate activity set percent = 1\n```\n"), `small.report.md:10:1: block "x" must be a query: it begins with "update"`},
		{"an open string", source("", "```sql x\nselect 'a\n```\n"), "small.report.md:10:8: quote ' is not closed"},
		{"a label without text", source("", "```labels\ndue_on\n```\n"), "small.report.md:10:1: a label is a line of `key = text`"},
		{"a template that does not parse", source("", "Total {{.x\n"), "small.report.md:10: unclosed action"},
		{"an unknown function", source("", "A\n{{dat .since}}\n"), `small.report.md:10: unknown function "dat" (did you mean "date"?)`},
		{"an unknown block in prose", source("", "{{with row \"reader\"}}{{end}}\n"), `small.report.md:9:12: no block "reader" (did you mean "readers"?)`},
		{"an unknown field", source("", "From {{date .sinse}}\n"), `small.report.md:9:13: {{.sinse}}: there is no "sinse" here (did you mean "since"?)`},
		{"a range over a number", source("", "{{range 1000000000}}x{{end}}\n"), "small.report.md:9:9: range over a number: range over rows"},
		{"a template in a template", source("", "{{template \"x\"}}\n"), "small.report.md:9"},
		{"define", source("", "{{define \"x\"}}{{end}}\n"), "small.report.md:9:1: define and block have no place in a report"},
	} {
		faults := faultsOf(t, row.text, nil)
		if len(faults) == 0 || !strings.HasPrefix(faults[0].Error(), row.want) {
			t.Errorf("%s:\n got %v\nwant %s", row.why, faults, row.want)
		}
	}
}

func TestOverlayFaults(t *testing.T) {
	base := source("languages: [en, ru]", "```labels\ndue_on = Due\n```\n## Summary | aside {#summary}\n\nText.\n\n```sql x\nselect 1\n```\n\nMore.\n")
	for _, row := range []struct{ why, overlay, want string }{
		{"a section is missing", "```labels\ndue_on = Срок\n```\n", "small.ru.md:1:1: section {#summary} of small.report.md:12 is not translated"},
		{"an unknown section", "```labels\ndue_on = Срок\n```\n## A | b {#sumary}\n\n## С | б {#summary}\n\nA\n", `small.ru.md:4:1: no section {#sumary} in small.report.md (did you mean "summary"?)`},
		{"prose is missing", "```labels\ndue_on = Срок\n```\n## С | б {#summary}\n\nТекст.\n", "small.ru.md:4:1: section {#summary} has 1 runs of prose here and 2 in small.report.md:12"},
		{"a label is missing", "## С | б {#summary}\n\nТекст.\n", `small.ru.md:1:1: label "due_on" of small.report.md:10 is not translated`},
		{"an unknown label", "```labels\ndue_on = Срок\ndew_on = Х\n```\n## С | б {#summary}\n\nТекст.\n", `small.ru.md:3:10: no label "dew_on" in small.report.md (did you mean "due_on"?)`},
		{"a block of its own", "```labels\ndue_on = Срок\n```\n```sql y\nselect 1\n```\n## С | б {#summary}\n", `small.ru.md:4:1: a block of kind "sql" has no place in an overlay`},
		{"front matter", "---\ntitle: x\n---\n", "small.ru.md:1:1: an overlay has no front matter"},
	} {
		faults := faultsOf(t, base, map[string]string{"ru": row.overlay})
		found := false
		for _, f := range faults {
			found = found || strings.HasPrefix(f.Error(), row.want)
		}
		if !found {
			t.Errorf("%s:\n got %v\nwant %s", row.why, faults, row.want)
		}
	}
}

// What a report in several languages shows can be translated: heads through labels, and the words of options too.
func TestEveryWordCanBeTranslated(t *testing.T) {
	text := strings.Replace(source("languages: [en, ru]", "## S {#s}\n```sql x as=table\n-- @cols a:int b:int\nselect 1 as a, 2 as b\n```\n```labels\na = A\n```\n"), "title: Small", "title: {en: S, ru: М}", 1)
	files := fstest.MapFS{"small.report.md": {Data: []byte(text)}, "small.ru.md": {Data: []byte("```labels\na = А\n```\n## С {#s}\n")}}
	d, faults, err := Parse(files, "small.report.md", "f.md")
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	got := d.Check(func(q Query) ([]string, []string, error) {
		return []string{"a", "b", "email", "name"}, []string{"INT4", "INT4", "TEXT", "TEXT"}, nil
	})
	if len(got) != 1 || got[0].Error() != `f.md:11:16: block "x": column "b" needs a label, so that it can be translated` {
		t.Errorf("got %v", got)
	}
	files["small.report.md"].Data = []byte(strings.Replace(text, "as=table", `as=table if-empty="None."`, 1))
	if _, faults, _ = Parse(files, "small.report.md", "f.md"); len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), "f.md:10:19: if-empty: write it as a label `x.if-empty = …`") {
		t.Errorf("got %v", faults)
	}
}

// A broken file in the operator's folder is kept aside; a broken built-in one is an error.
func TestLoad(t *testing.T) {
	good := fstest.MapFS{"small.report.md": {Data: []byte(source("", ""))}}
	bad := fstest.MapFS{"small.report.md": {Data: []byte(source("ownr: x", ""))}}
	if _, err := Load(bad); err == nil {
		t.Error("a broken built-in report was loaded")
	}
	l, err := Load(good, bad)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Definition("small"); err == nil || !strings.Contains(err.Error(), "ownr") {
		t.Errorf("broken custom report: got %v, want its faults", err)
	}
	if l, err = Load(good, good); err != nil || l.Builtin("small") {
		t.Errorf("overridden report: got built-in %v, %v", l.Builtin("small"), err)
	}
	if _, err := l.Definition("smal"); err == nil || err.Error() != `unknown report "smal" (did you mean "small"?)` {
		t.Errorf("unknown report: got %v", err)
	}
}

// Check compares with what the database would return.
func TestCheck(t *testing.T) {
	text := source("", "## S {#s}\n```sql x as=table total=amout\n-- @key ref\n-- @cols titel:wide amount:money\nselect :sinse as ref\n```\n{{range rows \"x\"}}{{.leed}}{{end}}\n")
	files := fstest.MapFS{"small.report.md": {Data: []byte(text)}}
	d, faults, err := Parse(files, "small.report.md", "f.md")
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	describe := func(q Query) ([]string, []string, error) {
		if q.Name == "readers" {
			return []string{"email"}, []string{"TEXT"}, nil
		}
		return []string{"ref", "title", "amount", "lead"}, []string{"TEXT", "JSONB", "NUMERIC", "TEXT"}, nil
	}
	got := d.Check(describe).Error()
	for _, want := range []string{
		`f.md:6:1: recipients query "readers" needs a column name (it has email)`,
		`f.md:13:8: no parameter :sinse (did you mean "since"?)`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("Check:\n got %s\nwant %s", got, want)
		}
	}
	files["small.report.md"].Data = []byte(strings.Replace(text, ":sinse", ":since", 1))
	d, _, _ = Parse(files, "small.report.md", "f.md")
	got = d.Check(describe).Error()
	for _, want := range []string{
		`f.md:10:25: block "x": no column "amout" (did you mean "amount"?)`,
		`f.md:12:10: block "x": no column "titel" (did you mean "title"?)`,
		`f.md:15:21: {{.leed}}: there is no "leed" here (did you mean "lead"?)`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("Check:\n got %s\nwant %s", got, want)
		}
	}
}

// What only the database knows: each fault stands at the word that is wrong.
func TestCheckFaults(t *testing.T) {
	describe := func(columns, types string) Describe {
		return func(q Query) ([]string, []string, error) {
			if q.Name == "readers" {
				return []string{"email", "name", "brief"}, []string{"TEXT", "TEXT", "BOOL"}, nil
			}
			return strings.Fields(columns), strings.Fields(types), nil
		}
	}
	for _, row := range []struct{ why, block, columns, types, want string }{
		{"a column of @key", "```sql x as=table\n-- @key re\nselect 1\n```\n", "ref", "TEXT", `f.md:10:9: block "x": no column "re" (did you mean "ref"?)`},
		{"the second column of @key", "```sql x as=table\n-- @key ref, dat\nselect 1\n```\n", "ref day", "TEXT DATE", `f.md:10:14: block "x": no column "dat" (did you mean "day"?)`},
		{"a column of total", "```sql x as=table total=open,dnoe\nselect 1\n```\n", "open done", "INT4 INT4", `f.md:9:30: block "x": no column "dnoe" (did you mean "done"?)`},
		{"a quoted total", "```sql x as=table total=\"open, dnoe\"\nselect 1\n```\n", "open done", "INT4 INT4", `f.md:9:32: block "x": no column "dnoe" (did you mean "done"?)`},
		{"a column of group", "```sql x as=table group=aria\nselect 1\n```\n", "area", "TEXT", `f.md:9:25: block "x": no column "aria" (did you mean "area"?)`},
		{"a column of track", "```sql x track=due\n-- @key ref\nselect 1\n```\n", "ref duo", "TEXT DATE", `f.md:9:16: block "x": no column "due" (did you mean "duo"?)`},
		{"a column of @cols that is tracked too", "```sql x track=due\n-- @key ref\n-- @cols due:date\nselect 1\n```\n", "ref", "TEXT", "f.md:9:16: block \"x\": no column \"due\" (known: ref)\nf.md:11:10: block \"x\": no column \"due\" (known: ref)"},
		{"a column twice", "```sql x as=table\nselect 1\n```\n", "a a", "TEXT TEXT", `f.md:9:1: block "x" returns two columns named "a"`},
		{"a text as a bar", "```sql x as=table\n-- @cols a:bar\nselect 1\n```\n", "a", "TEXT", `f.md:10:10: block "x": column "a" is text, and "bar" shows int2, int4, int8, numeric, float4, float8`},
		{"a number as a date", "```sql x as=table\n-- @cols a:wide b:date\nselect 1\n```\n", "a b", "TEXT INT4", `f.md:10:17: block "x": column "b" is int4, and "date" shows date, timestamptz`},
		{"a day with an hour", "```sql x as=table\n-- @cols a:datetime\nselect 1\n```\n", "a", "DATE", `f.md:10:10: block "x": column "a" is date, and "datetime" shows timestamptz`},
		{"an unknown column of the readers", "```sql x as=table\nselect :recipient_breif as a\n```\n", "a", "BOOL", `f.md:10:8: no parameter :recipient_breif (did you mean "recipient_brief"?)`},
		{"skip-if of an unknown column", "```sql x skip-if=recipient.breif\nselect 1 as a\n```\n", "a", "INT4", `f.md:9:10: skip-if: the recipients query has no column "breif" (did you mean "brief"?)`},
	} {
		files := fstest.MapFS{"small.report.md": {Data: []byte(source("", row.block))}}
		d, faults, err := Parse(files, "small.report.md", "f.md")
		if err != nil || len(faults) > 0 {
			t.Fatal(row.why, err, faults)
		}
		if got := d.Check(describe(row.columns, row.types)).Error(); !strings.HasPrefix(got, row.want) {
			t.Errorf("%s:\n got %s\nwant %s", row.why, got, row.want)
		}
	}
}
