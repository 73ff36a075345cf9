package reports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sqlToken is a piece of SQL: text to keep, or the use of a parameter.
type sqlToken struct {
	text   string // as written; of a parameter ":name"
	name   string // of a parameter
	offset int    // of text in the SQL, in bytes
}

// sqlError is a fault at an offset (in bytes) of the SQL.
type sqlError struct {
	offset int
	text   string
}

func (e *sqlError) Error() string { return e.text }

// lexSQL finds the uses of :name in one statement of PostgreSQL. Strings, E-strings, quoted identifiers, comments
// (nested ones too), dollar quotes, casts and the colon of array slices are left alone. sqlx.Named is not used: it
// rewrites inside strings and breaks casts.
//
// Inside the brackets of a subscript a colon after an operand parts the bounds of a slice: write (:name) for a
// parameter there.
func lexSQL(sql string) ([]sqlToken, error) {
	l := &lexer{sql: sql}
	for l.at < len(sql) {
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	l.flush(len(sql))
	return l.tokens, nil
}

type lexer struct {
	sql      string
	at       int
	start    int // of the text not yet flushed
	tokens   []sqlToken
	brackets []bracket // open ones
	word     string    // the last word, in lower case, when nothing but space came after it
	operand  bool      // whether what was just read can be the lower bound of a slice
}

type bracket struct{ array, subscript bool }

func (l *lexer) flush(end int) {
	if end > l.start {
		l.tokens = append(l.tokens, sqlToken{text: l.sql[l.start:end], offset: l.start})
	}
	l.start = end
}

func (l *lexer) fail(at int, format string, args ...any) error {
	return &sqlError{at, fmt.Sprintf(format, args...)}
}

func (l *lexer) next() error {
	rest := l.sql[l.at:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
		l.at++
		return nil
	case strings.HasPrefix(rest, "--"):
		l.at += lineEnd(rest)
		return nil
	case strings.HasPrefix(rest, "/*"):
		return l.comment()
	case c == '\'':
		return l.quoted('\'', l.word == "e" && l.sql[l.at-1]|0x20 == 'e')
	case c == '"':
		return l.quoted('"', false)
	case c == '$':
		return l.dollar()
	case c == ':':
		return l.colon()
	case c == '[' || c == ']' || c == '(' || c == ')':
		l.bracket(c)
	case c == ';':
		return l.semicolon()
	case wordStart(rest):
		n := wordLength(rest)
		l.word, l.operand = strings.ToLower(rest[:n]), true
		l.at += n
		return nil
	case '0' <= c && c <= '9':
		l.operand = true
	default:
		l.operand = false
	}
	l.word = ""
	l.at++
	return nil
}

func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

func (l *lexer) comment() error {
	depth := 0
	for i := l.at; i < len(l.sql); i++ {
		switch {
		case strings.HasPrefix(l.sql[i:], "/*"):
			depth++
			i++
		case strings.HasPrefix(l.sql[i:], "*/"):
			depth--
			i++
			if depth == 0 {
				l.at = i + 1
				return nil
			}
		}
	}
	return l.fail(l.at, "comment /* is not closed")
}

// quoted skips a string or quoted identifier; a doubled quote is part of it, and in E-strings a backslash escapes.
func (l *lexer) quoted(quote byte, backslash bool) error {
	for i := l.at + 1; i < len(l.sql); i++ {
		switch {
		case backslash && l.sql[i] == '\\':
			i++
		case l.sql[i] == quote && i+1 < len(l.sql) && l.sql[i+1] == quote:
			i++
		case l.sql[i] == quote:
			l.at, l.word, l.operand = i+1, "", true
			return nil
		}
	}
	return l.fail(l.at, "quote %c is not closed", quote)
}

// dollar skips $tag$ … $tag$.
func (l *lexer) dollar() error {
	rest := l.sql[l.at:]
	n := 1
	if wordStart(rest[1:]) {
		for n < len(rest) && rest[n] != '$' && wordByte(rest[n]) {
			n++
		}
	}
	if n >= len(rest) || rest[n] != '$' {
		if n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
			return l.fail(l.at, "numbered parameters have no meaning here: write :name")
		}
		return l.fail(l.at, "stray $")
	}
	tag := rest[:n+1]
	end := strings.Index(rest[len(tag):], tag)
	if end < 0 {
		return l.fail(l.at, "%s is not closed", tag)
	}
	l.at += 2*len(tag) + end
	l.word, l.operand = "", true
	return nil
}

func (l *lexer) colon() error {
	rest := l.sql[l.at:]
	l.word = ""
	if strings.HasPrefix(rest, "::") || strings.HasPrefix(rest, ":=") {
		l.at += 2
		l.operand = false
		return nil
	}
	if !wordStart(rest[1:]) || l.slicing() {
		l.at++
		l.operand = false
		return nil
	}
	n := 1 + wordLength(rest[1:])
	l.flush(l.at)
	l.tokens = append(l.tokens, sqlToken{text: rest[:n], name: rest[1:n], offset: l.at})
	l.at += n
	l.start, l.operand = l.at, true
	return nil
}

// slicing reports whether a colon here parts the bounds of a slice.
func (l *lexer) slicing() bool {
	n := len(l.brackets)
	return n > 0 && l.brackets[n-1].subscript && l.operand
}

func (l *lexer) bracket(c byte) {
	switch c {
	case '[':
		// array[…] makes an array, and so do the inner brackets of array[[1,2],[3,4]].
		array := l.word == "array" || !l.operand && len(l.brackets) > 0 && l.brackets[len(l.brackets)-1].array
		l.brackets = append(l.brackets, bracket{array: array, subscript: !array})
		l.operand = false
	case '(':
		l.brackets = append(l.brackets, bracket{})
		l.operand = false
	default:
		if n := len(l.brackets); n > 0 {
			l.brackets = l.brackets[:n-1]
		}
		l.operand = true
	}
}

// semicolon allows one at the very end and drops it.
func (l *lexer) semicolon() error {
	tail, err := lexSQL(l.sql[l.at+1:])
	if err == nil && blank(tail) {
		l.flush(l.at)
		l.at = len(l.sql)
		l.start = l.at
		return nil
	}
	return l.fail(l.at, "a block holds one statement: nothing may follow the semicolon")
}

// blank reports whether there is nothing but space and comments.
func blank(tokens []sqlToken) bool {
	for _, t := range tokens {
		for s := t.text; s != ""; {
			switch {
			case strings.HasPrefix(s, "--"):
				s = s[lineEnd(s):]
			case unicode.IsSpace(rune(s[0])):
				s = s[1:]
			default:
				return false
			}
		}
	}
	return true
}

func wordStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || unicode.IsLetter(r)
}

func wordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// wordLength is the length of an identifier; a $ may stand inside it.
func wordLength(s string) int {
	n := 0
	for n < len(s) && (wordByte(s[n]) || n > 0 && s[n] == '$') {
		n++
	}
	return n
}
