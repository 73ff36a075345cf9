package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/store"
	"secretariat/store/storetest"
)

func serve(t *testing.T, s *store.Store, o Options) http.Handler {
	t.Helper()
	return Handler(&acts.Acts{Store: s}, o)
}

// ask sends a request and returns the answer with its body.
func ask(t *testing.T, h http.Handler, method, target string, headers ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
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

func in(t *testing.T, s *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// sample records a letter with hostile texts, a file and an invitation, and one that is not built yet.
func sample(t *testing.T, s *store.Store) {
	t.Helper()
	in(t, s, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.InsertDeliveries(ctx, []store.Delivery{
			{DedupeKey: "a", Kind: "invitation", Name: "<script>alert(1)</script>", Address: "a@x.example", Language: "ru", Timezone: "Europe/Vienna"},
			{DedupeKey: "b", Kind: "report", Name: "Reader", Address: "b@x.example", Language: "en", Timezone: "Asia/Tashkent", NotBefore: tx.Now.Add(time.Hour)}})
		if err != nil {
			return err
		}
		sha, err := tx.PutArtefact(ctx, "application/pdf", []byte("%PDF-1.7"))
		if err != nil {
			return err
		}
		d := list[0]
		d.Subject, d.BodyText, d.BodyHTML = `Приглашение "><b>`, "text <b>", "<p style=\"color:#111111\">html</p><script>alert(1)</script>"
		d.Calendar, d.CalendarMethod = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST"
		d.Attachments = store.Attachments{{Name: "отчёт \"1\".pdf", Type: "application/pdf", SHA256: sha}}
		return tx.FreezeDelivery(ctx, d)
	})
}

func token(t *testing.T, s *store.Store, value, address string, expires time.Duration) {
	t.Helper()
	in(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.PutUnsubscribeToken(ctx, value, store.TokenSubject{Address: address, Report: "weekly-progress"}, tx.Now.Add(expires))
	})
}

func suppressed(t *testing.T, s *store.Store, address string) (reason string) {
	t.Helper()
	in(t, s, func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.Unsubscribed(ctx, "weekly-progress", []string{address})
		reason = found[address]
		return err
	})
	return reason
}

func TestUnsubscribe(t *testing.T) {
	s := storetest.New(t)
	sample(t, s)
	token(t, s, "good-token", "a@x.example", time.Hour)
	h := serve(t, s, Options{})
	for _, method := range []string{"GET", "HEAD", "GET"} {
		answer, body := ask(t, h, method, "/u/good-token")
		if answer.StatusCode != 200 || method == "GET" && (!strings.Contains(body, "Отказ от подписки") || !strings.Contains(body, `<form method="post">`) || !strings.Contains(body, "a@x.example")) {
			t.Errorf("%s: %d\n%s", method, answer.StatusCode, body)
		}
		if got := suppressed(t, s, "a@x.example"); got != "" {
			t.Fatalf("%s ended the subscription", method)
		}
	}
	for range 2 { // the second time is harmless
		answer, body := ask(t, h, "POST", "/u/good-token")
		if answer.StatusCode != 200 || !strings.Contains(body, "Подписка прекращена") || answer.Header.Get("Set-Cookie") != "" {
			t.Errorf("POST: %d\n%s", answer.StatusCode, body)
		}
	}
	if got := suppressed(t, s, "a@x.example"); got == "" {
		t.Error("the subscription goes on")
	}
}

func TestBadTokensAreAllTheSame(t *testing.T) {
	s := storetest.New(t)
	token(t, s, "old-token", "a@x.example", -time.Hour)
	h := serve(t, s, Options{})
	_, want := ask(t, h, "GET", "/u/unknown")
	for _, target := range []string{"/u/old-token", "/u/" + strings.Repeat("x", 5000), "/u/%00", "/u/%ff", "/nowhere", "/letters/1", "/"} {
		for _, method := range []string{"GET", "POST"} {
			if answer, body := ask(t, h, method, target); answer.StatusCode != 404 || body != want {
				t.Errorf("%s %.30s: %d\n%s", method, target, answer.StatusCode, body)
			}
		}
	}
	if _, body := ask(t, h, "GET", "/u/unknown", "Accept-Language", "de-AT, uz;q=0.8"); !strings.Contains(body, "Bu yerda hech narsa") {
		t.Errorf("a browser that asks for Uzbek gets\n%s", body)
	}
}

func TestPostFromAnotherSiteIsRefused(t *testing.T) {
	s := storetest.New(t)
	token(t, s, "good-token", "a@x.example", time.Hour)
	h := serve(t, s, Options{})
	if answer, _ := ask(t, h, "POST", "/u/good-token", "Sec-Fetch-Site", "cross-site"); answer.StatusCode != 403 {
		t.Errorf("got %d", answer.StatusCode)
	}
	if suppressed(t, s, "a@x.example") != "" {
		t.Error("the subscription has ended")
	}
}

