package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"secretariat/reports/document"
)

// tool runs a program of another hand on the file and returns what it says. On a laptop without it the test is skipped;
// with CI=true it fails.
func tool(t *testing.T, b []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed (Debian: qpdf, poppler-utils, mupdf-tools)", name)
		}
		t.Skipf("%s is not installed", name)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestQpdfFindsNoFault(t *testing.T) {
	if out := tool(t, draw(t, sample()), "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
		t.Error(out)
	}
}

// Text that extracts may still be drawn as an empty box: gofpdf's alias for the number of pages is the proof.
func TestNoGlyphIsEmpty(t *testing.T) {
	out := tool(t, draw(t, sample()), "mutool", "trace", "FILE")
	if n := len(regexp.MustCompile(`glyph="0"|glyph="\.notdef"`).FindAllString(out, -1)); n > 0 || !strings.Contains(out, `unicode="区"`) {
		t.Errorf("%d empty boxes are drawn", n)
	}
}

func TestExtractedText(t *testing.T) {
	out := norm.NFKC.String(tool(t, draw(t, sample()), "pdftotext", "FILE", "-"))
	for _, want := range []string{"Progress, Ход работ, Oʻzbekiston", "after it (100%) \\ fin.", "cell 3.2", "العدد", "区域专家委员会", "Stretched line of words"} {
		if !strings.Contains(out, want) {
			t.Errorf("text lacks %q:\n%s", want, out)
		}
	}
}

func TestStructureAsOthersReadIt(t *testing.T) {
	out := tool(t, draw(t, sample()), "pdfinfo", "-struct-text", "FILE")
	at := 0
	for _, want := range []string{"Document", "Sect", "H1", `"Progress,`, `"Before the link "`, "Link", `"the other page"`, "Object", `"after it`, "Table", "TR", "TH", "/Scope /Column", `"cell 0.0"`, "TD", "Figure", "/BBox"} {
		next := strings.Index(out[at:], want)
		if next < 0 {
			t.Fatalf("structure lacks %s after %q", want, out[:at])
		}
		at += next
	}
}

func TestFilesComeOutAsTheyWentIn(t *testing.T) {
	l := sample()
	b := draw(t, l)
	dir := t.TempDir()
	tool(t, b, "pdfdetach", "-saveall", "-o", dir, "FILE")
	for name, want := range map[string][]byte{"overdue.csv": l.Files[0].Bytes, "данные.csv": l.Files[1].Bytes, "overdue-2.csv": l.Files[2].Bytes} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %q, want %q (%v)", name, got, want, err)
		}
	}
}

func TestFontsAsOthersReadThem(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(tool(t, draw(t, sample()), "pdffonts", "FILE")), "\n")[2:]
	if len(lines) != 5 {
		t.Errorf("%d fonts, want 5", len(lines))
	}
	for _, line := range lines {
		if !regexp.MustCompile(`^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes`).MatchString(line) {
			t.Errorf("font is not embedded, cut and mapped to Unicode: %s", line)
		}
	}
}

// What people type must neither stop a report nor break the file. Each line reproduces a fault of gofpdf or of a PDF
// writer: runes above U+FFFF panic, invalid UTF-8 turns into other letters, {nb} is replaced, brackets and backslashes end
// strings.
func TestHostileText(t *testing.T) {
	hostile := []string{"😀 👩‍👩‍👧 \U0001F1FA\U0001F1FF", "a\x00b\x1bc", "caf\xe9 noir \xe2", "page {nb} of {nb}", ")(\\ (( )) \\)", "<</Type /Catalog>> endobj stream",
		strings.Repeat("Донаудампфшиффарт", 200), "عربي 12.5 mixed (PDF) نص", "塔什干举行。《会议》，", "e\u0301 \u202e reversed \ufeff \u00ad", strings.Repeat("long title ", 30)}
	for _, text := range hostile {
		spans := []document.Span{{Text: text}, {Text: text, Bold: true}}
		doc := document.Document{Meta: document.Meta{Title: text, Programme: text, Issue: text, Language: "en", PageLabel: "Page {x} of {y}", Foot: text},
			Sections: []document.Section{{ID: "s", Title: text, Level: 1, Aside: text, Blocks: []document.Block{
				document.Paragraph{Spans: spans}, document.Note{Spans: spans}, document.List{Items: [][]document.Span{spans}},
				document.Table{Name: text, Caption: text, Columns: []document.Column{{Title: text, Weight: 1}, {Title: "No"}}, Data: [][]string{{text}},
					Rows: []document.Row{{Cells: []document.Cell{{Spans: spans}, {Spans: spans}}}}},
			}}}}
		b, _, err := Render(doc)
		if err != nil {
			t.Errorf("%.40q: %v", text, err)
			continue
		}
		if out := tool(t, b, "qpdf", "--check", "FILE"); strings.Contains(out, "WARNING") {
			t.Errorf("%.40q: %s", text, out)
		}
	}
}
