package calendar

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// invitation is an ordinary one, with long and hostile texts.
func invitation(t testing.TB) Event {
	return Event{
		Method: MethodRequest, UID: "session-7f3c9a52@sec.example", Sequence: 2, Status: StatusConfirmed,
		Stamp: moment(t, "2026-11-23T07:00:00Z"), Start: moment(t, "2026-12-07T10:00:00+05:00"), End: moment(t, "2026-12-07T17:00:00+05:00"),
		Zone: zoneNamed(t, "Asia/Tashkent"), Language: "ru",
		Summary:     "Региональный экспертный совет: шестое заседание, г. Ташкент; повестка № 1 🗓",
		Description: "Повестка:\r\n1) Дорожная карта, II этап;\r\n2) бюджет \\ итоги\n\nBEGIN:VEVENT\r\nATTENDEE:mailto:evil@x.example",
		Location:    "Зал «Навои»,\nул. Узбекистон овози, 2", URL: "https://sec.example/s/1?a=1,2;b", Conference: "https://meet.example/rec-6",
		Organizer: Mailbox{"Secretariat \"ISRS\"; Tashkent", "secretariat@isrs.example"},
		Attendee:  &Mailbox{"O'Neil, Anna^ (UNOCT)\r\nEvil:1;ROLE=CHAIR\u202e\u2028x", "anna.oneil@un.example"},
		Alarm:     24 * time.Hour,
	}
}

