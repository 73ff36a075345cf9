package reports

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"secretariat/programme"
)

// attachments are the forms in which a report goes with its letter.
var attachments = []string{"pdf", "xlsx", "csv"}

var frontKeys = []string{"report", "title", "subject", "languages", "timezone", "period", "first-period", "recipients", "send", "otherwise",
	"on-error", "release", "owner", "attach", "inline", "archive", "confidentiality", "params"}

// field is a value of the front matter: a text, a list, or a map.
type field struct {
	place place // of the value
	text  string
	list  []field
	pairs []pair
	isMap bool
}

type pair struct {
	key   string
	place place // of the key
	value field
}

// readFront reads the YAML between the dashes. line is the file's line before its first one.
func (p *reader) readFront(source string, line int) map[string]field {
	file, err := yamlparser.ParseBytes([]byte(source), 0)
	if err != nil {
		at, what := place{p.file, line + 1, 1}, err.Error()
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			at, what = p.yamlPlace(syntax.GetToken(), line), syntax.GetMessage()
		}
		p.fault(at, "read front matter: "+what)
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		p.fault(place{p.file, line, 1}, "the front matter is empty")
		return nil
	}
	root := p.field(file.Docs[0].Body, line)
	if !root.isMap {
		p.fault(root.place, "the front matter must be lines of `key: value`")
		return nil
	}
	fields := map[string]field{}
	for _, kv := range root.pairs {
		if !slices.Contains(frontKeys, kv.key) {
			p.fault(kv.place, fmt.Sprintf("unknown key %q%s", kv.key, didYouMean(kv.key, frontKeys)))
			continue
		}
		fields[kv.key] = kv.value
	}
	return fields
}

func (p *reader) yamlPlace(t *token.Token, line int) place {
	if t == nil || t.Position == nil {
		return place{p.file, line + 1, 1}
	}
	return place{p.file, t.Position.Line + line, t.Position.Column}
}

func (p *reader) field(n ast.Node, line int) field {
	f := field{place: p.yamlPlace(n.GetToken(), line)}
	switch n := n.(type) {
	case *ast.MappingNode:
		f.isMap = true
		for _, v := range n.Values {
			f.pairs = append(f.pairs, p.pair(v, line))
		}
	case *ast.MappingValueNode:
		f.isMap = true
		f.place = p.yamlPlace(n.Key.GetToken(), line)
		f.pairs = []pair{p.pair(n, line)}
	case *ast.SequenceNode:
		for _, v := range n.Values {
			f.list = append(f.list, p.field(v, line))
		}
		if f.list == nil {
			f.list = []field{}
		}
	case *ast.LiteralNode:
		f.text = strings.TrimSpace(n.Value.Value)
	case *ast.NullNode:
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		p.fault(f.place, "anchors, aliases and tags have no place in front matter")
	default:
		f.text = n.GetToken().Value
	}
	return f
}

func (p *reader) pair(v *ast.MappingValueNode, line int) pair {
	return pair{v.Key.GetToken().Value, p.yamlPlace(v.Key.GetToken(), line), p.field(v.Value, line)}
}

// words returns a list, or the words of a text parted by commas or spaces.
func (f field) words() []field {
	if f.list != nil {
		return f.list
	}
	var out []field
	for _, at := range regexp.MustCompile(`[^\s,]+`).FindAllStringIndex(f.text, -1) {
		out = append(out, field{place: place{f.place.file, f.place.line, f.place.column + at[0]}, text: f.text[at[0]:at[1]]})
	}
	return out
}

// byLanguage returns a text in one or several languages.
func (p *reader) byLanguage(f field, first string) (programme.Text, map[string]place) {
	t, at := programme.Text{}, map[string]place{}
	if !f.isMap {
		t[first], at[first] = f.text, f.place
	}
	for _, kv := range f.pairs {
		t[kv.key], at[kv.key] = kv.value.text, kv.value.place
	}
	return t, at
}

// front puts the front matter into the definition.
func (p *reader) front(d *Definition, source string, line int) {
	f := p.readFront(source, line)
	if f == nil {
		return
	}
	d.position, d.listed = map[string]place{}, map[string][]word{}
	for k, v := range f {
		d.position[k] = v.place
	}
	d.Name = f["report"].text
	if !validName.MatchString(d.Name) {
		p.fault(p.at(f, "report", line), fmt.Sprintf("report %q: a name is small letters, digits and dashes", d.Name))
	}
	for _, w := range f["languages"].words() {
		if !slices.Contains(knownLanguages, w.text) {
			p.fault(w.place, fmt.Sprintf("unknown language %q%s", w.text, didYouMean(w.text, knownLanguages)))
			continue
		}
		d.Languages = append(d.Languages, w.text)
	}
	if len(d.Languages) == 0 {
		d.Languages = []string{"en"}
	}
	p.titles(d, f, line)
	p.policies(d, f, line)
	for _, kv := range f["params"].pairs {
		if _, taken := builtin[kv.key]; taken || !validParam.MatchString(kv.key) || strings.HasPrefix(kv.key, recipientPrefix) {
			p.fault(kv.place, fmt.Sprintf("parameter %q: the name is taken or not of the form a_b1", kv.key))
			continue
		}
		d.params[kv.key] = kv.value.text
	}
}

