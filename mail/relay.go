package mail

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Relay is a mail relay on this machine that puts every letter into a Maildir: what a demonstration sends to. It adds
// nothing to a letter, so that the file holds the bytes that were sent.
type Relay struct {
	server   *smtp.Server
	listener net.Listener
	done     chan error
}

// StartRelay starts a relay on listener, which is to be one of a loopback address; it takes the listener over.
func StartRelay(listener net.Listener, maildir *Maildir) *Relay {
	r := &Relay{listener: listener, done: make(chan error, 1)}
	r.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &relaySession{maildir}, nil }))
	r.server.Domain = "localhost"
	r.server.ReadTimeout, r.server.WriteTimeout = time.Minute, time.Minute
	r.server.MaxMessageBytes = 64 << 20
	r.server.MaxRecipients = 1
	r.server.EnableSMTPUTF8 = true
	r.server.ErrorLog = nobody{}
	go func() { r.done <- r.server.Serve(listener) }()
	return r
}

// URL is where letters for the relay are to be sent.
func (r *Relay) URL() string { return "smtp://" + r.listener.Addr().String() }

// Close ends the relay with its connections and waits for its end. A letter half way in is not stored.
func (r *Relay) Close() error {
	err := r.server.Close()
	if end := <-r.done; err == nil && !errors.Is(end, smtp.ErrServerClosed) {
		err = end
	}
	if err != nil {
		return fmt.Errorf("stop local relay: %w", err)
	}
	return nil
}

// nobody is the reader of the server's own log: a client that hangs up is no news.
type nobody struct{}

func (nobody) Printf(string, ...any) {}
func (nobody) Println(...any)        {}

// relaySession is one client of the relay.
type relaySession struct{ maildir *Maildir }

func (s *relaySession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *relaySession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *relaySession) Reset()                               {}
func (s *relaySession) Logout() error                        { return nil }

// Data implements smtp.Session. A letter that could not be stored is refused for now, so that it is sent again.
func (s *relaySession) Data(r io.Reader) error {
	if err := s.maildir.Deliver(r); err != nil {
		var refusal *smtp.SMTPError
		if errors.As(err, &refusal) {
			return refusal
		}
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "cannot store the letter"}
	}
	return nil
}
