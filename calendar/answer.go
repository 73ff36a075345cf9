package calendar

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// Methods by which a calendar program answers a request (RFC 5546, 3.2.3 and 3.2.7).
const (
	MethodReply   = "REPLY"
	MethodCounter = "COUNTER"
)

// Answer is what a calendar program says to an invitation of ours.
type Answer struct {
	Method   string // REPLY, COUNTER, or what else it is
	UID      string
	Sequence int
	Stamp    time.Time
	Attendee string // address in lower case, without "mailto:"
	Status   string // PARTSTAT: ACCEPTED, TENTATIVE, DECLINED, DELEGATED, NEEDS-ACTION
	Delegate string // address of DELEGATED-TO, "" for none
	Comment  string
	Start    string // COUNTER: as it was written, with its zone where it names one
}

// answerLimit is the longest object that is read: a reply has a few hundred octets.
const answerLimit = 256 << 10

// ParseAnswer reads the calendar object of an answer. It refuses what has not exactly one event with one attendee: such an
// object does not say who answers what.
func ParseAnswer(object []byte) (a Answer, err error) {
	defer func() { // what arrives is hostile until proved otherwise
		if r := recover(); r != nil {
			err = fmt.Errorf("read calendar answer: %v", r)
		}
	}()
	if len(object) > answerLimit {
		return a, fmt.Errorf("read calendar answer: %d octets, more than %d", len(object), answerLimit)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(object)).Decode()
	if err != nil {
		return a, fmt.Errorf("read calendar answer: %w", err)
	}
	if p := cal.Props.Get(ical.PropMethod); p != nil {
		a.Method = strings.ToUpper(p.Value)
	}
	var events []*ical.Component
	for _, c := range cal.Children {
		if c.Name == ical.CompEvent {
			events = append(events, c)
		}
	}
	if len(events) != 1 {
		return a, fmt.Errorf("read calendar answer: it has %d events, not one", len(events))
	}
	if err := a.read(events[0]); err != nil {
		return a, fmt.Errorf("read calendar answer: %w", err)
	}
	return a, nil
}

func (a *Answer) read(e *ical.Component) error {
	value := func(name string) string {
		if p := e.Props.Get(name); p != nil {
			return p.Value
		}
		return ""
	}
	a.UID = value(ical.PropUID)
	if a.UID == "" {
		return fmt.Errorf("it has no UID")
	}
	if s := value(ical.PropSequence); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return fmt.Errorf("SEQUENCE %q", s)
		}
		a.Sequence = n
	}
	stamp, err := time.Parse("20060102T150405Z", value(ical.PropDateTimeStamp))
	if err != nil {
		return fmt.Errorf("DTSTAMP %q is no moment in UTC", value(ical.PropDateTimeStamp))
	}
	a.Stamp = stamp
	attendees := e.Props[ical.PropAttendee]
	if len(attendees) != 1 {
		return fmt.Errorf("it has %d attendees, not one", len(attendees))
	}
	a.Attendee, a.Status = bareAddress(attendees[0].Value), strings.ToUpper(attendees[0].Params.Get("PARTSTAT"))
	a.Delegate = bareAddress(attendees[0].Params.Get("DELEGATED-TO"))
	a.Comment = cleanText(value(ical.PropComment))
	if p := e.Props.Get(ical.PropDateTimeStart); p != nil {
		a.Start = cleanText(strings.TrimSpace(p.Value + " " + p.Params.Get("TZID")))
	}
	return nil
}

// bareAddress takes the address out of "mailto:name@example.org".
func bareAddress(uri string) string {
	uri = strings.ToLower(strings.Trim(strings.TrimSpace(uri), `"`))
	return strings.TrimPrefix(uri, "mailto:")
}
