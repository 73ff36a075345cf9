package reports

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// textKind says what the output of a text is.
type textKind int

const (
	markdownText textKind = iota // data is escaped so that it can never become markup
	plainText                    // a subject, a heading, a label
)

// text is a template of a report file. Its template is named after the file and padded with line ends and spaces, so
// that the places in its errors are those of the file.
type text struct {
	source string
	place  place
	kind   textKind
	tmpl   *template.Template // nil when there is nothing to execute
}

const maxOutput = 1 << 20 // of one text, in bytes

// names of the functions that every output and every range goes through.
const (
	writeFunc = "_write"
	eachFunc  = "_each"
)

// compile parses a text; faults are recorded and nil is returned for a faulty one.
func (p *reader) compile(source string, at place, kind textKind) *text {
	t := &text{source: source, place: at, kind: kind}
	if !strings.Contains(source, "{{") {
		return t
	}
	padded := strings.Repeat("\n", max(at.line-1, 0)) + strings.Repeat(" ", max(at.column-1, 0)) + source
	tmpl, err := template.New(at.file).Option("missingkey=error").Funcs(placeholders).Parse(padded)
	if err != nil {
		p.fault(templateFault(at, err))
		return t
	}
	if len(tmpl.Templates()) > 1 {
		p.fault(at, "define and block have no place in a report")
		return t
	}
	if n := p.guard(tmpl.Tree.Root, tmpl.Tree); n != nil {
		return t
	}
	t.tmpl = tmpl
	return t
}

// guard refuses what could run without end, and sends every output through writeFunc and every range through eachFunc.
// It returns the node at fault, nil for none.
func (p *reader) guard(n parse.Node, tree *parse.Tree) parse.Node {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Nodes {
			if bad := p.guard(c, tree); bad != nil {
				return bad
			}
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			through(n.Pipe, writeFunc)
		}
	case *parse.IfNode:
		return p.guardBranch(&n.BranchNode, tree)
	case *parse.WithNode:
		return p.guardBranch(&n.BranchNode, tree)
	case *parse.RangeNode:
		for _, c := range n.Pipe.Cmds {
			for _, a := range c.Args {
				if number, ok := a.(*parse.NumberNode); ok && len(c.Args) == 1 {
					return p.refuse(tree, number, "range over a number: range over rows")
				}
			}
		}
		through(n.Pipe, eachFunc)
		return p.guardBranch(&n.BranchNode, tree)
	case *parse.TemplateNode:
		return p.refuse(tree, n, "template has no place in a report")
	}
	return nil
}

func (p *reader) guardBranch(b *parse.BranchNode, tree *parse.Tree) parse.Node {
	if bad := p.guard(b.List, tree); bad != nil {
		return bad
	}
	return p.guard(b.ElseList, tree)
}

func (p *reader) refuse(tree *parse.Tree, n parse.Node, what string) parse.Node {
	location, _ := tree.ErrorContext(n)
	p.fault(placeOf(location, place{file: p.file}), what)
	return n
}

// through appends a command to a pipe.
func through(pipe *parse.PipeNode, name string) {
	pipe.Cmds = append(pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pipe.Pos,
		Args: []parse.Node{parse.NewIdentifier(name).SetPos(pipe.Pos)}})
}

// execute runs the text; data is its dot. Its output is trimmed.
func (t *text) execute(funcs template.FuncMap, data any) (string, error) {
	if t == nil {
		return "", nil
	}
	if t.tmpl == nil {
		return strings.TrimSpace(t.source), nil
	}
	tmpl, err := t.tmpl.Clone()
	if err != nil {
		return "", fmt.Errorf("copy template: %w", err)
	}
	var out limitedWriter
	if err := tmpl.Funcs(funcs).Execute(&out, data); err != nil {
		at, what := templateFault(t.place, err)
		return "", at.fault(what)
	}
	return strings.TrimSpace(out.String()), nil
}

type limitedWriter struct{ strings.Builder }

func (w *limitedWriter) Write(b []byte) (int, error) {
	if w.Len()+len(b) > maxOutput {
		return 0, fmt.Errorf("the text is longer than %d bytes", maxOutput)
	}
	return w.Builder.Write(b)
}

var _ io.Writer = (*limitedWriter)(nil)

var (
	templateError = regexp.MustCompile(`(?s)^template: (.*?):(\d+)(?::(\d+))?: (.*)$`)
	executing     = regexp.MustCompile(`(?s)^executing ".*?" at <(.*?)>: (.*)$`)
	unknownKey    = regexp.MustCompile(`map has no entry for key "([^"]+)"`)
	unknownFunc   = regexp.MustCompile(`^function "([^"]+)" not defined`)
	callError     = regexp.MustCompile(`error calling \S+: (.*)`)
)

// templateFault turns an error of text/template into a place in the file and words for its author.
func templateFault(at place, err error) (place, string) {
	m := templateError.FindStringSubmatch(err.Error())
	if m == nil {
		return at, err.Error()
	}
	at = placeOf(m[1]+":"+m[2]+":"+m[3], at)
	what := m[4]
	if e := executing.FindStringSubmatch(what); e != nil {
		what = fmt.Sprintf("{{%s}}: %s", strings.TrimSuffix(strings.TrimSuffix(e[1], " | "+writeFunc), writeFunc), e[2])
		if k := unknownKey.FindStringSubmatch(e[2]); k != nil {
			what = fmt.Sprintf("{{%s}}: there is no %q here", e[1], k[1])
		} else if c := callError.FindStringSubmatch(e[2]); c != nil {
			what = c[1]
		}
	}
	if f := unknownFunc.FindStringSubmatch(what); f != nil {
		what = fmt.Sprintf("unknown function %q%s", f[1], didYouMean(f[1], functionNames))
	}
	return at, what
}

// placeOf reads "file:line:column" where the column counts from 0 in bytes.
func placeOf(location string, fallback place) place {
	parts := strings.Split(location, ":")
	for i, s := range parts {
		line, err := strconv.Atoi(s)
		if err != nil || i == 0 {
			continue
		}
		p := place{file: strings.Join(parts[:i], ":"), line: line}
		if i+1 < len(parts) {
			if column, err := strconv.Atoi(parts[i+1]); err == nil {
				p.column = column + 1
			}
		}
		return p
	}
	return fallback
}
