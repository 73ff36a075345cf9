package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/store"
)

// promised reads the JSON table of docs/commands.md: command → what its document looks like.
func promised(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(b), "\n## JSON\n")
	if !ok {
		t.Fatal("docs/commands.md has no section JSON")
	}
	rows := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\|$").FindAllStringSubmatch(table, -1) {
		rows[m[1]] = m[2]
	}
	return rows
}

// keysOf gathers every list of objects of a document by its key, with the keys that all its objects have; the document's
// own keys stand under "".
func keysOf(t *testing.T, document string) map[string][]string {
	t.Helper()
	var top map[string]any
	d := json.NewDecoder(strings.NewReader(document))
	if err := d.Decode(&top); err != nil {
		t.Fatalf("%v in %s", err, document)
	}
	if d.More() {
		t.Errorf("more than one document: %s", document)
	}
	found := map[string][]string{"": slices.Sorted(maps.Keys(top))}
	for name, value := range top {
		list, _ := value.([]any)
		for i, one := range list {
			object, ok := one.(map[string]any)
			if !ok {
				continue
			}
			keys := slices.Sorted(maps.Keys(object))
			if i > 0 {
				keys = slices.DeleteFunc(found[name], func(k string) bool { return !slices.Contains(keys, k) })
			}
			found[name] = keys
		}
	}
	return found
}

