// Package file reads and writes the programme file: YAML on one side, values of package programme on the other. It keeps
// the position of every value, so that a fault found later still names its line and column.
package file

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Source is one file to read.
type Source struct {
	Name string // as messages name it
	Text []byte
}

// maxSize is the largest file read, in bytes: the sample programme has a third of a million.
const maxSize = 10 << 20

// Open reads files by path, "-" being stdin. A file that cannot be read, or is too large, is an error that names it.
func Open(stdin io.Reader, paths ...string) ([]Source, error) {
	var sources []Source
	var faults []error
	for _, path := range paths {
		text, err := load(stdin, path)
		if err != nil {
			faults = append(faults, fmt.Errorf("read %s: %w", path, err))
			continue
		}
		sources = append(sources, Source{path, text})
	}
	return sources, errors.Join(faults...)
}

func load(stdin io.Reader, path string) ([]byte, error) {
	r := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, errors.Unwrap(err) // the path is in the message already
		}
		defer f.Close()
		r = f
	}
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, err
	}
	return text, nil
}

// Position is a place in a file. Line and Column count from 1, Column in characters.
type Position struct {
	File         string
	Line, Column int
}

func (p Position) before(o Position) int {
	return cmp.Or(cmp.Compare(p.File, o.File), cmp.Compare(p.Line, o.Line), cmp.Compare(p.Column, o.Column))
}

// Fault is one thing that is wrong, and where.
type Fault struct {
	Position
	What string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.What)
}

// Faults is an error that lists all that is wrong with the files, by position.
type Faults []Fault

// maxFaults is how many faults are told at once; more would hide the first ones.
const maxFaults = 20

// Error gives a line to each fault, at most 20, and then how many there are in all.
func (f Faults) Error() string {
	var lines []string
	for i, fault := range f {
		if i == maxFaults {
			lines = append(lines, fmt.Sprintf("%d more faults", len(f)-maxFaults))
			break
		}
		lines = append(lines, fault.String())
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int { return a.before(b.Position) })
	return slices.Compact(f)
}
