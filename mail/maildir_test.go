package mail_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"secretariat/mail"
)

func relay(t *testing.T) (*mail.Relay, *mail.Maildir, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mail")
	d, err := mail.OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := mail.StartRelay(l, d)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r, d, dir
}

func TestRelayKeepsTheBytes(t *testing.T) {
	r, d, dir := relay(t)
	m := letter("a@isrs.example")
	m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: bytes.Repeat([]byte("%PDF"), 50_000)}}
	p := pool(t, mail.Settings{URL: r.URL()})
	if v := p.Send(t.Context(), m, nil); v.Outcome != mail.Sent {
		t.Fatal(v)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "new", "*"))
	if len(files) != 1 {
		t.Fatalf("%d files in new, want 1", len(files))
	}
	got, _ := os.ReadFile(files[0])
	a, _ := mail.Assemble(m)
	var want bytes.Buffer
	a.WriteTo(&want)
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("the Maildir holds %d octets that differ from the %d sent", len(got), want.Len())
	}
	for id, want := range map[string]bool{"a@isrs.example": true, "b@isrs.example": false, "": false} {
		if got, err := d.Accepted(t.Context(), id, time.Time{}); got.Accepted != want || !got.Known || err != nil {
			t.Errorf("oracle on %q: %+v, %v; want %v", id, got, err, want)
		}
	}
	p.Close()
}

// TestRelayTakesNoHalfLetter: a refused commit closes the connection, and nothing is stored, not even in tmp.
func TestRelayTakesNoHalfLetter(t *testing.T) {
	r, d, dir := relay(t)
	m := letter("half@isrs.example")
	m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: make([]byte, 1<<20)}}
	p := pool(t, mail.Settings{URL: r.URL(), Connections: 1})
	if v := p.Send(t.Context(), m, func() error { return errors.New("moved") }); v.Stage != "commit" {
		t.Fatal(v)
	}
	if v := p.Send(t.Context(), letter("next@isrs.example"), nil); v.Outcome != mail.Sent {
		t.Fatal(v)
	}
	if got, _ := d.Accepted(t.Context(), "half@isrs.example", time.Time{}); got.Accepted {
		t.Error("the letter whose commit was refused is there")
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "new", "*")); len(files) != 1 {
		t.Errorf("%d files in new, want 1", len(files))
	}
}

func TestMaildirDeliversWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	d, err := mail.OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	torn := io.MultiReader(strings.NewReader("Message-ID: <x@y>\r\n\r\nhalf"), iotest.ErrReader(errors.New("lost")))
	if err := d.Deliver(torn); err == nil || !strings.Contains(err.Error(), "lost") {
		t.Errorf("got %v, want the reader's error", err)
	}
	for _, sub := range []string{"tmp", "new"} {
		if files, _ := os.ReadDir(filepath.Join(dir, sub)); len(files) != 0 {
			t.Errorf("%d files left in %s", len(files), sub)
		}
	}
}

// TestMaildirFollowsAMailProgram: a letter that was read and moved to cur is still known.
func TestMaildirFollowsAMailProgram(t *testing.T) {
	dir := t.TempDir()
	d, _ := mail.OpenMaildir(dir)
	if err := d.Deliver(strings.NewReader("Message-ID:\r\n <x@y>\r\n\r\nbody\r\n")); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "new", "*"))
	if err := os.Rename(files[0], filepath.Join(dir, "cur", filepath.Base(files[0])+":2,S")); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Accepted(t.Context(), "x@y", time.Time{}); !got.Accepted || err != nil {
		t.Errorf("got %v, %v, want it found in cur", got, err)
	}
}
