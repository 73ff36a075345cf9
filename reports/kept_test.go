package reports

import (
	"bytes"
	"compress/gzip"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
)

// Rows come back from their packed form as they were, NULL and every awkward text too, and equal rows are equal bytes.
func TestKeptForm(t *testing.T) {
	k := Kept{Columns: []string{"ref", "title", "note"}, Rows: map[string][]string{}}
	for why, cell := range map[string]string{
		"NULL": null, "empty is not NULL": "", "a tab": "a\tb", "line breaks": "a\r\nb\n", "backslashes": `\N \\ \t`, "the word for NULL": `\N`,
		"another writing": "تقرير 报告", "a paragraph separator": "a\u2029b\u0085c",
	} {
		k.Rows[why] = []string{why, cell, null}
	}
	s := Snapshot{"work": k, "none": {Columns: []string{"ref"}, Rows: map[string][]string{}}}
	packed, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodeSnapshot(packed)
	if err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("got %q, %v\nwant %q", back, err, s)
	}
	if again, _ := back.Encode(); !reflect.DeepEqual(again, packed) {
		t.Error("the same rows are packed in two ways")
	}
	if row := back["work"].row("NULL"); !reflect.DeepEqual(row, map[string]string{"ref": "NULL"}) {
		t.Errorf("NULL is in the row: %q", row)
	}
}

// The form is one that any gunzip and PostgreSQL's COPY read.
func TestKeptFormIsPlain(t *testing.T) {
	packed, err := Snapshot{"work": {Columns: []string{"ref", "due_on"}, Rows: map[string][]string{"B": {"B", null}, "A": {"A", "2026-11-10"}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed["work"]))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if want := "\tref\tdue_on\nA\tA\t2026-11-10\nB\tB\t\\N\n"; err != nil || string(text) != want {
		t.Errorf("got %q, %v, want %q", text, err, want)
	}
}

func TestKeptOfEarlierRuns(t *testing.T) {
	s, err := DecodeSnapshot(map[string][]byte{"work": []byte(`{"A": {"ref": "A", "due_on": "2026-11-10"}, "B": {"ref": "B"}}`)})
	want := Snapshot{"work": {Columns: []string{"due_on", "ref"}, Rows: map[string][]string{"A": {"2026-11-10", "A"}, "B": {null, "B"}}}}
	if err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("got %q, %v, want %q", s, err, want)
	}
}

func TestKeptFaults(t *testing.T) {
	short, err := Snapshot{"work": {Columns: []string{"ref", "due_on"}, Rows: map[string][]string{"A": {"A"}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for why, b := range map[string][]byte{"neither form": []byte("rows"), "cut off": short["work"][:12], "JSON of another kind": []byte(`{"A": 1}`), "a row without a cell": short["work"]} {
		if _, err := DecodeSnapshot(map[string][]byte{"work": b}); err == nil || !strings.HasPrefix(err.Error(), "kept rows of work: ") {
			t.Errorf("%s: got %v", why, err)
		}
	}
}

// A kept value is read as the type that its column has today.
func TestKeptValuesHaveTypes(t *testing.T) {
	c := newComposer(small(t, "", tracked), Input{Parameters: monday()})
	for _, row := range []struct {
		kind, text string
		want       any
	}{
		{"DATE", "2026-11-10", programme.Date{}},
		{"TIMESTAMPTZ", "2026-11-23T04:00:00Z", time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)},
		{"BOOL", "true", true},
		{"NUMERIC", "12.50", programme.Decimal("12.50")},
		{"INT4", "7", programme.Decimal("7")},
		{"TEXT", "2026-11-10", "2026-11-10"},
	} {
		got := c.parse(row.kind, row.text)
		if row.kind == "DATE" {
			if d, ok := got.(programme.Date); !ok || d.String() != row.text {
				t.Errorf("DATE: got %v", got)
			}
			continue
		}
		if !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s %q: got %T %v, want %T %v", row.kind, row.text, got, got, row.want, row.want)
		}
	}
}
