package migrations_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	_ "github.com/lib/pq"

	"secretariat/migrations"
	"secretariat/store/storetest"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestFilesAreNumberedWithoutGaps(t *testing.T) {
	for i, f := range migrations.Files() {
		if f.Version != int64(i+1) || len(f.SHA256) != 64 {
			t.Errorf("file %d is %s, version %d", i+1, f.Name, f.Version)
		}
	}
}

func TestApplyOnceAndStatus(t *testing.T) {
	db := open(t, storetest.Blank(t))
	status, err := migrations.Status(t.Context(), db)
	if err != nil || status[0].Applied() {
		t.Fatalf("status of an empty database: %v, %v", status[0], err)
	}
	applied, err := migrations.Apply(t.Context(), db)
	if err != nil || len(applied) != len(migrations.Files()) {
		t.Fatalf("applied %d files: %v", len(applied), err)
	}
	if again, err := migrations.Apply(t.Context(), db); err != nil || len(again) != 0 {
		t.Errorf("the second time applied %d files: %v", len(again), err)
	}
	version, err := migrations.Version(t.Context(), db)
	if err != nil || version != migrations.Latest() {
		t.Errorf("version %d, %v; want %d", version, err, migrations.Latest())
	}
	status, err = migrations.Status(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range status {
		if !f.Applied() {
			t.Errorf("%s is shown as missing", f.Name)
		}
	}
}

func TestChangedFileStops(t *testing.T) {
	db := open(t, storetest.URL(t))
	if _, err := db.Exec(`update migration_file set sha256 = repeat('0', 64) where version = 2`); err != nil {
		t.Fatal(err)
	}
	_, err := migrations.Apply(t.Context(), db)
	if !errors.Is(err, migrations.ErrChanged) || !strings.Contains(err.Error(), "0002_") {
		t.Errorf("got %v, want ErrChanged that names the file", err)
	}
}

func TestNewerDatabaseStops(t *testing.T) {
	db := open(t, storetest.URL(t))
	if _, err := db.Exec(`insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	var newer *migrations.NewerError
	if _, err := migrations.Apply(t.Context(), db); !errors.As(err, &newer) || newer.Version != 9999 || newer.Hint() == "" {
		t.Errorf("got %v, want a NewerError", err)
	}
}
