package letters

import (
	"strconv"
	"strings"

	"secretariat/reports/document"
)

func (c *composer) action() []document.Block {
	a := c.data.Action
	if a.Confidentiality == confidential {
		return nil
	}
	blocks := []document.Block{document.Note{Tone: document.ToneAccent, Spans: spans(c.text(a.Text)), Keep: document.KeepWhole}}
	session := strings.Join(nonEmpty(c.text(a.Session), c.text(a.Council)), " · ")
	if a.Decision != "" {
		session = c.l.T("letter.decision", map[string]any{"number": a.Decision, "session": session})
	}
	if session != "" {
		blocks = append(blocks, document.Paragraph{Spans: spans(session)})
	}
	return blocks
}

func (c *composer) duty() []document.Block {
	d := c.data.Duty
	if d.Confidentiality == confidential {
		return nil
	}
	blocks := []document.Block{document.Note{Tone: document.ToneAccent, Spans: []document.Span{{Text: c.text(d.Title), Bold: true}}, Keep: document.KeepWhole}}
	var more []string
	if d.Source != "" {
		more = append(more, c.l.T("letter.rule", map[string]any{"source": d.Source}))
	}
	if text := c.text(d.Consequence); text != "" {
		more = append(more, c.l.T("letter.consequence", map[string]any{"text": text}))
	}
	for _, s := range more {
		blocks = append(blocks, document.Paragraph{Spans: spans(s)})
	}
	return blocks
}

// activities are those that a letter may name.
func (c *composer) activities() (shown []ActivityLine) {
	for _, a := range c.data.Update.Activities {
		limited := a.Confidentiality == "limited" && c.data.Recipient.Clearance != "" && c.data.Recipient.Clearance != "public"
		if a.Confidentiality == "" || a.Confidentiality == "public" || limited {
			shown = append(shown, a)
		}
	}
	return shown
}

func (c *composer) activityTable() []document.Block {
	t := document.Table{Name: "activities", Columns: []document.Column{{Title: c.l.T("letter.activity", nil), Weight: 1}, {Title: c.l.T("letter.due-head", nil)},
		{Title: c.l.T("letter.done", nil), Align: document.AlignEnd}}}
	for _, a := range c.activities() {
		due := document.Cell{Spans: spans(c.l.ShortDate(a.DueOn))}
		if today := c.data.Update.Today; !today.IsZero() && a.DueOn.Before(today) && !a.DueOn.IsZero() {
			due.Tone = document.ToneBad
			due.Spans = spans(c.l.Commas(c.l.ShortDate(a.DueOn), c.l.T("count.days-late", map[string]any{"count": today.Sub(a.DueOn)})))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			{Spans: []document.Span{{Text: c.text(a.Title)}, c.aside(c.l.Commas(a.Ref, c.text(a.Area)),
				c.l.T("letter.last-update", map[string]any{"date": c.l.ShortDate(a.LastUpdateOn)}))}}, due,
			{Spans: spans(c.l.Percent(strconv.Itoa(a.Percent)))}}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{t}
}

func (c *composer) cover() []document.Block { return c.data.Report.Cover }

func (c *composer) attachments() []document.Block {
	var files []string
	for _, a := range c.data.Report.Attachments {
		var more []string
		if a.Pages > 0 {
			more = append(more, c.l.T("count.pages", map[string]any{"count": a.Pages}))
		}
		if a.Bytes > 0 {
			more = append(more, c.l.Int((a.Bytes+1023)/1024)+"\u00a0kB")
		}
		name := a.Name
		if len(more) > 0 {
			name += " (" + c.l.Commas(more...) + ")"
		}
		files = append(files, name)
	}
	if len(files) == 0 {
		return nil
	}
	return []document.Block{document.Paragraph{Spans: spans(c.l.T("letter.attached", map[string]any{"files": c.l.Semicolons(files...)}))}}
}

func (c *composer) faults() []document.Block {
	if len(c.data.Report.Faults) == 0 {
		return nil
	}
	var l document.List
	for _, f := range c.data.Report.Faults {
		l.Items = append(l.Items, spans(f))
	}
	return []document.Block{l}
}

func nonEmpty(texts ...string) (out []string) {
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
