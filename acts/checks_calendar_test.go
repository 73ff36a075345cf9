package acts

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/mail"
	"secretariat/programme"
	"secretariat/store"
)

// TestCheck12ReportAtTheChangeOfClocks: a report at 02:30 in Vienna runs once on the day without that time and once on the
// day that has it twice.
func TestCheck12ReportAtTheChangeOfClocks(t *testing.T) {
	spec, err := calendar.ParseSpec("30 2 * * *", "Europe/Vienna", calendar.SpecOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2027-03-28": "2027-03-28T03:00:00+02:00", "2027-10-31": "2027-10-31T02:30:00+02:00"} {
		zone, _ := time.LoadLocation("Europe/Vienna")
		start, _ := time.ParseInLocation("2006-01-02", day, zone)
		var fires []string
		for at := spec.Next(start.Add(-time.Second)); at.Before(start.AddDate(0, 0, 1)); at = spec.Next(at) {
			fires = append(fires, at.Format(time.RFC3339))
		}
		if len(fires) != 1 || fires[0] != want {
			t.Errorf("%s: %v, want once at %s", day, fires, want)
		}
	}
}

// TestCheck26And27CalendarObjects: invitation, change and cancellation as an independent program reads them, as whole
// letters: one UID, SEQUENCE rising with each material change, the method of the part that of the object, lines of at most
// 75 octets with CRLF, UTF-8 whole; and in each letter no address but its reader's and the secretariat's. Somebody who has
// left the seat hears of the cancellation all the same.
func TestCheck26And27CalendarObjects(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	step := plain
	step.Venue = programme.Text{"en": "Oʻzbekiston zali, 2-qavat; “katta zal”, kirish shimoldan, yana bir juda uzun izoh bilan", "ru": "Зал 2"}
	if _, err := d.Confirm(ctx, step); err != nil {
		t.Fatal(err)
	}
	var all []string
	collect := func(until string) {
		d.clock(until)
		for _, l := range d.letters("X-REC-7", store.DeliveryPlanned, store.DeliveryPending) {
			if l.NotBefore.After(when(t, until)) || l.RuleRef != "" {
				continue
			}
			d.inTx(func(tx *store.Tx) error {
				if _, reason, err := d.prepare(ctx, tx, &l); err != nil || reason != "" {
					return fmt.Errorf("%s: %q, %w", l.Kind, reason, err)
				}
				m, err := d.message(ctx, tx, l)
				if err != nil {
					return err
				}
				whole, err := mail.Assemble(m)
				if err != nil {
					return err
				}
				var b strings.Builder
				if _, err := whole.WriteTo(&b); err != nil {
					return err
				}
				all = append(all, b.String())
				return markSent(ctx, tx, l.ID)
			})
		}
	}
	collect("2026-11-23T09:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `
			update membership m set person_id = (select id from person where ref = 'X-kim')
			from seat s where s.id = m.seat_id and s.ref = 'X-S10' and m.capacity = 'member'`)
		return err
	})
	if _, err := d.Reschedule(ctx, SessionStep{Ref: "X-REC-7", Actor: "test", OpensAt: when(t, "2027-06-01T10:00:00+05:00"), Waiver: plain.Waiver}); err != nil {
		t.Fatal(err)
	}
	collect("2026-11-23T09:05:00+05:00")
	if _, err := d.Cancel(ctx, plain); err != nil {
		t.Fatal(err)
	}
	collect("2026-11-23T09:10:00+05:00")
	dir := t.TempDir()
	for i, letter := range all {
		if err := os.WriteFile(fmt.Sprintf("%s/%03d.eml", dir, i), []byte(letter), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	python(t, letterChecks, dir, d.email("X-hashimi"))
}

// letterChecks reads a folder of letters with Python's own mail and iCalendar programs.
const letterChecks = `
import email, email.policy, glob, icalendar, re, sys
people = {}
for path in sorted(glob.glob(sys.argv[1] + '/*.eml')):
    raw = open(path, 'rb').read()
    assert b'\r\n' in raw and not re.search(rb'(?<!\r)\n', raw), path
    m = email.message_from_bytes(raw, policy=email.policy.default)
    to = m['To'].addresses[0].addr_spec
    parts = [p for p in m.walk() if p.get_content_type() == 'text/calendar']
    assert parts, (path, m['Subject'])
    body = parts[0].get_payload(decode=True)
    for line in body.split(b'\r\n'):
        assert len(line) <= 75, line
        assert b'\n' not in line and b'\r' not in line, line
        line.decode('utf-8')
    c = icalendar.Calendar.from_ical(body)
    assert str(c['METHOD']) == parts[0].get_param('method'), path
    e, = c.walk('VEVENT')
    attendees = e['ATTENDEE'] if isinstance(e['ATTENDEE'], list) else [e['ATTENDEE']]
    assert [str(a).lower() for a in attendees] == ['mailto:' + to.lower()], attendees
    people.setdefault(to, []).append((int(e['SEQUENCE']), str(c['METHOD']), str(e['UID']), str(e['STATUS']), e['DTSTART'].dt))
    texts = ''.join(p.get_content() for p in m.walk() if p.get_content_maintype() == 'text' and p.get_content_type() != 'text/calendar')
    for other in re.findall(r'[\w.+-]+@[\w.-]+\.example', texts + body.decode()):
        assert other.lower() in (to.lower(), 'secretariat@isrs.example') or other.endswith('sec.example') or other == str(e['UID']), (path, other)
assert len(people) >= 15, len(people)
uids = {uid for seen in people.values() for _, _, uid, _, _ in seen}
assert len(uids) == 1, uids
for who, seen in people.items():
    sequences = [s for s, *_ in seen]
    assert sequences == sorted(set(sequences)), (who, seen)
    assert seen[-1][1] == 'CANCEL' and seen[-1][3] == 'CANCELLED', (who, seen)
    assert all(method == 'REQUEST' for _, method, *_ in seen[:-1]), (who, seen)
assert people[sys.argv[2]][-1][1] == 'CANCEL', 'who left the seat does not hear of the end'
`

// python runs a script of Python, which must have the module icalendar.
func python(t *testing.T, script string, args ...string) {
	t.Helper()
	interpreter := "/usr/bin/python3"
	if exec.Command(interpreter, "-c", "import icalendar").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3-icalendar is missing")
		}
		t.Skip("python3-icalendar is missing")
	}
	cmd := exec.Command(interpreter, append([]string{"-"}, args...)...)
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
