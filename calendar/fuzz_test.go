package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// FuzzReadFreeBusy: whatever file somebody hands in, it is read or refused with a hint, and what is read blocks time between
// the two days asked for.
func FuzzReadFreeBusy(f *testing.F) {
	for _, text := range []string{
		ics("BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20270101T000000Z", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270302T050000Z/PT1H,20270303T050000Z/20270303T060000Z", "END:VFREEBUSY"),
		busyEvent("DTSTART;TZID=Asia/Tashkent:20270302T090000", "DTEND;TZID=Asia/Tashkent:20270302T100000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Asia/Tashkent:20270309T090000"),
		busyEvent("DTSTART;VALUE=DATE:20270302", "DURATION:P1D", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20280101"),
		busyEvent("DTSTART;TZID=local:20270302T090000", "DURATION:PT1H", "RDATE:20270303T090000Z"),
		busyEvent("DTSTART:20270302T090000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20270303T090000Z/PT2H,20270304T090000Z/20270304T093000Z", "EXDATE:20270303T090000Z,20270302T090000Z"),
		ics("BEGIN:VEVENT", "DTSTART:x", " y", "END:VEVENT"), "BEGIN:VCALENDAR\r\nBEGIN:VALARM\r\n",
	} {
		f.Add(text)
	}
	from, to := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadFreeBusy(strings.NewReader(text), time.UTC, from, to)
		var refused *FreeBusyError
		if err != nil && (!errors.As(err, &refused) || refused.Hint() == "" || list != nil) {
			t.Fatalf("got %d periods and %v", len(list), err)
		}
		for _, b := range list {
			if !b.From.Before(b.To) || !b.From.Before(to) || !b.To.After(from) {
				t.Fatalf("busy from %s to %s", b.From, b.To)
			}
		}
	})
}

// FuzzParseAnswer: whatever arrives as the answer of a calendar program is read, or refused. What is read says who answers
// what, in words that fit into one line of a log.
func FuzzParseAnswer(f *testing.F) {
	event := func(lines ...string) string {
		return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1@x.example\r\nDTSTAMP:20270101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	}
	f.Add(event("SEQUENCE:2", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Anna@un.example", "COMMENT:Gladly\\nso"))
	f.Add(event(`ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:bob@un.example":mailto:anna@un.example`))
	f.Add(event("SEQUENCE:-1", "ATTENDEE:x", "DTSTART;TZID=Europe/Vienna:20270302T090000"))
	f.Add("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAnswer([]byte(text))
		if err != nil {
			return
		}
		if a.UID == "" || a.Stamp.IsZero() || a.Sequence < 0 || a.Attendee != strings.ToLower(a.Attendee) || strings.ContainsAny(a.Start, "\r\n") {
			t.Fatalf("read %+v", a)
		}
	})
}
