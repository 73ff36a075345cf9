package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"secretariat/store"
	"secretariat/store/storetest"
)

// keptStatements counts the statements that a connection keeps prepared and whose text has a word.
func keptStatements(t *testing.T, tx *store.Tx, word string) (n int) {
	t.Helper()
	if err := tx.GetContext(t.Context(), &n, `select count(*) from pg_prepared_statements where strpos(statement, $1) > 0 and strpos(statement, 'strpos') = 0`, word); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStatementsStayPrepared(t *testing.T) {
	tx := storetest.Tx(t, storetest.New(t))
	for range 3 {
		var n int
		if err := tx.GetContext(t.Context(), &n, `select $1::int + 1 as again`, 41); err != nil || n != 42 {
			t.Fatalf("%d, %v", n, err)
		}
		if _, err := tx.ExecContext(t.Context(), `update instance set held = $1 /* again */`, true); err != nil {
			t.Fatal(err)
		}
	}
	if n := keptStatements(t, tx, "again"); n != 2 {
		t.Errorf("%d statements are prepared, want 2", n)
	}
}

// The texts of a statement without end of variants must not pile up in the server.
func TestPreparedStatementsAreLimited(t *testing.T) {
	tx := storetest.Tx(t, storetest.New(t))
	for i := range 700 {
		var n int
		if err := tx.GetContext(t.Context(), &n, fmt.Sprintf(`select $1::int as variant_%d`, i), i); err != nil || n != i {
			t.Fatalf("%d, %v", n, err)
		}
		if err := tx.GetContext(t.Context(), &n, `select $1::int as often`, i); err != nil || n != i { // stays, however many come by
			t.Fatalf("%d, %v", n, err)
		}
	}
	if n := keptStatements(t, tx, "variant_"); n < 200 || n >= 256 {
		t.Errorf("%d variants are prepared", n)
	}
	if n := keptStatements(t, tx, "as often"); n != 1 {
		t.Errorf("the statement that is used most is prepared %d times", n)
	}
}

// A newer program changes a table while this one runs. The statement that fails once works when the transaction is
// tried again, and InTx does that by itself.
func TestColumnsChangeUnderAPreparedStatement(t *testing.T) {
	s := storetest.Open(t, storetest.URL(t))
	storetest.Exec(t, s, `create table changing (a int); insert into changing values (1)`)
	read := func() (row map[string]any, tries int, err error) {
		err = s.InTx(t.Context(), func(tx *store.Tx) error {
			tries++
			row = map[string]any{}
			return tx.QueryRowxContext(t.Context(), `select * from changing where a = $1`, 1).MapScan(row)
		})
		return row, tries, err
	}
	if row, _, err := read(); err != nil || len(row) != 1 {
		t.Fatalf("%v, %v", row, err)
	}
	storetest.Exec(t, s, `alter table changing add b int default 2`)
	if row, tries, err := read(); err != nil || len(row) != 2 || tries != 2 {
		t.Errorf("%v after %d tries, %v; want both columns after two", row, tries, err)
	}
}

// lib/pq would hand the answer of a second statement to the reader of the first.
func TestStatementWhileRowsAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, first string
		args        []any
	}{
		{"with arguments", `select generate_series(1, $1::int)`, []any{3}},
		{"without", `select generate_series(1, 3)`, nil},
	} {
		tx := storetest.Tx(t, storetest.New(t))
		rows, err := tx.QueryContext(t.Context(), tt.first, tt.args...)
		if err != nil {
			t.Fatal(err)
		}
		rows.Next()
		var n int
		if err := tx.GetContext(t.Context(), &n, `select $1::int`, 7); err == nil || !strings.Contains(err.Error(), "still being read") {
			t.Errorf("%s: a second query: %d, %v", tt.name, n, err)
		}
		if _, err := tx.ExecContext(t.Context(), `update instance set held = $1`, true); err == nil || !strings.Contains(err.Error(), "still being read") {
			t.Errorf("%s: a second statement: %v", tt.name, err)
		}
		if err := errors.Join(rows.Close(), rows.Err()); err != nil {
			t.Fatal(err)
		}
		if err := tx.GetContext(t.Context(), &n, `select $1::int`, 7); err != nil || n != 7 {
			t.Errorf("%s: after the rows: %d, %v", tt.name, n, err)
		}
	}
}

// What PostgreSQL refuses is the same error as ever, and the connection goes on.
func TestPreparedStatementRefused(t *testing.T) {
	s := storetest.Open(t, storetest.URL(t))
	for range 2 {
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `insert into instance (held) values ($1)`, nil)
			return err
		})
		if err == nil {
			t.Fatal("a second row of the instance was written")
		}
		if _, err := s.Now(t.Context()); err != nil {
			t.Fatalf("after a refusal: %v", err)
		}
	}
}
