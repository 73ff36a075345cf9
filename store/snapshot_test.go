package store_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// reading runs fn in a snapshot as reports do.
func reading(t testing.TB, s *store.Store, o store.SnapshotOptions, fn func(read func(store.Query) store.Rows)) {
	t.Helper()
	if o.Ceiling == "" {
		o.Ceiling = "public"
	}
	if o.Timezone == "" {
		o.Timezone = "Asia/Tashkent"
	}
	err := s.Snapshot(t.Context(), o, func(read func(store.Query) store.Rows) error {
		fn(read)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotValues(t *testing.T) {
	s := storetest.New(t)
	tests := []struct {
		sql      string
		typeName string
		want     any
	}{
		{`null::text`, "TEXT", nil},
		{`true`, "BOOL", true},
		{`7::int2`, "INT2", int64(7)},
		{`7::int8`, "INT8", int64(7)},
		{`1.5::float8`, "FLOAT8", 1.5},
		{`'NaN'::float8`, "FLOAT8", "NaN"},
		{`'-Infinity'::float8`, "FLOAT8", "-Infinity"},
		{`450000.10::numeric(20,4)`, "NUMERIC", "450000.1000"},
		{`'NaN'::numeric`, "NUMERIC", "NaN"},
		{`date '2026-11-23'`, "DATE", programme.NewDate(2026, 11, 23)},
		{`'infinity'::date`, "DATE", "infinity"},
		{`'2026-11-23 09:00+05'::timestamptz`, "TIMESTAMPTZ", time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)},
		{`'infinity'::timestamptz`, "TIMESTAMPTZ", "infinity"},
		{`'0044-03-15 BC'::date`, "DATE", programme.NewDate(-43, 3, 15)},
		{`'20000-01-01'::date`, "DATE", programme.NewDate(20000, 1, 1)},
		{`'a'::text`, "TEXT", "a"},
		{`'a'::varchar`, "VARCHAR", "a"},
		{`'{"en": "x"}'::jsonb`, "JSONB", `{"en": "x"}`},
		{`array['I', 'a "b", c', null]::text[]`, "_TEXT", []string{"I", `a "b", c`, ""}},
		{`interval '3 hours'`, "INTERVAL", "03:00:00"},
		{`time '10:30'`, "TIME", "10:30:00"},
		{`timestamp '2026-11-23 10:30'`, "TIMESTAMP", "2026-11-23 10:30:00"},
		{`'[2026-01-01,2026-02-01)'::daterange`, "DATERANGE", "[2026-01-01,2026-02-01)"},
	}
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		for _, tt := range tests {
			got := read(store.Query{Name: "v", SQL: "select " + tt.sql + " as v"})
			if got.Err != nil {
				t.Errorf("%s: %v", tt.sql, got.Err)
				continue
			}
			if !reflect.DeepEqual(got.Values[0][0], tt.want) || got.Types[0] != tt.typeName || got.Columns[0] != "v" {
				t.Errorf("%s = %#v (%s), want %#v (%s)", tt.sql, got.Values[0][0], got.Types[0], tt.want, tt.typeName)
			}
		}
	})
}

func TestSnapshotParameters(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC)
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		got := read(store.Query{Name: "p", SQL: `select ($1::timestamptz)::date as day, ($2::text[])[2] as second, ($3::text) as word, ($4::bigint) as n, ($5::date) as d`,
			Args: []any{at, []string{"a", "b"}, "x'; --", int64(4), programme.NewDate(2026, 1, 2)}})
		if got.Err != nil {
			t.Fatal(got.Err)
		}
		want := []any{programme.NewDate(2026, 11, 23), "b", "x'; --", int64(4), programme.NewDate(2026, 1, 2)}
		if !reflect.DeepEqual(got.Values[0], want) {
			t.Errorf("got %#v, want %#v: the day of a moment is that of the report's zone", got.Values[0], want)
		}
	})
}

