package migrations_test

import (
	"database/sql"
	"flag"
	"os"
	"os/exec"
	"testing"
	"time"

	"secretariat/migrations"
	"secretariat/store/storetest"
)

// kills is how many migrators are killed: 50 for the published figure, fewer in every run of the tests.
var kills = flag.Int("kills", 2, "how many migrators TestR20KilledMigration kills")

// catalog is one hash of the tables, columns, constraints, indexes and functions of a database.
func catalog(t *testing.T, db *sql.DB) (hash string) {
	t.Helper()
	err := db.QueryRowContext(t.Context(), `
		select md5(string_agg(line, e'\n' order by line)) from (
			select format('%s.%s %s %s %s', table_schema, table_name, column_name, data_type, column_default) from information_schema.columns
				where table_schema in ('public', 'report')
			union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
				where connamespace in ('public'::regnamespace, coalesce(to_regnamespace('report'), 'public'::regnamespace))
			union all select indexdef from pg_indexes where schemaname = 'public'
			union all select pg_get_functiondef(oid) from pg_proc where pronamespace = to_regnamespace('report') and prokind = 'f'
		) all_of_it (line)`).Scan(&hash)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// TestMigratorProcess is the program that TestR20KilledMigration kills.
func TestMigratorProcess(t *testing.T) {
	url := os.Getenv("MIGRATE_AND_DIE")
	if url == "" {
		t.Skip("it is another process of TestR20KilledMigration")
	}
	if _, err := migrations.Apply(t.Context(), open(t, url)); err != nil {
		t.Fatal(err)
	}
}

// R20: a migrator that is killed leaves the database at one of its versions, never between two: the next one goes on from
// there and comes to the same tables as one that was never disturbed.
func TestR20KilledMigration(t *testing.T) {
	began := time.Now()
	whole := open(t, storetest.Blank(t))
	if _, err := migrations.Apply(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	took, want, between := time.Since(began), catalog(t, whole), 0
	for i := range *kills {
		url := storetest.Blank(t)
		cmd := exec.Command(os.Args[0], "-test.run=^TestMigratorProcess$")
		cmd.Env = append(os.Environ(), "MIGRATE_AND_DIE="+url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		dead := time.AfterFunc(took*time.Duration(i+1)/time.Duration(*kills+1), func() { cmd.Process.Kill() })
		_ = cmd.Wait() // killed, or done before
		dead.Stop()
		db := open(t, url)
		version, err := migrations.Version(t.Context(), db)
		if err != nil || version < 0 || version > migrations.Latest() {
			t.Fatalf("after a kill: version %d, %v", version, err)
		}
		if version > 0 && version < migrations.Latest() {
			between++
		}
		if _, err := migrations.Apply(t.Context(), db); err != nil {
			t.Errorf("killed at version %d: %v", version, err)
			continue
		}
		if catalog(t, db) != want {
			t.Errorf("killed at version %d: other tables than those of a migration that was not disturbed", version)
		}
	}
	t.Logf("%d killed, %d of them between two versions", *kills, between)
}
