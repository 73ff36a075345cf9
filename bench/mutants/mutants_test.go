package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// R23: every mutant still fits: its text stands once in its file, and the test that must catch it exists. Whether they are
// caught script/mutants says, which takes minutes.
func TestR23MutantsFit(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range mutants {
		if slices.Contains(names, m.name) {
			t.Errorf("%s stands twice", m.name)
		}
		names = append(names, m.name)
		b, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			t.Error(err)
			continue
		}
		if n := strings.Count(string(b), m.old); n != 1 || m.old == m.bad {
			t.Errorf("%s: its text stands %d times in %s", m.name, n, m.file)
		}
		tests, err := filepath.Glob(filepath.Join(root, m.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found, called := false, regexp.MustCompile(`(?m)^func (`+m.test+`)\(t \*testing\.T\)`)
		for _, file := range tests {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || called.Match(text)
		}
		if !found {
			t.Errorf("%s: %s is no test of %s", m.name, m.test, m.pkg)
		}
	}
}

// What is told of the last run says when it is not of the sources as they are, and fails when one survived.
func TestTold(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	whole := told{On: "1 May 2026", Sources: map[string]string{}}
	for _, m := range mutants {
		whole.Tried = append(whole.Tried, m.name)
		if whole.Sources[m.file], err = sum(filepath.Join(root, m.file)); err != nil {
			t.Fatal(err)
		}
	}
	if line, err := whole.line(root); err != nil || !strings.Contains(line, "of these very sources") {
		t.Errorf("%q, %v", line, err)
	}
	older := whole
	older.Tried = whole.Tried[1:]
	if line, err := older.line(root); err != nil || !strings.Contains(line, "not tried yet: "+mutants[0].name) || strings.Contains(line, "very sources") {
		t.Errorf("one was added: %q, %v", line, err)
	}
	whole.Alive = whole.Tried[:1]
	if line, err := whole.line(root); err == nil || !strings.Contains(err.Error(), mutants[0].name) {
		t.Errorf("one survived: %q, %v", line, err)
	}
	whole.Alive = nil
	whole.Sources[mutants[0].file] = "another"
	if line, err := whole.line(root); err != nil || !strings.Contains(line, "changed since: "+mutants[0].file) {
		t.Errorf("a source has changed: %q, %v", line, err)
	}
}
