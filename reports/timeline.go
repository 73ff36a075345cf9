package reports

import (
	"time"

	"secretariat/programme"
	"secretariat/reports/document"
)

// timeline shows rows on a time axis of six months, two before the month of the as-of day. It reads the columns title,
// starts_on, due_on (a date or a moment), original_due_on, met_on, percent and rag, as far as they are there; a row
// without starts_on is a milestone.
func (c *composer) timeline(b *Block, r *result) document.Block {
	p := c.in.Parameters
	zone := p.dayZone()
	today := programme.DateOf(p.AsOf, zone).Time()
	first := time.Date(today.Year(), today.Month()-2, 1, 0, 0, 0, 0, time.UTC)
	out := document.Timeline{From: first, To: first.AddDate(0, 6, -1), Today: today}
	for i := range 6 {
		out.Months = append(out.Months, c.l.ShortMonth(first.AddDate(0, i, 0).Month()))
	}
	for _, id := range []string{"done", "planned", "original", "met", "missed"} {
		out.Legend = append(out.Legend, c.l.T("report.timeline."+id, nil))
	}
	var alt []string
	for _, row := range r.rows {
		one := c.timelineRow(b, row, zone)
		if one.To.IsZero() {
			continue
		}
		out.Rows = append(out.Rows, one)
		words := []string{c.l.Labelled(one.Label, one.Text)}
		if one.Status.Word != "" {
			words = append(words, one.Status.Word)
		}
		if one.Progress > 0 {
			words = append(words, c.percent(one.Progress*100, 0))
		}
		if !one.Original.IsZero() {
			words = append(words, c.l.T("report.timeline.original", nil)+" "+c.l.ShortDate(row.day("original_due_on", zone)))
		}
		alt = append(alt, c.l.Commas(words...))
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

func (c *composer) timelineRow(b *Block, row record, zone *time.Location) document.TimelineRow {
	due, start, original, met := row.day("due_on", zone), row.day("starts_on", zone), row.day("original_due_on", zone), row.day("met_on", zone)
	one := document.TimelineRow{Label: c.rowTitle(b, row), From: start.Time(), To: due.Time(), Milestone: start.IsZero(), Met: !met.IsZero(),
		Text: c.l.ShortDate(due)}
	if one.Met {
		one.To, one.Text = met.Time(), c.l.ShortDate(met)
	}
	if !original.IsZero() && original != due {
		one.Original = original.Time()
	}
	if s := share(row["percent"]); s != nil {
		one.Progress = min(s.Share, 1)
	}
	if v := row["rag"]; v != nil {
		spec := columnSpec{Name: "rag", Type: "rag"}
		for _, s := range b.Columns {
			if s.Name == "rag" {
				spec = s
			}
		}
		one.Status = c.status(spec, v)
	}
	return one
}
