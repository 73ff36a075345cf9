package acts

import (
	"context"
	"maps"
	"time"

	"secretariat/mail"
	"secretariat/store"
)

// freeze puts into a delivery what its letter says, for this and every later attempt.
func (a *Acts) freeze(d *store.Delivery, p letterParts, now time.Time) {
	a.complete(d)
	d.FrozenAt, d.FromName, d.FromAddress = &now, a.Mail.From.Name, a.Mail.From.Address
	d.Subject, d.BodyText, d.BodyHTML = p.Letter.Subject, p.Letter.Text, p.Letter.HTML
	d.Calendar, d.CalendarMethod, d.Sequence = p.Calendar, p.Method, p.Sequence
	d.Attachments = p.Attachments
	d.Headers = store.Headers{
		"Auto-Submitted":           "auto-generated", // RFC 3834: no program answers it
		"X-Auto-Response-Suppress": "OOF, AutoReply", // the same for servers that ask in this way
		mail.LoopField:             a.Mail.From.Address,
		"X-Secretariat-Kind":       d.Kind,
		"Content-Language":         d.Language,
	}
	maps.Copy(d.Headers, p.Headers)
}

// domain is the right side of Message-IDs.
func (a *Acts) domain() string {
	if a.Mail.Domain != "" {
		return a.Mail.Domain
	}
	return mail.Domain(a.Mail.From.Address)
}

// message assembles the frozen letter of a delivery.
func (a *Acts) message(ctx context.Context, tx *store.Tx, d store.Delivery) (*mail.Message, error) {
	from := mail.Address{Name: d.FromName, Address: d.FromAddress}
	if from.Address == "" {
		from = a.Mail.From
	}
	m := &mail.Message{
		From: from, To: mail.Address{Name: d.Name, Address: d.Address}, Subject: d.Subject, MessageID: d.MessageID, Date: d.FrozenAt.UTC(),
		Text: d.BodyText, HTML: d.BodyHTML, Calendar: d.Calendar, Method: d.CalendarMethod, Headers: maps.Clone(d.Headers),
	}
	if a.Mail.ReturnPath != "" {
		key, err := a.returnKey(ctx, tx)
		if err != nil {
			return nil, err
		}
		m.ReturnPath = mail.ReturnPath(a.Mail.ReturnPath, d.ID, key)
	}
	if a.Mail.RedirectTo != "" {
		m.Headers["X-Secretariat-Intended-To"] = d.Address
		m.To.Address = a.Mail.RedirectTo
	}
	for _, f := range d.Attachments {
		file, err := a.shelf.file(ctx, tx, f.SHA256)
		if err != nil {
			return nil, err
		}
		file.Name, file.Type = f.Name, f.Type
		m.Attachments = append(m.Attachments, file)
	}
	return m, nil
}

// returnKey is the key of return paths; it never changes.
func (a *Acts) returnKey(ctx context.Context, tx *store.Tx) ([]byte, error) {
	if key := a.bounceKey.Load(); key != nil {
		return *key, nil
	}
	key, err := tx.BounceKey(ctx)
	if err == nil {
		a.bounceKey.Store(&key)
	}
	return key, err
}

// Message returns the letter of a delivery as it was or will be sent. It returns a refusal for one that is not built yet.
func (a *Acts) Message(ctx context.Context, id int64) (m *mail.Message, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		if d.FrozenAt == nil {
			return refuse("it is built when it is due; its texts are not known before", "letter %d is not built yet (%s)", id, d.State)
		}
		m, err = a.message(ctx, tx, d)
		return err
	})
	return m, err
}
