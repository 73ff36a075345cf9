package calendar

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// Methods of an iCalendar object (RFC 5546).
const (
	MethodRequest = "REQUEST"
	MethodCancel  = "CANCEL"
	MethodPublish = "PUBLISH"
)

// Status of an event (RFC 5545, 3.8.1.11).
const (
	StatusTentative = "TENTATIVE"
	StatusConfirmed = "CONFIRMED"
	StatusCancelled = "CANCELLED"
)

// Mailbox is a name and an address.
type Mailbox struct{ Name, Address string }

// Event is one session as one person's calendar sees it. The same Event gives the same bytes.
type Event struct {
	Method   string
	UID      string    // for the life of the session
	Sequence int       // raised by a material change only
	Stamp    time.Time // when this revision was made, not when it is sent
	Status   string

	Start, End time.Time
	Zone       *time.Location // on whose clocks Start and End are written; nil is UTC
	AllDay     bool           // Start and End are midnights on those clocks, and only their days are written
	Free       bool           // it does not make anybody busy: a deadline

	Language     string // BCP 47, of the texts
	Summary      string
	Description  string
	Location     string
	URL          string // http or https, else left out
	Conference   string // address to join online, http or https, else left out
	Confidential bool   // CLASS:CONFIDENTIAL

	Organizer Mailbox  // the sender of the letter
	Attendee  *Mailbox // the recipient, and nobody else; nil with PUBLISH
	Answer    string   // PARTSTAT of the attendee, "" is NEEDS-ACTION

	Alarm time.Duration // before Start; 0 for none. A cancellation has none
}

// Encode writes the event as an iCalendar object (RFC 5545): CRLF, lines of at most 75 octets. Whatever texts and names
// hold, they stay texts and names; an address or a UID that could break the object is an error.
func (e Event) Encode() (string, error) {
	if err := e.check(); err != nil {
		return "", err
	}
	cal := ical.NewCalendar()
	setRaw(cal.Component, ical.PropVersion, "2.0")
	setRaw(cal.Component, ical.PropProductID, "-//secretariat//secretariat 1//EN")
	setRaw(cal.Component, ical.PropCalendarScale, "GREGORIAN")
	setRaw(cal.Component, ical.PropMethod, e.Method)
	if e.Zone != nil && e.Zone.String() != "UTC" && !e.AllDay {
		cal.Children = append(cal.Children, timezoneComponent(e.Zone, e.Start, e.End))
	}
	cal.Children = append(cal.Children, e.component())
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return "", fmt.Errorf("encode event %s: %w", e.UID, err)
	}
	return fold(b.String()), nil
}

// check refuses what cannot be written harmlessly or makes no sense.
func (e Event) check() error {
	boxes := []Mailbox{e.Organizer}
	switch {
	case e.Method == MethodPublish && e.Attendee != nil:
		return fmt.Errorf("encode event %q: a published event has no attendee", e.UID)
	case e.Method != MethodPublish && e.Attendee == nil:
		return fmt.Errorf("encode event %q: %s needs an attendee", e.UID, e.Method)
	case (e.Method == MethodCancel) != (e.Status == StatusCancelled) && e.Method != MethodPublish:
		return fmt.Errorf("encode event %q: %s does not go with status %s", e.UID, e.Method, e.Status)
	case !e.End.After(e.Start):
		return fmt.Errorf("encode event %q: it ends at %s, not after its start %s", e.UID, e.End, e.Start)
	case e.UID == "" || strings.ContainsFunc(e.UID, unsafeInValue):
		return fmt.Errorf("encode event: uid %q", e.UID)
	}
	if e.Attendee != nil {
		boxes = append(boxes, *e.Attendee)
	}
	for _, m := range boxes {
		if !strings.Contains(m.Address, "@") || strings.ContainsFunc(m.Address, unsafeInValue) {
			return fmt.Errorf("encode event %s: address %q", e.UID, m.Address)
		}
	}
	return nil
}