func TestHeaders(t *testing.T) {
	s := storetest.New(t)
	h := serve(t, s, Options{ShowLetters: true, Secure: true})
	for _, target := range []string{"/", "/u/x", "/healthz", "/nowhere", "/style.css"} {
		answer, _ := ask(t, h, "GET", target)
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains"} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
	if answer, _ := ask(t, serve(t, s, Options{}), "GET", "/u/x"); answer.Header.Get("Strict-Transport-Security") != "" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("without TLS: %v", answer.Header)
	}
}

func TestLetters(t *testing.T) {
	s := storetest.New(t)
	sample(t, s)
	h := serve(t, s, Options{ShowLetters: true})
	_, list := ask(t, h, "GET", "/")
	for _, want := range []string{"&lt;script&gt;", "a@x.example", "b@x.example", "not built yet", "invitation", "pending", "planned", "Vienna"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if _, some := ask(t, h, "GET", "/?kind=report&state=planned"); strings.Contains(some, "a@x.example") || !strings.Contains(some, "b@x.example") {
		t.Errorf("the filter leaves\n%s", some)
	}
	m := regexp.MustCompile(`/letters/(\d+)" dir="auto" lang="ru"`).FindStringSubmatch(list)
	if m == nil {
		t.Fatalf("the list has no link to the letter:\n%s", list)
	}
	at := "/letters/" + m[1]
	_, page := ask(t, h, "GET", at)
	for _, want := range []string{`<iframe src="` + at + `/body" sandbox=`, "text &lt;b&gt;", "BEGIN:VCALENDAR", at + "/files/0", at + "/calendar"} {
		if !strings.Contains(page, want) {
			t.Errorf("the letter's page lacks %q:\n%s", want, page)
		}
	}
	for _, body := range []string{list, page} {
		if strings.Contains(body, "<script") || strings.Contains(body, " style=") || regexp.MustCompile(`\son[a-z]+=`).MatchString(body) {
			t.Errorf("a page holds script or style:\n%s", body)
		}
	}
	answer, body := ask(t, h, "GET", at+"/body")
	if p := answer.Header.Get("Content-Security-Policy"); !strings.Contains(p, "sandbox") || !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "allow-scripts") || !strings.Contains(body, "<p style") {
		t.Errorf("body: %q\n%s", p, body)
	}
	for target, want := range map[string]string{"/files/0": "%PDF-1.7", "/calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"} {
		answer, body := ask(t, h, "GET", at+target)
		if body != want || !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment; filename") {
			t.Errorf("%s: %q, %v", target, body, answer.Header)
		}
	}
	for _, target := range []string{"/letters/x", "/letters/999999", at + "/files/1", at + "/files/-1", "/letters/999999/body", "/letters/99999999999999999999"} {
		if answer, _ := ask(t, h, "GET", target); answer.StatusCode != 404 {
			t.Errorf("%s: got %d", target, answer.StatusCode)
		}
	}
}

func TestHealth(t *testing.T) {
	s := storetest.New(t)
	dead := false
	h := serve(t, s, Options{PassAlive: func() error {
		if dead {
			return errors.New("no pass since 09:00")
		}
		return nil
	}})
	if answer, body := ask(t, h, "GET", "/healthz"); answer.StatusCode != 200 {
		t.Errorf("healthz: %d %s", answer.StatusCode, body)
	}
	if answer, body := ask(t, h, "GET", "/readyz"); answer.StatusCode != 200 || !strings.Contains(body, "ready") {
		t.Errorf("readyz: %d %s", answer.StatusCode, body)
	}
	in(t, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InsertDeliveries(ctx, []store.Delivery{{DedupeKey: "late", Kind: "report", Address: "a@x.example", Language: "en", Timezone: "UTC", NotBefore: tx.Now.Add(-time.Hour)}})
		return err
	})
	if answer, body := ask(t, h, "GET", "/readyz"); answer.StatusCode != 503 || !strings.Contains(body, "1h0m") {
		t.Errorf("work that waits for an hour: %d %s", answer.StatusCode, body)
	}
	dead = true
	if answer, body := ask(t, h, "GET", "/healthz"); answer.StatusCode != 503 || !strings.Contains(body, "no pass since") {
		t.Errorf("a dead pass: %d %s", answer.StatusCode, body)
	}
}

func TestMetrics(t *testing.T) {
	s := storetest.New(t)
	sample(t, s)
	h := serve(t, s, Options{})
	_, body := ask(t, h, "GET", "/metrics")
	for _, want := range []string{"secretariat_database_up 1", `secretariat_deliveries{state="pending"} 1`, `secretariat_deliveries{state="planned"} 1`, `secretariat_deliveries{state="uncertain"} 0`, "secretariat_oldest_due_seconds ", "go_goroutines"} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics lack %q:\n%.3000s", want, body)
		}
	}
	s.Close()
	if _, body := ask(t, h, "GET", "/metrics"); !strings.Contains(body, "secretariat_database_up 0") {
		t.Errorf("without a database:\n%.3000s", body)
	}
	if answer, _ := ask(t, h, "GET", "/u/x"); answer.StatusCode != 503 {
		t.Errorf("a page without a database: got %d", answer.StatusCode)
	}
}
