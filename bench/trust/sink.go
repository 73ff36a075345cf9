package main

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// sink is an SMTP server that never forgets: it appends every letter that it accepts to a log, with the time, before it
// answers. It does nothing else for the product, and it knows nothing about it. A letter without its final dot is not
// accepted. It writes what it accepts into a Maildir as well, which plays the relay's journal.
type sink struct {
	listener net.Listener
	log      *os.File
	journal  string // Maildir; "" keeps none
	tls      *tls.Config
	wg       sync.WaitGroup

	mu       sync.Mutex
	rng      *rand.Rand
	mood     func(r *rand.Rand) mood
	accepted map[string]int // Message-ID → copies
	total    int
	last     time.Time // of the last acceptance
	serial   int
	open     map[net.Conn]bool
	connects int
}

// mood is how the sink treats one letter. Its zero value is a good relay.
type mood struct {
	fault    string        // one of the names in faults, "" for none
	patience time.Duration // how long it waits for the next line in the middle of a letter; 0 for a second
	hesitate time.Duration // before the answer to DATA, while the sender has not passed its commit point
	decide   time.Duration // between the final dot and the acceptance
	answer   time.Duration // between the acceptance and the answer
}

// faults are what a bad relay does, and what becomes of the letter: whether it is kept, and what the sender hears.
var faults = map[string]string{
	"greet-421":     "answers the connection with 421",
	"mail-451":      "puts off the sender",
	"rcpt-450":      "puts off the recipient",
	"data-451":      "puts off DATA",
	"dot-451":       "puts off the letter after the final dot",
	"stall-greet":   "says nothing after the connection",
	"stall-mail":    "says nothing after MAIL",
	"stall-data":    "says nothing after DATA",
	"stall-dot":     "says nothing after the final dot and keeps nothing",
	"drip":          "answers octet by octet",
	"drop-data":     "closes the connection after DATA",
	"drop-body":     "closes the connection in the middle of the body",
	"drop-dot":      "closes the connection after the final dot and keeps nothing",
	"drop-accepted": "keeps the letter and closes the connection without an answer",
	"long-reply":    "answers the final dot with ten thousand lines and keeps the letter",
	"lie-451":       "keeps the letter and says that it did not",
	"lie-250":       "says that it took the letter and forgets it",
}

// openSink listens on a loopback port and appends to the log in dir.
func openSink(dir string, seed uint64) (*sink, error) {
	log, err := os.OpenFile(filepath.Join(dir, "sink.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	s := &sink{log: log, journal: filepath.Join(dir, "journal"), rng: rand.New(rand.NewPCG(seed, 1)), accepted: map[string]int{}, open: map[net.Conn]bool{}}
	s.mood = func(*rand.Rand) mood { return mood{} }
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(s.journal, sub), 0o700); err != nil {
			return nil, err
		}
	}
	return s, s.listen("127.0.0.1:0")
}

func (s *sink) listen(address string) (err error) {
	if s.listener, err = net.Listen("tcp", address); err == nil {
		s.wg.Go(s.serve)
	}
	return err
}

func (s *sink) address() string { return s.listener.Addr().String() }

// hang up: the relay is away until listen is called again with its address.
func (s *sink) away() {
	s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

func (s *sink) close() error {
	s.away()
	return s.log.Close()
}

func (s *sink) serve() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.connects++
		s.mu.Unlock()
		s.wg.Go(func() {
			defer func() {
				c.Close()
				s.mu.Lock()
				delete(s.open, c)
				s.mu.Unlock()
			}()
			(&talk{sink: s, conn: c}).run()
		})
	}
}

// behave says how the sink treats letters from now on.
func (s *sink) behave(m func(r *rand.Rand) mood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mood = m
}

func (s *sink) next() mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.mood(s.rng)
	if m.patience == 0 {
		m.patience = time.Second
	}
	return m
}

// accept writes the letter down. What it wrote it never takes back.
func (s *sink) accept(messageID, to string, letter []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	if s.journal != "" {
		name := fmt.Sprintf("%d.%06d.sink", time.Now().Unix(), s.serial)
		tmp := filepath.Join(s.journal, "tmp", name)
		if err := os.WriteFile(tmp, letter, 0o600); err != nil {
			return err
		}
		if err := os.Rename(tmp, filepath.Join(s.journal, "new", name)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(s.log, "%s\taccepted\t%s\t%s\n", time.Now().UTC().Format(time.RFC3339Nano), messageID, to); err != nil {
		return err
	}
	s.accepted[messageID]++
	s.total++
	s.last = time.Now()
	return nil
}

// count returns how many letters were accepted, copies included.
func (s *sink) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}
