package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// scope is what is known of a value in a template: its fields, or those of its elements. The zero scope is unknown.
type scope struct {
	fields []string            // of a map; nil: unknown
	each   []string            // of the elements of a list; nil: unknown
	under  map[string][]string // fields of a field, as far as they are known
}

// topFields are the fields of a text outside of any row.
var topFields = []string{"programme", "title", "since", "until", "last_day", "period", "as_of", "today", "zone", "timezone", "clearance", "lang", "number", "recipient"}

// programmeFields are those of .programme.
var programmeFields = []string{"code", "title", "currency"}

// changeFields are the columns of a block of changes.
var changeFields = []string{"kind", "block", "key", "title", "change"}

// texts checks the fields that headings, prose and labels use, in all languages, against the columns of the queries.
// recipient are the columns of the recipients query, nil where they are not known.
func (c *checker) texts(recipient []string) {
	for _, b := range c.d.order {
		if b.Kind == "changes" {
			c.columns[b.Name] = changeFields
		}
	}
	top := scope{fields: append(slices.Sorted(maps.Keys(c.d.params)), topFields...), under: map[string][]string{"programme": programmeFields, "recipient": recipient}}
	for lang, t := range c.d.subject {
		c.lang = lang
		c.text(t, top)
	}
	if c.lang = ""; len(c.d.Languages) > 0 { // none in a file without front matter
		c.lang = c.d.Languages[0]
	}
	for _, s := range c.d.Sections {
		c.text(s.Title, top)
		c.text(s.Aside, top)
		for _, part := range s.Parts {
			c.text(part.Prose, top)
		}
	}
	c.rowLabels(c.d.labels)
	for _, lang := range slices.Sorted(maps.Keys(c.d.overlays)) {
		c.lang = lang
		for _, id := range slices.Sorted(maps.Keys(c.d.overlays[lang].sections)) {
			s := c.d.overlays[lang].sections[id]
			for _, t := range append([]*text{s.title, s.aside}, s.prose...) {
				c.text(t, top)
			}
		}
		c.rowLabels(c.d.overlays[lang].labels)
	}
}

// rowLabels checks the labels that are templates over a row: "<block>.line1" and the like.
func (c *checker) rowLabels(l labels) {
	for _, key := range slices.Sorted(maps.Keys(l)) {
		for name, columns := range c.columns {
			if len(key) > len(name)+1 && key[:len(name)+1] == name+"." {
				c.text(l[key], scope{fields: columns})
			}
		}
	}
}

func (c *checker) text(t *text, dot scope) {
	if t == nil || t.tmpl == nil {
		return
	}
	w := &fieldWalker{c: c, text: t, vars: map[string]scope{"$": dot}}
	w.list(t.tmpl.Tree.Root, dot)
}

type fieldWalker struct {
	c    *checker
	text *text
	vars map[string]scope
}

func (w *fieldWalker) list(l *parse.ListNode, dot scope) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			w.pipe(n.Pipe, dot)
		case *parse.IfNode:
			w.pipe(n.Pipe, dot)
			w.list(n.List, dot)
			w.list(n.ElseList, dot)
		case *parse.WithNode:
			w.list(n.List, w.pipe(n.Pipe, dot))
			w.list(n.ElseList, dot)
		case *parse.RangeNode:
			w.loop(n, dot)
		}
	}
}

func (w *fieldWalker) loop(n *parse.RangeNode, dot scope) {
	over := w.pipe(n.Pipe, dot)
	element := scope{fields: over.each}
	for i, v := range n.Pipe.Decl {
		if i == len(n.Pipe.Decl)-1 {
			w.vars[v.Ident[0]] = element
		} else {
			w.vars[v.Ident[0]] = scope{}
		}
	}
	w.list(n.List, element)
	w.list(n.ElseList, dot)
}

// pipe checks the fields of a pipe and returns what is known of its value.
func (w *fieldWalker) pipe(p *parse.PipeNode, dot scope) scope {
	var value scope
	for _, cmd := range p.Cmds {
		if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok && (id.Ident == writeFunc || id.Ident == eachFunc) {
			continue
		}
		value = w.command(cmd, dot)
	}
	for _, v := range p.Decl {
		w.vars[v.Ident[0]] = value
	}
	return value
}

func (w *fieldWalker) command(cmd *parse.CommandNode, dot scope) scope {
	var values []scope
	for _, a := range cmd.Args {
		values = append(values, w.arg(a, dot))
	}
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok {
		return values[0]
	}
	switch id.Ident {
	case "row", "rows", "count":
		if len(cmd.Args) != 2 {
			return scope{}
		}
		name, ok := cmd.Args[1].(*parse.StringNode)
		if !ok {
			return scope{}
		}
		if w.c.d.blocks[name.Text] == nil {
			w.fault(name, fmt.Sprintf("no block %q%s", name.Text, didYouMean(name.Text, slices.Sorted(maps.Keys(w.c.d.blocks)))))
		}
		columns := w.c.columns[name.Text]
		return map[string]scope{"row": {fields: columns}, "rows": {each: columns}, "count": {}}[id.Ident]
	case "t":
		if len(cmd.Args) > 1 {
			if id, ok := cmd.Args[1].(*parse.StringNode); ok {
				if what, ok := w.c.translated(id.Text); !ok {
					w.fault(id, what)
				}
			} else {
				w.c.computed = true
			}
		}
	case "plural":
		if has := categories[w.c.lang]; len(cmd.Args)-2 > len(has) && has != nil {
			w.fault(cmd.Args[len(has)+2], fmt.Sprintf("plural: %d forms given, %s has %d: %s", len(cmd.Args)-2, w.c.lang, len(has), strings.Join(has, ", ")))
		}
	case "first":
		return values[len(values)-1]
	}
	return scope{}
}

func (w *fieldWalker) arg(n parse.Node, dot scope) scope {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.field(n, dot, n.Ident)
	case *parse.VariableNode:
		v := w.vars[n.Ident[0]]
		if len(n.Ident) > 1 {
			return w.field(n, v, n.Ident[1:])
		}
		return v
	case *parse.PipeNode:
		return w.pipe(n, dot)
	}
	return scope{}
}

func (w *fieldWalker) field(n parse.Node, of scope, path []string) scope {
	if of.fields != nil && !slices.Contains(of.fields, path[0]) {
		w.fault(n, fmt.Sprintf("{{.%s}}: there is no %q here%s", path[0], path[0], didYouMean(path[0], of.fields)))
	} else if len(path) > 1 && of.under[path[0]] != nil && !slices.Contains(of.under[path[0]], path[1]) {
		w.fault(n, fmt.Sprintf("{{.%s.%s}}: .%s has no %q%s", path[0], path[1], path[0], path[1], didYouMean(path[1], of.under[path[0]])))
	}
	return scope{}
}

func (w *fieldWalker) fault(n parse.Node, what string) {
	location, _ := w.text.tmpl.Tree.ErrorContext(n)
	w.c.fault(placeOf(location, w.text.place), what)
}
