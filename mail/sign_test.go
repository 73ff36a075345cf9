package mail_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"secretariat/mail"
	"secretariat/mail/mailtest"
)

func pemOf(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// wholeLetter has all that a signature must cover: text, HTML, calendar, file, a line that begins with a dot.
func wholeLetter() *mail.Message {
	m := letter("signed@isrs.example")
	m.Subject, m.HTML, m.Calendar, m.Method = "Отчёт за неделю", "<p>Dear Anna</p>", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST"
	m.Attachments = []mail.File{{Name: "a.pdf", Type: "application/pdf", Bytes: bytes.Repeat([]byte{0, 255, 13, 10}, 9000)}}
	m.Headers = map[string]string{"List-Unsubscribe": "<https://sec.example/u/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
	return m
}

// sent returns what a relay receives of a letter.
func sent(t *testing.T, m *mail.Message, s mail.Settings) []byte {
	t.Helper()
	server := mailtest.Start(t, mailtest.Script{})
	s.URL = server.URL()
	if v := pool(t, s).Send(t.Context(), m, nil); v.Outcome != mail.Sent {
		t.Fatalf("%+v", v)
	}
	return server.Letters()[0].Bytes
}

func TestDKIM(t *testing.T) {
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	for name, key := range map[string]crypto.Signer{"RSA": rsaKey(t, 2048), "Ed25519": edKey} {
		d, err := mail.NewDKIM("isrs.example", "sec2026", pemOf(t, key))
		if err != nil {
			t.Fatal(err)
		}
		got := sent(t, wholeLetter(), mail.Settings{DKIM: d})
		verify := func(message []byte) error {
			recordName, record := d.Record()
			found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(n string) ([]string, error) {
				if n != recordName {
					return nil, errors.New("no such name: " + n)
				}
				return []string{record}, nil
			}})
			if err == nil && len(found) != 1 {
				err = errors.New("no signature")
			}
			if err == nil {
				err = found[0].Err
			}
			return err
		}
		if err := verify(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for what, swap := range map[string][2]string{
			"body": {"Dear Anna", "Dear Anne"}, "List-Unsubscribe": {"sec.example/u/x", "sec.example/u/y"}, "a second From": {"From: ", "From: evil@x\r\nFrom: "},
		} {
			if err := verify(bytes.Replace(got, []byte(swap[0]), []byte(swap[1]), 1)); err == nil {
				t.Errorf("%s: the signature still holds with another %s", name, what)
			}
		}
	}
}

func TestKeysRefused(t *testing.T) {
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	good := pemOf(t, rsaKey(t, 2048))
	for _, row := range []struct {
		name, domain, selector string
		key                    []byte
		want                   string
	}{
		{"too short", "isrs.example", "s", pemOf(t, rsaKey(t, 1024)), "RSA of 1024 bits"},
		{"of another kind", "isrs.example", "s", pemOf(t, curve), "RSA or Ed25519"},
		{"no PEM", "isrs.example", "s", []byte("secret words"), "no PEM block"},
		{"a certificate", "isrs.example", "s", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}), "CERTIFICATE is not a private key"},
		{"a selector that is no name", "isrs.example", "s t", good, "cannot be a name in the DNS"},
		{"no domain", "", "s", good, "cannot be a name in the DNS"},
	} {
		_, err := mail.NewDKIM(row.domain, row.selector, row.key)
		if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "secret words") {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}

// senderCertificate makes an authority and a certificate for an address, in PEM.
func senderCertificate(t *testing.T, key *rsa.PrivateKey, address string) (authority, certificate []byte) {
	t.Helper()
	now := time.Now()
	root := rsaKey(t, 2048)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "sender"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		EmailAddresses: []string{address}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	issue := func(template *x509.Certificate, public any) []byte {
		der, err := x509.CreateCertificate(rand.Reader, template, ca, public, root)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return issue(ca, &root.PublicKey), issue(leaf, &key.PublicKey)
}

// TestSMIME has openssl check the signature of a letter, of one with DKIM over it as well, and of one that was changed.
func TestSMIME(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed: script/bootstrap --test")
		}
		t.Skip("openssl is not installed")
	}
	key, now := rsaKey(t, 2048), time.Now()
	authority, certificate := senderCertificate(t, key, "Secretariat@isrs.example")
	s, err := mail.NewSMIME("secretariat@isrs.example", certificate, pemOf(t, key), now)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := mail.NewDKIM("isrs.example", "sec2026", pemOf(t, key))
	roots := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(roots, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(message []byte) error {
		cmd := exec.Command("openssl", "smime", "-verify", "-CAfile", roots, "-out", os.DevNull)
		cmd.Stdin = bytes.NewReader(message)
		out, err := cmd.CombinedOutput()
		if err != nil {
			err = errors.Join(err, errors.New(string(out)))
		}
		return err
	}
	plain := letter("plain@isrs.example")
	for name, got := range map[string][]byte{
		"all parts": sent(t, wholeLetter(), mail.Settings{SMIME: s}), "text only": sent(t, plain, mail.Settings{SMIME: s}),
		"with DKIM": sent(t, wholeLetter(), mail.Settings{SMIME: s, DKIM: d}),
	} {
		if err := verify(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := verify(bytes.Replace(got, []byte("Dear Anna"), []byte("Dear Anne"), 1)); err == nil {
			t.Errorf("%s: the signature still holds with another body", name)
		}
	}
	for _, row := range []struct {
		name, sender string
		key          *rsa.PrivateKey
		at           time.Time
		want         string
	}{
		{"of another sender", "other@isrs.example", key, now, "not for the sender other@isrs.example"},
		{"of another key", "secretariat@isrs.example", rsaKey(t, 2048), now, "does not belong"},
		{"that has ended", "secretariat@isrs.example", key, now.Add(48 * time.Hour), "is good from"},
	} {
		if _, err := mail.NewSMIME(row.sender, certificate, pemOf(t, row.key), row.at); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("a certificate %s: got %v, want %q", row.name, err, row.want)
		}
	}
}
