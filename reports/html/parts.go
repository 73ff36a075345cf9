package html

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"secretariat/reports/document"
)

// page is a document and where it is shown.
type page struct {
	Document document.Document
	Wide     bool // in a browser: columns stand side by side
}

func whole(doc document.Document, wide bool) page { return page{doc, wide} }

// part is a block with what it stands in: templates take one value.
type part struct {
	Block document.Block
	Meta  document.Meta
	Wide  bool
}

func form(blocks []document.Block, meta document.Meta, wide bool) []part {
	parts := make([]part, len(blocks))
	for i, b := range blocks {
		parts[i] = part{b, meta, wide}
	}
	return parts
}

// kind names the type of a block.
func kind(b document.Block) string {
	return reflect.TypeOf(b).Name()
}

// ink is the colour of text in a tone; each has a contrast of at least 4.5 on white and on the ground of cards.
func ink(t document.Tone) string {
	return [...]string{"#1f2933", "#24528f", "#166352", "#7a4d00", "#a3242f", "#566170"}[t]
}

// fill is the colour of a bar or of the edge of a box in a tone.
func fill(t document.Tone) string {
	return [...]string{"#4a7dc4", "#4a7dc4", "#27917e", "#e29c2f", "#c84550", "#b9c1cd"}[t]
}

// sign is the shape that goes with a tone, so that colour never speaks alone.
func sign(t document.Tone) string {
	return [...]string{"▪", "■", "●", "▲", "◆", "○"}[t]
}

// percent is the width of a share of 0 to 1 in per cent.
func percent(v float64) int { return int(100*min(max(v, 0), 1) + 0.5) }

// share is the width of a value of a whole in per cent; a part that is there is seen.
func share(v, whole float64) int {
	if whole <= 0 || v <= 0 {
		return 0
	}
	return max(percent(v/whole), 1)
}

func greatest(b document.Bars) float64 {
	whole := b.Max
	for _, r := range b.Rows {
		if b.Max == 0 {
			whole = max(whole, r.Value)
		}
	}
	return whole
}

// reached is the width of the share of its target that a value reaches, in per cent; what cannot be said is nothing.
func reached(r document.BulletRow) int {
	if math.IsNaN(r.Value) || math.IsNaN(r.Target) || math.IsInf(r.Target, 0) {
		return 0
	}
	return share(r.Value, r.Target)
}

// has sums the parts of a bar.
func has(parts []float64) (sum float64) {
	for _, p := range parts {
		sum += max(p, 0)
	}
	return sum
}

func align(a document.Align, m document.Meta) string {
	switch {
	case a == document.AlignCenter:
		return "center"
	case (a == document.AlignStart) != m.RightToLeft:
		return "left"
	}
	return "right"
}

func alignOf(columns []document.Column, i int) document.Align {
	if i < len(columns) {
		return columns[i].Align
	}
	return document.AlignStart
}

// titled reports whether any column has a title; a table without them has no head.
func titled(columns []document.Column) bool {
	return slices.ContainsFunc(columns, func(c document.Column) bool { return c.Title != "" })
}

func odd(i int) bool { return i%2 == 1 }

func toneOf(legend []document.Status, i int) document.Tone {
	if i < len(legend) {
		return legend[i].Tone
	}
	return document.ToneNeutral
}

// heat is the colour of a cell, from nearly white to green in five steps.
func heat(v float64) string {
	return [...]string{"#e6ebf1", "#bfded7", "#8cc4b8", "#55a898", "#27917e"}[min(percent(v)/20, 4)]
}

// shown tells a link that shows its own address, which runs from left to right in every language.
func shown(s document.Span) bool { return s.Text == s.Link || "mailto:"+s.Text == s.Link }

// href returns a link as both forms of a letter print it, or "" for what no link may be: only http, https and mailto lead
// out of a letter. What html/template would encode is encoded here, so that the plain text shows the same address.
func href(link string) string {
	u, err := url.Parse(link)
	if err != nil || !(u.Scheme == "mailto" && u.Opaque != "" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != "") {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(link) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-._~!#$&*+,/:;=?@[]%", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
