package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Settings says how to reach the relay. URL is needed; zero values of the rest are the defaults.
type Settings struct {
	URL          string         // smtp://[user@]host[:port] or smtps://…; the password may stand in it or in Password
	Password     string         // of the user in URL
	TokenFile    string         // holds an access token of the user in place of a password, read anew at each login (XOAUTH2, OAUTHBEARER)
	Roots        *x509.CertPool // who may sign the relay's certificate; nil: the system's
	RequireTLS   bool           // also to this machine itself
	Hello        string         // name given in EHLO; "" is this machine's full name, or "localhost" when it has none
	Connections  int            // at most so many at a time, 4 by default
	DialTimeout  time.Duration  // 15 s by default; TLS included
	StepTimeout  time.Duration  // for each command and each write, 1 min by default
	ReplyTimeout time.Duration  // for the reply to the final dot, 10 min by default (RFC 5321, 4.5.3.2.6)
	IdleTimeout  time.Duration  // an unused connection is closed after it, 30 s by default
	DKIM         *DKIM          // signs every letter for a domain; nil: nobody
	SMIME        *SMIME         // signs every letter with a certificate; nil: nobody

	// Dial reaches the relay at host:port; nil: over TCP.
	Dial func(ctx context.Context, address string) (net.Conn, error)
}

// relayAddress is what the URL of a relay says.
type relayAddress struct {
	host, port     string
	user, password string
	implicitTLS    bool
	loopback       bool
}

func parseRelay(raw, password string) (relayAddress, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return relayAddress{}, errors.New("the relay's address is not of the form smtp://user@host:587")
	}
	a := relayAddress{host: u.Hostname(), port: u.Port(), implicitTLS: u.Scheme == "smtps", user: u.User.Username(), password: password}
	if p, ok := u.User.Password(); ok && password == "" {
		a.password = p
	}
	if a.port == "" {
		switch {
		case a.implicitTLS:
			a.port = "465"
		case a.user != "":
			a.port = "587"
		default:
			a.port = "25"
		}
	}
	ip := net.ParseIP(a.host)
	a.loopback = a.host == "localhost" || ip != nil && ip.IsLoopback()
	return a, nil
}

// connect opens a conversation up to and including authentication. The error comes with the stage that it belongs to.
func (p *Pool) connect(ctx context.Context) (c *conversation, stage string, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.settings.DialTimeout)
	defer cancel()
	conn, err := p.settings.Dial(ctx, net.JoinHostPort(p.relay.host, p.relay.port))
	if err != nil {
		return nil, "dial", err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // a server that says nothing must not hold us
	defer stop()
	if c, stage, err = p.greet(ctx, conn); err != nil {
		conn.Close()
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) { // we closed it, and the error would only tell of that
			err = &silence{p.settings.DialTimeout}
		}
		return nil, stage, err
	}
	if !stop() {
		c.Close()
		return nil, "hello", context.Cause(ctx)
	}
	return c, "", nil
}

// silence is the error of a relay that was reached and did not come as far as taking letters in time.
type silence struct{ within time.Duration }

func (s *silence) Error() string { return fmt.Sprintf("it did not answer within %v", s.within) }

// Timeout makes it an error of time, as those of package net are.
func (*silence) Timeout() bool { return true }

func (p *Pool) greet(ctx context.Context, raw net.Conn) (*conversation, string, error) {
	config := &tls.Config{ServerName: p.relay.host, RootCAs: p.settings.Roots, MinVersion: tls.VersionTLS12}
	var conn net.Conn = &timedConn{Conn: raw, write: p.settings.StepTimeout}
	if p.relay.implicitTLS {
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, "tls", err
		}
		conn = secured
	}
	c, stage, err := p.hello(conn, config)
	if err != nil {
		return nil, stage, err
	}
	c.CommandTimeout, c.SubmissionTimeout = p.settings.StepTimeout, p.settings.ReplyTimeout
	if p.relay.user == "" {
		return c, "", nil
	}
	mechanism, secret, err := p.authentication(c.Client)
	if err == nil {
		said := &login{Client: mechanism, words: []string{secret}}
		err = said.keptOut(c.Auth(said))
	}
	return c, "auth", err
}

// login remembers what it says, so that none of it is kept when the relay repeats what it refuses: its words stand in the
// log, in the list of letters and in the alert.
type login struct {
	sasl.Client
	words []string
}

