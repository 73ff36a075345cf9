package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Rows 46 and 49 to 61: what a report file may get wrong is named with its place when the report is made, as reports check does, and
// nothing is written: no file, no row. 59, a query without end, is store's TestR21ReportFence: it takes its 20 seconds here. 60,
// an advisory lock, is let be: TestR21ReportFence shows that it ends with the report.
func TestBadInputsOfReports(t *testing.T) {
	const (
		mend     = "mend the report's file; secretariat reports check FILE shows all that can be found without running it"
		only     = "; report SQL reads the functions of schema report only"
		whole, x = "6:1", `block "x": `
	)
	book, dir := councilBook(t), t.TempDir()
	var all []badInput
	var files []string
	for _, row := range []struct {
		number       int
		why, sql     string
		place, fault string
	}{
		{49, "a cell of 140 MB", "select repeat('x', 140000000) as n", whole, x + "the query returned more than 128 MB (53400)"},
		{50, "bytes that are no text", `select convert_from('\xff', 'UTF8') as n`, whole, x + `invalid byte sequence for encoding "UTF8": 0xff (22021)`},
		{53, "a NUL", "select chr(0) as n", whole, x + "null character not permitted (54000)"},
		{54, "two columns of one name", "select 1 as a, 2 as a", whole, x + `it returns two columns named "a"`},
		{55, "a deletion", "delete from public.person", "7:1", `block "x" must be a query: it begins with "delete"`},
		{55, "a deletion in a query", "with gone as (delete from public.person returning 1) select * from gone", whole, x + "DECLARE CURSOR must not contain data-modifying statements in WITH (0A000)"},
		{56, "two statements", "select 1 as n; select 2 as n", "7:14", "a block holds one statement: nothing may follow the semicolon"},
		{57, "the end of the transaction", "commit", "7:1", `block "x" must be a query: it begins with "commit"`},
		{58, "leave to write", "set transaction read write", "7:1", `block "x" must be a query: it begins with "set"`},
		{61, "a table that is not there", "select * from nothing", "7:15", x + `relation "nothing" does not exist (42P01)` + only},
		{61, "a table that is not for reports", "select * from public.person", whole, x + "permission denied for table person (42501)" + only},
		{62, "a parameter that there is not", "select :nope as n", "7:8", "no parameter :nope (known: as_of, clearance, currency, lang, programme, since, until)"},
	} {
		folder := filepath.Join(dir, strings.ReplaceAll(row.why, " ", "-"))
		if err := os.MkdirAll(filepath.Join(folder, "reports"), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "reports", "mine.report.md"), "---\nreport: mine\ntitle: Mine\n---\n## A {#a}\n```sql x as=table\n"+row.sql+"\n```\n")
		file := filepath.Join(folder, "mine.csv")
		files = append(files, file)
		all = append(all, badInput{row.number, row.why, nil, []string{"--report", "mine", "--as-of", "2026-11-23", "--templates", folder, "-o", file}, exitUse, "mine.report.md:" + row.place + ": " + row.fault, mend})
	}
	refuseInputs(t, book, all)
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s was written", file)
		}
	}
	// 46: more rows than the limit are no fault, and never cut off without a word.
	folder := filepath.Join(dir, "46")
	if err := os.MkdirAll(filepath.Join(folder, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "reports", "mine.report.md"), "---\nreport: mine\ntitle: Mine\n---\n## A {#a}\n```sql x as=table\nselect generate_series(1, 1000000) as n\n```\n")
	const note = "note: block \"x\": row limit 50000; query returned more\n"
	const words = "The first 50,000 rows are shown; there are more."
	for _, format := range []string{"csv", "xlsx"} {
		out, errs, code := command(t, book, "--report", "mine", "--as-of", "2026-11-23", "--templates", folder, "--format", format, "-o", "-")
		if code != 0 || !strings.HasPrefix(errs, note) {
			t.Errorf("46, as %s: exit %d, %s; want it made, and %q", format, code, errs, note)
		}
		switch format {
		case "csv":
			if n := strings.Count(out, "\r\n"); n != 50002 { // the table's name and that of the column
				t.Errorf("46, as csv: %d lines", n)
			}
		case "xlsx":
			if !strings.Contains(partOf(t, out, "xl/worksheets/sheet2.xml"), words) {
				t.Errorf("46, as xlsx: the sheet does not say %q", words)
			}
		}
	}
}

// partOf returns a part of a workbook.
func partOf(t *testing.T, book, name string) string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	b, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
