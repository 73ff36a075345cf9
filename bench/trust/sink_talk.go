package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"time"
)

// idle is how long the sink keeps a connection between two letters.
const idle = 5 * time.Minute

var errHangUp = errors.New("hang up")

// talk is one conversation.
type talk struct {
	sink *sink
	conn net.Conn
	in   *bufio.Reader
	mood mood // of the letter under way
	to   string
	slow bool
}

func (t *talk) run() {
	t.mood = t.sink.next()
	switch t.mood.fault {
	case "greet-421":
		t.say("421 4.3.2 not now")
		return
	case "stall-greet":
		t.stall()
		return
	}
	t.in = bufio.NewReader(t.conn)
	t.say("220 sink.example ESMTP")
	for fresh := true; ; fresh = false {
		t.conn.SetReadDeadline(time.Now().Add(idle))
		line, err := t.in.ReadString('\n')
		if err != nil {
			return
		}
		if verb(line) == "MAIL" && !fresh {
			t.mood = t.sink.next()
		}
		if t.answer(line) != nil {
			return
		}
	}
}

func verb(line string) string {
	return strings.ToUpper(strings.TrimSpace(line[:min(4, len(line))]))
}

// answer follows one command.
func (t *talk) answer(line string) error {
	t.slow = t.mood.fault == "drip"
	switch verb(line) {
	case "EHLO":
		extensions := "250-sink.example\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES"
		if _, secured := t.conn.(*tls.Conn); t.sink.tls != nil && !secured {
			extensions = strings.Replace(extensions, "250-SIZE", "250-STARTTLS\r\n250-SIZE", 1)
		}
		return t.say(extensions)
	case "STAR":
		return t.secure()
	case "MAIL":
		return t.verdict("mail", "250 2.1.0 ok")
	case "RCPT":
		_, t.to, _ = strings.Cut(strings.TrimSpace(line), ":")
		return t.verdict("rcpt", "250 2.1.5 ok")
	case "DATA":
		time.Sleep(t.mood.hesitate)
		if err := t.verdict("data", "354 go on"); err != nil || strings.HasPrefix(t.mood.fault, "data-") {
			return err
		}
		return t.letter()
	case "QUIT":
		t.say("221 2.0.0 bye")
		return errHangUp
	case "NOOP", "RSET", "HELO":
		return t.say("250 2.0.0 ok")
	default:
		return t.say("502 5.5.1 no such command")
	}
}

// verdict gives the usual answer to a verb, or does what the mood says.
func (t *talk) verdict(verb, usual string) error {
	what, ok := strings.CutSuffix(t.mood.fault, "-"+verb)
	switch {
	case ok && what == "stall":
		return t.stall()
	case t.mood.fault == verb+"-451", t.mood.fault == verb+"-450":
		return t.say(strings.TrimPrefix(t.mood.fault, verb+"-") + " 4.7.1 later")
	}
	if err := t.say(usual); err != nil || t.mood.fault != "drop-"+verb {
		return err
	}
	return errHangUp
}

// letter reads the body up to the final dot, decides and answers.
func (t *talk) letter() error {
	var body bytes.Buffer
	for {
		t.conn.SetReadDeadline(time.Now().Add(t.mood.patience))
		line, err := t.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err // without its final dot it is no letter
		}
		if string(line) == ".\r\n" {
			break
		}
		body.Write(line)
		if t.mood.fault == "drop-body" && body.Len() > 500 {
			return errHangUp
		}
	}
	time.Sleep(t.mood.decide)
	switch t.mood.fault {
	case "drop-dot":
		return errHangUp
	case "stall-dot":
		return t.stall()
	case "dot-451":
		return t.say("451 4.3.0 later")
	case "lie-250":
		return t.say("250 2.0.0 taken")
	}
	head, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(body.Bytes()))).ReadMIMEHeader()
	if err != nil {
		return t.say("554 5.6.0 this is no letter")
	}
	if err := t.sink.accept(strings.Trim(head.Get("Message-ID"), "<> "), strings.Trim(t.to, "<> "), body.Bytes()); err != nil {
		return err
	}
	time.Sleep(t.mood.answer)
	switch t.mood.fault {
	case "drop-accepted":
		return errHangUp
	case "lie-451":
		return t.say("451 4.3.0 not taken")
	case "long-reply":
		return t.say(strings.Repeat("250-and another thing\r\n", 10_000) + "250 2.0.0 taken")
	}
	return t.say("250 2.0.0 taken")
}

func (t *talk) say(lines string) error {
	t.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if !t.slow {
		_, err := io.WriteString(t.conn, lines+"\r\n")
		return err
	}
	for _, b := range []byte(lines + "\r\n") {
		if _, err := t.conn.Write([]byte{b}); err != nil {
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
	return nil
}

// stall says nothing until the other side gives up.
func (t *talk) stall() error {
	t.conn.SetReadDeadline(time.Now().Add(10 * time.Minute))
	io.Copy(io.Discard, t.conn)
	return errHangUp
}

func (t *talk) secure() error {
	if err := t.say("220 2.0.0 go on"); err != nil {
		return err
	}
	secured := tls.Server(t.conn, t.sink.tls)
	if err := secured.Handshake(); err != nil {
		return err
	}
	t.conn, t.in = secured, bufio.NewReader(secured)
	return nil
}
