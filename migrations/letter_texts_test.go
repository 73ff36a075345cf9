package migrations_test

import (
	"os"
	"path/filepath"
	"testing"

	"secretariat/migrations"
	"secretariat/store"
	"secretariat/store/storetest"
)

// Letters that are under way when 0026 comes are read as they were frozen; those that have ended stay masked.
func TestLettersUnderWayKeepTheirLinks(t *testing.T) {
	const token, other = "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba"
	url := storetest.Blank(t)
	db := open(t, url)
	all, err := filepath.Glob("*.sql")
	if err != nil || len(all) != len(migrations.Files()) {
		t.Fatalf("%d files: %v", len(all), err)
	}
	apply := func(files []string) {
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(string(b)); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
		}
	}
	apply(all[:25])
	for _, state := range []string{"pending", "uncertain", "sent"} {
		_, err := db.Exec(`
			insert into delivery (dedupe_key, message_id, kind, state, address, name, language, timezone, not_before, frozen_at, body_text, body_html, headers, created_at, updated_at)
			values ($1, $1, 'report', $1::text, 'a@b.example', '', 'en', 'UTC', now(), now(), 'At /r/`+token+` or /u/… or /p/`+other+`', '<a href="/r/`+token+`">',
				'{"X-B": "</u/`+other+`>", "List-A": "</u/`+token+`>", "X": ""}', now(), now())`, state)
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`update delivery set body_text = masked(body_text), body_html = masked(body_html), headers = masked(headers::text)::jsonb where state = 'sent'`); err != nil {
		t.Fatal(err)
	}
	apply(all[25:26])
	var open int
	if err := db.QueryRow(`select count(*) from delivery where body_text || body_html || headers ~ '[a-z]{26}'`).Scan(&open); err != nil || open > 0 {
		t.Errorf("%d letters are stored with tokens in their texts: %v", open, err)
	}
	apply(all[26:])
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var letters []store.Delivery
	if err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
		letters, err = tx.Deliveries(t.Context(), store.DeliveryFilter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, d := range letters {
		a, b := token, other
		if d.State == "sent" {
			a, b = "…", "…"
		}
		if d.BodyText != "At /r/"+a+" or /u/… or /p/"+b || d.BodyHTML != `<a href="/r/`+a+`">` || d.Headers["List-A"] != "</u/"+a+">" || d.Headers["X-B"] != "</u/"+b+">" {
			t.Errorf("%s: %q, %q, %v", d.State, d.BodyText, d.BodyHTML, d.Headers)
		}
	}
}
