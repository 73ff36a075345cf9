package pdf

import (
	"strings"
	"testing"
	"unicode"

	"secretariat/reports/document"
)

// withoutMarks drops the invisible marks of direction, which pdftotext writes around parts of a line, and joins what white
// space parts: pdftotext measures spaces, and drops those at the border of a number.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// Brackets in Arabic text are drawn mirrored. Whoever takes the text from the file, from the page or from the structure tree,
// finds those that were written, and punctuation beside numbers and Latin words in the order of the text.
func TestBracketsOfArabicText(t *testing.T) {
	for _, text := range []string{
		"(نص)", "قبل (نص) بعد", "«خبر» و[رقم] و{رمز} و<رقم>", // within words
		"16 (طشقند)", "طشقند 10:00 (صباحا)", "(UTC+5) نص", "نص (PDF) نص", "نص (نص UTC+5) نص", // beside numbers and Latin words
		"نص «PDF» نص",
	} {
		doc := document.Document{Meta: document.Meta{Title: "نص", Language: "ar", RightToLeft: true},
			Sections: []document.Section{{ID: "s", Blocks: []document.Block{document.Paragraph{Spans: []document.Span{{Text: text}}}}}}}
		b, _, err := Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, program := range [][]string{{"pdftotext", "FILE", "-"}, {"pdftotext", "-layout", "FILE", "-"}, {"pdfinfo", "-struct-text", "FILE"}} {
			if out := tool(t, b, program[0], append([]string(nil), program[1:]...)...); !strings.Contains(withoutMarks(out), withoutMarks(text)) {
				t.Errorf("%s gives for %q:\n%q", strings.Join(program, " "), text, out)
			}
		}
	}
}
