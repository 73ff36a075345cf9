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

// Rows 62 to 67 of the bad inputs, and others of the command that makes a report.
func TestReportRefuses(t *testing.T) {
	const moments = "write 2026-11-23, 2026-11-23T09:00 or 2026-11-23T09:00:00+05:00"
	weekly := func(number int, why, want, hint string, args ...string) badInput {
		return badInput{number, why, nil, append([]string{"--report", "weekly-progress"}, args...), exitUse, want, hint}
	}
	refuseInputs(t, councilBook(t), []badInput{
		{66, "an unknown report", nil, []string{"--report", "weekly-progres"}, exitUse, `unknown report "weekly-progres" (did you mean "weekly-progress"?)`, "`secretariat reports list` names them"},
		weekly(62, "an unknown language", `report weekly-progress is not written in "de"`, "it is written in en, fr, es, ru, uz, ar, zh", "--lang", "de"),
		weekly(63, "a bad moment", `--as-of: "yesterday" is not a moment`, moments, "--as-of", "yesterday"),
		weekly(62, "a bad clearance", `--clearance: "secret" is not one of public, limited, confidential`, "", "--clearance", "secret"),
		weekly(62, "a bad parameter", `--param "x" is not key=value`, "--param session=REC-6", "--param", "x"),
		weekly(62, "a parameter that it does not have", `report weekly-progress has no parameter "kind"`, "its parameters: none", "--param", "kind=x"),
		weekly(62, "a bad address", `--to: "nobody" is not one mail address`, "an address such as officer@example.org", "--to", "nobody"),
		weekly(63, "a day that does not exist", `--since: "2026-02-30" is not a moment`, moments, "--since", "2026-02-30"),
		weekly(64, "a period that ends before it begins", "make report weekly-progress: the period ends on 2026-11-02, before it begins on 2026-11-23",
			"give an earlier --since or a later --as-of", "--since", "2026-11-23", "--as-of", "2026-11-02"),
		weekly(67, "a folder as file", "write "+os.TempDir()+": it is a folder", "name a file in it", "-o", os.TempDir()),
		weekly(67, "a folder that is not there", "write /nowhere/at/all.pdf: no such file or directory", "choose another place, in a folder that is there and that you may write to", "-o", "/nowhere/at/all.pdf"),
		weekly(62, "a mailed workbook", "--to goes with neither --output nor another --format", "a report is mailed as PDF", "--to", "a@b.example", "--format", "xlsx"),
		weekly(62, "a mailed confidential report", "a confidential report is not mailed", "render it to a file instead", "--to", "a@b.example", "--clearance", "confidential"),
		weekly(62, "an unknown format", `unknown format "docx"`, "pdf, html, xlsx and csv are made", "--format", "docx"),
	})
}

// A device is written to and stays a device; that it takes nothing is a failure.
func TestReportToAFullDevice(t *testing.T) {
	env := councilBook(t)
	before, err := os.Stat("/dev/full")
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	tables := fingerprint(t, env)
	if _, errs, code := command(t, env, "--report", "contribution-statement", "-o", "/dev/full"); code != 1 || !strings.HasPrefix(errs, "error: write /dev/full: ") {
		t.Errorf("exit %d, %q", code, errs)
	}
	if after, err := os.Stat("/dev/full"); err != nil || after.Mode() != before.Mode() {
		t.Errorf("the device was replaced: %v, %v", after, err)
	}
	if fingerprint(t, env) != tables {
		t.Error("the database changed")
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
