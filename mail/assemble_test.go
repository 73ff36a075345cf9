package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func sample() *Message {
	return &Message{
		From:      Address{"Secretariat", "secretariat@isrs.example"},
		To:        Address{"Анна О'Нил", "anna@un.example"},
		Subject:   "Weekly report",
		MessageID: "abc@isrs.example",
		Date:      time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC),
		Text:      "Dear Anna,\nthe report is attached.\n",
		HTML:      "<p>Dear Anna,<br>the report is attached.</p>",
		Headers:   map[string]string{"Auto-Submitted": "auto-generated", "X-Secretariat-Kind": "report"},
	}
}

func assembled(t testing.TB, m *Message) []byte {
	t.Helper()
	a, err := Assemble(m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	n, err := a.WriteTo(&b)
	if err != nil || n != a.Size() || n != int64(b.Len()) {
		t.Fatalf("wrote %d of %d octets: %v", n, a.Size(), err)
	}
	return b.Bytes()
}

// leaf is a part of a read message.
type leaf struct{ Type, Name, Body string }

// read takes a message apart with the standard library, which shares no code with the writer but the encodings.
func read(t testing.TB, b []byte) (netmail.Header, []leaf, string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var leaves []leaf
	var shape func(header map[string][]string, body io.Reader) string
	shape = func(header map[string][]string, body io.Reader) string {
		get := func(k string) string { return strings.Join(header[k], ",") }
		kind, params, err := mime.ParseMediaType(get("Content-Type"))
		if err != nil {
			t.Fatalf("content type %q: %v", get("Content-Type"), err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			var inner []string
			for r := multipart.NewReader(body, params["boundary"]); ; {
				p, err := r.NextRawPart()
				if err == io.EOF {
					return strings.TrimPrefix(kind, "multipart/") + "(" + strings.Join(inner, " ") + ")"
				} else if err != nil {
					t.Fatal(err)
				}
				inner = append(inner, shape(p.Header, p))
			}
		}
		switch get("Content-Transfer-Encoding") {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		l := leaf{Type: kind, Body: string(data)}
		if _, dp, err := mime.ParseMediaType(get("Content-Disposition")); err == nil {
			l.Name = dp["filename"]
		}
		leaves = append(leaves, l)
		return kind
	}
	tree := shape(m.Header, m.Body)
	return m.Header, leaves, tree
}

func TestTree(t *testing.T) {
	pdf := File{Name: "report.pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.7\n%%EOF")}
	for _, row := range []struct {
		name, want string
		change     func(*Message)
	}{
		{"text alone", "text/plain", func(m *Message) { m.HTML = "" }},
		{"text and html", "alternative(text/plain text/html)", func(*Message) {}},
		{"with a report", "mixed(alternative(text/plain text/html) application/pdf)", func(m *Message) { m.Attachments = []File{pdf} }},
		{"the calendar is the last alternative and attached once more, after the files",
			"mixed(alternative(text/plain text/html text/calendar) application/pdf application/ics)",
			func(m *Message) {
				m.Attachments, m.Calendar, m.Method = []File{pdf}, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST"
			}},
	} {
		m := sample()
		row.change(m)
		_, leaves, tree := read(t, assembled(t, m))
		if tree != row.want {
			t.Errorf("%s: got %s, want %s", row.name, tree, row.want)
		}
		if m.Calendar != "" {
			if a, b := leaves[2].Body, leaves[len(leaves)-1].Body; a != m.Calendar || b != m.Calendar {
				t.Errorf("%s: calendar part %q, attached %q, want both %q", row.name, a, b, m.Calendar)
			}
		}
	}
}

func TestAssembleIsReadAsWritten(t *testing.T) {
	for _, row := range []struct{ name, subject, person, file, text string }{
		{"plain", "Weekly report", "Anna", "weekly.pdf", "Hello"},
		{"Cyrillic in every place", "Еженедельный отчёт № 48: повестка дня и проекты решений первого заседания", "Секретариат Регионального экспертного совета",
			"Отчёт за неделю — Региональный экспертный совет — ноябрь 2026 года.pdf", strings.Repeat("Отчёт за неделю.\n", 50)},
		{"one long word", strings.Repeat("x", 2000), strings.Repeat("y", 90), strings.Repeat("z", 60) + ".pdf", strings.Repeat("w", 5000)},
		{"what looks encoded stays text", "=?UTF-8?B?eA==?= is no word", "=?x?", "a%20b.pdf", "=3D"},
		{"quotes and commas in a name", "a, b; c", `O"Neil, Anna \ (UN)`, "a'b;c.pdf", ".\r\n..\rlone"},
		{"Arabic and Chinese", "تقرير أسبوعي", "秘书处", "报告.pdf", "报告"},
	} {
		m := sample()
		m.Subject, m.To.Name, m.Text = row.subject, row.person, row.text
		m.Attachments = []File{{Name: row.file, Type: "application/pdf", Bytes: []byte(row.file)}}
		b := assembled(t, m)
		checkLines(t, row.name, b)
		head, leaves, _ := read(t, b)
		dec := &mime.WordDecoder{}
		if got, err := dec.DecodeHeader(head.Get("Subject")); got != row.subject || err != nil {
			t.Errorf("%s: subject %q (%v), want %q", row.name, got, err, row.subject)
		}
		to, err := netmail.ParseAddress(head.Get("To"))
		if err != nil || to.Name != row.person || to.Address != m.To.Address {
			t.Errorf("%s: To %v (%v), want %q", row.name, to, err, row.person)
		}
		if got := leaves[2].Name; got != row.file {
			t.Errorf("%s: file name %q, want %q", row.name, got, row.file)
		}
		want := strings.ReplaceAll(strings.ReplaceAll(row.text, "\r\n", "\n"), "\r", "\n")
		if got := strings.ReplaceAll(leaves[0].Body, "\r\n", "\n"); strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") {
			t.Errorf("%s: text %.60q, want %.60q", row.name, got, want)
		}
	}
}

// checkLines holds a message to 7 bits, CRLF and 998 octets.
func checkLines(t testing.TB, name string, b []byte) {
	t.Helper()
	for line := range bytes.SplitSeq(b, []byte("\r\n")) {
		if len(line) > maxLine {
			t.Errorf("%s: a line of %d octets", name, len(line))
		}
		for _, c := range line {
			if c == '\r' || c == '\n' || c == 0 || c > 0x7e {
				t.Errorf("%s: octet %#x in line %.80q", name, c, line)
				break
			}
		}
	}
}

// TestNothingInjects puts hostile text into every field that data reaches and looks at the field names that come out.
func TestNothingInjects(t *testing.T) {
	want := []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Secretariat-Kind", "X-Why"}
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\r\n:;\"\\<>\x00\u202e\u2028 =?%"))))
		m := sample()
		m.From.Name, m.To.Name = hostile.Draw(t, "from"), hostile.Draw(t, "to")
		m.Subject = hostile.Draw(t, "subject") + "\r\nBcc: evil@example.org\r\n\r\n"
		m.Headers["X-Why"] = hostile.Draw(t, "header") + "\nX-Evil: 1"
		m.Attachments = []File{{Name: hostile.Draw(t, "name") + "/../x\r\nX-Evil: 1", Type: "a/b\r\nX-Evil: 1", Bytes: []byte("x")}}
		m.Text, m.HTML = "x"+hostile.Draw(t, "text"), hostile.Draw(t, "html")+"x"
		a, err := Assemble(m)
		if err != nil {
			return // refused is safe
		}
		var b bytes.Buffer
		a.WriteTo(&b)
		msg, err := netmail.ReadMessage(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		for name := range msg.Header {
			if !strings.Contains(strings.Join(want, " ")+" ", name+" ") {
				t.Fatalf("field %q appeared\n%s", name, b.String())
			}
		}
		if strings.Contains(b.String(), "\nX-Evil") || strings.Contains(b.String(), "\nBcc") {
			t.Fatalf("injected:\n%s", b.String())
		}
		if s := b.String(); strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r") {
			t.Fatal("a lone CR or LF")
		}
	})
}

