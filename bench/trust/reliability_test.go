package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every test that a promise leans on stands in a folder that is looked into.
func TestPromisesNameTests(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range testFolders {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*_test.go"))
		if err != nil || files == nil {
			t.Fatalf("%s has no tests, %v", folder, err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(b)) {
				if name, ok := strings.CutPrefix(line, "func "); ok {
					name, _, _ = strings.Cut(name, "(")
					found[name] = true
				}
			}
		}
	}
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			if !found[name] {
				t.Errorf("%s leans on %s, which does not exist in the folders that are tested", p.row, name)
			}
		}
	}
}

// Every target of fuzzing is among the tests that the walls lean on: one that is not named there runs on no seed.
func TestEveryFuzzTargetIsNamed(t *testing.T) {
	named := map[string]bool{}
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			named[name] = true
		}
	}
	root, targets := os.DirFS(filepath.Join("..", "..")), 0
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := fs.ReadFile(root, path)
		for _, match := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllSubmatch(b, -1) {
			targets++
			if name := string(match[1]); !named[name] {
				t.Errorf("%s has %s, which no promise names", path, name)
			}
		}
		return err
	})
	if err != nil || targets == 0 {
		t.Fatalf("%d targets, %v", targets, err)
	}
}

// Every promise of a row of its number has a test of that number, here or where the decision is.
func TestEveryRowHasItsTest(t *testing.T) {
	named := map[string]bool{}
	for _, folder := range append([]string{"bench/trust"}, testFolders...) {
		files, _ := filepath.Glob(filepath.Join("..", "..", folder, "*_test.go")) // the pattern is well formed
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(`(?m)^func Test(R\d+)[A-Z]`).FindAllSubmatch(b, -1) {
				named[string(match[1])] = true
			}
		}
	}
	promised := map[string]bool{}
	for _, p := range promises {
		promised[p.row] = true
	}
	for n := 1; n <= 23; n++ { // R19, that silence is noticed, is promised to nobody
		if row := fmt.Sprint("R", n); n != 19 && (!promised[row] || !named[row]) {
			t.Errorf("%s: promised %v, a test called Test%s… %v", row, promised[row], row, named[row])
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