func (e Event) component() *ical.Component {
	c := ical.NewComponent(ical.CompEvent)
	setRaw(c, ical.PropUID, e.UID)
	setRaw(c, ical.PropSequence, strconv.Itoa(e.Sequence))
	stamp := e.Stamp.UTC().Format("20060102T150405Z")
	setRaw(c, ical.PropDateTimeStamp, stamp)
	setRaw(c, ical.PropLastModified, stamp)
	e.setTime(c, ical.PropDateTimeStart, e.Start)
	e.setTime(c, ical.PropDateTimeEnd, e.End)
	setRaw(c, ical.PropStatus, e.Status)
	e.setBusy(c)
	if e.Confidential {
		setRaw(c, ical.PropClass, "CONFIDENTIAL")
	}
	e.setText(c, ical.PropSummary, e.Summary)
	e.setText(c, ical.PropDescription, e.Description)
	e.setText(c, ical.PropLocation, e.Location)
	setLink(c, ical.PropURL, e.URL)
	if conference := setLink(c, "CONFERENCE", e.Conference); conference != nil { // RFC 7986
		conference.Params.Set("VALUE", "URI")
		conference.Params["FEATURE"] = []string{"AUDIO", "VIDEO"}
	}
	e.setPeople(c)
	if e.Alarm > 0 && e.Method != MethodCancel {
		c.Children = append(c.Children, e.alarm())
	}
	return c
}

// setBusy says whether somebody is busy meanwhile: in the standard's words and in those of the most common program.
func (e Event) setBusy(c *ical.Component) {
	if e.Free {
		setRaw(c, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
		setRaw(c, ical.PropTransparency, "TRANSPARENT")
		return
	}
	if busy := map[string]string{StatusTentative: "TENTATIVE", StatusConfirmed: "BUSY", StatusCancelled: "FREE"}[e.Status]; busy != "" {
		setRaw(c, "X-MICROSOFT-CDO-BUSYSTATUS", busy)
	}
	setRaw(c, ical.PropTransparency, "OPAQUE")
}

func (e Event) setPeople(c *ical.Component) {
	organizer := setRaw(c, ical.PropOrganizer, "mailto:"+e.Organizer.Address)
	setName(organizer, e.Organizer.Name)
	if e.Attendee == nil {
		return
	}
	attendee := setRaw(c, ical.PropAttendee, "mailto:"+e.Attendee.Address)
	setName(attendee, e.Attendee.Name)
	answer := e.Answer
	if answer == "" {
		answer = "NEEDS-ACTION"
	}
	attendee.Params.Set("CUTYPE", "INDIVIDUAL")
	attendee.Params.Set("ROLE", "REQ-PARTICIPANT")
	attendee.Params.Set("PARTSTAT", answer)
	rsvp := "TRUE"
	if e.Method == MethodCancel {
		rsvp = "FALSE"
	}
	attendee.Params.Set("RSVP", rsvp)
}

func (e Event) alarm() *ical.Component {
	a := ical.NewComponent(ical.CompAlarm)
	setRaw(a, ical.PropAction, "DISPLAY")
	setRaw(a, ical.PropTrigger, fmt.Sprintf("-PT%dM", int(e.Alarm.Minutes())))
	e.setText(a, ical.PropDescription, e.Summary)
	return a
}

func (e Event) setTime(c *ical.Component, name string, t time.Time) {
	if e.AllDay {
		if e.Zone != nil {
			t = t.In(e.Zone)
		}
		setRaw(c, name, t.Format("20060102")).Params.Set("VALUE", "DATE")
		return
	}
	if e.Zone == nil || e.Zone.String() == "UTC" {
		setRaw(c, name, t.UTC().Format("20060102T150405Z"))
		return
	}
	setRaw(c, name, t.In(e.Zone).Format("20060102T150405")).Params.Set("TZID", e.Zone.String())
}

func (e Event) setText(c *ical.Component, name, text string) {
	if text = cleanText(text); text == "" {
		return
	}
	p := ical.NewProp(name)
	p.SetText(text)
	if e.Language != "" && !strings.ContainsFunc(e.Language, unsafeInValue) {
		p.Params.Set("LANGUAGE", e.Language)
	}
	c.Props.Set(p)
}

func setRaw(c *ical.Component, name, value string) *ical.Prop {
	p := ical.NewProp(name)
	p.Value = value
	c.Props[p.Name] = []ical.Prop{*p}
	return &c.Props[p.Name][0]
}

// setLink sets a property to an address of the web, and leaves it out when it is none.
func setLink(c *ical.Component, name, link string) *ical.Prop {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsFunc(link, unsafeInLink) {
		return nil
	}
	return setRaw(c, name, link)
}

func setName(p *ical.Prop, name string) {
	if name = cleanName(name); name != "" {
		p.Params.Set("CN", name)
	}
}
