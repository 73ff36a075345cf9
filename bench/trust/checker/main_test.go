package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The checker finds every fault that is planted, and none where there is none.
func TestPlantedFaults(t *testing.T) {
	const (
		goodLog   = "t\taccepted\ta\tx\nt\taccepted\tb\tx\n"
		goodRows  = "id,message_id,state,was_uncertain\n1,a,sent,f\n2,b,sent,f\n"
		goodSteps = "delivery_id,stage\n1,sent\n2,sent\n3,lease\n"
		goodFires = "schedule_id,fire_at,decision,done_at\n1,2026-01-01T00:00:00Z,on_time,2026-01-01T00:00:01Z\n1,2026-01-01T00:01:00Z,skipped,\n"
	)
	for _, row := range []struct {
		name                    string
		log, rows, steps, fires string // "" for the good one
		oracle                  bool
		want                    func(Result) []string // the list that must name the fault; nil: the promise is kept
	}{
		{name: "all well", oracle: true},
		{name: "uncertain, with nobody to ask", rows: goodRows + "3,c,uncertain,f\n"},
		{name: "uncertain, arrived once", log: goodLog + "t\taccepted\tc\tx\n", rows: goodRows + "3,c,uncertain,f\n"},
		{name: "doubled, and listed", log: goodLog + "t\taccepted\tc\tx\nt\taccepted\tc\tx\n", rows: goodRows + "3,c,sent,t\n"},
		{name: "a letter is lost", rows: goodRows + "3,c,pending,f\n", want: func(r Result) []string { return r.Lost }},
		{name: "a letter failed", rows: goodRows + "3,c,failed,f\n", want: func(r Result) []string { return r.Lost }},
		{name: "a letter is said to be sent and is not", rows: goodRows + "3,c,sent,f\n", want: func(r Result) []string { return r.Phantom }},
		{name: "a letter arrived twice", log: goodLog + "t\taccepted\ta\tx\n", want: func(r Result) []string { return r.Unlisted }},
		{name: "doubled and listed, with an oracle", log: goodLog + "t\taccepted\tc\tx\nt\taccepted\tc\tx\n", rows: goodRows + "3,c,sent,t\n", oracle: true,
			want: func(r Result) []string { return r.Duplicated }},
		{name: "uncertain at the end, with an oracle", rows: goodRows + "3,c,uncertain,f\n", oracle: true, want: func(r Result) []string { return r.Unsettled }},
		{name: "a letter without a row", log: goodLog + "t\taccepted\tc\tx\n", want: func(r Result) []string { return r.Orphans }},
		{name: "a letter arrived and will be sent again", log: goodLog + "t\taccepted\tc\tx\n", rows: goodRows + "3,c,pending,f\n",
			want: func(r Result) []string { return r.Denied }},
		{name: "sent, and no attempt tells of it", steps: "delivery_id,stage\n1,sent\n2,mail\n", want: func(r Result) []string { return r.Unlogged }},
		{name: "a minute without a fire", fires: goodFires + "1,2026-01-01T00:03:00Z,skipped,\n", want: func(r Result) []string { return r.FiresMissing }},
		{name: "a fire that stands twice", fires: goodFires + "1,2026-01-01T00:01:00Z,skipped,\n", want: func(r Result) []string { return r.FiresDoubled }},
		{name: "a fire that never ended", fires: goodFires + "1,2026-01-01T00:02:00Z,on_time,\n", want: func(r Result) []string { return r.FiresUnended }},
		{name: "no letters at all", log: "t\taccepted\ta\tx\n", rows: "id,message_id,state,was_uncertain\n", want: func(r Result) []string { return r.Orphans }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			put := func(name, text, instead string) string {
				if text == "" {
					text = instead
				}
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			r, err := judge(put("log", row.log, goodLog), put("rows", row.rows, goodRows), put("steps", row.steps, goodSteps), put("fires", row.fires, goodFires))
			if err != nil {
				t.Fatal(err)
			}
			if kept := r.kept(row.oracle); kept != (row.want == nil) {
				t.Errorf("kept is %v: %+v", kept, r)
			}
			if row.want != nil && len(row.want(r)) != 1 {
				t.Errorf("the fault is not named: %+v", r)
			}
		})
	}
}

// What cannot be read is an error and never a promise kept.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	log, rows, steps := write("log", "t\taccepted\ta\tx\n"), write("rows", "id,message_id,state,was_uncertain\n1,a,sent,f\n"), write("steps", "delivery_id,stage\n1,sent\n")
	for _, row := range []struct{ why, log, rows, steps, fires string }{
		{"no log", filepath.Join(dir, "none"), rows, steps, ""},
		{"a torn log", write("torn", "t\taccepted\n"), rows, steps, ""},
		{"a column is missing", log, write("short", "id,state\n1,sent\n"), steps, ""},
		{"an empty export", log, write("empty", ""), steps, ""},
		{"a fire without a time", log, rows, steps, write("fires", "schedule_id,fire_at,decision,done_at\n1,noon,skipped,\n")},
	} {
		if _, err := judge(row.log, row.rows, row.steps, row.fires); err == nil || strings.Contains(err.Error(), "nil") {
			t.Errorf("%s: error %v", row.why, err)
		}
	}
}

// The checker imports nothing but the standard library, and each of its files can be read in a few minutes.
func TestIndependent(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(b), ")\n")
		if strings.Contains(head, "secretariat/") || strings.Contains(head, ".com/") || strings.Count(string(b), "\n") >= 200 {
			t.Errorf("%s imports more than the standard library, or has grown beyond 200 lines", file)
		}
	}
}