func TestAssembleRefuses(t *testing.T) {
	for _, row := range []struct {
		name, want string
		change     func(*Message)
	}{
		{"a second address", "not allowed", func(m *Message) { m.To.Address = "a@b.example, c@d.example" }},
		{"a line break in an address", "not allowed", func(m *Message) { m.To.Address = "a@b.example\r\nBcc: x@y.example" }},
		{"no domain", "not a mail address", func(m *Message) { m.To.Address = "anna" }},
		{"too long a mailbox", "longer than 64", func(m *Message) { m.To.Address = strings.Repeat("a", 65) + "@b.example" }},
		{"Bcc", "cannot be a further header field", func(m *Message) { m.Headers["bcc"] = "x@y.example" }},
		{"a field name with a colon", "cannot be a further header field", func(m *Message) { m.Headers["X: y"] = "z" }},
		{"no date", "no date", func(m *Message) { m.Date = time.Time{} }},
		{"no text", "no text", func(m *Message) { m.Text = " \n" }},
		{"a Message-ID with a space", "cannot be a Message-ID", func(m *Message) { m.MessageID = "a b@c" }},
		{"a method with parameters", "cannot be the method", func(m *Message) { m.Calendar, m.Method = "x", "REQUEST; x=y" }},
		{"a word that fits on no line", "octets", func(m *Message) {
			m.Headers["List-Unsubscribe"] = "<https://x.example/" + strings.Repeat("a", 1000) + ">"
		}},
	} {
		m := sample()
		row.change(m)
		if _, err := Assemble(m); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want %q", row.name, err, row.want)
		}
	}
}

