package acts

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

// The reports that were written from the guide alone are checked, rendered in their languages with rows in every part, and in the
// forms that they attach.
func TestExampleReports(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	library, err := reports.Load(templates.Reports(), os.DirFS("../examples/reports"))
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	for name, want := range map[string][]string{
		"cash-position":     {"were received, and", "= Contribution of the Government", "expenditure", "document.Donut"},
		"attendance-record": {"were held;", "= Central Asia Regional Expert Council", "Fourth session", "days left"},
	} {
		definition, err := library.Definition(name)
		if err != nil {
			t.Fatal(err)
		}
		if faults, err := d.CheckReport(t.Context(), definition); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v, %v", name, faults, err)
		}
		for _, language := range definition.Languages {
			o := OnDemand{Report: name, Language: language, Clearance: "limited", Since: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}
			_, made, p, err := d.compose(t.Context(), o)
			if err != nil {
				t.Errorf("%s in %s: %v", name, language, err)
				continue
			}
			for _, words := range want {
				if text := dump(made.Document); language == "en" && !strings.Contains(text, words) {
					t.Errorf("%s: no %q in\n%s", name, words, text)
				}
			}
			for _, format := range []string{"pdf", "html", "xlsx", "csv"} {
				if b, _, err := d.form(definition, made, p, format); err != nil || len(b) < 200 {
					t.Errorf("%s in %s as %s: %d bytes, %v", name, language, format, len(b), err)
				}
			}
		}
	}
}

// The worked example of the author's guide is checked against the database, rendered in its languages, and run.
func TestGuideExample(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)\n````markdown\n(.*?)\n````\n").FindAllSubmatch(guide, -1)
	if len(examples) != 2 {
		t.Fatalf("the guide has %d examples, want the report and its overlay", len(examples))
	}
	d := newsroom(t)
	o := weekly(t, d)
	library, err := reports.Load(templates.Reports(), fstest.MapFS{
		"overdue-work.report.md": {Data: append(examples[0][1], '\n')}, "overdue-work.ru.md": {Data: append(examples[1][1], '\n')}})
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	definition, err := library.Definition("overdue-work")
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := d.CheckReport(t.Context(), definition); err != nil || len(faults) > 0 {
		t.Fatalf("check: %v, %v", faults, err)
	}
	for lang, want := range map[string]string{"en": "The longest delay is that of", "ru": "Дольше всего задерживается"} {
		_, made, _, err := d.compose(t.Context(), OnDemand{Report: "overdue-work", Language: lang, Clearance: "limited", AsOf: o.FireAt})
		if text := dump(made.Document); err != nil || !strings.Contains(text, want) {
			t.Errorf("%s: no %q, %v:\n%s", lang, want, err, text)
		}
		if _, r, err := d.Render(t.Context(), OnDemand{Report: "overdue-work", Language: lang, AsOf: o.FireAt}); err != nil || r.Pages == 0 {
			t.Errorf("%s: %+v, %v", lang, r, err)
		}
	}
	r := d.run(Occasion{Schedule: o.Schedule, Report: "overdue-work", FireAt: o.FireAt})
	if r.State != store.RunReview || r.Letters == 0 {
		t.Errorf("run: got %+v, want it in review", r)
	}
}
