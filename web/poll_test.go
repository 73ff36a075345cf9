package web

import (
	"context"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/locale"
	"secretariat/store"
)

// pollOf opens a poll on two mornings and an evening and returns its ref and the path of a person's link.
func pollOf(t *testing.T, a *acts.Acts, person string, secret bool) (ref, path string) {
	t.Helper()
	var starts []time.Time
	for _, at := range []string{"2027-02-02T10:00:00+05:00", "2027-02-03T10:00:00+05:00", "2027-02-04T20:00:00+05:00"} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		starts = append(starts, moment)
	}
	opened, err := a.OpenPoll(t.Context(), store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", Secret: secret, OpenedBy: "test"}, starts, false)
	if err != nil {
		t.Fatal(err)
	}
	link, err := a.PollLink(t.Context(), opened.Ref, person, "test")
	if err != nil {
		t.Fatal(err)
	}
	return opened.Ref, strings.TrimPrefix(link, "https://sec.example")
}

func speak(t *testing.T, a *acts.Acts, person, language, zone string) {
	t.Helper()
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update person set language = $2, timezone = $3 where ref = $1`, person, language, zone)
		return err
	})
}

func answersOnRecord(t *testing.T, a *acts.Acts) (n int) {
	t.Helper()
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.GetContext(ctx, &n, `select count(*) from poll_answer`)
	})
	return n
}

// look keeps a page in the folder that PAGES_HTML names, to look at it in a browser.
func look(t *testing.T, name, body string) {
	if dir := os.Getenv("PAGES_HTML"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(strings.Replace(body, "/style.css", "style.css", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPollPageInEveryLanguage(t *testing.T) {
	a, h := sampleDesk(t)
	_, path := pollOf(t, a, "X-hashimi", false)
	for _, language := range locale.Languages {
		speak(t, a, "X-hashimi", language, "America/New_York")
		answer, body := ask(t, h, "GET", path)
		look(t, "poll-"+language, body)
		want := locale.For(language).T("web.poll.question", nil)
		if answer.StatusCode != 200 || !strings.Contains(html.UnescapeString(body), want) || !strings.Contains(body, `lang="`+language+`"`) || strings.Contains(body, "<script") || strings.Contains(body, " style=") {
			t.Errorf("%s: %d\n%s", language, answer.StatusCode, body)
		}
		if (language == "ar") != strings.Contains(body, `dir="rtl"`) {
			t.Errorf("%s: direction of the page", language)
		}
	}
	speak(t, a, "X-hashimi", "en", "America/New_York")
	_, body := ask(t, h, "GET", path)
	for _, want := range []string{"Tue 2 February 2027, 00:00–03:00 (New York, UTC-5)", "Tue 2 February 2027, 10:00–13:00 (Tashkent, UTC+5)", "outside your working hours", "Answers are taken until Tue 2 February 2027, 00:00"} {
		if !strings.Contains(strings.ReplaceAll(html.UnescapeString(body), "UTC−5", "UTC-5"), want) {
			t.Errorf("the page lacks %q\n%s", want, body)
		}
	}
	if n := strings.Count(body, "outside your working hours"); n != 2 { // 20:00 in Tashkent is 10:00 in New York
		t.Errorf("%d options are outside the reader's hours, want 2", n)
	}
}

// Showing changes nothing; an answer to every option is recorded and shown; anything else is refused and records nothing.
func TestPollPageRecords(t *testing.T) {
	a, h := sampleDesk(t)
	speak(t, a, "X-hashimi", "en", "Asia/Tashkent")
	poll, path := pollOf(t, a, "X-hashimi", false)
	ask(t, h, "GET", path)
	ask(t, h, "HEAD", path)
	if n := answersOnRecord(t, a); n != 0 {
		t.Fatalf("showing the page recorded %d answers", n)
	}
	good := url.Values{"option-1": {"yes"}, "option-2": {"if-need-be"}, "option-3": {"no"}}
	answer, _ := post(t, h, path, good)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != path+"?saved" || answersOnRecord(t, a) != 3 {
		t.Fatalf("POST: %d to %q, %d answers", answer.StatusCode, answer.Header.Get("Location"), answersOnRecord(t, a))
	}
	if answer, _ = post(t, h, path, good); answer.StatusCode != 303 || answersOnRecord(t, a) != 3 {
		t.Error("the same answers again are recorded again")
	}
	_, body := ask(t, h, "GET", path+"?saved")
	look(t, "poll-saved", body)
	if !strings.Contains(body, `role="status"`) || !strings.Contains(body, `name="option-2" value="if-need-be" required checked`) || !strings.Contains(html.UnescapeString(body), "Yes\u00a01 · If need be\u00a00 · No\u00a00") {
		t.Errorf("after the answer:\n%s", body)
	}
	for why, form := range map[string]url.Values{"nothing": {}, "one option left out": {"option-1": {"no"}, "option-2": {"no"}}, "unknown answer": {"option-1": {"perhaps"}, "option-2": {"no"}, "option-3": {"no"}},
		"an option that is not there": {"option-1": {"no"}, "option-2": {"no"}, "option-9": {"no"}}} {
		answer, body := post(t, h, path, form)
		if answer.StatusCode != 422 || !strings.Contains(body, `role="alert"`) || answersOnRecord(t, a) != 3 {
			t.Errorf("%s: %d, %d answers", why, answer.StatusCode, answersOnRecord(t, a))
		}
	}
	if answer, _ := post(t, h, path, good, "Sec-Fetch-Site", "cross-site"); answer.StatusCode != 403 {
		t.Errorf("a form of another site: %d", answer.StatusCode)
	}
	seen, err := a.ShowPoll(t.Context(), poll)
	if err != nil || seen.Options[0].Answers["X-hashimi"] != "yes" {
		t.Errorf("the command shows %v, %v", seen.Options[0].Answers, err)
	}
	for i := range 20 { // one answer changes each time: bounded all the same
		post(t, h, path, url.Values{"option-1": {[]string{"no", "yes"}[i%2]}, "option-2": {[]string{"no", "yes"}[i%2]}, "option-3": {[]string{"yes", "no"}[i%2]}})
	}
	if n := answersOnRecord(t, a); n != 60 {
		t.Errorf("a link wrote %d answers in a day, want 60", n)
	}
}

// A secret poll shows nobody's answers but the reader's own until it is closed.
func TestPollPageKeepsASecret(t *testing.T) {
	a, h := sampleDesk(t)
	speak(t, a, "X-hashimi", "en", "Asia/Tashkent")
	poll, path := pollOf(t, a, "X-hashimi", true)
	for _, person := range []string{"X-hashimi", "X-suleimenova"} {
		if err := a.AnswerPoll(t.Context(), acts.PollAnswerRequest{Poll: poll, Person: person, Actor: "test", Answers: map[int]string{1: "yes", 2: "no", 3: "no"}}); err != nil {
			t.Fatal(err)
		}
	}
	_, body := ask(t, h, "GET", path)
	if strings.Contains(body, "Yes\u00a0") || !strings.Contains(body, "Nobody sees the answers") || !strings.Contains(body, `name="option-1" value="yes" required checked`) {
		t.Errorf("an open secret poll:\n%s", body)
	}
	if _, err := a.ClosePoll(t.Context(), acts.PollClosing{Poll: poll, Choose: 1, Actor: "test"}, false); err != nil {
		t.Fatal(err)
	}
	answer, body := ask(t, h, "GET", path)
	look(t, "poll-closed", body)
	if answer.StatusCode != 200 || strings.Contains(body, "<form") || !strings.Contains(body, "Yes\u00a02 · If need be\u00a00 · No\u00a00") || strings.Count(body, "chosen</span>") != 1 || !strings.Contains(body, "<strong>Tue 2 February 2027, 10:00–13:00") {
		t.Errorf("a closed poll: %d\n%s", answer.StatusCode, body)
	}
	if answer, _ := post(t, h, path, url.Values{"option-1": {"no"}, "option-2": {"no"}, "option-3": {"no"}}); answer.StatusCode != 422 || answersOnRecord(t, a) != 6 {
		t.Errorf("an answer to a closed poll: %d", answer.StatusCode)
	}
}

// Links that open nothing are one page, whatever the reason; a poll that takes no answers says so.
func TestPollLinksEnd(t *testing.T) {
	a, h := sampleDesk(t)
	speak(t, a, "X-hashimi", "en", "Asia/Tashkent")
	_, path := pollOf(t, a, "X-hashimi", false)
	_, want := ask(t, h, "GET", "/p/unknown")
	same := func(why, path string) {
		t.Helper()
		for _, method := range []string{"GET", "POST"} {
			if answer, body := ask(t, h, method, path); answer.StatusCode != 404 || body != want {
				t.Errorf("%s, %s: %d\n%s", why, method, answer.StatusCode, body)
			}
		}
	}
	same("cut short", path[:len(path)-1])
	same("upper case", "/p/"+strings.ToUpper(strings.TrimPrefix(path, "/p/")))
	same("a reply page's address", strings.Replace(path, "/p/", "/r/", 1))
	clock(t, a, "2027-02-02T10:00:01+05:00")
	answer, body := ask(t, h, "GET", path)
	look(t, "poll-over", body)
	if answer.StatusCode != 200 || strings.Contains(body, "<form") || !strings.Contains(body, "Answers are no longer taken") {
		t.Errorf("after the last moment to answer: %d\n%s", answer.StatusCode, body)
	}
	clock(t, a, "2027-02-11T20:00:00+05:00")
	same("seven days after the last option", path)
	clock(t, a, "2026-11-24T09:00:00+05:00")
	if n, err := a.RevokeReplyLinks(t.Context(), "", "X-hashimi", "test"); err != nil || n < 1 {
		t.Fatalf("%d links revoked, %v", n, err)
	}
	same("revoked", path)
	link, err := a.PollLink(t.Context(), "POLL-1", "X-hashimi", "test")
	if err != nil {
		t.Fatal(err)
	}
	path = strings.TrimPrefix(link, "https://sec.example")
	in(t, a.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `update membership set term = daterange(lower(term), '2026-11-01') where person_id = (select id from person where ref = 'X-hashimi')`)
		return err
	})
	same("the seat was vacated", path)
}
