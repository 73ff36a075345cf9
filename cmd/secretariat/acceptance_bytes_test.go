package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The same report at the same moment is the same file in every form, whatever the process, its time zone and its language.
func TestSameBytesInTwoProcesses(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "secretariat")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	before := fingerprint(t, env)
	first := map[string][]byte{}
	for _, row := range []struct{ name, zone, language, why string }{
		{"a", "UTC", "C", "what a container has"},
		{"b", "America/New_York", "ru_RU.UTF-8", "what an officer's machine has: another day of the calendar at some hours"},
	} {
		for _, form := range []string{".pdf", ".html", ".xlsx", ".csv"} {
			path := filepath.Join(dir, row.name+form)
			cmd := exec.Command(program, "--report", "weekly-progress", "--as-of", "2026-11-23T09:00:00+05:00", "-o", path)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "DATABASE_URL="+env["DATABASE_URL"], "TZ="+row.zone, "LANG="+row.language, "LC_ALL="+row.language)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", row.why, err, out)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if form == ".pdf" && !bytes.HasPrefix(b, []byte("%PDF-")) || len(b) < 1000 {
				t.Fatalf("%s: no %s: %.20q", row.why, form, b)
			}
			if first[form] == nil {
				first[form] = b
			} else if !bytes.Equal(first[form], b) {
				t.Errorf("%s, %s: %d bytes differ from the first %d", row.why, form, len(b), len(first[form]))
			}
		}
	}
	if fingerprint(t, env) != before {
		t.Error("a report on demand left something in the database")
	}
}
