package main

import (
	"bytes"
	"strings"
	"testing"

	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
)

func BenchmarkReport(b *testing.B) {
	for _, row := range []struct {
		name, language string
		times          int
	}{{"10pages", "en", 1}, {"200pages", "en", 20}, {"zh", "zh", 1}, {"ar", "ar", 1}} {
		d := newContent(row.language, row.times).toDocument(row.language)
		for _, program := range []string{"secretariat", "gofpdf"} {
			b.Run(row.name+"/"+program, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := make1(program, d); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// The content is that of the targets: about ten pages, in all languages.
func TestContent(t *testing.T) {
	for language := range vocabularies {
		_, pages, err := pdf.Render(newContent(language, 1).toDocument(language))
		if err != nil || pages < 6 || pages > 13 {
			t.Errorf("%s: %d pages, want about 10 (%v)", language, pages, err)
		}
	}
}

// Drawing, finishing and tagging may cost 1.5 times what plain gofpdf costs for the same pages without tags; measured
// 0.4 to 0.6. CPU time, one run, so that a busy machine does not decide.
func TestRatioToPlainGofpdf(t *testing.T) {
	l, err := typeset.Set(newContent("en", 1).toDocument("en"))
	if err != nil {
		t.Fatal(err)
	}
	ours := cpuPer(10, func() error { _, err := pdf.Draw(l, pdf.BuiltIn()); return err })
	base := cpuPer(10, func() error { _, err := plain(l); return err })
	if ratio := ms(ours) / ms(base); ratio > 1.5 {
		t.Errorf("drawing costs %.2f times plain gofpdf, want at most 1.5", ratio)
	}
}

func TestHTML(t *testing.T) {
	var out bytes.Buffer
	if err := writeHTML(&out, newContent("en", 1)); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "<tr>"); n != 153 || strings.Count(out.String(), "<svg") != 4 {
		t.Errorf("%d rows, want 153, and 4 charts", n)
	}
}
