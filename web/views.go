package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"secretariat/locale"
	"secretariat/programme"
)

// frame is what every page has.
type frame struct {
	Title, Language, Direction string
	locale                     *locale.Locale
	fallback                   []string // languages of texts that the reader's lacks
}

// newFrame begins a page. languages are the programme's languages, where the page shows texts of it.
func newFrame(l *locale.Locale, title string, languages ...string) *frame {
	f := &frame{Title: title, Language: l.Language(), Direction: "ltr", locale: l, fallback: append(slices.Clone(languages), "en")}
	if l.RightToLeft() {
		f.Direction = "rtl"
	}
	return f
}

// text takes the reader's language of a text, else one of the programme's.
func (f *frame) text(t programme.Text) string {
	return t.In(append([]string{f.Language}, f.fallback...)...)
}

// T is a text of the catalogue in the page's language; pairs are names and values of its arguments.
func (f *frame) T(id string, pairs ...any) string {
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return f.locale.T(id, args)
}

// Moment writes a moment on the clock of an IANA zone, UTC where the zone is not known.
func (f *frame) Moment(at time.Time, zone string) string {
	z, err := time.LoadLocation(zone)
	if err != nil {
		z = time.UTC
	}
	return f.locale.Moment(at, z)
}

var viewFuncs = template.FuncMap{"tone": tone, "words": func(kind string) string { return strings.ReplaceAll(kind, "-", " ") }}

// tone is the class of a letter's state; a sign goes with it in the style sheet.
func tone(state string) string {
	switch state {
	case "sent":
		return "good"
	case "uncertain", "failed":
		return "bad"
	case "sending", "committing", "pending":
		return "busy"
	}
	return "mute"
}

// show writes a page. It is made whole before the first byte is sent, so that a fault never leaves half a page.
func (h *house) show(w http.ResponseWriter, status int, view string, data any) {
	var b bytes.Buffer
	if err := h.views.ExecuteTemplate(&b, view, data); err != nil {
		h.log.Error("a view failed", "view", view, "error", err)
		http.Error(w, "The page cannot be shown at the moment.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}
