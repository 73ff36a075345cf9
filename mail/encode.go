package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"
)

// foldAt is the line length at which header fields are folded (RFC 5322, 2.1.1); maxLine is what no line may exceed.
const (
	foldAt  = 76
	maxLine = 998
)

// field renders a header field, folded at spaces. A word longer than a line stands alone.
func field(name, value string) string {
	var b strings.Builder
	line := name + ":"
	for _, word := range strings.Fields(value) {
		if len(line)+1+len(word) > foldAt && line != name+":" {
			b.WriteString(line + "\r\n")
			line = ""
		}
		line += " " + word
	}
	return b.String() + line + "\r\n"
}

// textField renders an unstructured field (RFC 2047): as it is when it is printable ASCII of short words, else encoded.
func textField(name, value string) string {
	value = clean(value)
	if isASCII(value) && longestWord(value) < foldAt-len(name) && !strings.Contains(value, "=?") {
		return field(name, value)
	}
	return field(name, encodedWords(value))
}

// encodedWords encodes a text as RFC 2047 words of at most 75 octets, split between characters only. The standard
// library leaves ASCII as it is, which would keep a word of 2,000 letters on one line.
func encodedWords(s string) string {
	const payload = 45 // octets of text per word: 60 of base64 and 12 around them
	var words []string
	for s != "" {
		n := 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			if n+size > payload {
				break
			}
			n += size
		}
		words = append(words, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// addressField renders From or To.
func addressField(name string, a Address) string {
	display := clean(a.Name)
	switch {
	case display == "":
		return field(name, a.Address)
	case !isASCII(display) || longestWord(display) > 60 || strings.Contains(display, "=?"):
		display = encodedWords(display)
	case strings.ContainsAny(display, `()<>[]:;@\,."`):
		display = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(display) + `"`
	}
	return field(name, display+" <"+a.Address+">")
}

// param renders a MIME parameter as folded lines to follow a semicolon: a quoted string for short ASCII, else RFC 2231
// with continuations. The value is a cleaned one.
func param(name, value string) string {
	if isASCII(value) && len(value) <= 60 && !strings.ContainsAny(value, `"\`) {
		return ";\r\n " + name + `="` + value + `"`
	}
	var parts []string
	line := "UTF-8''"
	for _, r := range value {
		e := percentEncoded(r)
		if len(line)+len(e) > 58 {
			parts, line = append(parts, line), ""
		}
		line += e
	}
	parts = append(parts, line)
	if len(parts) == 1 {
		return ";\r\n " + name + "*=" + line
	}
	var b strings.Builder
	for i, p := range parts {
		fmt.Fprintf(&b, ";\r\n %s*%d*=%s", name, i, p)
	}
	return b.String()
}

// percentEncoded renders a character as RFC 2231 wants it: attribute characters as they are, others by octet.
func percentEncoded(r rune) string {
	if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$&+-.^_`|~", r)) {
		return string(r)
	}
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// encodeText encodes a text body in 7 bits, with whichever encoding is shorter, and names it.
func encodeText(s string) (encoding, body string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd")
	s = strings.ReplaceAll(strings.TrimRight(s, "\n")+"\n", "\n", "\r\n")
	var qp strings.Builder
	qp.Grow(base64Len(len(s))) // what is longer is not used
	w := quotedprintable.NewWriter(&qp)
	io.WriteString(w, s) // a strings.Builder takes everything
	w.Close()
	if qp.Len() <= base64Len(len(s)) {
		return "quoted-printable", qp.String()
	}
	var b64 strings.Builder
	writeBase64(&b64, []byte(s))
	return "base64", b64.String()
}

// base64Line is the number of octets that fill a line of 76 characters.
const base64Line = 57

// base64Len is the length of n octets in base64 with line breaks.
func base64Len(n int) int {
	return base64.StdEncoding.EncodedLen(n) + 2*((n+base64Line-1)/base64Line)
}

// Base64 returns a file as the lines of base64 that stand for it in a letter.
func Base64(file []byte) []byte {
	var b bytes.Buffer
	b.Grow(base64Len(len(file)))
	writeBase64(&b, file) // a buffer takes everything
	return b.Bytes()
}

// writeBase64 writes lines of base64 without holding more than a block of them.
func writeBase64(w io.Writer, b []byte) error {
	const block = 400 * base64Line
	if len(b) == 0 {
		return nil // before there is a block
	}
	out := make([]byte, base64Len(min(block, len(b))))
	for len(b) > 0 {
		n := 0
		part := b[:min(block, len(b))]
		for len(part) > 0 {
			line := part[:min(base64Line, len(part))]
			base64.StdEncoding.Encode(out[n:], line)
			n += base64.StdEncoding.EncodedLen(len(line))
			n += copy(out[n:], "\r\n")
			part = part[len(line):]
		}
		if _, err := w.Write(out[:n]); err != nil {
			return err
		}
		b = b[min(block, len(b)):]
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func longestWord(s string) int {
	longest := 0
	for _, w := range strings.Fields(s) {
		longest = max(longest, len(w))
	}
	return longest
}

// mediaType returns a cleaned media type, or that of unknown bytes.
func mediaType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil || !strings.Contains(t, "/") {
		return "application/octet-stream"
	}
	return t
}
