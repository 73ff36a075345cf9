package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	views         = []string{"kpi", "table", "bars", "stacked", "donut", "timeline", "line", "area", "burnup", "bullet", "heat", "list", "cards", "none"}
	sqlOptions    = []string{"as", "if-empty", "skip-if", "total", "group", "track", "limit", "keep", "trend", "donut", "span", "caption"}
	changeOptions = []string{"of", "as", "limit", "keep", "if-empty", "span", "caption"}
	columnTypes   = []string{"text", "wide", "int", "num", "pct", "bar", "money", "date", "datetime", "month", "rag", "ordinal", "roman", "lang", "word", "hidden"}
	blockName     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	infoWord      = regexp.MustCompile(`(?:[^\s"]|"[^"]*"?)+`)
	directive     = regexp.MustCompile(`^\s*--\s*@(\w*)[ \t]*(.*)$`)
)

// block reads a fenced block; nil when it has no usable name.
func (p *reader) block(d *Definition, one piece) *Block {
	b := &Block{Kind: one.kind, Options: map[string]string{}, options: map[string]place{}, values: map[string]place{}, place: one.place,
		sql: place{p.file, one.place.line + 1, 1}, SQL: one.text}
	p.info(b, one)
	if b.Kind == "changes" && b.Name == "" {
		b.Name = "changes"
	}
	if !blockName.MatchString(b.Name) {
		p.fault(one.place, fmt.Sprintf("block %q: a block needs a name of small letters, digits and underscores, such as ```sql activities as=table", b.Name))
		return nil
	}
	if first, twice := d.blocks[b.Name]; twice {
		p.fault(one.place, fmt.Sprintf("block %q stands on line %d already", b.Name, first.place.line))
		return nil
	}
	if b.As = b.Options["as"]; b.As == "" {
		b.As = map[string]string{"sql": "none", "changes": "table"}[b.Kind]
	}
	if b.Kind == "sql" {
		p.directives(b)
		p.statement(b)
	}
	d.blocks[b.Name] = b
	d.order = append(d.order, b)
	return b
}

// info reads the words behind the kind of a block: its name and options.
func (p *reader) info(b *Block, one piece) {
	known := sqlOptions
	if b.Kind == "changes" {
		known = changeOptions
	}
	for _, at := range infoWord.FindAllStringIndex(one.info, -1) {
		word := one.info[at[0]:at[1]]
		where := place{p.file, one.place.line, one.infoAt + utf8.RuneCountInString(one.info[:at[0]])}
		key, value, option := strings.Cut(word, "=")
		switch {
		case !option && b.Name == "":
			b.Name = word
		case !option:
			p.fault(where, fmt.Sprintf("%q: the block is named %q already; an option is key=value", word, b.Name))
		case !slices.Contains(known, key):
			p.fault(where, fmt.Sprintf("unknown option %q%s", key, didYouMean(key, known)))
		default:
			b.Options[key] = strings.Trim(value, `"`)
			b.options[key] = where
			b.values[key] = place{where.file, where.line, where.column + utf8.RuneCountInString(word) - utf8.RuneCountInString(strings.TrimLeft(value, `"`))}
			p.option(b, key, b.Options[key], where)
		}
	}
}

func (p *reader) option(b *Block, key, value string, at place) {
	allowed := map[string][]string{"as": views, "keep": {"none", "whole", "with-next"}}[key]
	if b.Kind == "changes" && key == "as" {
		allowed = []string{"table", "list", "none"}
	}
	if allowed != nil && !slices.Contains(allowed, value) {
		p.fault(at, fmt.Sprintf("%s=%s is not known%s", key, value, didYouMean(value, allowed)))
	}
	switch n, number := integer(value); {
	case key == "limit" && (!number || n < 1 || n > rowLimit):
		p.fault(at, fmt.Sprintf("limit=%s: give a number from 1 to %d", value, rowLimit))
	case key == "span" && (!number || n < 1 || n > 12):
		p.fault(at, fmt.Sprintf("span=%s: give a number from 1 to 12", value))
	case key == "skip-if" && !strings.HasPrefix(value, "recipient."):
		p.fault(at, fmt.Sprintf("skip-if=%s: name a column of the recipients query as recipient.brief", value))
	}
}

// directives reads the comments "-- @key" and "-- @cols".
func (p *reader) directives(b *Block) {
	for i, line := range strings.Split(b.SQL, "\n") {
		m := directive.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		word, rest := line[m[2]:m[3]], line[m[4]:m[5]]
		at := place{p.file, b.sql.line + i, utf8.RuneCountInString(line[:m[2]])}
		restAt := utf8.RuneCountInString(line[:m[4]]) + 1
		switch word {
		case "key":
			for _, w := range wordsAt(rest, place{p.file, at.line, restAt}) {
				if w.text != "hidden" {
					b.Key, b.keyAt = append(b.Key, w.text), append(b.keyAt, w.place)
				}
			}
			if len(b.Key) == 0 {
				p.fault(at, "@key names no column")
			}
		case "cols":
			p.columns(b, rest, place{p.file, at.line, restAt})
		default:
			p.fault(at, fmt.Sprintf("unknown directive @%s%s", word, didYouMean(word, []string{"key", "cols"})))
		}
	}
}

// statement checks what can be said of the SQL without a database: its quotes, and that it is one query.
func (p *reader) statement(b *Block) {
	tokens, err := lexSQL(b.SQL)
	if err != nil {
		p.sqlFault(b, err)
		return
	}
	if blank(tokens) {
		p.fault(b.place, fmt.Sprintf("block %q holds no query", b.Name))
		return
	}
	if word := firstWord(b.SQL); !slices.Contains([]string{"select", "with", "values", "table", "("}, word) {
		p.fault(b.sql, fmt.Sprintf("block %q must be a query: it begins with %q", b.Name, word))
	}
}

func (p *reader) sqlFault(b *Block, err error) {
	if at, ok := err.(*sqlError); ok {
		p.fault(b.at(at.offset), at.text)
		return
	}
	p.fault(b.sql, err.Error())
}

// at is the place of an offset of the block's SQL in the file.
func (b *Block) at(offset int) place {
	line, column := lineColumn(b.SQL, offset)
	return place{b.sql.file, b.sql.line + line - 1, column}
}

// firstWord returns the first word behind space and comments, in lower case.
func firstWord(sql string) string {
	for {
		sql = strings.TrimSpace(sql)
		switch {
		case strings.HasPrefix(sql, "--"):
			sql = sql[lineEnd(sql):]
		case strings.HasPrefix(sql, "/*") && strings.Contains(sql, "*/"):
			sql = sql[strings.Index(sql, "*/")+2:]
		case strings.HasPrefix(sql, "("):
			return "("
		default:
			return strings.ToLower(sql[:wordLength(sql)])
		}
	}
}
