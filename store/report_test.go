package store_test

import (
	"fmt"
	"strings"
	"testing"

	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// show puts rows in one line each, columns by a blank.
func show(rows store.Rows) string {
	var lines []string
	for _, row := range rows.Values {
		var words []string
		for _, v := range row {
			switch v := v.(type) {
			case nil:
				words = append(words, "–")
			case programme.Date:
				words = append(words, v.String())
			default:
				words = append(words, fmt.Sprint(v))
			}
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

// The figures of the small programme (testdata/small.sql), worked out by hand from the rules.
func TestReportFigures(t *testing.T) {
	s := storetest.New(t)
	setUp(t, s)
	tests := []struct {
		name, ceiling, sql, want string
	}{
		{"activities of the public", "public", `select ref, status, due_on, percent, rag, days_late, slip_days, revisions, last_update_on from activity($1::timestamptz, $2) order by ref`,
			`behind implementation 2026-12-31 50 amber 0 0 0 2026-11-01
cancelled cancelled 2026-10-31 10 grey 0 0 0 –
closed closed 2026-06-30 95 grey 0 0 0 –
closes implementation 2026-12-10 99 green 0 0 0 –
late implementation 2026-11-11 80 red 12 0 0 2026-11-20
pipeline pipeline 2027-06-30 0 grey 0 0 0 –
slipped finalisation 2026-12-31 70 green 0 184 2 2026-10-24
suspended suspended 2026-10-31 10 grey 0 153 0 –
today implementation 2026-11-23 90 green 0 0 0 –`},
		{"limited is seen by limited", "limited", `select count(*), count(*) filter (where confidentiality = 'limited') from activity($1::timestamptz, $2)`, "10 1"},
		{"confidential sees all", "confidential", `select count(*) from activity($1::timestamptz, $2)`, "11"},
		{"the ceiling holds whatever is asked", "limited", `select count(*) from activity($1::timestamptz, 'confidential') where $2::text is not null`, "10"},
		{"asking for less gives less", "confidential", `select count(*) from activity($1::timestamptz, 'public') where $2::text is not null`, "9"},
		{"names and texts", "public", `select area, text(area_title, 'ru'), text(area_title, 'uz'), text(area_title, 'ru-RU'), pillars::text, text(lead_name, 'ru'), focal_point, focal_point_email, text(last_note, 'en') from activity($1::timestamptz, $2) where ref = 'late'`,
			"A1 Первая область First area Первая область {I} Институт focal focal@example.org Nearly there"},
		{"milestones", "public", `select ref, activity, due_on, met_on, state from milestone($1::timestamptz, $2) order by ref`,
			"m-later late 2026-11-01 – missed\nm-met late 2026-10-01 2026-10-05 met\nm-missed late 2026-11-22 – missed\nm-out cancelled 2026-10-01 – out\nm-today late 2026-11-23 – open"},
		{"areas for the public", "public", `select ref, activities, done, open, overdue, amber, percent from area_progress($1::timestamptz, $2)`, "A1 6 1 5 1 1 81.5\nA2 3 0 1 0 0 0"},
		{"areas for all", "confidential", `select ref, activities, done, open, overdue, amber, percent from area_progress($1::timestamptz, $2)`, "A1 6 1 5 1 1 81.5\nA2 5 0 3 2 0 26.7"},
		{"indicators", "public", `select ref, baseline, target, actual, status, achieved from indicator_now($1::timestamptz, $2)`,
			"i-plain 5 8 10 approved 125\ni-cum 10 30 15 submitted 25\ni-draft 0 8 – draft –\ni-zero 0 0 4 approved –\ni-last 34 14 18 approved 80\ni-none 0 – – – –"},
		{"money", "public", `select ref, kind, currency, pledged, disbursed, expended, outstanding, balance, delivery_rate from contribution_balance($1::timestamptz, $2)`,
			"C1 financial USD 1000 600 330 400 270 55\nC2 in-kind USD 200 0 80 – – –\nC3 financial EUR 500 0 0 500 0 –"},
		{"transactions count for all and name nothing secret", "limited", `select kind, date, amount, area, activity, text(note, 'en') from transaction($1::timestamptz, $2) where contribution = 'C1' and kind = 'expenditure'`,
			"expenditure 2025-12-31 100 A1 – –\nexpenditure 2026-03-01 150.5 A1 late –\nexpenditure 2026-04-01 49.5 A2 – –\nexpenditure 2026-05-01 30 – – –"},
		{"budget of the year", "public", `select contribution, area, period, budget, expended, execution from budget_use($1::timestamptz, $2)`,
			"C1 A1 2026 301 150.5 50\nC1 A2 2026 0 49.5 –\nC2 A1 2026 100 80 –"},
		{"events of seen activities", "limited", `select ref, area from event($1::timestamptz, $2)`, "e-public A1"},
		{"publications dated later are not seen", "limited", `select ref, from_org, to_org, received_on from publication($1::timestamptz, $2)`, "p-seen ISRS UNOCT –"},
		{"risks opened later are not seen", "public", `select ref, score, owner_name from risk($1::timestamptz, $2)`, "k1 12 Sec Retary"},
		{"sessions", "limited", `select ref, council, state, revision, days_to_go from session($1::timestamptz, $2)`, "REC-1 REC held 0 –\nREC-2 REC confirmed 1 15"},
		{"quorum of seen sessions", "limited", `select session, purpose, required, seats from quorum($1::timestamptz, $2)`, "REC-2 open 1 3"},
		{"timetable: done later is not done", "limited", `select session, ref, state, slack_days from timetable_line($1::timestamptz, $2)`, "REC-2 call done –\nREC-2 notice done –\nREC-2 papers missed –\nREC-2 record open 43"},
		{"timetable: who spoke for a line, and when it was done", "limited", `select ref, done_on, late, by_hand, ticked_by, note, waived_by, waived_by_name, waiver, source, text(consequence, 'en') from timetable_line($1::timestamptz, $2)`,
			"call – false true – – – – – – –\nnotice 2026-10-20 false false – – – – – Rule 4 Void\npapers – false true – – – – – – –\nrecord – false true – – – – – – –"},
		{"timetable: how its days are counted", "limited", `select ref, amount, unit, side, anchor, text(anchor_title, 'en'), opens from timetable_line($1::timestamptz, $2)`,
			"call 10 weeks before opening – true\nnotice 6 weeks before opening – true\npapers 28 clear before notice Notice true\nrecord 36 hours after closing – false"},
		{"attendance by the day of the sitting", "public", `select session, sitting, seat, person from attendance($1::timestamptz, $2)`, "REC-1 2026-05-19 s1 memb"},
		{"decisions dated later are not seen", "public", `select ref, session, number, item, date from decision($1::timestamptz, $2)`, "d1 REC-1 D-1 i1 2026-05-19"},
		{"open action items", "limited", `select session, decision, text(text, 'en'), owner, due_on, days_late from action_open($1::timestamptz, $2)`,
			"REC-1 d1 Late one sec 2026-11-20 3\nREC-1 d1 Done later sec 2026-12-20 0"},
		{"quality", "public", `select kind, ref, since from quality($1::timestamptz, $2) where kind <> 'silent'`,
			"indicator i-plain 2026-10-01\npledge C1 2026-01-01\nreceipt p-seen 2026-10-01\nseat REC/s3 2026-07-01"},
		{"silent: 30 days, not 29", "public", `select ref, since from quality($1::timestamptz, $2) where kind = 'silent'`,
			"closes 2026-01-01\ntoday 2026-01-01\nslipped 2026-10-24"},
		{"subscribers", "public", `select email, lang, person, clearance from subscriber('weekly', $1::timestamptz) where $2::text is not null`,
			"alt1@example.org ru alt1 limited\nalt2@example.org en alt2 limited\nboth@example.org en both limited\nfocal@example.org en focal limited\nmemb@example.org en memb limited\nown@example.org ru own public\npast@example.org en past public\nsec@example.org ru sec confidential\nstake@example.org ru stake public"},
	}
	for _, tt := range tests {
		reading(t, s, store.SnapshotOptions{Ceiling: tt.ceiling}, func(read func(store.Query) store.Rows) {
			got := read(store.Query{Name: tt.name, SQL: strings.ReplaceAll(tt.sql, "$2)", "$2::text)"), Args: []any{asOf, tt.ceiling}})
			if got.Err != nil {
				t.Errorf("%s: %v", tt.name, got.Err)
			} else if s := show(got); s != tt.want {
				t.Errorf("%s: got\n%s\nwant\n%s", tt.name, s, tt.want)
			}
		})
	}
}

func TestReportColumns(t *testing.T) {
	s := storetest.New(t)
	want := map[string]string{ // as the guide to reports promises them
		"activity":             "ref title area area_title pillars status kind lead lead_name focal_point focal_point_name focal_point_email starts_on due_on original_due_on closed_on percent rag days_late slip_days revisions last_update_on last_note confidentiality",
		"milestone":            "ref activity title due_on original_due_on met_on state activity_title",
		"area_light":           "area area_title status rag activities",
		"area_progress":        "ref title pillars activities done open overdue amber percent",
		"indicator_now":        "ref result title unit baseline baseline_year target actual status achieved",
		"contribution_balance": "ref title kind currency pledged disbursed expended outstanding balance delivery_rate",
		"transaction":          "contribution kind date amount currency area activity note",
		"budget_use":           "contribution area period currency budget expended execution",
		"event":                "ref title area kind starts_at ends_at place mode status participants",
		"publication":          "ref title language from_org to_org exchanged_on received_on kind activity",
		"risk":                 "ref title probability impact score response owner_name status",
		"session":              "ref council council_name number title state opens_at closes_at timezone mode venue revision days_to_go confidentiality",
		"session_reply":        "session seat label person name answer stale",
		"quorum":               "session purpose required seats expected probability",
		"timetable_line":       "session ref title due_on duty_of hard state slack_days due_at done_on late by_hand ticked_by note waived_by waived_by_name waiver source consequence amount unit side anchor anchor_title opens",
		"session_officer":      "session kind person name",
		"notice_rule":          "session ref title hard due_on due_at source waived_by_name waiver",
		"notice":               "session seat person name kind sent_at standing message_id digest",
		"sitting":              "session n opened_at closed_at outcome required base present missing second fraction strict rule_source again_by",
		"presence":             "session sitting seat label person name mode arrived_at left_at",
		"attendance":           "session sitting seat person name mode",
		"decision":             "ref session number item text method date",
		"action_open":          "session decision text owner owner_name due_on days_late",
		"quality":              "kind ref what since",
		"subscriber":           "email name lang timezone person clearance",
	}
	for name, columns := range want {
		sql := `select * from ` + name + `($1::timestamptz, $2::text)`
		if name == "subscriber" {
			sql = `select * from subscriber($1::text, $2::timestamptz)`
		}
		got, err := s.Describe(t.Context(), []store.Query{{Name: name, SQL: sql}})
		if err != nil {
			t.Fatal(err)
		}
		if c := strings.Join(got[0].Columns, " "); got[0].Err != nil || c != columns {
			t.Errorf("%s: %v\n got %s\nwant %s", name, got[0].Err, c, columns)
		}
	}
}

// reply rows: the seat's member, alternates by rank, delegates, staleness.
func TestReportReplies(t *testing.T) {
	tests := []struct {
		name    string
		replies string // values of (seat, person, answer, delegate, replied_on, revision)
		want    string // of seat s1: person answer stale
	}{
		{"nobody answered: the member", ``, "memb – –"},
		{"the last one counts", `(1,6,'tentative',null,'2026-11-01',1),(1,6,'accepted',null,'2026-11-02',1)`, "memb accepted false"},
		{"given before the last revision", `(1,6,'accepted',null,'2026-11-01',0)`, "memb accepted true"},
		{"given after the day", `(1,6,'accepted',null,'2026-11-24',1)`, "memb – –"},
		{"an alternate's unasked answer does not count", `(1,7,'accepted',null,'2026-11-01',1)`, "memb – –"},
		{"it counts when the member declined", `(1,7,'accepted',null,'2026-11-01',1),(1,6,'declined',null,'2026-11-02',1)`, "alt1 accepted false"},
		{"the highest-ranking who accepted", `(1,6,'declined',null,'2026-11-01',1),(1,8,'accepted',null,'2026-11-02',1),(1,7,'declined',null,'2026-11-03',1)`, "alt2 accepted false"},
		{"else the highest-ranking who answered", `(1,6,'declined',null,'2026-11-01',1),(1,8,'declined',null,'2026-11-02',1),(1,7,'tentative',null,'2026-11-03',1)`, "alt1 tentative false"},
		{"a delegate who has not answered", `(1,6,'delegated',8,'2026-11-01',1)`, "alt2 delegated false"},
		{"a delegate who accepted", `(1,6,'delegated',8,'2026-11-01',1),(1,8,'accepted',null,'2026-11-02',1)`, "alt2 accepted false"},
		{"a delegate who answered before the delegation", `(1,8,'accepted',null,'2026-10-31',1),(1,6,'delegated',8,'2026-11-01',1)`, "alt2 accepted false"},
		{"a delegate whose answer is stale is asked again", `(1,8,'accepted',null,'2026-10-31',0),(1,6,'delegated',8,'2026-11-01',1)`, "alt2 delegated false"},
		{"a delegate who declines gives the seat back", `(1,6,'delegated',8,'2026-11-01',1),(1,8,'declined',null,'2026-11-02',1)`, "memb – false"},
		{"a stale refusal calls no alternate", `(1,6,'declined',null,'2026-11-01',0),(1,7,'accepted',null,'2026-11-02',1)`, "memb declined true"},
		{"an alternate's stale answer does not count", `(1,6,'declined',null,'2026-11-01',1),(1,7,'accepted',null,'2026-11-02',0),(1,8,'tentative',null,'2026-11-02',1)`, "alt2 tentative false"},
		{"no chains of delegates", `(1,6,'declined',null,'2026-11-01',1),(1,7,'delegated',8,'2026-11-02',1)`, "memb declined false"},
		{"a stranger's reply counts for nothing", `(1,3,'accepted',null,'2026-11-01',1)`, "memb – –"},
	}
	s := storetest.New(t)
	setUp(t, s)
	for _, tt := range tests {
		storetest.Exec(t, s, `delete from reply`)
		if tt.replies != "" {
			storetest.Exec(t, s, `insert into reply (session_id, seat_id, person_id, answer, delegate_id, replied_on, revision, replied_at, via)
				select 2, v.a, v.b, v.c, v.d::bigint, v.e::date, v.f, v.e::timestamptz, 'file' from (values `+tt.replies+`) v (a, b, c, d, e, f)`)
		}
		reading(t, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
			got := read(store.Query{SQL: `select person, answer, stale from session_reply($1::timestamptz, 'public') where session = 'REC-2' and seat = 's1'`, Args: []any{asOf}})
			if got.Err != nil || show(got) != tt.want {
				t.Errorf("%s: %s (%v), want %s", tt.name, show(got), got.Err, tt.want)
			}
		})
	}
}

// BenchmarkReport measures the functions that reports read most on ten thousand activities.
func BenchmarkReport(b *testing.B) {
	s := storetest.New(b)
	setUp(b, s)
	storetest.Exec(b, s, `
		insert into activity (ref, title, area_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on, percent, confidentiality)
		select 'many-' || n, jsonb_build_object('en', 'Activity ' || n), 1 + n % 2, 'research', 1, 2, 'implementation', '2026-01-01', date '2026-06-01' + n % 400, date '2026-06-01' + n % 300, n % 100, 'public'
		from   generate_series(1, 10000) n;
		insert into activity_update (activity_id, updated_on, percent, note, by_id)
		select a.id, date '2026-01-15' + 60 * n, n * 20, '{"en": "Went on"}', 2 from activity a, generate_series(1, 4) n where a.ref like 'many-%';
		analyze activity; analyze activity_update`)
	for _, function := range []string{"activity", "area_progress", "milestone", "quality"} {
		b.Run(function, func(b *testing.B) {
			reading(b, s, store.SnapshotOptions{}, func(read func(store.Query) store.Rows) {
				for b.Loop() {
					if got := read(store.Query{SQL: `select * from ` + function + `($1::timestamptz, 'public')`, Args: []any{asOf}}); got.Err != nil {
						b.Fatal(got.Err)
					}
				}
			})
		})
	}
}
