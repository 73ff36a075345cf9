package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

func oneOf(allowed ...string) func(string) error {
	return func(v string) error {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
		}
		return nil
	}
}

func span(least, most time.Duration) func(string) error {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < least || d > most {
			return fmt.Errorf("%q is not a length of time between %v and %v, such as 90s or 10m", v, least, most)
		}
		return nil
	}
}

func atLeastOne(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 1 {
		return fmt.Errorf("%q is not a whole number from 1 on", v)
	}
	return nil
}

// fitTimes holds the lengths of time to each other. A lease that ends while the relay may still answer would let nobody
// pass the commit point; a quiet period shorter than a step would ask about a letter that is still on its way.
func fitTimes(o options) (faults []error) {
	step := o.span("smtp-timeout")
	if lease := o.span("lease"); lease < 2*step {
		faults = append(faults, fmt.Errorf("option lease (from %s): %v is shorter than two steps of the conversation (smtp-timeout %v)", o["lease"].source, lease, step))
	}
	if quiet := o.span("quiet-period"); quiet < step {
		faults = append(faults, fmt.Errorf("option quiet-period (from %s): %v is shorter than a step of the conversation (smtp-timeout %v)", o["quiet-period"].source, quiet, step))
	}
	return faults
}

// plainDatabases refuses to send a programme's data over a network in the clear, unless that is asked for.
func plainDatabases(o options) (faults []error) {
	for _, name := range []string{"database-url", "report-database-url"} {
		u, err := url.Parse(o.text(name))
		if err != nil || u.Query().Get("sslmode") != "disable" || o.toggled("database-plain") {
			continue
		}
		host := u.Hostname()
		if h := u.Query().Get("host"); h != "" {
			host = h
		}
		if host != "" && !strings.HasPrefix(host, "/") && !loopback(host) {
			faults = append(faults, fmt.Errorf("option %s (from %s): sslmode=disable to host %q, which is another machine: use sslmode=verify-full, or allow it with database-plain", name, o[name].source, host))
		}
	}
	return faults
}

// readSecret reads a file that holds a secret. One that everybody may read keeps none.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&^0o640 != 0 {
		return nil, fmt.Errorf("%s has mode %04o: a secret may be read by its owner and group only; run chmod 0600 %s", path, mode, path)
	}
	return os.ReadFile(path)
}

// folderToBe is a folder that is there, or that will be made.
func folderToBe(v string) error {
	if err := folder(v); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func folder(v string) error {
	info, err := os.Stat(v)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: v, Err: errors.New("is not a folder")}
	}
	return err
}

func readable(v string) error {
	info, err := os.Stat(v)
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "open", Path: v, Err: errors.New("is a folder")}
	}
	return err
}

func hostPort(v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:8080", v)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("port %q is not between 0 and 65535", port)
	}
	return nil
}

func webURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("%q is not an address such as https://secretariat.example", v)
	}
	if host := u.Hostname(); u.Scheme == "http" && !loopback(host) {
		return fmt.Errorf("%q: http is for this machine only; use https", v)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func smtpURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return errors.New("it is not an address such as smtp://user@relay.example:587")
	}
	return nil
}

func postgresURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("it is not an address such as postgres://user@host:5432/secretariat")
	}
	return nil
}

func address(v string) error {
	if strings.ContainsAny(v, "\r\n") {
		return errors.New("it has a line break")
	}
	if _, err := mail.ParseAddress(v); err != nil {
		return fmt.Errorf("%q is not one address such as Secretariat <secretariat@example.org>", v)
	}
	return nil
}
