package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// ReturnPath returns the address to which a relay is to report on the letter with a number: that of base, such as
// bounces@isrs.example, with the number and a token that only the holder of the key can make.
func ReturnPath(base string, id int64, key []byte) string {
	local, domain, _ := cutLast(base, '@')
	return fmt.Sprintf("%s+b-%d-%s@%s", local, id, returnToken(id, key), domain)
}

// ReadReturnPath returns the number in a return path. ok is false for any other address, and for one whose token is not
// right: whoever does not know the key cannot report on a letter.
func ReadReturnPath(address, base string, key []byte) (id int64, ok bool) {
	local, domain, _ := cutLast(base, '@')
	gotLocal, gotDomain, _ := cutLast(address, '@')
	if !strings.EqualFold(domain, gotDomain) || len(gotLocal) <= len(local) || !strings.EqualFold(local, gotLocal[:len(local)]) {
		return 0, false
	}
	rest, ok := strings.CutPrefix(strings.ToLower(gotLocal[len(local):]), "+b-")
	if !ok {
		return 0, false
	}
	number, token, _ := strings.Cut(rest, "-")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id < 1 || number != strconv.FormatInt(id, 10) || !hmac.Equal([]byte(token), []byte(returnToken(id, key))) {
		return 0, false
	}
	return id, true
}

// returnToken is 80 bits in lower case, as mail systems may fold the case of the left side.
func returnToken(id int64, key []byte) string {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "return path|%d", id)
	return hex.EncodeToString(h.Sum(nil)[:10])
}
