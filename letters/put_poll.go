package letters

import "secretariat/reports/document"

// pollTitle is what a poll is for.
func (c *composer) pollTitle() string {
	p := c.data.Poll
	for _, title := range []string{p.Title, c.text(p.Council)} {
		if title != "" {
			return title
		}
	}
	return c.l.T("letter.council-session", nil)
}

// pollOptions lists the dates of a poll on the council's clock and on the reader's, and links to the page on which the reader answers.
func (c *composer) pollOptions() []document.Block {
	p := c.data.Poll
	card := document.Card{Title: c.pollTitle()}
	if council := c.text(p.Council); council != card.Title && council != "" {
		card.Lines = append(card.Lines, council)
	}
	blocks := []document.Block{document.Cards{Items: []document.Card{card}}}
	if len(p.Options) > 0 {
		var l document.List
		for _, o := range p.Options {
			l.Items = append(l.Items, spans(c.interval(o.Starts, o.Ends, p.Zone)))
		}
		blocks = append(blocks, c.head("letter.poll-options"), l)
	}
	if p.URL != "" {
		blocks = append(blocks, document.Paragraph{Spans: []document.Span{{Text: c.l.T("letter.poll-link", nil), Link: p.URL, Bold: true}}})
	}
	return blocks
}
