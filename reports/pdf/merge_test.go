package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"secretariat/reports/document"
)

// pagesOf renders a document with a number of pages.
func pagesOf(t *testing.T, title string, n int) []byte {
	t.Helper()
	doc := document.Document{Meta: document.Meta{Title: title, Language: "en", PageLabel: "Page {x} of {y}"}}
	var blocks []document.Block
	for i := range n {
		if i > 0 {
			blocks = append(blocks, document.PageBreak{})
		}
		blocks = append(blocks, document.Paragraph{Spans: []document.Span{{Text: fmt.Sprintf("%s, oʻzbekcha, по-русски, page %d", title, i+1)}}})
	}
	doc.Sections = []document.Section{{Title: title, Level: 1, Blocks: blocks}}
	b, _, err := Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run gives files to a tool of qpdf or poppler, and returns what it prints.
func runTool(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing", tool)
		}
		t.Skipf("%s is missing", tool)
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", tool, args, err, out)
	}
	return string(out)
}

func onDisk(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMergedFilesAreOneWithSameBytes(t *testing.T) {
	files := [][]byte{pagesOf(t, "Cover", 2), pagesOf(t, "First", 1), pagesOf(t, "Second", 3)}
	for i := 1; i < len(files); i++ {
		f, err := Take(files[i])
		if err != nil || f.Pages != []int{2, 1, 3}[i] {
			t.Fatalf("file %d: %d pages, %v", i, f.Pages, err)
		}
		again, err := Take(files[i])
		if err != nil || !bytes.Equal(f.File, again.File) {
			t.Errorf("file %d is written anew in another way: %v", i, err)
		}
		files[i] = f.File
	}
	marks := []Bookmark{{Title: "Обложка", Page: 1}, {Title: "First", Page: 3, Kids: []Bookmark{{Title: "Second", Page: 4}}}}
	first, err := Merge(files, marks)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := Merge(files, marks)
		if err != nil || !bytes.Equal(first, again) {
			at := 0
			for at < min(len(first), len(again)) && first[at] == again[at] {
				at++
			}
			t.Fatalf("merged again: %d and %d bytes, %v; they part at %d: %q / %q", len(first), len(again), err, at, first[max(0, at-80):min(len(first), at+80)], again[max(0, at-80):min(len(again), at+80)])
		}
	}
	path := onDisk(t, first)
	runTool(t, "qpdf", "--check", path)
	text := runTool(t, "pdftotext", path, "-")
	for _, want := range []string{"Cover", "oʻzbekcha", "по-русски", "Second, oʻzbekcha, по-русски, page 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if info := runTool(t, "pdfinfo", path); !strings.Contains(info, "Pages:           6") {
		t.Errorf("%s", info)
	}
}

// TestCheck32FilesThatCannotBeTaken: each is refused with its reason; none brings the program down.
func TestCheck32FilesThatCannotBeTaken(t *testing.T) {
	plain := pagesOf(t, "Plain", 1)
	many := pagesOf(t, "Many", 2000)
	path := onDisk(t, plain)
	encrypted := path + ".enc"
	runTool(t, "qpdf", "--encrypt", "user", "owner", "256", "--", path, encrypted)
	locked, err := os.ReadFile(encrypted)
	if err != nil {
		t.Fatal(err)
	}
	runTool(t, "qpdf", "--encrypt", "", "owner", "256", "--", path, encrypted)
	open, err := os.ReadFile(encrypted)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		file []byte
		want error
	}{
		{"nothing", nil, ErrNotPDF},
		{"garbage", bytes.Repeat([]byte("garbage\x00\xff"), 500), ErrNotPDF},
		{"a beginning and no more", plain[:len(plain)/3], ErrNotPDF},
		{"a word document", []byte("PK\x03\x04word/document.xml"), ErrNotPDF},
		{"a password", locked, ErrEncrypted},
		{"an owner's password", open, ErrEncrypted},
		{"two thousand pages", many, ErrTooMany},
		{"too many bytes", make([]byte, PackFileBytes+1), ErrTooLarge},
	} {
		if f, err := Take(c.file); !errors.Is(err, c.want) || f.File != nil {
			t.Errorf("%s: got %v, want %v", c.why, err, c.want)
		}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 256<<20 {
		t.Errorf("%d MiB are still held", m.HeapAlloc>>20)
	}
}

// Scripts and what runs by itself do not come into a pack; links do.
func TestTakenFilesAreDisarmed(t *testing.T) {
	evil := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/AA<</O<</S/JavaScript/JS(app.beep\\(0\\))>>>>/Annots[4 0 R 5 0 R]>>\nendobj\n" +
		"4 0 obj\n<</Type/Annot/Subtype/Link/Rect[0 0 10 10]/A<</S/Launch/F(evil.exe)>>>>\nendobj\n5 0 obj\n<</Type/Annot/Subtype/Link/Rect[0 0 10 10]/A<</S/URI/URI(https://good.example)>>>>\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\n%%EOF\n")
	f, err := Take(evil)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"JavaScript", "Launch", "evil.exe"} {
		if bytes.Contains(f.File, []byte(bad)) {
			t.Errorf("%s is still there", bad)
		}
	}
	if !bytes.Contains(f.File, []byte("good.example")) {
		t.Error("the link to the web is gone")
	}
}
