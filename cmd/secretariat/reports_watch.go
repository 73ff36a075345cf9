package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"secretariat/acts"
	"secretariat/reports"
)

// watcher draws a report file anew whenever it changes.
type watcher struct {
	app             *app
	with            *acts.Acts
	file, out, lang string
	seen            string // what the file and its overlays looked like when they were last read
}

// lookAgain is how often a watched file is looked at.
const lookAgain = 400 * time.Millisecond

// watch looks at the file until ctx ends.
func (w *watcher) watch(ctx context.Context) error {
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		if _, err := w.look(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// look draws the preview when the file or one of its overlays has changed, and reports whether it was drawn. What is wrong
// in them is said, and the last good preview stays.
func (w *watcher) look(ctx context.Context) (drawn bool, err error) {
	now := w.marks()
	if now == w.seen {
		return false, nil
	}
	w.seen = now
	d, faults, err := reports.Parse(os.DirFS(filepath.Dir(w.file)), filepath.Base(w.file), w.file)
	if err != nil {
		w.complain(err)
		return false, nil // an editor may be writing it anew
	}
	if len(faults) == 0 {
		if faults, err = w.with.CheckReport(ctx, d); err != nil {
			return false, err
		}
	}
	if len(faults) > 0 {
		w.complain(faults)
		return false, nil
	}
	b, made, err := w.with.Preview(ctx, d, acts.OnDemand{Report: d.Name, Format: strings.TrimPrefix(filepath.Ext(w.out), "."), Language: w.lang})
	if err != nil {
		w.complain(err)
		return false, nil
	}
	if err := writeFile(w.out, b); err != nil {
		return false, err
	}
	w.app.noteShort(made)
	w.app.say("%s: %s", w.out, reportLine(made))
	return true, nil
}

func (w *watcher) complain(err error) {
	w.app.report(errors.Join(err, fmt.Errorf("the preview stays as it was")))
}

// marks are names, sizes and times of the file and its overlays.
func (w *watcher) marks() string {
	stem := strings.TrimSuffix(w.file, ".report.md")
	names, _ := filepath.Glob(stem + ".*.md")
	var b strings.Builder
	for _, name := range append(names, w.file) {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}
