package web

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"secretariat/acts"
	"secretariat/store"
)

func feedFor(t *testing.T, a *acts.Acts, person, council string) string {
	t.Helper()
	address, err := a.NewFeed(t.Context(), person, council, false, "test")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address, "https://sec.example")
}

// unfolded is a calendar with its lines whole.
func unfolded(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

// TestCheck29Feed: all sessions of the person and nobody else's, cancelled ones as such, confidential ones without a title,
// no address of anybody, no address to join; 304 while nothing changed; nothing at once after it is revoked.
func TestCheck29Feed(t *testing.T) {
	a, h := sampleDesk(t)
	path := feedFor(t, a, "X-hashimi", "")
	answer, body := ask(t, h, "GET", path)
	if answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(body, "METHOD:PUBLISH") {
		t.Fatalf("%d %v\n%s", answer.StatusCode, answer.Header, body)
	}
	for _, secret := range []string{"ATTENDEE", "meet.isrs.example", "hashimi@"} {
		if strings.Contains(unfolded(body), secret) {
			t.Errorf("the feed holds %q", secret)
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	var mine, all int // sessions of the council on whose seat X-hashimi sits, and of his other one
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.GetContext(ctx, &all, `select count(*) from session where state <> 'draft' and retired_at is null`); err != nil {
			return err
		}
		return tx.GetContext(ctx, &mine, `select count(distinct s.id) from session s join council c on c.id = s.council_id where s.state <> 'draft' and s.retired_at is null and (
			exists (select from seat t join membership m on m.seat_id = t.id join person p on p.id = m.person_id and p.ref = 'X-hashimi'
				where t.council_id = c.id and t.retired_at is null and m.capacity = 'member' and m.term @> (s.opens_at at time zone c.timezone)::date)
			or exists (select from office o join person p on p.id = o.person_id and p.ref = 'X-hashimi' where o.council_id = c.id and o.term @> (s.opens_at at time zone c.timezone)::date))`)
	})
	if n := strings.Count(body, "BEGIN:VEVENT"); n != mine || n == 0 || n == all {
		t.Errorf("%d sessions in the feed, %d are the person's, %d there are", n, mine, all)
	}
	tag := answer.Header.Get("ETag")
	if again, text := ask(t, h, "GET", path, "If-None-Match", tag); again.StatusCode != 304 || text != "" {
		t.Errorf("unchanged: %d %q", again.StatusCode, text)
	}
	if again, _ := ask(t, h, "GET", path, "If-None-Match", `"x", W/`+tag); again.StatusCode != 304 {
		t.Errorf("one of several tags: %d", again.StatusCode)
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update session set state = 'cancelled' where ref = 'X-REC-6'`)
		return err
	})
	again, body := ask(t, h, "GET", path, "If-None-Match", tag)
	if again.StatusCode != 200 || !strings.Contains(body, "STATUS:CANCELLED") || again.Header.Get("ETag") == tag {
		t.Errorf("after a cancellation: %d", again.StatusCode)
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update session set confidentiality = 'confidential' where ref = 'X-REC-6'`)
		return err
	})
	if _, body = ask(t, h, "GET", path); strings.Contains(unfolded(body), "Sixth") || !strings.Contains(body, "CLASS:CONFIDENTIAL") {
		t.Error("a confidential session shows its title")
	}
	if n, err := a.RevokeFeeds(t.Context(), "X-hashimi", "", "test"); n != 1 || err != nil {
		t.Fatalf("%d feeds revoked, %v", n, err)
	}
	_, want := ask(t, h, "GET", "/calendar/unknown.ics")
	for _, dead := range []string{path, strings.TrimSuffix(path, ".ics"), "/calendar/.ics", "/calendar/" + strings.Repeat("x", 3000) + ".ics"} {
		if gone, body := ask(t, h, "GET", dead, "If-None-Match", tag); gone.StatusCode != 404 || body != want {
			t.Errorf("%.40s: %d", dead, gone.StatusCode)
		}
	}
}

// The feed of a council shows its sessions, and an independent program reads it.
func TestCouncilFeedIsReadByOthers(t *testing.T) {
	a, h := sampleDesk(t)
	_, body := ask(t, h, "GET", feedFor(t, a, "", "REC"))
	var want int
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.GetContext(ctx, &want, `select count(*) from session s join council c on c.id = s.council_id where c.ref = 'REC' and s.state <> 'draft'`)
	})
	if n := strings.Count(body, "BEGIN:VEVENT"); n != want || n == 0 {
		t.Errorf("%d events, %d sessions", n, want)
	}
	if strings.Count(body, "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("%d descriptions of one zone", strings.Count(body, "BEGIN:VTIMEZONE"))
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update session set confidentiality = 'limited' where ref = 'X-REC-6'`)
		return err
	})
	if _, limited := ask(t, h, "GET", feedFor(t, a, "", "REC")); strings.Contains(unfolded(limited), "Sixth") {
		t.Error("whoever holds the address of a council's feed reads the title of a limited session")
	}
	python := exec.Command("/usr/bin/python3", "-c", `
import icalendar, sys
c = icalendar.Calendar.from_ical(sys.stdin.read())
for e in c.walk('VEVENT'):
    assert e['UID'] and e['DTSTART'].dt.utcoffset() is not None and e['DTEND'].dt > e['DTSTART'].dt, e
print(len(c.walk('VEVENT')))`)
	if exec.Command("/usr/bin/python3", "-c", "import icalendar").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3-icalendar is missing")
		}
		t.Skip("python3-icalendar is missing")
	}
	python.Stdin = strings.NewReader(body)
	if out, err := python.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
