package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A watched report is drawn when it or an overlay changes; what is wrong in it is said, and the last good preview stays.
func TestWatch(t *testing.T) {
	env := councilBook(t)
	dir := t.TempDir()
	file, preview := filepath.Join(dir, "mine.report.md"), filepath.Join(dir, "preview.pdf")
	good := "---\nreport: mine\ntitle: Mine\n---\n## A {#a}\n```sql x as=table\n-- @cols ref title:wide\nselect ref, title from report.activity(:as_of, :clearance)\n```\n"
	write(t, file, good)
	var out, errs bytes.Buffer
	a := &app{getenv: func(k string) string { return env[k] }, streams: streams{strings.NewReader(""), &out, &errs}}
	root := a.rootCommand()
	root.SetArgs([]string{"version"}) // reads the options
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := a.withHouse(t.Context(), needDatabase, func(ctx context.Context, h *house) error {
		w := watcher{app: a, with: h.acts, file: file, out: preview}
		look := func(why string, want bool) []byte {
			t.Helper()
			if drawn, err := w.look(ctx); err != nil || drawn != want {
				t.Errorf("%s: drawn %v, %v; want %v\n%s", why, drawn, err, want, errs.String())
			}
			b, err := os.ReadFile(preview)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		first := look("the first look", true)
		look("nothing changed", false)
		write(t, file, strings.Replace(good, "@cols ref", "@cols rev", 1))
		if kept := look("a fault", false); !bytes.Equal(kept, first) || !strings.Contains(errs.String(), file+`:7:10: block "x": no column "rev" (did you mean "ref"?)`) {
			t.Errorf("a fault: said %q", errs.String())
		}
		write(t, file, strings.Replace(good, "title: Mine", "title: Mine, mended", 1))
		if look("mended", true); !bytes.HasPrefix(first, []byte("%PDF-")) {
			t.Error("the preview is no PDF")
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		return w.watch(ended)
	})
	if err != nil {
		t.Errorf("an interrupt: %v", err)
	}
	for _, args := range [][]string{{"--watch"}, {"--watch", file}, {file, "-o", preview}, {"--watch", file, file, "-o", preview}} {
		if _, errs, code := command(t, env, append([]string{"reports", "check"}, args...)...); code != 2 || !strings.Contains(errs, "--watch goes with one file and --output") {
			t.Errorf("%q: exit %d, %s", args, code, errs)
		}
	}
}
