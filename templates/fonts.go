package templates

import _ "embed" // for the fonts

//go:embed fonts/NotoSans-Regular.ttf
var notoSans []byte

//go:embed fonts/NotoSans-Bold.ttf
var notoSansBold []byte

//go:embed fonts/NotoSans-Italic.ttf
var notoSansItalic []byte

//go:embed fonts/NotoSansArabic-Regular.ttf
var notoSansArabic []byte

//go:embed fonts/NotoSansArabic-Bold.ttf
var notoSansArabicBold []byte

//go:embed fonts/DroidSansFallbackFull.ttf
var droidSansFallback []byte

//go:embed fonts/NotoSansSymbols2-Regular.ttf
var notoSymbols []byte

//go:embed fonts/NotoSansMath-Regular.ttf
var notoMath []byte

// Font returns the TrueType file of a face of reports/typeset by the face's name, or nil for a name that is none.
// The files are the originals of Debian's fonts-noto-core and fonts-droid-fallback, under the licences beside them
// (fonts/OFL.txt, fonts/Apache-2.0.txt). The bytes are shared: whoever cuts or changes a font works on a copy.
func Font(face string) []byte {
	switch face {
	case "regular":
		return notoSans
	case "bold":
		return notoSansBold
	case "italic":
		return notoSansItalic
	case "arabic":
		return notoSansArabic
	case "arabic-bold":
		return notoSansArabicBold
	case "han":
		return droidSansFallback
	case "symbols":
		return notoSymbols
	case "math":
		return notoMath
	}
	return nil
}
