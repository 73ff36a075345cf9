package mailtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
)

// talk is one conversation.
type talk struct {
	server   *Server
	conn     net.Conn
	reader   *bufio.Reader
	secured  bool
	from, to string
}

func (t *talk) run() {
	if !t.say("connect", "220 mailtest ESMTP") {
		return
	}
	for {
		line, err := t.reader.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb := strings.ToUpper(strings.SplitN(line, " ", 2)[0])
		t.note(verb, line)
		if !t.answer(verb, line) {
			return
		}
	}
}

func (t *talk) note(verb, line string) {
	if verb == "AUTH" {
		line = strings.Join(strings.SplitN(line, " ", 3)[:2], " ")
	}
	t.server.mu.Lock()
	defer t.server.mu.Unlock()
	t.server.commands = append(t.server.commands, line)
}

// answer does what a command asks for; false ends the conversation.
func (t *talk) answer(verb, line string) bool {
	script := t.server.current()
	switch verb {
	case "EHLO", "HELO":
		return t.say("EHLO", t.greeting(script))
	case "STARTTLS":
		return t.say("STARTTLS", "220 go ahead") && t.secure(script)
	case "AUTH":
		return t.authenticate(script, line)
	case "MAIL":
		t.from = between(line)
		return t.say("MAIL", "250 2.1.0 ok")
	case "RCPT":
		t.to = between(line)
		return t.say("RCPT", "250 2.1.5 ok")
	case "DATA":
		if !t.say("DATA", "354 go ahead") {
			return false
		}
		return script.Reply["DATA"] != "" || t.data()
	case "QUIT":
		t.say("QUIT", "221 bye")
		return false
	default:
		return t.say(verb, "502 5.5.2 unknown command")
	}
}

// say goes by the script at a point of the conversation, or gives the usual reply.
func (t *talk) say(point, usual string) bool {
	if !t.reach(point) {
		return false
	}
	if reply := t.server.current().Reply[point]; reply != "" {
		usual = reply
	}
	_, err := fmt.Fprintf(t.conn, "%s\r\n", usual)
	return err == nil
}

// reach stalls at a point of the conversation if the script says so; false means that the connection is dropped there.
func (t *talk) reach(point string) bool {
	if stall := t.server.current().Stall[point]; stall != nil {
		select {
		case <-stall:
		case <-t.server.ended:
			return false
		}
	}
	return !t.server.current().Drop[point]
}

func (t *talk) greeting(script Script) string {
	lines := append([]string{"mailtest"}, script.Extensions...)
	if script.TLS != nil && !t.secured {
		lines = append(lines, "STARTTLS")
	}
	if script.User != "" {
		login := "AUTH PLAIN LOGIN"
		if script.Token != "" {
			login = "AUTH XOAUTH2"
		}
		lines = append(lines, login)
	}
	var b strings.Builder
	for i, l := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		fmt.Fprintf(&b, "250%s%s\r\n", sep, l)
	}
	return strings.TrimSuffix(b.String(), "\r\n")
}

func (t *talk) secure(script Script) bool {
	if script.TLS == nil || script.Reply["STARTTLS"] != "" {
		return true
	}
	secured := tls.Server(t.conn, script.TLS)
	if secured.Handshake() != nil {
		return false
	}
	t.conn, t.reader, t.secured = secured, bufio.NewReader(secured), true
	return true
}

func (t *talk) authenticate(script Script, line string) bool {
	words := strings.Fields(line)
	var user, password string
	switch {
	case len(words) == 3 && words[1] == "PLAIN":
		b, _ := base64.StdEncoding.DecodeString(words[2])
		if parts := strings.Split(string(b), "\x00"); len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case len(words) == 3 && words[1] == "XOAUTH2":
		b, _ := base64.StdEncoding.DecodeString(words[2])
		if string(b) == "user="+script.User+"\x01auth=Bearer "+script.Token+"\x01\x01" {
			return t.say("AUTH", "235 2.7.0 welcome")
		}
		t.ask(base64.StdEncoding.EncodeToString([]byte(`{"status":"401"}`))) // the reply comes after an empty line
	case len(words) >= 2 && words[1] == "LOGIN":
		user, password = t.ask("VXNlcm5hbWU6"), t.ask("UGFzc3dvcmQ6")
	}
	if script.Token != "" || user != script.User || password != script.Password {
		return t.say("AUTH", "535 5.7.8 authentication failed")
	}
	return t.say("AUTH", "235 2.7.0 welcome")
}

func (t *talk) ask(challenge string) string {
	fmt.Fprintf(t.conn, "334 %s\r\n", challenge)
	line, _ := t.reader.ReadString('\n')
	b, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
	return string(b)
}

// data reads a letter. One without the final dot was never taken in.
func (t *talk) data() bool {
	if !t.reach("body") {
		return false
	}
	var body bytes.Buffer
	for {
		line, err := t.reader.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		body.WriteString(strings.TrimPrefix(line, "."))
	}
	if !t.reach("dot") {
		return false
	}
	if reply := t.server.current().Reply["dot"]; reply != "" {
		_, err := fmt.Fprintf(t.conn, "%s\r\n", reply)
		return err == nil
	}
	t.server.mu.Lock()
	t.server.letters = append(t.server.letters, Letter{t.from, t.to, body.Bytes(), t.secured})
	t.server.mu.Unlock()
	return t.say("accepted", "250 2.0.0 queued")
}

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}
