package typeset_test

import (
	"strings"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

// A paragraph does not end with a short word or a number alone on its line, and needs no line more for that.
func TestNoStumps(t *testing.T) {
	const body = 504.0
	for _, language := range []string{"en", "ru"} {
		word := map[string]string{"en": "activities ", "ru": "мероприятий "}[language]
		for words := 4; words < 60; words++ {
			for _, end := range []string{"1.", "is 7."} {
				d := oneBlock(document.Paragraph{Spans: []document.Span{{Text: strings.Repeat(word, words) + end}}})
				d.Meta.Language = language
				lines := paragraphLines(set(t, d))
				if n := len(lines); n > 1 && lines[n-1] < body/12 {
					t.Errorf("%s, %d words: the last of %d lines is %.0f pt wide", language, words, n, lines[n-1])
				} else if all := sum(lines); n > 1 && all < float64(n-1)*body*0.8 {
					t.Errorf("%s, %d words: %d lines for %.0f pt", language, words, n, all)
				}
			}
		}
	}
}

// paragraphLines are the widths of the lines of the only paragraph on page 1.
func paragraphLines(l *typeset.Layout) (widths []float64) {
	y := 0.0
	for _, o := range textsOn(l, 0, "P") {
		if o.Y != y {
			widths, y = append(widths, 0), o.Y
		}
		widths[len(widths)-1] += o.Width
	}
	return widths
}

func sum(all []float64) (s float64) {
	for _, v := range all {
		s += v
	}
	return s
}
