package mail_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func letter(id string) *mail.Message {
	return &mail.Message{
		From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}, To: mail.Address{Address: "anna@un.example"},
		Subject: "Weekly report", MessageID: id, Date: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC), Text: "Dear Anna\n.\n..\n",
	}
}

func pool(t *testing.T, s mail.Settings) *mail.Pool {
	t.Helper()
	p, err := mail.NewPool(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// TestVerdicts is the table of what a relay can do to us: the classes of study on mail, section 5.
func TestVerdicts(t *testing.T) {
	reply := func(point, text string) mailtest.Script {
		return mailtest.Script{Reply: map[string]string{point: text}}
	}
	drop := func(point string) mailtest.Script { return mailtest.Script{Drop: map[string]bool{point: true}} }
	for _, row := range []struct {
		name    string
		script  mailtest.Script
		outcome mail.Outcome
		stage   string
		code    int
		taken   int
	}{
		{"all is well", mailtest.Script{}, mail.Sent, "sent", 250, 1},
		{"dropped before the greeting", drop("connect"), mail.Retry, "hello", 0, 0},
		{"refused at the door for now", reply("connect", "421 4.3.2 busy"), mail.Retry, "hello", 421, 0},
		{"refused at the door for good: about us", reply("connect", "554 5.7.1 go away"), mail.Paused, "hello", 554, 0},
		{"dropped after MAIL: the connection is new, so no second try", drop("MAIL"), mail.Retry, "mail", 0, 0},
		{"our sender is refused: all letters fare alike", reply("MAIL", "550 5.1.8 bad sender"), mail.Paused, "mail", 550, 0},
		{"too big, said at MAIL", reply("MAIL", "552 5.3.4 too big"), mail.Refused, "mail", 552, 0},
		{"greylisted", reply("RCPT", "451 4.7.1 come back later"), mail.Retry, "rcpt", 451, 0},
		{"mailbox full, for now", reply("RCPT", "452 4.2.2 full"), mail.Retry, "rcpt", 452, 0},
		{"mailbox full, for good", reply("RCPT", "552 5.2.2 full"), mail.Refused, "rcpt", 552, 0},
		{"no such mailbox", reply("RCPT", "550 5.1.1 unknown"), mail.Refused, "rcpt", 550, 0},
		{"refused without an enhanced code", reply("RCPT", "550 no"), mail.Refused, "rcpt", 550, 0},
		{"relaying denied: about us", reply("RCPT", "554 5.7.1 relay access denied"), mail.Paused, "rcpt", 554, 0},
		{"DATA refused for now", reply("DATA", "451 4.3.0 no"), mail.Retry, "data", 451, 0},
		{"dropped in the body", drop("body"), mail.Retry, "body", 0, 0},
		{"refused after the dot: provably not taken", reply("dot", "451 4.3.0 disk full"), mail.Retry, "dot", 451, 0},
		{"refused for good after the dot", reply("dot", "554 5.6.0 content"), mail.Refused, "dot", 554, 0},
		{"policy after the dot", reply("dot", "550 5.7.26 unauthenticated"), mail.Paused, "dot", 550, 0},
		{"dropped after the dot, not taken: nobody knows", drop("dot"), mail.Unknown, "dot", 0, 0},
		{"dropped after the dot, taken: nobody knows", drop("accepted"), mail.Unknown, "dot", 0, 1},
		{"shutting down after the dot", reply("dot", "421 4.3.2 bye"), mail.Retry, "dot", 421, 0},
		{"a reply without an end", reply("RCPT", mailtest.Chatter(250, 10_000)), mail.Retry, "rcpt", 0, 0},
		{"a reply without an end after the dot", reply("accepted", mailtest.Chatter(250, 10_000)), mail.Unknown, "dot", 0, 1},
		{"larger than the relay takes: not even begun", mailtest.Script{Extensions: []string{"SIZE 100"}}, mail.Refused, "mail", 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, row.script)
			m := letter("a@isrs.example")
			if row.stage == "body" {
				m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: make([]byte, 32<<20)}}
			}
			v := pool(t, mail.Settings{URL: s.URL()}).Send(t.Context(), m, nil)
			if v.Outcome != row.outcome || v.Stage != row.stage || v.Code != row.code {
				t.Errorf("got %+v, want %s at %s with code %d", v, row.outcome, row.stage, row.code)
			}
			if got := len(s.Letters()); got != row.taken {
				t.Errorf("the server took %d letters, want %d", got, row.taken)
			}
			if len(v.Text) > 512 || strings.ContainsAny(v.Text, "\r\n\x1b") {
				t.Errorf("text is not clean: %q", v.Text)
			}
		})
	}
}

