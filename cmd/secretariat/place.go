package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// pointerFile stands in a data folder whose private database had to be put elsewhere, and names that place.
const pointerFile = "database-folder.txt"

// databaseDir returns where the private database of a data folder is kept: in the folder itself or, when root runs the
// program and a parent of the folder (often /root) keeps out the user as whom PostgreSQL runs, in a folder of its own under
// /var/lib/secretariat, which a file in the data folder names.
func (a *app) databaseDir(dir string) (string, error) {
	if os.Geteuid() != 0 || !closed(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	pointer := filepath.Join(dir, pointerFile)
	b, err := os.ReadFile(pointer)
	if elsewhere := strings.TrimSpace(string(b)); err == nil {
		if _, err := os.Stat(elsewhere); err != nil {
			return "", fmt.Errorf("the database folder that %s names: %w", pointer, err)
		}
		return elsewhere, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll("/var/lib/secretariat", 0o755); err != nil {
		return "", err
	}
	elsewhere, err := os.MkdirTemp("/var/lib/secretariat", "database-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(elsewhere, 0o755); err != nil {
		return "", err
	}
	fmt.Fprintf(a.err, "note: PostgreSQL does not run as root and cannot enter %s; its files are in %s\n", dir, elsewhere)
	return elsewhere, os.WriteFile(pointer, []byte(elsewhere+"\n"), 0o644)
}

// closed reports whether a folder or one of its parents lets only its owner and group enter. What is not there yet will
// be made open.
func closed(dir string) bool {
	for {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
