package typeset_test

import (
	"strconv"
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
)

// tenPages has three tables of fifty rows and four charts, as REPORTS of the design measures.
func tenPages(lang string, tables int) document.Document {
	d := sample(lang, 50)
	plan := d.Sections[4]
	for i := 1; i < tables; i++ {
		again := plan
		again.ID += strconv.Itoa(i)
		d.Sections = append(d.Sections, again)
	}
	return d
}

func benchmark(b *testing.B, lang string, tables int, draw bool) {
	d, f := tenPages(lang, tables), fonts()
	pages := 0
	for b.Loop() {
		l, err := typeset.Set(d)
		if err != nil {
			b.Fatal(err)
		}
		pages = len(l.Pages)
		if !draw {
			continue
		}
		if _, err := pdf.Draw(l, f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(pages), "pages")
}

func BenchmarkSet10Pages(b *testing.B)        { benchmark(b, "en", 4, false) }
func BenchmarkSet10PagesArabic(b *testing.B)  { benchmark(b, "ar", 4, false) }
func BenchmarkSet10PagesChinese(b *testing.B) { benchmark(b, "zh", 4, false) }
func BenchmarkSet200Pages(b *testing.B)       { benchmark(b, "en", 97, false) }
func BenchmarkDraw10Pages(b *testing.B)       { benchmark(b, "en", 4, true) }
func BenchmarkDraw200Pages(b *testing.B)      { benchmark(b, "en", 97, true) }
