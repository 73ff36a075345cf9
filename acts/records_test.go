package acts

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

// recorder is a desk with the reports, and X-REC-6 held by nine of its seats.
func recorder(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	library, err := reports.Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	d.Reports = library
	d.clock("2026-12-08T10:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			insert into attendance (session_id, seat_id, person_id, mode)
			select s.id, t.id, m.person_id, 'in-person' from session s join seat t on t.council_id = s.council_id
				join membership m on m.seat_id = t.id and m.capacity = 'member' and m.term @> date '2026-12-07'
			where s.ref = 'X-REC-6' order by t.id limit 9`)
		return err
	})
	if _, err := d.TakeStep(t.Context(), meetings.Hold, SessionStep{Ref: "X-REC-6", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	return d
}

// The record from draft to adoption: circulated by the council's rule, corrected, adopted by silence; each step in its turn.
func TestRecordFromDraftToAdoption(t *testing.T) {
	d := recorder(t)
	ctx := t.Context()
	decision, err := d.Decide(ctx, NewDecision{Session: "X-REC-6", Item: "X-AG-6-4", Text: programme.Text{"en": "The guidelines are adopted.", "ru": "Руководство принято.", "uz": "Qoʻllanma qabul qilindi."},
		Method: "vote", Votes: &[3]int{8, 1, 0}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddAction(ctx, NewAction{Session: "X-REC-6", Decision: decision.Ref, Text: programme.Text{"en": "Print them."}, Owner: "X-thooft", DueOn: programme.NewDate(2027, 1, 29), Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	for why, do := range map[string]func() error{
		"circulated before it is drafted": func() error { _, err := d.CirculateRecord(ctx, "X-REC-6", "test"); return err },
		"adopted before it is drafted":    func() error { _, err := d.AdoptRecord(ctx, "X-REC-6", "", "test"); return err },
		"drafted before it is held":       func() error { _, err := d.DraftRecord(ctx, "X-REC-SP1", "test"); return err },
	} {
		if err := do(); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", why, err)
		}
	}
	r, err := d.DraftRecord(ctx, "X-REC-6", "test")
	if err != nil || r.State != "draft" || r.Version != 1 || len(r.Files) != 3 {
		t.Fatalf("draft: %+v, %v", r, err)
	}
	b, f, err := d.RecordFile(ctx, "X-REC-6", "en")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(tool(t, "pdftotext", b, "FILE", "-")), " ")
	for _, want := range []string{"9 seats were taken of 16", "The guidelines are adopted.", "8–1–0", "Print them.", "Regional guidelines"} {
		if !strings.Contains(text, want) {
			t.Errorf("the draft lacks %q:\n%s", want, text)
		}
	}
	if _, err := d.CorrectRecord(ctx, "X-REC-6", "X-hashimi", "Too early.", "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("a draft is corrected: %v", err)
	}
	r, err = d.CirculateRecord(ctx, "X-REC-6", "test")
	if err != nil || r.State != "circulated" || r.Letters["record-circulated"] < 14 || r.CorrectionsUntil == nil {
		t.Fatalf("circulated: %+v, %v", r, err)
	}
	told, reasons := d.send("X-REC-6", "2026-12-08T11:05:00+05:00")
	if len(told) != r.Letters["record-circulated"] {
		t.Errorf("%d letters left, withheld: %v", len(told), reasons)
	}
	for address, parts := range told {
		if len(parts.Attachments) != 1 || parts.Calendar != "" {
			t.Errorf("letter to %s: %d attachments", address, len(parts.Attachments))
		}
		if address == d.email("X-hashimi") && parts.Attachments[0].SHA256 != f.SHA256 { // she reads Arabic: the council's first language
			t.Errorf("letter to %s brings another file", address)
		}
	}
	id, err := d.CorrectRecord(ctx, "X-REC-6", "X-hashimi", "In item 4, read nine.", "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.AdoptRecord(ctx, "X-REC-6", "", "test"); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "open") {
		t.Errorf("adopted with an open correction: %v", err)
	}
	var refused *meetings.StepError
	if _, err := d.TakeStep(ctx, meetings.Close, SessionStep{Ref: "X-REC-6", Actor: "test"}); !errors.As(err, &refused) || !strings.Contains(err.Error(), "not adopted") {
		t.Errorf("closed before the adoption: %v", err)
	}
	if err := d.SettleCorrection(ctx, "X-REC-6", id, true, "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.SettleCorrection(ctx, "X-REC-6", id, false, "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("settled twice: %v", err)
	}
	if _, err := d.AdoptRecord(ctx, "X-REC-6", "", "test"); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "corrections are taken until") {
		t.Errorf("silence before its time is over: %v", err)
	}
	if _, err := d.AdoptRecord(ctx, "X-REC-6", "X-REC-7", "test"); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "not opened") {
		t.Errorf("adopted in a session to come: %v", err)
	}
	d.clock(r.CorrectionsUntil.Add(1e9).Format("2006-01-02T15:04:05Z07:00"))
	if _, err := d.CorrectRecord(ctx, "X-REC-6", "X-hashimi", "Too late.", "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("corrected too late: %v", err)
	}
	r, err = d.AdoptRecord(ctx, "X-REC-6", "", "test")
	if err != nil || r.State != "adopted" || r.AdoptedHow != "silence" || r.Version != 2 || len(r.Files) != 3 {
		t.Fatalf("adopted: %+v, %v", r, err)
	}
	adopted, _, err := d.RecordFile(ctx, "X-REC-6", "en")
	if err != nil || bytes.Equal(adopted, b) || !strings.Contains(tool(t, "pdftotext", adopted, "FILE", "-"), "adopted on") {
		t.Errorf("the adopted text does not say so: %v", err)
	}
	if _, err := d.DraftRecord(ctx, "X-REC-6", "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("an adopted record is drafted anew: %v", err)
	}
	if _, err := d.TakeStep(ctx, meetings.Close, SessionStep{Ref: "X-REC-6", Actor: "test"}); err != nil {
		t.Errorf("closed after all: %v", err)
	}
}

// A record of a confidential session is written for its members and does not travel.
func TestConfidentialRecordStaysAtHome(t *testing.T) {
	d := recorder(t)
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update session set confidentiality = 'confidential' where ref = 'X-REC-6'`)
		return err
	})
	r, err := d.DraftRecord(t.Context(), "X-REC-6", "test")
	if err != nil || r.Files[0].Clearance != "confidential" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := d.CirculateRecord(t.Context(), "X-REC-6", "test"); err != nil {
		t.Fatal(err)
	}
	told, _ := d.send("X-REC-6", "2026-12-08T11:05:00+05:00")
	for address, parts := range told {
		if len(parts.Attachments) != 0 || strings.Contains(parts.Letter.Text, "Sixth") {
			t.Errorf("the record travels to %s", address)
		}
	}
	if len(told) == 0 {
		t.Error("nobody was told")
	}
}
