package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// columnSpec is a column of @cols and how it looks.
type columnSpec struct {
	Name string
	Type string // "" follows the SQL type
	// Marks give a number a tone: bad>0, warn>=80 …
	Marks []toneMark
	Of    string // of a tile: the column that its value is a part of
	Word  string // of type word and rag: the prefix of the catalogue's ids
	Tone  string // of a part of a bar, or of a tile
	Zone  string // column that holds the zone of a moment, instead of the reader's
	Unit  string // column with the currency of money
	Good  string // "up" or "down": where a change is welcome
	// thresholds of rag>=12,8: red from the first on, amber from the second on
	Red, Amber string
	place      place
}

// toneMark gives a tone to values that compare so.
type toneMark struct{ tone, op, than string }

var (
	columnHead = regexp.MustCompile(`^([a-z_][a-z0-9_]*)(?::([a-z]+)(?:>=(-?[0-9.]+),(-?[0-9.]+))?)?$`)
	columnMark = regexp.MustCompile(`^(good|warn|bad|mute)(>=|<=|>|<|=)(-?[0-9.]+)$`)
	columnAttr = regexp.MustCompile(`^([a-z]+)=(\S+)$`)
	attributes = []string{"of", "word", "tone", "zone", "unit", "good"}
	toneNames  = []string{"good", "warn", "bad", "mute", "accent", "neutral"}
)

// columns reads the words behind @cols: "name:type" begins a column, "key=value" and "bad>0" belong to the one before.
func (p *reader) columns(b *Block, words string, at place) {
	for _, m := range regexp.MustCompile(`\S+`).FindAllStringIndex(words, -1) {
		word := words[m[0]:m[1]]
		where := place{at.file, at.line, at.column + utf8.RuneCountInString(words[:m[0]])}
		last := len(b.Columns) - 1
		if mark := columnMark.FindStringSubmatch(word); mark != nil && last >= 0 {
			b.Columns[last].Marks = append(b.Columns[last].Marks, toneMark{mark[1], mark[2], mark[3]})
			continue
		}
		if attr := columnAttr.FindStringSubmatch(word); attr != nil && last >= 0 {
			p.attribute(&b.Columns[last], attr[1], attr[2], where)
			continue
		}
		head := columnHead.FindStringSubmatch(word)
		if head == nil {
			p.fault(where, fmt.Sprintf("@cols: %q is neither column:type nor an attribute such as bad>0", word))
			continue
		}
		if head[2] != "" && !slices.Contains(columnTypes, head[2]) {
			p.fault(where, fmt.Sprintf("@cols: unknown type %q of column %s%s", head[2], head[1], didYouMean(head[2], columnTypes)))
		}
		b.Columns = append(b.Columns, columnSpec{Name: head[1], Type: head[2], Red: head[3], Amber: head[4], place: where})
	}
}

func (p *reader) attribute(c *columnSpec, key, value string, at place) {
	switch key {
	case "of":
		c.Of = value
	case "word":
		c.Word = value
	case "tone":
		if !slices.Contains(toneNames, value) {
			p.fault(at, fmt.Sprintf("@cols: unknown tone %q%s", value, didYouMean(value, toneNames)))
		}
		c.Tone = value
	case "zone":
		c.Zone = value
	case "unit":
		c.Unit = value
	case "good":
		if value != "up" && value != "down" {
			p.fault(at, fmt.Sprintf("@cols: good=%s: write good=up or good=down", value))
		}
		c.Good = value
	default:
		p.fault(at, fmt.Sprintf("@cols: unknown attribute %q%s", key, didYouMean(key, attributes)))
	}
}

// named lists the columns that a block's options and directives speak of, with their places.
func (b *Block) named() (out []word) {
	for _, c := range b.Columns {
		for _, name := range []string{c.Name, c.Of, c.Zone, c.Unit} {
			if name != "" {
				out = append(out, word{name, c.place})
			}
		}
	}
	for _, option := range []string{"total", "group", "track", "donut"} {
		out = append(out, b.list(option)...)
	}
	for i, name := range b.Key {
		out = append(out, word{name, b.keyAt[i]})
	}
	return out
}

// list is the words of an option with their places.
func (b *Block) list(option string) []word { return wordsAt(b.Options[option], b.values[option]) }

var listWord = regexp.MustCompile(`[^\s,]+`)

// wordsAt are the words of a list that begins at a place.
func wordsAt(s string, at place) (out []word) {
	for _, m := range listWord.FindAllStringIndex(s, -1) {
		out = append(out, word{s[m[0]:m[1]], place{at.file, at.line, at.column + utf8.RuneCountInString(s[:m[0]])}})
	}
	return out
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
