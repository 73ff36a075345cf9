package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

// TestRealServers sends through a Postfix and reads back from a Dovecot.
func TestRealServers(t *testing.T) {
	further := mailtest.Start(t, mailtest.Script{Reply: map[string]string{"RCPT": "550 5.1.1 no such user here"}})
	s := mailtest.StartServers(t, further)
	settings := mail.Settings{URL: "smtp://bounces%40isrs.example@" + s.Submission, Password: s.Password, Roots: s.Roots, RequireTLS: true}
	t.Run("every kind of letter arrives byte for byte", func(t *testing.T) { arriveByteForByte(t, s, settings) })
	t.Run("refusals", func(t *testing.T) { realRefusals(t, s, settings) })
	t.Run("oracles", func(t *testing.T) { realOracles(t, s) })
	t.Run("a letter that comes back", func(t *testing.T) { comesBack(t, s, settings) })
}

func arriveByteForByte(t *testing.T, s *mailtest.Servers, settings mail.Settings) {
	report, invitation, reminder, abroad := letter("report@isrs.example"), letter("invitation@isrs.example"), letter("reminder@isrs.example"), letter("abroad@isrs.example")
	report.Attachments = []mail.File{{Name: "Отчёт.pdf", Type: "application/pdf", Bytes: bytes.Repeat([]byte("%PDF-1.7 \x00\xff"), 5000)}}
	report.Headers = map[string]string{"List-Unsubscribe": "<https://sec.example/u/" + strings.Repeat("x", 60) + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
	invitation.Calendar, invitation.Method, invitation.Subject = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST", "Приглашение"
	reminder.HTML, reminder.Headers = "<p>Dear Anna</p>\n.\n", map[string]string{"In-Reply-To": "<invitation@isrs.example>"}
	abroad.To.Address = "иван@un.example"
	implicit := settings
	implicit.URL = "smtps://bounces%40isrs.example@" + s.Submissions
	for _, row := range []struct {
		name, user string
		m          *mail.Message
		settings   mail.Settings
	}{
		{"a report, STARTTLS", "anna@un.example", report, settings},
		{"an invitation, TLS from the first byte", "anna@un.example", invitation, implicit},
		{"a reminder", "anna@un.example", reminder, settings},
		{"an address beyond ASCII (SMTPUTF8)", "ivan@un.example", abroad, settings},
	} {
		if v := pool(t, row.settings).Send(t.Context(), row.m, nil); v.Outcome != mail.Sent {
			t.Errorf("%s: %+v", row.name, v)
			continue
		}
		a, err := mail.Assemble(row.m)
		if err != nil {
			t.Fatal(err)
		}
		var sent bytes.Buffer
		a.WriteTo(&sent)
		if got := fetch(t, s, row.user, row.m.MessageID); !bytes.HasSuffix(got, sent.Bytes()) {
			t.Errorf("%s: the mailbox has %d octets that do not end with the %d sent", row.name, len(got), sent.Len())
		}
	}
}

// fetch reads the letter with a Message-ID over IMAP as soon as it is there.
func fetch(t *testing.T, s *mailtest.Servers, user, messageID string) []byte {
	t.Helper()
	c, err := imapclient.DialTLS(s.IMAP, &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.Roots}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(user, s.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	var got []byte
	waitFor(t, func() bool {
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		found, err := c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}}}, nil).Wait()
		if err != nil {
			t.Fatal(err)
		}
		if len(found.AllUIDs()) == 0 {
			return false
		}
		letters, err := c.Fetch(found.All, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		got = letters[0].BodySection[0].Bytes
		return true
	})
	return got
}

func waitFor(t *testing.T, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !reached(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come to that within 30 seconds")
		}
	}
}

