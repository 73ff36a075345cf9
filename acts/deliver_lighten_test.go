package acts

import (
	"bytes"
	"context"
	"strings"
	"testing"

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
