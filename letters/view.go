package letters

import (
	"net/mail"
	"net/url"
	"strings"

	"secretariat/programme"
)

// view is what a template sees: words of the letter's language, made harmless for the place where they will stand.
type view struct {
	Name, Salutation string // Salutation as given: "Ms"
	Address          string // ms mr dr prof col excellency, "" for any other
	Sender, Mailbox  string
	Because          string // why the reader is written to: seat alternate delegate office council owner backup chair duty focal custodian subscription
	Session          *sessionView
	Action           *actionView
	Duty             *dutyView
	Update           *updateView
	Poll             *pollView
	Report           *reportView
}

type sessionView struct {
	Stem, Title, Council, Seat, Member string
	Start                              string // moment of the opening
	OldWhen                            string // what is no longer true
	Reason, ReplyBy, CorrectionsBy     string
	Record                             string // minutes, summary-record, report
	Online                             string // link for those who may have it, as Markdown
	Link                               bool   // the session can be joined online
	Hybrid, Confidential               bool
	InPlace, Accepted, Stale           bool
	NoticeBy, OwedOn                   string // of a letter that is late: the day of the rules, and that on which it was to leave
	Waived                             bool
	Notice                             *noticeView
}

type noticeView struct{ What, Who, Seat, Proposed, Comment, Deputy string }

type actionView struct {
	Owner, Decision, DueOn, Left, Late string
	Owned, Confidential                bool
}

type dutyView struct {
	Title, Session, Council, When, DueOn, Left, Late string
	Owner                                            string // whose duty it is, in a word
	Confidential, Escalated                          bool
}

type updateView struct {
	Count, AnswerBy string
	More            bool
}

type pollView struct {
	Stem, Until  string // Stem is the same in all letters of a poll
	Link, Secret bool
}

type reportView struct {
	Title, Subject, Period, AsOf, Number, SetUpBy, Unsubscribe, Run string
	Retry, Drop, AsIs, ReleaseAt                                    string
}

// view makes the words; esc makes a text harmless for the subject or for Markdown.
func (c *composer) view(esc func(string) string) *view {
	d := c.data
	sender := d.Programme.Sender
	if title := c.text(d.Programme.Title); title != "" || sender == "" {
		sender = c.l.Commas(c.l.T("letter.secretariat", nil), title)
	}
	v := &view{Name: esc(d.Recipient.Name), Salutation: esc(d.Recipient.Salutation), Address: address(d.Recipient.Salutation),
		Sender: esc(sender), Mailbox: mailbox(d.Programme.Email, esc), Because: c.because()}
	if d.Session != nil {
		v.Session = c.session(esc)
	}
	if a := d.Action; a != nil {
		v.Action = &actionView{Owner: esc(a.Owner), DueOn: esc(c.l.Date(a.DueOn)), Owned: a.Capacity == "" || a.Capacity == "owner",
			Left: c.until(a.Today, a.DueOn, esc), Late: c.until(a.DueOn, a.Today, esc), Confidential: a.Confidentiality == confidential}
		if !v.Action.Confidential {
			v.Action.Decision = esc(a.Decision)
		}
	}
	if t := d.Duty; t != nil {
		v.Duty = &dutyView{DueOn: esc(c.l.Date(t.DueOn)), Confidential: t.Confidentiality == confidential, Escalated: t.Escalated}
		if !v.Duty.Confidential {
			v.Duty.Title, v.Duty.Session, v.Duty.Council = esc(c.text(t.Title)), esc(c.text(t.Session)), esc(c.text(t.Council))
			v.Duty.Owner = esc(c.dutyOf(t.DutyOf))
			v.Duty.When, v.Duty.Left, v.Duty.Late = esc(c.moment(t.OpensAt, t.Zone)), c.until(t.Today, t.DueOn, esc), c.until(t.DueOn, t.Today, esc)
		}
	}
	if u := d.Update; u != nil {
		shown := c.activities()
		v.Update = &updateView{AnswerBy: c.date(u.AnswerBy, esc), More: u.More || len(shown) < len(u.Activities)}
		if len(shown) > 0 {
			v.Update.Count = esc(c.l.T("count.activities", map[string]any{"count": len(shown)}))
		}
	}
	if p := d.Poll; p != nil {
		v.Poll = &pollView{Stem: esc(shorten(line(c.pollTitle()), 105)), Link: p.URL != "", Secret: p.Secret}
		if !p.AnswerUntil.IsZero() {
			v.Poll.Until = esc(c.moment(p.AnswerUntil, p.Zone))
		}
	}
	if d.Report != nil {
		v.Report = c.report(esc)
	}
	return v
}

const confidential = "confidential"

