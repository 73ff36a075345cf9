package typeset_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/reports/typeset"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// listing writes a layout as text: one line per operation, with the structure element that it belongs to.
func listing(l *typeset.Layout) string {
	var b strings.Builder
	for n, p := range l.Pages {
		fmt.Fprintf(&b, "page %d %.2f × %.2f\n", n+1, p.Width, p.Height)
		for _, op := range p.Ops {
			switch op := op.(type) {
			case typeset.Text:
				fmt.Fprintf(&b, "  text %s %.1f at %.1f %.1f wide %.1f %s %q\n", op.Face, op.Size, op.X, op.Y, op.Width, role(l, op.Node), op.Runes)
			case typeset.Path:
				p := op.Segments[0].Points
				fmt.Fprintf(&b, "  path of %d from %.1f %.1f %s\n", len(op.Segments), p[0], p[1], role(l, op.Node))
			case typeset.Link:
				fmt.Fprintf(&b, "  link %s%s at %.1f %.1f %s %q\n", op.URI, op.Anchor, op.X, op.Y, role(l, op.Node), op.Alt)
			case typeset.Anchor:
				fmt.Fprintf(&b, "  anchor %s at %.1f\n", op.Name, op.Y)
			}
		}
	}
	for _, m := range l.Bookmarks {
		fmt.Fprintf(&b, "bookmark %d %s %q\n", m.Level, m.Anchor, m.Title)
	}
	for _, f := range l.Files {
		fmt.Fprintf(&b, "file %s %s %q of %d bytes\n", f.Name, f.Type, f.Description, len(f.Bytes))
	}
	return b.String()
}

func role(l *typeset.Layout, n int) string {
	if n == typeset.Artifact {
		return "-"
	}
	return fmt.Sprint(l.Nodes[n].Role, n)
}

func TestGolden(t *testing.T) {
	for _, lang := range []string{"en", "ar", "zh"} {
		t.Run(lang, func(t *testing.T) {
			l, err := typeset.Set(sample(lang, 4))
			if err != nil {
				t.Fatal(err)
			}
			got, file := listing(l), filepath.Join("testdata", lang+".txt")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if line, a, b := firstDifference(got, string(want)); line > 0 {
				t.Errorf("%s:%d:\n got %s\nwant %s\n(go test -update rewrites the file)", file, line, a, b)
			}
		})
	}
}

func firstDifference(a, b string) (int, string, string) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := 0; i < max(len(as), len(bs)); i++ {
		x, y := "", ""
		if i < len(as) {
			x = as[i]
		}
		if i < len(bs) {
			y = bs[i]
		}
		if x != y {
			return i + 1, x, y
		}
	}
	return 0, "", ""
}
