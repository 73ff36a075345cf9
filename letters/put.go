package letters

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"secretariat/programme"
	"secretariat/reports/document"
)

// aside is what is said beside a text, in few words.
func (c *composer) aside(words ...string) document.Span {
	return document.Span{Text: " – " + c.l.Semicolons(words...), Italic: c.l.Italic()}
}

// put returns the blocks that a marker stands for. A marker whose data is absent, or above the reader's clearance, gives none.
func (c *composer) put(name string) ([]document.Block, error) {
	switch name {
	case "session":
		return c.sessionCard(true), nil
	case "cancelled":
		return c.sessionCard(false), nil
	case "change":
		return c.change(), nil
	case "agenda":
		return c.agenda(), nil
	case "papers":
		return c.papers(), nil
	case "decisions":
		return c.decisions(), nil
	case "actions":
		return c.actions(), nil
	case "action":
		return c.action(), nil
	case "duty":
		return c.duty(), nil
	case "activities":
		return c.activityTable(), nil
	case "options":
		return c.pollOptions(), nil
	case "cover":
		return c.cover(), nil
	case "attachments":
		return c.attachments(), nil
	case "faults":
		return c.faults(), nil
	}
	return nil, fmt.Errorf("there are no blocks named %q", name)
}

func spans(text string) []document.Span { return []document.Span{{Text: text}} }

func (c *composer) head(id string) document.Block {
	return document.Paragraph{Spans: []document.Span{{Text: c.l.T(id, nil), Bold: true}}, Keep: document.KeepWithNext}
}

// place writes where a session is held, in what form.
func (c *composer) place() (lines []string) {
	s := c.data.Session.Session
	mode := ""
	if slices.Contains([]string{"in-person", "online", "hybrid"}, s.Mode) {
		mode = c.l.T("mode."+s.Mode, nil)
	}
	if venue := c.text(s.Venue); venue != "" && s.Mode != "online" {
		lines = append(lines, venue)
	}
	if mode != "" {
		lines = append(lines, capital(mode))
	}
	return lines
}

// sessionCard is the box with a session's day, title, moment and place; without its day for one that will not be held.
func (c *composer) sessionCard(held bool) []document.Block {
	d := c.data.Session
	s := d.Session
	card := document.Card{Title: c.l.T("letter.council-session", nil)}
	if s.Confidentiality != confidential {
		card.Title = c.text(s.Title)
		if council := c.text(d.Council); council != "" {
			card.Lines = append(card.Lines, council)
		}
	}
	if held {
		local := s.OpensAt.In(zone(d.Zone))
		card.Day, card.Month = strconv.Itoa(local.Day()), c.l.ShortMonthYear(programme.DateOf(local, zone(d.Zone)))
		card.Lines = append(card.Lines, c.interval(s.OpensAt, s.ClosesAt, d.Zone))
		card.Lines = append(card.Lines, c.place()...)
	} else {
		card.Status = &document.Status{Word: c.l.T("session.state."+map[bool]string{true: "cancelled", false: "postponed"}[c.kind == "session-cancelled"], nil), Tone: document.ToneBad}
	}
	blocks := []document.Block{document.Cards{Items: []document.Card{card}}}
	if held && d.ReplyURL != "" {
		blocks = append(blocks, document.Paragraph{Spans: []document.Span{{Text: c.l.T("letter.reply-link", nil), Link: d.ReplyURL, Bold: true}}})
	}
	return blocks
}

// change sets what was beside what is, for what differs.
func (c *composer) change() []document.Block {
	d := c.data.Session
	if d.Before == nil {
		return nil
	}
	s, b := d.Session, d.Before
	t := document.Table{Name: "change", Columns: []document.Column{{Title: ""}, {Title: c.l.T("letter.before", nil), Weight: 1}, {Title: c.l.T("letter.now", nil), Weight: 1}}}
	row := func(id, before, now string) {
		if before != now && (before != "" || now != "") {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{{Spans: []document.Span{{Text: c.l.T(id, nil), Bold: true}}}, {Spans: spans(before)}, {Spans: []document.Span{{Text: now, Bold: true}}}}})
		}
	}
	before := c.l.T("letter.no-date", nil)
	if !b.OpensAt.IsZero() {
		before = c.interval(b.OpensAt, b.ClosesAt, d.Zone)
	}
	row("letter.when", before, c.interval(s.OpensAt, s.ClosesAt, d.Zone))
	row("letter.where", c.text(b.Venue), c.text(s.Venue))
	if known := []string{"in-person", "online", "hybrid"}; slices.Contains(known, b.Mode) && slices.Contains(known, s.Mode) {
		row("letter.mode", c.l.T("mode."+b.Mode, nil), c.l.T("mode."+s.Mode, nil))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{c.head("letter.change"), t}
}

