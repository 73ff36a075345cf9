package programme

import "time"

// Programme is all that a programme file says and all that the database knows of the programme itself.
// Lists keep the order of the file; objects point at each other by ref.
type Programme struct {
	Info          Info           `key:"programme"`
	Organisations []Organisation `key:"organisations,optional"`
	People        []Person       `key:"people,optional"`
	Agreements    []Agreement    `key:"agreements,optional"`
	Pillars       []Pillar       `key:"pillars,optional"`
	Areas         []Area         `key:"areas,optional"`
	Results       []Result       `key:"results,optional"`
	Indicators    []Indicator    `key:"indicators,optional"`
	Activities    []Activity     `key:"activities,optional"`
	Contributions []Contribution `key:"contributions,optional"`
	Events        []Event        `key:"events,optional"`
	Publications  []Publication  `key:"publications,optional"`
	Risks         []Risk         `key:"risks,optional"`
	Councils      []Council      `key:"councils,optional"`
	Holidays      []Holiday      `key:"holidays,optional"`
	Subscriptions []Subscription `key:"subscriptions,optional"`
	Schedules     []Schedule     `key:"schedules,optional"`
}

// Info is what a programme says of itself. Languages[0] is the programme's first language; Timezone decides what day it is;
// Calendar names the holiday calendar that its schedules keep.
type Info struct {
	Code      string   `key:"code"`
	Title     Text     `key:"title"`
	Timezone  string   `key:"timezone"`
	Languages []string `key:"languages"`
	Currency  string   `key:"currency"`
	StartedOn Date     `key:"started_on"`
	Calendar  string   `key:"calendar,optional"`
	Source    string   `key:"source,optional"`
}

// Organisation is a body that takes part.
type Organisation struct {
	Ref     string `key:"ref"`
	Name    Text   `key:"name"`
	Kind    string `key:"kind" oneof:"think-tank government un-entity international-organisation regional-organisation civil-society donor academia"`
	Country string `key:"country,optional"`
	City    string `key:"city,optional"`
	Source  string `key:"source,optional"`
}

// Person is somebody who receives letters, holds a seat or answers for work. Weekend holds "mon" … "sun".
type Person struct {
	Ref          string   `key:"ref"`
	Name         string   `key:"name"`
	Salutation   string   `key:"salutation,optional"`
	Organisation string   `key:"organisation" ref:"organisations"`
	Email        string   `key:"email"`
	Language     string   `key:"language"`
	Timezone     string   `key:"timezone"`
	Country      string   `key:"country,optional"`
	Roles        []string `key:"roles" oneof:"secretary focal-point stakeholder officer chair-office"`
	Weekend      []string `key:"weekend,optional" oneof:"mon tue wed thu fri sat sun"`
	WorkHours    string   `key:"work_hours,optional"`
	Clearance    string   `key:"clearance,optional" oneof:"public limited confidential"`
	Active       bool     `key:"active,optional" default:"true"`
	Source       string   `key:"source,optional"`
}

// Agreement is a text that the parties adopted or signed; Implements is the one above it.
type Agreement struct {
	Ref        string   `key:"ref"`
	Kind       string   `key:"kind" oneof:"strategy resolution memorandum roadmap joint-action-plan declaration annex"`
	Title      Text     `key:"title"`
	Edition    string   `key:"edition,optional"`
	Parties    []string `key:"parties" ref:"organisations"`
	SignedOn   Date     `key:"signed_on,optional"`
	AdoptedOn  Date     `key:"adopted_on,optional"`
	Place      Text     `key:"place,optional"`
	ValidFrom  Date     `key:"valid_from,optional"`
	ValidUntil Date     `key:"valid_until,optional"`
	Implements string   `key:"implements,optional" ref:"agreements"`
	Symbol     string   `key:"symbol,optional"`
	Source     string   `key:"source,optional"`
}

// Pillar is one of the pillars of the Strategy (I to IV).
type Pillar struct {
	Ref    string `key:"ref"`
	Title  Text   `key:"title"`
	Source string `key:"source,optional"`
}

// Area is an area of cooperation named by an agreement.
type Area struct {
	Ref       string   `key:"ref"`
	Title     Text     `key:"title"`
	Agreement string   `key:"agreement" ref:"agreements"`
	Pillars   []string `key:"pillars" ref:"pillars"`
	Source    string   `key:"source,optional"`
}

// Result is an impact, outcome or output (OECD-DAC); Parent is the result that it serves.
type Result struct {
	Ref    string `key:"ref"`
	Level  string `key:"level" oneof:"impact outcome output"`
	Title  Text   `key:"title"`
	Area   string `key:"area" ref:"areas"`
	Parent string `key:"parent,optional" ref:"results"`
	Source string `key:"source,optional"`
}

