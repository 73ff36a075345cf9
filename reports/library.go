package reports

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Library is all definitions by name.
type Library struct {
	definitions map[string]*Definition
	broken      map[string]Faults // of custom definitions, by name
	builtin     map[string]bool
}

// Load reads the definitions at the root of the given file systems, <name>.report.md with overlays <name>.<lang>.md.
// The first file system holds the built-in ones: a fault there is an error. A later one adds definitions or replaces
// them, overlays included; a faulty definition there is kept aside, and Definition returns its faults.
func Load(fsys ...fs.FS) (*Library, error) {
	l := &Library{definitions: map[string]*Definition{}, broken: map[string]Faults{}, builtin: map[string]bool{}}
	for i, f := range fsys {
		names, err := fs.Glob(f, "*"+suffix)
		if err != nil {
			return nil, fmt.Errorf("list report files: %w", err)
		}
		for _, file := range names {
			d, faults, err := parseFile(f, file, file)
			if err != nil {
				return nil, err
			}
			name := strings.TrimSuffix(file, suffix)
			if len(faults) > 0 && i == 0 {
				return nil, faults
			}
			delete(l.broken, name)
			if len(faults) > 0 {
				l.broken[name] = faults
			}
			l.definitions[name], l.builtin[name] = d, i == 0
		}
	}
	return l, nil
}

const suffix = ".report.md"

// Parse reads one definition with its overlays from the same folder. shown is the name of the file in faults. The
// error says that the file cannot be read; what is wrong in it are faults.
func Parse(fsys fs.FS, file, shown string) (*Definition, Faults, error) {
	return parseFile(fsys, file, shown)
}

func parseFile(fsys fs.FS, file, shown string) (*Definition, Faults, error) {
	source, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, nil, fmt.Errorf("read report file: %w", err)
	}
	d, p := parseDefinition(shown, string(source))
	base := strings.TrimSuffix(path.Base(file), suffix)
	if d.Name != "" && d.Name != base && validName.MatchString(d.Name) {
		p.fault(d.position["report"], fmt.Sprintf("report: %s stands in %s: the file of %s is %s", d.Name, path.Base(file), d.Name, d.Name+suffix))
	}
	faults := p.faults
	hash := sha256.New()
	hash.Write(source)
	for _, lang := range d.Languages[min(1, len(d.Languages)):] {
		more, err := p.overlay(d, fsys, file, shown, lang)
		if err != nil {
			return nil, nil, err
		}
		faults = append(faults, more.faults...)
		fmt.Fprintf(hash, "\x00%s\x00%s", lang, more.source)
	}
	hash.Sum(d.Hash[:0])
	static := newChecker(d, shown, nil)
	static.texts(nil)
	faults = append(faults, static.faults...)
	faults.sort()
	return d, faults, nil
}

type overlayRead struct {
	faults Faults
	source []byte
}

func (p *reader) overlay(d *Definition, fsys fs.FS, file, shown, lang string) (overlayRead, error) {
	swap := func(name string) string { return strings.TrimSuffix(name, suffix) + "." + lang + ".md" }
	source, err := fs.ReadFile(fsys, swap(file))
	if errors.Is(err, fs.ErrNotExist) {
		return overlayRead{faults: Faults{d.position["languages"].fault(fmt.Sprintf("%s is named as a language, and there is no %s", lang, path.Base(swap(file))))}}, nil
	}
	if err != nil {
		return overlayRead{}, fmt.Errorf("read overlay: %w", err)
	}
	o, op := parseOverlay(d, swap(shown), string(source))
	d.overlays[lang] = o
	return overlayRead{op.faults, source}, nil
}

// Definition returns a definition by name. The error is a Faults when the file is broken.
func (l *Library) Definition(name string) (*Definition, error) {
	if faults := l.broken[name]; faults != nil {
		return nil, faults
	}
	d, ok := l.definitions[name]
	if !ok {
		return nil, &UnknownError{Name: name, near: didYouMean(name, slices.Sorted(maps.Keys(l.definitions)))}
	}
	return d, nil
}

// UnknownError says that there is no report of a name.
type UnknownError struct{ Name, near string }

func (e *UnknownError) Error() string { return fmt.Sprintf("unknown report %q%s", e.Name, e.near) }

// Hint says where the names are listed.
func (e *UnknownError) Hint() string { return "`secretariat reports list` names them" }

// All returns the definitions by name; Broken of each says whether it can be used.
func (l *Library) All() []*Definition {
	var out []*Definition
	for _, name := range slices.Sorted(maps.Keys(l.definitions)) {
		out = append(out, l.definitions[name])
	}
	return out
}

// Broken returns the faults of a definition, nil for none.
func (l *Library) Broken(name string) Faults { return l.broken[name] }

// Builtin reports whether a definition is one that the program brings along.
func (l *Library) Builtin(name string) bool { return l.builtin[name] }
