package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"secretariat/acts"
	"secretariat/calendar"
	"secretariat/locale"
)

// pollView is the page on which a member answers a poll of dates, in the member's language and on the member's clock.
type pollView struct {
	*frame
	Saved, Refused, Open, Closed, Secret bool
	Council, Until, Name, When, State    string
	Options                              []optionView
}

type optionView struct {
	N                  int
	When, CouncilClock string
	Counts             string // "" where they are not shown
	Outside, Chosen    bool
	Choices            []answerChoice
}

// showPoll shows a poll and what the reader has answered. It records nothing.
func (h *house) showPoll(w http.ResponseWriter, r *http.Request) {
	page, err := h.acts.ShowPollPage(r.Context(), r.PathValue("token"))
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	v := newPollView(page)
	v.Saved = r.URL.Query().Has("saved") && v.Open
	h.show(w, http.StatusOK, "poll.html", v)
}

// poll records answers.
func (h *house) poll(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !readForm(w, r) {
		return
	}
	answers := map[int]string{}
	for name, values := range r.PostForm {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, "option-")); err == nil && strings.HasPrefix(name, "option-") && len(values) == 1 {
			answers[n] = values[0]
		}
	}
	err := h.acts.AnswerPollByLink(r.Context(), token, answers)
	h.answered(w, r, "/p/", err, errors.Is(err, acts.ErrRefused), "poll.html", func() (any, error) {
		page, err := h.acts.ShowPollPage(r.Context(), token)
		if err != nil {
			return nil, err
		}
		v := newPollView(page)
		v.Refused = v.Open // a poll that ended meanwhile says so by itself
		return v, nil
	})
}

func newPollView(p acts.PollPage) *pollView {
	l := locale.For(p.Person.Language)
	own, err := calendar.LoadZone(p.Person.Timezone)
	if err != nil {
		own = p.Zone
	}
	v := &pollView{frame: newFrame(l, p.Title, p.Info.Languages...), Open: p.Open, Closed: p.ClosedAt != nil, Secret: p.Hidden, Name: p.Person.Name,
		Until: l.Moment(p.AnswerUntil, own)}
	v.Council = v.text(p.Council.Name)
	if v.Title == "" || v.Title == p.Council.Name.In(p.Info.Languages...) {
		v.Title, v.Council = v.Council, ""
	}
	var chosen time.Time
	if p.Session != nil {
		s := p.Session.Session
		v.State = l.T("session.state."+strings.ReplaceAll(s.State, "_", "-"), nil)
		if s.State != "postponed" && s.State != "cancelled" {
			chosen, v.When = s.OpensAt, l.Interval(s.OpensAt, s.ClosesAt, own)
		}
	}
	for _, o := range p.Options {
		v.Options = append(v.Options, v.option(p, o, own, o.Starts.Equal(chosen)))
	}
	return v
}

func (v *pollView) option(p acts.PollPage, o acts.PollOptionState, own *time.Location, chosen bool) optionView {
	ends := o.Starts.Add(p.Lasts)
	view := optionView{N: o.N, When: v.locale.Interval(o.Starts, ends, own), Outside: p.Open && p.OutsideHours(o), Chosen: chosen}
	if v.locale.Elsewhere(o.Starts, own, p.Zone) != "" {
		view.CouncilClock = v.locale.Interval(o.Starts, ends, p.Zone)
	}
	var counts []string
	for _, answer := range []string{"yes", "if-need-be", "no"} {
		word := v.T("web.poll." + answer)
		if !p.Hidden && len(p.Answered) > 0 {
			counts = append(counts, word+"\u00a0"+v.locale.Int(int64(o.Count(answer))))
		}
		view.Choices = append(view.Choices, answerChoice{answer, word, p.Mine[o.N] == answer})
	}
	view.Counts = strings.Join(counts, " · ")
	return view
}
