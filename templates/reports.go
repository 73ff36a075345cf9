package templates

import (
	"embed"
	"io/fs"
)

//go:embed reports/*.md
var reports embed.FS

// Reports holds the built-in reports at its root: <name>.report.md with an overlay <name>.<language>.md per further
// language, read by package reports.
func Reports() fs.FS {
	sub, err := fs.Sub(reports, "reports")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
