package store_test

import (
	"testing"

	"secretariat/store"
	"secretariat/store/storetest"
)

// Every function of schema report keeps the promises of that schema, also those added later.
func TestReportSchema(t *testing.T) {
	s := storetest.New(t)
	tests := []struct{ name, sql string }{
		{"reads no clock", `select proname from pg_proc where pronamespace = 'report'::regnamespace
			and prosrc ~* '(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|current_(date|time|timestamp)|localtime'`},
		{"writes nothing", `select proname from pg_proc where pronamespace = 'report'::regnamespace and provolatile = 'v'`},
		{"has a fixed search path where it reads as the owner", `select proname from pg_proc where pronamespace = 'report'::regnamespace and prosecdef
			and not coalesce(proconfig, '{}') @> array['search_path=public, pg_temp']`},
		{"is no entrance for everybody", `select proname from pg_proc where pronamespace = 'report'::regnamespace and has_function_privilege('public', oid, 'execute')`},
		{"the login may call it", `select proname from pg_proc where pronamespace = 'report'::regnamespace and not has_function_privilege((select name from reporting_login), oid, 'execute')`},
		{"the login reads and writes no table", `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')
			and has_table_privilege((select name from reporting_login), oid, 'select, insert, update, delete, truncate, references, trigger')`},
		{"the login makes nothing", `select nspname from pg_namespace where nspname in ('public', 'report') and has_schema_privilege((select name from reporting_login), oid, 'create')`},
		{"the login is nobody else", `select r.rolname from pg_roles r join reporting_login l on r.rolname <> l.name and r.rolname !~ '^pg_'
			and pg_has_role(l.name, r.oid, 'member')`},
	}
	for _, tt := range tests {
		var wrong []string
		err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.SelectContext(t.Context(), &wrong, tt.sql) })
		if err != nil || len(wrong) > 0 {
			t.Errorf("%s: not so for %v (%v)", tt.name, wrong, err)
		}
	}
}
