package pdf

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
)

// syntax appends PDF values (PDF 32000-1, 7.3) to its bytes.
type syntax struct{ b []byte }

func (s *syntax) raw(text string) *syntax {
	s.b = append(s.b, text...)
	return s
}

func (s *syntax) int(v int) *syntax {
	s.b = strconv.AppendInt(s.b, int64(v), 10)
	return s
}

// ref appends a reference to an object.
func (s *syntax) ref(id int) *syntax {
	s.b = append(strconv.AppendInt(s.b, int64(id), 10), " 0 R"...)
	return s
}

// num appends a number with at most two decimals, never with an exponent. Numbers of a page are below 14,400.
func (s *syntax) num(v float64) *syntax {
	n := int64(math.Round(v * 100))
	if n < 0 {
		s.b, n = append(s.b, '-'), -n
	}
	s.b = strconv.AppendInt(s.b, n/100, 10)
	if n %= 100; n > 0 {
		if s.b = append(s.b, '.', byte('0'+n/10)); n%10 > 0 {
			s.b = append(s.b, byte('0'+n%10))
		}
	}
	return s
}

func (s *syntax) rect(x0, y0, x1, y1 float64) *syntax {
	return s.raw("[").num(x0).raw(" ").num(y0).raw(" ").num(x1).raw(" ").num(y1).raw("]")
}

func (s *syntax) hex(b []byte) *syntax {
	s.b = append(hex.AppendEncode(append(s.b, '<'), b), '>')
	return s
}

// text appends a text string: as it is when it is plain ASCII, else as UTF-16 with a byte order mark.
func (s *syntax) text(t string) *syntax {
	for i := range len(t) {
		if t[i] < ' ' || t[i] > '~' {
			return s.hex(utf16Text(t))
		}
	}
	return s.bytes(t)
}

// bytes appends a literal string.
func (s *syntax) bytes(t string) *syntax {
	s.b = append(s.b, '(')
	for i := range len(t) {
		switch t[i] {
		case '(', ')', '\\':
			s.b = append(s.b, '\\', t[i])
		case '\r':
			s.b = append(s.b, '\\', 'r')
		default:
			s.b = append(s.b, t[i])
		}
	}
	s.b = append(s.b, ')')
	return s
}

// name appends a name; anything but letters, digits and a few marks is escaped.
func (s *syntax) name(t string) *syntax {
	s.b = append(s.b, '/')
	for i := range len(t) {
		c := t[i]
		if c == '-' || c == '+' || c == '.' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			s.b = append(s.b, c)
		} else {
			s.b = append(s.b, '#', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		}
	}
	return s
}

// date appends a moment in UTC.
func (s *syntax) date(t time.Time) *syntax {
	return s.raw("(D:").raw(t.UTC().Format("20060102150405")).raw("Z)")
}

func utf16Text(t string) []byte {
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(t)) {
		b = be.AppendUint16(b, u)
	}
	return b
}
