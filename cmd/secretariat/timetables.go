package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"secretariat/programme"
	programmefile "secretariat/programme/file"
)

// sessionsTimetables lists the sets of rules that a council may take over in its programme file. It needs no database.
func (a *app) sessionsTimetables() *cobra.Command {
	return &cobra.Command{Use: "timetables [NAME]", Short: "List the rules of known bodies that a programme file takes over by name, or show one", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			sets, err := a.timetables()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listTimetables(sets)
			}
			set, ok := sets[args[0]]
			if !ok {
				return badUse("see secretariat sessions timetables", "no timetable %q%s", args[0], programme.DidYouMean(args[0], sets.Names()))
			}
			return a.showRules(args[0], set)
		}}
}

// shownRule is a rule of a set in JSON.
type shownRule struct {
	Ref      string         `json:"ref"`
	Title    programme.Text `json:"title"`
	By       string         `json:"by"`
	Side     string         `json:"side"` // before or after
	Anchor   string         `json:"anchor"`
	Roll     string         `json:"roll"`
	DutyOf   string         `json:"duty_of"`
	Hard     bool           `json:"hard"`
	DoneWhen string         `json:"done_when"`
	Source   string         `json:"source"`
}

func showRule(r programme.LeadTimeRule) shownRule {
	s := shownRule{r.Ref, r.Title, string(r.By), "before", r.Before, r.Roll, r.DutyOf, r.Hard, r.DoneWhen, r.Source}
	if r.After != "" {
		s.Side, s.Anchor = "after", r.After
	}
	return s
}

func (a *app) listTimetables(sets programmefile.Timetables) error {
	type set struct {
		Name  string         `json:"name"`
		Title programme.Text `json:"title"`
		Rules int            `json:"rules"`
	}
	shown := []set{}
	for _, name := range sets.Names() {
		shown = append(shown, set{name, sets[name].Title, len(sets[name].Rules)})
	}
	return a.emit(map[string]any{"timetables": shown}, func() error {
		w := a.table("NAME", "RULES", "OF")
		for _, s := range shown {
			w.row(s.Name, s.Rules, s.Title.In("en"))
		}
		return w.Flush()
	})
}

func (a *app) showRules(name string, set programme.TimetableSet) error {
	shown := []shownRule{}
	for _, r := range set.Rules {
		shown = append(shown, showRule(r))
	}
	return a.emit(map[string]any{"name": name, "title": set.Title, "rules": shown}, func() error {
		w := a.table("RULE", "DUE", "DUTY OF", "HARD", "DONE WHEN", "SOURCE")
		for _, r := range shown {
			done := r.DoneWhen
			if done == "" {
				done = "ticked"
			}
			w.row(r.Ref, fmt.Sprintf("%s %s %s", r.By, r.Side, r.Anchor), r.DutyOf, map[bool]string{true: "hard"}[r.Hard], done, r.Source)
		}
		return w.Flush()
	})
}
