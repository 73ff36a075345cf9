package reports

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reader collects the faults of the files that make up one definition.
type reader struct {
	file   string
	faults Faults
}

func (p *reader) fault(at place, what string) { p.faults = append(p.faults, at.fault(what)) }

// piece is what a file consists of behind its front matter: a heading, a run of prose, or a fenced block.
type piece struct {
	kind    string // heading, prose, or the first word behind the fence
	place   place
	heading heading
	text    string // of prose and blocks
	info    string // what stands behind the word on the fence line
	infoAt  int    // its column
}

type heading struct {
	level     int
	id        string
	title     string
	aside     string
	hasAside  bool
	titleAt   int // column
	asideAt   int
	idMissing bool
}

var headingLine = regexp.MustCompile(`^(#{1,3})\s+(.*?)\s*(?:\{#([^}]*)\})?\s*$`)

// split cuts a file into its front matter and its pieces.
func (p *reader) split(source string) (front string, frontLine int, pieces []piece) {
	source = strings.ReplaceAll(strings.TrimPrefix(source, "\ufeff"), "\r\n", "\n")
	if !utf8.ValidString(source) {
		p.fault(place{p.file, 1, 1}, "the file is not valid UTF-8")
		return "", 0, nil
	}
	lines := strings.Split(source, "\n")
	next := 0
	if lines[0] == "---" {
		end := slices.Index(lines[1:], "---")
		if end < 0 {
			p.fault(place{p.file, 1, 1}, "the front matter is not closed by a line of three dashes")
			return "", 0, nil
		}
		front, frontLine, next = strings.Join(lines[1:end+1], "\n"), 1, end+2
	}
	for i := next; i < len(lines); {
		var one piece
		switch {
		case strings.HasPrefix(lines[i], "```"):
			one, i = p.fence(lines, i)
		case headingLine.MatchString(lines[i]):
			one = p.headingOf(lines[i], i+1)
			i++
		default:
			from := i
			for i < len(lines) && !strings.HasPrefix(lines[i], "```") && !headingLine.MatchString(lines[i]) {
				i++
			}
			for from < i && strings.TrimSpace(lines[from]) == "" {
				from++
			}
			if from == i {
				continue
			}
			one = piece{kind: "prose", place: place{p.file, from + 1, 1}, text: strings.Join(lines[from:i], "\n")}
		}
		pieces = append(pieces, one)
	}
	return front, frontLine, pieces
}

func (p *reader) fence(lines []string, i int) (piece, int) {
	open := strings.TrimPrefix(lines[i], "```")
	kind, info, _ := strings.Cut(open, " ")
	one := piece{kind: kind, place: place{p.file, i + 1, 1}, info: info, infoAt: 4 + utf8.RuneCountInString(kind) + 1}
	from := i + 1
	for i = from; i < len(lines) && strings.TrimRight(lines[i], " ") != "```"; i++ {
	}
	if i == len(lines) {
		p.fault(one.place, "the block is not closed by a line of three backquotes")
	}
	one.text = strings.Join(lines[from:i], "\n")
	return one, i + 1
}

func (p *reader) headingOf(line string, number int) piece {
	m := headingLine.FindStringSubmatch(line)
	h := heading{level: len(m[1]), id: m[3], title: m[2]}
	h.titleAt = utf8.RuneCountInString(line[:strings.Index(line[len(m[1]):], m[2])+len(m[1])]) + 1
	if at := asideBar(h.title); at >= 0 {
		h.hasAside = true
		h.asideAt = h.titleAt + utf8.RuneCountInString(h.title[:at+3])
		h.title, h.aside = strings.TrimSpace(h.title[:at]), strings.TrimSpace(h.title[at+3:])
	}
	if h.id == "" && h.level == 1 {
		h.id = "top"
	}
	if !validName.MatchString(h.id) {
		p.fault(place{p.file, number, 1}, fmt.Sprintf("heading %q needs a name such as {#summary} at its end", h.title))
	}
	return piece{kind: "heading", place: place{p.file, number, 1}, heading: h}
}

// asideBar returns the offset of the last " | " that is not inside {{ }}, or -1.
func asideBar(s string) int {
	depth, at := 0, -1
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "{{"):
			depth++
		case strings.HasPrefix(s[i:], "}}"):
			depth--
		case depth == 0 && strings.HasPrefix(s[i:], " | "):
			at = i
		}
	}
	return at
}

// parseDefinition reads a report file without its overlays.
func parseDefinition(file, source string) (*Definition, *reader) {
	p := &reader{file: file}
	d := &Definition{File: file, labels: labels{}, blocks: map[string]*Block{}, params: map[string]string{},
		overlays: map[string]*overlay{}, Hash: sha256.Sum256([]byte(source))}
	front, line, pieces := p.split(source)
	if line == 0 {
		if len(p.faults) == 0 {
			p.fault(place{file, 1, 1}, "a report begins with a line of three dashes and its front matter")
		}
		return d, p
	}
	p.front(d, front, line)
	if d.Languages == nil {
		d.Languages = []string{"en"}
	}
	current := &Section{place: place{file, 1, 1}}
	d.Sections = []*Section{current}
	ids := map[string]int{}
	for _, one := range pieces {
		switch one.kind {
		case "heading":
			if before, twice := ids[one.heading.id]; twice {
				p.fault(one.place, fmt.Sprintf("section {#%s} stands on line %d already", one.heading.id, before))
			}
			ids[one.heading.id] = one.place.line
			current = p.section(one)
			d.Sections = append(d.Sections, current)
		case "prose":
			current.Parts = append(current.Parts, Part{Prose: p.compile(one.text, one.place, markdownText)})
		case "labels":
			p.labels(d.labels, one)
		case "sql", "changes":
			if b := p.block(d, one); b != nil {
				current.Parts = append(current.Parts, Part{Block: b})
			}
		default:
			p.fault(one.place, fmt.Sprintf("unknown kind of block %q%s", one.kind, didYouMean(one.kind, []string{"sql", "changes", "labels"})))
		}
	}
	p.crossCheck(d, ids)
	return d, p
}

func (p *reader) section(one piece) *Section {
	h := one.heading
	s := &Section{ID: h.id, Level: h.level, place: one.place,
		Title: p.compile(h.title, place{p.file, one.place.line, h.titleAt}, plainText)}
	if h.hasAside {
		s.Aside = p.compile(h.aside, place{p.file, one.place.line, h.asideAt}, plainText)
	}
	return s
}

// labels are texts by key: heads of columns, words for values, lines of cards.
type labels map[string]*text

// labels reads lines of "key = text"; the text may use {{ }} over a row.
func (p *reader) labels(into labels, one piece) {
	for i, line := range strings.Split(one.text, "\n") {
		at := place{p.file, one.place.line + 1 + i, 1}
		if s := strings.TrimSpace(line); s == "" || strings.HasPrefix(s, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			p.fault(at, "a label is a line of `key = text`")
			continue
		}
		if _, twice := into[key]; twice {
			p.fault(at, fmt.Sprintf("label %q is given twice", key))
		}
		at.column = utf8.RuneCountInString(line[:len(line)-len(strings.TrimLeft(value, " "))]) + 1
		into[key] = p.compile(strings.TrimSpace(value), at, plainText)
	}
}

func integer(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}
