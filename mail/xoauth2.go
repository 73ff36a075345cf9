package mail

import (
	"os"
	"strings"

	"github.com/emersion/go-sasl"
)

// xoauth2 is the login with an access token as large providers demand it.
type xoauth2 struct{ user, token string }

// Start implements sasl.Client.
func (x xoauth2) Start() (mechanism string, response []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next implements sasl.Client: a refusal comes as a challenge, and an empty answer to it brings the reply with its code.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

var _ sasl.Client = xoauth2{}

// readToken reads the access token that some program keeps fresh in a file.
func readToken(file string) (string, error) {
	b, err := os.ReadFile(file)
	token := strings.TrimSpace(string(b))
	if err != nil || token == "" || strings.ContainsAny(token, "\r\n\x01") {
		return "", errNoToken
	}
	return token, nil
}
