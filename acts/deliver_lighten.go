package acts

import (
	"context"
	"html"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/locale"
	"secretariat/store"
)

// lighten takes the files out of a letter that is larger than the relay takes, and says in it where they can be fetched: on
// a page of our own, where there is one, else from the secretariat. Nothing of it was taken in before, so that no reader
// gets two versions.
func (a *Acts) lighten(ctx context.Context, tx *store.Tx, d store.Delivery) error {
	names := make([]string, len(d.Attachments))
	for i, f := range d.Attachments {
		names[i] = f.Name
	}
	l, until := locale.For(d.Language), tx.Now.Add(filesKept)
	link, err := a.newFilesLink(ctx, tx, d, until)
	if err != nil {
		return err
	}
	note := l.T("letters.without-files", map[string]any{"files": strings.Join(names, ", ")})
	paragraph := "<p>" + html.EscapeString(note) + "</p>"
	if link != "" {
		zone, err := calendar.LoadZone(d.Timezone)
		if err != nil {
			zone = time.UTC
		}
		note = l.T("letters.files-elsewhere", map[string]any{"files": strings.Join(names, ", "), "until": l.Moment(until, zone)})
		paragraph = "<p>" + html.EscapeString(note) + ` <a href="` + html.EscapeString(link) + `">` + html.EscapeString(link) + "</a></p>"
		note += "\n<" + link + ">"
	}
	d.BodyText = strings.TrimRight(d.BodyText, "\n") + "\n\n" + note + "\n"
	if d.BodyHTML != "" {
		if end := strings.LastIndex(d.BodyHTML, "</body>"); end >= 0 {
			d.BodyHTML = d.BodyHTML[:end] + paragraph + d.BodyHTML[end:]
		} else {
			d.BodyHTML += paragraph
		}
	}
	return tx.LightenDelivery(ctx, d)
}
