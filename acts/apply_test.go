package acts

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/letters"
	"secretariat/mail"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/programme/file"
	"secretariat/store"
	"secretariat/store/storetest"
	"secretariat/templates"
)

// newBureau is an installation without any programme, its clock at the sample's moment.
func newBureau(t *testing.T) *desk {
	t.Helper()
	set, err := letters.Load(templates.Letters)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{&Acts{Store: storetest.New(t), Letters: set, Replica: "test", Mail: MailOptions{Domain: "sec.example",
		From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}}}, t, ""}
	d.clock(sampleMoment)
	return d
}

// sampleText returns the sample with replacements: pairs of old and new, each old standing exactly once.
func sampleText(t *testing.T, replacements ...string) string {
	t.Helper()
	b, err := os.ReadFile("../examples/tashkent/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for i := 0; i < len(replacements); i += 2 {
		if n := strings.Count(text, replacements[i]); n != 1 {
			t.Fatalf("%q stands %d times in the sample", replacements[i], n)
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	return text
}

func (d *desk) try(text string, r ApplyRequest) (ApplyResult, error) {
	d.t.Helper()
	doc, err := file.ReadWith(file.With{Timetables: d.Timetables}, file.Source{Name: "f.yaml", Text: []byte(text)})
	if err != nil {
		return ApplyResult{}, err
	}
	r.Document, r.Actor = doc, "tester"
	return d.Apply(d.t.Context(), r)
}

func (d *desk) applied(text string, r ApplyRequest) ApplyResult {
	d.t.Helper()
	result, err := d.try(text, r)
	if err != nil {
		d.t.Fatal(err)
	}
	return result
}

// tables returns a hash of every row of every table.
func (d *desk) tables() string {
	d.t.Helper()
	hash := sha256.New()
	d.inTx(func(tx *store.Tx) error {
		var names, all []string
		if err := tx.SelectContext(d.t.Context(), &names, `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`); err != nil {
			return err
		}
		for _, name := range names {
			var rows []string
			if err := tx.SelectContext(d.t.Context(), &rows, `select to_jsonb(t)::text from "`+name+`" t order by 1`); err != nil {
				return err
			}
			all = append(append(all, name), rows...)
		}
		fmt.Fprint(hash, all)
		return nil
	})
	return fmt.Sprintf("%x", hash.Sum(nil))
}

func (d *desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error { return tx.GetContext(d.t.Context(), &n, query, args...) })
	return n
}

// header is the sample's first part: a file that changes a few objects needs it.
func header(t *testing.T) string {
	text := sampleText(t)
	return text[:strings.Index(text, "\norganisations:")] + "\n"
}

func changeLines(p programme.Plan) (lines []string) {
	for _, line := range p.Lines() {
		if line[0] == '+' || line[0] == '~' || line[0] == '-' {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestApplySample(t *testing.T) {
	d := newBureau(t)
	began := time.Now()
	first := d.applied(sampleText(t), ApplyRequest{})
	took := time.Since(began)
	if first.Plan.Count(programme.OpCreate) < 200 || len(first.Letters) > 0 {
		t.Errorf("first application: %d created, letters %v; want more than 200 and none", first.Plan.Count(programme.OpCreate), first.Letters)
	}
	before := d.tables()
	began = time.Now()
	second := d.applied(sampleText(t), ApplyRequest{})
	t.Logf("first %s, second %s, %d created, %v", took, time.Since(began), first.Plan.Count(programme.OpCreate), first.Plan.Notes)
	if !second.Plan.Empty() || second.Plan.NotInFile != 0 {
		t.Errorf("second application:\n%s", strings.Join(second.Plan.Lines(), "\n"))
	}
	if d.tables() != before {
		t.Error("the second application changed a table")
	}
	p, err := d.Export(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	text, err := file.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	exported := d.applied(string(text), ApplyRequest{Prune: true})
	if !exported.Plan.Empty() || exported.Plan.NotInFile != 0 {
		t.Errorf("application of the export:\n%s", strings.Join(exported.Plan.Lines(), "\n"))
	}
	if d.tables() != before {
		t.Error("the application of the export changed a table")
	}
}

func TestApplyChangesNothingWhenTheFileIsWrong(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	before := d.tables()
	for _, row := range []struct{ name, text, want string }{
		{"a ref that neither file nor database has", header(t) + "pillars:\n  - {ref: I, title: First}\nareas:\n  - {ref: NEW, title: New, agreement: NONE, pillars: [I]}\n",
			`f.yaml:34:39: agreement "NONE": nothing in agreements has this ref`},
		{"a bad date", sampleText(t, "started_on: 2023-12-05", "started_on: 2023-13-05"), `f.yaml:24:15: started_on "2023-13-05" is not a date such as 2026-11-23`},
		{"a language that texts in the database still have", strings.Replace(header(t), "languages: [en, ru, uz, fr, es, ar, zh]", "languages: [en, ru, uz, fr, es, ar]", 1) + "\n",
			`language "zh" is not one of the programme's (en, ru, uz, fr, es, ar)`},
		{"a session ref of another council", header(t) + "councils:\n" + anotherCouncil("X-REC-6"),
			`ref "X-REC-6" is used by a session of REC too: it must be unique in the programme`},
	} {
		_, err := d.try(row.text, ApplyRequest{})
		var faults file.Faults
		if !errors.As(err, &faults) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", row.name, err, row.want)
		}
	}
	if d.tables() != before {
		t.Error("a wrong file changed a table")
	}
}

func anotherCouncil(session string) string {
	return `  - {ref: X-OTHER, name: Other, seat_city: Tashkent, country: UZ, timezone: Asia/Tashkent, calendar: UZ, official_languages: [en],
     working_languages: [en], record: minutes, mandate: {title: None}, seats: [], offices: [], quorum: [], timetable: [], reminders: [],
     sessions: [{ref: ` + session + `, number: 1, kind: regular, title: First, state: draft, opens_at: 2027-03-02T10:00, closes_at: 2027-03-02T12:00, mode: online, agenda: []}]}
`
}

func TestApplyPartOfAProgramme(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	text := header(t) + "risks:\n  - {ref: X-NEW, title: A new risk, probability: 2, impact: 3, response: None, owner: X-kim, status: open, opened_on: 2026-11-20}\n"
	result := d.applied(text, ApplyRequest{})
	want := []string{"+ create risk X-NEW A new risk"}
	if got := changeLines(result.Plan); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if result.Plan.NotInFile < 200 {
		t.Errorf("not in the file: got %d, want all that the sample has", result.Plan.NotInFile)
	}
	if n := d.count(`select count(*) from audit_log where action = 'apply' and actor = 'tester'`); n != 2 {
		t.Errorf("audit rows: got %d, want 2", n)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	before := d.tables()
	result := d.applied(sampleText(t, "opens_at: 2026-12-07T10:00", "opens_at: 2026-12-07T11:00"), ApplyRequest{DryRun: true})
	if result.Plan.Letters == 0 {
		t.Error("the plan does not count the letters of a moved session")
	}
	want := []string{"~ update session X-REC-6 opens_at: 2026-12-07T10:00:00+05:00 → 2026-12-07T11:00:00+05:00"}
	if got := changeLines(result.Plan); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d.tables() != before {
		t.Error("a dry run changed a table")
	}
}

func TestMovedSessionCausesTheLettersOfTheCommand(t *testing.T) {
	moved := sampleText(t, "opens_at: 2026-12-07T10:00", "opens_at: 2026-12-09T10:00", "closes_at: 2026-12-07T17:00", "closes_at: 2026-12-09T17:00")
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	command, err := d.PreviewStep(t.Context(), meetings.Reschedule, SessionStep{Ref: "X-REC-6", Actor: "tester",
		OpensAt: when(t, "2026-12-09T10:00:00+05:00"), Reason: programme.Text{"en": "Hall"}})
	if err != nil {
		t.Fatal(err)
	}
	result := d.applied(moved, ApplyRequest{})
	if fmt.Sprint(result.Letters) != fmt.Sprint(command.Letters) || result.Plan.Letters != command.Total() {
		t.Errorf("letters of the file %v, of the command %v", result.Letters, command.Letters)
	}
	if n := d.count(`select revision from session where ref = 'X-REC-6'`); n != command.Revision {
		t.Errorf("revision: got %d, want %d", n, command.Revision)
	}
	quiet := newBureau(t)
	quiet.applied(sampleText(t), ApplyRequest{})
	if result := quiet.applied(moved, ApplyRequest{Quiet: true}); len(result.Letters) != 0 {
		t.Errorf("quiet: got letters %v", result.Letters)
	}
	if n := quiet.count(`select count(*) from delivery where kind = 'session-changed'`); n != 0 {
		t.Errorf("quiet: got %d letters, want none", n)
	}
}

func TestFactsAreAddedAndCorrectedNeverDeleted(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	updates, money := d.count(`select count(*) from activity_update`), d.count(`select count(*) from transaction`)
	const note = "Dates and venue for the human rights workshop agreed with the host."
	d.applied(sampleText(t, note, "Dates agreed."), ApplyRequest{})
	if n := d.count(`select count(*) from activity_update`); n != updates {
		t.Errorf("a corrected update: got %d updates, want %d", n, updates)
	}
	line := "      - {date: 2025-04-10, percent: 33, note: " + note + ", by: X-adebayo}\n"
	result := d.applied(sampleText(t, line, ""), ApplyRequest{})
	if n := d.count(`select count(*) from activity_update`); n != updates || result.Plan.NotInFile != 1 {
		t.Errorf("an update that the file leaves out: got %d updates and %d not in the file, want %d and 1", n, result.Plan.NotInFile, updates)
	}
	if n := d.count(`select count(*) from transaction`); n != money {
		t.Errorf("transactions: got %d, want %d", n, money)
	}
}

func TestAnswersOfOthersStay(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	if _, err := d.RecordReply(t.Context(), NewReply{Session: "X-REC-6", Seat: "X-S16", Answer: "declined", Via: "command", Actor: "tester"}); err != nil {
		t.Fatal(err)
	}
	replies := d.count(`select count(*) from reply`)
	if result := d.applied(sampleText(t), ApplyRequest{}); !result.Plan.Empty() || result.Plan.NotInFile != 1 {
		t.Errorf("got %v, %d not in the file; want no change and 1", changeLines(result.Plan), result.Plan.NotInFile)
	}
	if n := d.count(`select count(*) from reply`); n != replies {
		t.Errorf("got %d replies, want %d", n, replies)
	}
}

// A file that moves a session and holds answers to the new date gives them the new revision; those from before stay stale.
func TestAnswersToTheNewDateCount(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	const first = "opens_at: 2026-12-07T10:00\n        closes_at: 2026-12-07T17:00\n"
	text := sampleText(t, first, `opens_at: 2026-12-09T10:00
        closes_at: 2026-12-09T17:00
        previously: [{opens_at: 2026-12-07T10:00, closes_at: 2026-12-07T17:00, until: 2026-11-22}]
        reason: Hall
`)
	at := strings.Index(text, "- ref: X-REC-6\n")
	at += strings.Index(text[at:], "        replies:\n") + len("        replies:\n")
	text = text[:at] + "          - {seat: X-S16, person: X-rochat, answer: accepted, mode: online, date: 2026-11-23}\n" + text[at:]
	d.applied(text, ApplyRequest{})
	if n := d.count(`select count(*) from reply r join session s on s.id = r.session_id where s.ref = 'X-REC-6' and r.revision = s.revision`); n != 1 {
		t.Errorf("got %d answers to the new date, want 1", n)
	}
}

func TestScheduleEditCountsFromNow(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	next := func() (at time.Time) {
		d.inTx(func(tx *store.Tx) error {
			return tx.GetContext(t.Context(), &at, `select next_fire_at from schedule where ref = 'X-SCH-WEEKLY'`)
		})
		return at
	}
	if got, want := next(), when(t, "2026-11-23T09:00:00+05:00"); !got.Equal(want) {
		t.Errorf("first application: next fire %s, want %s", got, want)
	}
	d.clock("2026-11-24T12:00:00+05:00")
	d.applied(sampleText(t, `spec: "0 9 * * MON"`, `spec: "0 9 * * TUE"`), ApplyRequest{})
	if got, want := next(), when(t, "2026-12-01T09:00:00+05:00"); !got.Equal(want) {
		t.Errorf("after an edit: next fire %s, want %s: never backwards", got, want)
	}
	if n := d.count(`select revision from schedule where ref = 'X-SCH-WEEKLY'`); n != 2 {
		t.Errorf("revision: got %d, want 2", n)
	}
}

func TestSeatChangesHands(t *testing.T) {
	const was = "member: X-hashimi, since: 2025-06-18}"
	for _, row := range []struct{ name, is, want string }{
		{"a successor ends the term before", "member: X-rochat, since: 2026-11-01}", "[2025-06-18,2026-11-01) [2026-11-01,)"},
		{"a name corrected within the term replaces it", "member: X-rochat, since: 2025-06-18}", "[2025-06-18,)"},
		{"a vacated seat ends the term", "country: US}", "[2025-06-18,2026-11-23)"},
		{"a term that ends", "member: X-hashimi, since: 2025-06-18, until: 2026-12-31}", "[2025-06-18,2027-01-01)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newBureau(t)
			d.applied(sampleText(t), ApplyRequest{})
			text := sampleText(t, was, row.is)
			d.applied(text, ApplyRequest{})
			var terms []string
			d.inTx(func(tx *store.Tx) error {
				return tx.SelectContext(t.Context(), &terms, `select m.term::text from membership m join seat s on s.id = m.seat_id
					join council c on c.id = s.council_id where s.ref = 'X-S10' and c.ref = 'REC' and m.capacity = 'member' order by lower(m.term)`)
			})
			if got := strings.Join(terms, " "); got != row.want {
				t.Errorf("terms: got %s, want %s", got, row.want)
			}
			if again := d.applied(text, ApplyRequest{}); !again.Plan.Empty() {
				t.Errorf("applied again: %q", changeLines(again.Plan))
			}
		})
	}
}

func TestPrune(t *testing.T) {
	d := newBureau(t)
	d.applied(sampleText(t), ApplyRequest{})
	d.applied(header(t)+"risks:\n  - {ref: X-NEW, title: A new risk, probability: 2, impact: 3, response: None, owner: X-kim, status: open, opened_on: 2026-11-20}\n", ApplyRequest{})
	result := d.applied(sampleText(t), ApplyRequest{Prune: true})
	if got, want := changeLines(result.Plan), []string{"- retire risk X-NEW A new risk"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p, _ := d.Export(t.Context(), false); slices.ContainsFunc(p.Risks, func(r programme.Risk) bool { return r.Ref == "X-NEW" }) {
		t.Error("the export holds what was retired")
	}
	if p, _ := d.Export(t.Context(), true); !slices.ContainsFunc(p.Risks, func(r programme.Risk) bool { return r.Ref == "X-NEW" }) {
		t.Error("the export of everything lacks what was retired")
	}
	if again := d.applied(sampleText(t), ApplyRequest{Prune: true}); !again.Plan.Empty() || again.Plan.NotInFile != 0 {
		t.Errorf("pruned again: %q", again.Plan.Lines())
	}
	before := d.tables()
	few := header(t) + "risks:\n  - {ref: X-NEW, title: A new risk, probability: 2, impact: 3, response: None, owner: X-kim, status: open, opened_on: 2026-11-20}\n"
	if _, err := d.try(few, ApplyRequest{Prune: true}); !errors.Is(err, ErrRefused) {
		t.Errorf("a prune of a whole list: got %v, want a refusal", err)
	}
	if d.tables() != before {
		t.Error("a refused prune changed a table")
	}
	d.applied(few, ApplyRequest{Prune: true, Yes: true})
	if n := d.count(`select count(*) from risk where retired_at is null`); n != 1 {
		t.Errorf("after --yes: got %d risks, want the one in the file", n)
	}
	if n := d.count(`select count(*) from activity where retired_at is not null`); n != 0 {
		t.Errorf("%d activities were retired, though the file has no such list", n)
	}
	organisations := header(t) + "organisations:\n  - {ref: ISRS, name: Institute, kind: think-tank}\n"
	if _, err := d.try(organisations, ApplyRequest{Prune: true, Yes: true}); err == nil || !strings.Contains(err.Error(), "in the database: ") {
		t.Errorf("a prune of what others point at: got %v", err)
	}
}
