package store_test

import (
	"strings"
	"testing"

	"secretariat/store"
	"secretariat/store/storetest"
)

// A letter that has ended holds no link that opens a page; one that may still be sent, or whose fate is unknown, is read as
// it was frozen, for a retry sends the same bytes. A demonstration keeps its links. Texts are stored without them always.
func TestLinksAreMaskedWithTheEnd(t *testing.T) {
	const token, foot = "abcdefghijklmnopqrstuvwxyz", "https://sec.example/readme/abcdefghijklmnopqrstuvwxyz"
	const link = "https://sec.example/r/" + token
	s := storetest.New(t)
	for _, keeps := range []bool{false, true} {
		if keeps {
			if err := s.KeepLinks(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range []struct {
			state string
			ended bool
		}{
			{store.DeliverySending, false}, {store.DeliveryCommitting, false}, {store.DeliveryUncertain, false}, {store.DeliveryPending, false},
			{store.DeliverySent, true}, {store.DeliveryFailed, true}, {store.DeliverySuppressed, true}, {store.DeliveryExpired, true},
		} {
			var after store.Delivery
			var texts, tokens string // as they are stored
			err := s.InTx(t.Context(), func(tx *store.Tx) error {
				key := row.state + map[bool]string{true: " kept"}[keeps]
				rows, err := tx.InsertDeliveries(t.Context(), []store.Delivery{{DedupeKey: key, Kind: "invitation", Address: "a@b.example", Language: "en", Timezone: "UTC"}})
				if err != nil {
					return err
				}
				d := rows[0]
				d.MessageID, d.Subject, d.BodyText = key, "Subject", "Answer at "+link+" or "+link+".\n"+foot
				d.BodyHTML = `<a href="` + link + `">answer</a>`
				d.Headers = store.Headers{"List-Unsubscribe": "<https://sec.example/u/" + token + ">"}
				if err := tx.FreezeDelivery(t.Context(), d); err != nil {
					return err
				}
				if _, err := tx.ExecContext(t.Context(), `update delivery set state = $2, sent_at = case when $2 = 'sent' then now() end where id = $1`, d.ID, row.state); err != nil {
					return err
				}
				if after, err = tx.Delivery(t.Context(), d.ID); err != nil {
					return err
				}
				return tx.QueryRowContext(t.Context(), `select body_text || body_html || headers, links::text from delivery where id = $1`, d.ID).Scan(&texts, &tokens)
			})
			if err != nil {
				t.Fatalf("%s: %v", row.state, err)
			}
			whole := after.BodyText + after.BodyHTML + after.Headers["List-Unsubscribe"]
			if masked := row.ended && !keeps; strings.Count(whole, "/r/"+token)+strings.Count(whole, "/u/"+token) != map[bool]int{true: 0, false: 4}[masked] ||
				strings.Count(whole, "/r/…")+strings.Count(whole, "/u/…") != map[bool]int{true: 4, false: 0}[masked] {
				t.Errorf("%s, a demonstration %v: %s", row.state, keeps, whole)
			}
			if kept := !row.ended || keeps; strings.Contains(strings.ReplaceAll(texts, foot, ""), token) || strings.Count(tokens, token) != map[bool]int{true: 4, false: 0}[kept] {
				t.Errorf("%s, a demonstration %v: stored as %s with the tokens %s", row.state, keeps, texts, tokens)
			}
			if !strings.Contains(after.BodyText, foot) || after.Subject != "Subject" {
				t.Errorf("%s: more than the links was changed: %q", row.state, after.BodyText)
			}
		}
	}
}
