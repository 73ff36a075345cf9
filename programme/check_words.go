package programme

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	refForm      = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	domainForm   = regexp.MustCompile(`^([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+[\pL\pN]([\pL\pN-]*[\pL\pN])?$`)
	clockSpan    = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)
	fractionForm = regexp.MustCompile(`^([0-9]{1,4})/([1-9][0-9]{0,3})$`)
	yearForm     = regexp.MustCompile(`^[0-9]{4}$`)
)

func upper(r rune) bool { return 'A' <= r && r <= 'Z' }

func allOf(s string, is func(rune) bool) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0
}

func refFault(s string) string {
	switch {
	case !refForm.MatchString(s):
		return "may hold the letters A to Z and a to z, digits, - _ and . only"
	case len(s) > 64:
		return "is longer than 64 characters"
	}
	return ""
}

func languageFault(s string) string {
	if !languageForm.MatchString(s) {
		return "is not a language code such as en or zh-Hant (BCP 47)"
	}
	return ""
}

// addressFault says why a mailbox cannot be written to. Lengths are those of RFC 5321, 4.5.3.1.
func addressFault(s string) string {
	const form = "is not an address such as name@example.org"
	if strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		return "holds a control character"
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return form
	}
	local, domain, _ := strings.Cut(s, "@")
	switch {
	case len(s) > 254 || len(local) > 64:
		return "is longer than an address may be"
	case !domainForm.MatchString(domain):
		return form
	}
	return ""
}
