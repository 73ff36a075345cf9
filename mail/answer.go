package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
)

// Limits of a letter that arrives: what is larger is not read.
const (
	arrivalLimit = 8 << 20
	partLimit    = 256 << 10 // of the calendar object
	depthLimit   = 6
	partsLimit   = 60
)

// Answer is a letter from a calendar program.
type Answer struct {
	From     string // address of the sender, in lower case
	Method   string // of the content type, in upper case, "" where not said
	Calendar []byte
}

// ReadAnswer finds the calendar object in a letter. found is false for a letter that has none, or more than one sender.
func ReadAnswer(letter []byte) (a Answer, found bool, err error) {
	m, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		return a, false, fmt.Errorf("read letter: %w", err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || len(from) != 1 {
		return a, false, nil
	}
	a.From = strings.ToLower(from[0].Address)
	parts := partsLimit
	found, err = a.find(textproto.MIMEHeader(m.Header), m.Body, 0, &parts)
	if err != nil {
		return a, false, fmt.Errorf("read letter: %w", err)
	}
	return a, found, nil
}

// find looks for the first text/calendar part, depth first.
func (a *Answer) find(h textproto.MIMEHeader, body io.Reader, depth int, left *int) (bool, error) {
	if *left--; *left < 0 || depth > depthLimit {
		return false, fmt.Errorf("it has more parts than an answer needs")
	}
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return false, nil
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			part, err := r.NextRawPart()
			if err == io.EOF {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			if found, err := a.find(part.Header, part, depth+1, left); found || err != nil {
				return found, err
			}
		}
	}
	if mediaType != "text/calendar" {
		return false, nil
	}
	a.Method = strings.ToUpper(params["method"])
	a.Calendar, err = io.ReadAll(io.LimitReader(decoded(h.Get("Content-Transfer-Encoding"), body), partLimit+1))
	if err == nil && len(a.Calendar) > partLimit {
		err = fmt.Errorf("its calendar object is larger than %d octets", partLimit)
	}
	return err == nil, err
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// TakeNew hands each letter in "new" to take, and moves it to "cur" when take returns nil; the others stay and come again.
// It returns the first error after all letters had their turn. A letter that is too large is moved without being read.
func (d *Maildir) TakeNew(ctx context.Context, take func(letter []byte) error) (first error) {
	entries, err := os.ReadDir(filepath.Join(d.dir, "new"))
	if err != nil {
		return fmt.Errorf("look into Maildir: %w", err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := d.takeOne(e, take); err != nil && first == nil && !os.IsNotExist(err) { // another replica may have taken it
			first = err
		}
	}
	return first
}

func (d *Maildir) takeOne(e os.DirEntry, take func(letter []byte) error) error {
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	file := filepath.Join(d.dir, "new", e.Name())
	if info.Size() <= arrivalLimit {
		letter, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := take(letter); err != nil {
			return err
		}
	}
	return os.Rename(file, filepath.Join(d.dir, "cur", e.Name()+":2,S"))
}