var (
	validName      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	validParam     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	recipientField = regexp.MustCompile(`\.recipient\.([a-z_][a-z0-9_]*)`)
	validAge       = regexp.MustCompile(`^[1-9][0-9]{0,3}[dmy]$`)
	knownLanguages = []string{"en", "fr", "es", "ru", "uz", "ar", "zh"}
)

// at is the place of a value, or of the end of the dashes when it is missing.
func (p *reader) at(f map[string]field, key string, line int) place {
	if v, ok := f[key]; ok {
		return v.place
	}
	return place{p.file, line, 1}
}

func (p *reader) titles(d *Definition, f map[string]field, line int) {
	first := d.Languages[0]
	title, _ := p.byLanguage(f["title"], first)
	subject, places := p.byLanguage(f["subject"], first)
	d.Title, d.subject = title, map[string]*text{}
	if title[first] == "" {
		p.fault(p.at(f, "title", line), fmt.Sprintf("title is missing in %s, the first language of the report", first))
	}
	if _, ok := f["subject"]; ok && subject[first] == "" {
		p.fault(p.at(f, "subject", line), fmt.Sprintf("subject is missing in %s, the first language of the report", first))
	}
	for _, l := range d.Languages[1:] {
		if title[first] != "" && title[l] == "" {
			p.fault(p.at(f, "title", line), fmt.Sprintf("title is not translated into %s", l))
		}
		if subject[first] != "" && subject[l] == "" {
			p.fault(p.at(f, "subject", line), fmt.Sprintf("subject is not translated into %s", l))
		}
	}
	for l, s := range subject {
		d.subject[l] = p.compile(s, places[l], plainText)
	}
}

// policies reads when the report is sent, to whom, and with what.
func (p *reader) policies(d *Definition, f map[string]field, line int) {
	one := func(key, fallback string, allowed ...string) string {
		v, ok := f[key]
		if !ok {
			return fallback
		}
		if !slices.Contains(allowed, v.text) {
			p.fault(v.place, fmt.Sprintf("%s: %q is not allowed%s", key, v.text, didYouMean(v.text, allowed)))
			return fallback
		}
		return v.text
	}
	period := func(key string, fallback Period) Period {
		v, ok := f[key]
		if !ok {
			return fallback
		}
		parsed, err := parsePeriod(v.text)
		if err != nil {
			p.fault(v.place, key+": "+err.Error())
		}
		return parsed
	}
	d.Period, d.First = period("period", "since-last"), period("first-period", "7d")
	d.Note = one("otherwise", "note", "note", "silence") == "note"
	one("on-error", "hold", "hold")
	p.review(d, f)
	d.Ceiling = one("confidentiality", "limited", "public", "limited")
	d.recipients = f["recipients"].text
	d.Owner = f["owner"].text
	if v := f["archive"]; v.text != "" && !validAge.MatchString(v.text) {
		p.fault(v.place, fmt.Sprintf("archive: %q is not an age such as 5y, 18m or 90d", v.text))
	}
	if v := f["timezone"]; v.text != "" {
		if _, err := time.LoadLocation(v.text); err != nil || v.text == "Local" {
			p.fault(v.place, fmt.Sprintf("timezone: %q is not in the IANA time zone database", v.text))
		}
		d.Timezone = v.text
	}
	p.sending(d, f)
}

// review reads `release: auto` or `release: after-review 12h`.
func (p *reader) review(d *Definition, f map[string]field) {
	words := f["release"].words()
	if len(words) == 0 || len(words) == 1 && words[0].text == "auto" {
		return
	}
	if words[0].text != "after-review" {
		p.fault(words[0].place, fmt.Sprintf("release: %q is not known%s", words[0].text, didYouMean(words[0].text, []string{"auto", "after-review"})))
		return
	}
	if len(words) != 2 {
		p.fault(words[0].place, "release: say how long the review may take, such as after-review 12h")
		return
	}
	window, err := time.ParseDuration(words[1].text)
	if err != nil || window < time.Minute || window > 14*24*time.Hour {
		p.fault(words[1].place, fmt.Sprintf("release: %q is not a time from 1m to 336h, such as 12h or 90m", words[1].text))
		return
	}
	d.Review = window
}

func (p *reader) sending(d *Definition, f map[string]field) {
	if words := f["send"].words(); len(words) > 0 && words[0].text != "always" {
		if words[0].text != "if-any" || len(words) < 2 {
			p.fault(words[0].place, `send: write "always", or "if-any" and the names of blocks`)
		}
		for _, w := range words[1:] {
			d.SendIf = append(d.SendIf, w.text)
			d.listed["send"] = append(d.listed["send"], word{w.text, w.place})
		}
	}
	d.Attach = []string{}
	for _, w := range f["attach"].words() {
		if !slices.Contains(attachments, w.text) {
			p.fault(w.place, fmt.Sprintf("attach: %q is not known%s", w.text, didYouMean(w.text, attachments)))
			continue
		}
		d.Attach = append(d.Attach, w.text)
	}
	if _, given := f["attach"]; !given {
		d.Attach = []string{"pdf"}
	}
	for _, w := range f["inline"].words() {
		d.Inline = append(d.Inline, w.text)
		d.listed["inline"] = append(d.listed["inline"], word{w.text, w.place})
	}
}
