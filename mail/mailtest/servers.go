package mailtest

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Servers are a Postfix and a Dovecot of a test's own, on loopback ports. Postfix takes letters over STARTTLS and over TLS
// with a login, delivers to mailboxes that Dovecot serves over TLS, keeps a copy of all in a journal, and passes what goes
// to bounce.example on to the server named in Start.
type Servers struct {
	Submission, Submissions, IMAP string // host:port: STARTTLS, TLS, TLS
	User, Password                string // of all three; the user is also the mailbox of return paths
	Roots                         *x509.CertPool
	Log                           string // of Postfix
	Journal                       string // Maildir
	MaxSize                       int

	dir string
}

// mailboxes of the servers. иван shows that addresses beyond ASCII arrive.
var mailboxes = map[string]string{
	"anna@un.example": "un.example/anna/", "иван@un.example": "un.example/ivan/",
	"bounces@isrs.example": "isrs.example/bounces/", "journal@isrs.example": "isrs.example/journal/",
}

// StartServers starts both; they end with the test. It skips the test where they cannot run, except in CI. further is
// where letters to bounce.example go.
func StartServers(t testing.TB, further *Server) *Servers {
	t.Helper()
	lacking := ""
	for _, program := range []string{"postfix", "dovecot"} {
		if _, err := exec.LookPath(sbin(program)); err != nil {
			lacking = program + " is not installed: script/bootstrap --mail"
		}
	}
	if os.Geteuid() != 0 {
		lacking = "Postfix needs root"
	}
	if lacking != "" {
		if os.Getenv("CI") == "true" {
			t.Fatal(lacking)
		}
		t.Skip(lacking)
	}
	dir, err := os.MkdirTemp("", "mailtest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Servers{User: "bounces@isrs.example", Password: "s3cret!", MaxSize: 200_000, dir: dir, Log: filepath.Join(dir, "log/mail.log"),
		Journal: filepath.Join(dir, "mail/isrs.example/journal")}
	s.furnish(t)
	s.Submission, s.Submissions, s.IMAP = freeAddress(t), freeAddress(t), freeAddress(t)
	s.write(t, "dovecot.conf", s.dovecot())
	s.write(t, "postfix/main.cf", s.postfix(further.listener.Addr().String()))
	s.write(t, "postfix/master.cf", s.services())
	s.run(t, "dovecot", "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	s.run(t, "postfix", "-c", filepath.Join(dir, "postfix"), "start-fg")
	for _, address := range []string{s.Submission, s.Submissions, s.IMAP} {
		s.await(t, address)
	}
	return s
}

func sbin(program string) string { return filepath.Join("/usr/sbin", program) }

// furnish makes folders, certificate and tables.
func (s *Servers) furnish(t testing.TB) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Chmod(s.dir, 0o755))
	for _, sub := range []string{"spool", "data", "log", "run", "state", "postfix", "mail/un.example", "mail/isrs.example"} {
		must(os.MkdirAll(filepath.Join(s.dir, sub), 0o755))
	}
	must(exec.Command("chown", "-R", "nobody", filepath.Join(s.dir, "mail")).Run())
	must(exec.Command("chown", "postfix", filepath.Join(s.dir, "data")).Run())
	config, roots := Certificate(t, time.Now().Add(time.Hour), "127.0.0.1")
	s.Roots = roots
	key, err := x509.MarshalPKCS8PrivateKey(config.Certificates[0].PrivateKey)
	must(err)
	var b bytes.Buffer
	must(pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: config.Certificates[0].Certificate[0]}))
	s.write(t, "cert.pem", b.String())
	b.Reset()
	must(pem.Encode(&b, &pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	s.write(t, "key.pem", b.String())
	var table, users strings.Builder
	for address, folder := range mailboxes {
		fmt.Fprintf(&table, "%s %s\n", address, folder)
		domain, name, _ := strings.Cut(strings.TrimSuffix(folder, "/"), "/")
		fmt.Fprintf(&users, "%s@%s:{PLAIN}%s\n", name, domain, s.Password)
	}
	s.write(t, "mailboxes", table.String())
	s.write(t, "users", users.String())
}

func (s *Servers) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s *Servers) dovecot() string {
	_, port, _ := net.SplitHostPort(s.IMAP)
	return strings.NewReplacer("DIR", s.dir, "PORT", port).Replace(`
protocols = imap
listen = 127.0.0.1
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log/dovecot.log
ssl = required
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
mail_location = maildir:DIR/mail/%d/%n
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = DIR/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=DIR/mail/%d/%n
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = PORT
    ssl = yes
  }
}
service auth {
  unix_listener DIR/auth {
    mode = 0666
  }
}
`)
}

func (s *Servers) postfix(further string) string {
	host, port, _ := net.SplitHostPort(further)
	uid := strings.TrimSpace(output("id", "-u", "nobody"))
	gid := strings.TrimSpace(output("id", "-g", "nobody"))
	return strings.NewReplacer("DIR", s.dir, "FURTHER", "["+host+"]:"+port, "UID", uid, "GID", gid, "SIZE", fmt.Sprint(s.MaxSize)).Replace(`
compatibility_level = 3.6
queue_directory = DIR/spool
data_directory = DIR/data
maillog_file = DIR/log/mail.log
maillog_file_prefixes = DIR
myhostname = mx.isrs.example
myorigin = isrs.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
virtual_mailbox_domains = isrs.example, un.example
virtual_mailbox_base = DIR/mail
virtual_mailbox_maps = texthash:DIR/mailboxes
virtual_uid_maps = static:UID
virtual_gid_maps = static:GID
virtual_minimum_uid = 1
alias_maps =
local_recipient_maps =
recipient_delimiter = +
transport_maps = inline:{bounce.example=smtp:FURTHER}
always_bcc = journal@isrs.example
message_size_limit = SIZE
smtputf8_enable = yes
smtpd_tls_cert_file = DIR/cert.pem
smtpd_tls_key_file = DIR/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = DIR/auth
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
`)
}

func (s *Servers) services() string {
	return strings.NewReplacer("SUBMISSIONS", s.Submissions, "SUBMISSION", s.Submission).Replace(`
SUBMISSION inet n - n - - smtpd
SUBMISSIONS inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`)
}

func output(name string, args ...string) string {
	b, _ := exec.Command(name, args...).Output()
	return string(b)
}

// freeAddress returns a loopback address that nobody uses at the moment.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts a server in the foreground, in a process group of its own, and ends it with the test.
func (s *Servers) run(t testing.TB, program string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(sbin(program), args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() && said.Len() > 0 {
			t.Logf("%s said: %s", program, said.String())
		}
	})
}

// await waits until a server listens.
func (s *Servers) await(t testing.TB, address string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
	}
	for _, name := range []string{"log/mail.log", "log/dovecot.log"} {
		b, _ := os.ReadFile(filepath.Join(s.dir, name))
		t.Logf("%s: %s", name, b)
	}
	t.Fatalf("nobody listens on %s", address)
}
