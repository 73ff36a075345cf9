package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/reports"
	"secretariat/templates"
)

// bytesFolder tells a process that it is one of the two of TestSameBytesInTwoProcesses, and where to leave its files.
const bytesFolder = "SECRETARIAT_TEST_BYTES"

// Every built-in report at the same moment is the same file in every form, whatever the process, its time zone and its
// language.
func TestSameBytesInTwoProcesses(t *testing.T) {
	library, err := reports.Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv(bytesFolder); folder != "" {
		makeAllForms(t, library, folder)
		return
	}
	t.Parallel()
	env := councilBook(t)
	before := fingerprint(t, env)
	var first map[string][]byte
	for _, row := range []struct{ zone, offset, language, why string }{
		{"UTC", "+0000", "C", "what a container has"},
		{"America/New_York", "-0500", "ru_RU.UTF-8", "what an officer's machine has: another day of the calendar at some hours"},
	} {
		folder := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^TestSameBytesInTwoProcesses$", "-test.v")
		cmd.Env = append(os.Environ(), "DATABASE_URL="+env["DATABASE_URL"], bytesFolder+"="+folder, "TZ="+row.zone, "LANG="+row.language, "LC_ALL="+row.language)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "here it is "+row.offset) {
			t.Fatalf("%s: %v: %s", row.why, err, out)
		}
		made := filesOf(t, folder)
		if first == nil {
			first = made
			if want := len(library.All()) * 5; len(made) != want || len(library.All()) < 9 {
				t.Fatalf("%d files of %d reports, want %d", len(made), len(library.All()), want)
			}
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(first)) {
			if !bytes.Equal(first[name], made[name]) {
				t.Errorf("%s, %s: %d bytes differ from the first %d", row.why, name, len(made[name]), len(first[name]))
			}
		}
	}
	if fingerprint(t, env) != before {
		t.Error("a report on demand left something in the database")
	}
}

// makeAllForms makes every report in every form, and in a language that is written from the right.
func makeAllForms(t *testing.T, library *reports.Library, folder string) {
	t.Helper()
	t.Logf("here it is %s", time.Date(2026, 11, 23, 0, 0, 0, 0, time.Local).Format("-0700"))
	env := map[string]string{"DATABASE_URL": os.Getenv("DATABASE_URL")}
	for _, d := range library.All() {
		for _, ending := range []string{"en.pdf", "en.html", "en.xlsx", "en.csv", "ar.pdf"} {
			path := filepath.Join(folder, d.Name+"."+ending)
			if _, errs, code := command(t, env, "--report", d.Name, "--lang", ending[:2], "--as-of", "2026-11-23T09:00:00+05:00", "-o", path); code != 0 {
				t.Errorf("%s: exit %d: %s", path, code, errs)
			}
		}
	}
}

// filesOf are the files in a folder by name; each is what its name says.
func filesOf(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	begin := map[string]string{".pdf": "%PDF-", ".html": "<!DOCTYPE html>", ".xlsx": "PK", ".csv": ""}
	out := map[string][]byte{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if want := begin[filepath.Ext(e.Name())]; len(b) < 100 || !strings.EqualFold(string(b[:len(want)]), want) {
			t.Errorf("%s is none: %.40q", e.Name(), b)
		}
		out[e.Name()] = b
	}
	return out
}
