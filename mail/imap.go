package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// imapSeen is the flag of messages that were looked at; \Seen is left to people who read the mailbox too.
const imapSeen = imap.Flag("$SecretariatRead")

const (
	imapAtOnce = 200 // messages read in one visit
	imapVisit  = 2 * time.Minute
)

// IMAPBox is a mailbox on an IMAP server. Every visit is a connection of its own.
type IMAPBox struct {
	address, host, folder, user, password string
	roots                                 *x509.CertPool
}

// NewIMAPBox reads an address of the form imaps://user@host[:993][/folder]; the folder is INBOX when none is named.
// The password may stand in it or in password. There is no way without TLS.
func NewIMAPBox(raw, password string, roots *x509.CertPool) (*IMAPBox, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "imaps" || u.Hostname() == "" || u.User.Username() == "" {
		return nil, errors.New("the mailbox's address is not of the form imaps://user@host/INBOX")
	}
	b := &IMAPBox{host: u.Hostname(), folder: strings.Trim(u.Path, "/"), user: u.User.Username(), password: password, roots: roots}
	if p, ok := u.User.Password(); ok && password == "" {
		b.password = p
	}
	if b.password == "" {
		return nil, fmt.Errorf("the mailbox's address names the user %q but there is no password", b.user)
	}
	port := u.Port()
	if port == "" {
		port = "993"
	}
	if b.folder == "" {
		b.folder = "INBOX"
	}
	b.address = net.JoinHostPort(b.host, port)
	return b, nil
}

// TakeNew hands each message that was not looked at before to take, and marks it when take returns nil. One that is too
// large is marked without being read.
func (b *IMAPBox) TakeNew(ctx context.Context, take func(letter []byte) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read mailbox %s of %s: %w", b.folder, b.host, err)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, imapVisit)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{ServerName: b.host, RootCAs: b.roots, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", b.address)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	c := imapclient.New(conn, nil)
	defer c.Close()
	if err := c.Login(b.user, b.password).Wait(); err != nil {
		return b.keptOut(err)
	}
	if _, err := c.Select(b.folder, nil).Wait(); err != nil {
		return err
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imapSeen, imap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return err
	}
	uids := found.AllUIDs()
	for _, uid := range uids[:min(len(uids), imapAtOnce)] {
		if err := visit(c, uid, take); err != nil {
			return err
		}
	}
	return c.Logout().Wait()
}

// keptOut returns an error of the login that holds nothing of it: a server may repeat the line that it refuses, in which the
// password is quoted, and the client what it cannot read, in capitals.
func (b *IMAPBox) keptOut(err error) error {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(b.password)
	said := strings.ToUpper(err.Error())
	if !strings.Contains(said, strings.ToUpper(b.password)) && !strings.Contains(said, strings.ToUpper(quoted)) {
		return err
	}
	const instead = "the answer repeats our login and is not kept"
	var reply *imap.Error
	if errors.As(err, &reply) {
		return &imap.Error{Type: reply.Type, Text: instead}
	}
	return errors.New("imap: " + instead)
}

func visit(c *imapclient.Client, uid imap.UID, take func([]byte) error) error {
	body := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: arrivalLimit + 1}}
	fetched, err := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		return err
	}
	if len(fetched) == 0 || len(fetched[0].BodySection) == 0 {
		return nil // gone meanwhile
	}
	if letter := fetched[0].BodySection[0].Bytes; len(letter) <= arrivalLimit {
		if err := take(letter); err != nil {
			return err
		}
	}
	return c.Store(imap.UIDSetNum(uid), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imapSeen}}, nil).Close()
}
