package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"secretariat/locale"
	"secretariat/store"
)

// The page of files that a letter had to leave out is in its reader's language and hands out the bytes to be saved; every
// token that opens nothing answers alike.
func TestFilesPage(t *testing.T) {
	a, h := sampleDesk(t)
	const token, content = "filesfilesfilesfilesfiles2", "%PDF-1.7 the pack"
	letter := func(language string) {
		in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
			sha, err := tx.PutArtefact(ctx, "application/pdf", []byte(content))
			if err != nil {
				return err
			}
			rows, err := tx.InsertDeliveries(ctx, []store.Delivery{{DedupeKey: "left out " + language, Kind: "report", Address: "a@b.example", Language: language, Timezone: "Asia/Tashkent"}})
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `update delivery set subject = '<b>Report</b>', left_out = jsonb_build_array(jsonb_build_object('name', 'отчёт "1".pdf', 'type', 'application/pdf', 'sha256', $2::text)) where id = $1`, rows[0].ID, sha); err != nil {
				return err
			}
			return tx.PutFilesToken(ctx, token+language, rows[0], tx.Now.Add(time.Hour))
		})
	}
	for _, language := range locale.Languages {
		letter(language)
		path := "/f/" + token + language
		answer, body := ask(t, h, "GET", path)
		look(t, "files-"+language, body)
		if answer.StatusCode != 200 || !strings.Contains(body, `lang="`+language+`"`) || !strings.Contains(body, `href="`+path+`/0"`) || strings.Contains(body, "<b>Report") || strings.Contains(body, "web.files") {
			t.Errorf("%s: %d\n%s", language, answer.StatusCode, body)
		}
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error { // a person who receives no letters any more
		_, err := tx.ExecContext(ctx, `update person set ref = 'X-left', active = false where ref = 'X-chen'`)
		return err
	})
	answer, body := ask(t, h, "GET", "/f/"+token+"ru/0")
	if answer.StatusCode != 200 || body != content || !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment;") || answer.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the file: %d, %v, %q", answer.StatusCode, answer.Header, body)
	}
	_, unknown := ask(t, h, "GET", "/f/unknown")
	for _, path := range []string{"/f/" + token + "ru/1", "/f/" + token + "ru/-1", "/f/" + token + "ru/x", "/f/" + token, "/f/unknown/0"} {
		if answer, body := ask(t, h, "GET", path); answer.StatusCode != 404 || body != unknown {
			t.Errorf("%s: %d\n%s", path, answer.StatusCode, body)
		}
	}
	for _, row := range []struct{ why, change, undo string }{
		{"after its end", `expires_at = created_at`, `expires_at = created_at + interval '1 hour'`},
		{"revoked", `revoked_at = created_at`, `revoked_at = null`},
		{"of another purpose", `purpose = 'reply'`, `purpose = 'files'`},
		{"of a reader who has left", `person_id = (select id from person where ref = 'X-left')`, `person_id = null`},
	} {
		change := func(to string) {
			in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, `update token set `+to+` where delivery_id = (select id from delivery where dedupe_key = 'left out ru')`)
				return err
			})
		}
		change(row.change)
		for _, path := range []string{"/f/" + token + "ru", "/f/" + token + "ru/0"} {
			if answer, body := ask(t, h, "GET", path); answer.StatusCode != 404 || body != unknown {
				t.Errorf("%s: %s: %d", row.why, path, answer.StatusCode)
			}
		}
		change(row.undo)
		if answer, _ := ask(t, h, "GET", "/f/"+token+"ru"); answer.StatusCode != 200 {
			t.Errorf("%s, undone: %d", row.why, answer.StatusCode)
		}
	}
}
