package templates

import (
	"embed"
	"io/fs"
)

//go:embed timetables/*.yaml
var timetables embed.FS

// Timetables holds at its root the rules of known bodies for convening a session, <name>.yaml, which a programme file takes over
// by name. Read by package programme/file.
func Timetables() fs.FS {
	sub, err := fs.Sub(timetables, "timetables")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