func TestSnapshotLimit(t *testing.T) {
	s := storetest.New(t)
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		for _, tt := range []struct {
			rows string
			n    int
			more bool
		}{{"2", 2, false}, {"3", 3, false}, {"4", 3, true}, {"0", 0, false}} {
			got := read(store.Query{Name: "n", SQL: "select generate_series(1, " + tt.rows + ") -- note", Limit: 3})
			if got.Err != nil || len(got.Values) != tt.n || got.More != tt.more {
				t.Errorf("%s rows with limit 3: %d, more %v, %v; want %d, %v", tt.rows, len(got.Values), got.More, got.Err, tt.n, tt.more)
			}
		}
	})
}

func TestSnapshotErrorPlace(t *testing.T) {
	s := storetest.New(t)
	tests := []struct {
		name, sql    string
		line, column int
		code         string
	}{
		{"unknown column, third line", "select ref,\n  'Ж' as x,\n  probabilty\nfrom report.risk(now(), 'public')", 3, 3, "42703"},
		{"syntax, first line", "selec 1", 1, 1, "42601"},
		{"unknown function after wide runes", "select '日本', nope(1)", 1, 14, "42883"},
		{"at run time: no place", "select 1 / (n - n) from generate_series(1, 1) n", 0, 0, "22012"},
	}
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		for _, tt := range tests {
			var e *store.QueryError
			err := read(store.Query{Name: "bad", SQL: tt.sql}).Err
			if !errors.As(err, &e) {
				t.Errorf("%s: got %v, want a QueryError", tt.name, err)
				continue
			}
			if e.Line != tt.line || e.Column != tt.column || e.Code != tt.code || e.Query != "bad" {
				t.Errorf("%s: %d:%d %s %s; want %d:%d %s", tt.name, e.Line, e.Column, e.Code, e.Message, tt.line, tt.column, tt.code)
			}
		}
		if got := read(store.Query{SQL: "select 1"}); got.Err != nil {
			t.Errorf("a failed query spoiled the next one: %v", got.Err)
		}
	})
}

// All reads of a snapshot are of one moment, and what a query does to its session is undone.
func TestR15SnapshotIsOneMoment(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	count := store.Query{Name: "count", SQL: `select count(*) from activity($1::timestamptz, 'public')`, Args: []any{asOf}}
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		before := read(count)
		storetest.Exec(t, s, `update activity set retired_at = now()`)
		for _, sql := range []string{`select set_config('TimeZone', 'UTC', false)`, `select set_config('search_path', 'pg_catalog', false)`, `select set_config('statement_timeout', '0', false)`} {
			if got := read(store.Query{SQL: sql}); got.Err != nil {
				t.Fatal(got.Err)
			}
		}
		after := read(count)
		if before.Err != nil || after.Err != nil || before.Values[0][0] != after.Values[0][0] || before.Values[0][0] == int64(0) {
			t.Errorf("counted %v (%v), then %v (%v) in the same snapshot", before.Values, before.Err, after.Values, after.Err)
		}
		zone := read(store.Query{SQL: `select current_setting('TimeZone'), current_setting('statement_timeout')`})
		if got := zone.Values[0]; got[0] != "Asia/Tashkent" || got[1] != "20s" {
			t.Errorf("a query changed the session for the next one: %v", got)
		}
	})
}

