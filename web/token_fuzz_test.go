package web

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"secretariat/acts"
	"secretariat/store/storetest"
)

// FuzzToken: whatever stands where a token does opens nothing and breaks nothing: the page says that there is no such page.
func FuzzToken(f *testing.F) {
	for _, token := range []string{"", "x", strings.Repeat("a", 26), strings.Repeat("a", 5000), "' or 1=1 --", "\x00", "\xff\xfe", "../../etc/passwd", "%2e%2e", "a.ics", "\u202eabc", "a?b#c", "a/b"} {
		f.Add(token)
	}
	h := Handler(&acts.Acts{Store: storetest.New(f)}, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	f.Fuzz(func(t *testing.T, token string) {
		for _, target := range []string{"GET /u/", "POST /u/", "GET /r/", "POST /r/", "GET /calendar/"} {
			method, path, _ := strings.Cut(target, " ")
			r := httptest.NewRequestWithContext(t.Context(), method, "http://secretariat.example"+path+url.PathEscape(token), nil)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code < 300 || w.Code >= 500 {
				t.Errorf("%s%q: answer %d: %.200s", target, token, w.Code, w.Body)
			}
		}
	})
}
