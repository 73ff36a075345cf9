package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/scheduler"
	"secretariat/store"
	"secretariat/store/storetest"
)

// letterBook makes a database with one letter in each of some states and returns the environment that names it.
func letterBook(t *testing.T) (env map[string]string, ids map[string]int64) {
	t.Helper()
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return scheduler.MigrateEngine(ctx, db) })
	if err != nil {
		t.Fatal(err)
	}
	ids = map[string]int64{}
	err = s.InTx(t.Context(), func(tx *store.Tx) error {
		for _, state := range []string{store.DeliveryPlanned, store.DeliverySent, store.DeliveryUncertain, store.DeliveryFailed} {
			rows, err := tx.InsertDeliveries(t.Context(), []store.Delivery{{DedupeKey: state, Kind: "invitation", State: state, Reason: "because " + state,
				Address: "anna@un.example", Name: "Anna", Language: "en", Timezone: "Asia/Tashkent", NotBefore: tx.Now.Add(time.Hour)}})
			if err != nil {
				return err
			}
			ids[state] = rows[0].ID
			d := rows[0]
			d.MessageID, d.Subject, d.BodyText, d.Calendar, d.CalendarMethod = state+"@isrs.example", "Приглашение", "Dear Anna", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST"
			if state != store.DeliveryPlanned {
				err = tx.FreezeDelivery(t.Context(), d)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"DATABASE_URL": url}, ids
}

// TestOutboxList holds the JSON to its contract.
func TestOutboxList(t *testing.T) {
	env, ids := letterBook(t)
	out, errs, code := command(t, env, "outbox", "list", "--json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct{ Deliveries []map[string]any }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"attempts", "id", "kind", "message_id", "not_before", "reason", "sent_at", "state", "subject", "to", "was_uncertain"}
	if len(got.Deliveries) != len(ids) {
		t.Fatalf("%d letters, want %d", len(got.Deliveries), len(ids))
	}
	for _, d := range got.Deliveries {
		if keys := slices.Sorted(maps.Keys(d)); !slices.Equal(keys, want) {
			t.Errorf("keys %v, want %v", keys, want)
		}
		if id, _ := d["message_id"].(string); !strings.Contains(id, "@") {
			t.Errorf("message_id %q has no domain", id)
		}
	}
	out, _, _ = command(t, env, "outbox", "list", "--state", "failed")
	if strings.Count(out, "\n") != 2 || !strings.Contains(out, "because failed") {
		t.Errorf("the failed letters:\n%s", out)
	}
}

func TestOutboxShow(t *testing.T) {
	env, _ := letterBook(t)
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"for people", []string{"show", "2"}, "Dear Anna"},
		{"the message, with CRLF", []string{"show", "2", "--eml"}, "Message-ID: <sent@isrs.example>\r\n"},
		{"the calendar object", []string{"show", "2", "--ics"}, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
		{"as JSON with the log", []string{"show", "2", "--json"}, `"log": []`},
	} {
		out, errs, code := command(t, env, append([]string{"outbox"}, row.args...)...)
		if code != 0 || !strings.Contains(out, row.want) {
			t.Errorf("%s: exit %d, %s, %q; want %q", row.name, code, errs, out, row.want)
		}
	}
}

func TestOutboxVerbs(t *testing.T) {
	env, _ := letterBook(t) // planned 1, sent 2, uncertain 3, failed 4
	for _, row := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"not a number", []string{"show", "x"}, exitUse, "is not the number of a letter"},
		{"an unknown number", []string{"show", "99"}, exitUse, "no letter has the number 99"},
		{"not built yet", []string{"show", "1", "--eml"}, exitUse, "is not built yet"},
		{"an unknown state", []string{"list", "--state", "sendt"}, exitUse, `did you mean "sent"?`},
		{"resend without a reason", []string{"resend", "2"}, exitUse, "for a reason"},
		{"resend what has not left", []string{"resend", "1", "--why", "x"}, exitUse, "has not ended yet"},
		{"resend what is uncertain", []string{"resend", "3", "--why", "x"}, exitUse, "is uncertain"},
		{"resend", []string{"resend", "2", "--why", "lost"}, 0, "letter 2 goes out as letter 5"},
		{"settle what is sent", []string{"settle", "2", "sent", "--why", "x"}, exitUse, "letter 2 is sent"},
		{"settle as nonsense", []string{"settle", "3", "maybe", "--why", "x"}, exitUse, `"maybe" is not an outcome`},
		{"settle", []string{"settle", "3", "dropped", "--why", "the reader did not get it"}, 0, "settled as dropped"},
		{"settle twice", []string{"settle", "3", "sent", "--why", "x"}, exitUse, "letter 3 is suppressed"},
	} {
		out, errs, code := command(t, env, append([]string{"outbox"}, row.args...)...)
		if code != row.code || !strings.Contains(out+errs, row.want) {
			t.Errorf("%s: exit %d and %q, want %d and %q", row.name, code, out+errs, row.code, row.want)
		}
	}
}

// Of a letter that waits or was in doubt the reader is told when it is tried next, when it loses its point and what it repeats.
func TestOutboxShowTellsTheTimes(t *testing.T) {
	env, ids := letterBook(t)
	s := storetest.Open(t, env["DATABASE_URL"])
	storetest.Exec(t, s, `update delivery set retry_at = '2026-11-23T10:05:00Z', expires_at = '2026-11-24T00:00:00Z', resend_of = $2 where id = $1`,
		ids[store.DeliveryPlanned], ids[store.DeliveryFailed])
	storetest.Exec(t, s, `update delivery set was_uncertain = true, sent_at = '2026-11-23T10:00:00Z' where state in ('sent', 'uncertain')`)
	for _, row := range []struct {
		why, state string
		want, not  []string
	}{
		{"it waits", store.DeliveryPlanned, []string{"Next try    2026-11-23T10:05:00Z", "No use after  2026-11-24T00:00:00Z", "Resends     letter "}, []string{"Sent", "uncertain"}},
		{"it was in doubt", store.DeliverySent, []string{"Sent        2026-11-23T10:00:00Z", "Was         uncertain before"}, []string{"Next try", "No use after", "Resends"}},
		{"it is in doubt", store.DeliveryUncertain, nil, []string{"uncertain before", "Next try"}},
	} {
		out, errs, code := command(t, env, "outbox", "show", fmt.Sprint(ids[row.state]))
		out = strings.Join(strings.Fields(out), " ")
		for _, want := range row.want {
			if !strings.Contains(out, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s: exit %d, no %q in %s%s", row.why, code, want, out, errs)
			}
		}
		for _, not := range row.not {
			if strings.Contains(out, not) {
				t.Errorf("%s: %q in %s", row.why, not, out)
			}
		}
	}
	out, _, _ := command(t, env, "outbox", "show", fmt.Sprint(ids[store.DeliveryPlanned]), "--json")
	if !strings.Contains(out, `"retry_at": "2026-11-23T10:05:00Z"`) {
		t.Errorf("the JSON does not say when it is tried next:\n%s", out)
	}
}
