package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"secretariat/acts"
	"secretariat/calendar"
	"secretariat/locale"
)

// filesView is the page from which a reader fetches the files that a letter had to leave out.
type filesView struct {
	*frame
	Until string
	Files []fileView
}

type fileView struct{ Name, Size, Address string }

// showFiles lists the files. It changes nothing.
func (h *house) showFiles(w http.ResponseWriter, r *http.Request) {
	page, err := h.acts.ShowFiles(r.Context(), r.PathValue("token"))
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	l := locale.For(page.Language)
	zone, err := calendar.LoadZone(page.Timezone)
	if err != nil {
		zone = time.UTC
	}
	v := filesView{frame: newFrame(l, page.Subject), Until: l.Moment(page.Until, zone)}
	for i, f := range page.Files {
		v.Files = append(v.Files, fileView{f.Name, l.Int(int64(f.Bytes+1023)/1024) + "\u00a0kB", "/f/" + url.PathEscape(r.PathValue("token")) + "/" + strconv.Itoa(i)})
	}
	h.show(w, http.StatusOK, "files.html", v)
}

// file hands out one of them.
func (h *house) file(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		h.notFound(w, r)
		return
	}
	var f acts.LeftOutFile
	if f, err = h.acts.FetchFile(r.Context(), r.PathValue("token"), n); err != nil {
		h.badToken(w, r, err)
		return
	}
	download(w, f.Name, f.Type, f.Content)
}
