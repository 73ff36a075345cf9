package mail

import (
	"bufio"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// DKIM signs letters for a domain (RFC 6376). The signature is made anew at each sending and carries its own time; the
// letter under it stays the same.
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// signedFields are covered by the signature, List-Unsubscribe among them as RFC 8058 demands. From is there twice, so that
// a second one breaks the signature.
var signedFields = []string{"From", "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"In-Reply-To", "References", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"}

// NewDKIM reads a private key in PEM: RSA of at least 2048 bits, or Ed25519.
func NewDKIM(domain, selector string, key []byte) (*DKIM, error) {
	signer, err := readKey(key)
	if err != nil {
		return nil, fmt.Errorf("DKIM key: %w", err)
	}
	if selector == "" || domain == "" || CheckAddress("x@"+selector+"._domainkey."+domain) != nil || strings.ContainsAny(selector+domain, "/@_") {
		return nil, fmt.Errorf("%s._domainkey.%s cannot be a name in the DNS", short(selector), short(domain))
	}
	return &DKIM{domain, selector, signer}, nil
}

func readKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the file holds no PEM block")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if old, oldErr := x509.ParsePKCS1PrivateKey(block.Bytes); err != nil && oldErr == nil {
		key, err = old, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the file's %s is not a private key (PKCS#8 or PKCS#1)", short(block.Type))
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < 2048 {
			return nil, fmt.Errorf("RSA of %d bits; at least 2048 are needed", k.N.BitLen())
		}
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, fmt.Errorf("a key of type %T; RSA or Ed25519 is needed", key)
}

// Record returns the name and the text of the record that the domain's DNS must have.
func (d *DKIM) Record() (name, text string) {
	name = d.selector + "._domainkey." + d.domain
	if public, ok := d.key.Public().(ed25519.PublicKey); ok {
		return name, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	}
	der, _ := x509.MarshalPKIXPublicKey(d.key.Public()) // cannot fail on an RSA key
	return name, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// sign puts the signature before a letter.
func (d *DKIM) sign(letter *Assembled) (*Assembled, error) {
	signer, err := dkim.NewSigner(&dkim.SignOptions{Domain: d.domain, Selector: d.selector, Signer: d.key, HeaderKeys: signedFields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		return nil, fmt.Errorf("sign for DKIM: %w", err)
	}
	w := bufio.NewWriterSize(signer, 64<<10)
	_, err = letter.WriteTo(w)
	if err == nil {
		err = w.Flush()
	}
	if closed := signer.Close(); err == nil { // also after an error: it ends the signer
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("sign for DKIM: %w", err)
	}
	signed := &Assembled{}
	signed.text(signer.Signature())
	signed.segments = append(signed.segments, letter.segments...)
	signed.size += letter.size
	return signed, nil
}