func realRefusals(t *testing.T, s *mailtest.Servers, settings mail.Settings) {
	unknown, large := letter("unknown@isrs.example"), letter("large@isrs.example")
	unknown.To.Address = "nobody@un.example"
	large.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: make([]byte, s.MaxSize)}}
	wrongPassword, wrongAuthority := settings, settings
	wrongPassword.Password = "guess"
	_, wrongAuthority.Roots = mailtest.Certificate(t, time.Now().Add(time.Hour), "127.0.0.1")
	for _, row := range []struct {
		name     string
		m        *mail.Message
		settings mail.Settings
		outcome  mail.Outcome
		want     string
	}{
		{"unknown user", unknown, settings, mail.Refused, "550 5.1.1"},
		{"larger than the relay takes", large, settings, mail.Refused, "0 5.3.4"},
		{"wrong password", letter("x@isrs.example"), wrongPassword, mail.Paused, "535 5.7.8"},
		{"a certificate of another authority", letter("x@isrs.example"), wrongAuthority, mail.Paused, "0 "},
	} {
		v := pool(t, row.settings).Send(t.Context(), row.m, nil)
		if got := fmt.Sprintf("%d %s", v.Code, v.Enhanced); v.Outcome != row.outcome || got != row.want {
			t.Errorf("%s: got %+v, want %s with %s", row.name, v, row.outcome, row.want)
		}
		if row.m == large && (!v.TooLarge() || !strings.Contains(v.Text, "larger than the 200 kB that the relay takes")) {
			t.Errorf("%s: %q", row.name, v.Text)
		}
		if row.m == unknown && !v.AddressDead() {
			t.Errorf("%s: the address is not taken for dead", row.name)
		}
	}
}

// realOracles asks the log and the journal about a letter that arrived and one that was never sent.
func realOracles(t *testing.T, s *mailtest.Servers) {
	journal, err := mail.OpenMaildir(s.Journal)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(2 * time.Hour) // the log began an hour before at least
	for name, oracle := range map[string]interface {
		Accepted(context.Context, string, time.Time) (mail.Arrival, error)
	}{"log": mail.OpenPostfixLog(s.Log, "isrs.example"), "journal": journal} {
		waitFor(t, func() bool {
			a, err := oracle.Accepted(t.Context(), "report@isrs.example", long)
			if err != nil {
				t.Fatal(err)
			}
			return a.Known && a.Accepted
		})
		for _, id := range []string{"never@isrs.example", "unknown@isrs.example", "large@isrs.example"} {
			if a, err := oracle.Accepted(t.Context(), id, long); err != nil || !a.Known || a.Accepted {
				t.Errorf("%s on %s: %+v, %v; want it known as not taken in", name, id, a, err)
			}
		}
	}
}

func comesBack(t *testing.T, s *mailtest.Servers, settings mail.Settings) {
	key := []byte("key")
	m := letter("back@isrs.example")
	m.To.Address, m.ReturnPath = "gone@bounce.example", mail.ReturnPath("bounces@isrs.example", 43, key)
	if v := pool(t, settings).Send(t.Context(), m, nil); v.Outcome != mail.Sent {
		t.Fatalf("%+v", v)
	}
	box, err := mail.NewIMAPBox("imaps://bounces%40isrs.example@"+s.IMAP, s.Password, s.Roots)
	if err != nil {
		t.Fatal(err)
	}
	var notice *mail.Notice
	waitFor(t, func() bool {
		err := box.TakeNew(t.Context(), func(b []byte) error { notice, _ = mail.ReadNotice(bytes.NewReader(b)); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return notice != nil
	})
	r := notice.Reports[0]
	if r.Action != "failed" || r.Code != 550 || r.Enhanced != "5.1.1" || r.Recipient != "gone@bounce.example" {
		t.Errorf("the notification says %+v", r)
	}
	if id, ok := mail.ReadReturnPath(notice.To[0], "bounces@isrs.example", key); !ok || id != 43 {
		t.Errorf("it came to %q, which names letter %d", notice.To, id)
	}
	seen := 0
	if err := box.TakeNew(t.Context(), func([]byte) error { seen++; return nil }); err != nil || seen != 0 {
		t.Errorf("the second visit found %d letters, %v; want none", seen, err)
	}
	if _, err := mail.NewIMAPBox("imap://x@y", "z", nil); err == nil {
		t.Error("a mailbox without TLS is taken")
	}
	if err := untrusted(t, s); err == nil {
		t.Error("a mailbox whose certificate nobody vouches for is read")
	}
}

func untrusted(t *testing.T, s *mailtest.Servers) error {
	box, err := mail.NewIMAPBox("imaps://bounces%40isrs.example@"+s.IMAP, s.Password, x509.NewCertPool())
	if err != nil {
		t.Fatal(err)
	}
	return box.TakeNew(t.Context(), func([]byte) error { return nil })
}
