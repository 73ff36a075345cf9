// Command mutants proves that the tests bite: it puts one known bad design at a time in the place of a decision of the
// program and demands that the test named beside it turns red. The program's own files are never touched: the changed copy
// is laid over the original for one build (go test -overlay).
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	only := flag.String("only", "", "mutants by name, separated by commas")
	tell := flag.Bool("told", false, "try none: say what the last run of all came to, and what has changed since")
	flag.Parse()
	root, err := moduleRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error: run it in a folder of the module:", err)
		os.Exit(2)
	}
	if *tell {
		if err := sayTold(root); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		return
	}
	if err := tryAll(root, *only); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// moduleRoot is the folder of go.mod at or above the current one.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			err = errors.New("there is no go.mod")
		}
		dir = above
	}
	return "", err
}

// tryAll tries the mutants and prints a line for each. A run of all is written down.
func tryAll(root, only string) error {
	t := told{On: time.Now().UTC().Format("2 January 2006"), Sources: map[string]string{}}
	for _, m := range mutants {
		if only != "" && !strings.Contains(","+only+",", ","+m.name+",") {
			continue
		}
		verdict, dead := m.try(root)
		t.Tried = append(t.Tried, m.name)
		if !dead {
			t.Alive = append(t.Alive, m.name)
		}
		fmt.Printf("%-26s %-9s %s (%s: %s)\n", m.name, map[bool]string{true: "caught", false: "SURVIVES"}[dead], m.why, m.test, verdict)
		var err error
		if t.Sources[m.file], err = sum(filepath.Join(root, m.file)); err != nil {
			return err
		}
	}
	if only == "" {
		if err := t.write(root); err != nil {
			return err
		}
	}
	if len(t.Alive) > 0 {
		return fmt.Errorf("%d mutants survive or could not be tried: %s", len(t.Alive), strings.Join(t.Alive, ", "))
	}
	return nil
}

// try runs the test with the mutant in place. dead means that the test ran and failed; a mutant that does not compile, or
// whose text is no longer there, proves nothing.
func (m mutant) try(root string) (verdict string, dead bool) {
	original := filepath.Join(root, m.file)
	source, err := os.ReadFile(original)
	if err != nil {
		return err.Error(), false
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		return fmt.Sprintf("its text stands %d times in %s, want once", n, m.file), false
	}
	dir, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return err.Error(), false
	}
	defer os.RemoveAll(dir)
	changed, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err == nil {
		err = os.WriteFile(changed, []byte(strings.Replace(string(source), m.old, m.bad, 1)), 0o600)
	}
	if err == nil {
		err = os.WriteFile(overlay, list, 0o600)
	}
	if err != nil {
		return err.Error(), false
	}
	cmd := exec.Command("go", "test", "-vet=off", "-count=1", "-timeout", "5m", "-overlay", overlay, "-run", "^("+m.test+")$", "secretariat/"+m.pkg)
	out, err := cmd.CombinedOutput()
	switch text := string(out); {
	case err == nil:
		return "passed", false
	case strings.Contains(text, "[build failed]"), !strings.Contains(text, "--- FAIL"):
		return "did not run: " + strings.TrimSpace(text), false
	}
	return "failed, as it must", true
}
