package web

import (
	"net/http"
	"strings"
)

// feed is a calendar that programs fetch every few hours: unchanged, it is answered with 304. Addresses that open nothing
// are all answered alike.
func (h *house) feed(w http.ResponseWriter, r *http.Request) {
	token, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		h.notFound(w, r)
		return
	}
	f, err := h.acts.CalendarFeed(r.Context(), token)
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	tag := `"` + f.Tag + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache") // kept by the reader's program, and asked for each time
	for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `inline; filename="sessions.ics"`)
	w.Write([]byte(f.Calendar))
}
