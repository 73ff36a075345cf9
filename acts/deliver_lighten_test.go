package acts

import (
	"bytes"
	"context"
	"errors"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"secretariat/mail/mailtest"
	"secretariat/store"
)

// composeLarge attaches a report of 20 kB.
func (o *outbox) composeLarge(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	parts, reason, err := o.compose(ctx, a, tx, d)
	if err == nil {
		parts.Attachments[0].SHA256, err = tx.PutArtefact(ctx, "application/pdf", bytes.Repeat([]byte("%PDF"), 5000))
	}
	return parts, reason, err
}

// TestTooLarge is row 110: a letter larger than the relay takes goes without its files and says so; one that has none fails.
func TestTooLarge(t *testing.T) {
	for _, row := range []struct {
		name   string
		script mailtest.Script
		taken  int
		state  string
	}{
		{"the relay names its limit", mailtest.Script{Extensions: []string{"SIZE 10000"}}, 1, "sent"},
		{"it says so at MAIL", mailtest.Script{Reply: map[string]string{"MAIL": "552 5.3.4 Message size exceeds fixed limit"}}, 0, "failed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, row.script)
			o := newOutbox(t, s.URL())
			o.sources = func(string) (letterSource, error) { return o.composeLarge, nil }
			id := o.owe(store.Delivery{Kind: "report"})
			if got := o.send(id); got != delayed {
				t.Fatalf("got %s (%s), want another try", got, o.row(id).Reason)
			}
			if d := o.row(id); d.State != store.DeliveryPending || !strings.Contains(d.Reason, "without its files") {
				t.Errorf("it is %s (%s), want it pending without its files", d.State, d.Reason)
			}
			o.send(id)
			d, letters := o.row(id), s.Letters()
			if d.State != row.state || len(letters) != row.taken {
				t.Fatalf("it is %s (%s) with %d letters taken; want %s and %d", d.State, d.Reason, len(letters), row.state, row.taken)
			}
			if !strings.Contains(d.BodyText, "report.pdf не удалось отправить") || !strings.Contains(d.BodyHTML, "report.pdf не удалось отправить") {
				t.Errorf("the letter does not say what is missing: %q", d.BodyText)
			}
			if row.taken > 0 && strings.Contains(string(letters[0].Bytes), "application/pdf") {
				t.Error("the file went with it all the same")
			}
		})
	}
}

// TestTooLargeIsFetched: where the program knows its own address, the letter says where its files are: for a month, byte for
// byte as they would have come, and for whoever has the letter only.
func TestTooLargeIsFetched(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{Extensions: []string{"SIZE 10000"}})
	o := newOutbox(t, s.URL())
	o.Mail.PublicURL = "https://sec.example/"
	o.sources = func(string) (letterSource, error) { return o.composeLarge, nil }
	id := o.owe(store.Delivery{Kind: "report"})
	o.send(id)
	if got := o.send(id); got != sent {
		t.Fatalf("got %s (%s)", got, o.row(id).Reason)
	}
	parts := map[string][]byte{}
	m, err := mail.ReadMessage(bytes.NewReader(s.Letters()[0].Bytes))
	if err != nil {
		t.Fatal(err)
	}
	readParts(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, parts)
	link := regexp.MustCompile(`https://sec\.example/f/([a-z2-7]{26})`)
	found := link.FindStringSubmatch(string(parts["text/plain"]))
	if found == nil || !strings.Contains(string(parts["text/html"]), `href="`+found[0]+`"`) || parts["application/pdf"] != nil {
		t.Fatalf("no link in\n%s\n%s", parts["text/plain"], parts["text/html"])
	}
	page, err := o.ShowFiles(t.Context(), found[1])
	if err != nil || len(page.Files) != 1 || page.Files[0].Name != "report.pdf" || page.Files[0].Bytes != 20000 || page.Language != "ru" {
		t.Fatalf("the page shows %+v, %v", page, err)
	}
	file, err := o.FetchFile(t.Context(), found[1], 0)
	if err != nil || !bytes.Equal(file.Content, bytes.Repeat([]byte("%PDF"), 5000)) || file.Type != "application/pdf" {
		t.Errorf("fetched %d bytes of %s, %v", len(file.Content), file.Type, err)
	}
	for why, token := range map[string]string{"another token": strings.Repeat("a", 26), "none": ""} {
		if _, err := o.ShowFiles(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", why, err)
		}
	}
	for _, n := range []int{-1, 1} {
		if _, err := o.FetchFile(t.Context(), found[1], n); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("file %d: %v", n, err)
		}
	}
	if d := o.row(id); link.MatchString(d.BodyText + d.BodyHTML) {
		t.Errorf("the row of the letter that left holds the link:\n%s", d.BodyText)
	}
	o.step(filesKept + time.Minute)
	if _, err := o.FetchFile(t.Context(), found[1], 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a month: %v", err)
	}
}
