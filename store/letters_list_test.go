package store_test

import (
	"errors"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

func TestLetterLists(t *testing.T) {
	tx := storetest.Tx(t, storetest.New(t))
	ctx := t.Context()
	owed := []store.Delivery{
		{DedupeKey: "1", Kind: "report", Address: "a@x.example", Language: "ru", Timezone: "UTC", NotBefore: tx.Now.Add(-time.Hour)},
		{DedupeKey: "2", Kind: "invitation", Address: "b@x.example", Language: "uz", Timezone: "UTC", NotBefore: tx.Now.Add(time.Hour)},
		{DedupeKey: "3", Kind: "report", Address: "c@x.example", Language: "en", Timezone: "UTC", NotBefore: tx.Now.Add(2 * time.Hour)}}
	if _, err := tx.InsertDeliveries(ctx, owed); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		filter store.LetterFilter
		want   string
		reason string
	}{
		{store.LetterFilter{}, "cba", "all, the latest first"},
		{store.LetterFilter{Kind: "report"}, "ca", "of one kind"},
		{store.LetterFilter{State: "pending"}, "a", "in one state"},
		{store.LetterFilter{Limit: 1, Offset: 1}, "b", "the second page of one"},
		{store.LetterFilter{Kind: "none"}, "", "no such kind"},
	} {
		list, err := tx.LetterLines(ctx, c.filter)
		got := ""
		for _, l := range list {
			got += l.Address[:1]
		}
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, want %q, %v", c.reason, got, c.want, err)
		}
	}
	counts, err := tx.LetterCounts(ctx)
	if err != nil || len(counts) != 3 || counts[0] != (store.LetterCount{Kind: "invitation", State: "planned", N: 1}) {
		t.Errorf("counts: %v, %v", counts, err)
	}
	at, ok, err := tx.OldestDue(ctx)
	if err != nil || !ok || !at.Equal(owed[0].NotBefore.Truncate(time.Microsecond)) {
		t.Errorf("oldest due: %v %t %v, want %v", at, ok, err, owed[0].NotBefore)
	}
	work, err := tx.WorkCounts(ctx)
	if err != nil || len(work.Runs) != 0 || len(work.Occurrences) != 0 {
		t.Errorf("work: %v, %v", work, err)
	}
}

func TestTokenLanguage(t *testing.T) {
	tx := storetest.Tx(t, storetest.New(t))
	ctx := t.Context()
	if _, err := tx.InsertDeliveries(ctx, []store.Delivery{{DedupeKey: "1", Kind: "report", Address: "a@x.example", Language: "ru", Timezone: "UTC"}}); err != nil {
		t.Fatal(err)
	}
	for token, c := range map[string]struct{ address, want, reason string }{
		"known":   {"a@x.example", "ru", "the language of the last letter"},
		"unknown": {"b@x.example", "en", "no letter was sent there"},
	} {
		if err := tx.PutUnsubscribeToken(ctx, token, store.TokenSubject{Address: c.address, Report: "weekly"}, tx.Now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, err := tx.TokenLanguage(ctx, token); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v", c.reason, got, err)
		}
	}
	if _, err := tx.TokenLanguage(ctx, "no-such-token"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown token: got %v", err)
	}
}
