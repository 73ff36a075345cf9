package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/acts"
	"secretariat/templates"
)

// The same report at the same moment is the same file, on standard output too, and its line says what it is.
func TestReportOnDemand(t *testing.T) {
	env := councilBook(t)
	file := filepath.Join(t.TempDir(), "weekly.pdf")
	line, errs, code := command(t, env, "--report", "weekly-progress", "--as-of", "2026-11-23T09:00", "-o", file)
	if code != 0 || !strings.Contains(line, "pages, ") || !strings.Contains(line, "as of 2026-11-23T09:00:00+05:00") {
		t.Fatalf("exit %d: %s%s", code, line, errs)
	}
	written, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(written), "%PDF-") {
		t.Fatal(err)
	}
	printed, said, code := command(t, env, "--report", "weekly-progress", "--as-of", "2026-11-23T09:00:00+05:00", "-o", "-")
	if code != 0 || printed != string(written) || !strings.HasSuffix(strings.TrimSpace(line), strings.TrimSpace(said)) {
		t.Errorf("exit %d, %d bytes on standard output, %d in the file, said %q", code, len(printed), len(written), said)
	}
	var made acts.Rendered
	t.Chdir(t.TempDir())
	readJSON(t, env, &made, "--report", "contribution-statement", "--lang", "ru", "--format", "csv", "--as-of", "2026-11-01")
	if _, err := os.Stat("contribution-statement-2026-11-01-ru.csv"); err != nil || made.File != "contribution-statement-2026-11-01-ru.csv" || made.Language != "ru" {
		t.Errorf("got %+v, %v", made, err)
	}
}

func TestReportRefuses(t *testing.T) {
	env := councilBook(t)
	for _, row := range []struct {
		why, want string
		args      []string
	}{
		{"an unknown report", `error: unknown report "weekly-progres" (did you mean "weekly-progress"?)`, []string{"--report", "weekly-progres"}},
		{"an unknown language", `error: report weekly-progress is not written in "de"`, []string{"--report", "weekly-progress", "--lang", "de"}},
		{"a bad moment", "error: ", []string{"--report", "weekly-progress", "--as-of", "yesterday"}},
		{"a bad clearance", "error: --clearance", []string{"--report", "weekly-progress", "--clearance", "secret"}},
		{"a bad parameter", `error: --param "x" is not key=value`, []string{"--report", "weekly-progress", "--param", "x"}},
		{"a bad address", "error: --to", []string{"--report", "weekly-progress", "--to", "nobody"}},
		{"a day that does not exist", `error: --since: "2026-02-30" is not a moment`, []string{"--report", "weekly-progress", "--since", "2026-02-30"}},
		{"a period that ends before it begins", "error: make report weekly-progress: the period ends on", []string{"--report", "weekly-progress", "--since", "2026-11-23", "--as-of", "2026-11-02"}},
		{"a parameter that it does not have", `error: report weekly-progress has no parameter "kind"`, []string{"--report", "weekly-progress", "--param", "kind=x"}},
		{"a folder as file", "error: write " + os.TempDir() + ": it is a folder", []string{"--report", "contribution-statement", "-o", os.TempDir()}},
		{"a folder that is not there", "error: write /nowhere/at/all.pdf: ", []string{"--report", "contribution-statement", "-o", "/nowhere/at/all.pdf"}},
		{"a mailed workbook", "error: --to goes with neither", []string{"--report", "weekly-progress", "--to", "a@b.example", "--format", "xlsx"}},
		{"a mailed confidential report", "error: a confidential report is not mailed", []string{"--report", "weekly-progress", "--to", "a@b.example", "--clearance", "confidential"}},
		{"an unknown format", `error: unknown format "docx"`, []string{"--report", "weekly-progress", "--format", "docx"}},
	} {
		if _, errs, code := command(t, env, row.args...); code != 2 || !strings.HasPrefix(errs, row.want) {
			t.Errorf("%s: exit %d, %q; want 2 and %q", row.why, code, errs, row.want)
		}
	}
}

// A device is written to and stays a device; that it takes nothing is a failure.
func TestReportToAFullDevice(t *testing.T) {
	env := councilBook(t)
	before, err := os.Stat("/dev/full")
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	if _, errs, code := command(t, env, "--report", "contribution-statement", "-o", "/dev/full"); code != 1 || !strings.HasPrefix(errs, "error: write /dev/full: ") {
		t.Errorf("exit %d, %q", code, errs)
	}
	if after, err := os.Stat("/dev/full"); err != nil || after.Mode() != before.Mode() {
		t.Errorf("the device was replaced: %v, %v", after, err)
	}
}

// A broken file is named with line and column, and with what the author may have meant.
func TestReportsCheck(t *testing.T) {
	env := councilBook(t)
	if out, errs, code := command(t, env, "reports", "check"); code != 0 || !strings.Contains(out, "no faults") {
		t.Errorf("built-in reports: exit %d: %s%s", code, out, errs)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.report.md")
	text := "---\nreport: mine\ntitle: Mine\n---\n## A {#a}\n```sql x as=table\n-- @cols titel:wide\nselect ref,\n       title, nope\nfrom   report.activity(:as_of, :clearance)\n```\n"
	for _, row := range []struct{ why, text, want string }{
		{"an unknown column of the database", text, file + ":9:15: block \"x\": "},
		{"an unknown column of the file", strings.Replace(text, ", nope", "", 1), file + `:7:10: block "x": no column "titel" (did you mean "title"?)`},
		{"an unknown key", strings.Replace(text, "title: Mine", "titel: Mine", 1), file + `:3:1: unknown key "titel" (did you mean "title"?)`},
	} {
		write(t, file, row.text)
		if _, errs, code := command(t, env, "reports", "check", file); code != 2 || !strings.Contains(errs, "error: "+row.want) {
			t.Errorf("%s: exit %d:\n%swant %s", row.why, code, errs, row.want)
		}
	}
	write(t, file, strings.NewReplacer(", nope", "", "titel:", "title:").Replace(text))
	if out, errs, code := command(t, env, "reports", "check", file); code != 0 {
		t.Errorf("a good file: exit %d: %s%s", code, out, errs)
	}
}

func TestReportsList(t *testing.T) {
	env := councilBook(t)
	var list struct {
		Reports []shownReport `json:"reports"`
		Runs    []shownRun    `json:"runs"`
	}
	readJSON(t, env, &list, "reports", "list")
	files, err := fs.Glob(templates.Reports(), "*.report.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d report files, %v", len(files), err)
	}
	if len(list.Reports) != len(files) || list.Reports[0].Name != "annual-review" || len(list.Reports[0].Languages) != 7 {
		t.Errorf("got %+v", list)
	}
}
