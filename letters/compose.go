package letters

import (
	"strings"
	"text/template"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
	"secretariat/reports/html"
	"secretariat/reports/prose"
)

// composer writes one letter.
type composer struct {
	kind string
	l    *locale.Locale
	data Data
}

// subjectLimit is the longest subject, in characters: what mail programs show and RFC 5322 folds without trouble.
const subjectLimit = 150

func (c *composer) compose(w *wording) (Letter, error) {
	plain, words := c.view(html.Clean), c.view(escape)
	subject, err := execute(w.subject, plain)
	if err != nil {
		return Letter{}, err
	}
	title, err := execute(w.title, plain)
	if err != nil {
		return Letter{}, err
	}
	doc := document.Document{Meta: document.Meta{Title: line(title), Programme: c.text(c.data.Programme.Title), Language: c.l.Language(),
		Mark: c.mark(), RightToLeft: c.l.RightToLeft()}}
	for _, part := range []struct {
		id    string
		texts []*template.Template
	}{{"letter", []*template.Template{w.greeting, w.body, w.closing}}, {html.FootSection, []*template.Template{w.foot}}} {
		section := document.Section{ID: part.id}
		for _, t := range part.texts {
			if t == w.closing {
				section.Blocks = append(section.Blocks, c.languageNote()...)
			}
			blocks, err := c.blocks(t, words)
			if err != nil {
				return Letter{}, err
			}
			section.Blocks = append(section.Blocks, blocks...)
		}
		doc.Sections = append(doc.Sections, section)
	}
	l := Letter{Subject: shorten(line(subject), subjectLimit)}
	if l.Subject == "" {
		l.Subject = c.kind // data without any title: a letter without a subject is taken for rubbish
	}
	l.HTML, l.Text, err = html.Letter(doc)
	return l, err
}

func execute(t *template.Template, v *view) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, v); err != nil {
		return "", err
	}
	return b.String(), nil
}

// blocks reads the Markdown that a template gives and puts the blocks in place of their markers.
func (c *composer) blocks(t *template.Template, v *view) ([]document.Block, error) {
	markdown, err := execute(t, v)
	if err != nil {
		return nil, err
	}
	read, err := prose.Blocks(markdown)
	if err != nil {
		return nil, err
	}
	var out []document.Block
	for _, b := range read {
		p, ok := b.(document.Paragraph)
		name, marked := "", false
		if ok {
			name, marked = markerName(prose.Plain(p.Spans))
		}
		if !marked {
			out = append(out, b)
			continue
		}
		put, err := c.put(name)
		if err != nil {
			return nil, err
		}
		out = append(out, put...)
	}
	return out, nil
}

// A marker stands between private-use characters, which no data can bring in: they are cleaned away.
func marker(name string) string { return "\n\n\ue000" + name + "\ue001\n\n" }

func markerName(text string) (name string, ok bool) {
	text, ok = strings.CutPrefix(text, "\ue000")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(text, "\ue001")
}

// escape makes data words for Markdown.
func escape(s string) string { return prose.Escape(html.Clean(s)) }

// line makes one line of a text.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// shorten cuts a text at a word, with an ellipsis.
func shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.–") + "…"
}

// text takes the letter's language of a text, else the programme's first ones, else English, else any.
func (c *composer) text(t programme.Text) string {
	languages := append([]string{c.l.Language()}, c.data.Programme.Languages...)
	if s := t.In(append(languages, "en")...); s != "" {
		return s
	}
	least := ""
	for lang := range t {
		if least == "" || lang < least {
			least = lang
		}
	}
	return t[least]
}

// languageNote says in which language the report attached is written, where that is not the letter's.
func (c *composer) languageNote() []document.Block {
	r := c.data.Report
	if r == nil || c.kind != "report" || r.Language == "" || r.Language == c.l.Language() {
		return nil
	}
	id := "report.language." + r.Language
	if !c.l.Has(id) {
		return nil
	}
	return []document.Block{document.Paragraph{Spans: spans(c.l.T("letter.report-language", map[string]any{"language": c.l.T(id, nil)}))}}
}

// mark is the distribution mark of what travels limited.
func (c *composer) mark() string {
	switch d := c.data; {
	case d.Report != nil:
		return d.Report.Mark
	case d.Session != nil && d.Session.Session.Confidentiality == "limited", d.Action != nil && d.Action.Confidentiality == "limited",
		d.Duty != nil && d.Duty.Confidentiality == "limited":
		return c.l.T("mark.limited", nil)
	case d.Update != nil:
		for _, a := range c.activities() {
			if a.Confidentiality == "limited" {
				return c.l.T("mark.limited", nil)
			}
		}
	}
	return ""
}

// zone is the clock of a council or report, UTC where it is not known.
func zone(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

// elsewhere adds the reader's clock to a moment that is written by another one.
func (c *composer) elsewhere(written string, t time.Time, z *time.Location) string {
	if c.data.Recipient.Zone == nil || t.IsZero() {
		return written
	}
	if other := c.l.Elsewhere(t, zone(z), c.data.Recipient.Zone); other != "" {
		return written + "\u00a0· " + other // a line does not begin with the dot
	}
	return written
}

func (c *composer) moment(t time.Time, z *time.Location) string {
	return c.elsewhere(c.l.Moment(t, zone(z)), t, z)
}

func (c *composer) interval(from, to time.Time, z *time.Location) string {
	return c.elsewhere(c.l.Interval(from, to, zone(z)), from, z)
}

// days writes a number of days, "" for none.
func (c *composer) days(n int) string {
	if n <= 0 {
		return ""
	}
	return c.l.T("count.days", map[string]any{"count": n})
}
