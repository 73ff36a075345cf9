package acts

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

// written replaces a report of the newsroom by a file of an operator.
func (d *desk) written(name, text string) {
	d.t.Helper()
	library, err := reports.Load(templates.Reports(), fstest.MapFS{name + ".report.md": {Data: []byte(text)}})
	if err != nil {
		d.t.Fatal(err)
	}
	if faults := library.Broken(name); faults != nil {
		d.t.Fatal(faults)
	}
	d.Reports = library
}

func (d *desk) show(run int64) RunView {
	d.t.Helper()
	v, err := d.ShowRun(d.t.Context(), run)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// byState counts the letters of a run to its readers.
func (v RunView) byState() map[string]int {
	out := map[string]int{}
	for _, d := range v.Letters {
		if d.Kind != kindHeld {
			out[d.State]++
		}
	}
	return out
}

func (v RunView) actions() (out []string) {
	for _, l := range v.History {
		out = append(out, l.Action)
	}
	return out
}

// heldReport has a part that fails as long as the number of organisations is even, and one that does not.
const heldReport = `---
report: weekly-progress
title: Weekly
languages: [en]
recipients: readers
%s---
` + "```sql readers\nselect email, name, lang, person, clearance from report.subscriber('weekly-progress', :as_of)\n```\n" +
	"# {{.title}}\n## Good {#good}\n```sql work as=table track=due_on,percent\n-- @key ref\n-- @cols ref title:wide due_on:date percent:bar\n" +
	"select ref, title, due_on, percent, revisions from report.activity(:as_of, :clearance)\n```\n" +
	"## Bad {#bad}\nThe bad part.\n\n```sql faulty as=table\nselect 1 / (select count(*) - %s from report.area_progress(:as_of, :clearance)) as nothing\n```\n" +
	"### Below {#below}\nText below.\n\n## Changes {#changes}\n```changes of=work\n```\n"

// A held run has three ways out. None of them sends half a report unasked, and the owner is told once.
func TestThreeWaysOut(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	areas := fmt.Sprint(d.count(`select count(*) from report.area_progress($1, 'public')`, o.FireAt))
	broken := fmt.Sprintf(heldReport, "", areas)
	d.written("weekly-progress", broken)
	r := d.run(o)
	v := d.show(r.ID)
	readers := d.count(`select count(*) from report.subscriber('weekly-progress', $1)`, o.FireAt)
	if r.State != store.RunHeld || r.Letters != 1 || v.byState()[store.DeliverySuppressed] != readers {
		t.Fatalf("got %+v, letters %v; want one to the owner and %d held back", r, v.byState(), readers)
	}
	if want := []string{"secretariat reports release 1 --retry", "secretariat reports release 1 --drop bad", "secretariat reports release 1 --as-is"}; !slices.Equal(v.Ways, want) {
		t.Errorf("ways out: got %q, want %q", v.Ways, want)
	}
	for name, release := range map[string]Release{"unasked": {}, "again": {Retry: true}} {
		again, err := d.ReleaseRun(t.Context(), r.ID, release, "tester")
		if err != nil || again.State != store.RunHeld || len(again.Faults) != 1 || again.Faults[0].Section != "bad" || again.Letters != 0 {
			t.Errorf("released %s: got %+v, %v; want it held as before", name, again, err)
		}
	}
	if _, err := d.ReleaseRun(t.Context(), r.ID, Release{Drop: []string{"bat"}}, "tester"); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), `did you mean "bad"?`) {
		t.Errorf("an unknown section: got %v", err)
	}
	if n := d.count(`select count(*) from delivery where kind = 'report-held'`); n != 1 {
		t.Errorf("the owner was written to %d times", n)
	}
	released, err := d.ReleaseRun(t.Context(), r.ID, Release{Drop: []string{"bad"}}, "tester")
	if err != nil || released.State != store.RunReleased || released.Number != 1 || released.Letters != readers {
		t.Fatalf("without the section: got %+v, %v", released, err)
	}
	if v = d.show(r.ID); v.byState()[store.DeliveryPending] != readers || !slices.Equal(v.actions(), []string{"make", "release", "release", "release"}) {
		t.Errorf("letters %v, history %v", v.byState(), v.actions())
	}
	if again := d.run(o); !again.Again || again.Number != 1 {
		t.Errorf("the fire runs once more: %+v", again)
	}
	if _, err := d.ReleaseRun(t.Context(), r.ID, Release{AsIs: true}, "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("a second release: got %v", err)
	}
}

