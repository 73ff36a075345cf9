package mail_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"secretariat/mail"
)

func TestReadNotice(t *testing.T) {
	for _, row := range []struct {
		file string
		want mail.Report
	}{
		{"unknown-user.eml", mail.Report{Recipient: "nobody@un.example", Action: "failed", Code: 550, Enhanced: "5.1.1",
			Text: "550 5.1.1 <nobody@un.example>: Recipient address rejected: User unknown in virtual mailbox table"}},
		{"full.eml", mail.Report{Recipient: "anna@un.example", Action: "failed", Code: 552, Enhanced: "5.2.2", Text: "552 5.2.2 mailbox full"}},
		{"delayed.eml", mail.Report{Recipient: "anna@un.example", Action: "delayed", Enhanced: "4.4.1", Text: "connect to mx.un.example[192.0.2.1]:25: Connection timed out"}},
		{"base64.eml", mail.Report{Recipient: "anna@un.example", Action: "failed", Code: 550, Enhanced: "5.0.0", Text: "550 no such user here"}},
	} {
		f, err := os.Open(filepath.Join("testdata", "dsn", row.file))
		if err != nil {
			t.Fatal(err)
		}
		n, err := mail.ReadNotice(f)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", row.file, err)
			continue
		}
		if len(n.Reports) != 1 || !reflect.DeepEqual(n.Reports[0], row.want) {
			t.Errorf("%s: got %+v, want %+v", row.file, n.Reports, row.want)
		}
		if !strings.HasPrefix(n.To[0], "bounces+b-43-") {
			t.Errorf("%s: it came to %q, want the return path", row.file, n.To)
		}
	}
}

// TestNoNotice: what must not be taken for a notification.
func TestNoNotice(t *testing.T) {
	good, err := os.ReadFile("testdata/dsn/unknown-user.eml")
	if err != nil {
		t.Fatal(err)
	}
	swap := func(old, new string) string { return strings.Replace(string(good), old, new, 1) }
	for _, row := range []struct{ name, message string }{
		{"a letter of a person", "From: anna@un.example\r\nTo: bounces@isrs.example\r\nSubject: Re: report\r\n\r\nThank you!\r\n"},
		{"a holiday answer", "From: anna@un.example\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nBack in May.\r\n"},
		{"one with a sender of its own: notifications have none", swap("Return-Path: <>", "Return-Path: <evil@example.org>")},
		{"a letter of ours", "X-Loop: secretariat@isrs.example\r\n" + string(good)},
		{"a report of another kind", swap("report-type=delivery-status", "report-type=disposition-notification")},
		{"without the part that tells the status", swap("message/delivery-status", "text/plain")},
		{"without a boundary", swap("boundary=", "b0undary=")},
		{"of nobody", swap("Action: failed", "Inaction: failed")},
		{"of a crowd", swap("Final-Recipient:", strings.Repeat("Action: failed\r\n\r\n", 100)+"Final-Recipient:")},
		{"not a message", "\x00\x01\x02"},
		{"nothing", ""},
		{"a header without end", "Subject: " + strings.Repeat("x", 2<<20)},
	} {
		if n, err := mail.ReadNotice(strings.NewReader(row.message)); !errors.Is(err, mail.ErrNoNotice) {
			t.Errorf("%s: got %+v, %v; want ErrNoNotice", row.name, n, err)
		}
	}
}

func FuzzReadNotice(f *testing.F) {
	files, _ := filepath.Glob("testdata/dsn/*.eml")
	if len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, message string) {
		n, err := mail.ReadNotice(strings.NewReader(message))
		if err != nil {
			if !errors.Is(err, mail.ErrNoNotice) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		for _, r := range n.Reports {
			if len(r.Text) > 512 || strings.ContainsAny(r.Text+r.Enhanced, "\r\n\x00\x1b") || r.Code != 0 && (r.Code < 200 || r.Code > 599) {
				t.Errorf("not clean: %+v", r)
			}
		}
	})
}
