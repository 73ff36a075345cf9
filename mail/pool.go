package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Pool holds conversations with one relay and sends letters over them. It is safe for concurrent use.
type Pool struct {
	settings Settings
	relay    relayAddress
	slots    chan struct{} // a token for each connection that may be open

	mu     sync.Mutex
	idle   []*idleClient
	closed bool
}

// idleClient is a greeted conversation that waits for a letter until its timer closes it.
type idleClient struct {
	*conversation
	timer *time.Timer
}

// NewPool returns a pool without connections; the relay need not be there yet.
func NewPool(s Settings) (*Pool, error) {
	if err := s.fillIn(); err != nil {
		return nil, err
	}
	relay, err := parseRelay(s.URL, s.Password)
	if err != nil {
		return nil, err
	}
	if s.TokenFile != "" && relay.user == "" {
		return nil, errors.New("there is an access token, but the relay's address names no user")
	}
	if relay.user != "" && relay.password == "" && s.TokenFile == "" {
		return nil, fmt.Errorf("the relay's address names the user %q but there is no password", relay.user)
	}
	return &Pool{settings: s, relay: relay, slots: make(chan struct{}, s.Connections)}, nil
}

// Close ends the unused connections; those in use are closed when their letter is done.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.timer.Stop()
		c.Close()
	}
	p.idle = nil
	return nil
}

// Offer is what a relay said of itself.
type Offer struct {
	TLS      string // version, "" for a conversation in the clear
	LoggedIn bool
	Size     int64 // of the largest letter, 0 for not said
	UTF8     bool  // takes addresses beyond ASCII
}

// Check opens a conversation and ends it, without a letter: what `doctor` asks.
func (p *Pool) Check(ctx context.Context) (o Offer, err error) {
	c, stage, err := p.connect(ctx)
	if err != nil {
		return o, fmt.Errorf("reach relay %s, stage %s: %w", p.relay.host, stage, err)
	}
	if state, ok := c.TLSConnectionState(); ok {
		o.TLS = tls.VersionName(state.Version)
	}
	size, _ := c.MaxMessageSize()
	o.Size, o.LoggedIn = int64(size), p.relay.user != ""
	o.UTF8, _ = c.Extension("SMTPUTF8")
	return o, c.Quit()
}

// String says it in words.
func (o Offer) String() string {
	words := []string{"in the clear on this machine", "no login", "no limit of size named", "no addresses beyond ASCII (SMTPUTF8)"}
	if o.TLS != "" {
		words[0] = o.TLS
	}
	if o.LoggedIn {
		words[1] = "logged in"
	}
	if o.Size > 0 {
		words[2] = "letters up to " + megabytes(o.Size)
	}
	if o.UTF8 {
		words[3] = "addresses beyond ASCII"
	}
	return strings.Join(words, ", ")
}

// Send hands one letter to the relay. commit is called after all bytes of the body and before the final dot; when it
// returns an error, or the context ends before it, the connection is closed without the dot, and the letter is provably
// not sent. Without commit (nil) the letter is simply sent. It waits for a free connection.
func (p *Pool) Send(ctx context.Context, m *Message, commit func() error) Verdict {
	began := time.Now()
	v := p.send(ctx, m, commit)
	v.Took = time.Since(began)
	return v
}

func (p *Pool) send(ctx context.Context, m *Message, commit func() error) Verdict {
	letter, err := p.assemble(m)
	if err != nil {
		return Verdict{Outcome: Refused, Stage: "build", Text: cleanText(err.Error())}
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return verdict("dial", ctx.Err())
	}
	c := p.take()
	reused := c != nil
	for {
		if c == nil {
			var stage string
			if c, stage, err = p.connect(ctx); err != nil {
				return connectVerdict(stage, err)
			}
		}
		v, stale := p.converse(ctx, c, m, letter, commit)
		if !stale || !reused {
			return v
		}
		c, reused = nil, false // the server had closed the waiting connection: begin again on a new one
	}
}

// converse runs one letter over a connection and gives it back to the pool or closes it. stale says that the connection
// was gone before the letter began.
func (p *Pool) converse(ctx context.Context, c *conversation, m *Message, letter *Assembled, commit func() error) (v Verdict, stale bool) {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	fail := func(stage string, err error) Verdict {
		c.Close() // never Quit, Reset or Noop: after DATA they would send the final dot
		return verdict(stage, err)
	}
	if size, ok := c.MaxMessageSize(); ok && size > 0 && letter.Size() > int64(size) {
		p.give(ctx, c, stop)
		return Verdict{Outcome: Refused, Stage: "mail", Enhanced: "5.3.4",
			Text: fmt.Sprintf("the letter of %s is larger than the %s that the relay takes", megabytes(letter.Size()), megabytes(int64(size)))}, false
	}
	sender := cmp.Or(m.ReturnPath, m.From.Address)
	utf8 := !isASCII(m.To.Address) || !isASCII(m.From.Address) || !isASCII(sender)
	if ok, _ := c.Extension("SMTPUTF8"); utf8 && !ok {
		p.give(ctx, c, stop)
		return Verdict{Outcome: Refused, Stage: "mail", Enhanced: "5.6.7",
			Text: "the address is not ASCII and the relay does not take such addresses (SMTPUTF8)"}, false
	}
	if err := c.Mail(sender, &smtp.MailOptions{Size: letter.Size(), UTF8: utf8}); err != nil {
		var reply *smtp.SMTPError
		return fail("mail", err), !errors.As(err, &reply) || reply.Code == 421
	}
	if err := c.Rcpt(m.To.Address, nil); err != nil {
		return fail("rcpt", err), false
	}
	w, err := c.Data()
	if err != nil {
		return fail("data", err), false
	}
	if err := c.write(w, letter); err != nil {
		return fail("body", err), false
	}
	if commit != nil {
		if err := commit(); err != nil {
			return fail("commit", err), false
		}
	}
	reply, err := w.CloseWithResponse()
	if err != nil {
		return fail("dot", err), false
	}
	p.give(ctx, c, stop)
	return Verdict{Outcome: Sent, Stage: "sent", Code: 250, Text: cleanText(reply.StatusText)}, false
}

// assemble makes the bytes of a letter and signs them as the settings say.
func (p *Pool) assemble(m *Message) (*Assembled, error) {
	letter, err := assemble(m, p.settings.SMIME)
	if err != nil || p.settings.DKIM == nil {
		return letter, err
	}
	return p.settings.DKIM.sign(letter)
}

// megabytes writes a size as people read it.
func megabytes(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d kB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// take returns the connection that was used last, or nil.
func (p *Pool) take() *conversation {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		c := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if c.timer.Stop() {
			return c.conversation
		}
	}
	return nil
}

// give keeps a connection for the next letter, unless its context has ended and may have closed it.
func (p *Pool) give(ctx context.Context, c *conversation, stop func() bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !stop() || p.closed {
		c.Close()
		return
	}
	i := &idleClient{conversation: c}
	i.timer = time.AfterFunc(p.settings.IdleTimeout, func() { p.expire(i) })
	p.idle = append(p.idle, i)
}

func (p *Pool) expire(i *idleClient) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, c := range p.idle {
		if c == i {
			p.idle = append(p.idle[:n], p.idle[n+1:]...)
			break
		}
	}
	i.Close()
}
