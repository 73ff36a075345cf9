package mail_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

var verbs = []string{"connect", "EHLO", "MAIL", "RCPT", "DATA", "dot"}

// TestBadRelays are the rows 101 to 112 of the table of bad inputs: what a relay may do to us. Whether all letters wait
// (109) and whether only one reader's letter fails (102), the tests of acts show.
func TestBadRelays(t *testing.T) {
	for _, verb := range verbs {
		row := func(number int, reply string, outcome mail.Outcome) {
			t.Run(fmt.Sprintf("%d %s at %s", number, reply, verb), func(t *testing.T) {
				v := answered(t, mailtest.Script{Reply: map[string]string{verb: reply}}, letter("a@b"))
				code, enhanced, words := reply[:3], reply[4:9], reply[10:]
				stage := map[string]string{"connect": "hello", "EHLO": "hello"}[verb]
				if stage == "" {
					stage = strings.ToLower(verb)
				}
				if v.Outcome != outcome || fmt.Sprint(v.Code) != code || v.Enhanced != enhanced || v.Text != words || v.Stage != stage {
					t.Errorf("got %+v, want %s at %s with the code and the words", v, outcome, stage)
				}
			})
		}
		row(101, "451 4.3.0 later", mail.Retry)
		row(101, "421 4.3.2 closing", mail.Retry)
		switch verb {
		case "RCPT", "DATA", "dot": // 102, 103: this letter's affair
			row(map[string]int{"RCPT": 102, "DATA": 103, "dot": 103}[verb], "554 5.6.0 no", mail.Refused)
		default: // before a reader is named, it is ours
			row(103, "554 5.6.0 no", mail.Paused)
		}
		t.Run("104 silence at "+verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mailtest.StartPipe(t, mailtest.Script{Stall: map[string]chan struct{}{verb: make(chan struct{})}})
				v := pool(t, mail.Settings{URL: s.URL(), Dial: s.Dial}).Send(t.Context(), letter("a@b"), nil)
				want := mail.Retry
				if verb == "dot" { // by then it may have been taken
					want = mail.Unknown
				}
				if v.Took > 10*time.Minute || v.Outcome != want || v.Text == "" {
					t.Errorf("got %+v, want %s by its time-out", v, want)
				}
			})
		})
		t.Run("112 ten thousand lines at "+verb, func(t *testing.T) {
			code := map[string]int{"connect": 220, "DATA": 354}[verb]
			if code == 0 {
				code = 250
			}
			v := answered(t, mailtest.Script{Reply: map[string]string{verb: mailtest.Chatter(code, 10_000)}}, letter("a@b"))
			if v.Outcome == mail.Sent || len(v.Text) > 512 || strings.ContainsAny(v.Text, "\r\n\x1b") {
				t.Errorf("got %+v, want it cut off and its words clean", v)
			}
		})
	}
	t.Run("105 dropped after the dot", func(t *testing.T) {
		if v := answered(t, mailtest.Script{Drop: map[string]bool{"dot": true}}, letter("a@b")); v.Outcome != mail.Unknown {
			t.Errorf("got %+v, want unknown", v)
		}
	})
	t.Run("106 250 and then dropped", dropAfterAcceptance)
	t.Run("107 and 108 certificates", badCertificates)
	t.Run("109 AUTH refused", func(t *testing.T) {
		const password = "canary of the relay"
		plain := base64.StdEncoding.EncodeToString([]byte("\x00daemon\x00" + password))
		for _, reply := range []string{"", "535 5.7.8 no such login: AUTH PLAIN " + plain, "535 5.7.8 daemon may not come in with " + password} {
			script := mailtest.Script{User: "daemon", Password: "right", Reply: map[string]string{}}
			if reply != "" {
				script.Reply["AUTH"] = reply
			}
			s := mailtest.Start(t, script)
			v := pool(t, mail.Settings{URL: strings.Replace(s.URL(), "//", "//daemon@", 1), Password: password}).Send(t.Context(), letter("a@b"), nil)
			if v.Outcome != mail.Paused || !v.RelayDown() || v.Code != 535 || v.Text == "" {
				t.Errorf("%q: got %+v, want all letters to wait", reply, v)
			}
			if strings.Contains(v.Text, password) || strings.Contains(v.Text, plain) {
				t.Errorf("%q: the password stands in what is kept: %q", reply, v.Text)
			}
		}
	})
	t.Run("110 SIZE smaller than the report", func(t *testing.T) {
		m := letter("a@b")
		m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: make([]byte, 9_000_000)}}
		v := answered(t, mailtest.Script{Extensions: []string{"SIZE 10000000"}}, m)
		if !v.TooLarge() || v.Text != "the letter of 12.3 MB is larger than the 10.0 MB that the relay takes" {
			t.Errorf("got %+v, want it too large, both sizes named", v)
		}
		v = answered(t, mailtest.Script{Reply: map[string]string{"MAIL": "552 5.3.4 Message size exceeds fixed limit"}}, m)
		if !v.TooLarge() {
			t.Errorf("said at MAIL: got %+v, want it too large", v)
		}
	})
	t.Run("111 SMTPUTF8 needed and not offered", func(t *testing.T) {
		m := letter("a@b")
		m.To.Address = "иван@un.example"
		if v := answered(t, mailtest.Script{}, m); v.Outcome != mail.Refused || v.Enhanced != "5.6.7" || v.AddressDead() || v.RelayDown() {
			t.Errorf("got %+v, want this letter refused for the relay's want of SMTPUTF8", v)
		}
	})
}

func answered(t *testing.T, script mailtest.Script, m *mail.Message) mail.Verdict {
	t.Helper()
	s := mailtest.Start(t, script)
	return pool(t, mail.Settings{URL: s.URL()}).Send(t.Context(), m, nil)
}

// dropAfterAcceptance: the letter is sent, and the next begins on a new connection.
func dropAfterAcceptance(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	p := pool(t, mail.Settings{URL: s.URL()})
	for i := range 2 {
		if v := p.Send(t.Context(), letter(fmt.Sprintf("%d@b", i)), nil); v.Outcome != mail.Sent {
			t.Errorf("letter %d: got %+v, want sent", i, v)
		}
		s.Hangup()
	}
	if ids := s.MessageIDs(); len(ids) != 2 {
		t.Errorf("taken in: %v, want both once", ids)
	}
}

func badCertificates(t *testing.T) {
	in := time.Now().Add(24 * time.Hour)
	good, roots := mailtest.Certificate(t, in, "127.0.0.1")
	wrongName, wrongRoots := mailtest.Certificate(t, in, "mail.example.org")
	expired, expiredRoots := mailtest.Certificate(t, time.Now().Add(-time.Hour), "127.0.0.1")
	for _, row := range []struct {
		name   string
		script mailtest.Script
		roots  *x509.CertPool
	}{
		{"107 expired", mailtest.Script{TLS: expired}, expiredRoots}, {"107 wrong name", mailtest.Script{TLS: wrongName}, wrongRoots},
		{"107 self-signed", mailtest.Script{TLS: good}, x509.NewCertPool()}, {"108 no STARTTLS", mailtest.Script{}, roots},
	} {
		s := mailtest.Start(t, row.script)
		v := pool(t, mail.Settings{URL: s.URL(), Roots: row.roots, RequireTLS: true}).Send(t.Context(), letter("a@b"), nil)
		if v.Outcome != mail.Paused || len(s.Letters()) != 0 || strings.Contains(strings.Join(s.Commands(), " "), "MAIL") {
			t.Errorf("%s: got %+v after %v, want a pause and nothing sent", row.name, v, s.Commands())
		}
	}
}
