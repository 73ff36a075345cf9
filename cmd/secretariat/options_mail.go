package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"secretariat/acts"
	"secretariat/mail"
)

func rate(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 0 {
		return fmt.Errorf("%q is not a whole number from 0 on", v)
	}
	return nil
}

func domainRates(v string) error {
	_, err := readRates("0", v)
	return err
}

// readRates reads the rate of all letters, and those of domains such as "60,example.org=10".
func readRates(all, domains string) (r acts.Rates, err error) {
	if r.Minute, err = strconv.Atoi(all); err != nil {
		return r, err
	}
	r.ByDomain = map[string]int{}
	for i, part := range strings.Split(domains, ",") {
		domain, number, named := strings.Cut(strings.TrimSpace(part), "=")
		if !named {
			domain, number = "", domain
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || named == (i == 0) || named && domain == "" {
			return r, fmt.Errorf("%q is not of the form 60 or 60,example.org=10", domains)
		}
		if named {
			r.ByDomain[strings.ToLower(domain)] = n
		} else {
			r.Domain = n
		}
	}
	return r, nil
}

func inbox(v string) error {
	if !strings.Contains(v, "://") {
		return folder(v)
	}
	if u, err := url.Parse(v); err != nil || u.Scheme != "imaps" || u.Hostname() == "" || u.User.Username() == "" {
		return errors.New("it is neither a Maildir nor an address such as imaps://user@host/INBOX")
	}
	return nil
}

// fitMail holds the options of letters to each other.
func fitMail(o options) (faults []error) {
	if n := o.number("smtp-connections"); n > 16 {
		faults = append(faults, fmt.Errorf("option smtp-connections (from %s): %d; at most 16", o["smtp-connections"].source, n))
	}
	if o.text("smtp-password") != "" && o.text("smtp-token-file") != "" {
		faults = append(faults, errors.New("options smtp-password and smtp-token-file: a login takes one of them"))
	}
	if (o.text("smime-certificate") == "") != (o.text("smime-key") == "") {
		faults = append(faults, errors.New("options smime-certificate and smime-key go together"))
	}
	if o.text("inbox") == "" && o.text("return-path") != "" {
		faults = append(faults, errors.New("option return-path: nobody would read what arrives there; option inbox names where"))
	}
	return faults
}

// signers reads the keys that sign letters, where they are named. The errors name the option.
func (a *app) signers(sender string) (dkim *mail.DKIM, smime *mail.SMIME, err error) {
	if file := a.options.text("dkim-key"); file != "" {
		key, err := secretFile(file)
		if err == nil {
			dkim, err = mail.NewDKIM(mail.Domain(sender), a.options.text("dkim-selector"), key)
		}
		if err != nil {
			return nil, nil, badUse("", "option dkim-key: %w", err)
		}
	}
	if file := a.options.text("smime-key"); file != "" {
		key, err := secretFile(file)
		var certificate []byte
		if err == nil {
			certificate, err = os.ReadFile(a.options.text("smime-certificate"))
		}
		if err == nil {
			smime, err = mail.NewSMIME(sender, certificate, key, time.Now())
		}
		if err != nil {
			return nil, nil, badUse("", "option smime-key: %w", err)
		}
	}
	return dkim, smime, nil
}

// secretFile reads a file that others must not be able to read.
func secretFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err == nil && info.Mode().Perm()&0o007 != 0 {
		err = fmt.Errorf("%s can be read by everybody: chmod o-rwx", filepath.Base(file))
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// relaySettings says how to reach the relay.
func (a *app) relaySettings(sender string) (s mail.Settings, err error) {
	s = mail.Settings{URL: a.options.text("smtp-url"), Password: a.options.text("smtp-password"), TokenFile: a.options.text("smtp-token-file"),
		Connections: a.options.number("smtp-connections"), StepTimeout: a.options.span("smtp-timeout")}
	// Whoever waited longer for the answer to the final dot would hear it when the oracle has been asked.
	s.ReplyTimeout = min(10*time.Minute, a.options.span("quiet-period"))
	s.DialTimeout = min(15*time.Second, s.StepTimeout)
	if s.Roots, err = readRoots(a.options.text("smtp-ca")); err != nil {
		return s, err
	}
	s.DKIM, s.SMIME, err = a.signers(sender)
	return s, err
}

// oracle joins what can tell about letters whose fate is unknown; nil when nothing can.
func (a *app) oracle(domain string) (acts.Oracle, error) {
	var all acts.Oracles
	if dir := a.options.text("journal"); dir != "" {
		journal, err := mail.OpenMaildir(dir)
		if err != nil {
			return nil, lacks("name the Maildir that the relay copies every letter into", "option journal: %w", err)
		}
		all = append(all, journal)
	}
	if file := a.options.text("postfix-log"); file != "" {
		all = append(all, mail.OpenPostfixLog(file, domain))
	}
	if all == nil {
		return nil, nil
	}
	return all, nil
}

// mailboxes are where letters to the program arrive.
func (a *app) mailboxes() ([]acts.Mailbox, error) {
	where := a.options.text("inbox")
	if where == "" {
		return nil, nil
	}
	if !strings.Contains(where, "://") {
		box, err := mail.OpenMaildir(where)
		if err != nil {
			return nil, lacks("name a Maildir that the program may read and write", "option inbox: %w", err)
		}
		return []acts.Mailbox{box}, nil
	}
	roots, err := readRoots(a.options.text("smtp-ca"))
	if err != nil {
		return nil, err
	}
	box, err := mail.NewIMAPBox(where, a.options.text("inbox-password"), roots)
	if err != nil {
		return nil, badUse("give inbox-password (or a file: SECRETARIAT_INBOX_PASSWORD_FILE)", "option inbox: %w", err)
	}
	return []acts.Mailbox{box}, nil
}
