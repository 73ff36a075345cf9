package letters

import (
	"strconv"
	"strings"

	"secretariat/locale"
	"secretariat/reports/html"
)

// Event is what a session's entry in the reader's calendar says.
type Event struct{ Summary, Location, Description string }

// EventText writes the entry of data.Session in the reader's language. A confidential session is neutral:
// its entry has no title, agenda or papers. The link for joining is never part of it.
func EventText(language string, data Data) Event {
	c := &composer{kind: "invitation", l: locale.For(language), data: data}
	d := data.Session
	if d.Session.Confidentiality == confidential {
		return Event{Summary: c.l.T("letter.council-session", nil), Location: html.Clean(c.location())}
	}
	var b strings.Builder
	b.WriteString(html.Clean(c.text(d.Council)))
	if len(d.Session.Agenda) > 0 {
		b.WriteString("\n\n" + c.l.T("letter.agenda", nil))
	}
	for _, item := range d.Session.Agenda {
		b.WriteString("\n" + strconv.Itoa(item.Number) + ". " + html.Clean(c.text(item.Title)))
	}
	return Event{Summary: html.Clean(c.text(d.Session.Title)), Location: html.Clean(c.location()), Description: b.String()}
}

func (c *composer) location() string {
	s := c.data.Session.Session
	if s.Mode == "online" {
		return capital(c.l.T("mode.online", nil))
	}
	return c.text(s.Venue)
}

// DutyText writes the entry of data.Duty, a line of a convening timetable, in the reader's language: what is due, of which
// session, by which rule, and what follows when it is missed. That of a confidential session says that a duty is due.
func DutyText(language string, data Data) Event {
	c := &composer{kind: "duty-due", l: locale.For(language), data: data}
	d := data.Duty
	if d.Confidentiality == confidential {
		return Event{Summary: c.l.T("letter.council-session", nil)}
	}
	more := []string{c.text(d.Council), c.moment(d.OpensAt, d.Zone)}
	if d.Source != "" {
		more = append(more, c.l.T("letter.rule", map[string]any{"source": d.Source}))
	}
	if text := c.text(d.Consequence); text != "" {
		more = append(more, c.l.T("letter.consequence", map[string]any{"text": text}))
	}
	for i := range more {
		more[i] = html.Clean(more[i])
	}
	return Event{Summary: html.Clean(c.text(d.Title) + " – " + c.text(d.Session)), Description: strings.Join(more, "\n")}
}
