package reports

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
)

// Pack is what the papers of a session are bound with: cover, agenda, contents, a divider before each paper, and the list
// of files. It holds what its reader may see and nothing else. The same Pack gives the same documents.
type Pack struct {
	Language  string
	Languages []string // in which texts are looked for after that
	Programme programme.Text
	Council   programme.Text
	Zone      *time.Location
	Session   programme.Session // agenda and documents as the reader may see them
	Names     map[string]string // by ref: presenters and owners
	Actions   []programme.ActionItem
	Mark      string // catalogue id of the distribution mark, "" for none
	Papers    []PackPaper
}

// PackPaper is a paper of a pack. Why is a catalogue id of the reason for which its file is not enclosed, "" where it is.
type PackPaper struct {
	Ref, Symbol, Language string
	Title                 programme.Text
	Version, Pages        int
	SHA256                string
	Why                   string
	WhyLimit              int // number in the reason
	Divider               int // page of its divider in the pack, counted from 1
}

func (p Pack) locale() *locale.Locale { return locale.For(p.Language) }

func (p Pack) text(t programme.Text) string {
	return t.In(append([]string{p.locale().Language()}, p.Languages...)...)
}

func (p Pack) meta(title, page string) document.Meta {
	l := p.locale()
	m := document.Meta{Title: title, Programme: p.text(p.Programme), Issue: p.text(p.Session.Title), Language: l.Language(), Subject: l.T("pack.title", nil),
		Author: p.text(p.Council), PageLabel: page, RightToLeft: l.RightToLeft()}
	if p.Mark != "" {
		m.Mark = l.T(p.Mark, nil)
	}
	return m
}

// Front is cover, agenda, contents and manifest. The pages of the dividers must be known for the contents to be right.
func (p Pack) Front() document.Document {
	l := p.locale()
	d := document.Document{Meta: p.meta(p.text(p.Session.Title), l.T("pack.page", nil)+" {x}")}
	d.Meta.Subtitle = p.text(p.Council)
	d.Sections = append(d.Sections, document.Section{ID: "cover", Blocks: []document.Block{p.card()}})
	if len(p.Session.Agenda) > 0 {
		d.Sections = append(d.Sections, document.Section{ID: "agenda", Title: l.T("pack.agenda", nil), Level: 1, Blocks: []document.Block{p.agenda()}})
	}
	if len(p.Actions) > 0 {
		d.Sections = append(d.Sections, document.Section{ID: "actions", Title: l.T("pack.actions", nil), Level: 1, Blocks: []document.Block{p.actions()}})
	}
	if len(p.Papers) > 0 {
		d.Sections = append(d.Sections, document.Section{ID: "contents", Title: l.T("pack.contents", nil), Level: 1, Blocks: []document.Block{p.contents()}},
			document.Section{ID: "manifest", Title: l.T("pack.manifest", nil), Level: 1, Blocks: []document.Block{p.manifest()}})
	}
	return d
}

func (p Pack) card() document.Block {
	l, s := p.locale(), p.Session
	local := s.OpensAt.In(p.Zone)
	card := document.Card{Day: strconv.Itoa(local.Day()), Month: l.ShortMonthYear(programme.DateOf(local, p.Zone)), Title: l.Interval(s.OpensAt, s.ClosesAt, p.Zone)}
	if venue := p.text(s.Venue); venue != "" && s.Mode != "online" {
		card.Lines = append(card.Lines, venue)
	}
	card.Lines = append(card.Lines, l.T("mode."+s.Mode, nil))
	return document.Cards{Items: []document.Card{card}}
}

func cell(text string) document.Cell { return document.Cell{Spans: []document.Span{{Text: text}}} }

