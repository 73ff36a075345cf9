package mail

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

// SMIME signs letters with the certificate of their sender (RFC 8551, multipart/signed). The signature is made anew at
// each sending and carries its own time; what it signs stays the same.
type SMIME struct {
	certificate *x509.Certificate
	chain       []*x509.Certificate
	key         crypto.Signer
}

// NewSMIME reads a certificate, followed by those that lead to its authority, and its RSA key, both in PEM. The
// certificate must name the sender's address and be good at a moment.
func NewSMIME(sender string, certificates, key []byte, at time.Time) (*SMIME, error) {
	s := &SMIME{}
	for block, rest := pem.Decode(certificates); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("S/MIME certificate: %w", err)
		}
		s.chain = append(s.chain, c)
	}
	if len(s.chain) == 0 {
		return nil, errors.New("S/MIME certificate: the file holds no PEM block")
	}
	s.certificate, s.chain = s.chain[0], s.chain[1:]
	signer, err := readKey(key)
	if err != nil {
		return nil, fmt.Errorf("S/MIME key: %w", err)
	}
	s.key = signer
	return s, s.check(sender, at)
}

func (s *SMIME) check(sender string, at time.Time) error {
	public, ok := s.certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	named := slices.ContainsFunc(s.certificate.EmailAddresses, func(a string) bool { return strings.EqualFold(a, sender) })
	switch {
	case !ok || !public.Equal(s.key.Public()):
		return errors.New("S/MIME: the key does not belong to the certificate")
	case s.certificate.PublicKeyAlgorithm != x509.RSA:
		return fmt.Errorf("S/MIME: a certificate for %s; RSA is needed", s.certificate.PublicKeyAlgorithm)
	case !named:
		return fmt.Errorf("S/MIME: the certificate is for %q, not for the sender %s", s.certificate.EmailAddresses, sender)
	case at.Before(s.certificate.NotBefore) || at.After(s.certificate.NotAfter):
		return fmt.Errorf("S/MIME: the certificate is good from %s to %s only", s.certificate.NotBefore.Format(time.DateOnly), s.certificate.NotAfter.Format(time.DateOnly))
	}
	return nil
}

// Until is when the certificate ends.
func (s *SMIME) Until() time.Time { return s.certificate.NotAfter }

// sign makes of the parts of a letter one that is signed. It holds the whole of them in memory meanwhile.
func (s *SMIME) sign(parts *Assembled, b *boundaries) (*Assembled, error) {
	var content bytes.Buffer
	if _, err := parts.WriteTo(&content); err != nil {
		return nil, err
	}
	// The last line break belongs to the boundary that follows it (RFC 2046, 5.1.1).
	signed, err := pkcs7.NewSignedData(bytes.TrimSuffix(content.Bytes(), []byte("\r\n")))
	if err != nil {
		return nil, fmt.Errorf("sign for S/MIME: %w", err)
	}
	signed.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := signed.AddSigner(s.certificate, s.key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, fmt.Errorf("sign for S/MIME: %w", err)
	}
	for _, c := range s.chain {
		signed.AddCertificate(c)
	}
	signed.Detach()
	der, err := signed.Finish()
	if err != nil {
		return nil, fmt.Errorf("sign for S/MIME: %w", err)
	}
	boundary := b.next()
	whole := &Assembled{}
	whole.text("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n micalg=sha-256; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n")
	whole.segments = append(whole.segments, parts.segments...)
	whole.size += parts.size
	whole.text("--" + boundary + "\r\n")
	whole.part(&part{file: der, head: "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment; filename=\"smime.p7s\"\r\n"}, b)
	whole.text("--" + boundary + "--\r\n")
	return whole, nil
}
