package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Assembled is a message in its MIME form. It holds the files of its message and encodes them only when it is written, so
// that a report which goes to a thousand people is in memory once.
type Assembled struct {
	segments []segment
	size     int64
}

// segment is either text as it goes out, or a file that goes out in base64.
type segment struct {
	text string
	file []byte
	done []byte // the file in base64, where it was made before
}

// Size is the number of octets that WriteTo writes.
func (a *Assembled) Size() int64 { return a.size }

// WriteTo implements io.WriterTo.
func (a *Assembled) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	for _, s := range a.segments {
		if _, err := io.WriteString(c, s.text); err != nil {
			return c.n, err
		}
		if s.done != nil {
			if _, err := c.Write(s.done); err != nil {
				return c.n, err
			}
		} else if err := writeBase64(c, s.file); err != nil {
			return c.n, err
		}
	}
	return c.n, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Assemble makes the MIME form of a message, in 7-bit lines of at most 998 octets that end with CRLF:
//
//	mixed [ alternative [ text, html, calendar ], files, invite.ics ]
//
// with the levels left out that would hold one part only. Texts from data cannot add a field: every value is cleaned. The
// errors name what no cleaning makes right: an address, a field name, a missing Date or Message-ID.
func Assemble(m *Message) (*Assembled, error) { return assemble(m, nil) }

func assemble(m *Message, smime *SMIME) (*Assembled, error) {
	if err := check(m); err != nil {
		return nil, fmt.Errorf("assemble message %s: %w", clean(m.MessageID), err)
	}
	b := &boundaries{seed: m.MessageID}
	parts := &Assembled{}
	parts.part(tree(m), b)
	if smime != nil {
		var err error
		if parts, err = smime.sign(parts, b); err != nil {
			return nil, fmt.Errorf("assemble message %s: %w", m.MessageID, err)
		}
	}
	a := &Assembled{segments: append([]segment{{text: head(m)}}, parts.segments...)}
	a.size = int64(len(a.segments[0].text)) + parts.size
	for _, s := range a.segments {
		if n := longestLine(s.text); n > maxLine {
			return nil, fmt.Errorf("assemble message %s: a line of %d octets; at most %d are allowed", m.MessageID, n, maxLine)
		}
	}
	return a, nil
}

// made are the fields that come from the fields of Message; "Bcc" and "Cc" because a letter has one reader.
var made = []string{"date", "from", "to", "subject", "message-id", "mime-version", "bcc", "cc", "sender", "return-path", "content-type",
	"content-transfer-encoding", "content-disposition"}

func check(m *Message) error {
	var faults []error
	if m.Date.IsZero() {
		faults = append(faults, errors.New("it has no date"))
	}
	if m.MessageID == "" || clean(m.MessageID) != m.MessageID || !isASCII(m.MessageID) || strings.ContainsAny(m.MessageID, "<> ") {
		faults = append(faults, fmt.Errorf("%q cannot be a Message-ID", short(m.MessageID)))
	}
	if strings.TrimSpace(m.Text) == "" {
		faults = append(faults, errors.New("it has no text"))
	}
	if m.Calendar != "" && strings.Trim(m.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		faults = append(faults, fmt.Errorf("%q cannot be the method of a calendar object", short(m.Method)))
	}
	faults = append(faults, CheckAddress(m.From.Address), CheckAddress(m.To.Address))
	if m.ReturnPath != "" {
		faults = append(faults, CheckAddress(m.ReturnPath))
	}
	for name := range m.Headers {
		if !validFieldName(name) || slices.Contains(made, strings.ToLower(name)) {
			faults = append(faults, fmt.Errorf("%q cannot be a further header field", short(name)))
		}
	}
	return errors.Join(faults...)
}

func validFieldName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == ':' {
			return false
		}
	}
	return name != "" && len(name) <= 60
}

// head renders the header of the message, up to where that of its first part begins.
func head(m *Message) string {
	var b strings.Builder
	b.WriteString(field("Date", m.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")))
	b.WriteString(addressField("From", m.From))
	b.WriteString(addressField("To", m.To))
	b.WriteString(textField("Subject", m.Subject))
	b.WriteString(field("Message-ID", "<"+m.MessageID+">"))
	names := make([]string, 0, len(m.Headers))
	for name := range m.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(furtherField(name, m.Headers[name]))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	return b.String()
}

// furtherField renders a field whose syntax is its author's: ASCII goes as it is, for it may hold a Message-ID or a URL.
func furtherField(name, value string) string {
	if value = clean(value); isASCII(value) {
		return field(name, value)
	}
	return field(name, encodedWords(value))
}

// part is a node of the MIME tree: a multipart with children, or a body.
type part struct {
	head     string // of a leaf: its header fields
	body     string
	file     []byte // encoded in base64 when written
	done     []byte // the same, encoded before
	multi    string // of a multipart: "mixed" or "alternative"
	children []*part
}

func tree(m *Message) *part {
	root := textPart("text/plain; charset=UTF-8", m.Text)
	if m.HTML != "" || m.Calendar != "" {
		root = &part{multi: "alternative", children: []*part{root}}
	}
	if m.HTML != "" {
		root.children = append(root.children, textPart("text/html; charset=UTF-8", m.HTML))
	}
	files := m.Attachments
	if m.Calendar != "" {
		root.children = append(root.children, &part{file: []byte(m.Calendar),
			head: "Content-Type: text/calendar; charset=UTF-8; method=" + m.Method + "\r\nContent-Transfer-Encoding: base64\r\n"})
		files = append(slices.Clone(files), File{Name: "invite.ics", Type: "application/ics", Bytes: []byte(m.Calendar)})
	}
	if len(files) == 0 {
		return root
	}
	root = &part{multi: "mixed", children: []*part{root}}
	for _, f := range files {
		name := cleanFileName(f.Name)
		root.children = append(root.children, &part{file: f.Bytes, done: f.Base64, head: "Content-Type: " + mediaType(f.Type) + param("name", name) +
			"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment" + param("filename", name) + "\r\n"})
	}
	return root
}

func textPart(mediaType, text string) *part {
	encoding, body := encodeText(text)
	return &part{head: "Content-Type: " + mediaType + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n", body: body}
}

// boundaries are derived from the Message-ID, so that the same message has the same ones. They begin with "=_", which
// neither quoted-printable nor base64 can produce.
type boundaries struct {
	seed string
	n    int
}

func (b *boundaries) next() string {
	b.n++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", b.seed, b.n))
	return "=_" + hex.EncodeToString(sum[:16])
}

func (a *Assembled) part(p *part, b *boundaries) {
	if p.multi == "" {
		a.text(p.head + "\r\n" + p.body)
		a.segments = append(a.segments, segment{file: p.file, done: p.done})
		a.size += int64(base64Len(len(p.file)))
		return
	}
	boundary := b.next()
	a.text("Content-Type: multipart/" + p.multi + ";\r\n boundary=\"" + boundary + "\"\r\n\r\n")
	for _, child := range p.children {
		a.text("--" + boundary + "\r\n")
		a.part(child, b)
	}
	a.text("--" + boundary + "--\r\n")
}

func (a *Assembled) text(s string) {
	a.segments = append(a.segments, segment{text: s})
	a.size += int64(len(s))
}

func longestLine(s string) int {
	longest := 0
	for line := range strings.SplitSeq(s, "\r\n") {
		longest = max(longest, len(line))
	}
	return longest
}
