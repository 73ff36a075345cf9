package store_test

import (
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// probes are statements with which a report could try to read more, write, or disturb. The database refuses those with
// refused; the rest do nothing that outlives the query.
var probes = []struct {
	sql     string
	refused bool
}{
	{`select count(*) from activity('2026-11-23', 'confidential')`, false},
	{`insert into public.activity_update default values`, true},
	{`select * from public.person`, true},
	{`set transaction read write`, true},
	{`commit; set default_transaction_read_only=off; delete from public.person`, true},
	{`commit; set statement_timeout=0; select pg_sleep(3), 'slept'`, true},
	{`select pg_sleep(10)`, true},
	{`select pg_read_file('/etc/passwd')`, true},
	{`copy (select 1) to program 'id'`, true},
	{`copy activity to '/var/lib/x'`, true},
	{`select lo_import('/etc/passwd')`, true},
	{`select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user`, true},
	{`select pg_advisory_lock(42)`, false},
	{`select current_setting('data_directory')`, true},
	{`select query from pg_stat_activity where usename <> current_user`, false},
	{`select rolname from pg_roles limit 2`, false},
	{`select pg_notify('outbox', 'x')`, false},
	{`select * from generate_series(1, 100000000) a order by a desc`, true},
	{`create temp table t (a int)`, true},
	{`select dblink('host=127.0.0.1', 'select 1')`, true},
	{`select repeat('x', 900000000)`, true},
	{`with x as (delete from public.activity returning 1) select * from x`, true},
	{`select nextval('public.delivery_id_seq')`, true},
	{`select set_config('transaction_read_only', 'off', false)`, true},
	{`do $$begin perform pg_sleep(0); end$$`, true},
	{`explain analyze delete from public.activity`, true},
	{`select 'NaN'::float8, 'Infinity'::timestamptz`, false},
	{`select 1; select 2`, true},
	// what the ceiling and the login add
	{`select password from public.reporting_login`, true},
	{`insert into public.report_ceiling values (pg_backend_pid(), 'confidential')`, true},
	{`update public.report_ceiling set level = 'confidential'`, true},
	{`select set_config('role', 'secretariat', false)`, true},
	{`select set_config('session_authorization', 'secretariat', false)`, true},
	{`select public.report_sight('confidential')`, true},
	{`select * from public.activity_on('2026-11-23')`, true},
	{`select set_config('search_path', 'pg_temp', false)`, false},
	{`select pg_reload_conf()`, true},
}

func TestR21ReportFence(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	before := fingerprint(t, s)
	for _, p := range probes {
		var got, after store.Rows
		reading(t, s, store.SnapshotOptions{Timeout: time.Second}, func(read func(store.Query) store.Rows) {
			got = read(store.Query{Name: "probe", SQL: p.sql, Limit: 100})
			after = read(store.Query{Name: "after", SQL: `select current_user, current_setting('transaction_read_only'), (select count(*) from activity('2026-11-23 09:00+05', 'confidential'))`})
		})
		if (got.Err != nil) != p.refused {
			t.Errorf("%s: error %v, want refused %v", p.sql, got.Err, p.refused)
		}
		if after.Err == nil && (after.Values[0][1] != "on" || after.Values[0][2] != int64(publicActivities)) {
			t.Errorf("%s: afterwards the session was %v", p.sql, after.Values[0])
		}
	}
	if after := fingerprint(t, s); after != before {
		t.Errorf("the probes changed the database: %s, before %s", after, before)
	}
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		got := read(store.Query{SQL: `select pg_try_advisory_lock(42)`})
		if got.Err != nil || got.Values[0][0] != true {
			t.Errorf("a lock taken by a report outlived it: %v %v", got.Values, got.Err)
		}
	})
}

// fingerprint changes with the data that the probes aim at.
func fingerprint(t *testing.T, s *store.Store) string {
	t.Helper()
	var sum string
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &sum, `
select md5(coalesce((select string_agg(a::text, '|' order by a.id) from activity a), '') || coalesce((select string_agg(p::text, '|' order by p.id) from person p), '')
        || coalesce((select string_agg(l::text, '|') from reporting_login l), '') || (select count(*) from pg_class) || (select count(*) from report_ceiling)
        || (select count(*) from pg_largeobject_metadata))`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
