package programme

import "time"

// Council is a standing body. Calendar names the holiday calendar of its working days.
type Council struct {
	Ref               string         `key:"ref"`
	Name              Text           `key:"name"`
	SeatCity          Text           `key:"seat_city"`
	Country           string         `key:"country"`
	Timezone          string         `key:"timezone"`
	Calendar          string         `key:"calendar"`
	Host              string         `key:"host,optional" ref:"organisations"`
	OfficialLanguages []string       `key:"official_languages"`
	WorkingLanguages  []string       `key:"working_languages"`
	Record            string         `key:"record" oneof:"minutes summary-record report"`
	Parent            string         `key:"parent,optional" ref:"councils"`
	Mandate           Mandate        `key:"mandate"`
	Seats             []Seat         `key:"seats"`
	Offices           []Office       `key:"offices"`
	Quorum            []QuorumRule   `key:"quorum"`
	Timetable         []LeadTimeRule `key:"timetable"`
	Reminders         []ReminderRule `key:"reminders"`
	Series            []Series       `key:"series,optional"`
	Sessions          []Session      `key:"sessions"`
	Source            string         `key:"source,optional"`
}

// Mandate is what established the council.
type Mandate struct {
	Title  Text   `key:"title"`
	Symbol string `key:"symbol,optional"`
	Source string `key:"source,optional"`
}

// Seat is a place in a council. Since and Until are the term of its Member, the last day included; Alternates go by rank.
type Seat struct {
	Ref          string   `key:"ref"`
	Label        Text     `key:"label"`
	Organisation string   `key:"organisation,optional" ref:"organisations"`
	Country      string   `key:"country,optional"`
	Voting       bool     `key:"voting"`
	Member       string   `key:"member,optional" ref:"people"`
	Since        Date     `key:"since,optional"`
	Until        Date     `key:"until,optional"`
	Alternates   []string `key:"alternates,optional" ref:"people"`
	Source       string   `key:"source,optional"`
}

// MemberOn returns the ref of the person who holds the seat on a day, "" when it is vacant.
func (s Seat) MemberOn(day Date) string {
	if !s.Since.IsZero() && day.Before(s.Since) || !s.Until.IsZero() && day.After(s.Until) {
		return ""
	}
	return s.Member
}

// Office is a function held by a person for a term, the last day included.
type Office struct {
	Kind   string `key:"kind" oneof:"chair vice-chair rapporteur secretary"`
	Person string `key:"person" ref:"people"`
	Since  Date   `key:"since,optional"`
	Until  Date   `key:"until,optional"`
	Source string `key:"source,optional"`
}

// HeldOn reports whether the term holds the day.
func (o Office) HeldOn(day Date) bool {
	return (o.Since.IsZero() || !day.Before(o.Since)) && (o.Until.IsZero() || !day.After(o.Until))
}

// QuorumRule says how many seats must be there, to open or to decide. Fraction is "1/3"; Strict means more than that.
type QuorumRule struct {
	Purpose           string   `key:"purpose" oneof:"open decide"`
	Fraction          string   `key:"fraction"`
	Strict            bool     `key:"strict"`
	Base              string   `key:"base" oneof:"voting-seats filled-voting-seats present"`
	NeedsOffice       []string `key:"needs_office,optional" oneof:"chair vice-chair rapporteur secretary"`
	SecondConvocation Span     `key:"second_convocation,optional"`
	Grace             Span     `key:"grace,optional"`
	Source            string   `key:"source,optional"`
}

// LeadTimeRule is one line of a convening timetable. Before or After is opening, closing or the ref of another rule.
type LeadTimeRule struct {
	Ref         string `key:"ref"`
	Title       Text   `key:"title"`
	Before      string `key:"before,optional"`
	After       string `key:"after,optional"`
	By          Span   `key:"by"`
	Roll        string `key:"roll" oneof:"none earlier later"`
	DutyOf      string `key:"duty_of" oneof:"secretary chair members host focal-points"`
	Hard        bool   `key:"hard"`
	DoneWhen    string `key:"done_when,optional" oneof:"session-tentative session-confirmed call-sent documents-submitted agenda-published documents-issued nominations-complete letters-issued all-replied actions-assigned record-circulated record-adopted"`
	Consequence Text   `key:"consequence,optional"`
	Source      string `key:"source,optional"`
}

// TimetableSet is a set of rules for convening a session, of a known body, which councils take over by name.
type TimetableSet struct {
	Title Text           `key:"title"`
	Rules []LeadTimeRule `key:"rules"`
}

// UsedTimetable stands in a council's timetable for the rules of a set, without some of them.
type UsedTimetable struct {
	Use     string   `key:"use"`
	Without []string `key:"without,optional"`
}

