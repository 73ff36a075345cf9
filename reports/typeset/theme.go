package typeset

import "secretariat/reports/document"

// The page, in points: A4 with margins of 16 mm.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	margin     = 45.36
	bodyWidth  = pageWidth - 2*margin
	bandHeight = 8.5 // the accent band at the top edge
)

// Sizes of type and space. Everything stands on multiples of 3 pt.
const (
	sizeTitle   = 22.0
	sizeH2      = 12.0
	sizeH3      = 10.0
	sizeH4      = 9.0
	sizeLead    = 10.5
	sizeBody    = 9.0
	sizeTable   = 8.0
	sizeSmall   = 7.5
	sizeTiny    = 7.0
	gapBlock    = 12.0
	gapSection  = 19.0
	leadingBody = 1.5
	leadingCell = 1.38
)

// Colours. Text colours have a contrast of at least 4.5:1 on what they stand on (a test computes it).
var (
	ink   = Color{28, 37, 51}
	muted = Color{91, 102, 117}
	rule  = Color{222, 227, 234}
	soft  = Color{245, 247, 250}
	navy  = Color{27, 54, 93}
	white = Color{255, 255, 255}
	link  = Color{36, 78, 142}
)

// tone is how a meaning looks: a fill for marks and bars, a text colour and a tint for words, a shape and a pattern for
// those who do not see the colour. onFill is the colour of numbers on the fill.
type tone struct {
	fill, text, tint, onFill Color
	shape                    shapeKind
	pattern                  patternKind
}

type shapeKind int

const (
	shapeCircle shapeKind = iota
	shapeRing
	shapeTriangle
	shapeSquare
	shapeDiamond
	shapeBar
)

type patternKind int

const (
	patternNone patternKind = iota
	patternRising
	patternDots
	patternCross
	patternLevel
)

var tones = map[document.Tone]tone{
	document.ToneNeutral: {navy, navy, Color{230, 236, 245}, white, shapeBar, patternLevel},
	document.ToneAccent:  {Color{58, 110, 184}, Color{36, 78, 142}, Color{223, 232, 246}, white, shapeDiamond, patternRising},
	document.ToneGood:    {Color{26, 127, 108}, Color{16, 92, 78}, Color{221, 240, 235}, white, shapeCircle, patternNone},
	document.ToneWarn:    {Color{226, 158, 50}, Color{122, 78, 8}, Color{252, 239, 214}, ink, shapeTriangle, patternDots},
	document.ToneBad:     {Color{190, 58, 72}, Color{146, 32, 46}, Color{249, 223, 226}, white, shapeSquare, patternCross},
	document.ToneMute:    {Color{203, 210, 219}, Color{82, 92, 107}, Color{238, 241, 245}, ink, shapeRing, patternNone},
}

// neutral tints group rows and cards.
var neutral = tones[document.ToneNeutral]

func toneOf(t document.Tone) tone {
	if l, ok := tones[t]; ok {
		return l
	}
	return neutral
}
