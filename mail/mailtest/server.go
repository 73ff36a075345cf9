// Package mailtest is an SMTP server for tests that does what it is told: it refuses, stalls, drops and babbles at any
// point of the conversation, and never forgets what it took in.
package mailtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Script says how the server behaves. Its zero value takes every letter. The keys of the maps are points of a
// conversation: "connect" (before the greeting), "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body" (before the
// first line of the body is read), "dot" (after the final dot, in place of the acceptance), "accepted" (the letter is
// taken, the reply not given yet).
type Script struct {
	Reply      map[string]string // instead of the usual reply: "451 4.7.1 later"
	Drop       map[string]bool   // close the connection instead of replying
	Stall      map[string]chan struct{}
	Extensions []string    // beyond those that the script brings about: "SIZE 1000"
	TLS        *tls.Config // offers STARTTLS
	Implicit   bool        // TLS from the first byte
	User       string      // demands AUTH PLAIN or LOGIN with Password, or XOAUTH2 with Token
	Password   string
	Token      string
}

// Letter is what the server took in.
type Letter struct {
	From, To string
	Bytes    []byte
	Secured  bool
}

// MessageID is that of the letter, without angle brackets.
func (l Letter) MessageID() string { return strings.Trim(l.Header("Message-ID"), "<>") }

// Header is the value of a field of the letter.
func (l Letter) Header(name string) string {
	m, err := mail.ReadMessage(bytes.NewReader(l.Bytes))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

// Server is a running server. Its methods are safe for concurrent use.
type Server struct {
	listener net.Listener // nil: reached by Dial only
	wg       sync.WaitGroup
	ended    chan struct{}
	once     sync.Once

	mu       sync.Mutex
	script   Script
	letters  []Letter
	commands []string
	connects int
	open     map[net.Conn]bool
}

// Start starts a server on a loopback port; it ends with the test.
func Start(t testing.TB, script Script) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: l, script: script, open: map[net.Conn]bool{}, ended: make(chan struct{})}
	s.wg.Go(s.serve)
	t.Cleanup(s.Stop)
	return s
}

// StartPipe starts a server without a port, which Dial reaches: inside testing/synctest its conversations take no real
// time, however long it stalls.
func StartPipe(t testing.TB, script Script) *Server {
	s := &Server{script: script, open: map[net.Conn]bool{}, ended: make(chan struct{})}
	t.Cleanup(s.Stop)
	return s
}

// Dial opens a connection to the server within the process.
func (s *Server) Dial(context.Context, string) (net.Conn, error) {
	client, server := net.Pipe()
	s.take(server)
	return client, nil
}

// Hangup closes the connections that are open.
func (s *Server) Hangup() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Close()
	}
}

// Stop ends the server and its connections.
func (s *Server) Stop() {
	s.once.Do(func() { close(s.ended) })
	if s.listener != nil {
		s.listener.Close()
	}
	s.Hangup()
	s.wg.Wait()
}

// URL is the address of the server as the relay's.
func (s *Server) URL() string {
	if s.listener == nil {
		return "smtp://127.0.0.1"
	}
	if s.script.Implicit {
		return "smtps://" + s.listener.Addr().String()
	}
	return "smtp://" + s.listener.Addr().String()
}

// Play makes the server follow another script from its next step on.
func (s *Server) Play(script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Letters returns what was taken in so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// MessageIDs returns those of the letters taken in, sorted: a letter that came twice is there twice.
func (s *Server) MessageIDs() []string {
	var ids []string
	for _, l := range s.Letters() {
		ids = append(ids, l.MessageID())
	}
	slices.Sort(ids)
	return ids
}

// Commands returns the command lines received so far, those of AUTH shortened.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Connects returns how many connections were opened so far.
func (s *Server) Connects() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connects
}

func (s *Server) serve() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.take(c)
	}
}

// take holds the conversation of a new connection.
func (s *Server) take(c net.Conn) {
	s.mu.Lock()
	s.connects++
	s.open[c] = true
	script := s.script
	s.mu.Unlock()
	s.wg.Go(func() {
		defer func() {
			c.Close()
			s.mu.Lock()
			delete(s.open, c)
			s.mu.Unlock()
		}()
		conn := c
		if script.Implicit {
			conn = tls.Server(c, script.TLS)
		}
		(&talk{server: s, conn: conn, reader: bufio.NewReader(conn), secured: script.Implicit}).run()
	})
}

func (s *Server) current() Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.script
}

// Chatter is a reply of n lines.
func Chatter(code, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d-line %d of a reply that does not end \x1b[31m\r\n", code, i)
	}
	fmt.Fprintf(&b, "%d the end", code)
	return b.String()
}
