package web

import (
	"bytes"
	"context"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/letters"
	"secretariat/mail"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/programme/file"
	"secretariat/store"
	"secretariat/store/storetest"
	"secretariat/templates"
)

// sampleDesk is the sample programme a minute before its weekly report, with the acts and the pages.
func sampleDesk(t *testing.T) (*acts.Acts, http.Handler) {
	t.Helper()
	set, err := letters.Load(templates.Letters)
	if err != nil {
		t.Fatal(err)
	}
	url := storetest.Filled(t, "sample", func(s *store.Store, _ string) error {
		text, err := os.ReadFile("../examples/tashkent/programme.yaml")
		if err != nil {
			return err
		}
		doc, err := file.Read(nil, file.Source{Name: "programme.yaml", Text: text})
		if err != nil {
			return err
		}
		if err := s.SetClock(t.Context(), time.Date(2026, 11, 23, 3, 59, 0, 0, time.UTC)); err != nil {
			return err
		}
		return s.InTx(t.Context(), func(tx *store.Tx) error {
			plan := programme.Diff(programme.Programme{}, doc.Programme)
			return tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: plan, Target: doc.Programme, Domain: "sec.example"})
		})
	})
	a := &acts.Acts{Store: storetest.Open(t, url), Letters: set, Replica: "test", Mail: acts.MailOptions{Domain: "sec.example", PublicURL: "https://sec.example",
		From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}}}
	clock(t, a, "2026-11-23T08:59:00+05:00") // since the database was filled the clock has run on
	return a, Handler(a, Options{})
}

func clock(t *testing.T, a *acts.Acts, at string) {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.SetClock(t.Context(), moment); err != nil {
		t.Fatal(err)
	}
}

// linkFor makes a reply link and returns its path.
func linkFor(t *testing.T, a *acts.Acts, session, person string) string {
	t.Helper()
	link, err := a.ReplyLink(t.Context(), session, person, "test")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(link, "https://sec.example")
}

// post sends a form as a browser does.
func post(t *testing.T, h http.Handler, target string, form url.Values, headers ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(b)
}

func replyCount(t *testing.T, a *acts.Acts, session string) int {
	t.Helper()
	rows, _, err := a.Replies(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

func TestReplyPageInEveryLanguage(t *testing.T) {
	a, h := sampleDesk(t)
	path := linkFor(t, a, "X-REC-6", "X-hashimi")
	for language, want := range map[string]string{"en": "Will you attend?", "fr": "Participerez-vous", "es": "¿Asistirá", "ru": "Примете ли Вы участие",
		"uz": "Qatnashasizmi", "ar": "هل ستحضرون", "zh": "您是否出席"} {
		in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `update person set language = $1 where ref = 'X-hashimi'`, language)
			return err
		})
		answer, body := ask(t, h, "GET", path)
		if answer.StatusCode != 200 || !strings.Contains(body, want) || !strings.Contains(body, `lang="`+language+`"`) || strings.Contains(body, "<script") || strings.Contains(body, " style=") {
			t.Errorf("%s: %d\n%s", language, answer.StatusCode, body)
		}
		if (language == "ar") != strings.Contains(body, `dir="rtl"`) {
			t.Errorf("%s: direction of the page", language)
		}
	}
}

// The page shows the date on the council's clock and on the reader's, the answers that the session's mode allows, the
// agenda and the papers that may be named.
func TestReplyPageSaysWhatTheReaderNeeds(t *testing.T) {
	a, h := sampleDesk(t)
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update person set language = 'en', timezone = 'America/New_York' where ref = 'X-suleimenova'`)
		return err
	})
	_, body := ask(t, h, "GET", linkFor(t, a, "X-REC-6", "X-suleimenova"))
	for _, want := range []string{"Sixth session", "Mon 7 December 2026, 10:00–17:00 (Tashkent, UTC+5)", "Mon 7 December 2026, 00:00–07:00 (New York, UTC-5)", "On your clock",
		`value="in-person"`, `value="online"`, `value="tentative"`, `value="declined"`, `value="delegate:X-tleubek"`, "Provisional agenda", "REC/6/1", "for decision"} {
		if !strings.Contains(strings.ReplaceAll(html.UnescapeString(body), "UTC−5", "UTC-5"), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "meet.isrs.example") || strings.Contains(body, "@") {
		t.Error("the page shows the address to join, or somebody's mailbox")
	}
	if t.Failed() {
		t.Log(body)
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update session set confidentiality = 'confidential' where ref = 'X-REC-6'`)
		return err
	})
	_, body = ask(t, h, "GET", linkFor(t, a, "X-REC-6", "X-suleimenova"))
	for _, secret := range []string{"Sixth", "Provisional", "REC/6", "Regional", "Repatriation"} {
		if strings.Contains(body, secret) {
			t.Errorf("the page of a confidential session names %q", secret)
		}
	}
}