// The documents of --json have the keys that docs/commands.md promises, each list in every one of its objects.
func TestJSONKeys(t *testing.T) {
	t.Parallel()
	env := councilBook(t)
	a, h := daemon(t, map[string]string{"database-url": env["DATABASE_URL"], "hold": "true"})
	if _, err := h.acts.RunSchedule(t.Context(), "X-SCH-REMIND", "test"); err != nil {
		t.Fatal(err)
	}
	if err := a.runUntil(t.Context(), h, demoStart); err != nil {
		t.Fatal(err)
	}
	unsubscribeAll(t, h, "rcfrr.example")
	if _, errs, code := command(t, env, "replies", "add", "--session", "X-REC-6", "--seat", "X-S10", "--answer", "accepted"); code != 0 {
		t.Fatalf("answer: exit %d: %s", code, errs)
	}
	if _, err := h.acts.RunSchedule(t.Context(), "X-SCH-WEEKLY", "test"); err != nil {
		t.Fatal(err)
	}
	if err := a.runUntil(t.Context(), h, demoStart); err != nil {
		t.Fatal(err)
	}
	failOne(t, h)
	docs, seen := promised(t), map[string]bool{}
	for _, row := range []struct {
		args  []string
		lists map[string]string // by key: what its objects hold
	}{
		{[]string{"schedules", "next", "X-SCH-WEEKLY"}, map[string]string{"": "fires notes"}},
		{[]string{"schedules", "next"}, map[string]string{"": "fires of", "of": "schedule fire_at runs_at note"}},
		{[]string{"schedules", "backfill", "X-SCH-WEEKLY", "--from", "2026-11-10", "--to", "2026-11-20", "--dry-run"}, map[string]string{"": "schedule run ran_before dry_run"}},
		{[]string{"schedules", "history"}, map[string]string{"occurrences": "schedule fire_at decision reason decided_at"}},
		{[]string{"sessions", "list"}, map[string]string{"sessions": "ref council number state opens_at closes_at timezone revision overdue"}},
		{[]string{"sessions", "timetable", "X-REC-6"}, map[string]string{"": "lines earliest_feasible", "lines": "name due_on due_at duty_of hard state slack_days source done_at late by_hand done_days_before done_for_former_date ticked_by note waived_by waiver"}},
		{[]string{"sessions", "timetables"}, map[string]string{"": "timetables", "timetables": "name title rules"}},
		{[]string{"sessions", "tick", "X-REC-6", "late-papers"}, map[string]string{"": "session line"}},
		{[]string{"sessions", "quorum", "X-REC-6"}, map[string]string{"": "purpose"}},
		{[]string{"sessions", "series", "list"}, map[string]string{"series": "ref council rule local_start lasts keep_ahead until drafts"}},
		{[]string{"polls", "open", "--council", "REC", "--slot", "2027-02-02T10:00", "--slot", "2027-02-03T10:00", "--yes"}, map[string]string{"": "poll council options"}},
		{[]string{"polls", "answer", "POLL-1", "1=yes", "2=if-need-be", "--person", "X-fontaine"}, map[string]string{"": "poll person answers"}},
		{[]string{"polls", "link", "POLL-1", "--person", "X-fontaine", "--public-url", "https://sec.example"}, map[string]string{"": "poll person link"}},
		{[]string{"polls", "list"}, map[string]string{"polls": "ref council title secret answer_until closed_at session"}},
		{[]string{"polls", "show", "POLL-1"}, map[string]string{"": "hidden answered options", "options": "n starts_at rank yes if_need_be no probability answers"}},
		{[]string{"seats", "list"}, map[string]string{"seats": "council seat label voting member alternates"}},
		{[]string{"seats", "show", "REC", "X-S09"}, map[string]string{"": "terms", "terms": "person capacity since until"}},
		{[]string{"slots", "--council", "REC", "--from", "2027-01-11", "--to", "2027-01-15", "--lasts", "PT3H"}, map[string]string{"": "slots looked refused", "slots": "starts_at probability worst_burden reasons"}},
		{[]string{"outbox", "list"}, map[string]string{"deliveries": "id kind state to subject message_id not_before sent_at reason attempts was_uncertain"}},
		{[]string{"outbox", "suppressed"}, map[string]string{"suppressed": "address report reason until since"}},
		{[]string{"forecast", "--from", "2026-11-23T08:59", "--to", "2026-11-23T09:02"}, map[string]string{"": "letters held_back", "letters": "at kind to language subject why", "held_back": "at kind to why"}},
		{[]string{"papers", "list", "--session", "X-REC-6"}, map[string]string{"papers": "ref symbol title distribution issued files"}},
		{[]string{"papers", "matrix", "--session", "X-REC-6"}, map[string]string{"": "languages deadline_at flag_at papers", "papers": "ref symbol languages flagged"}},
		{[]string{"actions", "list"}, map[string]string{"actions": "ref session decision text owner backup due_on done_on days_late evidence"}},
		{[]string{"sessions", "agenda", "X-REC-6"}, map[string]string{"": "items minutes minutes_of_session", "items": "ref number title purpose minutes presenter state reason carried_from actions"}},
		{[]string{"audit", "list"}, map[string]string{"entries": "id at actor action object before after hash"}},
		{[]string{"audit", "verify"}, map[string]string{"": "entries last faults"}},
		{[]string{"reports", "list"}, map[string]string{"": "reports runs", "reports": "name title languages file"}},
		{[]string{"reports", "show", "1"}, map[string]string{"": "id number report state files letters history", "files": "variant format name pages bytes sha256 intact", "letters": "id kind to state"}},
		{[]string{"reports", "diff", "1", "1"}, map[string]string{"": "report from to audience changes"}},
		{[]string{"reports", "reprint", "1", "--variant", "en-limited", "-o", filepath.Join(t.TempDir(), "again.pdf")}, map[string]string{"": "run variant format file bytes sha256"}},
		{[]string{"reports", "hold", "1"}, map[string]string{"": "run state letters gone"}},
		{[]string{"reports", "release", "1"}, map[string]string{"": "run state number letters"}},
		{[]string{"reports", "resend", "1", "--failed"}, map[string]string{"": "run letters uncertain"}},
		{[]string{"schedules", "list"}, map[string]string{"schedules": "ref runs spec timezone state next_fire_at"}},
		{[]string{"replies", "list", "--session", "X-REC-6"}, map[string]string{"replies": "seat person answer mode date at delegate revision stale via"}},
		{[]string{"replies", "invited", "--session", "X-REC-6"}, map[string]string{"invitations": "seat person capacity state mode asked_at"}},
		{[]string{"replies", "link", "--session", "X-REC-6", "--person", "X-hashimi", "--public-url", "https://sec.example"}, map[string]string{"": "session person link"}},
	} {
		name := strings.Join(row.args[:min(2, len(row.args))], " ")
		if row.args[1] == "series" {
			name = strings.Join(row.args[:3], " ")
		}
		if row.args[0] == "forecast" || row.args[0] == "slots" {
			name = row.args[0]
		}
		out, errs, code := command(t, env, append(slices.Clone(row.args), "--json")...)
		if code != 0 {
			t.Errorf("%s: exit %d: %s", name, code, errs)
			continue
		}
		seen[name] = true
		found := keysOf(t, out)
		for list, keys := range row.lists {
			for _, key := range strings.Fields(keys) {
				if !slices.Contains(found[list], key) {
					t.Errorf("%s: %q is not in every one of %q: found %v", name, key, list, found[list])
				}
				if text, ok := docs[name]; ok && !strings.Contains(text, key) {
					t.Errorf("docs/commands.md does not name %q of %s", key, name)
				}
			}
		}
		checkTimes(t, name, out)
		if strings.HasSuffix(name, "list") {
			checkHeadings(t, env, row.args)
		}
	}
	for name, text := range docs {
		if name == "" || !seen[name] && !json.Valid([]byte(out(t, env, strings.Fields(name)))) {
			t.Errorf("%s: no JSON document, promised is %s", name, text)
		}
	}
}

