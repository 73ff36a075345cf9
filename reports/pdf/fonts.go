package pdf

import (
	"secretariat/reports/typeset"
	"secretariat/templates"
)

// builtIn returns the fonts that secretariat carries.
func builtIn() Fonts {
	fonts := Fonts{}
	for _, f := range []typeset.Face{typeset.Regular, typeset.Bold, typeset.Italic, typeset.Arabic, typeset.ArabicBold, typeset.Han} {
		fonts[f] = templates.Font(string(f))
	}
	return fonts
}
