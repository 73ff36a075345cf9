package file

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// Files that no editor of programmes writes: each is refused with one clear fault, and soon.
func TestHostileFiles(t *testing.T) {
	utf16 := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(0)
		}
		return b.String()
	}
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	var ladder strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&ladder, "%*sa:\n", i, "")
	}
	for _, row := range []struct{ name, text, want string }{
		{"empty", "", `f.yaml:1:1: missing key "programme"`},
		{"only a comment", "# nothing\n", `f.yaml:1:1: missing key "programme"`},
		{"a word", "hello\n", "f.yaml:1:1: a programme file is a map of keys such as programme, people, activities"},
		{"a list", "- a\n", "f.yaml:1:1: a programme file is a map of keys such as programme, people, activities"},
		{"UTF-16 with mark", "\xff\xfep\x00", "f.yaml:1:1: not UTF-8; looks like UTF-16: save the file as UTF-8"},
		{"UTF-16 without mark", utf16("programme: {}"), "f.yaml:1:1: not UTF-8; looks like UTF-16: save the file as UTF-8"},
		{"windows-1251", "# \xcf\xf0\xee\xe3\xf0\xe0\xec\xec\xe0\n", "f.yaml:1:3: not UTF-8: byte 0xCF; looks like windows-1251: save the file as UTF-8"},
		{"broken UTF-8", "a: \xe2\x82\n", "f.yaml:1:4: not UTF-8: byte 0xE2; save the file as UTF-8"},
		{"NUL late in the file", strings.Repeat("# comment\n", 20) + "a: \x00\n", "f.yaml:21:4: U+0000, a control character, is not allowed"},
		{"10,000 brackets", "a: " + strings.Repeat("[", 10_000), "f.yaml:1:35: more than 32 values inside each other"},
		{"10,000 braces", strings.Repeat("{a: ", 10_000), "f.yaml:1:129: more than 32 values inside each other"},
		{"10,000 dashes", strings.Repeat("- ", 10_000), "f.yaml:1:65: more than 32 values inside each other"},
		{"3,000 levels of indentation", ladder.String(), "f.yaml:33:34: more than 32 values inside each other"},
		{"too large", strings.Repeat("# 45678901234567890\n", maxSize/20+1), "f.yaml:1:1: larger than 10 MB: split it into several files"},
		{"alias bomb", bomb, "f.yaml:1:4: anchors (&) are not allowed: write the value where it is needed"},
		{"directive", "%YAML 1.1\n---\na: 1\n", "f.yaml:1:1: directives (%) are not allowed"},
		{"quote never closed", "programme: {code: \"x\n", "f.yaml:1:19: not YAML: could not find end character of double-quoted text"},
		{"map as a key", "{a: b}: c\n", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			began := time.Now()
			got := faultsOf(row.text)
			if first, _, _ := strings.Cut(got, "\n"); got == "" || row.want != "" && first != row.want {
				t.Errorf("\ngot  %s\nwant %s", first, row.want)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestByteOrderMarkAndCarriageReturnsAreTaken(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(small(t), "\n", "\r\n")
	if got := faultsOf(text); got != "" {
		t.Error(got)
	}
}

// What looks odd and is right.
func TestFormsThatAreTaken(t *testing.T) {
	for _, row := range []struct{ name, old, new string }{
		{"two people on one mailbox, in another case", "email: bob@org.example", "email: ANN@org.example"},
		{"a repeated hour with its offset", "starts_at: 2026-05-01T10:00, ends_at: 2026-05-01T12:00", "starts_at: 2026-10-25T02:30+02:00, ends_at: 2026-10-25T02:30+01:00"},
		{"seconds", "opens_at: 2026-06-02T10:00", "opens_at: 2026-06-02T10:00:30"},
		{"an optional key without a value", "    percent: 40\n    rev", "    percent: 40\n    closed_on:\n    rev"},
		{"a language named like a boolean, in quotes", "languages: [en, ru]", `languages: [en, ru, "no"]`},
		{"a number where a text is wanted", "symbol: X/1", "symbol: 12"},
		{"money as a text and as a number", `pledged: "100.50"`, "pledged: 100.50"},
		{"a text of several lines", "title: Course", "title: >-\n      Course\n      of two lines"},
		{"a seat without a member", "member: ann, alternates: [bob]", "alternates: [bob]"},
		{"a source on a part", "note: Going on", "note: Going on, source: https://example.org/a"},
		{"a day of the week in the schedule", `"0 9 * * MON"`, "last working day of every month at 09:00"},
		{"hours before a session", "by: P3D", "by: PT2H"},
		{"a translation that is owed, without braces", "ru: {}", "ru:"},
	} {
		text := small(t)
		if strings.Count(text, row.old) != 1 {
			t.Fatalf("%q does not stand once in the file", row.old)
		}
		if got := faultsOf(strings.Replace(text, row.old, row.new, 1)); got != "" {
			t.Errorf("%s: %s", row.name, got)
		}
	}
}

func TestAtMostTwentyFaultsAreTold(t *testing.T) {
	text := small(t) + "pillars:\n" + strings.Repeat("  - {ref: a b, titel: x}\n", 30)
	text = strings.Replace(text, "pillars:\n  - {ref: I, title: First}\n", "", 1)
	lines := strings.Split(faultsOf(text), "\n")
	if len(lines) != 21 || !strings.HasSuffix(lines[20], " more faults") {
		t.Errorf("got %d lines, the last %q; want 20 faults and how many more there are", len(lines), lines[len(lines)-1])
	}
}

func TestSeveralFilesAreOne(t *testing.T) {
	text := small(t)
	cut := strings.Index(text, "activities:")
	people := "people:\n  - {ref: cy, name: Cy, organisation: ORG, email: cy@org.example, language: en, timezone: UTC, roles: []}\n"
	doc, err := Read(nil, Source{"b.yaml", []byte(text[cut:] + people)}, Source{"a.yaml", []byte(text[:cut])})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(doc.Programme.People); n != 3 {
		t.Errorf("got %d people, want those of both files, 3", n)
	}
	if got := fmt.Sprint(doc.Programme.Events[0].StartsAt); got != "2026-05-01 08:00:00 +0000 UTC" {
		t.Errorf("a moment in the first file, the zone in the second: got %s", got)
	}
	for _, row := range []struct{ name, more, want string }{
		{"programme twice", "programme: {code: Q}\n", `c.yaml:1:1: key "programme" stands in a.yaml:1 already`},
		{"ref twice", "people:\n  - {ref: ann, name: Cy, organisation: ORG, email: cy@org.example, language: en, timezone: UTC, roles: []}\n",
			`c.yaml:2:11: ref "ann" is used twice in people`},
	} {
		_, err := Read(nil, Source{"a.yaml", []byte(text)}, Source{"c.yaml", []byte(row.more)})
		if err == nil || err.Error() != row.want {
			t.Errorf("%s:\ngot  %v\nwant %s", row.name, err, row.want)
		}
	}
}

// A ref that the file does not have may be in the database: only the check with the database tells it.
func TestRefsMayBeInTheDatabase(t *testing.T) {
	whole, err := Read(nil, Source{"f.yaml", []byte(small(t))})
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(small(t), "\n")
	part := head + "\npillars:\n  - {ref: II, title: Second}\nareas:\n  - {ref: B, title: B, agreement: AG, pillars: [I, II]}\n"
	doc, err := Read(nil, Source{"part.yaml", []byte(part)})
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Check(programme.Merge(whole.Programme, doc.Programme)); err != nil {
		t.Errorf("with the database: %v", err)
	}
	err = doc.Check(programme.Merge(programme.Programme{}, doc.Programme))
	want := "part.yaml:5:35: agreement \"AG\": nothing in agreements has this ref\npart.yaml:5:49: pillars \"I\": nothing in pillars has this ref; did you mean \"II\"?"
	if err == nil || err.Error() != want {
		t.Errorf("without it:\ngot  %v\nwant %s", err, want)
	}
}

func TestOpenNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(nil, filepath.Join(dir, "none.yaml")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if _, err := Open(nil, dir); err == nil {
		t.Error("a folder was read")
	}
	got, err := Open(bytes.NewReader([]byte("a: 1")), "-")
	if err != nil || string(got[0].Text) != "a: 1" {
		t.Errorf("standard input: got %v, %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range []string{"a: &b [*b]", "{a: [", "? a\n: b", "programme: {code: x, timezone: Mars, languages: [1, true]}\ncouncils: [{ref: a, sessions: [null]}]", "\ufeff", "--- a\n... \n---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := Read([]string{"weekly-progress"}, Source{"f.yaml", b})
		if err != nil {
			if _, ok := err.(Faults); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		written, err := Write(doc.Programme)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read([]string{"weekly-progress"}, Source{"w.yaml", written})
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, written)
		}
		if plan := programme.Diff(doc.Programme, again.Programme); !plan.Empty() {
			t.Fatalf("read back: %v", plan.Lines())
		}
	})
}
