// Package web is what the program shows in a browser: health and metrics for the operator, the page that ends a
// subscription, and, in demonstrations, the letters as their readers see them. Pages work without JavaScript, load
// nothing from elsewhere and keep no cookie. GET and HEAD change nothing: mail programs follow links by themselves.
package web

import (
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"secretariat/acts"
	"secretariat/templates"
)

// Options says what is shown. The zero value shows what a production installation needs.
type Options struct {
	// ShowLetters opens the list of all letters, with their texts and files, to everybody who reaches the address: for
	// demonstrations and development only.
	ShowLetters bool
	// Secure says that readers reach the pages by TLS: browsers are told to keep to it.
	Secure bool
	// PassAlive returns an error when the pass over due rows has stopped; nil is not asked.
	PassAlive func() error
	Log       *slog.Logger // nil: silent
}

// house is what the handlers share.
type house struct {
	acts    *acts.Acts
	options Options
	log     *slog.Logger
	views   *template.Template
}

// Handler returns the handler of all pages. It panics when a view does not parse: they are embedded.
func Handler(a *acts.Acts, options Options) http.Handler {
	h := &house{acts: a, options: options, log: options.Log,
		views: template.Must(template.New("pages").Funcs(viewFuncs).ParseFS(templates.Pages, "pages/*.html"))}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.healthz)
	mux.HandleFunc("GET /readyz", h.readyz)
	mux.Handle("GET /metrics", h.metrics())
	mux.HandleFunc("GET /style.css", style)
	mux.HandleFunc("GET /u/{token}", h.showUnsubscription)
	mux.HandleFunc("POST /u/{token}", h.unsubscribe)
	mux.HandleFunc("GET /r/{token}", h.showReply)
	mux.HandleFunc("POST /r/{token}", h.reply)
	mux.HandleFunc("GET /p/{token}", h.showPoll)
	mux.HandleFunc("POST /p/{token}", h.poll)
	mux.HandleFunc("GET /f/{token}", h.showFiles)
	mux.HandleFunc("GET /f/{token}/{n}", h.file)
	mux.HandleFunc("GET /calendar/{file}", h.feed)
	if options.ShowLetters {
		mux.HandleFunc("GET /{$}", h.letterList)
		mux.HandleFunc("GET /letters/{id}", h.letter)
		mux.HandleFunc("GET /letters/{id}/body", h.letterBody)
		mux.HandleFunc("GET /letters/{id}/calendar", h.letterCalendar)
		mux.HandleFunc("GET /letters/{id}/files/{n}", h.letterFile)
	}
	mux.HandleFunc("/", h.notFound)
	return h.headers(http.NewCrossOriginProtection().Handler(mux))
}

// policy allows a page its own style sheet, forms and frames, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers sets what every answer carries, before the handler may replace it.
func (h *house) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("X-Robots-Tag", "noindex, nofollow")
		header.Set("Cache-Control", "no-store")
		if h.options.Secure {
			header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		next.ServeHTTP(w, r)
	})
}

// fail answers with a short text and writes the cause where the operator reads it, without the path: it may hold a token.
func (h *house) fail(w http.ResponseWriter, r *http.Request, err error) {
	h.log.Error("a page could not be shown", "route", r.Pattern, "error", err)
	http.Error(w, "The page cannot be shown at the moment. Please try again later.", http.StatusServiceUnavailable)
}

func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	b, err := templates.Pages.ReadFile("pages/style.css")
	if err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		return
	}
	w.Write(b)
}
