package mail_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

// TestMailboxLoginIsNotKept: whatever a server says of a login that it refuses, the password does not stand in the error,
// which goes to the log; what says nothing of it is kept.
func TestMailboxLoginIsNotKept(t *testing.T) {
	const password = `canary of "the" box\`
	const hidden = "the answer repeats our login and is not kept"
	for _, row := range []struct{ why, answer, want string }{
		{"words of the server", "TAG NO [AUTHENTICATIONFAILED] no such login", "imap: NO [AUTHENTICATIONFAILED] no such login"},
		{"the command, as it was sent", "TAG BAD not understood: LINE", "imap: BAD " + hidden},
		{"the password, as it is", "TAG NO daemon may not come in with " + password, "imap: NO " + hidden},
		{"the password in place of an answer, which is read as a word in capitals", "TAG canary", "imap: " + hidden},
	} {
		t.Run(row.why, func(t *testing.T) {
			secret := password
			if strings.HasSuffix(row.answer, " canary") { // a word is all that such an error repeats
				secret = "canary"
			}
			config, roots := mailtest.Certificate(t, time.Now().Add(time.Hour), "127.0.0.1")
			address := refusingMailbox(t, config, row.answer)
			box, err := mail.NewIMAPBox("imaps://daemon@"+address, secret, roots)
			if err != nil {
				t.Fatal(err)
			}
			err = box.TakeNew(t.Context(), func([]byte) error { return nil })
			if err == nil || !strings.HasSuffix(err.Error(), ": "+row.want) || strings.Contains(strings.ToLower(err.Error()), "canary") {
				t.Errorf("%q: got %v, want %q at its end", row.answer, err, row.want)
			}
		})
	}
}

// refusingMailbox is a server that answers the first LOGIN with a line, in which TAG and LINE stand for those of the command,
// and ends.
func refusingMailbox(t *testing.T, config *tls.Config, answer string) (address string) {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { listener.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		refuseLogin(conn, answer)
	}()
	return listener.Addr().String()
}

func refuseLogin(conn net.Conn, answer string) {
	fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		tag, rest, _ := strings.Cut(lines.Text(), " ")
		if strings.HasPrefix(rest, "LOGIN ") {
			fmt.Fprint(conn, strings.NewReplacer("TAG", tag, "LINE", rest).Replace(answer)+"\r\n")
			return
		}
		fmt.Fprint(conn, tag+" OK done\r\n")
	}
}