func TestSameMessageSameBytes(t *testing.T) {
	m := sample()
	m.Headers["X-A"], m.Headers["X-B"], m.Headers["X-C"] = "1", "2", "3"
	first := assembled(t, m)
	for range 20 {
		if !bytes.Equal(first, assembled(t, m)) {
			t.Fatal("two assemblies of a message differ")
		}
	}
}

// TestWriteSample leaves messages for the outside checker in the folder that MAIL_SAMPLES names.
func TestWriteSample(t *testing.T) {
	dir := os.Getenv("MAIL_SAMPLES")
	if dir == "" {
		dir = t.TempDir()
	}
	m := sample()
	m.Subject, m.To.Name = "Еженедельный отчёт № 48", "Секретариат Регионального экспертного совета"
	m.Attachments = []File{{Name: "Отчёт за неделю.pdf", Type: "application/pdf", Bytes: append([]byte("%PDF-1.7\n"), "%%EOF\n"...)}}
	m.Headers["List-Unsubscribe"] = "<https://sec.isrs.example/u/" + strings.Repeat("a", 43) + ">, <mailto:secretariat@isrs.example?subject=unsubscribe>"
	m.Headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	if err := os.WriteFile(filepath.Join(dir, "report.eml"), assembled(t, m), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkAssemble(b *testing.B) {
	m := sample()
	m.Attachments = []File{{Name: "report.pdf", Type: "application/pdf", Bytes: bytes.Repeat([]byte("x"), 60000)}}
	for b.Loop() {
		a, err := Assemble(m)
		if err != nil {
			b.Fatal(err)
		}
		a.WriteTo(io.Discard)
	}
}

// TestSharedFile: a file that was encoded before gives the same bytes.
func TestSharedFile(t *testing.T) {
	for _, size := range []int{0, 1, 57, 58, 100_000} {
		file := bytes.Repeat([]byte{0, 1, 250}, size/3+1)[:size]
		var bytesOf [2]bytes.Buffer
		for i, done := range [][]byte{nil, Base64(file)} {
			m := sample()
			m.Attachments = []File{{Name: "a.pdf", Type: "application/pdf", Bytes: file, Base64: done}}
			a, err := Assemble(m)
			if err != nil {
				t.Fatal(err)
			}
			a.WriteTo(&bytesOf[i])
			if int64(bytesOf[i].Len()) != a.Size() {
				t.Errorf("%d octets: size %d, written %d", size, a.Size(), bytesOf[i].Len())
			}
		}
		if !bytes.Equal(bytesOf[0].Bytes(), bytesOf[1].Bytes()) {
			t.Errorf("a file of %d octets encoded before gives other bytes", size)
		}
	}
}
