package programme

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func day(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// before is a programme with one of each kind of thing that plans treat in their own way.
func before() Programme {
	opens := time.Date(2026, 12, 7, 5, 0, 0, 0, time.UTC)
	return Programme{
		Info:          Info{Code: "P", Title: Text{"en": "Programme"}, Timezone: "Asia/Tashkent", Languages: []string{"en", "ru"}, Currency: "USD", StartedOn: day("2026-01-01")},
		Organisations: []Organisation{{Ref: "ORG", Name: Text{"en": "Organisation", "ru": "Организация"}, Kind: "donor"}, {Ref: "OLD", Name: Text{"en": "Old"}, Kind: "donor"}},
		People:        []Person{{Ref: "ann", Name: "Ann", Organisation: "ORG", Roles: []string{"officer"}}},
		Activities: []Activity{{Ref: "A-1", Title: Text{"en": "Course"}, DueOn: day("2026-11-30"), Percent: 40,
			Milestones: []Milestone{{Ref: "A-1-M1", Title: Text{"en": "Half"}, DueOn: day("2026-10-01")}},
			Updates:    []Update{{Date: day("2026-10-05"), Percent: 40, Note: Text{"en": "Going on"}, By: "ann"}}}},
		Contributions: []Contribution{{Ref: "C-1", Title: Text{"en": "Gift"}, Transactions: []Transaction{{Kind: "pledge", Date: day("2026-01-10"), Amount: "100"}},
			Budget: []BudgetLine{{Area: "AREA", Period: "2026", Amount: "50"}}}},
		Councils: []Council{{Ref: "CO", Name: Text{"en": "Council"}, Timezone: "Europe/Berlin", Seats: []Seat{{Ref: "S-1", Label: Text{"en": "First"}, Member: "ann"}},
			Sessions: []Session{{Ref: "CO-1", Title: Text{"en": "First session"}, State: "confirmed", OpensAt: opens, ClosesAt: opens.Add(time.Hour),
				Agenda:  []AgendaItem{{Ref: "P-1", Title: Text{"en": "Opening"}, Minutes: 10}},
				Replies: []Reply{{Seat: "S-1", Person: "ann", Answer: "accepted", Date: day("2026-11-01")}}}}}},
		Subscriptions: []Subscription{{Report: "weekly", Role: "officer"}, {Report: "weekly", People: []string{"ann"}}},
	}
}

// Each row edits what a file says; the file is then merged with what there is and compared.
func TestPlanOfAFile(t *testing.T) {
	for _, row := range []struct {
		name string
		edit func(p *Programme)
		want []string
	}{
		{"nothing new", func(*Programme) {}, []string{"= 10 unchanged"}},
		{"a field", func(p *Programme) { p.Activities[0].DueOn = day("2026-12-20") }, []string{"~ update activity A-1 due_on: 2026-11-30 → 2026-12-20", "= 9 unchanged"}},
		{"a field that is no longer there", func(p *Programme) { p.Organisations[0].Name = Text{"en": "Organisation"} },
			[]string{"~ update organisation ORG name.ru: Организация → –", "= 9 unchanged"}},
		{"a new object", func(p *Programme) { p.Pillars = []Pillar{{Ref: "I", Title: Text{"ru": "Первый", "en": "First"}}} },
			[]string{"+ create pillar I First", "= 10 unchanged"}},
		{"an object that the file lacks", func(p *Programme) { p.Organisations = p.Organisations[:1] }, []string{"= 9 unchanged", "= 1 not in the file"}},
		{"a part by its ref", func(p *Programme) { p.Activities[0].Milestones[0].MetOn = day("2026-10-02") },
			[]string{"~ update activity A-1 milestones[A-1-M1].met_on: – → 2026-10-02", "= 9 unchanged"}},
		{"a new update", func(p *Programme) {
			p.Activities[0].Updates = []Update{{Date: day("2026-11-05"), Percent: 60, Note: Text{"en": "Nearly"}, By: "ann"}}
		}, []string{"~ update activity A-1 updates[2026-11-05 ann]: – → Nearly", "= 9 unchanged", "= 1 not in the file"}},
		{"a corrected amount is no second transaction", func(p *Programme) { p.Contributions[0].Transactions[0].Amount = "120" },
			[]string{"~ update contribution C-1 transactions[pledge 2026-01-10].amount: 100 → 120", "= 9 unchanged"}},
		{"a budget is as the file says", func(p *Programme) { p.Contributions[0].Budget = nil },
			[]string{"~ update contribution C-1 budget[AREA 2026]: 50 → –", "= 9 unchanged"}},
		{"an answer is never corrected", func(p *Programme) { p.Councils[0].Sessions[0].Replies[0].Answer = "declined" },
			[]string{"~ update session CO-1 replies[S-1 ann declined 2026-11-01]: – → declined", "= 9 unchanged", "= 1 not in the file"}},
		{"a session is an object of its own, on its council's clock", func(p *Programme) {
			p.Councils[0].Sessions[0].OpensAt = p.Councils[0].Sessions[0].OpensAt.Add(30 * time.Minute)
		}, []string{"~ update session CO-1 opens_at: 2026-12-07T06:00:00+01:00 → 2026-12-07T06:30:00+01:00", "= 9 unchanged"}},
		{"a session that the file lacks stays", func(p *Programme) { p.Councils[0].Sessions = nil }, []string{"= 9 unchanged", "= 1 not in the file"}},
		{"an agenda is as the file says", func(p *Programme) {
			p.Councils[0].Sessions[0].Agenda = []AgendaItem{{Ref: "P-2", Title: Text{"en": "Other"}}}
		},
			[]string{"~ update session CO-1 agenda[P-2]: – → Other", "~ update session CO-1 agenda[P-1]: Opening → –", "= 9 unchanged"}},
		{"people of a subscription", func(p *Programme) { p.Subscriptions[1].People = []string{"ann", "bob"} },
			[]string{"~ update subscription weekly people: ann → ann, bob", "= 9 unchanged"}},
		{"control and direction marks are not printed", func(p *Programme) { p.People[0].Name = "A\u202enn\x1b[31m" },
			[]string{"~ update person ann name: Ann → A nn [31m", "= 9 unchanged"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			current, desired := before(), before()
			row.edit(&desired)
			plan := Diff(current, Merge(current, desired))
			objects, entries := Missing(current, desired)
			plan = plan.Of(objects, entries, 0)
			if got := plan.Lines(); !slices.Equal(got, row.want) {
				t.Errorf("\ngot  %q\nwant %q", got, row.want)
			}
			if again := Diff(Merge(current, desired), Merge(Merge(current, desired), desired)); !again.Empty() {
				t.Errorf("a second application changes: %q", again.Lines())
			}
		})
	}
}

func TestFirstPlanCreatesAll(t *testing.T) {
	plan := Diff(Programme{}, before())
	if n := plan.Count(OpCreate); n != 10 || n != len(plan.Changes) {
		t.Errorf("got %d created of %d changes, want 10: %q", n, len(plan.Changes), plan.Lines())
	}
}

func TestMergeKeepsFactsInOrderOfDate(t *testing.T) {
	current, desired := before(), before()
	desired.Activities[0].Updates = []Update{{Date: day("2026-09-01"), Note: Text{"en": "Earlier"}, By: "ann"}}
	var got []string
	for _, u := range Merge(current, desired).Activities[0].Updates {
		got = append(got, u.Date.String())
	}
	if want := []string{"2026-09-01", "2026-10-05"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := len(current.Activities[0].Updates); n != 1 {
		t.Errorf("the merge changed what there was: %d updates", n)
	}
}

func TestNormalise(t *testing.T) {
	due, first := day("2026-06-30"), day("2026-05-31")
	moves := []Revision{{Date: day("2026-03-01"), From: first, To: due}}
	for _, row := range []struct {
		name           string
		original, want Date
		revisions      []Revision
	}{
		{"never moved", due, Date{}, nil},
		{"never moved, not written", Date{}, Date{}, nil},
		{"moved, not written: the first revision says it", Date{}, first, moves},
		{"moved and written", first, first, moves},
	} {
		p := Programme{Activities: []Activity{{DueOn: due, OriginalDueOn: row.original, Revisions: row.revisions}}}
		if p.Normalise(); p.Activities[0].OriginalDueOn != row.want {
			t.Errorf("%s: got %s, want %s", row.name, p.Activities[0].OriginalDueOn, row.want)
		}
	}
}

func TestPruneRules(t *testing.T) {
	risks := func(n int) (list []Risk) {
		for i := range n {
			list = append(list, Risk{Ref: fmt.Sprint("R-", i)})
		}
		return list
	}
	council := func(state string) Programme {
		return Programme{Councils: []Council{{Ref: "CO", Series: []Series{{Ref: "Q"}}, Sessions: []Session{{Ref: "CO-1", State: state}, {Ref: "Q-2027-01-05", State: "draft"}}}}}
	}
	empty := council("draft")
	empty.Councils[0].Sessions = nil
	for _, row := range []struct {
		name          string
		current, file Programme
		lists         []string
		retired       int
		large         bool
	}{
		{"a list that the file does not contain", Programme{Risks: risks(3)}, Programme{}, nil, 0, false},
		{"one of ten", Programme{Risks: risks(10)}, Programme{Risks: risks(9)}, []string{"risks"}, 1, false},
		{"one of five is a fifth", Programme{Risks: risks(5)}, Programme{Risks: risks(4)}, []string{"risks"}, 1, false},
		{"one of four is more than a fifth", Programme{Risks: risks(4)}, Programme{Risks: risks(3)}, []string{"risks"}, 1, true},
		{"ten of a hundred", Programme{Risks: risks(100)}, Programme{Risks: risks(90)}, []string{"risks"}, 10, false},
		{"eleven of a hundred", Programme{Risks: risks(100)}, Programme{Risks: risks(89)}, []string{"risks"}, 11, true},
		{"a draft session, not that of a series", council("draft"), empty, []string{"councils"}, 1, true},
		{"a confirmed session stays", council("confirmed"), empty, []string{"councils"}, 0, false},
		{"a council goes with its drafts", council("draft"), Programme{}, []string{"councils"}, 3, true},
		{"a council with a confirmed session stays", council("confirmed"), Programme{}, []string{"councils"}, 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			merged := Merge(row.current, row.file)
			got := Prune(merged, row.file, row.lists)
			if len(got.Retired) != row.retired || (got.Large != "") != row.large {
				t.Errorf("got %d retired %v, large %q; want %d and %t", len(got.Retired), got.Retired, got.Large, row.retired, row.large)
			}
			if n := Diff(merged, got.Programme).Count(OpRetire); n != row.retired {
				t.Errorf("the plan retires %d, want %d", n, row.retired)
			}
		})
	}
}
