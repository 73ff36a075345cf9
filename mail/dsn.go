package mail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
)

// Limits of what is read of a message that came in: anybody can write to us.
const (
	maxNotice     = 1 << 20 // octets looked at
	maxNoticePart = 64 << 10
	maxNoticeOf   = 20 // readers that one notification speaks of; our letters have one
)

// ErrNoNotice says that a message is no delivery status notification, or one that must not be acted on.
var ErrNoNotice = errors.New("not a delivery status notification")

// Notice is a delivery status notification (RFC 3464).
type Notice struct {
	To      []string // the addresses that it came to: the return path of the letter is one of them
	Reports []Report
}

// Report is what a notification says of one reader.
type Report struct {
	Recipient string
	Action    string // failed, delayed, delivered, relayed or expanded
	Code      int    // of the SMTP reply quoted, 0 for none
	Enhanced  string // "5.1.1"
	Text      string // cleaned, at most 512 octets
}

// ReadNotice reads a delivery status notification. Anything else is ErrNoNotice: a letter of a person, a holiday answer, a
// message with a sender of its own (a notification has none), or one that passed through us before.
func ReadNotice(r io.Reader) (*Notice, error) {
	m, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxNotice)))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNoNotice, short(err.Error()))
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	switch {
	case err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") || params["boundary"] == "":
		return nil, fmt.Errorf("%w: its type is %q", ErrNoNotice, short(m.Header.Get("Content-Type")))
	case len(m.Header["Return-Path"]) > 0 && strings.TrimSpace(m.Header.Get("Return-Path")) != "<>":
		return nil, fmt.Errorf("%w: it has the sender %q", ErrNoNotice, short(m.Header.Get("Return-Path")))
	case len(m.Header[LoopField]) > 0:
		return nil, fmt.Errorf("%w: it is a letter of ours", ErrNoNotice)
	}
	n := &Notice{To: addressees(m.Header)}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range 10 {
		part, err := parts.NextRawPart()
		if err != nil {
			return nil, fmt.Errorf("%w: it has no part that tells the status", ErrNoNotice)
		}
		if kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind == "message/delivery-status" || kind == "message/global-delivery-status" {
			n.Reports, err = readReports(statusOf(part))
			return n, err
		}
	}
	return nil, fmt.Errorf("%w: it has too many parts", ErrNoNotice)
}

// addressees are the addresses in the fields that name to whom a message was delivered.
func addressees(h netmail.Header) []string {
	var all []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"} {
		for _, value := range h[textproto.CanonicalMIMEHeaderKey(name)] {
			if list, err := netmail.ParseAddressList(value); err == nil {
				for _, a := range list {
					all = append(all, a.Address)
				}
			} else {
				all = append(all, strings.Trim(strings.TrimSpace(value), "<>"))
			}
		}
	}
	return all
}

// statusOf is the body of the part that tells the status, bounded.
func statusOf(p *multipart.Part) io.Reader {
	return io.LimitReader(decoded(p.Header.Get("Content-Transfer-Encoding"), p), maxNoticePart)
}

// readReports reads the groups of fields: the first is about the message, each further one about a reader.
func readReports(r io.Reader) ([]Report, error) {
	groups := textproto.NewReader(bufio.NewReader(r))
	var reports []Report
	for n := 0; n <= maxNoticeOf; n++ {
		fields, err := groups.ReadMIMEHeader()
		if n > 0 && fields.Get("Action") != "" {
			reports = append(reports, reportOf(fields))
		}
		if err != nil {
			if len(reports) == 0 {
				return nil, fmt.Errorf("%w: it names no reader", ErrNoNotice)
			}
			return reports, nil
		}
	}
	return nil, fmt.Errorf("%w: it speaks of more than %d readers", ErrNoNotice, maxNoticeOf)
}

var (
	enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)
	quotedReply  = regexp.MustCompile(`^\s*(?:smtp\s*;\s*)?([245]\d\d)[ -]?(.*)$`)
)

func reportOf(fields textproto.MIMEHeader) Report {
	r := Report{
		Recipient: typed(fields.Get("Final-Recipient")), Action: strings.ToLower(strings.TrimSpace(fields.Get("Action"))),
		Enhanced: enhancedCode.FindString(strings.TrimSpace(fields.Get("Status"))), Text: cleanText(typed(fields.Get("Diagnostic-Code"))),
	}
	if original := typed(fields.Get("Original-Recipient")); original != "" {
		r.Recipient = original
	}
	if said := quotedReply.FindStringSubmatch(fields.Get("Diagnostic-Code")); said != nil {
		r.Code, _ = strconv.Atoi(said[1])
		// The reply itself is nearer to the fact than the status that a server in between made of it.
		if e := enhancedCode.FindString(said[2]); e != "" {
			r.Enhanced = e
		}
	}
	return r
}

// typed returns the value of a field such as "rfc822; anna@un.example" without its type.
func typed(value string) string {
	if _, rest, ok := strings.Cut(value, ";"); ok {
		value = rest
	}
	return strings.Trim(strings.TrimSpace(value), "<>")
}
