package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/scheduler"
	"secretariat/store/storetest"
)

const samplePath = "../../examples/tashkent/programme.yaml"

// emptyBook makes a migrated database without a programme and returns the environment that names it.
func emptyBook(t *testing.T) map[string]string {
	t.Helper()
	url := storetest.URL(t)
	err := storetest.Open(t, url).WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return scheduler.MigrateEngine(ctx, db) })
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"DATABASE_URL": url}
}

// changedSample writes the sample with a change and returns its path.
func changedSample(t *testing.T, old, new string) string {
	t.Helper()
	text, err := os.ReadFile(samplePath)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		t.Fatalf("%q does not stand once in the sample", old)
	}
	path := filepath.Join(t.TempDir(), "changed.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A file that is wrong by itself is refused before any database is looked for.
func TestApplyRefusesABadFileWithoutADatabase(t *testing.T) {
	env := map[string]string{"DATABASE_URL": "postgres://anna:geheim@127.0.0.1:1/none"}
	path := changedSample(t, "started_on: 2023-12-05", "started_on: 2023-12-5")
	for _, row := range []struct {
		name, want string
		args       []string
	}{
		{"bad date", "error: " + path + `:24:15: started_on "2023-12-5" is not a date such as 2026-11-23` + "\nhint: nothing was changed\n", []string{path}},
		{"no such file", "error: read none.yaml: no such file or directory\nhint: name programme files that are there and that you may read\n", []string{"none.yaml"}},
		{"no file", "", nil},
		{"--yes alone", "error: --yes without --prune\nhint: --yes confirms what --prune retires\n", []string{"--yes", samplePath}},
	} {
		out, errs, code := command(t, env, append([]string{"apply"}, row.args...)...)
		if code != 2 || out != "" || row.want != "" && errs != row.want {
			t.Errorf("%s: exit %d, got %q and %q, want exit 2 and %q", row.name, code, out, errs, row.want)
		}
	}
	_, errs, code := command(t, env, "apply", samplePath)
	if code != 3 || strings.Contains(errs, "geheim") {
		t.Errorf("no database: exit %d, %s; want exit 3 and no password", code, errs)
	}
}

func TestApplyAndExport(t *testing.T) {
	env := emptyBook(t)
	if _, errs, code := command(t, env, "export"); code != 2 || !strings.Contains(errs, "holds no programme") {
		t.Errorf("export of nothing: exit %d, %s", code, errs)
	}
	if out, errs, code := command(t, env, "apply", "--dry-run", samplePath); code != 0 || !strings.Contains(out, "+ create council REC ") {
		t.Fatalf("dry run: exit %d\n%s\n%s", code, out, errs)
	}
	if out, errs, code := command(t, env, "apply", samplePath); code != 0 || !strings.Contains(out, "+ create session X-REC-6 ") {
		t.Fatalf("exit %d\n%s\n%s", code, out, errs)
	}
	out, _, _ := command(t, env, "apply", "--json", samplePath)
	var got shownApplication
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Created+got.Updated+got.Retired+got.NotInFile > 0 || got.Unchanged < 200 {
		t.Errorf("the second application: %v\n%s", err, out)
	}
	path := filepath.Join(t.TempDir(), "export.yaml")
	if _, errs, code := command(t, env, "export", "-o", path); code != 0 {
		t.Fatalf("export: exit %d, %s", code, errs)
	}
	if out, errs, code := command(t, env, "apply", path); code != 0 || strings.ContainsAny(out[:1], "+~-") {
		t.Errorf("the export applied: exit %d\n%s\n%s", code, out, errs)
	}
	_, errs, code := command(t, env, "apply", changedSample(t, "{report: session-brief, role", "{report: sesion-brief, role"))
	if code != 2 || !strings.Contains(errs, `report "sesion-brief" is not known; did you mean "session-brief"?`) {
		t.Errorf("an unknown report: exit %d, %s", code, errs)
	}
}
