package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every test that a promise leans on stands in the repository.
func TestPromisesNameTests(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for line := range strings.Lines(string(b)) {
			if name, ok := strings.CutPrefix(line, "func "); ok {
				name, _, _ = strings.Cut(name, "(")
				found[name] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			if !found[name] {
				t.Errorf("%s leans on %s, which does not exist", p.row, name)
			}
		}
	}
}

// A test that failed, or that nobody ran, fails the campaign.
func TestUnproved(t *testing.T) {
	passed := map[string]bool{}
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			passed[name] = true
		}
	}
	if err := unproved(tested{passed: passed}); err != nil {
		t.Errorf("all passed: %v", err)
	}
	passed["TestFence"] = false
	delete(passed, "FuzzToken")
	if err := unproved(tested{passed: passed}); err == nil || !strings.Contains(err.Error(), "R3 TestFence") || !strings.Contains(err.Error(), "R21 FuzzToken") {
		t.Errorf("got %v, want both by row and name", err)
	}
}
