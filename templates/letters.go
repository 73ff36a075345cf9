package templates

import "embed"

// Letters holds one text per kind of letter and language: letters/<kind>.<language>.md, read by package letters.
//
//go:embed letters/*.*.md
var Letters embed.FS