func TestVerdictFacts(t *testing.T) {
	dead := mail.Verdict{Outcome: mail.Refused, Stage: "rcpt", Code: 550, Enhanced: "5.1.1"}
	if !dead.AddressDead() || dead.RelayDown() {
		t.Errorf("%+v: want a dead address and a living relay", dead)
	}
	if v := (mail.Verdict{Outcome: mail.Refused, Stage: "rcpt", Code: 552, Enhanced: "5.2.2"}); v.AddressDead() {
		t.Errorf("%+v: a full mailbox is not dead", v)
	}
	if v := (mail.Verdict{Outcome: mail.Retry, Stage: "rcpt", Code: 451}); v.RelayDown() {
		t.Errorf("%+v: greylisting is not the relay's death", v)
	}
}

func TestRelayNotThere(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	s.Stop()
	v := pool(t, mail.Settings{URL: s.URL()}).Send(t.Context(), letter("a@b"), nil)
	if v.Outcome != mail.Retry || v.Stage != "dial" || !v.RelayDown() {
		t.Errorf("got %+v, want another try because the relay is down", v)
	}
}

// TestStall: a server that falls silent at any point costs the time-out of that step and no more. The clock is virtual.
func TestStall(t *testing.T) {
	for _, row := range []struct {
		point   string
		outcome mail.Outcome
		stage   string
		took    time.Duration
	}{
		{"connect", mail.Retry, "hello", 15 * time.Second}, {"EHLO", mail.Retry, "hello", 15 * time.Second}, {"MAIL", mail.Retry, "mail", time.Minute},
		{"RCPT", mail.Retry, "rcpt", time.Minute}, {"DATA", mail.Retry, "data", time.Minute}, {"body", mail.Retry, "body", time.Minute},
		{"dot", mail.Unknown, "dot", 10 * time.Minute}, {"accepted", mail.Unknown, "dot", 10 * time.Minute},
	} {
		t.Run(row.point, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mailtest.StartPipe(t, mailtest.Script{Stall: map[string]chan struct{}{row.point: make(chan struct{})}})
				m := letter("a@b")
				if row.point == "body" {
					m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: make([]byte, 64<<10)}} // more than the buffers hold
				}
				v := pool(t, mail.Settings{URL: s.URL(), Dial: s.Dial}).Send(t.Context(), m, nil)
				if v.Outcome != row.outcome || v.Stage != row.stage || v.Took != row.took {
					t.Errorf("got %+v, want %s at %s after %v", v, row.outcome, row.stage, row.took)
				}
				if row.stage == "hello" && v.Text != "it did not answer within 15s" {
					t.Errorf("the operator reads %q, want that the relay did not answer", v.Text)
				}
			})
		})
	}
}

func TestCommitPoint(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	p := pool(t, mail.Settings{URL: s.URL(), Connections: 1})
	refuse := errors.New("no longer owed")
	var atCommit int
	v := p.Send(t.Context(), letter("refused@b"), func() error { atCommit = len(s.Letters()); return refuse })
	if v.Outcome != mail.Retry || v.Stage != "commit" {
		t.Errorf("refused commit: got %+v, want retry at commit", v)
	}
	v = p.Send(t.Context(), letter("kept@b"), func() error { atCommit = len(s.Letters()); return nil })
	if v.Outcome != mail.Sent || atCommit != 0 {
		t.Errorf("got %+v with %d letters at the commit point, want sent, and none taken before it", v, atCommit)
	}
	if ids := s.MessageIDs(); !slices.Equal(ids, []string{"kept@b"}) {
		t.Errorf("the server took %v, want the second letter only", ids)
	}
	if n := s.Connects(); n != 2 {
		t.Errorf("%d connections, want 2: the one of a refused commit is never used again", n)
	}
	for _, c := range s.Commands() {
		if c == "RSET" || c == "NOOP" || c == "QUIT" {
			t.Errorf("the client said %s, which would have sent the final dot", c)
		}
	}
}

