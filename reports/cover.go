package reports

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"
	"strings"
	"sync"

	"secretariat/locale"
	"secretariat/reports/document"
)

// cover is the body of the letter: the opening paragraph and the sections named by inline.
func (c *composer) cover(doc document.Document) []document.Block {
	var out []document.Block
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			if p, ok := b.(document.Paragraph); ok && p.Lead {
				out = append(out, p)
			}
		}
	}
	for _, s := range doc.Sections {
		if !slices.Contains(c.d.Inline, s.ID) {
			continue
		}
		if s.Title != "" {
			out = append(out, document.Paragraph{Spans: []document.Span{{Text: s.Title, Bold: true}}, Keep: document.KeepWithNext})
		}
		for _, b := range s.Blocks {
			if p, ok := b.(document.Paragraph); ok && p.Lead {
				continue
			}
			if _, ok := b.(document.PageBreak); !ok {
				out = append(out, c.short(b))
			}
		}
	}
	if !slices.Contains(c.d.Attach, "pdf") {
		out = append(out, c.shortInLetter()...)
	}
	return out
}

// coverRows is how many rows of a table a letter shows: mail programs cut letters off that are larger than about 100 KB, and
// the attached report has all rows.
const coverRows = 60

// short is a block as the letter shows it. A table that is too long for a letter says how many rows it shows, and of how many.
func (c *composer) short(b document.Block) document.Block {
	t, ok := b.(document.Table)
	if !ok || len(t.Rows) <= coverRows || !slices.Contains(c.d.Attach, "pdf") {
		return b
	}
	t.Note = strings.TrimSpace(c.l.T("report.first-rows", map[string]any{"n": c.l.Int(coverRows), "all": c.l.Int(int64(len(t.Rows)))}) + " " + t.Note)
	t.Rows, t.Data = t.Rows[:coverRows:coverRows], nil
	return t
}

// register tells gob what may stand behind document.Block.
var register = sync.OnceFunc(func() {
	for _, b := range []document.Block{document.Paragraph{}, document.List{}, document.Note{}, document.Tiles{}, document.Table{}, document.Bars{},
		document.Stacked{}, document.Bullet{}, document.Donut{}, document.Timeline{}, document.Line{}, document.Heat{}, document.Cards{}, document.Columns{}, document.PageBreak{}} {
		gob.Register(b)
	}
})

// Draft is a rendering that waits for its release: what was looked at is what is sent, with a number added.
type Draft struct{ Document document.Document }

// Encode writes the draft as bytes.
func (d Draft) Encode() ([]byte, error) {
	register()
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(d); err != nil {
		return nil, fmt.Errorf("write draft of report: %w", err)
	}
	return out.Bytes(), nil
}

// DecodeDraft reads what Encode wrote.
func DecodeDraft(b []byte) (d Draft, err error) {
	register()
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&d); err != nil {
		return d, fmt.Errorf("read draft of report: %w", err)
	}
	return d, nil
}

// Marked returns the document with the word for a draft on every page.
func (d Draft) Marked() document.Document {
	out := d.Document
	out.Meta.Mark = strings.Trim(locale.For(out.Meta.Language).T("report.draft", nil)+" · "+out.Meta.Mark, " ·")
	return out
}

// Numbered returns the document as it is sent under a report number.
func (d Draft) Numbered(number int64) document.Document {
	out := d.Document
	out.Meta.Foot += numberLine(locale.For(out.Meta.Language), number)
	return out
}

func numberLine(l *locale.Locale, number int64) string {
	return " · " + l.T("report.number", map[string]any{"number": l.Int(number)})
}

// Letter is what the letter that carries a rendering needs of it, kept with the run.
type Letter struct {
	Subject, Title, Language, Mark string
	Cover                          []document.Block
}

// Encode writes the letter as bytes, so that it can be composed long after its report: same letter, same bytes.
func (l Letter) Encode() ([]byte, error) {
	register()
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(l); err != nil {
		return nil, fmt.Errorf("write letter of report: %w", err)
	}
	return out.Bytes(), nil
}

// DecodeLetter reads what Encode wrote.
func DecodeLetter(b []byte) (l Letter, err error) {
	register()
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&l); err != nil {
		return l, fmt.Errorf("read letter of report: %w", err)
	}
	return l, nil
}