func (p Pack) agenda() document.Block {
	l := p.locale()
	t := document.Table{Name: "agenda", Columns: []document.Column{{Title: "", Align: document.AlignEnd}, {Title: l.T("pack.item", nil), Weight: 3}, {Title: l.T("pack.presenter", nil), Weight: 1},
		{Title: l.T("pack.papers", nil)}, {Title: l.T("pack.minutes", nil), Align: document.AlignEnd}}}
	for _, item := range p.Session.Agenda {
		var symbols []string
		for _, paper := range p.Papers {
			if slices.Contains(item.Documents, paper.Ref) {
				symbols = append(symbols, paper.Symbol)
			}
		}
		title := document.Cell{Spans: []document.Span{{Text: p.text(item.Title)}, {Text: " – " + l.T("purpose."+item.Purpose, nil), Italic: true}}}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{cell(strconv.Itoa(item.Number)), title, cell(p.Names[item.Presenter]), cell(strings.Join(symbols, ", ")), cell(strconv.Itoa(item.Minutes))}})
	}
	return t
}

func (p Pack) actions() document.Block {
	l := p.locale()
	t := document.Table{Name: "actions", Columns: []document.Column{{Title: l.T("pack.item", nil), Weight: 3}, {Title: "", Weight: 1}, {Title: ""}}}
	for _, a := range p.Actions {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{cell(p.text(a.Text)), cell(p.Names[a.Owner]), cell(l.ShortDate(a.DueOn))}})
	}
	return t
}

func (p Pack) contents() document.Block {
	l := p.locale()
	t := document.Table{Name: "contents", Columns: []document.Column{{Title: l.T("pack.paper", nil)}, {Title: "", Weight: 1}, {Title: l.T("pack.language", nil)}, {Title: l.T("pack.page", nil), Align: document.AlignEnd}}}
	for _, paper := range p.Papers {
		page := "–"
		if paper.Divider > 0 {
			page = strconv.Itoa(paper.Divider)
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{cell(paper.Symbol), cell(p.text(paper.Title)), cell(paper.Language), cell(page)}})
	}
	return t
}

func (p Pack) manifest() document.Block {
	l := p.locale()
	t := document.Table{Name: "manifest", Note: l.T("pack.manifest-note", nil), Columns: []document.Column{{Title: l.T("pack.paper", nil)}, {Title: l.T("pack.language", nil)},
		{Title: l.T("pack.version", nil), Align: document.AlignEnd}, {Title: l.T("pack.pages", nil), Align: document.AlignEnd}, {Title: "SHA-256", Weight: 1}}}
	for _, paper := range p.Papers {
		if paper.SHA256 == "" {
			continue
		}
		pages := "–"
		if paper.Pages > 0 {
			pages = strconv.Itoa(paper.Pages)
		}
		sum := paper.SHA256
		if len(sum) == 64 {
			sum = sum[:32] + " " + sum[32:]
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{cell(paper.Symbol), cell(paper.Language), cell(strconv.Itoa(paper.Version)), cell(pages), cell(sum)}})
	}
	return t
}

// Divider is the page before a paper. It says why the paper does not follow where it does not.
func (p Pack) Divider(i int) document.Document {
	l, paper := p.locale(), p.Papers[i]
	d := document.Document{Meta: p.meta(paper.Symbol+" "+p.text(paper.Title), l.T("pack.page", nil)+" "+strconv.Itoa(paper.Divider))}
	d.Meta.Title, d.Meta.Subtitle = paper.Symbol, p.text(paper.Title)
	var blocks []document.Block
	for _, item := range p.Session.Agenda {
		if slices.Contains(item.Documents, paper.Ref) {
			blocks = append(blocks, document.Paragraph{Spans: []document.Span{{Text: l.T("pack.item", nil) + " " + strconv.Itoa(item.Number) + l.Labelled("", ""), Bold: true}, {Text: p.text(item.Title)}}})
		}
	}
	if paper.Language != "" && paper.Language != l.Language() && paper.Why == "" {
		blocks = append(blocks, document.Note{Tone: document.ToneWarn, Spans: []document.Span{{Text: l.T("pack.other-language", map[string]any{"language": paper.Language})}}})
	}
	if paper.Why != "" {
		var args map[string]any
		if paper.WhyLimit > 0 {
			args = map[string]any{"limit": l.Int(int64(paper.WhyLimit))}
		}
		blocks = append(blocks, document.Note{Tone: document.ToneWarn, Spans: []document.Span{{Text: l.T(paper.Why, args)}}})
	}
	d.Sections = []document.Section{{ID: "paper", Blocks: blocks}}
	return d
}
