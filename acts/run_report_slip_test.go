package acts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

// windowReport looks at what is due from a fortnight ago to a month ahead: rows leave it by the passing of time alone.
const windowReport = `---
report: window
title: Due soon
languages: [en]
recipients: readers
---
` + "```sql readers\nselect email, name, lang, person, clearance from report.subscriber('weekly-progress', :as_of)\n```\n" +
	"```labels\ndue_on = Due\n```\n# {{.title}}\n## Soon {#soon}\n```sql soon as=none track=due_on,status\n-- @key ref\n-- @cols title due_on:date status\n" +
	"select ref, title, due_on, status, revisions from report.activity(:as_of, :clearance) where due_on between :as_of::date - 14 and :as_of::date + 31\n```\n" +
	"## Changes {#changes}\n```changes of=soon\n```\n"

// From rows to the page: a report is delivered, then a due date moves from the past to the future in the programme file, an
// activity is retired and another one only leaves the window of dates. The next report says by how many days the first
// slipped, with the number of the revision, that the second is withdrawn, and nothing of the third.
func TestSlipOnThePage(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	library, err := reports.Load(templates.Reports(), fstest.MapFS{"window.report.md": {Data: []byte(windowReport)}})
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	occasions := []Occasion{weekly(t, d), {Report: "window", FireAt: weekly(t, d).FireAt}}
	var first []int64
	for _, o := range occasions {
		first = append(first, d.run(o).ID)
	}
	d.inTx(func(tx *store.Tx) error { // both are delivered
		_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sent', sent_at = $1 where kind = 'report'`, tx.Now)
		return err
	})
	d.clock("2026-11-25T10:00:00+05:00")
	d.applied(sampleText(t, "    due_on: 2026-11-15\n    original_due_on: 2026-05-31\n    percent: 92\n    revisions:\n",
		"    due_on: 2026-12-30\n    original_due_on: 2026-05-31\n    percent: 92\n    revisions:\n",
		"         by: X-abdurazzoqova}\n    milestones:\n      - {ref: X-PRJ-03-M1,",
		"         by: X-abdurazzoqova}\n      - {date: 2026-11-25, from: 2026-11-15, to: 2026-12-30, reason: {en: The printer is late.}, by: X-abdurazzoqova}\n"+
			"    milestones:\n      - {ref: X-PRJ-03-M1,"), ApplyRequest{})
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update activity set retired_at = $1 where ref = 'X-FIN-04'`, tx.Now)
		return err
	})
	d.clock("2026-11-30T09:00:00+05:00")
	const (
		slipped, retired, left = "Joint study: drivers of recruitment among labour migrants", "X-FIN-04", "Pocket guide: preserving digital evidence at the scene"
		words                  = "Due: 15 Nov 2026 → 30 Dec 2026 (slip of 45 days, revision 3)"
	)
	var retiredTitle string
	d.inTx(func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &retiredTitle, `select title ->> 'en' from activity where ref = $1`, retired)
	})
	for i, o := range occasions {
		o.FireAt = o.FireAt.AddDate(0, 0, 7)
		second := d.run(o)
		if second.State != store.RunReleased || second.Number == 0 {
			t.Fatalf("%s: got %+v", o.Report, second)
		}
		changes := changesOnThePage(t, d, second.ID)
		row := changes[max(0, strings.Index(changes, flat(slipped))):]
		if want := flat(slipped) + "changed" + flat(words); !strings.HasPrefix(row, want) {
			t.Errorf("%s: the page has %.200q, want %q", o.Report, row, want)
		}
		if !strings.Contains(changes, flat(retiredTitle)+"withdrawn") {
			t.Errorf("%s: %q is not told as withdrawn in %q", o.Report, retiredTitle, changes)
		}
		if strings.Contains(changes, flat(left)) {
			t.Errorf("%s: %q only left the window and is told", o.Report, left)
		}
		diff, err := d.DiffRuns(t.Context(), first[i], second.ID, "public")
		at := slices.IndexFunc(diff.Changes, func(c reports.RowChange) bool { return c.Key == "X-PRJ-03" })
		if err != nil || at < 0 || diff.Changes[at].SlipDays != 45 || diff.Changes[at].Revision != 3 {
			t.Errorf("%s: diff has %+v, %v; want a slip of 45 days, revision 3", o.Report, diff.Changes, err)
		}
		if back, err := d.DiffRuns(t.Context(), second.ID, first[i], "public"); err != nil || len(back.Changes) != len(diff.Changes) {
			t.Errorf("%s: the other way round there are %d changes, %v; want %d", o.Report, len(back.Changes), err, len(diff.Changes))
		}
	}
	for why, pair := range map[string][2]int64{"runs of two reports": {first[0], first[1]}, "an unknown run": {first[0], 99}} {
		if diff, err := d.DiffRuns(t.Context(), pair[0], pair[1], ""); err == nil {
			t.Errorf("%s: got %d changes and no error", why, len(diff.Changes))
		}
	}
}

// changesOnThePage is the text of the section of changes in the PDF that was sent to the public in English, without space.
func changesOnThePage(t *testing.T, d *desk, run int64) string {
	t.Helper()
	b, _, err := d.ReprintRun(t.Context(), Reprint{Run: run, Variant: "en-public"})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, table := range treeTables(runTool(t, "pdfinfo", "-struct-text", file)) {
		if len(table) > 0 && slices.Contains(table[0], "Change") {
			var text strings.Builder
			for _, row := range table {
				text.WriteString(flat(strings.Join(row, "")) + "\n")
			}
			return text.String()
		}
	}
	t.Fatal("no table of changes on the page")
	return ""
}

// flat is a text without space.
func flat(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), "")
}
