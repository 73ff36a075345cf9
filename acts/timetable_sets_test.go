package acts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/programme/file"
	"secretariat/templates"
)

func timetableSets(t *testing.T) file.Timetables {
	t.Helper()
	sets, err := file.LoadTimetables(templates.Timetables())
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// What comes with the program speaks all languages, names its sources and can be resolved.
func TestTimetableSetsAreWhole(t *testing.T) {
	for name, set := range timetableSets(t) {
		whole := func(where string, text programme.Text) {
			if len(text) > 0 && len(text) != len(locale.Languages) {
				t.Errorf("%s: %s is in %d languages, want %d", name, where, len(text), len(locale.Languages))
			}
		}
		whole("its title", set.Title)
		if len(set.Title) == 0 || len(set.Rules) == 0 {
			t.Errorf("%s has no title or no rules", name)
		}
		if err := meetings.CheckTimetable(set.Rules); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range set.Rules {
			whole(r.Ref, r.Title)
			whole("the consequence of "+r.Ref, r.Consequence)
			house := name == "expert-council" && slices.Contains([]string{"replies", "actions-assigned"}, r.Ref)
			if (r.Source == "") != house {
				t.Errorf("%s: rule %s has the source %q", name, r.Ref, r.Source)
			}
		}
	}
}

// The days of each set for a session on Tuesday 18 and Wednesday 19 May 2027 in Tashkent, 10:00 to 17:00, counted by hand in a
// calendar on paper. Days off are Saturdays, Sundays, 8 March, 22 March (Navruz is on a Sunday) and 10 May.
func TestTimetableSetsByHand(t *testing.T) {
	want := map[string]string{
		// 18 May less 60 days is Friday 19 March; less 30 is Sunday 18 April, so the Friday before; less 20 is Wednesday 28 April.
		"un-general-assembly": "provisional-agenda 2027-03-19 · supplementary-items 2027-04-16 · supplementary-list 2027-04-28",
		// Ten Tuesdays before is 9 March, six Tuesdays 6 April.
		"ecosoc-commission": "documents-submitted 2027-03-09 · notice 2027-04-06 · provisional-agenda 2027-04-06 · documents-issued 2027-04-06",
		"fao":               "notice 2027-02-17", // 18 days to 30 April, 30 to 31 March, 31 to 28 February, 11 more: Wednesday the 17th
		"fao-special":       "notice 2027-04-16",
		// 20 April to 17 May are 28 days, none of them counted as the first or the last: Monday 19 April.
		"uk-clear-days": "forward-plan 2027-04-19",
		"eca-1984":      "items-proposed 2027-03-09 · papers-sent 2027-03-23 · papers-received 2027-04-06",
		// Twelve hours before ten o'clock is the evening before.
		"oas-general-assembly": "proposals-in-languages 2027-05-17",
		// Working days before: 17, 14, 13 and 12 May. Two weeks after Wednesday 19 May is 2 June.
		"its-committee": "papers 2027-05-12 · minutes 2027-06-02",
		// Five working days after Monday 19 April: 20, 21, 22, 23 and Monday 26. Three after 19 May: 20, 21 and Monday 24.
		// Ten after Wednesday 2 June: 3, 4, 7 to 11, 14, 15, 16.
		"expert-council": "date-and-place 2027-02-17 · call-for-items 2027-03-09 · documents-submitted 2027-03-09 · notice 2027-04-06 · provisional-agenda 2027-04-06 · " +
			"supplementary-items 2027-04-16 · documents-issued 2027-04-19 · nominations 2027-04-19 · visa-letters 2027-04-26 · replies 2027-05-04 · late-papers 2027-05-12 · " +
			"proposals-in-languages 2027-05-17 · actions-assigned 2027-05-24 · draft-record 2027-06-02 · corrections 2027-06-16",
	}
	sets := timetableSets(t)
	if len(sets) != len(want) {
		t.Errorf("%d sets, %d are checked: %v", len(sets), len(want), sets.Names())
	}
	off := calendar.Holidays{}
	for _, day := range []programme.Date{programme.NewDate(2027, 3, 8), programme.NewDate(2027, 3, 22), programme.NewDate(2027, 5, 10)} {
		off.Off = append(off.Off, day.Time())
	}
	for name, days := range want {
		m := &meetings.Meeting{Council: programme.Council{Ref: "C", Timezone: "Asia/Tashkent", Calendar: "UZ", Timetable: sets[name].Rules},
			Session:  programme.Session{Ref: "S", State: meetings.Draft, OpensAt: when(t, "2027-05-18T10:00:00+05:00"), ClosesAt: when(t, "2027-05-19T17:00:00+05:00")},
			Holidays: map[string]calendar.Holidays{"UZ": off}}
		lines, err := m.Timetable(time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, l := range lines {
			got = append(got, l.Rule.Ref+" "+l.DueOn.String())
		}
		if s := strings.Join(got, " · "); s != days {
			t.Errorf("%s:\ngot  %s\nwant %s", name, s, days)
		}
	}
}

// The set of the sample's council has the rules of the sample.
func TestTimetableSetOfTheSample(t *testing.T) {
	set := timetableSets(t)["expert-council"].Rules
	for _, c := range sampleProgramme(t).Councils {
		if c.Ref != "REC" {
			continue
		}
		if len(c.Timetable) != len(set) {
			t.Fatalf("%d rules, the sample has %d", len(set), len(c.Timetable))
		}
		for i, want := range c.Timetable {
			got := set[i]
			got.Title, got.Consequence, want.Title, want.Consequence = nil, nil, nil, nil
			if got.Ref != want.Ref || got.By != want.By || got.Before+got.After != want.Before+want.After || got.Roll != want.Roll || got.DutyOf != want.DutyOf ||
				got.Hard != want.Hard || got.DoneWhen != want.DoneWhen || got.Source != want.Source {
				t.Errorf("rule %d: %+v, the sample has %+v", i, got, want)
			}
		}
	}
}

// A file that takes rules over is applied, exported with the rules themselves, and applied again without a change.
func TestApplyUsedTimetable(t *testing.T) {
	d := newBureau(t)
	d.Timetables = timetableSets(t)
	d.applied(sampleText(t), ApplyRequest{})
	text := header(t) + "councils:\n" + strings.Replace(anotherCouncil("X-NEW-1"), "timetable: []", "timetable: [{use: fao}, {use: its-committee, without: [papers]}]", 1)
	if result := d.applied(text, ApplyRequest{}); len(result.Plan.Changes) == 0 {
		t.Fatal("nothing was created")
	}
	if result := d.applied(text, ApplyRequest{}); !result.Plan.Empty() {
		t.Errorf("applied twice: %v", changeLines(result.Plan))
	}
	p, err := d.Export(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Councils {
		if c.Ref == "X-OTHER" && (len(c.Timetable) != 2 || c.Timetable[0].Title["ru"] != "Уведомление о дате и месте" || c.Timetable[1].Ref != "minutes") {
			t.Errorf("exported: %+v", c.Timetable)
		}
	}
	if got := d.line("X-NEW-1", "notice").DueOn.String(); got != "2026-12-02" {
		t.Errorf("ninety days before 2 March 2027 is %s, want 2026-12-02", got)
	}
}
