package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// bound is a statement with numbered, typed parameters.
type bound struct {
	sql   string
	names []string // of $1, $2 …
	marks []mark
}

// mark pairs an offset in the author's SQL with the one in the bound SQL, for each token.
type mark struct {
	from, to, length int
	parameter        bool
}

// bind turns every :name into ($n::type). The type stands at every use: an untyped parameter takes the type of its first
// use, and `:since::date` would make a day of a moment everywhere.
func bind(sql string, types map[string]string) (bound, error) {
	tokens, err := lexSQL(sql)
	if err != nil {
		return bound{}, err
	}
	var b bound
	var out strings.Builder
	numbers := map[string]int{}
	for _, t := range tokens {
		b.marks = append(b.marks, mark{t.offset, out.Len(), len(t.text), t.name != ""})
		if t.name == "" {
			out.WriteString(t.text)
			continue
		}
		kind, ok := types[t.name]
		if !ok {
			return bound{}, &sqlError{t.offset, fmt.Sprintf("no parameter :%s%s", t.name, didYouMean(t.name, slices.Sorted(maps.Keys(types))))}
		}
		if numbers[t.name] == 0 {
			b.names = append(b.names, t.name)
			numbers[t.name] = len(b.names)
		}
		fmt.Fprintf(&out, "($%d::%s)", numbers[t.name], kind)
	}
	b.sql = out.String()
	return b, nil
}

// locate turns a line and column (in characters, from 1) of the bound SQL into those of the author's SQL.
func (b bound) locate(sql string, line, column int) (int, int) {
	to, from := offsetOf(b.sql, line, column), 0
	for _, m := range b.marks {
		switch {
		case m.to > to:
		case m.parameter:
			from = m.from
		default:
			from = m.from + min(to-m.to, m.length)
		}
	}
	return lineColumn(sql, from)
}

// offsetOf returns the offset in bytes of a line and column.
func offsetOf(s string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	for ; column > 1 && at < len(s) && s[at] != '\n'; column-- {
		_, n := utf8.DecodeRuneInString(s[at:])
		at += n
	}
	return at
}

// lineColumn returns the line and column, both from 1, of an offset in bytes.
func lineColumn(s string, offset int) (int, int) {
	before := s[:min(offset, len(s))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
