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

// newsroom is the sample's installation with its reports.
func newsroom(t *testing.T, replacements ...string) *desk {
	t.Helper()
	d := newBureau(t)
	library, err := reports.Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	d.Mail.PublicURL = "https://council.example"
	d.applied(sampleText(t, replacements...), ApplyRequest{})
	return d
}

// weekly is the fire of the sample's weekly report.
func weekly(t *testing.T, d *desk) Occasion {
	t.Helper()
	var schedule int64
	d.inTx(func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &schedule, `select id from schedule where ref = 'X-SCH-WEEKLY'`)
	})
	fire := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	d.clock("2026-11-23T09:00:00+05:00")
	return Occasion{Schedule: schedule, Report: "weekly-progress", FireAt: fire}
}

func (d *desk) run(o Occasion) RunResult {
	d.t.Helper()
	r, err := d.RunReport(d.t.Context(), o)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// Running twice for one fire changes nothing the second time.
func TestRunReport(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	began := time.Now()
	plan, err := d.PlanRun(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d renderings, %d letters, %s", len(plan.Renderings), len(plan.Letters), time.Since(began))
	if plan.State != store.RunReleased || len(plan.Faults) > 0 {
		t.Fatalf("got state %s, %v", plan.State, plan.Faults)
	}
	first := d.run(o)
	if first.Number != 1 || first.Letters != len(plan.Letters) || first.State != store.RunReleased {
		t.Errorf("got %+v, want number 1 and %d letters", first, len(plan.Letters))
	}
	before := d.tables()
	if again := d.run(o); !again.Again || again.ID != first.ID || again.Number != 1 {
		t.Errorf("second time: got %+v", again)
	}
	if d.tables() != before {
		t.Error("the second time changed the database")
	}
	people := d.count(`select count(*) from report.subscriber('weekly-progress', $1)`, o.FireAt)
	if first.Letters != people || d.count(`select count(distinct person_id) from delivery where run_id = $1`, first.ID) != people {
		t.Errorf("got %d letters, want one for each of %d readers", first.Letters, people)
	}
}

// Same data, same moment, same bytes, in another process order too.
func TestRunIsDeterministic(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	a, err := d.PlanRun(t.Context(), o)
	b, err2 := d.PlanRun(t.Context(), o)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for i := range a.Renderings {
		if !bytes.Equal(a.Renderings[i].PDF, b.Renderings[i].PDF) || !bytes.Equal(a.Renderings[i].letter, b.Renderings[i].letter) {
			t.Errorf("%s differs", a.Renderings[i].Variant)
		}
	}
}

// What is confidential is in no rendering that is mailed, whatever the reader's clearance; what is limited is in none for
// the public: not in a table, a total, a chart, a subject or a count.
func TestClearance(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	plan, err := d.PlanRun(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var hidden []struct{ Ref, Title, Level string }
	d.inTx(func(tx *store.Tx) error {
		return tx.SelectContext(t.Context(), &hidden, `
			select ref, x.value as title, confidentiality as level from activity, jsonb_each_text(title) x where confidentiality <> 'public'`)
	})
	if len(hidden) < 10 {
		t.Fatalf("the sample has %d hidden titles", len(hidden))
	}
	counts := map[string]string{}
	for _, r := range plan.Renderings {
		if r.Clearance == "confidential" {
			t.Errorf("%s is mailed", r.Variant)
		}
		for _, h := range hidden {
			if h.Level == "limited" && r.Clearance == "limited" {
				continue
			}
			if bytes.Contains(r.letter, []byte(h.Title)) || strings.Contains(r.Subject, h.Title) || strings.Contains(fmt.Sprint(r.snapshot), h.Ref) {
				t.Errorf("%s shows %s", r.Variant, h.Ref)
			}
		}
		if r.snapshot != nil {
			counts[r.Clearance] = fmt.Sprint(len(r.snapshot["tracked_activities"].Rows))
		}
	}
	for level, visible := range map[string]string{"public": `('public')`, "limited": `('public', 'limited')`} {
		if want := fmt.Sprint(d.count(`select count(*) from activity where confidentiality in ` + visible)); counts[level] != want {
			t.Errorf("%s: %s activities tracked, want %s", level, counts[level], want)
		}
	}
	for _, r := range plan.Renderings {
		kept, err := reports.DecodeLetter(r.letter)
		if err != nil || (kept.Mark != "") != (r.Clearance == "limited") {
			t.Errorf("%s: mark %q, %v", r.Variant, kept.Mark, err)
		}
	}
}

// A report whose query fails is held: nobody outside gets anything, the owner one letter that names the line.
func TestHeld(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	broken := "---\nreport: weekly-progress\ntitle: Weekly\nrecipients: readers\n---\n```sql readers\nselect email, name, lang from report.subscriber('weekly-progress', :as_of)\n```\n## S {#s}\n```sql x as=table\nselect 1 / (:as_of::date - :as_of::date) as nothing\n```\n"
	library, err := reports.Load(templates.Reports(), fstest.MapFS{"weekly-progress.report.md": {Data: []byte(broken)}})
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	r := d.run(o)
	if r.State != store.RunHeld || r.Letters != 1 || r.Number != 0 {
		t.Fatalf("got %+v, want held with one letter", r)
	}
	d.inTx(func(tx *store.Tx) error {
		run, err := tx.Run(t.Context(), r.ID)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(run.Reason, `weekly-progress.report.md:10:1: block "x": division by zero`) {
			t.Errorf("got reason %q", run.Reason)
		}
		owed, err := tx.Deliveries(t.Context(), store.DeliveryFilter{RunID: r.ID, States: []string{store.DeliveryPending}})
		if err == nil && (len(owed) != 1 || owed[0].Kind != "report-held" || owed[0].Address != "secretary@isrs.example") {
			t.Errorf("got letters %+v", owed)
		}
		return err
	})
	if d.run(o).Letters != 0 {
		t.Error("the owner is told twice")
	}
}

// A report with more readers than its limit is held: those beyond it would be left out without a word.
func TestHeldForTooManyReaders(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	many := "---\nreport: weekly-progress\ntitle: Weekly\nrecipients: readers\n---\n```sql readers limit=2\nselect 'reader' || n || '@un.example' as email, 'R' as name, 'en' as lang from generate_series(1, 3) n\n```\n## S {#s}\nText\n"
	library, err := reports.Load(templates.Reports(), fstest.MapFS{"weekly-progress.report.md": {Data: []byte(many)}})
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	r := d.run(o)
	if want := `weekly-progress.report.md:6:1: block "readers": there are more readers than 2, and none may be left out`; r.State != store.RunHeld || r.Number != 0 || d.show(r.ID).Run.Reason != want {
		t.Errorf("got %+v with reason %q, want held: %s", r, d.show(r.ID).Run.Reason, want)
	}
}

// Every figure on the page is that of plain SQL on the tables.
func TestFiguresAreThoseOfTheTables(t *testing.T) {
	d := newsroom(t)
	weekly(t, d)
	for _, clearance := range []string{"public", "limited", "confidential"} {
		_, made, _, err := d.compose(t.Context(), OnDemand{Report: "weekly-progress", Clearance: clearance, AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		levels := map[string]string{"public": `('public')`, "limited": `('public', 'limited')`, "confidential": `('public', 'limited', 'confidential')`}[clearance]
		seen := `from activity where confidentiality in ` + levels
		want := []string{
			fmt.Sprintf("%d of %d", d.count(`select count(*) `+seen+` and status = 'closed'`), d.count(`select count(*) `+seen+` and status not in ('cancelled', 'suspended')`)),
			"", // at risk: the rule itself is tested with the functions of schema report
			fmt.Sprint(d.count(`select count(*) ` + seen + ` and status not in ('closed', 'cancelled', 'suspended') and due_on < '2026-11-23'`)),
			fmt.Sprintf("%s of %s thousand USD", thousands(d.count(`select sum(t.amount)::int from transaction t join contribution c on c.id = t.contribution_id where t.kind = 'disbursement' and c.kind = 'financial'`)),
				thousands(d.count(`select sum(pledged)::int from contribution where kind = 'financial'`))),
		}
		got := tilesOf(made)
		for i, w := range want {
			if w != "" && got[i] != w {
				t.Errorf("%s: tile %d: got %q, want %q", clearance, i, got[i], w)
			}
		}
		if i := strings.Index(made.Subject, "· "); want[2] != "0" && (i < 0 || made.Subject[i+len("· "):] != want[2]+" overdue") {
			t.Errorf("%s: subject %q, want %s overdue", clearance, made.Subject, want[2])
		}
	}
}

func thousands(n int) string {
	s := fmt.Sprint(n / 1000)
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

// The first report of a kind compares with the data of the beginning of its period, the next with what was delivered.
func TestChangesSinceTheLastDelivered(t *testing.T) {
	d := newsroom(t)
	o := weekly(t, d)
	first := d.run(o)
	next := o
	next.FireAt = o.FireAt.AddDate(0, 0, 7)
	state, err := d.runState(t.Context(), next)
	if err != nil || state.before != nil {
		t.Fatalf("nothing is sent yet: got %v, %v", state.before, err)
	}
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update delivery set state = 'sent', sent_at = $2 where run_id = $1`, first.ID, tx.Now)
		return errors.Join(err, func() error {
			_, err := tx.ExecContext(t.Context(), `update activity set percent = 99 where ref = 'X-EXC-01'`)
			return err
		}())
	})
	if state, err = d.runState(t.Context(), next); err != nil || state.before == nil || state.before.ID != first.ID || len(state.snapshots) != 2 {
		t.Fatalf("got %+v, %d snapshots, %v", state.before, len(state.snapshots), err)
	}
}

// A letter with a report carries the file of its reader's rendering, and a link that ends the subscription at once.
func TestReportLetter(t *testing.T) {
	d := newsroom(t)
	r := d.run(weekly(t, d))
	var owed []store.Delivery
	d.inTx(func(tx *store.Tx) (err error) {
		owed, err = tx.Deliveries(t.Context(), store.DeliveryFilter{RunID: r.ID})
		return err
	})
	var token string
	d.inTx(func(tx *store.Tx) error {
		for _, one := range owed {
			parts, reason, err := reportLetter(t.Context(), d.Acts, tx, one)
			if err != nil || reason != "" {
				t.Fatalf("%s: %q, %v", one.Address, reason, err)
			}
			if len(parts.Attachments) != 1 || !strings.HasPrefix(parts.Attachments[0].Name, "weekly-progress-2026-11-23-") || strings.Contains(parts.Attachments[0].Name, "limited") {
				t.Errorf("%s: attachments %+v", one.Address, parts.Attachments)
			}
			link := parts.Headers["List-Unsubscribe"]
			if !strings.HasPrefix(link, "<https://council.example/u/") || parts.Headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" {
				t.Errorf("%s: headers %v", one.Address, parts.Headers)
			}
			token = strings.TrimSuffix(strings.TrimPrefix(link, "<https://council.example/u/"), ">")
			if strings.TrimSpace(parts.Letter.Subject) == "" || !strings.Contains(parts.Letter.Text, token) {
				t.Errorf("%s: subject %q, or no link in the text", one.Address, parts.Letter.Subject)
			}
		}
		return nil
	})
	last := owed[len(owed)-1]
	for range 2 {
		u, err := d.Unsubscribe(t.Context(), token)
		if err != nil || u.Address != last.Address || u.Report != "weekly-progress" {
			t.Fatalf("got %+v, %v", u, err)
		}
	}
	if d.count(`select count(*) from token where encode(hash, 'escape') like '%' || $1 || '%'`, token) != 0 {
		t.Error("the token itself is kept")
	}
	next := Occasion{Report: "weekly-progress", FireAt: time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)}
	plan, err := d.PlanRun(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	held := slices.IndexFunc(plan.Letters, func(l RunLetter) bool { return l.HeldBack != "" })
	if held < 0 || plan.Letters[held].Address != last.Address {
		t.Errorf("the reader who unsubscribed gets the next report")
	}
	if _, err := d.Unsubscribe(t.Context(), "nonsense"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown token: got %v", err)
	}
}

// The built-in reports agree with the database, and are made in every language.
func TestBuiltInReports(t *testing.T) {
	d := newsroom(t)
	for _, definition := range d.Reports.All() {
		if faults, err := d.CheckReport(t.Context(), definition); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v, %v", definition.Name, faults, err)
		}
	}
	for _, r := range onSample.reports(t) {
		for _, format := range []string{"pdf", "html", "xlsx", "csv"} {
			b, made, err := d.form(r.definition, r.made, r.parameters, format)
			if err != nil || len(b) < 200 || format == "pdf" && (made.Pages == 0 || !bytes.HasPrefix(b, []byte("%PDF-"))) {
				t.Errorf("%s in %s as %s: %d bytes, %+v, %v", r.definition.Name, r.language, format, len(b), made, err)
			}
		}
	}
	for _, format := range []string{"", "html", "xlsx", "csv"} { // and from the query to the bytes in one call
		o := OnDemand{Report: "weekly-progress", Format: format, AsOf: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}
		if b, _, err := d.Render(t.Context(), o); err != nil || len(b) < 200 {
			t.Errorf("%q: %d bytes, %v", format, len(b), err)
		}
	}
}

func TestOnDemandRefuses(t *testing.T) {
	d := newsroom(t)
	for why, o := range map[string]OnDemand{
		"an unknown report":           {Report: "weekly-progres"},
		"a language it lacks":         {Report: "weekly-progress", Language: "de"},
		"an unknown format":           {Report: "weekly-progress", Format: "docx"},
		"a period that ends too soon": {Report: "weekly-progress", Since: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if _, _, err := d.Render(t.Context(), o); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v", why, err)
		}
	}
	if _, err := d.MailReport(t.Context(), OnDemand{Report: "weekly-progress", Clearance: "confidential"}, "a@b.example"); !errors.Is(err, ErrRefused) {
		t.Errorf("a confidential report by mail: got %v", err)
	}
}

// beginning is a newsroom of a programme that has only begun: nothing but its title.
func beginning(t *testing.T) *desk {
	t.Helper()
	d := newBureau(t)
	library, err := reports.Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	d.applied(header(t), ApplyRequest{})
	return d
}

// A programme that has only begun has reports too: empty tables say so, and no sentence fails on a missing number.
func TestReportsOfAnEmptyProgramme(t *testing.T) {
	for _, r := range onBeginning.reports(t) {
		for _, table := range allTables(r.made.Document) {
			if len(table.Rows) == 0 && table.Empty == "" {
				t.Errorf("%s in %s: the table %s is empty and does not say so", r.definition.Name, r.language, table.Name)
			}
		}
		if words := dump(r.made.Document); strings.Contains(words, "<no value>") || strings.Contains(words, "%!") {
			t.Errorf("%s in %s: %s", r.definition.Name, r.language, words)
		}
	}
}
