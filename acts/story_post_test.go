package acts

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	smtp "secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
)

// Pages makes the handler of the pages; a file outside the package sets it, because they stand above the acts.
var Pages func(*Acts) http.Handler

// bureau is an installation as its readers know it: letters come by SMTP, answers go to pages. It works off nudges as
// the workers do, one after the other.
type bureau struct {
	*desk
	relay  *mailtest.Server
	pages  http.Handler
	nudges []Nudge
	read   int                         // letters of the relay that were looked at
	latest map[string]map[string]*post // by address and kind: the last letter
}

// post is a letter as it arrived.
type post struct {
	kind, to, id, text string
	parts              map[string][]byte // by media type
}

func newPost(d *desk) *bureau {
	b := &bureau{desk: d, relay: mailtest.Start(d.t, mailtest.Script{}), latest: map[string]map[string]*post{}}
	pool, err := smtp.NewPool(smtp.Settings{URL: b.relay.URL()})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { pool.Close() })
	d.Sender = pool
	d.Enqueue = func(_ context.Context, _ *store.Tx, nudges ...Nudge) error {
		b.nudges = append(b.nudges, nudges...)
		return nil
	}
	b.pages = Pages(d.Acts)
	return b
}

// until lets time pass: all that becomes due up to a moment is worked off at its own moment, and reminders are planned.
func (b *bureau) until(moment string) {
	b.t.Helper()
	for end := when(b.t, moment); ; {
		b.plan()
		b.work()
		next, ok, err := b.NextDue(b.t.Context(), end)
		if err != nil {
			b.t.Fatal(err)
		}
		if !ok {
			break
		}
		now, err := b.Store.Now(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		b.clock(later(now, next).Add(time.Second).Format(time.RFC3339Nano))
	}
	b.clock(moment)
	b.plan()
	b.work()
	b.open()
}

// work follows nudges until a pass finds nothing more.
func (b *bureau) work() {
	b.t.Helper()
	for {
		if _, err := b.Pass(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		if len(b.nudges) == 0 {
			return
		}
		for len(b.nudges) > 0 {
			n := b.nudges[0]
			b.nudges = b.nudges[1:]
			var err error
			if n.Kind == "delivery" {
				err = b.Deliver(b.t.Context(), n.ID)
			} else {
				err = b.RunOccurrence(b.t.Context(), n.ID, n.FireAt)
			}
			if err != nil {
				b.t.Fatalf("%+v: %v", n, err)
			}
		}
	}
}

// open reads the letters that arrived since it was last called.
func (b *bureau) open() {
	b.t.Helper()
	all := b.relay.Letters()
	for _, l := range all[b.read:] {
		p := &post{kind: l.Header("X-Secretariat-Kind"), to: l.To, id: l.MessageID(), parts: map[string][]byte{}}
		m, err := mail.ReadMessage(strings.NewReader(string(l.Bytes)))
		if err != nil {
			b.t.Fatal(err)
		}
		readParts(b.t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, p.parts)
		p.text = string(p.parts["text/plain"])
		if b.latest[p.to] == nil {
			b.latest[p.to] = map[string]*post{}
		}
		b.latest[p.to][p.kind] = p
	}
	b.read = len(all)
}

// readParts takes a message apart; of several parts of one type the first counts.
func readParts(t *testing.T, contentType, encoding string, body io.Reader, parts map[string][]byte) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			part, err := r.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			readParts(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, parts)
		}
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	if _, known := parts[kind]; !known {
		parts[kind] = b
	}
}

