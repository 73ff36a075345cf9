package store_test

import (
	"fmt"
	"testing"

	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// The one table of cases for the rule of the traffic light: SQL and Go must give the answer that stands here.
func TestRAGInSQLAndGo(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	const today = "2026-11-23"
	tests := []struct {
		name, status, starts, due string
		percent                   int
		want                      string
	}{
		{"overdue by a day", "implementation", "2026-01-01", "2026-11-22", 99, "red"},
		{"due today is not overdue", "implementation", "2026-01-01", "2026-11-23", 80, "green"},
		{"due today with little done", "implementation", "2026-01-01", "2026-11-23", 79, "amber"},
		{"pipeline is grey", "pipeline", "2026-01-01", "2026-11-24", 0, "grey"},
		{"pipeline overdue is red", "pipeline", "2026-01-01", "2026-11-22", 0, "red"},
		{"closed is grey even when late", "closed", "2026-01-01", "2026-06-30", 100, "grey"},
		{"cancelled is grey", "cancelled", "2026-01-01", "2026-06-30", 10, "grey"},
		{"suspended is grey", "suspended", "2026-01-01", "2026-06-30", 10, "grey"},
		{"due in 14 days below 80", "finalisation", "2026-01-01", "2026-12-07", 79, "amber"},
		{"due in 14 days at 80", "finalisation", "2026-01-01", "2026-12-07", 80, "green"},
		{"due in 15 days below 80, on the line", "finalisation", "2026-01-01", "2026-12-08", 79, "green"},
		{"exactly 25 points behind", "implementation", "2026-08-15", "2027-03-03", 25, "green"},
		{"more than 25 points behind", "implementation", "2026-08-15", "2027-03-03", 24, "amber"},
		{"not begun", "implementation", "2027-01-01", "2027-12-31", 0, "green"},
		{"a single day, today, little done", "implementation", "2026-11-23", "2026-11-23", 0, "amber"},
		{"a single day later", "implementation", "2027-11-23", "2027-11-23", 0, "green"},
	}
	reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
		for _, tt := range tests {
			got := read(store.Query{SQL: `select rag($1::text, $2::date, $3::date, $4::int, $5::date), rag($1::text, $2::date, $3::date, $4::int, $6::timestamptz), overdue_days($3::date, $5::date), overdue_days($3::date, $6::timestamptz)`,
				Args: []any{tt.status, tt.starts, tt.due, tt.percent, today, asOf}})
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			inGo := programme.RAG(tt.status, date(t, tt.starts), date(t, tt.due), tt.percent, date(t, today))
			if v := got.Values[0]; v[0] != tt.want || v[1] != tt.want || inGo != tt.want {
				t.Errorf("%s: SQL %v, SQL by moment %v, Go %v; want %s", tt.name, v[0], v[1], inGo, tt.want)
			}
			late := int64(programme.DaysLate(date(t, tt.due), date(t, today)))
			if v := got.Values[0]; v[2] != late || v[3] != late {
				t.Errorf("%s: days late in SQL %v and %v, in Go %d", tt.name, v[2], v[3], late)
			}
		}
	})
}

// Every activity of the small programme, on many days, must stand in SQL as it does in Go.
func TestStandingInSQLAndGo(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	var p programme.Programme
	err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.Programme(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	zone := asOf.Location()
	for _, on := range []string{"2026-01-01", "2026-06-14", "2026-06-15", "2026-06-20", "2026-09-30", "2026-11-10", "2026-11-22", "2026-11-23", "2026-11-24", "2026-12-01", "2027-04-01"} {
		moment := date(t, on).At(4, 0, zone)
		got := map[string]string{}
		reading(t, s, store.SnapshotOptions{Ceiling: "confidential"}, func(read func(store.Query) store.Rows) {
			rows := read(store.Query{SQL: `select ref, status, due_on::text, coalesce(closed_on::text, ''), percent, revisions, coalesce(last_update_on::text, ''), days_late, slip_days, rag,
				exists (select from quality($1::timestamptz, 'confidential') q where q.kind = 'silent' and q.ref = a.ref) from activity($1::timestamptz, 'confidential') a`, Args: []any{moment}})
			if rows.Err != nil {
				t.Fatal(rows.Err)
			}
			for _, r := range rows.Values {
				got[r[0].(string)] = fmt.Sprint(r[1:]...)
			}
			rows = read(store.Query{SQL: `select ref, state from milestone($1::timestamptz, 'confidential')`, Args: []any{moment}})
			if rows.Err != nil {
				t.Fatal(rows.Err)
			}
			for _, r := range rows.Values {
				got[r[0].(string)] = r[1].(string)
			}
		})
		for _, a := range p.Activities {
			v := a.On(date(t, on))
			want := fmt.Sprint(v.Status, v.DueOn.String(), v.ClosedOn.String(), int64(v.Percent), int64(v.Revisions), v.LastUpdateOn.String(), int64(v.DaysLate), int64(v.SlipDays), v.RAG, v.Silent)
			if got[a.Ref] != want {
				t.Errorf("%s on %s: SQL %s, Go %s", a.Ref, on, got[a.Ref], want)
			}
			for _, m := range a.Milestones {
				if want := m.StateOn(date(t, on), v.Status); got[m.Ref] != want {
					t.Errorf("milestone %s on %s: SQL %s, Go %s", m.Ref, on, got[m.Ref], want)
				}
			}
		}
	}
}

func date(t testing.TB, s string) programme.Date {
	t.Helper()
	d, err := programme.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
