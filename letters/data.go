package letters

import (
	"time"

	"secretariat/programme"
	"secretariat/reports/document"
)

// Data is all that a letter may say. Recipient and Programme are always given; of the rest, what the kind needs:
//
//	hold-the-date invitation session-changed session-postponed session-cancelled
//	session-reminder reply-request session-tomorrow join-link record-circulated
//	reply-notice address-dead                                                     Session
//	action-due action-overdue                                                     Action
//	duty-due                                                                      Duty
//	update-request                                                                Update
//	poll poll-reminder                                                            Poll
//	report nothing-to-report report-held                                          Report
//
// Texts are programme values in all their languages: the letter takes the reader's. What the reader may not see is left out by
// the letter itself (confidential sessions are neutral, papers above the clearance are not named); acts need not cut anything.
type Data struct {
	Recipient Recipient
	Programme Programme
	Session   *SessionData
	Action    *ActionData
	Duty      *DutyData
	Update    *UpdateData
	Poll      *PollData
	Report    *ReportData
}

// Recipient is the reader of a letter.
type Recipient struct {
	Name       string
	Salutation string         // Ms Mr Dr Prof. Col. …, "" is neutral
	Language   string         // BCP 47
	Zone       *time.Location // the reader's clock; nil: the clock of the council or report
	Clearance  string         // public, limited or confidential; "" is public; a letter shows limited at most
}

// Programme is who writes.
type Programme struct {
	Title     programme.Text
	Languages []string // of the programme, the first one last resort for texts that the reader's language lacks
	Sender    string   // signs where the programme has no title; else letters are signed "Secretariat, <title>" in their language
	Email     string   // the mailbox of the secretariat that reads answers; "" is not printed
}

// SessionData is a session as one reader's letter shows it.
type SessionData struct {
	Council         programme.Text
	Zone            *time.Location    // the council's clock
	Session         programme.Session // Agenda, Documents, Reason, OnlineURL, Confidentiality … as they stand now
	Names           map[string]string // by ref: presenters of the agenda, owners of action items
	Seat            programme.Text    // label of the reader's seat; nil for none
	Capacity        string            // member, alternate (acts for the member who declined), delegate, office; "" is member
	Member          string            // name of the member in whose place an alternate or delegate is written to
	Answer          string            // the seat's current answer: accepted declined tentative delegated, "" for none
	Attends         string            // mode of an accepted answer: in-person, online, "" not said
	Stale           bool              // the answer was given before the last material change
	Before          *Before           // session-changed, and postponed or cancelled where known: what stood before
	ReplyBy         programme.Date    // last day to answer; zero: not said
	Record          string            // council's kind of record: minutes, summary-record or report
	CorrectionsBy   programme.Date    // record-circulated: last day for corrections; zero: not said
	AlreadyReminded bool              // the invitation went out earlier, this is a further letter
	ReplyURL        string            // page on which the reader answers, "" for none
	Notice          *Notice           // reply-notice, address-dead
	NoticeBy        programme.Date    // of a notice that is late: the day by which the rules ask for it; zero: in time
	Waived          bool              // the chair has waived that day
	OwedOn          programme.Date    // the day on which a letter was to leave that leaves late; zero: in time
}

// Notice tells the secretary of an answer that a person must look at, or the secretary and an alternate of a member whose
// address is dead.
type Notice struct {
	What     string // delegate-declined, counter, refused; deputy or secretary: whom the letter about a dead address goes to
	Who      string // name of the one who answered, or cannot be reached
	Seat     programme.Text
	Proposed string // counter: the moment proposed, as the calendar program wrote it
	Comment  string // counter: words that came with it
	Deputy   string // address-dead: name of the alternate who is told, "" for none
}

// Before is what a session was before a change.
type Before struct {
	OpensAt, ClosesAt time.Time
	Mode              string
	Venue             programme.Text
}

// ActionData is an action item whose day is near or past.
type ActionData struct {
	Council         programme.Text
	Session         programme.Text // title of the session that decided it
	Confidentiality string         // that of the session
	Decision        string         // number of the decision, "" for none
	Text            programme.Text
	DueOn           programme.Date
	Today           programme.Date // the reader's day: days left or late are counted from it
	Owner           string         // name
	Capacity        string         // owner, backup or chair; "" is owner
}

// DutyData is a line of a convening timetable that the reader owes.
type DutyData struct {
	Council         programme.Text
	Zone            *time.Location // the council's clock
	Session         programme.Text
	Confidentiality string // that of the session
	OpensAt         time.Time
	Title           programme.Text // of the rule
	DueOn           programme.Date
	Today           programme.Date // the reader's day
	DutyOf          string         // secretary chair members host focal-points
	Escalated       bool           // the reader is told because those who owe it have not done it
	Hard            bool
	Consequence     programme.Text
	Source          string // clause that sets the period
}

// UpdateData asks a focal point for news of activities.
type UpdateData struct {
	Activities []ActivityLine // those that the reader may see by mail
	More       bool           // there are others, which are not named in a letter
	AnswerBy   programme.Date // zero: not said
	Today      programme.Date // the reader's day
}

// ActivityLine is an activity in an update-request. Confidentiality above limited is left out by the letter, which then sets More.
type ActivityLine struct {
	Ref             string
	Title           programme.Text
	Area            programme.Text
	Percent         int
	DueOn           programme.Date
	LastUpdateOn    programme.Date // zero: never
	Confidentiality string
}

// PollData asks which of some dates suit the reader.
type PollData struct {
	Council     programme.Text
	Title       string         // as the secretary wrote it; "": the council's name says enough
	Zone        *time.Location // the council's clock
	Options     []PollOption
	AnswerUntil time.Time // zero: not said
	Secret      bool      // nobody sees the answers before the poll is closed
	URL         string    // page on which the reader answers, "" for none
}

// PollOption is a date proposed.
type PollOption struct{ Starts, Ends time.Time }

// ReportData is a report that is sent, had nothing to say, or is held.
type ReportData struct {
	Name         string           // of the definition: weekly-progress
	Title        string           // in the letter's language
	Number       int64            // report number; 0 for none
	Subject      string           // of the letter, as the report composed it; "" makes one from Title and the period
	Language     string           // of the rendering attached
	Since, Until programme.Date   // the period, the last day included; zero: not said
	AsOf         time.Time        // zero: not said
	Zone         *time.Location   // clock of AsOf
	Cover        []document.Block // the letter's body as the report composed it, in Language; nil for a plain letter
	Attachments  []AttachmentLine
	Mark         string   // distribution mark of the rendering, "" for none
	Role         string   // role by which the reader is subscribed, "" when by name
	SetUpBy      string   // who set the subscription up, "" for the secretariat
	Unsubscribe  string   // https address of the page that ends the subscription, "" for none
	Faults       []string // report-held: what failed, "file:line: what"
	Run          string   // report-held: how the run is named on the command line
	// report-held: the commands that make the report again, leave the faulty sections out, send it as it is; "" for one
	// that cannot help
	Retry, Drop, AsIs string
	ReleaseAt         time.Time // report-held: a draft for review is released by itself then; zero: it is no draft
}

// AttachmentLine is a file that goes with a letter.
type AttachmentLine struct {
	Name  string
	Pages int   // 0: not said
	Bytes int64 // 0: not said
}
