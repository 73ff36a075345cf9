package file

import (
	"strings"
	"testing"
	"testing/fstest"

	"secretariat/programme"
)

const ruleSet = `title: {en: Body, fr: Organe, es: Órgano, ru: Орган, uz: Organ, ar: هيئة, zh: 机构}
rules:
  - ref: notice
    title: {en: Notice given, fr: Avis, es: Aviso, ru: Уведомление, uz: Xabarnoma, ar: إشعار, zh: 通知}
    before: opening
    by: P90D
    roll: earlier
    duty_of: secretary
    hard: true
    source: Rule I
  - {ref: minutes, title: {en: Minutes}, after: closing, by: P2W, roll: later, duty_of: secretary, hard: false, source: Rule II}
`

// used reads testdata/small.yaml with other rules of its council.
func used(t *testing.T, timetable string) (*Document, error) {
	t.Helper()
	sets, err := LoadTimetables(fstest.MapFS{"body.yaml": {Data: []byte(ruleSet)}})
	if err != nil {
		t.Fatal(err)
	}
	text := small(t)
	from := strings.Index(text, "    timetable:\n")
	to := strings.Index(text, "    reminders:\n")
	if from < 0 || to < from {
		t.Fatal("small.yaml has no timetable before its reminders")
	}
	return ReadWith(With{Timetables: sets}, Source{"f.yaml", []byte(text[:from] + "    timetable: " + timetable + "\n" + text[to:])})
}

// A council takes over a set of rules by name, in the languages of its programme, with rules of its own beside or instead of it.
func TestUseTimetable(t *testing.T) {
	for _, c := range []struct{ why, timetable, want string }{
		{"as it is", "[{use: body}]", "notice P90D Notice given/Уведомление · minutes P2W Minutes/"},
		{"without one", "[{use: body, without: [minutes]}]", "notice P90D Notice given/Уведомление"},
		{"beside one", "[{use: body, without: [minutes]}, {ref: papers, title: Papers, before: notice, by: P3D, roll: none, duty_of: chair, hard: false}]",
			"notice P90D Notice given/Уведомление · papers P3D Papers/"},
		{"instead of one", "[{use: body}, {ref: notice, title: Ours, before: opening, by: P30D, roll: none, duty_of: chair, hard: false}]", "minutes P2W Minutes/ · notice P30D Ours/"},
	} {
		doc, err := used(t, c.timetable)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		var got []string
		for _, r := range doc.Programme.Councils[0].Timetable {
			got = append(got, r.Ref+" "+string(r.By)+" "+r.Title["en"]+"/"+r.Title["ru"])
			if len(r.Title) > 2 {
				t.Errorf("%s: a title in languages that the programme does not have: %v", c.why, r.Title)
			}
		}
		if s := strings.Join(got, " · "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.why, s, c.want)
		}
	}
}

// What is wrong with the taking over is told at its place.
func TestUseTimetableFaults(t *testing.T) {
	for _, c := range []struct{ why, timetable, want string }{
		{"no such set", "[{use: boddy}]", `f.yaml:59:23: use "boddy": no timetable has this name; did you mean "body"?`},
		{"no such rule", "[{use: body, without: [notise]}]", `f.yaml:59:38: without "notise": timetable body has no such rule; did you mean "notice"?`},
		{"another key", "[{use: body, by: P3D}]", `f.yaml:59:29: unknown key "by" in timetable`},
		{"twice", "[{use: body}, {use: body}]", `ref "notice" is used twice`},
		{"an anchor that is left out", "[{use: body, without: [minutes]}, {ref: x, title: X, after: minutes, by: P3D, roll: none, duty_of: chair, hard: false}]", `after "minutes": neither opening`},
	} {
		doc, err := used(t, c.timetable)
		if err == nil {
			err = doc.Check(programme.Merge(programme.Programme{}, doc.Programme))
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.why, err, c.want)
		}
	}
}

// A set that cannot be read is told by file, line and column; the operator's folder replaces by name.
func TestLoadTimetables(t *testing.T) {
	_, err := LoadTimetables(fstest.MapFS{"body.yaml": {Data: []byte(strings.Replace(ruleSet, "roll: earlier", "roll: erlier", 1) + "colour: red\n")}, "none.yaml": {Data: []byte("\n")}})
	for _, want := range []string{`timetables/body.yaml:7:11: roll "erlier" is not one of none, earlier, later`, `timetables/body.yaml:12:1: unknown key "colour"`, "timetables/none.yaml:1:1: no timetable"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	sets, err := LoadTimetables(fstest.MapFS{"a.yaml": {Data: []byte(ruleSet)}, "b.yaml": {Data: []byte(ruleSet)}},
		fstest.MapFS{"b.yaml": {Data: []byte(strings.Replace(ruleSet, "P90D", "P10D", 1))}})
	if err != nil || strings.Join(sets.Names(), " ") != "a b" || sets["a"].Rules[0].By != "P90D" || sets["b"].Rules[0].By != "P10D" {
		t.Errorf("%+v, %v", sets, err)
	}
}

// Where the programme's first language is none of ours, English stands for it.
func TestSpoken(t *testing.T) {
	text := programme.Text{"en": "Notice", "fr": "Avis", "ru": "Уведомление"}
	for _, c := range []struct {
		languages []string
		want      string
	}{{[]string{"de", "ru"}, "de Notice ru Уведомление"}, {[]string{"ru"}, "ru Уведомление"}, {[]string{"fr", "de"}, "fr Avis"}} {
		r := &reader{languages: c.languages}
		var got []string
		spoken := r.spoken(text)
		for _, language := range c.languages {
			if words, ok := spoken[language]; ok {
				got = append(got, language+" "+words)
			}
		}
		if s := strings.Join(got, " "); s != c.want || len(spoken) != len(got) {
			t.Errorf("%v: got %v, want %s", c.languages, spoken, c.want)
		}
	}
}
