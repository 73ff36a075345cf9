// Package mail holds a message and its bytes, one SMTP conversation and its verdict, and a Maildir. It knows letters only
// as addresses, texts and files.
package mail

import (
	"fmt"
	netmail "net/mail"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Address is a mailbox with the name shown beside it, which may be "".
type Address struct{ Name, Address string }

// File is an attachment.
type File struct {
	Name   string
	Type   string // media type
	Bytes  []byte
	Base64 []byte // what Base64 made of Bytes, for a file that many letters share; nil: it is made at each writing
}

// Message is one letter to one person. Assemble turns it into bytes; the same message gives the same bytes.
type Message struct {
	From, To    Address
	ReturnPath  string // where notifications about the letter go; "": to From
	Subject     string
	MessageID   string // without angle brackets
	Date        time.Time
	Text        string            // plain text; may not be empty
	HTML        string            // "" for none
	Calendar    string            // iCalendar object, "" for none; it goes as the last alternative and as invite.ics
	Method      string            // of the calendar object: REQUEST, CANCEL, PUBLISH
	Attachments []File            // before invite.ics
	Headers     map[string]string // further fields; their names must not be among those made from the fields above
}

// LoopField is a header field that all letters of ours carry: one that comes in with it has passed through us before.
const LoopField = "X-Loop"

// ParseAddress reads "Secretariat <secretariat@example.org>" or a bare mailbox.
func ParseAddress(s string) (Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return Address{}, fmt.Errorf("%q is not one mail address", short(s))
	}
	return Address{a.Name, a.Address}, CheckAddress(a.Address)
}

// CheckAddress says why a mailbox cannot be written to: not of the form local@domain, longer than RFC 5321 allows, or with
// characters that have no place in an SMTP command.
func CheckAddress(address string) error {
	local, domain, ok := cutLast(address, '@')
	switch {
	case !ok || local == "" || domain == "":
		return fmt.Errorf("%q is not a mail address", short(address))
	case len(local) > 64 || len(domain) > 255:
		return fmt.Errorf("mail address %q is longer than 64 characters before or 255 after the @", short(address))
	case !utf8.ValidString(address) || strings.ContainsFunc(address, forbiddenInAddress):
		return fmt.Errorf("mail address %q has a character that is not allowed", short(address))
	}
	return nil
}

// Domain returns what stands after the @ of a mailbox, in lower case.
func Domain(address string) string {
	_, domain, _ := cutLast(address, '@')
	return strings.ToLower(domain)
}

func forbiddenInAddress(r rune) bool {
	return r <= ' ' || r == 0x7f || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp) || strings.ContainsRune(`<>()[]\,;:"`, r)
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// clean makes a text from data fit for one header field: line breaks and other control characters become spaces,
// characters that turn the direction of text or cannot be seen are dropped, and so is what is not UTF-8.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		case unicode.Is(unicode.Cc, r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cleanFileName makes a text from data fit for the name of a file on any system.
func cleanFileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, clean(s))
	s = strings.TrimLeft(s, ". -")
	if s == "" {
		return "attachment"
	}
	if len(s) > 150 {
		ext := path.Ext(s)
		if len(ext) > 10 {
			ext = ""
		}
		s = strings.ToValidUTF8(s[:150-len(ext)], "") + ext
	}
	return s
}

// short shortens a value for an error text.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