func TestEventEncode(t *testing.T) {
	e := invitation(t)
	object, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := e.Encode()
	if again != object {
		t.Error("two encodings differ")
	}
	for i, line := range strings.Split(strings.TrimSuffix(object, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
	cal, err := ical.NewDecoder(strings.NewReader(object)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != 1 || len(cal.Children) != 2 {
		t.Fatalf("%d events among %d components, want one and a zone", len(events), len(cal.Children))
	}
	v := events[0]
	for name, want := range map[string]string{"UID": e.UID, "SEQUENCE": "2", "STATUS": "CONFIRMED", "DTSTAMP": "20261123T070000Z", "DTSTART": "20261207T100000",
		"ORGANIZER": "mailto:secretariat@isrs.example", "ATTENDEE": "mailto:anna.oneil@un.example", "URL": e.URL, "CONFERENCE": e.Conference} {
		if got := v.Props.Get(name); got == nil || got.Value != want {
			t.Errorf("%s: got %v, want %s", name, got, want)
		}
	}
	if n := len(v.Props["ATTENDEE"]); n != 1 {
		t.Errorf("%d attendees", n)
	}
	if cn := v.Props.Get("ATTENDEE").Params.Get("CN"); cn != "O'Neil, Anna (UNOCT) Evil,1,ROLE=CHAIR x" {
		t.Errorf("name of the attendee: %q", cn)
	}
	if cn := v.Props.Get("ORGANIZER").Params.Get("CN"); cn != "Secretariat 'ISRS', Tashkent" {
		t.Errorf("name of the organizer: %q", cn)
	}
	if text, _ := v.Props.Text("SUMMARY"); text != e.Summary {
		t.Errorf("summary: %q", text)
	}
	if v.Props.Get("SUMMARY").Params.Get("LANGUAGE") != "ru" {
		t.Error("summary without its language")
	}
}

func TestEventByMethod(t *testing.T) {
	cancel := invitation(t)
	cancel.Method, cancel.Status = MethodCancel, StatusCancelled
	object, err := cancel.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(object, "METHOD:CANCEL") || !strings.Contains(object, "STATUS:CANCELLED") || strings.Contains(object, "VALARM") || strings.Contains(object, "RSVP=TRUE") {
		t.Errorf("cancellation:\n%s", object)
	}
	publish := invitation(t)
	publish.Method, publish.Attendee = MethodPublish, nil
	if object, err = publish.Encode(); err != nil || strings.Contains(object, "\nATTENDEE") {
		t.Errorf("published: %v\n%s", err, object)
	}
	secret := invitation(t)
	secret.Confidential, secret.Zone, secret.URL, secret.Conference = true, time.UTC, "javascript:alert(1)", "https://meet.example/a b"
	object, err = secret.Encode()
	if err != nil || !strings.Contains(object, "CLASS:CONFIDENTIAL") || strings.Contains(object, "VTIMEZONE") || !strings.Contains(object, "DTSTART:20261207T050000Z") ||
		strings.Contains(object, "javascript") || strings.Contains(object, "CONFERENCE") {
		t.Errorf("confidential, in UTC, with bad links: %v\n%s", err, object)
	}
}

func TestEventRefuses(t *testing.T) {
	for why, spoil := range map[string]func(*Event){
		"address with a line break": func(e *Event) { e.Attendee.Address = "a@b.example\r\nATTENDEE:x" },
		"address with a parameter":  func(e *Event) { e.Organizer.Address = "a@b.example;X=1" },
		"no address":                func(e *Event) { e.Attendee.Address = "" },
		"uid with a line break":     func(e *Event) { e.UID = "a\r\nb" },
		"no uid":                    func(e *Event) { e.UID = "" },
		"ends before it begins":     func(e *Event) { e.End = e.Start },
		"request without attendee":  func(e *Event) { e.Attendee = nil },
		"publish with attendee":     func(e *Event) { e.Method = MethodPublish },
		"cancel of a confirmed one": func(e *Event) { e.Method = MethodCancel },
		"request of a cancelled":    func(e *Event) { e.Status = StatusCancelled },
	} {
		e := invitation(t)
		spoil(&e)
		if object, err := e.Encode(); err == nil {
			t.Errorf("%s: got\n%s", why, object)
		}
	}
}

func FuzzEventNames(f *testing.F) {
	f.Add("O'Neil, Anna\r\nX:1", "a\u2028b")
	f.Add("\"^';:", "\xff\xfe")
	f.Fuzz(func(t *testing.T, name, text string) {
		e := invitation(t)
		e.Attendee.Name, e.Organizer.Name, e.Summary, e.Location = name, name, text, text
		object, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		cal, err := ical.NewDecoder(strings.NewReader(object)).Decode()
		if err != nil || len(cal.Events()) != 1 || len(cal.Events()[0].Props["ATTENDEE"]) != 1 {
			t.Fatalf("%v in\n%s", err, object)
		}
	})
}

// An independent program reads the zones: the VTIMEZONE under a name that it cannot know must give the offsets that Go
// gives, around changes of clocks, now and after 2037.
func TestVTimezoneReadByPython(t *testing.T) {
	interpreter := python(t)
	var script strings.Builder
	script.WriteString("import icalendar\nfrom dateutil.tz import tzical\nimport io, datetime as dt\nbad = 0\n")
	zones := []string{"Asia/Tashkent", "Europe/Vienna", "America/New_York", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Chatham",
		"America/Santiago", "Asia/Kathmandu", "Asia/Tehran", "Antarctica/Troll", "Asia/Almaty", "Pacific/Apia", "America/St_Johns"}
	for _, name := range zones {
		zone := zoneNamed(t, name)
		for _, start := range []string{"2026-12-07T10:00:00Z", "2027-07-05T10:00:00Z", "2041-01-15T10:00:00Z", "2041-07-15T10:00:00Z"} {
			e := invitation(t)
			e.Zone, e.Start = zone, moment(t, start)
			e.End = e.Start.Add(2 * time.Hour)
			object, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			object = strings.ReplaceAll(object, "TZID:"+name, "TZID:Nowhere")
			object = strings.ReplaceAll(object, "TZID="+name, "TZID=Nowhere")
			object = strings.ReplaceAll(object, "X-LIC-LOCATION:"+name+"\r\n", "") // dateutil knows no X- properties
			_, offset := e.Start.In(zone).Zone()
			fmt.Fprintf(&script, `
cal = icalendar.Calendar.from_ical(%[1]q)
tz = [c for c in cal.walk("VTIMEZONE")]
text = b"BEGIN:VCALENDAR\r\n" + tz[0].to_ical() + b"END:VCALENDAR\r\n"
zone = tzical(io.StringIO(text.decode())).get()
got = dt.datetime.strptime(%[2]q, "%%Y%%m%%dT%%H%%M").replace(tzinfo=zone).utcoffset().total_seconds()
if got != %[3]d: print(%[4]q, %[5]q, got, %[3]d)
`, object, e.Start.In(zone).Format("20060102T1504"), offset, name, start)
		}
	}
	cmd := exec.Command(interpreter, "-")
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%.3000s", err, out)
	}
}

// A deadline is a day, or days, on which nobody is busy; no zone is described for it.
func TestAllDayEvent(t *testing.T) {
	e := invitation(t)
	e.Method, e.Attendee, e.AllDay, e.Free, e.Alarm = MethodPublish, nil, true, true, 0
	e.Start, e.End = moment(t, "2026-12-07T00:00:00+05:00").UTC(), moment(t, "2026-12-09T00:00:00+05:00").UTC()
	object, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	feed, err := Feed("Duties", []Event{e})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{object, feed} {
		for _, want := range []string{"DTSTART;VALUE=DATE:20261207\r\n", "DTEND;VALUE=DATE:20261209\r\n", "TRANSP:TRANSPARENT\r\n", "BUSYSTATUS:FREE\r\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
		if strings.Contains(text, "VTIMEZONE") || strings.Contains(text, "OPAQUE") {
			t.Errorf("a day has a zone, or makes busy:\n%s", text)
		}
	}
}
