package reports

import (
	"fmt"
	"sort"
	"strings"

	"secretariat/programme"
)

// Fault is something wrong in a report file. Line and Column count from 1, columns in characters; 0 is unknown.
type Fault struct {
	File         string
	Line, Column int
	Text         string
}

// Error returns "file:line:column: text".
func (f Fault) Error() string {
	switch {
	case f.Line == 0:
		return fmt.Sprintf("%s: %s", f.File, f.Text)
	case f.Column == 0:
		return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

// Faults is all that is wrong, in the order of the files' lines.
type Faults []Fault

// Error returns one fault per line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sort() {
	sort.SliceStable(f, func(i, j int) bool {
		a, b := f[i], f[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
}

// didYouMean returns ` (did you mean "x"?)` for the nearest known word, else the words allowed when they are few.
func didYouMean(word string, known []string) string {
	if near := programme.Nearest(word, known); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	if len(known) == 0 || len(known) > 20 {
		return ""
	}
	return " (known: " + strings.Join(known, ", ") + ")"
}
