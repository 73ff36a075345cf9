package file

import (
	"os"
	"strings"
	"testing"

	"secretariat/programme"
)

func small(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// faultsOf reads a text and checks it alone, as an application to an empty database does.
func faultsOf(text string) string {
	doc, err := Read([]string{"weekly-progress"}, Source{"f.yaml", []byte(text)})
	if err == nil {
		err = doc.Check(programme.Merge(programme.Programme{}, doc.Programme))
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestSmallProgrammeHasNoFault(t *testing.T) {
	if got := faultsOf(small(t)); got != "" {
		t.Error(got)
	}
}

// Each row changes one place of testdata/small.yaml; the position is that of the value at fault, of the key when the key is
// at fault, of the object when a key is missing.
func TestFaults(t *testing.T) {
	for _, row := range []struct{ name, old, new, want string }{
		{"unknown key", "title: Course", "titel: Course",
			"f.yaml:21:5: missing key \"title\" in activities\nf.yaml:22:5: unknown key \"titel\" in activities; did you mean \"title\"?"},
		{"unknown key without a near one", "percent: 40\n    rev", "percent: 40\n    colour: red\n    rev",
			`f.yaml:31:5: unknown key "colour" in activities; known are ref, title, area, result, kind, lead, focal_point, status, starts_on, due_on, original_due_on, closed_on, percent, country, confidentiality, revisions, milestones, updates, source`},
		{"unknown list", "pillars:\n", "pilars:\n",
			`f.yaml:10:1: unknown key "pilars"; did you mean "pillars"?`},
		{"duplicate key", "    percent: 40\n", "    percent: 40\n    percent: 41\n",
			`f.yaml:31:5: key "percent" stands in line 30 already`},
		{"missing key", "    due_on: 2026-06-30\n", "",
			`f.yaml:21:5: missing key "due_on" in activities`},
		{"missing key in flow", ", kind: donor", "",
			`f.yaml:3:5: missing key "kind" in organisations`},
		{"wrong kind: map for word", "kind: donor", "kind: {a: b}",
			"f.yaml:3:46: kind is a map, not a single value"},
		{"wrong kind: word for list", "roles: [officer]", "roles: officer",
			`f.yaml:5:116: roles is the text "officer", not a list`},
		{"wrong kind: list for object", "mandate: {title: Founded}", "mandate: [a]",
			"f.yaml:52:14: mandate is a list, not a map of keys"},
		{"enum", "kind: training", "kind: trainning",
			`f.yaml:24:11: kind "trainning" is not one of joint-project, research, training, workshop, conference, briefing, publication, assessment; did you mean "training"?`},
		{"enum without a near one", "direction: up", "direction: sideways",
			`f.yaml:18:69: direction "sideways" is not one of up, down`},
		{"boolean in quotes", "voting: true", `voting: "true"`,
			`f.yaml:54:41: voting is the text "true", not true or false`},
		{"yes is no boolean", "hard: true", "hard: yes",
			`f.yaml:60:105: hard is the text "yes", not true or false`},
		{"boolean for text", "name: Ann", "name: true",
			"f.yaml:5:22: name is the boolean true, not a text; put it in quotes if you mean the word"},
		{"number with underscore", "percent: 40\n    rev", "percent: 4_0\n    rev",
			`f.yaml:30:14: percent is the number "4_0", not a whole number`},
		{"number in quotes", "number: 1, title: Opening", `number: "1", title: Opening`,
			`f.yaml:76:31: number is the text "1", not a whole number`},
		{"decimal number", "target: 10.50", "target: 1e3",
			`f.yaml:19:59: target "1e3" is not a decimal number such as 450000.00 (at most 16 digits before and 4 after the point)`},
		{"too many decimals", "target: 10.50", "target: 0.00001",
			`f.yaml:19:59: target "0.00001" is not a decimal number such as 450000.00 (at most 16 digits before and 4 after the point)`},
		{"date that does not exist", "due_on: 2026-06-30", "due_on: 2026-06-31",
			`f.yaml:29:13: due_on "2026-06-31" is not a date such as 2026-11-23`},
		{"date in another order", "started_on: 2026-01-05", "started_on: 05.01.2026",
			`f.yaml:1:113: started_on "05.01.2026" is not a date such as 2026-11-23`},
		{"year out of range", "due_on: 2026-06-30", "due_on: 20260-06-30",
			`f.yaml:29:13: due_on "20260-06-30" is not a date such as 2026-11-23`},
		{"moment", "opens_at: 2026-06-02T10:00", "opens_at: 2026-06-02 10:00",
			`f.yaml:72:19: opens_at "2026-06-02 10:00" is not a moment such as 2026-12-14T10:00 or 2026-12-14T10:00+05:00`},
		{"spring gap", "opens_at: 2026-06-02T10:00", "opens_at: 2026-03-29T02:30",
			"f.yaml:72:19: opens_at 2026-03-29T02:30 does not exist in Europe/Berlin: the clocks go forward from +01:00 to +02:00; write another time, or one with its offset"},
		{"repeated hour", "starts_at: 2026-05-01T10:00", "starts_at: 2026-10-25T02:30",
			"f.yaml:41:53: starts_at 2026-10-25T02:30 comes twice in Europe/Berlin, when the clocks go back: write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"},
		{"first language missing", "{en: Memorandum, ru: Меморандум}", "{ru: Меморандум}",
			"f.yaml:8:40: title has no text in en, the first language of the programme"},
		{"language of another programme", "{en: Memorandum, ru: Меморандум}", "{en: Memorandum, de: Vereinbarung}",
			`f.yaml:8:57: title: language "de" is not one of the programme's (en, ru)`},
		{"text empty", "note: Going on", `note: ""`,
			"f.yaml:36:47: note is empty"},
		{"key that YAML 1.1 reads as boolean", "{en: Memorandum, ru: Меморандум}", "{en: Memorandum, no: Avtale}",
			"f.yaml:8:57: key no: YAML 1.1 reads it as a boolean; put it in quotes if you mean the word"},
		{"column counts characters", "kind: donor, country: DE", "kind: donor, country: Deutschland",
			`f.yaml:3:62: country "Deutschland" is not a country code of two capital letters such as UZ`},
		{"unknown ref", "focal_point: ann", "focal_point: anne",
			`f.yaml:26:18: focal_point "anne": nothing in people has this ref; did you mean "ann"?`},
		{"unknown ref without a near one", "lead: ORG", "lead: NOBODY-AT-ALL",
			`f.yaml:25:11: lead "NOBODY-AT-ALL": nothing in organisations has this ref`},
		{"unknown ref in a list", "pillars: [I]", "pillars: [I, II]",
			`f.yaml:13:58: pillars "II": nothing in pillars has this ref; did you mean "I"?`},
		{"document of another session", "documents: [D1]", "documents: [D2]",
			`f.yaml:76:97: documents "D2": nothing in documents has this ref; did you mean "D1"?`},
		{"ref with a space", "{ref: I, title: First}", "{ref: I I, title: First}",
			"f.yaml:11:11: ref \"I I\" may hold the letters A to Z and a to z, digits, - _ and . only\nf.yaml:13:55: pillars \"I\": nothing in pillars has this ref"},
		{"ref twice", "  - {ref: bob, name: Bob", "  - {ref: ann, name: Bob",
			"f.yaml:6:11: ref \"ann\" is used twice in people\nf.yaml:54:73: alternates \"bob\": nothing in people has this ref\nf.yaml:80:84: delegate \"bob\": nothing in people has this ref\nf.yaml:85:40: people \"bob\": nothing in people has this ref"},
		{"circle of one", "title: One, area: AREA", "title: One, area: AREA, parent: R1",
			"f.yaml:15:63: parent runs in a circle: R1 → R1"},
		{"circle of two", "title: One, area: AREA", "title: One, area: AREA, parent: R2",
			"f.yaml:15:63: parent runs in a circle: R1 → R2 → R1"},
		{"circle of agreements", "title: {en: Memorandum, ru: Меморандум}", "title: M, implements: AG2",
			"f.yaml:8:55: implements runs in a circle: AG → AG2 → AG"},
		{"circle of anchors", "before: opening, by: P6W", "after: papers, by: P6W",
			"f.yaml:60:9: before/after runs in a circle: notice → papers → notice"},
		{"anchor unknown", "after: notice", "after: notise",
			`f.yaml:61:45: after "notise": neither opening nor closing nor the ref of a timetable rule; did you mean "notice"?`},
		{"before and after", "before: opening, by: P6W", "before: opening, after: closing, by: P6W",
			"f.yaml:60:62: a rule has before or after, not both"},
		{"reserved ref", "{ref: notice, title: Notice, before: opening", "{ref: opening, title: Notice, before: opening",
			"f.yaml:60:9: before/after runs in a circle: opening → opening\nf.yaml:60:15: ref \"opening\" is reserved: rules count from it\nf.yaml:61:45: after \"notice\": neither opening nor closing nor the ref of a timetable rule"},
		{"reminder with the ref of a timetable rule", "{ref: soon", "{ref: papers",
			`f.yaml:63:15: ref "papers" is used in timetable too: rules of a council share one set of refs`},
		{"action-owner without action item", "to: all-invited", "to: action-owner",
			"f.yaml:63:64: to action-owner, but the rule counts from opening: only action-due has an owner"},
		{"end before start", "starts_on: 2026-02-01", "starts_on: 2026-08-01",
			"f.yaml:29:13: due_on 2026-06-30 is before starts_on 2026-08-01"},
		{"agreement ends before it begins", "valid_until: 2027-01-01", "valid_until: 2025-01-01",
			"f.yaml:8:127: valid_until 2025-01-01 is before valid_from 2026-01-01"},
		{"session ends before it begins", "closes_at: 2026-06-02T12:00", "closes_at: 2026-06-02T09:00",
			"f.yaml:73:20: closes_at is not after opens_at"},
		{"closed without a day", "status: implementation", "status: closed",
			"f.yaml:27:13: status closed, but closed_on is missing"},
		{"day of closing, not closed", "    percent: 40\n    rev", "    percent: 40\n    closed_on: 2026-05-01\n    rev",
			"f.yaml:31:16: closed_on 2026-05-01, but status is implementation: only a closed activity has closed_on"},
		{"revisions do not end at due_on", "due_on: 2026-06-30", "due_on: 2026-07-31",
			"f.yaml:29:13: due_on is 2026-07-31, but the last revision is to 2026-06-30"},
		{"first due date is not the first revision's", "    percent: 40\n    rev", "    percent: 40\n    original_due_on: 2026-04-30\n    rev",
			"f.yaml:33:34: the first revision is from 2026-05-31, but original_due_on is 2026-04-30"},
		{"percent out of range", "percent: 40, note", "percent: 140, note",
			"f.yaml:36:37: percent 140 is not between 0 and 100"},
		{"address", "email: ann@org.example", "email: ann@@org.example",
			`f.yaml:5:53: email "ann@@org.example" is not an address such as name@example.org`},
		{"address without name", "email: ann@org.example", `email: "@org.example"`,
			`f.yaml:5:53: email "@org.example" is not an address such as name@example.org`},
		{"address with a line break", "email: ann@org.example", `email: "ann@org.example\r\nBcc: x@y.z"`,
			"f.yaml:5:53: email holds U+000D, which is not allowed"},
		{"fixed offset as zone", "language: ru, timezone: Asia/Tashkent", "language: ru, timezone: UTC+5",
			`f.yaml:6:94: timezone "UTC+5": not known: fixed offsets are not zones; use a name of the IANA time zone database, e.g. Asia/Tashkent, Asia/Almaty or Asia/Dushanbe`},
		{"fixed offset by a name of the database", "language: ru, timezone: Asia/Tashkent", "language: ru, timezone: Etc/GMT-5",
			`f.yaml:6:94: timezone "Etc/GMT-5": not known: fixed offsets are not zones; use a name of the IANA time zone database, e.g. Asia/Tashkent, Asia/Almaty or Asia/Dushanbe`},
		{"zone in lower case", "language: ru, timezone: Asia/Tashkent", "language: ru, timezone: asia/tashkent",
			`f.yaml:6:94: timezone "asia/tashkent": not known: did you mean Asia/Tashkent?`},
		{"grace that outlasts the deadline", "timezone: Europe/Berlin}", "timezone: Europe/Berlin, grace: P7D}",
			"f.yaml:87:92: grace: P7D is longer than the deadline, P6D: write a shorter grace or a longer deadline"},
		{"deadline shorter than the grace that goes without saying", "timezone: Europe/Berlin}", "timezone: Europe/Berlin, deadline: PT30M}",
			"f.yaml:87:5: grace: PT1H is longer than the deadline, PT30M: write a shorter grace or a longer deadline"},
		{"jitter of a day", "timezone: Europe/Berlin}", "timezone: Europe/Berlin, jitter: P1D}",
			"f.yaml:87:93: jitter: P1D is not shorter than a day"},
		{"jitter as long as the time between two fires", `"0 9 * * MON", timezone: Europe/Berlin}`, `"*/30 9 * * MON", timezone: Europe/Berlin, jitter: PT30M}`,
			"f.yaml:87:96: jitter: PT30M is not shorter than the shortest time between two fires, 30m0s"},
		{"zone unknown", "language: ru, timezone: Asia/Tashkent", "language: ru, timezone: Mars/Base",
			`f.yaml:6:94: timezone "Mars/Base": not known: a name of the IANA time zone database, e.g. Asia/Tashkent, Europe/Vienna or UTC`},
		{"weekend day", "roles: [officer]}", "roles: [officer], weekend: [friday]}",
			`f.yaml:5:137: weekend "friday" is not one of mon, tue, wed, thu, fri, sat, sun`},
		{"work hours", "roles: [officer]}", `roles: [officer], work_hours: "18:00-09:00"}`,
			`f.yaml:5:139: work_hours "18:00-09:00" is not a span of one day such as "09:00-18:00"`},
		{"country", "calendar: DE\n    off", "calendar: DE\n    host: DE\n    off",
			`f.yaml:49:11: host "DE": nothing in organisations has this ref`},
		{"currency", "currency: EUR, pledged", "currency: euro, pledged",
			`f.yaml:38:85: currency "euro" is not a code of three capital letters such as USD`},
		{"fraction", `fraction: "1/3"`, `fraction: "3/2"`,
			`f.yaml:58:35: fraction "3/2" is not a share of at most the whole such as "1/3"`},
		{"months have no length", "by: P6W", "by: P2M",
			`f.yaml:60:59: by: length of time "P2M": years and months are not supported, as their length varies; use days or weeks; e.g. P14D, P10W, PT72H, P1DT12H, "28 clear days", "4 working days"`},
		{"working days of a reminder", "by: P3D", `by: "3 working days"`,
			"f.yaml:63:55: by: clear and working days are for timetables; write a duration such as P14D or PT2H"},
		{"length of time", "lasts: PT2H", "lasts: two hours",
			`f.yaml:65:85: lasts: length of time "two hours": is neither an ISO 8601 duration nor a number of clear or working days; e.g. P14D, P10W, PT72H, P1DT12H, "28 clear days", "4 working days"`},
		{"rule of a series", "rule: first tuesday of every quarter", "rule: sometimes",
			`f.yaml:65:24: rule: rule "sometimes": "sometimes" is none of first, second, third, fourth, fifth, last, day, every; e.g. "first tuesday of every quarter", "last working day of the month", "day 15 of every month", "every 6 weeks"`},
		{"delegate is no alternate", "delegate: bob", "delegate: ann",
			`f.yaml:80:84: delegate "ann" is no alternate of seat S1 (bob)`},
		{"delegated to nobody", ", delegate: bob", "",
			"f.yaml:80:45: answer delegated, but delegate is missing"},
		{"seat unknown", "{seat: S1, person: ann", "{seat: S9, person: ann",
			`f.yaml:80:20: seat "S9": nothing in seats has this ref; did you mean "S1"?`},
		{"alternate is the member", "alternates: [bob]", "alternates: [ann]",
			"f.yaml:54:72: ann is the member of the seat and cannot be an alternate of it\nf.yaml:80:84: delegate \"bob\" is no alternate of seat S1 (ann)"},
		{"spec with four fields", `spec: "0 9 * * MON"`, `spec: "0 9 * *"`,
			`f.yaml:87:45: spec: schedule "0 9 * *": 4 fields, need 5 (minute hour day-of-month month day-of-week); e.g. "0 9 * * MON" for Mondays at 9:00`},
		{"spec that never fires", `spec: "0 9 * * MON"`, `spec: "0 0 31 2 *"`,
			`f.yaml:87:45: spec: schedule "0 0 31 2 *": never fires: no such date within five years; give a date that exists, e.g. "0 9 1 3 *"`},
		{"report unknown", "{report: weekly-progress, role", "{report: weakly-progress, role",
			`f.yaml:84:14: report "weakly-progress" is not known; did you mean "weekly-progress"?`},
		{"people and a role", "role: officer}", "role: officer, people: [ann]}",
			"f.yaml:84:37: a subscription has people or a role, not both"},
		{"report and task", "report: weekly-progress, spec", "report: weekly-progress, task: reminders, spec",
			"f.yaml:87:45: a schedule runs a report or a task, not both"},
		{"holiday twice", "subscriptions:\n", "  - {calendar: DE, date: 2026-05-01, name: Again, status: announced}\nsubscriptions:\n",
			"f.yaml:83:5: holidays DE 2026-05-01 stands twice"},
		{"alias", "lead: ORG", "lead: *org",
			"f.yaml:25:11: aliases (*) are not allowed: write the value where it is needed"},
		{"anchor", "lead: ORG", "lead: &org ORG",
			"f.yaml:25:11: anchors (&) are not allowed: write the value where it is needed"},
		{"tag", "lead: ORG", "lead: !!str ORG",
			"f.yaml:25:11: tags (!) are not allowed: put a text that begins with ! in quotes"},
		{"merge key", "    lead: ORG\n", "    lead: ORG\n    <<: {percent: 3}\n",
			"f.yaml:26:5: merge keys (<<) are not allowed: write the values where they are needed"},
		{"tab", "    lead: ORG", "\tlead: ORG",
			"f.yaml:25:1: a tab: indent with spaces"},
		{"bracket open", "pillars: [I]", "pillars: [I",
			"f.yaml:13:56: not YAML: ',' or ']' must be specified"},
		{"quote open", `period: "2026"`, `period: "2026`,
			"f.yaml:58:36: not YAML: ',' or '}' must be specified"},
		{"second document", "people:\n", "---\npeople:\n",
			"f.yaml:5:1: a second document: a file holds one; give the other as a file of its own"},
		{"control character in quotes", "name: Ann", `name: "A\u0000nn"`,
			"f.yaml:5:22: name holds U+0000, which is not allowed"},
		{"direction override", "name: Ann", "name: A\u202enn",
			"f.yaml:5:23: U+202E, a mark that turns the direction of writing around, is not allowed"},
		{"value too long", "name: Ann", "name: " + strings.Repeat("x", 1001),
			"f.yaml:5:22: name has 1001 characters, more than 1000"},
		{"two faults in order", "title: Course\n    area: AREA\n    kind: training", "titel: Course\n    area: AREAS\n    kind: x",
			"f.yaml:21:5: missing key \"title\" in activities\nf.yaml:22:5: unknown key \"titel\" in activities; did you mean \"title\"?\nf.yaml:23:11: area \"AREAS\": nothing in areas has this ref; did you mean \"AREA\"?\nf.yaml:24:11: kind \"x\" is not one of joint-project, research, training, workshop, conference, briefing, publication, assessment"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := small(t)
			if strings.Count(text, row.old) != 1 {
				t.Fatalf("%q stands %d times in the file", row.old, strings.Count(text, row.old))
			}
			if got := faultsOf(strings.Replace(text, row.old, row.new, 1)); got != row.want {
				t.Errorf("\ngot  %s\nwant %s", got, row.want)
			}
		})
	}
}
