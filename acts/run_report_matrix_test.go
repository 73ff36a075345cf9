package acts

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"secretariat/reports/pdf"
	"secretariat/store/storetest"
)

var matrix = flag.Bool("matrix", false, "make every built-in report in every language with 2,000 activities, and check all files")

// With 2,000 activities every built-in report is sound and whole. All of them in all languages are minutes of work, which
// script/matrix does; each time the tests run they make the weekly report in its first language.
func TestManyActivities(t *testing.T) {
	d := newsroom(t)
	storetest.Grow(t, d.Store, 2000)
	for _, definition := range d.Reports.All() {
		for i, language := range definition.Languages {
			if !*matrix && (i > 0 || definition.Name != "weekly-progress") {
				continue
			}
			t.Run(definition.Name+" "+language, func(t *testing.T) {
				o := OnDemand{Report: definition.Name, Language: language, Clearance: "limited", AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}
				_, made, _, err := d.compose(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				b, pages, err := pdf.Render(made.Document)
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.TempDir(), definition.Name+"."+language+".pdf")
				if *keepFiles != "" {
					file = filepath.Join(*keepFiles, filepath.Base(file))
				}
				if err := os.WriteFile(file, b, 0o644); err != nil {
					t.Fatal(err)
				}
				t.Logf("%d pages, %d KB", pages, len(b)>>10)
				soundPDF(t, file)
				wholeText(t, file, made.Document)
				embedded(t, file, made.Document)
				checkOtherForms(t, made.Document)
			})
		}
	}
}
