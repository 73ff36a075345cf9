package store_test

import (
	"errors"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

var testClock = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// atClock runs fn in a transaction whose clock shows a moment.
func atClock(t *testing.T, s *store.Store, moment time.Time, fn func(tx *store.Tx) error) error {
	t.Helper()
	return s.InTx(t.Context(), func(tx *store.Tx) error {
		tx.Now = moment
		return fn(tx)
	})
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func owed(key string) store.Delivery {
	return store.Delivery{DedupeKey: key, Kind: "invitation", Address: "anna@un.example", Name: "Анна", Language: "ru", Timezone: "Asia/Tashkent"}
}

func insertOwed(t *testing.T, s *store.Store, d store.Delivery) store.Delivery {
	t.Helper()
	var rows []store.Delivery
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) (err error) {
		rows, err = tx.InsertDeliveries(t.Context(), []store.Delivery{d})
		return err
	}))
	if len(rows) != 1 {
		t.Fatalf("inserted %d rows for key %q, want 1", len(rows), d.DedupeKey)
	}
	return rows[0]
}

func deliveryOf(t *testing.T, s *store.Store, id int64) store.Delivery {
	t.Helper()
	var d store.Delivery
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) (err error) {
		d, err = tx.Delivery(t.Context(), id)
		return err
	}))
	return d
}

func TestInsertDeliveries(t *testing.T) {
	s := storetest.New(t)
	later, expires := testClock.Add(time.Hour), testClock.Add(2*time.Hour)
	rows := []store.Delivery{owed("b"), owed("a"), owed("b"), owed("late")}
	rows[1].NotBefore, rows[1].ExpiresAt, rows[1].Priority = later, &expires, 1
	rows[3].State, rows[3].Reason = store.DeliveryExpired, "its grace is over"
	var first, second []store.Delivery
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) (err error) {
		if first, err = tx.InsertDeliveries(t.Context(), rows); err != nil {
			return err
		}
		second, err = tx.InsertDeliveries(t.Context(), rows)
		return err
	}))
	if len(first) != 3 || len(second) != 0 {
		t.Fatalf("inserted %d, then %d; want 3 of four (one key twice), then none", len(first), len(second))
	}
	for i, want := range []struct{ key, state string }{{"b", store.DeliveryPending}, {"a", store.DeliveryPlanned}, {"late", store.DeliveryExpired}} {
		got := deliveryOf(t, s, first[i].ID)
		if got.DedupeKey != want.key || got.State != want.state {
			t.Errorf("row %d: %s is %s, want %s %s", i, got.DedupeKey, got.State, want.key, want.state)
		}
	}
	a := deliveryOf(t, s, first[1].ID)
	if !a.NotBefore.Equal(later) || !a.ExpiresAt.Equal(expires) || a.Priority != 1 || a.Name != "Анна" {
		t.Errorf("read back %+v", a)
	}
	if a.MessageID+"@x.example" != store.MessageID("a", "x.example") {
		t.Errorf("Message-ID %q is not derived from the key as %q is", a.MessageID, store.MessageID("a", "x.example"))
	}
}

func TestFreezeOnce(t *testing.T) {
	s := storetest.New(t)
	d := insertOwed(t, s, owed("a"))
	d.MessageID, d.Subject, d.BodyText = "x@isrs.example", "Приглашение", "Текст"
	d.Headers = map[string]string{"In-Reply-To": "<y@z>"}
	d.Attachments = []store.Attachment{{Name: "a.pdf", Type: "application/pdf", SHA256: "00"}}
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error { return tx.FreezeDelivery(t.Context(), d) }))
	d.Subject = "Другое"
	err := atClock(t, s, testClock.Add(time.Hour), func(tx *store.Tx) error { return tx.FreezeDelivery(t.Context(), d) })
	if !errors.Is(err, store.ErrFenced) {
		t.Errorf("freezing it twice: %v", err)
	}
	got := deliveryOf(t, s, d.ID)
	if got.Subject != "Приглашение" || !got.FrozenAt.Equal(testClock) || got.MessageID != "x@isrs.example" {
		t.Errorf("frozen twice: %q at %v, want the first text and moment", got.Subject, got.FrozenAt)
	}
	if got.Headers["In-Reply-To"] != "<y@z>" || len(got.Attachments) != 1 || got.Attachments[0].Name != "a.pdf" {
		t.Errorf("read back headers %v and attachments %v", got.Headers, got.Attachments)
	}
}

func TestArtefacts(t *testing.T) {
	s := storetest.New(t)
	tx := storetest.Tx(t, s)
	sha, err := tx.PutArtefact(t.Context(), "application/pdf", []byte("%PDF"))
	mustDo(t, err)
	again, err := tx.PutArtefact(t.Context(), "application/pdf", []byte("%PDF"))
	mustDo(t, err)
	b, kind, err := tx.Artefact(t.Context(), sha)
	if err != nil || again != sha || string(b) != "%PDF" || kind != "application/pdf" {
		t.Errorf("got %q of type %q under %s and %s: %v", b, kind, sha, again, err)
	}
	if _, _, err := tx.Artefact(t.Context(), "00"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown artefact: got %v, want not found", err)
	}
	_, err = tx.ExecContext(t.Context(), `update artefact set bytes = 'tampered'`)
	mustDo(t, err)
	if _, _, err := tx.Artefact(t.Context(), sha); err == nil {
		t.Error("an artefact whose bytes were changed was handed out")
	}
}

func TestSuppressions(t *testing.T) {
	tx := storetest.Tx(t, storetest.New(t))
	ctx := t.Context()
	past, ahead := tx.Now.Add(-time.Second), tx.Now.Add(time.Hour)
	for _, s := range []store.Suppression{
		{Address: "Dead@UN.example", Reason: "bounced"}, {Address: "over@un.example", Reason: "full", Until: &past},
		{Address: "full@un.example", Reason: "full", Until: &ahead}, {Address: "weekly@un.example", Report: "weekly-progress", Reason: "unsubscribed"},
	} {
		mustDo(t, tx.AddSuppression(ctx, s))
		mustDo(t, tx.AddSuppression(ctx, s)) // a second time changes nothing
	}
	for address, want := range map[string]string{"dead@un.EXAMPLE": "bounced", "over@un.example": "", "full@un.example": "full", "weekly@un.example": "", "anna@un.example": ""} {
		if got, err := tx.SuppressedBecause(ctx, store.Delivery{Address: address}); err != nil || got != want {
			t.Errorf("%s: got %q (%v), want %q", address, got, err, want)
		}
	}
}