// page asks for a page, or sends its form where there is one.
func (b *bureau) page(path string, form url.Values) (status int, location, body string) {
	b.t.Helper()
	r := httptest.NewRequest("GET", "https://council.example"+path, nil)
	if form != nil {
		r = httptest.NewRequest("POST", "https://council.example"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	b.pages.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

// answer follows the link in the last letter of a kind as its reader does: the page is shown, then its form is sent.
func (b *bureau) answer(address, kind string, form url.Values) {
	b.t.Helper()
	letter := b.latest[address][kind]
	if letter == nil {
		b.t.Fatalf("%s has no letter of kind %s", address, kind)
	}
	path := regexp.MustCompile(`/[pr]/[a-z0-9]+`).FindString(letter.text)
	if status, _, body := b.page(path, nil); status != 200 || !strings.Contains(body, "<form") {
		b.t.Fatalf("%s: the page %q of a %s answers %d\n%s", address, path, kind, status, letter.text)
	}
	status, location, body := b.page(path, form)
	if status != http.StatusSeeOther {
		b.t.Fatalf("%s sends %v to %s: %d\n%s", address, form, path, status, body)
	}
	if status, _, body := b.page(location, nil); status != 200 || !strings.Contains(body, `role="status"`) {
		b.t.Fatalf("after the answer: %d\n%s", status, body)
	}
}

// files writes the letters of some kinds that arrived so far into a folder, in the order of their arrival.
func (b *bureau) files(kinds ...string) (dir string) {
	b.t.Helper()
	dir = b.t.TempDir()
	for i, l := range b.relay.Letters() {
		if slices.Contains(kinds, l.Header("X-Secretariat-Kind")) {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.eml", i)), l.Bytes, 0o600); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	return dir
}

// invitations are the kinds of letter that carry a calendar object.
var invitations = []string{"hold-the-date", "invitation", "session-changed", "session-postponed"}

// calendars lets an independent program follow the calendar objects that each person received so far: one event, at the
// instant and in the state given.
func (b *bureau) calendars(status, opens string, people int) {
	b.t.Helper()
	python(b.t, calendarProgram, b.files(invitations...), status, opens, fmt.Sprint(people))
}

// calendarProgram does what a calendar does with what arrives: of each event it keeps the object of the highest SEQUENCE.
const calendarProgram = `
import datetime, email, email.policy, glob, icalendar, sys
folder, status, opens, people = sys.argv[1:]
kept = {}
for path in sorted(glob.glob(folder + '/*.eml')):
    m = email.message_from_bytes(open(path, 'rb').read(), policy=email.policy.default)
    part, = [p for p in m.walk() if p.get_content_type() == 'text/calendar' and p.get_content_disposition() != 'attachment']
    c = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    e, = c.walk('VEVENT')
    mine = kept.setdefault(m['To'].addresses[0].addr_spec, {})
    old = mine.get(str(e['UID']))
    assert old is None or int(e['SEQUENCE']) > int(old['SEQUENCE']), (path, 'SEQUENCE does not rise')
    assert (str(c['METHOD']) == 'CANCEL') == (str(e['STATUS']) == 'CANCELLED'), path
    mine[str(e['UID'])] = e
want = datetime.datetime.fromisoformat(opens)
assert len(kept) == int(people), len(kept)
assert len({uid for mine in kept.values() for uid in mine}) == 1, 'more than one UID'
for who, mine in kept.items():
    e, = mine.values()
    assert str(e['STATUS']) == status and e['DTSTART'].dt == want, (who, str(e['STATUS']), e['DTSTART'].dt)
`

// mailcheck reads letters with the program mailcheck where MAILCHECK names it or it is on the PATH; without it, what
// Python's own libraries say must do.
func (b *bureau) mailcheck(dir string, options ...string) {
	b.t.Helper()
	program := os.Getenv("MAILCHECK")
	if program == "" {
		var err error
		if program, err = exec.LookPath("mailcheck"); err != nil {
			b.t.Log("no mailcheck: the letters are read by Python's libraries only")
			return
		}
	}
	files, err := filepath.Glob(dir + "/*.eml")
	if err != nil || len(files) == 0 {
		b.t.Fatalf("no letters to check: %v", err)
	}
	if out, err := exec.Command(program, append(append([]string{"--quiet"}, options...), files...)...).CombinedOutput(); err != nil {
		b.t.Errorf("%v\n%s", err, out)
	}
}
