package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"secretariat/acts"
	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
)

// replyView is the page on which a member answers an invitation, in the member's language.
type replyView struct {
	*frame
	Saved, Refused, Open, Neutral, LinkLater         bool
	Council, State, Reason, When, YourClock, Earlier string
	Where, Mode, ReplyBy, Name                       string
	Seats                                            []seatView
	Agenda                                           []agendaLine
	Papers                                           []paperLine
}

type seatView struct {
	Ref, Label, InPlace, Given string
	Pressing                   bool // the answer is missing or out of date
	Choices                    []answerChoice
}

type answerChoice struct {
	Value, Text string
	Chosen      bool
}

type agendaLine struct {
	Number      int
	Title, More string
}

type paperLine struct {
	Symbol, Title, Languages string
	Missing                  bool
}

// showReply shows the invitation and what the reader has answered. It records nothing.
func (h *house) showReply(w http.ResponseWriter, r *http.Request) {
	page, err := h.acts.ShowReplyPage(r.Context(), r.PathValue("token"))
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	v := newReplyView(page)
	v.Saved = r.URL.Query().Has("saved") && v.Open
	h.show(w, http.StatusOK, "reply.html", v)
}

// reply records an answer.
func (h *house) reply(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !readForm(w, r) {
		return
	}
	_, err := h.acts.AnswerByLink(r.Context(), token, r.PostForm.Get("seat"), r.PostForm.Get("answer"))
	var refused *acts.ReplyError
	h.answered(w, r, "/r/", err, errors.As(err, &refused), "reply.html", func() (any, error) {
		page, err := h.acts.ShowReplyPage(r.Context(), token)
		if err != nil {
			return nil, err
		}
		v := newReplyView(page)
		v.Refused = true
		return v, nil
	})
}

// answered ends the recording of an answer by link: the page says what was refused, else the browser is sent to the page
// by an address of its own, below prefix, so that loading it anew sends nothing.
func (h *house) answered(w http.ResponseWriter, r *http.Request, prefix string, err error, refused bool, name string, again func() (any, error)) {
	if refused {
		var v any
		if v, err = again(); err == nil {
			h.show(w, http.StatusUnprocessableEntity, name, v)
			return
		}
	}
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	h.log.Info("a member answered by link", "page", name)
	http.Redirect(w, r, prefix+url.PathEscape(r.PathValue("token"))+"?saved", http.StatusSeeOther)
}

// readForm reads a form, or answers why it cannot be read.
func readForm(w http.ResponseWriter, r *http.Request) bool {
	err := r.ParseForm()
	if err == nil {
		return true
	}
	status := http.StatusBadRequest
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		status = http.StatusRequestEntityTooLarge
	}
	http.Error(w, "The form could not be read.", status)
	return false
}

func newReplyView(p acts.ReplyPage) *replyView {
	l := locale.For(p.Person.Language)
	m := p.Meeting
	s := m.Session
	v := &replyView{frame: newFrame(l, "", p.Info.Languages...), Open: p.Open, Neutral: p.Neutral, Name: p.Person.Name}
	v.Title = l.T("letter.council-session", nil)
	if !p.Neutral {
		v.Title, v.Council, v.Reason = v.text(s.Title), v.text(m.Council.Name), v.text(s.Reason)
		if v.Title == "" {
			v.Title = l.T("letter.council-session", nil)
		}
	}
	v.moments(p)
	if s.Mode != "online" {
		v.Where = v.text(s.Venue)
	}
	v.Mode = l.T("mode."+s.Mode, nil)
	v.LinkLater = s.Mode != "in-person"
	if !p.ReplyBy.IsZero() {
		v.ReplyBy = l.Date(p.ReplyBy)
	}
	for _, seat := range p.Seats {
		v.Seats = append(v.Seats, v.seat(p, seat))
	}
	if !p.Neutral {
		v.matters(s)
	}
	return v
}

