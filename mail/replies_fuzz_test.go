package mail_test

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/mail"
)

// canned is a connection on which a server says what it says, whatever it hears.
type canned struct{ io.Reader }

func (canned) Write(b []byte) (int, error)      { return len(b), nil }
func (canned) Close() error                     { return nil }
func (canned) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (canned) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (canned) SetDeadline(time.Time) error      { return nil }
func (canned) SetReadDeadline(time.Time) error  { return nil }
func (canned) SetWriteDeadline(time.Time) error { return nil }

// FuzzReplies has a server say anything: the verdict makes sense all the same.
func FuzzReplies(f *testing.F) {
	for _, said := range []string{
		"220 hello\r\n250-hello\r\n250-SIZE 1000000\r\n250 ENHANCEDSTATUSCODES\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n250 2.0.0 queued\r\n",
		"220 hello\r\n250 hello\r\n250 ok\r\n550 5.1.1 unknown\r\n",
		"220 hello\r\n250 hello\r\n250 ok\r\n452-4.2.2 full\r\n452 4.2.2 \x1b[31mfull\r\n",
		"421 4.3.2 busy\r\n", "220 hello\r\n502 what\r\n250 HELO then\r\n", "220-never\r\n", "", "\x00", "999 x\r\n", "220 hello\r\n250 SIZE 1\r\n",
		"220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n", "220 hello\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 go\r\n550 5.7.1 " + strings.Repeat("x", 3000) + "\r\n",
	} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		dial := func(context.Context, string) (net.Conn, error) { return canned{strings.NewReader(said)}, nil }
		p, err := mail.NewPool(mail.Settings{URL: "smtp://127.0.0.1", Dial: dial})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		commits := 0
		v := p.Send(t.Context(), letter("a@b"), func() error { commits++; return nil })
		if !slices.Contains([]mail.Outcome{mail.Sent, mail.Retry, mail.Refused, mail.Unknown, mail.Paused}, v.Outcome) || v.Stage == "" {
			t.Errorf("no verdict: %+v", v)
		}
		if sent := v.Outcome == mail.Sent || v.Outcome == mail.Unknown; commits > 1 || sent && commits != 1 || v.Outcome == mail.Sent && !strings.Contains(said, "25") {
			t.Errorf("%+v after %d commits", v, commits)
		}
		if len(v.Text) > 512 || strings.ContainsAny(v.Text, "\r\n\x00\x1b") {
			t.Errorf("not clean: %q", v.Text)
		}
	})
}
