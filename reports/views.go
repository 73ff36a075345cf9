package reports

import (
	"strings"

	"secretariat/reports/document"
	"secretariat/reports/prose"
)

// block shows a block. One function per view; a new view is one function and one line here and in views.
func (c *composer) block(b *Block) ([]document.Block, error) {
	if b.Kind == "changes" {
		return c.changesView(b)
	}
	r := c.result(b.Name)
	if r == nil || b.As == "none" {
		return nil, nil
	}
	if len(r.rows) == 0 && b.As != "table" {
		return c.empty(b), nil
	}
	var out document.Block
	var err error
	switch b.As {
	case "kpi":
		out = c.tiles(b, r)
	case "table":
		out = c.table(b, r)
	case "bars":
		out = c.bars(b, r)
	case "stacked":
		out = c.stacked(b, r)
	case "donut":
		out = c.donut(b, r)
	case "timeline":
		out = c.timeline(b, r)
	case "line", "area", "burnup":
		out = c.line(b, r)
	case "bullet":
		out = c.bullet(b, r)
	case "heat":
		out = c.heat(b, r)
	case "list":
		out, err = c.list(b, r)
	case "cards":
		out, err = c.cards(b, r)
	}
	if err != nil || out == nil {
		return nil, err
	}
	return []document.Block{out}, nil
}

// empty is what stands instead of a view without rows.
func (c *composer) empty(b *Block) []document.Block {
	words := c.optional(b, "if-empty")
	if words == "" {
		return nil
	}
	return []document.Block{document.Paragraph{Spans: prose.Spans(words)}}
}

func keepOf(b *Block) document.Keep {
	switch b.Options["keep"] {
	case "whole":
		return document.KeepWhole
	case "with-next":
		return document.KeepWithNext
	}
	return document.KeepNone
}

// list shows a row per item: the label "<block>.item" filled with the row, else its columns.
func (c *composer) list(b *Block, r *result) (document.Block, error) {
	l := document.List{Keep: keepOf(b)}
	item := c.w.label(b.Name + ".item")
	columns := c.columnsOf(b, r)
	for _, row := range r.rows {
		if item != nil {
			s, err := c.run(item, row.fields())
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, plainSpan(s, ""))
			continue
		}
		var parts []string
		for _, spec := range columns {
			parts = append(parts, c.format(spec, row[spec.Name], row))
		}
		l.Items = append(l.Items, plainSpan(strings.Join(parts, " · "), ""))
	}
	return l, nil
}

// cards shows a row per box: its day from the first date or moment, its title from "title", its lines from the labels
// "<block>.line1" to ".line5" filled with the row (empty ones left out), its pill from the first column of type rag,
// and "<block>.stress" as the line that must not be missed.
func (c *composer) cards(b *Block, r *result) (document.Block, error) {
	var out document.Cards
	for _, row := range r.rows {
		card := document.Card{Title: row.text("title")}
		c.cardDay(&card, b, r, row)
		for _, key := range []string{"title", "line1", "line2", "line3", "line4", "line5", "stress"} {
			t := c.w.label(b.Name + "." + key)
			if t == nil {
				continue
			}
			s, err := c.run(t, row.fields())
			switch {
			case err != nil:
				return nil, err
			case key == "title":
				card.Title = s
			case key == "stress":
				card.Stress = s
			case s != "":
				card.Lines = append(card.Lines, s)
			}
		}
		for _, spec := range c.columnsOf(b, r) {
			if spec.Type == "rag" && row[spec.Name] != nil {
				s := c.status(spec, row[spec.Name])
				card.Status = &s
				break
			}
		}
		out.Items = append(out.Items, card)
	}
	return out, nil
}

func (c *composer) cardDay(card *document.Card, b *Block, r *result, row record) {
	for _, spec := range c.columnsOf(b, r) {
		if spec.Type != "date" && spec.Type != "datetime" {
			continue
		}
		zone := c.in.Parameters.zone()
		if spec.Zone != "" {
			zone = location(row.text(spec.Zone), zone)
		}
		if d := row.day(spec.Name, zone); !d.IsZero() {
			card.Day, card.Month = c.l.Int(int64(d.Time().Day())), c.l.ShortMonthYear(d)
			return
		}
	}
}

func plainSpan(s, lang string) []document.Span {
	if s == "" {
		return nil
	}
	return []document.Span{{Text: s, Lang: lang}}
}