// What a cut leaves of a report.
func TestCutOfAReport(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	areas := fmt.Sprint(d.count(`select count(*) from report.area_progress($1, 'public')`, o.FireAt))
	d.written("weekly-progress", fmt.Sprintf(heldReport, "", areas))
	for _, row := range []struct {
		why       string
		cut       reports.Cut
		has, lack []string
	}{
		{"the section and what is below it go, without a trace", reports.Cut{Drop: []string{"bad"}}, []string{"Good", "Changes"}, []string{"The bad part", "Text below", "could not be made"}},
		{"a sentence stands in the place of the part", reports.Cut{AsIs: true}, []string{"The bad part", "Text below", "This part could not be made and is missing from this report."}, nil},
	} {
		plan, err := d.planRun(t.Context(), o, &remake{cut: row.cut})
		if err != nil || plan.State != store.RunReleased {
			t.Errorf("%s: %s, %v, %v", row.why, plan.State, plan.Faults, err)
			continue
		}
		_, made, _, err := d.composeCut(t.Context(), OnDemand{Report: "weekly-progress"}, row.cut)
		text := dump(made.Document)
		for _, s := range row.has {
			if err != nil || !strings.Contains(text, s) {
				t.Errorf("%s: no %q (%v)", row.why, s, err)
			}
		}
		for _, s := range row.lack {
			if strings.Contains(text, s) {
				t.Errorf("%s: has %q", row.why, s)
			}
		}
	}
}