// Indicator measures a result.
type Indicator struct {
	Ref        string            `key:"ref"`
	Result     string            `key:"result" ref:"results"`
	Title      Text              `key:"title"`
	Unit       Text              `key:"unit"`
	Direction  string            `key:"direction" oneof:"up down"`
	Cumulative bool              `key:"cumulative,optional"`
	Baseline   Baseline          `key:"baseline"`
	Periods    []IndicatorPeriod `key:"periods"`
	Source     string            `key:"source,optional"`
}

// Baseline is the value before the programme.
type Baseline struct {
	Value Decimal `key:"value"`
	Year  int     `key:"year"`
}

// IndicatorPeriod is the target and the reported value of one period; To is its last day.
type IndicatorPeriod struct {
	From   Date    `key:"from"`
	To     Date    `key:"to"`
	Target Decimal `key:"target"`
	Actual Decimal `key:"actual,optional"`
	Status string  `key:"status" oneof:"draft submitted returned approved"`
	Note   Text    `key:"note,optional"`
	Source string  `key:"source,optional"`
}

// Activity is work done under an area of cooperation. Percent is 0 to 100.
type Activity struct {
	Ref             string      `key:"ref"`
	Title           Text        `key:"title"`
	Area            string      `key:"area" ref:"areas"`
	Result          string      `key:"result,optional" ref:"results"`
	Kind            string      `key:"kind" oneof:"joint-project research training workshop conference briefing publication assessment"`
	Lead            string      `key:"lead" ref:"organisations"`
	FocalPoint      string      `key:"focal_point" ref:"people"`
	Status          string      `key:"status" oneof:"pipeline implementation finalisation closed cancelled suspended"`
	StartsOn        Date        `key:"starts_on"`
	DueOn           Date        `key:"due_on"`
	OriginalDueOn   Date        `key:"original_due_on,optional"`
	ClosedOn        Date        `key:"closed_on,optional"`
	Percent         int         `key:"percent"`
	Country         string      `key:"country,optional"`
	Confidentiality string      `key:"confidentiality,optional" oneof:"public limited confidential" default:"public"`
	Revisions       []Revision  `key:"revisions,optional"`
	Milestones      []Milestone `key:"milestones,optional"`
	Updates         []Update    `key:"updates,optional"`
	Source          string      `key:"source,optional"`
}

// Revision is a move of a due date.
type Revision struct {
	Date   Date   `key:"date"`
	From   Date   `key:"from"`
	To     Date   `key:"to"`
	Reason Text   `key:"reason"`
	By     string `key:"by,optional" ref:"people"`
	Source string `key:"source,optional"`
}

// Milestone is a dated checkpoint of an activity.
type Milestone struct {
	Ref           string     `key:"ref"`
	Title         Text       `key:"title"`
	DueOn         Date       `key:"due_on"`
	OriginalDueOn Date       `key:"original_due_on,optional"`
	MetOn         Date       `key:"met_on,optional"`
	Revisions     []Revision `key:"revisions,optional"`
	Source        string     `key:"source,optional"`
}

// Update is what a focal point said of an activity on a day.
type Update struct {
	Date    Date   `key:"date"`
	Percent int    `key:"percent"`
	Note    Text   `key:"note"`
	By      string `key:"by" ref:"people"`
	Source  string `key:"source,optional"`
}

// Contribution is what one party gives to another, in money or in kind.
type Contribution struct {
	Ref          string        `key:"ref"`
	Title        Text          `key:"title"`
	Provider     string        `key:"provider" ref:"organisations"`
	Receiver     string        `key:"receiver" ref:"organisations"`
	Kind         string        `key:"kind" oneof:"financial in-kind"`
	Currency     string        `key:"currency"`
	Pledged      Decimal       `key:"pledged"`
	Purpose      Text          `key:"purpose,optional"`
	Transactions []Transaction `key:"transactions"`
	Budget       []BudgetLine  `key:"budget,optional"`
	Source       string        `key:"source,optional"`
}

// Transaction is a dated movement of a contribution, by the kinds of IATI.
type Transaction struct {
	Kind     string  `key:"kind" oneof:"pledge commitment disbursement expenditure"`
	Date     Date    `key:"date"`
	Amount   Decimal `key:"amount"`
	Activity string  `key:"activity,optional" ref:"activities"`
	Area     string  `key:"area,optional" ref:"areas"`
	Note     Text    `key:"note,optional"`
	Source   string  `key:"source,optional"`
}