// moments writes the date on the council's clock and, where it shows another time, on the reader's; a postponed session
// has none, and an earlier date is marked as no longer valid.
func (v *replyView) moments(p acts.ReplyPage) {
	s, zone := p.Meeting.Session, p.Meeting.Zone()
	lost := s.State == meetings.Postponed || s.State == meetings.Cancelled
	if s.State != meetings.Tentative && s.State != meetings.Confirmed || !p.Open {
		v.State = v.locale.T("session.state."+strings.ReplaceAll(s.State, "_", "-"), nil)
	}
	when := v.locale.Interval(s.OpensAt, s.ClosesAt, zone)
	if lost {
		v.Earlier = when
		return
	}
	v.When = when
	if own, err := time.LoadLocation(p.Person.Timezone); err == nil && v.locale.Elsewhere(s.OpensAt, zone, own) != "" {
		v.YourClock = v.locale.Interval(s.OpensAt, s.ClosesAt, own)
	}
	if n := len(s.Previously); n > 0 {
		v.Earlier = v.locale.Interval(s.Previously[n-1].OpensAt, s.Previously[n-1].ClosesAt, zone)
	}
}

func (v *replyView) seat(p acts.ReplyPage, s acts.ReplySeat) seatView {
	l := v.locale
	seat := seatView{Ref: s.Seat.Ref, Label: v.text(s.Seat.Label), Pressing: p.Open && (s.Given == nil || s.Stale)}
	if p.Neutral {
		seat.Label = l.T("letter.council-session", nil)
	}
	if s.MemberName != "" {
		seat.InPlace = l.T("web.reply.in-place", map[string]any{"name": s.MemberName})
	}
	chosen := ""
	if g := s.Given; g != nil && !s.Stale {
		chosen = g.Answer
		switch {
		case g.Delegate != "":
			chosen = "delegate:" + g.Delegate
		case g.Mode != "":
			chosen = g.Mode
		}
	}
	for _, c := range choicesOf(p.Meeting.Session.Mode) {
		seat.Choices = append(seat.Choices, answerChoice{c, l.T("web.reply."+c, nil), c == chosen})
	}
	for _, a := range s.Alternates {
		value := "delegate:" + a.Ref
		seat.Choices = append(seat.Choices, answerChoice{value, l.T("web.reply.delegate", map[string]any{"name": a.Name}), value == chosen})
	}
	switch {
	case s.Given == nil && p.Open:
		seat.Given = l.T("web.reply.none", nil)
	case s.Given == nil:
	case s.Stale && p.Open: // nobody is asked to answer again where no answer is taken
		seat.Given = l.T("web.reply.stale", map[string]any{"answer": v.answer(s)})
	default:
		seat.Given = l.T("web.reply.given", map[string]any{"date": l.Date(s.Given.Date), "answer": v.answer(s)})
	}
	return seat
}

// choicesOf are the answers to a session of a mode, delegates aside.
func choicesOf(mode string) []string {
	yes := map[string][]string{"in-person": {"in-person"}, "online": {"online"}, "hybrid": {"in-person", "online"}}[mode]
	return append(slices.Clone(yes), "tentative", "declined")
}

// answer writes what the reader answered.
func (v *replyView) answer(s acts.ReplySeat) string {
	switch {
	case s.Delegate != "":
		return v.locale.T("web.reply.delegate", map[string]any{"name": s.Delegate})
	case s.Given.Mode != "":
		return v.locale.T("web.reply."+s.Given.Mode, nil)
	}
	return v.locale.T("web.reply."+s.Given.Answer, nil)
}

// matters lists the agenda and the papers that a page may name: restricted ones are not on it.
func (v *replyView) matters(s programme.Session) {
	for _, item := range s.Agenda {
		more := []string{v.locale.T("purpose."+item.Purpose, nil)}
		if item.Minutes > 0 {
			more = append(more, strings.ReplaceAll(v.locale.T("count.minutes", map[string]any{"count": item.Minutes}), " ", "\u00a0"))
		}
		v.Agenda = append(v.Agenda, agendaLine{item.Number, v.text(item.Title), strings.Join(more, " · ")})
	}
	for _, d := range s.Documents {
		if d.Distribution == "restricted" {
			continue
		}
		var there []string
		for language, version := range d.Languages {
			if !version.IssuedOn.IsZero() {
				there = append(there, language)
			}
		}
		slices.Sort(there)
		_, owed := d.Languages[v.Language]
		v.Papers = append(v.Papers, paperLine{d.Symbol, v.text(d.Title), strings.Join(there, ", "), owed && !slices.Contains(there, v.Language)})
	}
}
