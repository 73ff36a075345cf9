package templates

import "embed"

// Locale holds the catalogues: locale/<part>.<language>.json, read by package locale. How to add a text: locale/README.md.
//
//go:embed locale/*.json
var Locale embed.FS
