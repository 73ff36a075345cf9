package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// A run of an occurrence is recorded once, with its files and tracked rows, and is the last delivered one when a letter of
// it was sent.
func TestRuns(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	storetest.Exec(t, s, `
		insert into schedule (id, ref, report, spec, timezone, catch_up, grace, deadline, overlap, jitter, enabled)
		overriding system value values (77, 'W', 'weekly', '0 9 * * MON', 'Asia/Tashkent', 'latest', 'PT1H', 'P6D', 'skip', 'PT0S', true)`)
	schedule, number := int64(77), int64(1)
	run := store.Run{Number: &number, Report: "weekly", ScheduleID: &schedule, FireAt: &asOf, Since: asOf.AddDate(0, 0, -7), Until: asOf, AsOf: asOf,
		DefinitionHash: []byte("h"), State: store.RunReleased}
	rows := store.RunSnapshot{"work": []byte("rows")}
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		if n, err := tx.NextRunNumber(t.Context(), true); err != nil || n != 1 {
			t.Errorf("first number: %d, %v", n, err)
		}
		made, inserted, err := tx.InsertRun(t.Context(), run)
		if err != nil || !inserted {
			t.Fatalf("first time: inserted %v, %v", inserted, err)
		}
		again, inserted, err := tx.InsertRun(t.Context(), run)
		if err != nil || inserted || again.ID != made.ID {
			t.Errorf("second time: %+v, inserted %v, %v", again, inserted, err)
		}
		sha, err := tx.PutArtefact(t.Context(), "application/pdf", []byte("x"))
		pages := 3
		file := store.RunArtefact{RunID: made.ID, Variant: "en-public", Format: "pdf", Name: "w.pdf", Pages: &pages, SHA256: sha}
		err = errors.Join(err, tx.PutRunArtefacts(t.Context(), []store.RunArtefact{file}), tx.PutRunSnapshot(t.Context(), made.ID, "public", rows))
		if list, listErr := tx.RunArtefacts(t.Context(), made.ID); listErr != nil || !reflect.DeepEqual(list, []store.RunArtefact{file}) {
			t.Errorf("files: %+v, %v", list, listErr)
		}
		if kept, keptErr := tx.RunSnapshots(t.Context(), made.ID); keptErr != nil || !reflect.DeepEqual(kept["public"], rows) {
			t.Errorf("rows: %v, %v", kept, keptErr)
		}
		if _, lastErr := tx.LastDelivered(t.Context(), "weekly", asOf, time.Time{}); !errors.Is(lastErr, store.ErrNotFound) {
			t.Errorf("nothing is sent yet: %v", lastErr)
		}
		_, insertErr := tx.InsertDeliveries(t.Context(), []store.Delivery{{DedupeKey: "k", Kind: "report", RunID: &made.ID, Address: "a@x.example", Name: "a", Language: "en",
			Timezone: "UTC", State: "sent"}})
		return errors.Join(err, insertErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.InTx(t.Context(), func(tx *store.Tx) error {
		for _, row := range []struct {
			why         string
			asOf, apart time.Time
			found       bool
		}{
			{"at its own moment", asOf, time.Time{}, true},
			{"before it", asOf.Add(-time.Second), time.Time{}, false},
			{"apart from itself", asOf, asOf, false},
		} {
			if r, err := tx.LastDelivered(t.Context(), "weekly", row.asOf, row.apart); (err == nil) != row.found || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %+v, %v", row.why, r, err)
			}
		}
		if n, err := tx.NextRunNumber(t.Context(), false); err != nil || n != 2 {
			t.Errorf("next number: %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A token opens what it names until it expires, and only its hash is kept.
func TestUnsubscribeToken(t *testing.T) {
	s := storetest.New(t)
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		subject := store.TokenSubject{Address: "a@x.example", Report: "weekly"}
		if err := tx.PutUnsubscribeToken(t.Context(), "secret", subject, tx.Now.Add(time.Hour)); err != nil {
			return err
		}
		if err := tx.PutUnsubscribeToken(t.Context(), "old", subject, tx.Now.Add(-time.Hour)); err != nil {
			return err
		}
		if got, err := tx.UnsubscribeToken(t.Context(), "secret"); err != nil || got != subject {
			t.Errorf("got %+v, %v", got, err)
		}
		for _, token := range []string{"old", "other", ""} {
			if _, err := tx.UnsubscribeToken(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("token %q: %v", token, err)
			}
		}
		return tx.AddSuppression(t.Context(), store.Suppression{Address: "A@x.example", Report: "weekly", Reason: "unsubscribed"})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.InTx(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Unsubscribed(t.Context(), "weekly", []string{"a@X.example", "b@x.example"})
		if err != nil || !reflect.DeepEqual(got, map[string]string{"a@x.example": "unsubscribed"}) {
			t.Errorf("got %v, %v", got, err)
		}
		if got, err = tx.Unsubscribed(t.Context(), "monthly", []string{"a@x.example"}); err != nil || len(got) != 0 {
			t.Errorf("another report: got %v, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
