package acts

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"secretariat/reports/pdf"
	"secretariat/store/storetest"
)

var matrix = flag.Bool("matrix", false, "make every report in every language with every programme, and check all files")

// On a programme that has only begun, on the sample, with 2,000 activities and with hostile ones, every report is sound and
// whole in every language. All of them are minutes of work, which script/matrix does; each time the tests run they make those
// that have found most.
func TestReportMatrix(t *testing.T) {
	languages := []string{"en", "fr", "es", "ru", "uz", "ar", "zh"}
	for _, c := range []struct {
		programme string
		office    func(*testing.T) *desk
		cells     int      // that each report has at least
		always    []string // made each time, "report.language"
	}{
		{"empty", beginning, 0, nil}, // TestReportsAsOthersReadThem makes all of these two
		{"sample", func(t *testing.T) *desk { return newsroom(t) }, 20, nil},
		{"many", manyOffice, 20, []string{"weekly-progress.en"}},
		{"hostile", hostileOffice, 20, []string{"hostile.en", "hostile.ar", "hostile.zh", "weekly-progress.en"}},
	} {
		if !*matrix && c.always == nil {
			continue
		}
		d := c.office(t)
		for _, definition := range d.Reports.All() {
			if missing := slices.DeleteFunc(slices.Clone(languages), func(l string) bool { return slices.Contains(definition.Languages, l) }); len(missing) > 0 {
				t.Errorf("%s: %s is not written in %v", c.programme, definition.Name, missing)
			}
			for _, language := range definition.Languages {
				name := definition.Name + "." + language
				if *matrix || slices.Contains(c.always, name) {
					t.Run(c.programme+" "+name, func(t *testing.T) { checkReport(t, d, c.programme, definition.Name, language, c.cells) })
				}
			}
		}
	}
}

// manyOffice is the sample with 2,000 activities.
func manyOffice(t *testing.T) *desk {
	d := newsroom(t)
	storetest.Grow(t, d.Store, 2000)
	return d
}

// checkReport makes one report and lets other programs judge it.
func checkReport(t *testing.T, d *desk, programme, report, language string, cells int) {
	t.Helper()
	o := OnDemand{Report: report, Language: language, Clearance: "limited", AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}
	_, made, _, err := d.compose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel() // what follows needs no database
	b, pages, err := pdf.Render(made.Document)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if *keepFiles != "" {
		folder = filepath.Join(*keepFiles, programme)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(folder, report+"."+language+".pdf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pages, %d KB", pages, len(b)>>10)
	soundPDF(t, file)
	if n := wholeText(t, file, made.Document); n < cells {
		t.Errorf("%d cells compared, want %d or more", n, cells)
	}
	embedded(t, file, made.Document)
	checkOtherForms(t, made.Document)
}