// Start implements sasl.Client.
func (l *login) Start() (mechanism string, response []byte, err error) {
	mechanism, response, err = l.Client.Start()
	l.words = append(l.words, base64.StdEncoding.EncodeToString(response))
	return mechanism, response, err
}

// Next implements sasl.Client.
func (l *login) Next(challenge []byte) ([]byte, error) {
	response, err := l.Client.Next(challenge)
	l.words = append(l.words, base64.StdEncoding.EncodeToString(response))
	return response, err
}

// keptOut returns an error whose reply holds nothing of the login.
func (l *login) keptOut(err error) error {
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) {
		return err
	}
	for _, word := range l.words {
		if word != "" && strings.Contains(reply.Message, word) {
			kept := *reply
			kept.Message = "the answer repeats our login and is not kept"
			return &kept
		}
	}
	return err
}

// hello greets and, where the connection is not secured yet and does not stay on this machine, starts TLS. Sending in the
// clear because a server, or somebody between, does not offer TLS is not an option that exists.
func (p *Pool) hello(conn net.Conn, config *tls.Config) (*conversation, string, error) {
	if p.relay.implicitTLS || p.relay.loopback && !p.settings.RequireTLS {
		c := smtp.NewClient(conn)
		return newConversation(c, conn), "hello", c.Hello(p.settings.Hello)
	}
	c, err := smtp.NewClientStartTLS(conn, config)
	if err != nil {
		var reply *smtp.SMTPError
		var network net.Error
		if !errors.As(err, &reply) && !errors.As(err, &network) && strings.Contains(err.Error(), "doesn't support STARTTLS") {
			err = errNoTLS
		}
		return nil, "tls", err
	}
	// The handshake happens with the first command: a certificate that does not hold is found out here.
	return newConversation(c, nil), "tls", c.Hello(p.settings.Hello)
}

var errNoTLS = errors.New("the relay offers no TLS (STARTTLS), which is required except on this machine")

var (
	errNoAuth  = errors.New("the relay offers none of the logins that fit: AUTH PLAIN or LOGIN with a password, XOAUTH2 or OAUTHBEARER with a token")
	errNoToken = errors.New("the file with the access token cannot be read, or holds none")
)

// authentication is the login that the relay offers, and the secret in it.
func (p *Pool) authentication(c *smtp.Client) (login sasl.Client, secret string, err error) {
	if p.settings.TokenFile != "" {
		return p.tokenLogin(c)
	}
	switch {
	case c.SupportsAuth(sasl.Plain):
		return sasl.NewPlainClient("", p.relay.user, p.relay.password), p.relay.password, nil
	case c.SupportsAuth(sasl.Login):
		return sasl.NewLoginClient(p.relay.user, p.relay.password), p.relay.password, nil
	}
	return nil, "", errNoAuth
}

func (p *Pool) tokenLogin(c *smtp.Client) (login sasl.Client, secret string, err error) {
	token, err := readToken(p.settings.TokenFile)
	switch {
	case err != nil:
		return nil, "", err
	case c.SupportsAuth("XOAUTH2"):
		return xoauth2{p.relay.user, token}, token, nil
	case c.SupportsAuth(sasl.OAuthBearer):
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: p.relay.user, Token: token}), token, nil
	}
	return nil, "", errNoAuth
}

// connectVerdict reads the outcome of a failed connect: a certificate that does not hold, and a relay that cannot do what
// we must ask of it, need a person.
func connectVerdict(stage string, err error) Verdict {
	v := verdict(stage, err)
	var unknownAuthority x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknownAuthority), errors.As(err, &wrongName), errors.As(err, &invalid), errors.As(err, &certificate),
		errors.Is(err, errNoTLS), errors.Is(err, errNoAuth), errors.Is(err, errNoToken):
		v.Outcome = Paused
	}
	return v
}

func (s *Settings) fillIn() error {
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&s.DialTimeout, 15 * time.Second}, {&s.StepTimeout, time.Minute}, {&s.ReplyTimeout, 10 * time.Minute}, {&s.IdleTimeout, 30 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if s.Dial == nil {
		s.Dial = func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}
	}
	if s.Connections == 0 {
		s.Connections = 4
	}
	if s.Connections > 16 {
		return fmt.Errorf("%d connections to the relay: at most 16", s.Connections)
	}
	if s.Hello == "" {
		s.Hello = "localhost"
		if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") && isASCII(name) {
			s.Hello = name
		}
	}
	return nil
}
