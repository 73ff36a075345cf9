package file

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth is how deep values may lie in each other; the format itself needs 11.
const maxDepth = 32

// parse returns the root of a file, nil for an empty one, or what keeps it from being read at all.
func parse(s Source) (root ast.Node, faults Faults) {
	text := bytes.TrimPrefix(s.Text, []byte("\ufeff"))
	if f := unreadable(s.Name, text); f != nil {
		return nil, Faults{*f}
	}
	defer func() { // hostile bytes must not end the program; no text is known that does
		if r := recover(); r != nil {
			root, faults = nil, Faults{{Position{s.Name, 1, 1}, fmt.Sprint("cannot be read as YAML: ", r)}}
		}
	}()
	tokens := lexer.Tokenize(string(text))
	if f := forbidden(s.Name, tokens); len(f) > 0 {
		return nil, f
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Faults{syntax(s.Name, err)}
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return nil, Faults{{at(s.Name, doc.Body), "a second document: a file holds one; give the other as a file of its own"}}
		}
		root = doc.Body
	}
	return root, nil
}

// unreadable finds what no parser should see: too much, another encoding, control characters, tabs at the beginning of a line.
func unreadable(name string, text []byte) *Fault {
	if len(text) > maxSize {
		return &Fault{Position{name, 1, 1}, "larger than 10 MB: split it into several files"}
	}
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.IndexByte(text[:min(len(text), 64)], 0) >= 0 {
		return &Fault{Position{name, 1, 1}, "not UTF-8; looks like UTF-16: save the file as UTF-8"}
	}
	line, column, indent := 1, 1, true
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size < 2 {
			return &Fault{Position{name, line, column}, fmt.Sprintf("not UTF-8: byte 0x%02X%s", text[i], codePage(text))}
		}
		if what := badCharacter(r); what != "" {
			return &Fault{Position{name, line, column}, fmt.Sprintf("U+%04X, %s, is not allowed", r, what)}
		}
		if r == '\t' && indent {
			return &Fault{Position{name, line, column}, "a tab: indent with spaces"}
		}
		indent = r == '\n' || indent && r == ' '
		i += size
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	return nil
}

func badCharacter(r rune) string {
	switch {
	case r < ' ' && r != '\n' && r != '\r' && r != '\t', r >= 0x7f && r <= 0x9f:
		return "a control character"
	case r == 0xfeff:
		return "a byte order mark inside the text"
	case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return "a mark that turns the direction of writing around"
	case r == 0x2028 || r == 0x2029:
		return "a line break that few programs know"
	}
	return ""
}

// codePage guesses an eight-bit encoding: Cyrillic letters of windows-1251 are the bytes from 0xC0.
func codePage(text []byte) string {
	high, letters := 0, 0
	for _, b := range text {
		if b >= 0x80 {
			high++
		}
		if b >= 0xc0 {
			letters++
		}
	}
	if letters*10 >= high*8 {
		return "; looks like windows-1251: save the file as UTF-8"
	}
	return "; save the file as UTF-8"
}

// forbidden finds the YAML that the format leaves out, and depths that no programme has.
func forbidden(name string, tokens token.Tokens) (faults Faults) {
	bad := func(t *token.Token, what string) {
		faults = append(faults, Fault{Position{name, t.Position.Line, t.Position.Column}, what})
	}
	depth := depths{}
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType:
			bad(t, "anchors (&) are not allowed: write the value where it is needed")
		case token.AliasType:
			bad(t, "aliases (*) are not allowed: write the value where it is needed")
		case token.TagType:
			bad(t, "tags (!) are not allowed: put a text that begins with ! in quotes")
		case token.MergeKeyType:
			bad(t, "merge keys (<<) are not allowed: write the values where they are needed")
		case token.DirectiveType:
			bad(t, "directives (%) are not allowed")
		case token.InvalidType:
			bad(t, plainWords(t.Error))
			return faults
		}
		if depth.of(t) > maxDepth {
			bad(t, fmt.Sprintf("more than %d values inside each other", maxDepth))
			return faults
		}
		if len(faults) > maxFaults {
			return faults
		}
	}
	return faults
}

// depths measures how deep tokens lie: brackets that are open, and columns at which blocks began.
type depths struct {
	flow    int
	columns []int
}

func (d *depths) of(t *token.Token) int {
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		d.flow++
	case token.MappingEndType, token.SequenceEndType:
		d.flow = max(0, d.flow-1)
	case token.MappingValueType:
		if d.flow == 0 && t.Prev != nil {
			d.block(t.Prev.Position.Column)
		}
	case token.SequenceEntryType, token.MappingKeyType:
		if d.flow == 0 {
			d.block(t.Position.Column)
		}
	}
	return d.flow + len(d.columns)
}

func (d *depths) block(column int) {
	for len(d.columns) > 0 && d.columns[len(d.columns)-1] > column {
		d.columns = d.columns[:len(d.columns)-1]
	}
	if len(d.columns) == 0 || d.columns[len(d.columns)-1] < column {
		d.columns = append(d.columns, column)
	}
}

// syntax turns an error of the parser into a fault.
func syntax(name string, err error) Fault {
	f := Fault{Position{name, 1, 1}, plainWords(err.Error())}
	var e yaml.Error
	if errors.As(err, &e) {
		f.What = plainWords(e.GetMessage())
		if t := e.GetToken(); t != nil {
			f.Line, f.Column = t.Position.Line, max(1, t.Position.Column)
		}
	}
	return f
}

// plainWords is the parser's message in the words of this program.
func plainWords(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	return "not YAML: " + message
}

// at returns where a value begins.
func at(name string, n ast.Node) Position {
	t := n.GetToken()
	switch x := n.(type) {
	case *ast.MappingNode:
		if !x.IsFlowStyle && len(x.Values) > 0 {
			return at(name, x.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return at(name, x.Key)
	case *ast.MappingKeyNode:
		if x.Value != nil {
			return at(name, x.Value)
		}
	}
	return Position{name, max(1, t.Position.Line), max(1, t.Position.Column)}
}
