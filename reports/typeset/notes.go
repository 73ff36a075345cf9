package typeset

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// missed counts the characters of a text that no face has.
func (s *setter) missed(p *prepared) {
	for _, r := range p.lost {
		s.lost[r]++
	}
}

func (s *setter) unshownCount() (n int) {
	for _, k := range s.lost {
		n += k
	}
	return n
}

// footnote keeps a text whole for the notes at the end of the document and returns the mark that ends its shortened form.
func (s *setter) footnote(whole string) string {
	i := slices.Index(s.notes, whole)
	if i < 0 {
		i = len(s.notes)
		s.notes = append(s.notes, whole)
	}
	return "… [" + strconv.Itoa(i+1) + "]"
}

// fitted is a text of at most n lines. A longer one loses its end, visibly: it ends with the mark that tail returns.
func (s *setter) fitted(words string, l look, node int, width float64, n int, tail func() string) text {
	t := s.text(words, l, node)
	lines := len(t.wrap(width))
	if lines <= n {
		return t
	}
	mark, runes := tail(), []rune(words)
	for lines > n && len(runes) > 1 {
		runes = runes[:max(1, min(len(runes)-1, len(runes)*n/lines))]
		t = s.text(string(runes)+mark, l, node)
		lines = len(t.wrap(width))
	}
	return t
}

// dots end a text that the document says whole somewhere else.
func dots() string { return "…" }

// closing is what stands after the last section: the notes, and what could not be shown.
func (s *setter) closing(root int) []item {
	items := s.noteItems(root)
	return append(items, s.unshown(root)...)
}

// noteItems are the full texts of what is shortened where it stands, by number.
func (s *setter) noteItems(root int) (items []item) {
	if len(s.notes) == 0 {
		return nil
	}
	title := s.doc.Meta.Notes
	if title == "" {
		title = "Notes: shortened texts in full"
	}
	head := s.text(title, look{face: faceBold, size: sizeH4, color: ink, leading: 1.3}, s.tree.add(root, "P"))
	items = append(items, item{box: paragraph{t: head, ls: head.wrap(bodyWidth), w: bodyWidth, align: startOf(head, s.right)}, gap: gapSection, keepNext: true})
	l := look{face: faceRegular, size: sizeSmall, color: ink, leading: leadingBody}
	for i, whole := range s.notes {
		node := s.tree.add(root, "Note")
		number := s.text("["+strconv.Itoa(i+1)+"]", l, s.tree.add(node, "Lbl"))
		indent := number.naturalWidth() + 8
		t := s.text(whole, l, s.tree.add(node, "P"))
		body := paragraph{t: t, ls: t.wrap(bodyWidth - indent), w: bodyWidth - indent}
		items = append(items, item{box: labelled{number, body, indent}, gap: 4})
	}
	return items
}

// unshown is the note on characters that no face has: how many, and which.
func (s *setter) unshown(root int) []item {
	n := s.unshownCount()
	if n == 0 {
		return nil
	}
	words := s.doc.Meta.Unshown
	if words == "" {
		words = "Characters that could not be shown: {n}"
	}
	var which []string
	for _, r := range slices.Sorted(maps.Keys(s.lost)) {
		which = append(which, fmt.Sprintf("U+%04X ×\u00a0%d", r, s.lost[r]))
	}
	words = fmt.Sprintf("%c  %s (%s)", placeholder, strings.ReplaceAll(words, "{n}", strconv.Itoa(n)), strings.Join(which, ", "))
	t := s.text(words, look{face: faceRegular, size: sizeSmall, color: muted}, s.tree.add(root, "Note"))
	return []item{{box: paragraph{t: t, ls: t.wrap(bodyWidth), w: bodyWidth, align: document.AlignStart}, gap: gapSection}}
}
