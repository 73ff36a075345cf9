package meetings

import (
	"fmt"
	"strings"

	"secretariat/calendar"
	"secretariat/programme"
)

func hasReason(c *Change) (problem, cure string) {
	if len(c.Reason) == 0 {
		return "a reason is needed, which the letters tell", `give --reason "…"`
	}
	return "", ""
}

func hasPlace(c *Change) (problem, cure string) {
	s := c.After.Session
	switch {
	case s.Mode == "in-person" && len(s.Venue) == 0:
		return "it meets in person and has no venue", `give --venue "…", or write it into the programme file`
	case s.Mode == "online" && s.OnlineURL == "":
		return "it meets online and has no address to join", "give --online-url https://…, or write it into the programme file"
	case len(s.Venue) == 0 && s.OnlineURL == "":
		return "it has neither a venue nor an address to join", `give --venue "…" or --online-url https://…`
	}
	return "", ""
}

func hasAgenda(c *Change) (problem, cure string) {
	if len(c.After.Session.Agenda) == 0 {
		return "its agenda is empty", "write at least one agenda item into the programme file"
	}
	return "", ""
}

func hasAttendance(c *Change) (problem, cure string) {
	if len(c.After.Session.Attendance) == 0 && len(c.After.Attended()) == 0 {
		return "nobody is on its attendance list", "secretariat sessions attend REF --seat SEAT, or write the attendance into the programme file and apply it"
	}
	return "", ""
}

// isItsDay lets a chair open before the hour, but not on another day.
func isItsDay(c *Change) (problem, cure string) {
	if today := programme.DateOf(c.Now, c.Before.Zone()); today.Before(c.Before.OpeningDay()) {
		return fmt.Sprintf("its day is %s", c.Before.OpeningDay()), "open it on that day, or reschedule it"
	}
	return "", ""
}

// hasNoQuorum asks the roll call: a session with a quorum is not adjourned for the want of one.
func hasNoQuorum(c *Change) (problem, cure string) {
	v, err := c.Before.Verdict("open", c.Now)
	switch {
	case err != nil:
		return err.Error(), "write the rule of the quorum to open into the programme file"
	case v.Quorate:
		return fmt.Sprintf("there is a quorum: %d of %d seats needed are there", v.Present, v.Required), "record who left with sessions attend --left, if so"
	}
	return "", ""
}

// graceIsOver keeps the time that the rule gives latecomers, from the hour of the session or the opening of the sitting.
func graceIsOver(c *Change) (problem, cure string) {
	rule, ok := c.Before.quorumRule("open")
	sitting := c.Before.sitting()
	if !ok || rule.Grace == "" || sitting == nil {
		return "", ""
	}
	grace, err := calendar.ParseSpan(string(rule.Grace))
	if err != nil {
		return err.Error(), "mend the rule of the quorum in the programme file"
	}
	from := sitting.OpenedAt
	if sitting.N == 1 && c.Before.Session.OpensAt.After(from) {
		from = c.Before.Session.OpensAt
	}
	if until := from.Add(grace.Duration()); c.Now.Before(until) {
		return fmt.Sprintf("the time for latecomers runs until %s", until.In(c.Before.Zone()).Format("15:04")), "wait until then"
	}
	return "", ""
}

// isSoonEnough holds a second convocation to the days in which it counts as one.
func isSoonEnough(c *Change) (problem, cure string) {
	rule, ok := c.Before.quorumRule("open")
	if !ok || rule.SecondConvocation == "" {
		return "the rule of its quorum knows no second convocation", "postpone it, and reschedule it when the new date is known"
	}
	span, err := calendar.ParseSpan(string(rule.SecondConvocation))
	if err != nil {
		return err.Error(), "mend the rule of the quorum in the programme file"
	}
	last := dateOf(span.StepDay(c.Before.OpeningDay().Time(), calendar.After, c.Before.Workdays()))
	if day := c.After.OpeningDay(); day.After(last) {
		return fmt.Sprintf("a second convocation is due by %s, and %s is later", last, day), "give an earlier date, or postpone it and convene anew"
	}
	return "", ""
}

// isFollowedUp lets a session close only when everything that it decided has somebody and a day.
func isFollowedUp(c *Change) (problem, cure string) {
	for _, a := range c.Before.Session.ActionItems {
		switch {
		case a.Owner == "":
			return fmt.Sprintf("action item %s has no owner", a.Ref), "name its owner in the programme file"
		case a.DueOn.IsZero():
			return fmt.Sprintf("action item %s has no date", a.Ref), "write due_on into the programme file"
		case a.DoneOn.IsZero() && !c.Before.reachable(a.Owner) && !c.Before.reachable(a.Backup):
			return fmt.Sprintf("action item %s belongs to %s, who receives no letters, and has no backup who does", a.Ref, a.Owner), "name another owner or a backup in the programme file"
		}
	}
	return "", ""
}

func isAhead(c *Change) (problem, cure string) {
	if !c.After.Session.OpensAt.After(c.Now) {
		return "its new date is past", "give a date that is still ahead"
	}
	return "", ""
}

func isOver(c *Change) (problem, cure string) {
	if c.Before.Session.ClosesAt.After(c.Now) {
		return "it is not over", "wait for its end"
	}
	return "", ""
}

// leadTimesMet asks for a waiver where a hard line before the opening is missed.
func leadTimesMet(c *Change) (problem, cure string) { return c.waiverFor(c.Missed()) }

// Missed returns the hard lines before the opening that the change misses: all that are over, where the session is
// convened by it, as convening late does not make a notice timely; where its date moves, those that were not over before.
func (c *Change) Missed() (missed []Line) {
	after, was := c.After, map[string]bool{}
	after.Session.State = c.Before.Session.State
	if c.Before.Session.State == Confirmed {
		for _, l := range c.Before.missedHard(c.Now) {
			was[l.Rule.Ref] = true
		}
	}
	for _, l := range after.missedHard(c.Now) {
		if !was[l.Rule.Ref] {
			missed = append(missed, l)
		}
	}
	return missed
}

func (c *Change) waiverFor(lines []Line) (problem, cure string) {
	if len(lines) == 0 || c.Waiver.By != "" && c.Waiver.Text != "" {
		return "", ""
	}
	var missed, unticked []string
	for _, l := range lines {
		missed = append(missed, fmt.Sprintf("%s (due %s)", l.Rule.Ref, l.DueOn))
		if ByHand(l.Rule) {
			unticked = append(unticked, l.Rule.Ref)
		}
	}
	cure = `choose a later date, or record a waiver: --waiver "why" --waived-by PERSON`
	if day, ok := c.After.EarliestFeasible(c.Now); ok {
		cure = fmt.Sprintf(`the earliest date that keeps all lead times is %s; or record a waiver: --waiver "why" --waived-by PERSON`, day)
	}
	if len(unticked) > 0 {
		cure = fmt.Sprintf("if it was done: secretariat sessions tick %s %s; else %s", c.After.Session.Ref, strings.Join(unticked, "|"), cure)
	}
	return "hard lead times are missed: " + strings.Join(missed, ", "), cure
}

// list joins distinct words with commas and a last "or".
func list(words []string, last string) string {
	var distinct []string
	for _, w := range words {
		if len(distinct) == 0 || distinct[len(distinct)-1] != w {
			distinct = append(distinct, w)
		}
	}
	if n := len(distinct); n > 1 {
		return strings.Join(distinct[:n-1], ", ") + " " + last + " " + distinct[n-1]
	}
	return strings.Join(distinct, "")
}