// ReminderRule says who is reminded when. Before or After is opening, closing, action-due or the ref of a lead time rule.
// LocalHour is the hour on the recipient's clock; nil means the moment itself when By is in hours, else 9.
type ReminderRule struct {
	Ref       string `key:"ref"`
	Title     Text   `key:"title"`
	Before    string `key:"before,optional"`
	After     string `key:"after,optional"`
	By        Span   `key:"by"`
	To        string `key:"to" oneof:"all-invited no-reply accepted duty-holder action-owner"`
	Template  string `key:"template" oneof:"hold-the-date invitation session-changed session-cancelled session-postponed session-reminder reply-request session-tomorrow join-link record-circulated action-due action-overdue duty-due update-request report nothing-to-report report-held"`
	LocalHour *int   `key:"local_hour,optional"`
	Grace     Span   `key:"grace,optional" default:"P1D"`
	Source    string `key:"source,optional"`
}

// Series keeps draft sessions ahead by a rule in words. LocalStart is "10:00" on the council's clock.
type Series struct {
	Ref        string `key:"ref"`
	Rule       string `key:"rule"`
	LocalStart string `key:"local_start"`
	Lasts      Span   `key:"lasts"`
	KeepAhead  int    `key:"keep_ahead"`
	Until      Date   `key:"until,optional"`
	Source     string `key:"source,optional"`
}

// Session is one numbered meeting of a council. Its ref is unique in the whole programme.
type Session struct {
	Ref             string       `key:"ref"`
	Number          int          `key:"number"`
	Kind            string       `key:"kind" oneof:"regular special resumed informal"`
	Title           Text         `key:"title"`
	State           string       `key:"state" oneof:"draft tentative confirmed postponed cancelled held closed"`
	Reason          Text         `key:"reason,optional"`
	Previously      []Previous   `key:"previously,optional"`
	OpensAt         time.Time    `key:"opens_at"`
	ClosesAt        time.Time    `key:"closes_at"`
	Mode            string       `key:"mode" oneof:"in-person online hybrid"`
	Venue           Text         `key:"venue,optional"`
	OnlineURL       string       `key:"online_url,optional"`
	Confidentiality string       `key:"confidentiality,optional" oneof:"public limited confidential" default:"public"`
	Agenda          []AgendaItem `key:"agenda"`
	Documents       []Document   `key:"documents,optional"`
	Replies         []Reply      `key:"replies,optional"`
	Attendance      []Attendance `key:"attendance,optional"`
	Decisions       []Decision   `key:"decisions,optional"`
	ActionItems     []ActionItem `key:"action_items,optional"`
	Source          string       `key:"source,optional"`
}

// AgendaItem is one point of an agenda; Documents are refs of the session's documents.
type AgendaItem struct {
	Ref       string   `key:"ref"`
	Number    int      `key:"number"`
	Title     Text     `key:"title"`
	Purpose   string   `key:"purpose" oneof:"information discussion decision election"`
	Minutes   int      `key:"minutes"`
	Presenter string   `key:"presenter,optional" ref:"people"`
	Documents []string `key:"documents,optional" ref:"documents"`
	Source    string   `key:"source,optional"`
}

// Document is a paper of a session. A language whose version has no IssuedOn is owed and not yet there.
type Document struct {
	Ref          string                     `key:"ref"`
	Symbol       string                     `key:"symbol"`
	Title        Text                       `key:"title"`
	Distribution string                     `key:"distribution" oneof:"general limited restricted"`
	Languages    map[string]DocumentVersion `key:"languages"`
	Source       string                     `key:"source,optional"`
}

// DocumentVersion is a document in one language.
type DocumentVersion struct {
	IssuedOn Date   `key:"issued_on,optional"`
	File     string `key:"file,optional"`
}

// Reply is an answer to an invitation, kept in order; the last one of a seat counts.
type Reply struct {
	Seat     string `key:"seat" ref:"seats"`
	Person   string `key:"person" ref:"people"`
	Answer   string `key:"answer" oneof:"accepted declined tentative delegated"`
	Mode     string `key:"mode,optional" oneof:"in-person online"`
	Date     Date   `key:"date"`
	Delegate string `key:"delegate,optional" ref:"people"`
	Source   string `key:"source,optional"`
}

// Attendance says who sat on a seat.
type Attendance struct {
	Seat   string `key:"seat" ref:"seats"`
	Person string `key:"person" ref:"people"`
	Mode   string `key:"mode" oneof:"in-person online"`
	Source string `key:"source,optional"`
}

// Decision is an adopted text; Item is the ref of the agenda item.
type Decision struct {
	Ref    string `key:"ref"`
	Number string `key:"number"`
	Item   string `key:"item" ref:"agenda"`
	Text   Text   `key:"text"`
	Method string `key:"method" oneof:"consensus vote silence"`
	Date   Date   `key:"date"`
	Source string `key:"source,optional"`
}

// ActionItem is a follow-up with one owner and one date.
type ActionItem struct {
	Ref      string `key:"ref"`
	Decision string `key:"decision,optional" ref:"decisions"`
	Text     Text   `key:"text"`
	Owner    string `key:"owner" ref:"people"`
	Backup   string `key:"backup,optional" ref:"people"`
	DueOn    Date   `key:"due_on"`
	DoneOn   Date   `key:"done_on,optional"`
	Evidence Text   `key:"evidence,optional"`
	Source   string `key:"source,optional"`
}
