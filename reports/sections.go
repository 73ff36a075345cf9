package reports

import (
	"secretariat/reports/document"
	"secretariat/reports/prose"
)

func (c *composer) document() (document.Document, error) {
	doc := document.Document{Meta: c.meta()}
	led := false
	for i, s := range c.d.Sections {
		if c.leftOut(s) || c.d.cutOut(s, c.in.Cut) {
			continue
		}
		section, err := c.section(s)
		if err != nil {
			return doc, err
		}
		if s.Level == 1 {
			doc.Meta.Title, doc.Meta.Subtitle = section.Title, section.Aside
			section.Title, section.Aside = "", ""
		}
		led = led || lead(section.Blocks)
		if (i == 0 || s.Level == 1) && len(section.Blocks) == 0 {
			continue
		}
		doc.Sections = append(doc.Sections, section)
	}
	return doc, nil
}

// leftOut reports whether skip-if leaves out all blocks of a section: its prose goes with them.
func (c *composer) leftOut(s *Section) bool {
	blocks, skipped := 0, 0
	for _, part := range s.Parts {
		if part.Block != nil {
			blocks++
			if c.d.skipped(part.Block, c.in.Parameters) {
				skipped++
			}
		}
	}
	return blocks > 0 && blocks == skipped
}

// lead marks the opening paragraph of page 1 and reports whether there was one.
func lead(blocks []document.Block) bool {
	for i, b := range blocks {
		if p, ok := b.(document.Paragraph); ok {
			p.Lead = true
			blocks[i] = p
			return true
		}
	}
	return false
}

// issue is what the head of each page says beside the programme: the foot has the moment already.
func (c *composer) issue() string {
	if c.d.Period == noPeriod {
		return c.title()
	}
	return c.title() + " · " + c.period()
}

func (c *composer) meta() document.Meta {
	p, t := c.in.Parameters, func(id string) string { return c.l.T(id, nil) }
	m := document.Meta{
		Title: c.title(), Programme: p.Programme.Code, Issue: c.issue(), Language: c.lang,
		Subject: c.programmeTitle(), Author: p.Programme.Code, PageLabel: t("report.page"), Contents: t("report.contents"),
		Continued: t("report.continued"), Today: t("report.today"), Unshown: t("report.unshown"), Notes: t("report.notes"), AsOf: p.AsOf, RightToLeft: c.l.RightToLeft(),
		Foot: c.l.T("report.as-of", map[string]any{"moment": c.l.Moment(p.AsOf, p.zone())}),
	}
	if c.in.Number > 0 {
		m.Foot += numberLine(c.l, c.in.Number)
	}
	if p.Clearance == "limited" || p.Clearance == "confidential" {
		m.Mark = t("mark." + p.Clearance)
	}
	return m
}

func (c *composer) section(s *Section) (document.Section, error) {
	title, aside := c.w.heading(s)
	out := document.Section{ID: s.ID, Level: max(s.Level-1, 0)}
	var err error
	if out.Title, err = c.run(title, nil); err != nil && !c.in.Cut.AsIs {
		return out, err
	}
	if out.Aside, err = c.run(aside, nil); err != nil && !c.in.Cut.AsIs {
		return out, err
	}
	runs := 0
	for _, part := range s.Parts {
		var blocks []document.Block
		if part.Prose != nil {
			blocks, err = c.prose(c.w.prose(s, runs, part.Prose))
			runs++
		} else if !c.d.skipped(part.Block, c.in.Parameters) {
			if blocks, err = c.block(part.Block); err == nil {
				blocks = append(blocks, c.shortNotes(part.Block)...)
			}
		}
		failed := err != nil || part.Block != nil && c.failed[part.Block.Name] && part.Block.As != "none"
		if err != nil && !c.in.Cut.AsIs {
			return out, err
		}
		if failed {
			before := out.Blocks
			if len(blocks) > 0 && err == nil { // changes of which only some could be found
				before = blocks
			}
			blocks = append(blocks, c.missing(before)...)
		}
		if part.Block != nil && len(blocks) > 0 {
			introduce(out.Blocks)
		}
		out.Blocks = append(out.Blocks, c.spanned(part.Block, blocks)...)
	}
	out.Blocks = sideBySide(out.Blocks)
	return out, nil
}

// introduce keeps the paragraph before a block with it.
func introduce(blocks []document.Block) {
	if n := len(blocks); n > 0 {
		if p, ok := blocks[n-1].(document.Paragraph); ok {
			p.Keep = document.KeepWithNext
			blocks[n-1] = p
		}
	}
}

func (c *composer) prose(t *text) ([]document.Block, error) {
	s, err := c.run(t, nil)
	if err != nil {
		return nil, err
	}
	blocks, err := prose.Blocks(s)
	if err != nil {
		return nil, t.place.fault(err.Error())
	}
	return blocks, nil
}

// spanned marks the blocks of a block with span= for sideBySide.
func (c *composer) spanned(b *Block, blocks []document.Block) []document.Block {
	if b == nil || len(blocks) == 0 {
		return blocks
	}
	if n, ok := integer(b.Options["span"]); ok {
		return []document.Block{document.Columns{Items: []document.ColumnItem{{Span: n, Blocks: blocks}}}}
	}
	return blocks
}

// sideBySide joins neighbours with span= as far as they fit on the grid of 12.
func sideBySide(blocks []document.Block) []document.Block {
	var out []document.Block
	for _, b := range blocks {
		one, ok := b.(document.Columns)
		if last := len(out) - 1; ok && last >= 0 {
			if before, ok := out[last].(document.Columns); ok && width(before)+width(one) <= 12 {
				before.Items = append(before.Items, one.Items...)
				out[last] = before
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

func width(c document.Columns) int {
	n := 0
	for _, item := range c.Items {
		n += item.Span
	}
	return n
}
