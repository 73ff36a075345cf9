package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func ics(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func busyEvent(lines ...string) string {
	return ics(append(append([]string{"BEGIN:VEVENT", "UID:1@x.example", "DTSTAMP:20270101T000000Z", "SUMMARY:Private matter", "ATTENDEE:mailto:secret@x.example"}, lines...), "END:VEVENT")...)
}

func TestReadFreeBusy(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"a period", ics("BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20270101T000000Z", "FREEBUSY:20270302T050000Z/20270302T060000Z", "END:VFREEBUSY"), "03-02 10:00–11:00"},
		{"with a length, two in a line, one tentative", ics("BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20270101T000000Z",
			"FREEBUSY:20270302T050000Z/PT1H,20270303T050000Z/PT30M", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270304T050000Z/PT1H", "FREEBUSY;FBTYPE=FREE:20270305T050000Z/PT1H", "END:VFREEBUSY"),
			"03-02 10:00–11:00, 03-03 10:00–10:30, 03-04 10:00–11:00?"},
		{"an event in its zone", busyEvent("DTSTART;TZID=Europe/Vienna:20270302T090000", "DTEND;TZID=Europe/Vienna:20270302T100000"), "03-02 13:00–14:00"},
		{"a zone that nobody knows is the owner's", busyEvent("DTSTART;TZID=West Asia Standard Time:20270302T090000", "DURATION:PT1H"), "03-02 09:00–10:00"},
		{"a whole day", busyEvent("DTSTART;VALUE=DATE:20270302", "DTEND;VALUE=DATE:20270303"), "03-02 00:00–00:00"},
		{"every week, one left out", busyEvent("DTSTART;TZID=Asia/Tashkent:20270302T090000", "DTEND;TZID=Asia/Tashkent:20270302T100000", "RRULE:FREQ=WEEKLY;COUNT=3",
			"EXDATE;TZID=Asia/Tashkent:20270309T090000"), "03-02 09:00–10:00, 03-16 09:00–10:00"},
		{"every week, two left out in one line", busyEvent("DTSTART;TZID=Asia/Tashkent:20270302T090000", "DTEND;TZID=Asia/Tashkent:20270302T100000", "RRULE:FREQ=WEEKLY;COUNT=4",
			"EXDATE;TZID=Asia/Tashkent:20270309T090000,20270316T090000"), "03-02 09:00–10:00, 03-23 09:00–10:00"},
		{"a day left out on which nothing is", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20270310T040000Z"), "03-02 09:00–10:00, 03-09 09:00–10:00"},
		{"every week, and once more, at a time that comes before the last", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20270305T060000Z"),
			"03-02 09:00–10:00, 03-05 11:00–12:00, 03-09 09:00–10:00"},
		{"more times and no rule, in two lines and in their zone", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RDATE;TZID=Europe/Vienna:20270303T090000,20270304T090000", "RDATE:20270305T040000Z"),
			"03-02 09:00–10:00, 03-03 13:00–14:00, 03-04 13:00–14:00, 03-05 09:00–10:00"},
		{"more times with lengths of their own", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20270303T040000Z/PT3H,20270304T040000Z/20270304T043000Z"),
			"03-02 09:00–10:00, 03-03 09:00–12:00, 03-04 09:00–09:30"},
		{"a period in its zone", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD;TZID=Europe/Vienna:20270303T090000/20270303T093000"), "03-02 09:00–10:00, 03-03 13:00–13:30"},
		{"a whole day more", busyEvent("DTSTART;VALUE=DATE:20270302", "RDATE;VALUE=DATE:20270304"), "03-02 00:00–00:00, 03-04 00:00–00:00"},
		{"what comes twice blocks time once", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20270302T040000Z,20270309T040000Z,20270311T040000Z,20270311T040000Z"),
			"03-02 09:00–10:00, 03-09 09:00–10:00, 03-11 09:00–10:00"},
		{"once more, and left out again", busyEvent("DTSTART:20270302T040000Z", "DURATION:PT1H", "RDATE:20270303T040000Z,20270304T040000Z", "EXDATE:20270303T040000Z,20270302T040000Z"), "03-04 09:00–10:00"},
		{"every hour, those of the morning", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T053000Z", "RRULE:FREQ=HOURLY;INTERVAL=3;BYHOUR=5,8;COUNT=3"),
			"03-02 10:00–10:30, 03-02 13:00–13:30, 03-03 10:00–10:30"},
		{"every half day, to the minute", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T053000Z", "RRULE:FREQ=MINUTELY;INTERVAL=720;BYMINUTE=0;COUNT=2"),
			"03-02 10:00–10:30, 03-02 22:00–22:30"},
		{"cancelled", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T060000Z", "STATUS:CANCELLED"), ""},
		{"blocks no time", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T060000Z", "TRANSP:TRANSPARENT"), ""},
		{"tentative", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T060000Z", "STATUS:TENTATIVE"), "03-02 10:00–11:00?"},
		{"before the time that is asked for", busyEvent("DTSTART:20250302T050000Z", "DTEND:20250302T060000Z"), ""},
	} {
		zone, _ := LoadZone("Asia/Tashkent")
		list, err := ReadFreeBusy(strings.NewReader(c.text), zone, day("2027-03-01"), day("2027-04-01"))
		var got []string
		for _, b := range list {
			text := b.From.In(zone).Format("01-02 15:04") + "–" + b.To.In(zone).Format("15:04")
			if b.Tentative {
				text += "?"
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); err != nil || text != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.why, text, err, c.want)
		}
	}
}

func TestReadFreeBusyRefuses(t *testing.T) {
	many := []string{"BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20270101T000000Z"}
	for range maxFreeBusyPeriods + 1 {
		many = append(many, "FREEBUSY:20270301T050000Z/PT1H")
	}
	for _, c := range []struct{ why, text, want string }{
		{"no calendar", "hello", "cannot be read"},
		{"empty", "", "neither"},
		{"no event", ics("BEGIN:VTODO", "UID:1", "DTSTAMP:20270101T000000Z", "END:VTODO"), "neither"},
		{"a period that is none", ics("BEGIN:VFREEBUSY", "UID:1", "DTSTAMP:20270101T000000Z", "FREEBUSY:tomorrow", "END:VFREEBUSY"), `"tomorrow"`},
		{"an event without start", busyEvent("DTEND:20270302T060000Z"), "no start"},
		{"a repetition that is none", busyEvent("DTSTART:20270302T050000Z", "DTEND:20270302T060000Z", "RRULE:FREQ=SOMETIMES"), "repetition"},
		{"a time more that is none", busyEvent("DTSTART:20270302T050000Z", "DURATION:PT1H", "RDATE:tomorrow"), "repetition"},
		{"a period more that does not end", busyEvent("DTSTART:20270302T050000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20270302T050000Z/"), "repetition"},
		{"a day left out that is none", busyEvent("DTSTART:20270302T050000Z", "DURATION:PT1H", "RDATE:20270303T050000Z", "EXDATE:tomorrow"), "repetition"},
		{"more times than can be", busyEvent("DTSTART:20270301T000000Z", "DURATION:PT1S", "RDATE:"+strings.Repeat("20260301T000000Z,", maxRepetitions)+"20270301T050000Z"), "names more than"},
		{"too many", ics(append(many, "END:VFREEBUSY")...), "more than"},
		{"every second for ever", busyEvent("DTSTART:20270301T000000Z", "DTEND:20270301T000001Z", "RRULE:FREQ=SECONDLY"), "more than"},
		{"every second since long ago", busyEvent("DTSTART:20000301T000000Z", "DTEND:20000301T000001Z", "RRULE:FREQ=SECONDLY"), "repeats more than"},
		{"steps that never come to the minute", busyEvent("DTSTART:20270301T000000Z", "DTEND:20270301T000001Z", "RRULE:FREQ=SECONDLY;INTERVAL=7200;BYMINUTE=1"), "never comes to the time of day"},
		{"steps that never come to the hour", busyEvent("DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=10"), "never comes to the time of day"},
		{"a minute that no hour has", busyEvent("DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=MINUTELY;INTERVAL=7;BYHOUR=9;BYMINUTE=60"), "repetition"},
		{"too large", strings.Repeat("x", maxFreeBusyBytes+1), "MiB"},
	} {
		_, err := ReadFreeBusy(strings.NewReader(c.text), time.UTC, day("2027-03-01"), day("2027-03-02"))
		var refused *FreeBusyError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || refused.Hint() == "" {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}
