package pdf

import (
	"fmt"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
	"secretariat/templates"
)

// Render sets a document on pages and draws them. It may be called from several goroutines at once.
func Render(doc document.Document) (b []byte, pages int, err error) {
	l, err := typeset.Set(doc)
	if err != nil {
		return nil, 0, fmt.Errorf("set pages: %w", err)
	}
	b, err = Draw(l, BuiltIn())
	return b, len(l.Pages), err
}

// BuiltIn returns the fonts that secretariat carries.
func BuiltIn() Fonts {
	fonts := Fonts{}
	for _, face := range typeset.Faces {
		fonts[face] = templates.Font(string(face))
	}
	return fonts
}
