package web

import (
	"errors"
	"net/http"
	"strings"

	"secretariat/locale"
	"secretariat/store"
)

// ending is the page of an unsubscription.
type ending struct {
	*frame
	Address, Report string
	Done            bool
}

// showUnsubscription shows what the link of a letter ends, with a button that does it.
func (h *house) showUnsubscription(w http.ResponseWriter, r *http.Request) {
	u, err := h.acts.ShowUnsubscription(r.Context(), r.PathValue("token"))
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	h.showEnding(w, r, u.Address, u.Report, false)
}

// unsubscribe ends a subscription at once: RFC 8058 has the mail program's server post here without cookie or confirmation.
func (h *house) unsubscribe(w http.ResponseWriter, r *http.Request) {
	u, err := h.acts.Unsubscribe(r.Context(), r.PathValue("token"))
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	h.log.Info("a reader unsubscribed", "report", u.Report)
	h.showEnding(w, r, u.Address, u.Report, true)
}

func (h *house) badToken(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, store.ErrNotFound) {
		h.notFound(w, r)
		return
	}
	h.fail(w, r, err)
}

func (h *house) showEnding(w http.ResponseWriter, r *http.Request, address, report string, done bool) {
	lang := accepted(r)
	err := h.acts.Store.InTx(r.Context(), func(tx *store.Tx) (err error) {
		lang, err = tx.TokenLanguage(r.Context(), r.PathValue("token"))
		return err
	})
	if err != nil {
		h.badToken(w, r, err)
		return
	}
	l := locale.For(lang)
	h.show(w, http.StatusOK, "unsubscribe.html", ending{newFrame(l, l.T("web.unsubscribe.title", nil)), address, h.reportTitle(report, l), done})
}

// reportTitle is what the reader's language calls a report; its name where the title is not known.
func (h *house) reportTitle(name string, l *locale.Locale) string {
	if h.acts.Reports != nil {
		if d, err := h.acts.Reports.Definition(name); err == nil {
			if title := d.Title.In(l.Language(), "en"); title != "" {
				return title
			}
		}
	}
	return name
}

// accepted is the first language that the browser asks for and that we speak; locale knows what to make of the rest.
func accepted(r *http.Request) string {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		if base != "" && locale.For(base).Language() == strings.ToLower(base) {
			return base
		}
	}
	return "en"
}

// notFound is the same for all addresses and tokens that open nothing.
func (h *house) notFound(w http.ResponseWriter, r *http.Request) {
	l := locale.For(accepted(r))
	h.show(w, http.StatusNotFound, "notfound.html", newFrame(l, l.T("web.not-found.title", nil)))
}
