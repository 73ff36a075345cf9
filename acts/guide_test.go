package acts

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

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
