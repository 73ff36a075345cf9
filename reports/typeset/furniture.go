package typeset

import (
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// furniture is what stands on every page around the text: accent band, running head and foot, distribution mark.
type furniture struct {
	top, bottom                float64 // of the text
	start, end, mark, foot     text
	startLines, endLines, feet []line
	markWidth, labelWidth      float64
	footLines                  int
	pages                      [][]item
}

const (
	headTop   = 24.0  // of the running head
	footLine  = 805.0 // rule above the running foot when it has one line
	headSpace = 16.0  // between running head and text
	footSpace = 14.0  // between text and the rule of the foot
)

// furniture measures the running heads, so that long names of programmes wrap and the text begins below them.
func (s *setter) furniture() *furniture {
	m := s.doc.Meta
	f := new(furniture)
	small := look{face: faceRegular, size: sizeTiny, color: muted}
	f.start, f.end = s.text(m.Programme, small, Artifact), s.text(m.Issue, small, Artifact)
	f.foot = s.text(m.Foot, small, Artifact)
	room := bodyWidth - 24
	if m.Mark != "" {
		l := look{face: faceBold, size: sizeTiny, color: tones[document.ToneBad].text}
		f.mark = s.text(m.Mark, l, Artifact)
		f.markWidth = min(f.mark.naturalWidth(), bodyWidth/3) + 14
		f.mark = s.fitted(m.Mark, l, Artifact, f.markWidth-12, furnitureLines, func() string { return s.footnote(m.Mark) })
		room -= f.markWidth + 24
	}
	issue := issueWidth(f.start.naturalWidth()+1, f.end.naturalWidth()+1, room)
	f.start, f.end = s.furnished(m.Programme, room-issue), s.furnished(m.Issue, issue)
	f.startLines, f.endLines = f.start.wrapBalanced(room-issue), f.end.wrap(issue)
	head := max(float64(len(f.startLines))*f.start.lineHeight(), float64(len(f.endLines))*f.end.lineHeight(), f.start.lineHeight())
	f.top = headTop + head + headSpace
	widest := s.pageLabel(8888, 8888) // room for numbers of four digits
	f.labelWidth = min(widest.naturalWidth()+0.5, bodyWidth*0.4)
	f.foot = s.furnished(m.Foot, bodyWidth-f.labelWidth-24)
	f.feet = f.foot.wrap(bodyWidth - f.labelWidth - 24)
	f.footLines = max(1, len(f.feet), len(widest.wrap(f.labelWidth)))
	f.bottom = footLine - footSpace - float64(f.footLines-1)*f.foot.lineHeight()
	return f
}

// issueWidth is the width of the running head at the end side: all that the one at the start side leaves, and about half of
// the room at least. Where both fit side by side, neither is broken.
func issueWidth(start, end, room float64) float64 { return min(end, max(room*0.45, room-start)) }

// furnitureLines is how many lines a running head or foot may take: a text without end must leave room for the page.
const furnitureLines = 6

// furnished is a running head or foot. One that would take too many lines is shortened; the notes have it whole.
func (s *setter) furnished(words string, width float64) text {
	return s.fitted(words, look{face: faceRegular, size: sizeTiny, color: muted}, Artifact, width, furnitureLines, func() string { return s.footnote(words) })
}

func (s *setter) pageLabel(x, y int) text {
	l := look{face: faceRegular, size: sizeTiny, color: muted}
	return s.fitted(pageLabel(s.doc.Meta.PageLabel, x, y), l, Artifact, bodyWidth*0.4, furnitureLines, dots)
}

func pageLabel(pattern string, x, y int) string {
	if pattern == "" {
		pattern = "{x} / {y}"
	}
	return strings.NewReplacer("{x}", strconv.Itoa(x), "{y}", strconv.Itoa(y)).Replace(pattern)
}

func (f *furniture) paint(s *setter, c *canvas, n, total int) {
	c.rect(0, 0, pageWidth, bandHeight, pen{fill: &navy, node: Artifact})
	c.lines(f.start, f.startLines, margin, headTop, bodyWidth, document.AlignStart)
	c.lines(f.end, f.endLines, margin, headTop, bodyWidth, document.AlignEnd)
	if f.mark.prepared != nil {
		f.paintMark(c)
	}
	y := footLine - float64(f.footLines-1)*f.foot.lineHeight()
	c.rule(margin, y, margin+bodyWidth, y, pen{stroke: &rule, width: 0.6, node: Artifact})
	y += 7
	c.lines(f.foot, f.feet, margin, y, bodyWidth, document.AlignStart)
	label := s.pageLabel(n+1, total)
	c.lines(label, label.wrap(f.labelWidth), margin+bodyWidth-f.labelWidth, y, f.labelWidth, document.AlignEnd)
}

// paintMark paints the distribution mark in a frame between the two running heads.
func (f *furniture) paintMark(c *canvas) {
	lines := f.mark.wrap(f.markWidth - 12)
	high := float64(len(lines)) * f.mark.lineHeight()
	used := bodyWidth - f.end.points(widest(f.endLines))
	x := max(margin+f.start.points(widest(f.startLines))+12, min(margin+(bodyWidth-f.markWidth)/2, margin+used-f.markWidth-12))
	red := tones[document.ToneBad].text
	c.rounded(x, headTop-2.5, f.markWidth, high+5, round(2), pen{fill: &white, stroke: &red, width: 0.7, node: Artifact})
	c.lines(f.mark, lines, x, headTop, f.markWidth, document.AlignCenter)
}

func widest(ls []line) (w int) {
	for _, l := range ls {
		w = max(w, l.width)
	}
	return w
}
