package acts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/store"
)

// paperPDF is a paper with a number of pages that all hold a text.
func paperPDF(t *testing.T, text string, pages int) []byte {
	t.Helper()
	var blocks []document.Block
	for i := range pages {
		if i > 0 {
			blocks = append(blocks, document.PageBreak{})
		}
		blocks = append(blocks, document.Paragraph{Spans: []document.Span{{Text: text}}})
	}
	b, _, err := pdf.Render(document.Document{Meta: document.Meta{Title: text, Language: "en"}, Sections: []document.Section{{Title: text, Level: 1, Blocks: blocks}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// paper adds a file of a paper of X-REC-6 and issues it.
func (d *desk) paper(ref, language string, file []byte) {
	d.t.Helper()
	if _, err := d.AddPaper(d.t.Context(), NewPaper{Session: "X-REC-6", Ref: ref, Language: language, Name: ref + ".pdf", File: file, Actor: "test"}); err != nil {
		d.t.Fatal(err)
	}
	if err := d.IssuePaper(d.t.Context(), "X-REC-6", ref, language, "test"); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) pack(clearance string) Pack {
	d.t.Helper()
	made, err := d.PackPapers(d.t.Context(), "X-REC-6", "en", clearance)
	if err != nil {
		d.t.Fatal(err)
	}
	return made
}

// tool runs a tool of qpdf or poppler on a file.
func tool(t *testing.T, name string, file []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = path
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skipf("%s is missing", name)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestPaperVersions(t *testing.T) {
	d := newDesk(t)
	first, second := []byte("%PDF-1.7 first"), []byte("%PDF-1.7 second")
	for i, c := range []struct {
		file []byte
		want int
	}{{first, 1}, {first, 1}, {second, 2}, {first, 3}} {
		v, err := d.AddPaper(t.Context(), NewPaper{Session: "X-REC-6", Ref: "X-DOC-6-1", Language: "en", Name: "a.pdf", File: c.file, Actor: "test"})
		if err != nil || v != c.want {
			t.Errorf("file %d: version %d, %v, want %d", i, v, err, c.want)
		}
	}
	p, err := d.SessionPapers(t.Context(), "X-REC-6", "confidential")
	if err != nil || len(p.Files) != 3 || p.Files[0].Version != 3 || p.Files[0].Bytes != int64(len(first)) {
		t.Errorf("files: %+v, %v", p.Files, err)
	}
	for _, c := range []struct {
		why, want string
		n         NewPaper
	}{
		{"a new paper without a title", "no paper", NewPaper{Session: "X-REC-6", Ref: "X-NEW", Language: "en", File: first}},
		{"unknown distribution", "not known", NewPaper{Session: "X-REC-6", Ref: "X-NEW", Symbol: "A", Title: programme.Text{"en": "A"}, Distribution: "secret", Language: "en"}},
		{"unknown language", "not known", NewPaper{Session: "X-REC-6", Ref: "X-DOC-6-1", Language: "de"}},
		{"an empty file", "empty", NewPaper{Session: "X-REC-6", Ref: "X-DOC-6-1", Language: "en", Name: "a.pdf", File: []byte{}}},
		{"another's symbol", "symbol", NewPaper{Session: "X-REC-6", Ref: "X-NEW", Symbol: "REC/6/1", Title: programme.Text{"en": "A"}, Distribution: "general", Language: "en"}},
		{"a ref that is none", "cannot be", NewPaper{Session: "X-REC-6", Ref: "../x", Symbol: "A", Title: programme.Text{"en": "A"}, Distribution: "general", Language: "en"}},
		{"unknown item", "no item", NewPaper{Session: "X-REC-6", Ref: "X-DOC-6-1", Language: "en", Item: "X-AG-99"}},
		{"a closed session", "is closed", NewPaper{Session: "X-REC-5", Ref: "X-NEW", Symbol: "A", Title: programme.Text{"en": "A"}, Distribution: "general", Language: "en"}},
	} {
		if _, err := d.AddPaper(t.Context(), c.n); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
	if err := d.IssuePaper(t.Context(), "X-REC-6", "X-DOC-6-1", "zh", "test"); !errors.Is(err, ErrRefused) {
		t.Errorf("issued in a language in which it is not owed: %v", err)
	}
}

// TestCheck32PackOfBadFiles: the pack is built all the same, and a divider says why a paper is not in it.
func TestCheck32PackOfBadFiles(t *testing.T) {
	d := newDesk(t)
	d.paper("X-DOC-6-1", "en", paperPDF(t, "Provisional agenda body", 2))
	d.paper("X-DOC-6-2", "en", []byte("garbage"))
	d.paper("X-DOC-6-3", "en", paperPDF(t, "x", 2000))
	plain := filepath.Join(t.TempDir(), "plain.pdf")
	if err := os.WriteFile(plain, paperPDF(t, "secret", 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--encrypt", "u", "o", "256", "--", plain, plain+".enc").CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, out)
	}
	locked, err := os.ReadFile(plain + ".enc")
	if err != nil {
		t.Fatal(err)
	}
	d.paper("X-DOC-6-4", "en", locked)
	made := d.pack("limited")
	why := map[string]string{}
	for _, p := range made.Papers {
		why[p.Ref] = p.Why
	}
	for ref, want := range map[string]string{"X-DOC-6-1": "", "X-DOC-6-2": "pack.why.unreadable", "X-DOC-6-3": "pack.why.pages", "X-DOC-6-4": "pack.why.encrypted"} {
		if why[ref] != want {
			t.Errorf("%s: %q, want %q", ref, why[ref], want)
		}
	}
	text := tool(t, "pdftotext", made.File, "FILE", "-")
	for _, want := range []string{"Provisional agenda body", "more than 500 pages", "encrypted", "not a PDF"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the pack does not say %q", want)
		}
	}
	tool(t, "qpdf", made.File, "--check", "FILE")
}

// TestCheck33PackIsTheSameAgain: same papers, same bytes; texts can be taken out; the manifest's sums are those of the files.
func TestCheck33PackIsTheSameAgain(t *testing.T) {
	d := newDesk(t)
	files := map[string][]byte{"X-DOC-6-1": paperPDF(t, "Повестка дня, oʻzbekcha gʻoya", 1), "X-DOC-6-2": paperPDF(t, "Second", 3)}
	for ref, file := range files {
		d.paper(ref, "en", file)
	}
	first := d.pack("limited")
	d.clock("2026-12-01T10:00:00+05:00")
	if again := d.pack("limited"); !bytes.Equal(first.File, again.File) || first.SHA256 != again.SHA256 {
		t.Error("the pack is another one a week later")
	}
	text := tool(t, "pdftotext", first.File, "-layout", "FILE", "-")
	if !strings.Contains(text, "oʻzbekcha gʻoya") || !strings.Contains(text, "Повестка дня") {
		t.Error("the text of a paper cannot be taken out")
	}
	squeezed := strings.Join(strings.Fields(text), "")
	for _, p := range first.Papers {
		if file := files[p.Ref]; file != nil {
			if sum := fmt.Sprintf("%x", sha(file)); p.SHA256 != sum || !strings.Contains(squeezed, sum[:32]) || !strings.Contains(squeezed, sum[32:]) {
				t.Errorf("%s: the manifest does not hold %s", p.Symbol, sum)
			}
		}
	}
	if info := tool(t, "pdfinfo", first.File, "FILE"); !strings.Contains(info, fmt.Sprintf("Pages:           %d\n", first.Pages)) {
		t.Errorf("%d pages were promised:\n%s", first.Pages, info)
	}
	for _, p := range first.Papers { // the contents lead to the dividers
		page := tool(t, "pdftotext", first.File, "-f", fmt.Sprint(p.Divider), "-l", fmt.Sprint(p.Divider), "FILE", "-")
		if !strings.Contains(page, p.Symbol) {
			t.Errorf("page %d is not the divider of %s:\n%s", p.Divider, p.Symbol, page)
		}
	}
}

// TestCheck34WhoSeesWhichPaper: role by confidentiality, in pack, list, letter and calendar.
func TestCheck34WhoSeesWhichPaper(t *testing.T) {
	d := newDesk(t)
	if _, err := d.AddPaper(t.Context(), NewPaper{Session: "X-REC-6", Ref: "X-GEN", Symbol: "SYM-GENERAL", Title: programme.Text{"en": "General"}, Distribution: "general", Item: "X-AG-6-1", Language: "en",
		Name: "g.pdf", File: paperPDF(t, "BODY-GENERAL", 1), Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddPaper(t.Context(), NewPaper{Session: "X-REC-6", Ref: "X-LIM", Symbol: "SYM-LIMITED", Title: programme.Text{"en": "Limited"}, Distribution: "limited", Item: "X-AG-6-1", Language: "en",
		Name: "l.pdf", File: paperPDF(t, "BODY-LIMITED", 1), Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddPaper(t.Context(), NewPaper{Session: "X-REC-6", Ref: "X-RES", Symbol: "SYM-RESTRICTED", Title: programme.Text{"en": "Restricted"}, Distribution: "restricted", Item: "X-AG-6-1", Language: "en",
		Name: "r.pdf", File: paperPDF(t, "BODY-RESTRICTED", 1), Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"X-GEN", "X-LIM", "X-RES"} {
		if err := d.IssuePaper(t.Context(), "X-REC-6", ref, "en", "test"); err != nil {
			t.Fatal(err)
		}
	}
	words := []string{"GENERAL", "LIMITED", "RESTRICTED"}
	for i, clearance := range []string{"public", "limited", "confidential"} {
		text := tool(t, "pdftotext", d.pack(clearance).File, "FILE", "-")
		for j, word := range words {
			for _, form := range []string{"SYM-", "BODY-"} {
				if there := strings.Contains(text, form+word); there != (j <= i) {
					t.Errorf("pack for %s: %s%s is there: %v", clearance, form, word, there)
				}
			}
		}
		p, err := d.SessionPapers(t.Context(), "X-REC-6", clearance)
		if err != nil {
			t.Fatal(err)
		}
		for j, ref := range []string{"X-GEN", "X-LIM", "X-RES"} {
			listed := slices.ContainsFunc(p.Matrix.Rows, func(r meetings.PaperRow) bool { return r.Ref == ref })
			filed := slices.ContainsFunc(p.Files, func(f store.PaperFile) bool { return f.Paper == ref })
			if listed != (j <= i) || filed != listed || slices.Contains(p.Meeting.Session.Agenda[0].Documents, ref) != listed {
				t.Errorf("list for %s: %s listed %v, with file %v", clearance, ref, listed, filed)
			}
		}
	}
	if _, err := d.Reschedule(t.Context(), SessionStep{Ref: "X-REC-6", Actor: "test", OpensAt: when(t, "2026-12-14T10:00:00+05:00")}); err != nil {
		t.Fatal(err)
	}
	told, _ := d.send("X-REC-6", "2026-11-23T09:05:00+05:00")
	for address, parts := range told {
		if all := parts.Letter.Subject + parts.Letter.Text + parts.Letter.HTML + parts.Calendar; strings.Contains(all, "SYM-RESTRICTED") || strings.Contains(all, "Restricted") {
			t.Errorf("the letter to %s names a restricted paper", address)
		}
	}
	d.inTx(func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `update session set confidentiality = 'confidential' where ref = 'X-REC-6'`)
		return err
	})
	if _, err := d.PackPapers(t.Context(), "X-REC-6", "en", "limited"); !errors.Is(err, ErrRefused) {
		t.Errorf("a pack of a confidential session: %v", err)
	}
}

// TestCheck35MissingLanguageIsFlagged: twelve hours before the opening, and not before.
func TestCheck35MissingLanguageIsFlagged(t *testing.T) {
	d := newDesk(t)
	flagged := func(at string) (symbols []string) {
		d.clock(at)
		p, err := d.SessionPapers(t.Context(), "X-REC-6", "confidential")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Matrix.Flagged() {
			symbols = append(symbols, r.Symbol)
		}
		return symbols
	}
	if got := flagged("2026-12-06T21:59:00+05:00"); len(got) != 0 {
		t.Errorf("a minute too early: %v", got)
	}
	if got := flagged("2026-12-06T22:00:00+05:00"); !slices.Contains(got, "REC/6/4") || slices.Contains(got, "REC/6/1") { // 6/4 has no Uzbek
		t.Errorf("at T−12 h: %v", got)
	}
	if err := d.IssuePaper(t.Context(), "X-REC-6", "X-DOC-6-4", "uz", "test"); err != nil {
		t.Fatal(err)
	}
	if got := flagged("2026-12-06T22:01:00+05:00"); slices.Contains(got, "REC/6/4") {
		t.Errorf("once it is there: %v", got)
	}
}
