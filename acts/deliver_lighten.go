package acts

import (
	"context"
	"html"
	"strings"

	"secretariat/locale"
	"secretariat/store"
)

// lighten takes the files out of a letter that is larger than the relay takes, and says so in it. Nothing of it was taken
// in before, so that no reader gets two versions.
func (a *Acts) lighten(ctx context.Context, tx *store.Tx, d store.Delivery) error {
	names := make([]string, len(d.Attachments))
	for i, f := range d.Attachments {
		names[i] = f.Name
	}
	note := locale.For(d.Language).T("letters.without-files", map[string]any{"files": strings.Join(names, ", ")})
	d.BodyText = strings.TrimRight(d.BodyText, "\n") + "\n\n" + note + "\n"
	if d.BodyHTML != "" {
		paragraph := "<p>" + html.EscapeString(note) + "</p>"
		if end := strings.LastIndex(d.BodyHTML, "</body>"); end >= 0 {
			d.BodyHTML = d.BodyHTML[:end] + paragraph + d.BodyHTML[end:]
		} else {
			d.BodyHTML += paragraph
		}
	}
	return tx.LightenDelivery(ctx, d)
}
