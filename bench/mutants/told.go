package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// told is what the last run of all mutants came to. It stands in the repository, as a run takes minutes.
type told struct {
	On      string            `json:"on"`
	Tried   []string          `json:"tried"`
	Alive   []string          `json:"alive"`
	Sources map[string]string `json:"sources"` // file that a mutant changes → SHA-256
}

func toldFile(root string) string { return filepath.Join(root, "bench", "mutants", "caught.json") }

func (t told) write(root string) error {
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(toldFile(root), append(b, '\n'), 0o644)
}

// sayTold prints what the last run came to. It fails when a mutant survived it.
func sayTold(root string) error {
	b, err := os.ReadFile(toldFile(root))
	if err != nil {
		return fmt.Errorf("script/mutants has not been run: %w", err)
	}
	var t told
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("%s: %w", toldFile(root), err)
	}
	line, err := t.line(root)
	fmt.Println(line)
	return err
}

// line says how many were caught, of which sources, and what has changed since.
func (t told) line(root string) (string, error) {
	var later, changed []string
	for _, m := range mutants {
		if !slices.Contains(t.Tried, m.name) {
			later = append(later, m.name)
		}
		now, err := sum(filepath.Join(root, m.file))
		if err != nil {
			return "", err
		}
		if was, ok := t.Sources[m.file]; ok && was != now && !slices.Contains(changed, m.file) {
			changed = append(changed, m.file)
		}
	}
	text := fmt.Sprintf("%d of %d known bad designs were caught on %s", len(t.Tried)-len(t.Alive), len(t.Tried), t.On)
	switch {
	case changed != nil:
		text += "; changed since: " + strings.Join(changed, ", ")
	case later == nil:
		text += ", of these very sources"
	}
	if later != nil {
		text += "; not tried yet: " + strings.Join(later, ", ")
	}
	if len(t.Alive) > 0 || len(t.Tried) == 0 {
		return text, errors.New("not all were caught: " + strings.Join(t.Alive, ", "))
	}
	return text, nil
}

func sum(file string) (string, error) {
	b, err := os.ReadFile(file)
	return fmt.Sprintf("%x", sha256.Sum256(b)), err
}
