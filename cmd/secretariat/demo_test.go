package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"secretariat/acts"
)

// demoRun is a demonstration that was made.
type demoRun struct {
	dir     string
	summary summary
}

// reachable makes a folder that the PostgreSQL user can reach, also when the tests run as root.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "demo-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runDemo makes the demonstration.
func runDemo(t *testing.T) demoRun {
	t.Helper()
	r := demoRun{dir: reachable(t)}
	if _, errs, code := command(t, nil, "demo", "--once", "--dir", r.dir); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	r.read(t)
	return r
}

func (r *demoRun) read(t *testing.T) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r.summary); err != nil {
		t.Fatal(err)
	}
}

// letters are the letters of the Maildir as "kind recipient subject".
func (r demoRun) letters(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(r.dir, "mail", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if _, err := io.Copy(io.Discard, m.Body); err != nil {
			t.Fatal(err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 {
			t.Fatalf("%s: To %q: %v", f, m.Header.Get("To"), err)
		}
		found = append(found, m.Header.Get("X-Secretariat-Kind")+" "+to[0].Address)
	}
	slices.Sort(found)
	return found
}

// The demonstration sends the weekly report to its readers and the reminders that are owed, each once, and a second one
// on the same folder sends nothing new.
func TestDemoOnce(t *testing.T) {
	r := runDemo(t)
	letters := r.letters(t)
	if len(letters) == 0 || len(letters) != r.summary.Messages.Total {
		t.Fatalf("%d letters in the Maildir, the summary says %d", len(letters), r.summary.Messages.Total)
	}
	if again := slices.Compact(slices.Clone(letters)); len(again) != len(letters) {
		t.Errorf("somebody got the same kind of letter twice: %s", strings.Join(letters, "\n"))
	}
	if r.summary.Messages.ByKind["report"] == 0 || r.summary.Messages.ByKind["session-reminder"] == 0 || r.summary.Messages.ByState["planned"] == 0 {
		t.Errorf("want reports and reminders sent and later ones planned, got %+v", r.summary.Messages)
	}
	if len(r.summary.Reports) == 0 {
		t.Error("no PDF in the summary")
	}
	for _, f := range r.summary.Reports {
		b, err := os.ReadFile(filepath.Join(r.dir, f.File))
		if err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) {
			t.Errorf("%s: no PDF: %v", f.File, err)
		}
	}
	if _, errs, code := command(t, nil, "demo", "--once", "--dir", r.dir); code != 0 {
		t.Fatalf("second run: exit %d: %s", code, errs)
	}
	if second := r.letters(t); !slices.Equal(letters, second) {
		t.Errorf("the second run sent something: before %d letters, after %d", len(letters), len(second))
	}
	if r.read(t); r.summary.Clock.To.Before(r.summary.Clock.From) {
		t.Errorf("the second run's clock ran backwards: %+v", r.summary.Clock)
	}
}

// At the demonstration's moment the forecast lists exactly what is then sent, and nothing else.
func TestForecastIsWhatIsSent(t *testing.T) {
	dir := reachable(t)
	a := &app{streams: streams{strings.NewReader(""), io.Discard, io.Discard}, getenv: func(string) string { return "" }, options: options{}, log: slog.New(slog.DiscardHandler)}
	for _, o := range optionTable {
		a.options[o.name] = setting{o.def, "default"}
	}
	h, relay, err := a.openDemo(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(relay.Close(), h.close()); err != nil {
			t.Error(err)
		}
	}()
	if _, err := h.applySample(t.Context(), demoStart); err != nil {
		t.Fatal(err)
	}
	f, err := h.acts.Forecast(t.Context(), demoStart, demoStart.Add(demoHour))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, l := range f.Letters {
		want = append(want, l.Kind+" "+l.To+" "+l.Language+" "+l.Subject)
	}
	if err := a.runUntil(t.Context(), h, demoStart.Add(demoHour)); err != nil {
		t.Fatal(err)
	}
	letters, err := h.acts.Deliveries(t.Context(), acts.Outbox{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range letters {
		if d.State == "sent" {
			got = append(got, d.Kind+" "+d.Address+" "+d.Language+" "+d.Subject)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(got) == 0 || !slices.Equal(want, got) {
		t.Errorf("foreseen:\n%s\nsent:\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}