// A report with a review window goes to its owner as a draft, and to its readers when the window ends: what was looked at,
// with its number. Nothing of it leaves before.
func TestReviewWindow(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	d.written("weekly-progress", fmt.Sprintf(heldReport, "release: after-review 12h\nattach: pdf, xlsx\n", "1000"))
	r := d.run(o)
	v := d.show(r.ID)
	readers := d.count(`select count(*) from report.subscriber('weekly-progress', $1)`, o.FireAt)
	if r.State != store.RunReview || r.Number != 0 || v.byState()[store.DeliveryPlanned] != readers {
		t.Fatalf("got %+v, letters %v", r, v.byState())
	}
	owner := v.Letters[slices.IndexFunc(v.Letters, func(l store.Delivery) bool { return l.Kind == kindHeld })]
	d.inTx(func(tx *store.Tx) error {
		parts, reason, err := reportHeldLetter(t.Context(), d.Acts, tx, owner)
		if err != nil || reason != "" || len(parts.Attachments) != 2 || !strings.HasSuffix(parts.Attachments[0].Name, "-draft.pdf") {
			t.Errorf("the owner's letter: %+v, %q, %v", parts.Attachments, reason, err)
		}
		for _, want := range []string{"Koʻrib chiqish uchun: Weekly", "2026-yil 23-noyabr, 21:00", "secretariat reports hold 1", "secretariat reports release 1"} {
			if text := parts.Letter.Subject + "\n" + strings.Join(strings.Fields(parts.Letter.Text), " "); !strings.Contains(text, want) {
				t.Errorf("the owner's letter lacks %q:\n%s", want, parts.Letter.Text)
			}
		}
		return nil
	})
	at := func(clock string) RunView {
		d.clock(clock)
		d.inTx(func(tx *store.Tx) error { // another replica may look at the letters before the run is released
			_, err := tx.PromoteDeliveries(t.Context(), 1000)
			return err
		})
		if v := d.show(r.ID); v.byState()[store.DeliveryPlanned] != readers {
			t.Errorf("%s: letters leave before the report is released: %v", clock, v.byState())
		}
		if err := d.ReleaseReviewed(t.Context()); err != nil {
			t.Fatal(err)
		}
		return d.show(r.ID)
	}
	if v = at("2026-11-23T20:59:00+05:00"); v.Run.State != store.RunReview || v.byState()[store.DeliveryPlanned] != readers {
		t.Errorf("a minute before: %s, %v", v.Run.State, v.byState())
	}
	draft, _, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public"})
	if err != nil {
		t.Fatal(err)
	}
	// The data change between the look and the release: what was looked at is sent.
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update activity set title = '{"en": "Changed after the look"}'`)
		return err
	})
	if v = at("2026-11-23T21:00:30+05:00"); v.Run.State != store.RunReleased || v.Run.Number == nil || *v.Run.Number != 1 || v.byState()[store.DeliveryPending] != readers {
		t.Fatalf("at the end of the window: %s, %v, %v", v.Run.State, v.Run.Number, v.byState())
	}
	final, f, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public"})
	if err != nil || bytes.Equal(final, draft) || f.Name != "weekly-progress-2026-11-23-en-public.pdf" {
		t.Errorf("the report: %s, %v", f.Name, err)
	}
	if book, _, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public", Format: "xlsx"}); err != nil || !bytes.HasPrefix(book, []byte("PK")) {
		t.Errorf("the workbook: %d bytes, %v", len(book), err)
	}
	d.inTx(func(tx *store.Tx) error {
		kept := map[string][]byte{}
		for _, f := range v.Files {
			kept[f.Variant+f.Format], _, err = tx.Artefact(t.Context(), f.SHA256)
		}
		one, err := reports.DecodeDraft(kept["en-public"+formatDocument])
		if err != nil || !strings.Contains(one.Numbered(1).Meta.Foot, "1") || strings.Contains(dump(one.Document), "Changed after the look") {
			t.Errorf("the kept document: %v", err)
		}
		return err
	})
}

// hold stops a run in review; release then sends what was looked at.
func TestHoldInReview(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	d.written("weekly-progress", fmt.Sprintf(heldReport, "release: after-review 2h\n", "1000"))
	r := d.run(o)
	readers := d.show(r.ID).byState()[store.DeliveryPlanned]
	h, err := d.HoldRun(t.Context(), r.ID, "", "tester")
	if err != nil || h.Letters != readers || h.Gone != 0 {
		t.Fatalf("got %+v, %v; want %d letters held", h, err, readers)
	}
	d.clock("2026-11-25T09:00:00+05:00")
	if err := d.ReleaseReviewed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := d.show(r.ID); v.Run.State != store.RunHeld || v.byState()[store.DeliverySuppressed] != readers {
		t.Errorf("after the window: %s, %v", v.Run.State, v.byState())
	}
	if _, err := d.HoldRun(t.Context(), r.ID, "", "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("held twice: %v", err)
	}
	released, err := d.ReleaseRun(t.Context(), r.ID, Release{}, "tester")
	if err != nil || released.Number != 1 || released.Letters != readers {
		t.Fatalf("got %+v, %v", released, err)
	}
	// Half of the letters leave, the rest is held and let go again: each reader gets one.
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sent', sent_at = $1 where state = 'pending' and id % 2 = 0 and kind = 'report'`, tx.Now)
		return err
	})
	half := d.count(`select count(*) from delivery where state = 'sent'`)
	if h, err = d.HoldRun(t.Context(), r.ID, "a wrong figure", "tester"); err != nil || h.Letters != readers-half || h.Gone != half {
		t.Errorf("on the way: got %+v, %v; want %d held and %d gone", h, err, readers-half, half)
	}
	if again, err := d.ReleaseRun(t.Context(), r.ID, Release{}, "tester"); err != nil || again.Number != 1 || again.Letters != readers-half {
		t.Errorf("let go again: %+v, %v", again, err)
	}
	if n := d.count(`select count(distinct address) from delivery where kind = 'report' and state in ('sent', 'pending')`); n != readers {
		t.Errorf("%d readers of %d get a letter", n, readers)
	}
	if _, err := d.ReleaseRun(t.Context(), r.ID, Release{Retry: true}, "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("made again after it went out: %v", err)
	}
}

