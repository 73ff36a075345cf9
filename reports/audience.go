package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Uses returns the columns of the recipients query that the report depends on, in order, and whether a query depends on
// the language. Readers who agree in these, in language, clearance and zone share one rendering.
func (d *Definition) Uses() (columns []string, language bool) {
	add := func(name string) {
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	for _, b := range d.order {
		if skip, ok := strings.CutPrefix(b.Options["skip-if"], "recipient."); ok {
			add(skip)
		}
		if b.Kind != "sql" || b.Name == d.recipients {
			continue
		}
		tokens, _ := lexSQL(b.SQL)
		for _, t := range tokens {
			if name, ok := strings.CutPrefix(t.name, recipientPrefix); ok {
				add(name)
			}
			language = language || t.name == "lang"
		}
	}
	for _, t := range d.texts() {
		for _, m := range recipientField.FindAllStringSubmatch(t.source, -1) {
			add(m[1])
		}
	}
	slices.Sort(columns)
	return columns, language
}

// texts are all texts of a definition and its overlays.
func (d *Definition) texts() (out []*text) {
	for _, t := range d.subject {
		out = append(out, t)
	}
	for _, s := range d.Sections {
		out = append(out, s.Title, s.Aside)
		for _, part := range s.Parts {
			out = append(out, part.Prose)
		}
	}
	for _, o := range d.overlays {
		for _, s := range o.sections {
			out = append(append(out, s.title, s.aside), s.prose...)
		}
		for _, t := range o.labels {
			out = append(out, t)
		}
	}
	for _, t := range d.labels {
		out = append(out, t)
	}
	return slices.DeleteFunc(out, func(t *text) bool { return t == nil })
}

// Restrict cuts a reader's row down to the columns that the report depends on.
func (r Recipient) Restrict(columns []string) Recipient {
	var out Recipient
	for i, c := range r.Columns {
		if slices.Contains(columns, c) {
			out.Columns, out.Types, out.Values = append(out.Columns, c), append(out.Types, r.Types[i]), append(out.Values, r.Values[i])
		}
	}
	return out
}

// Key tells rows apart: "" for a row without columns.
func (r Recipient) Key() string {
	if len(r.Columns) == 0 {
		return ""
	}
	var b strings.Builder
	for i, c := range r.Columns {
		b.WriteString(c + "\x00" + canonical(r.Values[i]) + "\x00")
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:4])
}

// Audience names who shares the tracked rows of a rendering: its clearance, and what else its queries depend on.
func (d *Definition) Audience(p Parameters) string {
	columns, language := d.Uses()
	out := p.Clearance
	if language {
		out += "-" + d.Language(p.Language)
	}
	if key := p.Recipient.Restrict(columns).Key(); key != "" {
		out += "-" + key
	}
	return out
}
