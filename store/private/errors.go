package private

import "fmt"

// Error says that this machine cannot run the private PostgreSQL as it stands. Nothing was changed.
type Error struct{ what, hint string }

func (e *Error) Error() string { return e.what }

// Hint says what to do.
func (e *Error) Hint() string { return e.hint }

// lacks is an Error about PostgreSQL not being there, with the three ways out.
func lacks(format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...), "install it (apt-get install postgresql, or brew install postgresql@17), or name the folder of its programs with --pg-bin, or set DATABASE_URL to a PostgreSQL that runs"}
}