// resend --failed sends only the failed letters once more, each as a row that names the old one.
func TestResendRun(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	r := d.run(weekly(t, d))
	if _, err := d.ResendRun(t.Context(), r.ID, true, "", "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("nothing failed yet: %v", err)
	}
	set := func(state string, where string) {
		d.inTx(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update delivery set state = $1, sent_at = $2 where run_id = $3 and `+where, state, tx.Now, r.ID)
			return err
		})
	}
	set("sent", "true")
	set("failed", "id % 3 = 0")
	set("uncertain", "id % 3 = 1 and id % 2 = 0")
	failed, uncertain := d.count(`select count(*) from delivery where state = 'failed'`), d.count(`select count(*) from delivery where state = 'uncertain'`)
	again, err := d.ResendRun(t.Context(), r.ID, true, "the relay was misconfigured", "tester")
	if err != nil || len(again.Letters) != failed || again.Uncertain != uncertain || uncertain == 0 {
		t.Fatalf("got %+v, %v; want %d letters, %d uncertain", again, err, failed, uncertain)
	}
	if n := d.count(`select count(*) from delivery n join delivery o on o.id = n.resend_of where o.state = 'failed' and n.state = 'pending' and n.message_id <> o.message_id`); n != failed {
		t.Errorf("%d new letters name a failed one, want %d", n, failed)
	}
	if _, err := d.ResendRun(t.Context(), r.ID, true, "", "tester"); !errors.Is(err, ErrRefused) {
		t.Errorf("the failed ones are on their way already: %v", err)
	}
	sent := d.count(`select count(*) from delivery where state = 'sent'`)
	if all, err := d.ResendRun(t.Context(), r.ID, false, "", "tester"); err != nil || len(all.Letters) != sent {
		t.Errorf("all: got %d, %v; want %d", len(all.Letters), err, sent)
	}
}

// A reprint is the bytes that were sent; bytes that were changed in the database are refused, and named by show.
func TestReprint(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	r := d.run(weekly(t, d))
	before, f, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public"})
	if err != nil {
		t.Fatal(err)
	}
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update activity set percent = 1`)
		return err
	})
	if again, _, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public"}); err != nil || !bytes.Equal(before, again) {
		t.Errorf("the data changed, and so did the reprint: %v", err)
	}
	for why, bad := range map[string]Reprint{
		"no variant named":    {Run: r.ID},
		"an unknown variant":  {Run: r.ID, Variant: "de"},
		"a form that is none": {Run: r.ID, Variant: "en-public", Format: "xlsx"},
		"an unknown run":      {Run: 99},
	} {
		if _, _, err := d.ReprintRun(t.Context(), bad); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v", why, err)
		}
	}
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update artefact set bytes = set_byte(bytes, 100, 255 - get_byte(bytes, 100)) where encode(sha256, 'hex') = $1`, f.SHA256)
		return err
	})
	if _, _, err := d.ReprintRun(t.Context(), Reprint{Run: r.ID, Variant: "en-public"}); !errors.Is(err, store.ErrTampered) {
		t.Errorf("a tampered file: got %v", err)
	}
	damaged := 0
	for _, one := range d.show(r.ID).Files {
		if one.Fault != "" {
			damaged++
		}
	}
	if damaged != 1 {
		t.Errorf("show names %d damaged files, want 1", damaged)
	}
}

// The forecast tells the truth about reports that will be held or reviewed: what it lists is what then happens.
func TestForecastOfHeldAndReviewed(t *testing.T) {
	t.Parallel()
	d := newsroom(t)
	o := weekly(t, d)
	d.clock("2026-11-23T08:59:00+05:00")
	areas := fmt.Sprint(d.count(`select count(*) from report.area_progress($1, 'public')`, o.FireAt))
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	kinds := func(until time.Time) (sent, held map[string]int) {
		f, err := d.Forecast(t.Context(), day, until)
		if err != nil {
			t.Fatal(err)
		}
		sent, held = map[string]int{}, map[string]int{}
		for _, l := range f.Letters {
			sent[l.Kind]++
		}
		for _, l := range f.HeldBack {
			if l.Kind == "report" && !strings.HasPrefix(l.Why, `the report would be held: weekly-progress.report.md:`) {
				t.Errorf("held back because %q", l.Why)
			}
			held[l.Kind]++
		}
		return sent, held
	}
	readers := d.count(`select count(*) from report.subscriber('weekly-progress', $1)`, o.FireAt)
	d.written("weekly-progress", fmt.Sprintf(heldReport, "", areas))
	if sent, held := kinds(o.FireAt.Add(time.Hour)); sent["report"] != 0 || sent[kindHeld] != 1 || held["report"] != readers {
		t.Errorf("held: sent %v, held back %v", sent, held)
	}
	d.written("weekly-progress", fmt.Sprintf(heldReport, "release: after-review 3h\n", "1000"))
	if sent, _ := kinds(o.FireAt.Add(time.Hour)); sent["report"] != 0 || sent[kindHeld] != 1 {
		t.Errorf("in review: %v", sent)
	}
	if sent, _ := kinds(o.FireAt.Add(4 * time.Hour)); sent["report"] != readers || sent[kindHeld] != 1 {
		t.Errorf("after the review: %v", sent)
	}
	d.clock("2026-11-23T09:00:01+05:00")
	d.run(o)
	if sent, _ := kinds(o.FireAt.Add(4 * time.Hour)); sent["report"] != readers || sent[kindHeld] != 1 {
		t.Errorf("once it is made: %v", sent)
	}
}
