package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// proxy stands on a link and hurts it: it delays what passes, swallows it in both directions without a word, or cuts it.
type proxy struct {
	listener net.Listener
	network  string // of the target
	target   string
	wg       sync.WaitGroup

	mu      sync.Mutex
	latency time.Duration
	hole    chan struct{} // not nil: nothing passes until it is closed
	open    map[net.Conn]bool
}

func openProxy(network, target string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, network: network, target: target, open: map[net.Conn]bool{}}
	p.wg.Go(p.serve)
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// close ends the proxy and all that passes it.
func (p *proxy) close() error {
	err := p.listener.Close()
	p.heal()
	p.reset()
	p.wg.Wait()
	return err
}

// delay lets every chunk wait.
func (p *proxy) delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency = d
}

// swallow makes the link a black hole: connections stay open, new ones are taken, nothing arrives.
func (p *proxy) swallow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hole == nil {
		p.hole = make(chan struct{})
	}
}

// heal ends the black hole. What it swallowed is lost with its connection.
func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hole != nil {
		close(p.hole)
		p.hole = nil
		p.cut()
	}
}

// reset cuts every connection.
func (p *proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut()
}

func (p *proxy) cut() {
	for c := range p.open {
		if t, ok := c.(*net.TCPConn); ok {
			t.SetLinger(0) // RST
		}
		c.Close()
	}
}

func (p *proxy) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.carry(c) })
	}
}

func (p *proxy) carry(c net.Conn) {
	p.keep(c)
	defer p.forget(c)
	p.wait()
	out, err := net.DialTimeout(p.network, p.target, 5*time.Second)
	if err != nil {
		return
	}
	p.keep(out)
	defer p.forget(out)
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{c, out}, {out, c}} {
		go func() {
			p.pump(way[0], way[1])
			done <- struct{}{}
		}()
	}
	<-done
	c.Close()
	out.Close()
	<-done
}

// pump carries chunks from one side to the other and looks at the state of the link before each.
func (p *proxy) pump(from, to net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			p.wait()
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if err == io.EOF {
				p.wait()
			}
			return
		}
	}
}

// wait lasts as long as the link's latency, and as long as it is a black hole.
func (p *proxy) wait() {
	p.mu.Lock()
	hole, latency := p.hole, p.latency
	p.mu.Unlock()
	if hole != nil {
		<-hole
	}
	time.Sleep(latency)
}

func (p *proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
}

func (p *proxy) forget(c net.Conn) {
	c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}