// failOne records that one letter of the first run was refused for good.
func failOne(t *testing.T, h *house) {
	t.Helper()
	err := h.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			update delivery set state = 'failed', reason = '550 no such mailbox' where id = (select min(id) from delivery where run_id = 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unsubscribeAll lets everybody but the people of one domain unsubscribe from the weekly report.
func unsubscribeAll(t *testing.T, h *house, but string) {
	t.Helper()
	err := h.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			insert into suppression (address, report, reason, created_at)
			select lower(email), 'weekly-progress', 'unsubscribed', $1 from person where email is not null and email not like '%' || $2`, tx.Now, but)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// out runs a command of the JSON table with what it needs beside its name.
func out(t *testing.T, env map[string]string, words []string) string {
	t.Helper()
	switch strings.Join(words, " ") {
	case "schedules next":
		words = append(words, "X-SCH-WEEKLY")
	case "sessions timetable", "sessions quorum", "sessions show", "sessions agenda":
		words = append(words, "X-REC-6")
	case "sessions series show":
		words = append(words, "X-JCG-Q")
	case "papers list", "papers matrix":
		words = append(words, "--session", "X-REC-6")
	case "papers pack":
		words = append(words, "--session", "X-REC-6", "-o", filepath.Join(t.TempDir(), "pack.pdf"))
	case "slots":
		words = append(words, "--council", "REC", "--from", "2027-01-11", "--to", "2027-01-15", "--lasts", "PT3H")
	case "replies list", "replies invited":
		words = append(words, "--session", "X-REC-6")
	case "replies link":
		words = append(words, "--session", "X-REC-6", "--person", "X-hashimi", "--public-url", "https://sec.example")
	case "replies read":
		words = append(words, t.TempDir())
	case "forecast":
		words = append(words, "--from", "2026-11-24", "--to", "2026-11-25")
	}
	document, _, _ := command(t, env, append(words, "--json")...)
	return document
}

// checkHeadings holds a listing for people to a first line that says what is in each column.
func checkHeadings(t *testing.T, env map[string]string, args []string) {
	t.Helper()
	out, errs, code := command(t, env, args...)
	if first, _, _ := strings.Cut(out, "\n"); code != 0 || !regexp.MustCompile(`^[A-Z]+( ?[A-Z()]+| {2,})+$`).MatchString(first) {
		t.Errorf("%v: exit %d: %s: the first line is %q, want headings", args, code, errs, first)
	}
}

// checkTimes holds every value of a key that ends in "_at" to RFC 3339.
func checkTimes(t *testing.T, name, document string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`"(\w+_at|at|as_of|not_before)": ("[^"]*")`).FindAllStringSubmatch(document, -1) {
		if _, err := time.Parse(`"`+time.RFC3339+`"`, m[2]); err != nil {
			t.Errorf("%s: %s is %s, want RFC 3339", name, m[1], m[2])
			return
		}
	}
}