func TestDescribe(t *testing.T) {
	s := storetest.New(t)
	got, err := s.Describe(t.Context(), []store.Query{
		{Name: "slow", SQL: `select pg_sleep(60), ref, due_on from report.activity($1::timestamptz, $2::text) where $3::text[] @> pillars -- end`},
		{Name: "wrong", SQL: "select ref,\n   nonsense from report.activity($1::timestamptz, $2::text)"},
		{Name: "two", SQL: "select 1; select 2"},
		{Name: "escape", SQL: "select 1) q; delete from activity; select * from (select 1"},
		{Name: "end", SQL: "select 1 as one;"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"pg_sleep", "ref", "due_on"}; !reflect.DeepEqual(got[0].Columns, want) || got[0].Types[2] != "DATE" || got[0].Err != nil {
		t.Errorf("described %v %v %v, want %v", got[0].Columns, got[0].Types, got[0].Err, want)
	}
	var e *store.QueryError
	if !errors.As(got[1].Err, &e) || e.Line != 2 || e.Column != 4 {
		t.Errorf("wrong column: %v at %+v, want line 2 column 4", got[1].Err, e)
	}
	for _, i := range []int{2, 3} {
		if got[i].Err == nil {
			t.Errorf("query %d is more than one statement and was described", i)
		}
	}
	if got[4].Err != nil || got[4].Columns[0] != "one" {
		t.Errorf("semicolon at the end: %v", got[4].Err)
	}
}

func TestSnapshotWithoutLogin(t *testing.T) {
	s := storetest.New(t)
	storetest.Exec(t, s, `delete from reporting_login`)
	err := s.Snapshot(t.Context(), store.SnapshotOptions{Ceiling: "public", Timezone: "UTC"}, func(func(store.Query) store.Rows) error { return nil })
	if !errors.Is(err, store.ErrNoReportingLogin) {
		t.Errorf("an operator's report without a reporting login: %v, want ErrNoReportingLogin", err)
	}
	login, err := s.ReportingLogin(t.Context())
	if err != nil || login.Ready || !strings.Contains(login.Statements, "create role") {
		t.Errorf("login %+v, %v: want statements for an administrator", login, err)
	}
	setUp(t, s)
	reading(t, s, store.SnapshotOptions{BuiltIn: true, Ceiling: "limited"}, func(read func(store.Query) store.Rows) {
		got := read(store.Query{SQL: `select distinct confidentiality from activity($1::timestamptz, 'confidential') order by 1`, Args: []any{asOf}})
		if got.Err != nil || len(got.Values) != 2 {
			t.Errorf("built-in report under the program's own login: %v, %v; the ceiling must hold", got.Values, got.Err)
		}
	})
}

func TestSnapshotEndsWithContext(t *testing.T) {
	s := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Snapshot(ctx, store.SnapshotOptions{Ceiling: "public", Timezone: "UTC"}, func(read func(store.Query) store.Rows) error {
		time.AfterFunc(50*time.Millisecond, cancel)
		return read(store.Query{Name: "sleep", SQL: "select pg_sleep(30)"}).Err
	})
	if err == nil {
		t.Error("a cancelled snapshot reported success")
	}
}

// What a query should not return is cut or refused, in words that name what happened.
func TestSnapshotBadRows(t *testing.T) {
	s := storetest.New(t)
	for _, row := range []struct {
		why, sql, code, hint string
		rows                 int
		more                 bool
	}{
		{"no rows", `select 1 where false`, "", "", 0, false},
		{"a million rows", `select generate_series(1, 1000000)`, "", "", 50000, true},
		{"columns of one name", `select 1 as a, 2 as a`, "", "", 1, false},
		{"a cell of 140 MB", `select repeat('x', 140000000)`, "53400", "", 0, false},
		{"bytes that are no text", `select convert_from('\xff', 'UTF8')`, "22021", "", 0, false},
		{"a NUL in a text", `select chr(0)`, "54000", "", 0, false},
		{"a table that it may not read", `select * from public.person`, "42501", "report SQL reads the functions of schema report only", 0, false},
		{"a table that is not there", `select * from nothing`, "42P01", "report SQL reads the functions of schema report only", 0, false},
		{"a column that is not there", `select dew_on from activity(now(), 'public')`, "42703", "", 0, false},
		{"a division by zero", `select 1 / (select count(*) from (select 1 where false) none)`, "22012", "", 0, false},
	} {
		reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
			got := read(store.Query{Name: "q", SQL: row.sql})
			var complaint *store.QueryError
			code, hint := "", ""
			if errors.As(got.Err, &complaint) {
				code, hint = complaint.Code, complaint.Hint()
			}
			if code != row.code || row.hint != "" && hint != row.hint || len(got.Values) != row.rows || got.More != row.more {
				t.Errorf("%s: code %q, hint %q, %d rows, more %v, %v; want %q, %q, %d rows, more %v", row.why, code, hint, len(got.Values), got.More, got.Err, row.code, row.hint, row.rows, row.more)
			}
		})
	}
}
