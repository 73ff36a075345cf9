package acts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"secretariat/store"
)

// droppableReport tracks rows in the section that fails as long as the number of areas is %s.
const droppableReport = "---\nreport: weekly-progress\ntitle: Weekly\nlanguages: [en]\nrecipients: readers\n---\n" +
	"```sql readers\nselect email, name, lang, person, clearance from report.subscriber('weekly-progress', :as_of)\n```\n" +
	"```labels\ndue_on = Due\npercent = Progress\n```\n# {{.title}}\n" +
	"## Work {#work}\n```sql faulty\nselect 1 / (select count(*) - %s from report.area_progress(:as_of, :clearance)) as nothing\n```\n" +
	"```sql rows as=none track=due_on,percent\n-- @key ref\n-- @cols title due_on:date percent:bar\n" +
	"select ref, title, due_on, percent, revisions from report.activity(:as_of, :clearance)\n```\n" +
	"## Changes {#changes}\n```changes of=rows\n```\n## Rest {#rest}\nThe rest.\n"

// What is not told because its section was dropped is news next time: the rows that were told last stay the ones to
// compare with, though the data changed and a report went out in between.
func TestTrackedRowsOfADroppedSection(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	areas := fmt.Sprint(d.count(`select count(*) from report.area_progress($1, 'public')`, o.FireAt))
	const healthy = "1000"
	progress := func(percent int) {
		d.inTx(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `
				insert into activity_update (activity_id, updated_on, percent, note, by_id) select id, $1::date, $2, '{"en": "News"}', focal_point_id
				from   activity where ref = 'X-EXC-01'`, tx.Now, percent)
			return err
		})
	}
	delivered := func(run int64) {
		d.inTx(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sent', sent_at = $1 where run_id = $2 and state = 'pending'`, tx.Now, run)
			return err
		})
	}
	d.written("weekly-progress", fmt.Sprintf(droppableReport, healthy))
	first := d.run(o)
	delivered(first.ID)

	d.clock("2026-11-30T09:00:00+05:00")
	progress(88)
	o.FireAt = o.FireAt.AddDate(0, 0, 7)
	d.written("weekly-progress", fmt.Sprintf(droppableReport, areas))
	second := d.run(o)
	if second.State != store.RunHeld {
		t.Fatalf("the broken report: got %+v", second)
	}
	released, err := d.ReleaseRun(t.Context(), second.ID, Release{Drop: []string{"work"}}, "tester")
	if err != nil || released.State != store.RunReleased {
		t.Fatalf("without the section: got %+v, %v", released, err)
	}
	delivered(second.ID)
	kept := map[int64]string{}
	d.inTx(func(tx *store.Tx) error {
		for _, run := range []int64{first.ID, second.ID} {
			snapshots, err := tx.RunSnapshots(t.Context(), run)
			if err != nil {
				return err
			}
			kept[run] = string(snapshots["public"]["rows"]) // packed: the same rows are the same bytes
		}
		return nil
	})
	diff, err := d.DiffRuns(t.Context(), first.ID, second.ID, "public")
	if kept[first.ID] != kept[second.ID] || kept[first.ID] == "" || err != nil || len(diff.Changes) != 0 {
		t.Errorf("the second run keeps %d bytes, the first kept %d; they differ in %+v (%v)", len(kept[second.ID]), len(kept[first.ID]), diff.Changes, err)
	}

	d.clock("2026-12-07T09:00:00+05:00")
	o.FireAt = o.FireAt.AddDate(0, 0, 7)
	d.written("weekly-progress", fmt.Sprintf(droppableReport, healthy))
	third := d.run(o)
	if changes := changesOnThePage(t, d, third.ID); !strings.Contains(changes, flat("Quarterly exchange of publications changed Progress: 82% → 88%")) {
		t.Errorf("the third run does not tell what the second left out: %q", changes)
	}
}

// A report whose automatic release fails goes to nobody: it is held with the reason, its owner is told once, and the
// person who makes it again sends it.
func TestFailedAutomaticRelease(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	d.written("weekly-progress", fmt.Sprintf(heldReport, "release: after-review 2h\n", "1000"))
	r := d.run(o)
	readers := d.show(r.ID).byState()[store.DeliveryPlanned]
	d.inTx(func(tx *store.Tx) error { // the kept document is damaged
		_, err := tx.ExecContext(t.Context(), `update artefact set bytes = set_byte(bytes, 20, 255 - get_byte(bytes, 20)) where sha256 in
			(select sha256 from run_artefact where run_id = $1 and format = $2)`, r.ID, formatDocument)
		return err
	})
	d.clock("2026-11-23T11:00:30+05:00")
	if err := d.ReleaseReviewed(t.Context()); err == nil {
		t.Error("the pass says nothing of the failure")
	}
	v := d.show(r.ID)
	if v.Run.State != store.RunHeld || !strings.HasPrefix(v.Run.Reason, "the release failed: ") || v.Run.Number != nil {
		t.Errorf("got state %s, reason %q, number %v", v.Run.State, v.Run.Reason, v.Run.Number)
	}
	if got := v.byState(); got[store.DeliverySuppressed] != readers || readers == 0 || len(got) != 1 {
		t.Errorf("letters to readers: %v, want %d held back", got, readers)
	}
	told := func() int {
		return d.count(`select count(*) from delivery where run_id = $1 and kind = 'report-held'`, r.ID)
	}
	if told() != 2 { // one for the review, one for the failure
		t.Errorf("the owner was written to %d times, want 2", told())
	}
	owner := v.Letters[slices.IndexFunc(v.Letters, func(l store.Delivery) bool {
		return l.Kind == kindHeld && l.CreatedAt.Equal(v.Letters[len(v.Letters)-1].CreatedAt)
	})]
	d.inTx(func(tx *store.Tx) error {
		parts, reason, err := reportHeldLetter(t.Context(), d.Acts, tx, owner)
		if err != nil || reason != "" || !strings.Contains(strings.Join(strings.Fields(parts.Letter.Text), " "), "secretariat reports release 1 --retry") {
			t.Errorf("the owner's letter: %q, %v\n%s", reason, err, parts.Letter.Text)
		}
		return nil
	})
	if err := d.ReleaseReviewed(t.Context()); err != nil || told() != 2 {
		t.Errorf("the next pass: %v, the owner is written to %d times", err, told())
	}
	if _, err := d.ReleaseRun(t.Context(), r.ID, Release{}, "tester"); err == nil {
		t.Error("the damaged document goes out")
	}
	released, err := d.ReleaseRun(t.Context(), r.ID, Release{Retry: true}, "tester")
	if err != nil || released.Number != 1 || released.Letters != readers {
		t.Errorf("made again: got %+v, %v; want number 1 and %d letters", released, err, readers)
	}
}
