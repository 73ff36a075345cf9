package mail_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

// TestBodyArrivesAsItIs: what the relay takes in is what was assembled, octet by octet, whatever lines begin with a dot and
// however the letter is cut when it is written; also where only the library holds the connection.
func TestBodyArrivesAsItIs(t *testing.T) {
	certificate, roots := mailtest.Certificate(t, time.Now().Add(24*time.Hour), "127.0.0.1")
	for name, script := range map[string]mailtest.Script{
		"in the clear": {}, "TLS from the first byte": {TLS: certificate, Implicit: true}, "STARTTLS": {TLS: certificate},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.Start(t, script)
			p := pool(t, mail.Settings{URL: s.URL(), Roots: roots, RequireTLS: script.TLS != nil, Connections: 1})
			rapid.Check(t, func(t *rapid.T) {
				m := letter("a@isrs.example")
				line := rapid.SampledFrom([]string{".", "..", ".a", "a.", "", "\u00e9.", strings.Repeat("x", 75) + ".", ". "})
				m.Text = "x" + strings.Join(rapid.SliceOf(line).Draw(t, "lines"), "\n")
				if m.HTML = strings.Join(rapid.SliceOf(line).Draw(t, "html"), "\r\n"); rapid.Bool().Draw(t, "file") {
					file := bytes.Repeat([]byte("."), rapid.SampledFrom([]int{0, 1, 56, 57, 58, 12_000, 40_000}).Draw(t, "octets"))
					m.Attachments = []mail.File{{Name: "a.txt", Type: "text/plain", Bytes: file, Base64: mail.Base64(file)}}
				}
				whole, err := mail.Assemble(m)
				if err != nil {
					t.Fatal(err)
				}
				var want bytes.Buffer
				if _, err := whole.WriteTo(&want); err != nil {
					t.Fatal(err)
				}
				if v := p.Send(t.Context(), m, nil); v.Outcome != mail.Sent {
					t.Fatalf("not sent: %+v", v)
				}
				letters := s.Letters()
				if got := letters[len(letters)-1].Bytes; !bytes.Equal(got, want.Bytes()) {
					t.Fatalf("the relay got %q, want %q", got, want.Bytes())
				}
			})
			if n := s.Connects(); n != 1 {
				t.Errorf("%d connections: a letter has left one in disorder", n)
			}
		})
	}
}
