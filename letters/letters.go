// Package letters holds what a letter says: the kinds of letters, their wording from templates/letters, and the step from
// data to subject, plain text and HTML. It exists because acts must not know wording and mail must not know sessions.
package letters

import "io/fs"

// Letter is a composed letter: three forms of the same words.
type Letter struct{ Subject, Text, HTML string }

// Set is the loaded letter templates. It is safe for concurrent use.
type Set struct{}

// Load reads the templates of all kinds. Later file systems override earlier ones by file name.
func Load(fsys ...fs.FS) (*Set, error) { return &Set{}, nil }

// Compose writes one letter in a language.
func (s *Set) Compose(kind, language string, data Data) (Letter, error) { return Letter{}, nil }