func (c *composer) agenda() []document.Block {
	s := c.data.Session.Session
	if len(s.Agenda) == 0 || s.Confidentiality == confidential {
		return nil
	}
	t := document.Table{Name: "agenda", Columns: []document.Column{{Weight: 1}, {Align: document.AlignEnd}}}
	for _, item := range s.Agenda {
		text := []document.Span{{Text: strconv.Itoa(item.Number) + ". " + c.text(item.Title)}}
		var more []string
		if slices.Contains([]string{"information", "discussion", "decision", "election"}, item.Purpose) {
			more = append(more, c.l.T("purpose."+item.Purpose, nil))
		}
		if name := c.data.Session.Names[item.Presenter]; name != "" {
			more = append(more, name)
		}
		for _, p := range s.Documents {
			if slices.Contains(item.Documents, p.Ref) && c.mayRead(p.Distribution) {
				more = append(more, p.Symbol)
			}
		}
		if len(more) > 0 {
			text = append(text, c.aside(more...))
		}
		minutes := ""
		if item.Minutes > 0 {
			minutes = strings.ReplaceAll(c.l.T("count.minutes", map[string]any{"count": item.Minutes}), " ", "\u00a0")
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{{Spans: text}, {Spans: spans(minutes)}}})
	}
	return []document.Block{c.head("letter.agenda"), t}
}

// mayRead reports whether a paper may be named in this letter: restricted ones never travel.
func (c *composer) mayRead(distribution string) bool {
	switch distribution {
	case "general":
		return true
	case "limited":
		return c.data.Recipient.Clearance == "limited" || c.data.Recipient.Clearance == confidential
	}
	return false
}

func (c *composer) papers() []document.Block {
	s := c.data.Session.Session
	if s.Confidentiality == confidential {
		return nil
	}
	var l document.List
	for _, p := range s.Documents {
		if !c.mayRead(p.Distribution) {
			continue
		}
		var languages []string
		for lang, version := range p.Languages {
			if version.IssuedOn.IsZero() {
				lang += " – " + c.l.T("letter.papers-none-yet", nil)
			}
			languages = append(languages, lang)
		}
		slices.Sort(languages)
		text := []document.Span{{Text: p.Symbol, Bold: true}, {Text: " " + c.text(p.Title)}}
		if len(languages) > 0 {
			text = append(text, document.Span{Text: " (" + strings.Join(languages, ", ") + ")"})
		}
		l.Items = append(l.Items, text)
	}
	if len(l.Items) == 0 {
		return nil
	}
	return []document.Block{c.head("letter.papers"), l}
}

func (c *composer) decisions() []document.Block {
	s := c.data.Session.Session
	if len(s.Decisions) == 0 || s.Confidentiality == confidential {
		return nil
	}
	var l document.List
	for _, d := range s.Decisions {
		l.Items = append(l.Items, []document.Span{{Text: d.Number, Bold: true}, {Text: " " + c.text(d.Text)}})
	}
	return []document.Block{c.head("letter.decisions"), l}
}

func (c *composer) actions() []document.Block {
	s := c.data.Session.Session
	if len(s.ActionItems) == 0 || s.Confidentiality == confidential {
		return nil
	}
	var l document.List
	for _, a := range s.ActionItems {
		more := []string{c.l.T("letter.due", map[string]any{"date": c.l.Date(a.DueOn)})}
		if name := c.data.Session.Names[a.Owner]; name != "" {
			more = append([]string{name}, more...)
		}
		l.Items = append(l.Items, []document.Span{{Text: c.text(a.Text)}, c.aside(more...)})
	}
	return []document.Block{c.head("letter.actions"), l}
}

// capital makes the first letter great.
func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
