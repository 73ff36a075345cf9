package acts

import (
	"sync"
	"testing"
	"time"

	"secretariat/reports"
)

// composedReport is a built-in report in one language before it has a form.
type composedReport struct {
	definition *reports.Definition
	language   string
	made       reports.Rendering
	parameters reports.Parameters
}

// composedOnce keeps what several tests look at, so that each report is queried and composed once and not once per test.
type composedOnce struct {
	office func(*testing.T) *desk
	once   sync.Once
	all    []composedReport
}

var (
	onSample    = composedOnce{office: func(t *testing.T) *desk { return newsroom(t) }}
	onBeginning = composedOnce{office: beginning}
)

// reports returns every built-in report in every language, as of one moment, for readers of what is limited.
func (c *composedOnce) reports(t *testing.T) []composedReport {
	t.Helper()
	c.once.Do(func() {
		d := c.office(t)
		for _, definition := range d.Reports.All() {
			for _, language := range definition.Languages {
				o := OnDemand{Report: definition.Name, Language: language, Clearance: "limited", AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}
				_, made, p, err := d.compose(t.Context(), o)
				if err != nil {
					t.Errorf("%s in %s: %v", definition.Name, language, err)
					continue
				}
				if made.Document.Meta.Language != language {
					t.Errorf("%s in %s: the document is in %q", definition.Name, language, made.Document.Meta.Language)
				}
				c.all = append(c.all, composedReport{definition, language, made, p})
			}
		}
	})
	if len(c.all) < 60 {
		t.Fatalf("%d reports were composed, want nine or more in seven languages; the first test that asked says why", len(c.all))
	}
	return c.all
}