func (c *composer) session(esc func(string) string) *sessionView {
	d := c.data.Session
	s := d.Session
	v := &sessionView{Stem: c.stem(esc), Start: esc(c.moment(s.OpensAt, d.Zone)), OldWhen: esc(c.moment(s.OpensAt, d.Zone)),
		ReplyBy: c.date(d.ReplyBy, esc), CorrectionsBy: c.date(d.CorrectionsBy, esc), Record: d.Record,
		Hybrid: s.Mode == "hybrid", Confidential: s.Confidentiality == confidential,
		Accepted: d.Answer == "accepted" && !d.Stale, Stale: d.Stale,
		NoticeBy: c.date(d.NoticeBy, esc), OwedOn: c.date(d.OwedOn, esc), Waived: d.Waived}
	if d.Before != nil {
		v.OldWhen = esc(c.moment(d.Before.OpensAt, d.Zone))
	}
	if n := d.Notice; n != nil {
		v.Notice = &noticeView{What: n.What, Who: esc(n.Who), Deputy: esc(n.Deputy)}
		if !v.Confidential {
			v.Notice.Seat, v.Notice.Proposed, v.Notice.Comment = esc(c.text(n.Seat)), esc(c.proposed(n.Proposed, d.Zone)), esc(n.Comment)
		}
	}
	if v.Confidential {
		return v
	}
	v.Title, v.Council, v.Seat, v.Member = esc(c.text(s.Title)), esc(c.text(d.Council)), esc(c.text(d.Seat)), esc(d.Member)
	v.Reason = esc(c.text(s.Reason))
	v.InPlace = d.Member != "" && (d.Capacity == "alternate" || d.Capacity == "delegate")
	v.Link = s.OnlineURL != "" && s.Mode != "in-person"
	if v.Link && c.kind == "join-link" && v.Accepted && d.Attends != "in-person" {
		v.Online = link(s.OnlineURL)
	}
	return v
}

// stem is the part of the subject that all letters of a session share, so that they stand together in a mailbox.
func (c *composer) stem(esc func(string) string) string {
	d := c.data.Session
	if d.Session.Confidentiality == confidential {
		return esc(c.l.T("letter.council-session", nil))
	}
	title, council := line(c.text(d.Session.Title)), line(c.text(d.Council))
	if room := 105 - len([]rune(title)); council != "" && room > 20 {
		title += " · " + shorten(council, room)
	}
	return esc(shorten(title, 105))
}

func (c *composer) report(esc func(string) string) *reportView {
	r := c.data.Report
	v := &reportView{Title: esc(r.Title), Subject: esc(r.Subject), SetUpBy: esc(r.SetUpBy), Run: esc(r.Run),
		Retry: esc(r.Retry), Drop: esc(r.Drop), AsIs: esc(r.AsIs)}
	if !r.ReleaseAt.IsZero() {
		v.ReleaseAt = esc(c.l.Moment(r.ReleaseAt, zone(r.Zone)))
	}
	if r.Number > 0 {
		v.Number = esc(c.l.Int(r.Number))
	}
	switch {
	case !r.Since.IsZero() && !r.Until.IsZero() && r.Since != r.Until:
		v.Period = esc(c.l.T("letter.period", map[string]any{"since": c.l.Date(r.Since), "until": c.l.Date(r.Until)}))
	case !r.Until.IsZero():
		v.Period = esc(c.l.Date(r.Until))
	}
	if !r.AsOf.IsZero() {
		v.AsOf = esc(c.l.Moment(r.AsOf, zone(r.Zone)))
	}
	if u, err := url.Parse(r.Unsubscribe); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		v.Unsubscribe = target(r.Unsubscribe)
	}
	return v
}

// dutyOf says whose duty something is, "" for nobody known.
func (c *composer) dutyOf(holders string) string {
	if id := "duty." + holders; c.l.Has(id) {
		return c.l.T(id, nil)
	}
	return ""
}

// because says why the reader is written to.
func (c *composer) because() string {
	d := c.data
	capacity := func(known ...string) string {
		given := ""
		switch {
		case d.Session != nil:
			given = d.Session.Capacity
		case d.Action != nil:
			given = d.Action.Capacity
		}
		for _, k := range known {
			if given == k {
				return k
			}
		}
		return known[0]
	}
	switch {
	case c.kind == "report-held":
		return "custodian"
	case c.kind == "address-dead":
		return "council"
	case d.Report != nil:
		return "subscription"
	case d.Poll != nil:
		return "council"
	case d.Update != nil:
		return "focal"
	case d.Duty != nil && d.Duty.Escalated:
		return "council"
	case d.Duty != nil:
		return "duty"
	case d.Action != nil:
		return capacity("owner", "backup", "chair")
	case d.Session.Session.Confidentiality == confidential:
		return "council"
	case len(d.Session.Seat) == 0:
		return "office"
	}
	return capacity("seat", "alternate", "delegate", "office")
}

// address is the form of address that a salutation stands for.
func address(salutation string) string {
	switch strings.ToLower(strings.Trim(salutation, ". ")) {
	case "ms", "mrs", "miss":
		return "ms"
	case "mr":
		return "mr"
	case "dr":
		return "dr"
	case "prof", "professor":
		return "prof"
	case "col", "colonel":
		return "col"
	case "h.e", "he", "excellency":
		return "excellency"
	}
	return ""
}

func (c *composer) date(d programme.Date, esc func(string) string) string {
	if d.IsZero() {
		return ""
	}
	return esc(c.l.Date(d))
}

// until writes the days from one day to a later one, "" where it is not later or not known.
func (c *composer) until(from, to programme.Date, esc func(string) string) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	return esc(c.days(to.Sub(from)))
}

// mailbox writes an address as a link; what is no plain address is not written.
func mailbox(email string, esc func(string) string) string {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || strings.ContainsAny(email, " <>()[]\\\"%?&") {
		return ""
	}
	return "[" + esc(email) + "](<mailto:" + email + ">)"
}

// link writes an address of the web as a link of Markdown; what is no such address stands as text.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return escape(address)
	}
	return "[" + escape(address) + "](" + target(address) + ")"
}

// target writes an address so that Markdown takes it whole.
func target(address string) string {
	return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\n", "%0A", "\r", "%0D", "\\", "%5C", "(", "%28", ")", "%29").Replace(address) + ">"
}
