package templates

import "embed"

// Pages holds the views of the web pages: pages/<name>.html and their one style sheet, read by package web.
//
//go:embed pages/*.html pages/style.css
var Pages embed.FS