// BudgetLine is the plan of an area for a calendar year ("2026").
type BudgetLine struct {
	Area   string  `key:"area" ref:"areas"`
	Period string  `key:"period"`
	Amount Decimal `key:"amount"`
	Source string  `key:"source,optional"`
}

// Event is what people attend, other than sessions of councils.
type Event struct {
	Ref          string     `key:"ref"`
	Title        Text       `key:"title"`
	Area         string     `key:"area,optional" ref:"areas"`
	Activity     string     `key:"activity,optional" ref:"activities"`
	Kind         string     `key:"kind" oneof:"conference workshop seminar briefing training meeting"`
	StartsAt     time.Time  `key:"starts_at"`
	EndsAt       time.Time  `key:"ends_at"`
	Place        Text       `key:"place"`
	Mode         string     `key:"mode" oneof:"in-person online hybrid"`
	Status       string     `key:"status" oneof:"planned held postponed cancelled"`
	Participants int        `key:"participants,optional"`
	Countries    []string   `key:"countries,optional"`
	Reason       Text       `key:"reason,optional"`
	Previously   []Previous `key:"previously,optional"`
	Source       string     `key:"source,optional"`
}

// Previous is a date that an event or a session had until a day.
type Previous struct {
	OpensAt  time.Time `key:"opens_at"`
	ClosesAt time.Time `key:"closes_at"`
	Until    Date      `key:"until"`
	Source   string    `key:"source,optional"`
}

// Publication is a document that one party sends to another.
type Publication struct {
	Ref         string `key:"ref"`
	Title       Text   `key:"title"`
	Language    string `key:"language"`
	From        string `key:"from" ref:"organisations"`
	To          string `key:"to" ref:"organisations"`
	ExchangedOn Date   `key:"exchanged_on,optional"`
	ReceivedOn  Date   `key:"received_on,optional"`
	Kind        string `key:"kind" oneof:"study policy-brief dataset bulletin handbook"`
	Activity    string `key:"activity,optional" ref:"activities"`
	Source      string `key:"source,optional"`
}

// Risk is what may happen; Probability and Impact are 1 to 5.
type Risk struct {
	Ref         string `key:"ref"`
	Title       Text   `key:"title"`
	Probability int    `key:"probability"`
	Impact      int    `key:"impact"`
	Response    Text   `key:"response"`
	Owner       string `key:"owner" ref:"people"`
	Status      string `key:"status" oneof:"open closed"`
	OpenedOn    Date   `key:"opened_on"`
	Source      string `key:"source,optional"`
}

// Holiday is a day off of a calendar or, with Working, a weekend day made a working day.
type Holiday struct {
	Calendar string `key:"calendar"`
	Date     Date   `key:"date"`
	Name     Text   `key:"name"`
	Status   string `key:"status" oneof:"announced estimated"`
	Working  bool   `key:"working,optional"`
	Source   string `key:"source,optional"`
}

// Subscription says who receives a report: named people, or all who have a role.
type Subscription struct {
	Report   string   `key:"report"`
	People   []string `key:"people,optional" ref:"people"`
	Role     string   `key:"role,optional" oneof:"secretary focal-point stakeholder officer chair-office"`
	Format   string   `key:"format,optional" oneof:"pdf html xlsx csv" default:"pdf"`
	Language string   `key:"language,optional"`
	Source   string   `key:"source,optional"`
}

// Schedule says when a report or a task runs. CatchUpLimit is how many missed fires are made up for with catch_up all;
// Holiday is what becomes of a fire on a holiday of the programme's calendar; StartsOn is the day from which "every 6
// weeks" counts; AllowOr lets a specification restrict both the day of the month and the weekday.
type Schedule struct {
	Ref          string `key:"ref"`
	Report       string `key:"report,optional"`
	Task         string `key:"task,optional" oneof:"reminders request-updates"`
	Spec         string `key:"spec"`
	Timezone     string `key:"timezone"`
	StartsOn     Date   `key:"starts_on,optional"`
	AllowOr      bool   `key:"allow_or,optional"`
	Holiday      string `key:"holiday,optional" oneof:"send skip next-working-day" default:"send"`
	CatchUp      string `key:"catch_up,optional" oneof:"latest skip all" default:"latest"`
	CatchUpLimit int    `key:"catch_up_limit,optional" default:"20"`
	Grace        Span   `key:"grace,optional" default:"PT1H"`
	Deadline     Span   `key:"deadline,optional" default:"P6D"`
	Overlap      string `key:"overlap,optional" oneof:"skip queue" default:"skip"`
	Jitter       Span   `key:"jitter,optional" default:"PT0S"`
	Enabled      bool   `key:"enabled,optional" default:"true"`
	Source       string `key:"source,optional"`
}
