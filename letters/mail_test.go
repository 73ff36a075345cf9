package letters

import (
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"secretariat/calendar"
	"secretariat/locale"
	"secretariat/mail"
)

// Every kind of letter in every language is sound as a message: with its calendar object where it has one, its alternatives, its
// unsubscribing. The program mailcheck reads them all where MAILCHECK names it or it stands on the PATH; the standard library
// reads them in any case. LETTERS names a folder that keeps them, for script/letters.
func TestEveryLetterAsMail(t *testing.T) {
	set, folder := load(t), t.TempDir()
	if dir := os.Getenv("LETTERS"); dir != "" {
		folder = dir
	}
	var plain, invitations []string
	for _, kind := range slices.Sorted(maps.Keys(Kinds)) {
		for _, lang := range locale.Languages {
			data := only(kind, full(t))
			data.Recipient.Language = lang
			letter, err := set.Compose(kind, lang, data)
			if err != nil {
				t.Fatal(err)
			}
			if em := strings.Contains(letter.HTML, "<em>"); em && (lang == "ar" || lang == "zh") {
				t.Errorf("%s.%s has slanted letters", kind, lang)
			}
			m := message(t, kind, lang, letter, data)
			file := filepath.Join(folder, kind+"."+lang+".eml")
			readBack(t, kind+"."+lang, write(t, file, m), letter)
			if err := os.WriteFile(filepath.Join(folder, kind+"."+lang+".html"), []byte(letter.HTML), 0o644); err != nil {
				t.Fatal(err)
			}
			if m.Calendar != "" {
				invitations = append(invitations, file)
			} else {
				plain = append(plain, file)
			}
		}
	}
	if len(invitations) < 5*len(locale.Languages) {
		t.Errorf("%d letters with a calendar object, want 5 kinds of them or more", len(invitations))
	}
	mailcheck(t, plain, "--unsubscribe-kinds", "report,nothing-to-report")
	mailcheck(t, invitations, "--calendar")
}

// carries names the calendar method of the kinds of letters that have a calendar object.
var carries = map[string]string{"hold-the-date": calendar.MethodRequest, "invitation": calendar.MethodRequest, "session-changed": calendar.MethodRequest,
	"reply-request": calendar.MethodRequest, "session-cancelled": calendar.MethodCancel, "session-postponed": calendar.MethodCancel}

// message wraps a letter as acts do.
func message(t *testing.T, kind, lang string, l Letter, d Data) *mail.Message {
	t.Helper()
	full := full(t)
	m := &mail.Message{From: mail.Address{Name: "Secretariat", Address: "secretary@isrs.example"}, To: mail.Address{Name: d.Recipient.Name, Address: "malika@example.org"},
		Subject: l.Subject, MessageID: kind + "." + lang + "@isrs.example", Date: full.Report.AsOf, Text: l.Text, HTML: l.HTML,
		Headers: map[string]string{"Auto-Submitted": "auto-generated", "X-Secretariat-Kind": kind, "Content-Language": lang}}
	if kind == "report" || kind == "nothing-to-report" { // report-held goes to the one who must decide, not to subscribers
		m.Headers["List-Unsubscribe"], m.Headers["List-Unsubscribe-Post"] = "<https://secretariat.example/u/abc>", "List-Unsubscribe=One-Click"
	}
	method := carries[kind]
	if method == "" {
		return m
	}
	s, text := d.Session.Session, EventText(lang, d)
	e := calendar.Event{Method: method, UID: "rec-6@isrs.example", Sequence: 1, Stamp: full.Report.AsOf, Status: calendar.StatusConfirmed,
		Start: s.OpensAt, End: s.ClosesAt, Zone: d.Session.Zone, Language: lang, Summary: text.Summary, Location: text.Location, Description: text.Description,
		Organizer: calendar.Mailbox{Name: m.From.Name, Address: m.From.Address}, Attendee: &calendar.Mailbox{Name: m.To.Name, Address: m.To.Address}}
	if method == calendar.MethodCancel {
		e.Status = calendar.StatusCancelled
	}
	object, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m.Calendar, m.Method = object, method
	return m
}

func write(t *testing.T, file string, m *mail.Message) []byte {
	t.Helper()
	a, err := mail.Assemble(m)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var b bytes.Buffer
	if _, err := a.WriteTo(&b); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readBack finds in the message the subject and both forms of the words.
func readBack(t *testing.T, name string, raw []byte, l Letter) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != l.Subject {
		t.Errorf("%s: subject %q, want %q (%v)", name, got, l.Subject, err)
	}
	found := map[string]string{}
	leaves(t, name, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, found)
	for mediaType, want := range map[string]string{"text/plain": l.Text, "text/html": l.HTML} {
		if got := strings.ReplaceAll(found[mediaType], "\r\n", "\n"); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s: %s differs:\n%.300q\n%.300q", name, mediaType, got, want)
		}
	}
}

// leaves collects the first part of each type.
func leaves(t *testing.T, name, contentType, encoding string, body io.Reader, into map[string]string) {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !strings.HasPrefix(mediaType, "multipart/") {
		b, err := io.ReadAll(decoded(encoding, body))
		if err != nil {
			t.Fatalf("%s: %s: %v", name, mediaType, err)
		}
		if into[mediaType] == "" {
			into[mediaType] = string(b)
		}
		return
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		leaves(t, name, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, into)
	}
}

// mailcheck lets the program of that name judge the messages.
func mailcheck(t *testing.T, files []string, options ...string) {
	t.Helper()
	program := os.Getenv("MAILCHECK")
	if program == "" {
		var err error
		if program, err = exec.LookPath("mailcheck"); err != nil {
			t.Log("mailcheck not found: the standard library alone has read the letters")
			return
		}
	}
	if out, err := exec.Command(program, append(append([]string{"--quiet"}, options...), files...)...).CombinedOutput(); err != nil {
		t.Errorf("mailcheck: %v\n%s", err, out)
	}
}

func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}
