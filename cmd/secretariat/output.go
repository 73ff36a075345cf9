package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// writeOut writes a file to standard output and says what it is on standard error.
func (a *app) writeOut(b []byte, line string) error {
	if _, err := a.out.Write(b); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	fmt.Fprintln(a.err, line)
	return nil
}

// writeFile writes a file that somebody asked for, whole or not at all. What is there already and no file, such as a
// device or a pipe, is written to and never replaced.
func writeFile(path string, b []byte) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return badUse("name a file in it", "write %s: it is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return writeInto(path, b)
	case errors.Is(err, fs.ErrNotExist), err == nil:
		return writeWhole(path, b)
	}
	return badUse(elsewhere, "write %s: %w", path, reason(err))
}

func writeInto(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return badUse(elsewhere, "write %s: %w", path, reason(err))
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