// TestCheck28LinksOnlyShow: GET and HEAD change nothing, also many at once; POST records; the other tokens are one page.
func TestCheck28LinksOnlyShow(t *testing.T) {
	a, h := sampleDesk(t)
	path, before := linkFor(t, a, "X-REC-6", "X-hashimi"), replyCount(t, a, "X-REC-6")
	var wg sync.WaitGroup
	for i := range 50 { // scanners prefetch
		wg.Go(func() {
			r := httptest.NewRequest([]string{"GET", "HEAD"}[i%2], path, nil)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 200 {
				t.Errorf("prefetch: %d", w.Code)
			}
		})
	}
	wg.Wait()
	if n := replyCount(t, a, "X-REC-6"); n != before {
		t.Fatalf("showing the page recorded %d answers", n-before)
	}
	answer, _ := post(t, h, path, url.Values{"seat": {"X-S10"}, "answer": {"online"}})
	if answer.StatusCode != 303 || answer.Header.Get("Location") != path+"?saved" {
		t.Fatalf("POST: %d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	rows, m, err := a.Replies(t.Context(), "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	last := rows[len(rows)-1]
	if st, _ := m.Standing("X-S10"); last.Via != "link" || last.Person != "X-hashimi" || st.Answer != "accepted" || st.Mode != "online" {
		t.Errorf("on record: %+v, the seat: %+v", last, st)
	}
	if answer, _ = post(t, h, path, url.Values{"seat": {"X-S10"}, "answer": {"online"}}); answer.StatusCode != 303 || replyCount(t, a, "X-REC-6") != len(rows) {
		t.Error("the same answer again is recorded again")
	}
	if _, body := ask(t, h, "GET", path+"?saved"); !strings.Contains(body, `role="status"`) || !strings.Contains(body, `value="online" required checked`) {
		t.Errorf("after the answer:\n%s", body)
	}
	for why, form := range map[string]url.Values{"no answer": {"seat": {"X-S10"}}, "another's seat": {"seat": {"X-S01"}, "answer": {"declined"}},
		"unknown answer": {"seat": {"X-S10"}, "answer": {"perhaps"}}, "a stranger as delegate": {"seat": {"X-S10"}, "answer": {"delegate:X-kim"}},
		"oneself as delegate": {"seat": {"X-S10"}, "answer": {"delegate:X-hashimi"}}} {
		answer, body := post(t, h, path, form)
		if answer.StatusCode != 422 || !strings.Contains(body, `role="alert"`) || replyCount(t, a, "X-REC-6") != len(rows) {
			t.Errorf("%s: %d, %d answers", why, answer.StatusCode, replyCount(t, a, "X-REC-6")-len(rows))
		}
	}
}

// A postponed session keeps its page: the lost date, the reason, no form, and nobody is asked to answer.
func TestReplyPageOfAPostponedSession(t *testing.T) {
	a, h := sampleDesk(t)
	path := linkFor(t, a, "X-REC-6", "X-suleimenova")
	if _, err := a.TakeStep(t.Context(), meetings.Postpone, acts.SessionStep{Ref: "X-REC-6", Actor: "test", Reason: programme.Text{"en": "Snow."}}); err != nil {
		t.Fatal(err)
	}
	clock(t, a, "2027-03-01T09:00:00+05:00") // long after the lost date
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update person set language = 'en' where ref = 'X-suleimenova'`)
		return err
	})
	answer, body := ask(t, h, "GET", path)
	if answer.StatusCode != 200 || !strings.Contains(body, "<del>Mon 7 December 2026") || !strings.Contains(body, "postponed") || !strings.Contains(body, "Snow.") {
		t.Errorf("%d\n%s", answer.StatusCode, body)
	}
	if strings.Contains(body, "<form") || strings.Contains(body, "answer again") || !strings.Contains(body, "Your answer of 27 October 2026") {
		t.Errorf("the page asks for an answer:\n%s", body)
	}
	if answer, _ := post(t, h, path, url.Values{"seat": {"X-S01"}, "answer": {"online"}}); answer.StatusCode != 422 {
		t.Errorf("an answer to a lost date: %d", answer.StatusCode)
	}
}

// A link cannot write without end.
func TestAnswersOfOneDayAreBounded(t *testing.T) {
	a, h := sampleDesk(t)
	path := linkFor(t, a, "X-REC-6", "X-hashimi")
	for i := range 21 {
		answer, _ := post(t, h, path, url.Values{"seat": {"X-S10"}, "answer": {[]string{"tentative", "declined"}[i%2]}})
		if want := map[bool]int{true: 303, false: 422}[i < 20]; answer.StatusCode != want {
			t.Errorf("answer %d: %d, want %d", i+1, answer.StatusCode, want)
		}
	}
}

// TestTrust89To100 walks through the rows of the bad inputs that speak of tokens and HTTP, by number.
func TestTrust89To100(t *testing.T) {
	a, h := sampleDesk(t)
	good := linkFor(t, a, "X-REC-6", "X-hashimi")
	token := strings.TrimPrefix(good, "/r/")
	before := replyCount(t, a, "X-REC-6")
	_, want := ask(t, h, "GET", "/r/unknown")
	same := func(row, path string) {
		t.Helper()
		for _, method := range []string{"GET", "POST", "HEAD"} {
			answer, body := ask(t, h, method, path)
			if answer.StatusCode != 404 || method != "HEAD" && body != want {
				t.Errorf("row %s, %s: %d\n%s", row, method, answer.StatusCode, body)
			}
		}
	}
	same("89", "/r/"+token[:len(token)-1])
	flipped := "a" + token[1:]
	if token[0] == 'a' {
		flipped = "b" + token[1:]
	}
	same("90", "/r/"+flipped)
	same("90, case", "/r/"+strings.ToUpper(token))
	same("98", "/r/..%2f..%2fetc%2fpasswd")
	same("99", "/calendar/..%2f..%2fetc%2fpasswd")

	if answer, body := ask(t, h, "GET", good+"?next=//evil.example"); answer.StatusCode != 200 || strings.Contains(body, "evil.example") {
		t.Errorf("row 98: %d", answer.StatusCode)
	}
	if answer, _ := post(t, h, good+"?next=//evil.example", url.Values{"seat": {"X-S10"}, "answer": {"tentative"}}); answer.Header.Get("Location") != good+"?saved" {
		t.Errorf("row 98: sent to %q", answer.Header.Get("Location"))
	}
	if before++; replyCount(t, a, "X-REC-6") != before {
		t.Error("row 92: a link answers as often as its reader wishes, each time on record")
	}
	same("93", strings.Replace(good, token, strings.Repeat("x", 26), 1))
	if answer, _ := post(t, h, good, url.Values{"seat": {"X-S10"}, "answer": {"declined"}}, "Sec-Fetch-Site", "cross-site"); answer.StatusCode != 403 {
		t.Errorf("row 96: a form of another site: %d", answer.StatusCode)
	}
	if answer, _ := post(t, h, good, url.Values{"seat": {"X-S10"}, "answer": {strings.Repeat("x", 100_000)}}); answer.StatusCode != 413 {
		t.Errorf("row 97: a long body: %d", answer.StatusCode)
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", good, nil)
	r.Header.Set("Range", "bytes=0-,0-,0-,0-,0-,0-")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("row 100: a page has no ranges: %d", w.Code)
	}
	answer, _ := ask(t, h, "GET", good)
	for name, value := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": "same-origin"} {
		if answer.Header.Get(name) != value {
			t.Errorf("%s: %q", name, answer.Header.Get(name))
		}
	}
	if answer.Header.Get("Set-Cookie") != "" {
		t.Error("the page sets a cookie")
	}

	// 91: the link dies seven days after the session; 94: with the person; and when it is revoked.
	clock(t, a, "2026-12-14T16:59:00+05:00")
	if answer, body := ask(t, h, "GET", good); answer.StatusCode != 200 || strings.Contains(body, "<form") {
		t.Errorf("six days after: %d", answer.StatusCode)
	}
	clock(t, a, "2026-12-14T17:00:00+05:00")
	same("91", good)
	clock(t, a, "2026-11-24T09:00:00+05:00")
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update person set active = false where ref = 'X-hashimi'`)
		return err
	})
	same("94", good)
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update person set active = true where ref = 'X-hashimi'`)
		return err
	})
	if n, err := a.RevokeReplyLinks(t.Context(), "X-REC-6", "X-hashimi", "test"); n != 1 || err != nil {
		t.Fatalf("%d links revoked, %v", n, err)
	}
	same("revoked", good)
	if replyCount(t, a, "X-REC-6") != before {
		t.Error("a refused request recorded an answer")
	}
}

// No token stands in the table of tokens, and a million guesses open nothing.
func TestTokensAreHashed(t *testing.T) {
	a, _ := sampleDesk(t)
	token := strings.TrimPrefix(linkFor(t, a, "X-REC-6", "X-hashimi"), "/r/")
	if len(token) < 26 { // base 32: 26 characters are 130 bits
		t.Errorf("the token %q has fewer than 128 bits", token)
	}
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		var rows [][]byte
		if err := tx.SelectContext(ctx, &rows, `select to_jsonb(t)::text::bytea from token t`); err != nil {
			return err
		}
		for _, row := range rows {
			if bytes.Contains(row, []byte(token)) {
				t.Errorf("the table holds a token: %s", row)
			}
		}
		return nil
	})
}