// TestContextEnds: before the commit point the letter is provably unsent, after it nobody knows.
func TestContextEnds(t *testing.T) {
	for _, row := range []struct {
		name, point string
		outcome     mail.Outcome
	}{{"before the commit point", "RCPT", mail.Retry}, {"after it", "dot", mail.Unknown}} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mailtest.StartPipe(t, mailtest.Script{Stall: map[string]chan struct{}{row.point: make(chan struct{})}})
				ctx, cancel := context.WithCancel(t.Context())
				if row.point == "RCPT" {
					time.AfterFunc(20*time.Millisecond, cancel)
				}
				v := pool(t, mail.Settings{URL: s.URL(), Dial: s.Dial}).Send(ctx, letter("a@b"), func() error { time.AfterFunc(20*time.Millisecond, cancel); return nil })
				if v.Outcome != row.outcome || v.Took != 20*time.Millisecond {
					t.Errorf("got %+v, want %s at once", v, row.outcome)
				}
			})
		})
	}
}

func TestConnectionsAreReused(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	p := pool(t, mail.Settings{URL: s.URL(), Connections: 2})
	for i := range 5 {
		if v := p.Send(t.Context(), letter(fmt.Sprintf("%d@b", i)), nil); v.Outcome != mail.Sent {
			t.Fatalf("letter %d: %+v", i, v)
		}
	}
	if s.Connects() != 1 {
		t.Errorf("%d connections for five letters in a row, want 1", s.Connects())
	}
	want := []string{"EHLO ", "MAIL", "RCPT", "DATA", "MAIL"}
	for i, c := range s.Commands()[:5] {
		if !strings.HasPrefix(c, want[i]) {
			t.Errorf("command %d is %q, want %s: nothing between letters", i, c, want[i])
		}
	}
}

// TestServerClosedTheWaitingConnection: the next letter begins again on a new one, as nothing of it was on the way.
func TestServerClosedTheWaitingConnection(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{})
	p := pool(t, mail.Settings{URL: s.URL()})
	if v := p.Send(t.Context(), letter("1@b"), nil); v.Outcome != mail.Sent {
		t.Fatal(v)
	}
	s.Play(mailtest.Script{Reply: map[string]string{"MAIL": "421 4.4.2 idle too long"}, Drop: map[string]bool{}})
	commits := 0
	v := p.Send(t.Context(), letter("2@b"), func() error { commits++; return nil })
	if v.Outcome != mail.Retry || s.Connects() != 2 || commits != 0 {
		t.Errorf("got %+v after %d connections and %d commits, want a second connection and no commit", v, s.Connects(), commits)
	}
}

// TestIdleConnectionIsClosed: within the idle time the connection is used again, after it a new one.
func TestIdleConnectionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mailtest.StartPipe(t, mailtest.Script{})
		p := pool(t, mail.Settings{URL: s.URL(), Dial: s.Dial})
		for i, wait := range []time.Duration{0, 29 * time.Second, 31 * time.Second} {
			time.Sleep(wait) // of the virtual clock
			if v := p.Send(t.Context(), letter(fmt.Sprintf("%d@b", i)), nil); v.Outcome != mail.Sent {
				t.Fatalf("letter %d: %+v", i, v)
			}
		}
		if n := s.Connects(); n != 2 {
			t.Errorf("%d connections, want 2", n)
		}
	})
}

func TestTLS(t *testing.T) {
	in := time.Now().Add(24 * time.Hour)
	good, roots := mailtest.Certificate(t, in, "127.0.0.1")
	wrongName, wrongRoots := mailtest.Certificate(t, in, "mail.example.org")
	expired, expiredRoots := mailtest.Certificate(t, time.Now().Add(-time.Hour), "127.0.0.1")
	for _, row := range []struct {
		name    string
		script  mailtest.Script
		roots   *x509.CertPool
		outcome mail.Outcome
		secured bool
	}{
		{"STARTTLS with a good certificate", mailtest.Script{TLS: good}, roots, mail.Sent, true},
		{"TLS from the first byte", mailtest.Script{TLS: good, Implicit: true}, roots, mail.Sent, true},
		{"a certificate nobody vouches for", mailtest.Script{TLS: good}, wrongRoots, mail.Paused, false},
		{"a certificate of another name", mailtest.Script{TLS: wrongName}, wrongRoots, mail.Paused, false},
		{"an expired certificate", mailtest.Script{TLS: expired}, expiredRoots, mail.Paused, false},
		{"the same from the first byte", mailtest.Script{TLS: expired, Implicit: true}, expiredRoots, mail.Paused, false},
		{"no STARTTLS on offer", mailtest.Script{}, roots, mail.Paused, false},
		{"STARTTLS refused for now", mailtest.Script{TLS: good, Reply: map[string]string{"STARTTLS": "454 4.7.0 not now"}}, roots, mail.Retry, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, row.script)
			v := pool(t, mail.Settings{URL: s.URL(), Roots: row.roots, RequireTLS: true}).Send(t.Context(), letter("a@b"), nil)
			if v.Outcome != row.outcome {
				t.Errorf("got %+v, want %s", v, row.outcome)
			}
			letters := s.Letters()
			if row.secured != (len(letters) == 1 && letters[0].Secured) {
				t.Errorf("%d letters taken, want one under TLS: %v", len(letters), row.secured)
			}
			for _, c := range s.Commands() {
				if strings.HasPrefix(c, "MAIL") && !row.secured {
					t.Error("the letter was begun in the clear")
				}
			}
		})
	}
}

