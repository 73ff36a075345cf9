package web

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"secretariat/locale"
	"secretariat/store"
)

const perPage = 100

// letterPage is the list of letters.
type letterPage struct {
	*frame
	Lines         []store.LetterLine
	Kinds, States []choice
	Total         int
	Before, After string // addresses of the neighbouring pages, "" for none
}

// choice is a filter of the list with the number of letters that it leaves.
type choice struct {
	Name, Address string
	N             int
	Chosen        bool
}

func (h *house) letterList(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, _ := strconv.Atoi(q.Get("page"))
	page = min(max(page, 0), 1_000_000)
	f := store.LetterFilter{Kind: q.Get("kind"), State: q.Get("state"), Limit: perPage, Offset: page * perPage}
	p := letterPage{frame: newFrame(locale.For("en"), "Letters")}
	err := h.acts.Store.InTx(r.Context(), func(tx *store.Tx) error {
		counts, err := tx.LetterCounts(r.Context())
		if err != nil {
			return err
		}
		p.count(counts, f)
		p.Lines, err = tx.LetterLines(r.Context(), f)
		return err
	})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if page > 0 {
		p.Before = listAddress(f.Kind, f.State, page-1)
	}
	if (page+1)*perPage < p.Total {
		p.After = listAddress(f.Kind, f.State, page+1)
	}
	h.show(w, http.StatusOK, "letters.html", p)
}

// count makes the filters; each keeps what the other one has chosen.
func (p *letterPage) count(counts []store.LetterCount, f store.LetterFilter) {
	kinds, states := map[string]int{}, map[string]int{}
	p.Total = 0
	for _, c := range counts {
		if f.State == "" || c.State == f.State {
			kinds[c.Kind] += c.N
		}
		if f.Kind == "" || c.Kind == f.Kind {
			states[c.State] += c.N
		}
		if (f.State == "" || c.State == f.State) && (f.Kind == "" || c.Kind == f.Kind) {
			p.Total += c.N
		}
	}
	p.Kinds = choices(kinds, f.Kind, func(k string) string { return listAddress(k, f.State, 0) })
	p.States = choices(states, f.State, func(s string) string { return listAddress(f.Kind, s, 0) })
}

func choices(counts map[string]int, chosen string, address func(string) string) (list []choice) {
	all := choice{Name: "all", Address: address(""), Chosen: chosen == ""}
	for name, n := range counts {
		all.N += n
		list = append(list, choice{name, address(name), n, name == chosen})
	}
	slices.SortFunc(list, func(a, b choice) int { return strings.Compare(a.Name, b.Name) })
	return append([]choice{all}, list...)
}

func listAddress(kind, state string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": kind, "state": state} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 0 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// letterView is one letter as its reader sees it.
type letterView struct {
	*frame
	Letter store.Delivery
}

func (h *house) letter(w http.ResponseWriter, r *http.Request) {
	d, ok := h.delivery(w, r)
	if !ok {
		return
	}
	title := d.Subject
	if title == "" {
		title = "Letter " + strconv.FormatInt(d.ID, 10)
	}
	h.show(w, http.StatusOK, "letter.html", letterView{newFrame(locale.For("en"), title), d})
}

// delivery reads the letter of the address; when there is none it answers itself.
func (h *house) delivery(w http.ResponseWriter, r *http.Request) (d store.Delivery, ok bool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		h.notFound(w, r)
		return d, false
	}
	err = h.acts.Store.InTx(r.Context(), func(tx *store.Tx) (err error) {
		d, err = tx.Delivery(r.Context(), id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		h.notFound(w, r)
		return d, false
	}
	if err != nil {
		h.fail(w, r, err)
		return d, false
	}
	return d, true
}

// letterBody is the HTML of a letter for the frame on its page: styles at the elements, as mail programs want them, and
// a sandbox in which nothing runs.
func (h *house) letterBody(w http.ResponseWriter, r *http.Request) {
	d, ok := h.delivery(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write([]byte(d.BodyHTML))
}

func (h *house) letterCalendar(w http.ResponseWriter, r *http.Request) {
	d, ok := h.delivery(w, r)
	if !ok {
		return
	}
	if d.Calendar == "" {
		h.notFound(w, r)
		return
	}
	download(w, "invite.ics", "text/calendar; charset=utf-8", []byte(d.Calendar))
}

func (h *house) letterFile(w http.ResponseWriter, r *http.Request) {
	d, ok := h.delivery(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(d.Attachments) {
		h.notFound(w, r)
		return
	}
	file := d.Attachments[n]
	var b []byte
	err = h.acts.Store.InTx(r.Context(), func(tx *store.Tx) (err error) {
		b, _, err = tx.Artefact(r.Context(), file.SHA256)
		return err
	})
	if err != nil {
		h.fail(w, r, fmt.Errorf("file %q of delivery %d: %w", file.Name, d.ID, err))
		return
	}
	download(w, file.Name, file.Type, b)
}

// download hands out a file to be saved, never to be shown in our own origin.
func download(w http.ResponseWriter, name, mediaType string, b []byte) {
	w.Header().Set("Content-Type", mediaType)
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		disposition = "attachment"
	}
	w.Header().Set("Content-Disposition", disposition)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}
