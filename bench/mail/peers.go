package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"

	"secretariat/mail"
)

//go:embed nodemailer.mjs
var nodemailer []byte

// bare sends the same letter n times with go-smtp and nothing else: connections kept open, the MIME made for each.
func bare(address string, m *mail.Message, n, connections int) error {
	var wg sync.WaitGroup
	faults := make(chan error, connections)
	for c := range connections {
		wg.Go(func() {
			faults <- bareConnection(address, *m, c, n, connections)
		})
	}
	wg.Wait()
	close(faults)
	var err error
	for fault := range faults {
		err = errors.Join(err, fault)
	}
	return err
}

func bareConnection(address string, m mail.Message, first, n, step int) error {
	c, err := smtp.Dial(address)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := first; i < n; i += step {
		m.MessageID = fmt.Sprintf("bare.%d@isrs.example", i)
		letter, err := mail.Assemble(&m)
		if err != nil {
			return err
		}
		if err := c.Mail(m.From.Address, nil); err != nil {
			return err
		}
		if err := c.Rcpt(m.To.Address, nil); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		if _, err := letter.WriteTo(w); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return nil
}

// sink starts postfix's smtp-sink and returns its address and what ends it.
func sink() (address string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = l.Addr().String()
	l.Close()
	program, err := exec.LookPath("/usr/sbin/smtp-sink")
	if err != nil {
		return "", nil, errors.New("smtp-sink is not installed: script/bootstrap --mail")
	}
	cmd := exec.Command(program, "-u", "nobody", address, "1000")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	end = func() { cmd.Process.Kill(); cmd.Wait() }
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address, end, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	end()
	return "", nil, errors.New("smtp-sink does not listen")
}

// child runs a program and returns the CPU time that it used.
func child(cmd *exec.Cmd) (time.Duration, error) {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, said.String())
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func smtpSource(address string, size int64, n, connections int) (time.Duration, error) {
	program, err := exec.LookPath("/usr/sbin/smtp-source")
	if err != nil {
		return 0, errors.New("not installed")
	}
	return child(exec.Command(program, "-d", "-s", strconv.Itoa(connections), "-m", strconv.Itoa(n), "-l", strconv.FormatInt(size, 10),
		"-f", "secretariat@isrs.example", "-t", "anna@un.example", address))
}

// nodePool runs nodemailer's pool on the text, the HTML and the files of the letter. The module is fetched by npm into a
// folder beside the data; where that fails the program is left out.
func nodePool(ctx context.Context, dir, address string, m *mail.Message, n, connections int) (time.Duration, error) {
	folder := filepath.Join(dir, "nodemailer")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		install := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-audit", "--no-fund", "nodemailer@7")
		install.Dir = folder
		if out, err := install.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("npm: %w: %s", err, out)
		}
	}
	write := func(name string, b []byte) error { return os.WriteFile(filepath.Join(folder, name), b, 0o644) }
	err := errors.Join(write("run.mjs", nodemailer), write("text", []byte(m.Text)), write("html", []byte(m.HTML)))
	if len(m.Attachments) > 0 {
		err = errors.Join(err, write("file.pdf", m.Attachments[0].Bytes))
	}
	if err != nil {
		return 0, err
	}
	host, port, _ := net.SplitHostPort(address)
	cmd := exec.CommandContext(ctx, "node", "run.mjs", host, port, strconv.Itoa(n), strconv.Itoa(connections))
	cmd.Dir = folder
	return child(cmd)
}

// selfCPU is the CPU time that this process has used.
func selfCPU() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// sizeOf is the size of a letter in octets.
func sizeOf(m *mail.Message) int64 {
	letter, err := mail.Assemble(m)
	if err != nil {
		return 0
	}
	n, _ := letter.WriteTo(io.Discard)
	return n
}