func TestAuthentication(t *testing.T) {
	script := mailtest.Script{User: "daemon", Password: "s3cret!"}
	for _, row := range []struct {
		name, password string
		script         mailtest.Script
		outcome        mail.Outcome
	}{
		{"right password", "s3cret!", script, mail.Sent},
		{"wrong password: the queue waits for a person", "guess", script, mail.Paused},
		{"no AUTH on offer", "s3cret!", mailtest.Script{}, mail.Paused},
		{"only a login that a password does not open", "s3cret!", mailtest.Script{User: "daemon", Token: "ya29"}, mail.Paused},
		{"for now no", "s3cret!", mailtest.Script{User: "daemon", Password: "s3cret!", Reply: map[string]string{"AUTH": "454 4.7.0 later"}}, mail.Retry},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mailtest.Start(t, row.script)
			u, _ := url.Parse(s.URL())
			u.User = url.User("daemon")
			v := pool(t, mail.Settings{URL: u.String(), Password: row.password}).Send(t.Context(), letter("a@b"), nil)
			if v.Outcome != row.outcome {
				t.Errorf("got %+v, want %s", v, row.outcome)
			}
			if strings.Contains(v.Text, row.password) {
				t.Errorf("the verdict tells the password: %q", v.Text)
			}
		})
	}
}

// TestTokenLogin: the token is read anew for each connection, as it lives for an hour.
func TestTokenLogin(t *testing.T) {
	s := mailtest.Start(t, mailtest.Script{User: "daemon", Token: "ya29.fresh"})
	u, _ := url.Parse(s.URL())
	u.User = url.User("daemon")
	file := filepath.Join(t.TempDir(), "token")
	for _, row := range []struct {
		name, token string
		outcome     mail.Outcome
	}{{"no file yet", "", mail.Paused}, {"a stale token", "ya29.stale\n", mail.Paused}, {"a fresh one", "ya29.fresh\n", mail.Sent}, {"two lines", "a\nb\n", mail.Paused}} {
		if row.token != "" {
			if err := os.WriteFile(file, []byte(row.token), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v := pool(t, mail.Settings{URL: u.String(), TokenFile: file}).Send(t.Context(), letter("a@b"), nil)
		if v.Outcome != row.outcome || strings.Contains(v.Text, "ya29") {
			t.Errorf("%s: got %+v, want %s and the token untold", row.name, v, row.outcome)
		}
	}
}

func TestAddressBeyondASCII(t *testing.T) {
	m := letter("a@b")
	m.To.Address = "иван@un.example"
	for _, row := range []struct {
		extensions []string
		outcome    mail.Outcome
	}{{[]string{"SMTPUTF8"}, mail.Sent}, {nil, mail.Refused}} {
		s := mailtest.Start(t, mailtest.Script{Extensions: row.extensions})
		if v := pool(t, mail.Settings{URL: s.URL()}).Send(t.Context(), m, nil); v.Outcome != row.outcome {
			t.Errorf("relay with %v: got %+v, want %s", row.extensions, v, row.outcome)
		}
	}
}

func TestSettingsRefused(t *testing.T) {
	for _, row := range []struct {
		name string
		s    mail.Settings
		want string
	}{
		{"another scheme", mail.Settings{URL: "http://relay.example"}, "smtp://"},
		{"no host", mail.Settings{URL: "smtp://"}, "smtp://"},
		{"a user without a password", mail.Settings{URL: "smtp://daemon@relay.example"}, "no password"},
		{"a token without a user", mail.Settings{URL: "smtp://relay.example", TokenFile: "x"}, "names no user"},
		{"too many connections", mail.Settings{URL: "smtp://relay.example", Connections: 17}, "at most 16"},
	} {
		if _, err := mail.NewPool(row.s); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}
