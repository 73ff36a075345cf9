package mail_test

import (
	"strings"
	"testing"

	"secretariat/mail"
)

func TestReturnPath(t *testing.T) {
	key, base := []byte("a key of the installation"), "bounces@isrs.example"
	path := mail.ReturnPath(base, 43, key)
	if !strings.HasPrefix(path, "bounces+b-43-") || !strings.HasSuffix(path, "@isrs.example") || mail.CheckAddress(path) != nil {
		t.Fatalf("return path %q", path)
	}
	if long := mail.ReturnPath(base, 1<<62, key); mail.CheckAddress(long) != nil {
		t.Errorf("return path of a large number: %v", mail.CheckAddress(long))
	}
	token := path[len("bounces+b-43-") : len(path)-len("@isrs.example")]
	for _, row := range []struct {
		name, address string
		id            int64
	}{
		{"as it was made", path, 43},
		{"a server that shouts", strings.ToUpper(path), 43},
		{"another letter's number", strings.Replace(path, "-43-", "-44-", 1), 0},
		{"one character changed", strings.Replace(path, token, flip(token), 1), 0},
		{"a token cut off", strings.Replace(path, token, token[:10], 1), 0},
		{"no token", "bounces+b-43@isrs.example", 0},
		{"another domain", strings.Replace(path, "isrs", "evil", 1), 0},
		{"another mailbox", strings.Replace(path, "bounces", "announces", 1), 0},
		{"a number written otherwise", strings.Replace(path, "-43-", "-043-", 1), 0},
		{"a negative number", strings.Replace(path, "-43-", "--43-", 1), 0},
		{"the bare mailbox", base, 0},
		{"nothing", "", 0},
	} {
		if id, ok := mail.ReadReturnPath(row.address, base, key); id != row.id || ok != (row.id != 0) {
			t.Errorf("%s: %q gives %d, %v; want %d", row.name, row.address, id, ok, row.id)
		}
	}
	if _, ok := mail.ReadReturnPath(path, base, []byte("another key")); ok {
		t.Error("a token made with another key is taken")
	}
}

func flip(token string) string {
	if token[0] == 'a' {
		return "b" + token[1:]
	}
	return "a" + token[1:]
}
