package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"secretariat/store"
)

const (
	askLimit = 5 * time.Second // for the questions of health and metrics
	dueLimit = 5 * time.Minute // due work that has waited longer means that nobody takes it up
)

// healthz says whether the process is alive: a supervisor that hears no 200 starts it anew. The database is not asked,
// since a new process would not bring it back.
func (h *house) healthz(w http.ResponseWriter, r *http.Request) {
	if h.options.PassAlive != nil {
		if err := h.options.PassAlive(); err != nil {
			http.Error(w, fmt.Sprintf("pass: %v", err), http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "alive")
}

// readyz says whether the work is being done: the database answers, its schema is the program's, and nothing due waits
// longer than five minutes.
func (h *house) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), askLimit)
	defer cancel()
	text, err := h.ready(ctx)
	if err != nil {
		h.log.Warn("not ready", "error", err)
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, text)
}

func (h *house) ready(ctx context.Context) (string, error) {
	if err := h.acts.Store.Ping(ctx); err != nil {
		return "", fmt.Errorf("database does not answer")
	}
	if err := h.acts.Store.CheckSchema(ctx); err != nil {
		return "", fmt.Errorf("schema: %w", err)
	}
	var waits time.Duration
	err := h.acts.Store.InTx(ctx, func(tx *store.Tx) error {
		at, ok, err := tx.OldestDue(ctx)
		waits = 0
		if ok {
			waits = tx.Now.Sub(at)
		}
		return err
	})
	switch {
	case err != nil:
		return "", fmt.Errorf("database: the oldest due cannot be read")
	case waits > dueLimit:
		return "", fmt.Errorf("due work has waited for %s", waits.Round(time.Second))
	}
	return fmt.Sprintf("ready, oldest due %s", waits.Round(time.Second)), nil
}
