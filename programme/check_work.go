package programme

import (
	"slices"
	"strings"
)

// kind checks what the tags cannot say.
func (c *checker) kind(path string, object any) {
	switch o := object.(type) {
	case *Info:
		if len(o.Languages) == 0 {
			c.bad(path+".languages", "languages is empty: the first one is that of plain texts")
		}
	case *Person:
		c.person(path, o)
	case *Agreement:
		c.order(path, "valid_from", o.ValidFrom, "valid_until", o.ValidUntil)
	case *Indicator:
		c.indicator(path, o)
	case *Activity:
		c.activity(path, o)
	case *Milestone:
		c.chain(path, o.OriginalDueOn, o.DueOn, o.Revisions)
	case *Update:
		c.between(path, "percent", o.Percent, 0, 100)
	case *Contribution:
		c.notNegative(path, "pledged", o.Pledged)
	case *BudgetLine:
		if !yearForm.MatchString(o.Period) {
			c.bad(path+".period", "period %s is not a calendar year such as \"2026\"", quote(o.Period))
		}
	case *Event:
		c.moments(path, "starts_at", o.StartsAt, "ends_at", o.EndsAt)
		c.between(path, "participants", o.Participants, 0, 1_000_000)
	case *Previous:
		c.moments(path, "opens_at", o.OpensAt, "closes_at", o.ClosesAt)
	case *Risk:
		c.between(path, "probability", o.Probability, 1, 5)
		c.between(path, "impact", o.Impact, 1, 5)
	case *Subscription:
		c.subscription(path, o)
	case *Schedule:
		c.schedule(path, o)
	default:
		c.councilKind(path, object)
	}
}

func (c *checker) person(path string, o *Person) {
	if o.WorkHours != "" {
		from, to, _ := strings.Cut(o.WorkHours, "-")
		if !clockSpan.MatchString(o.WorkHours) || from >= to {
			c.bad(path+".work_hours", `work_hours %s is not a span of one day such as "09:00-18:00"`, quote(o.WorkHours))
		}
	}
	if len(o.Weekend) > 6 {
		c.bad(path+".weekend", "weekend leaves no working day")
	}
}

func (c *checker) indicator(path string, o *Indicator) {
	c.between(path+".baseline", "year", o.Baseline.Year, 1900, 2200)
	for i, name := range ElementNames("periods", o.Periods) {
		p, at := o.Periods[i], path+".periods["+name+"]"
		c.order(at, "from", p.From, "to", p.To)
		if p.Actual == "" && (p.Status == "submitted" || p.Status == "approved") {
			c.bad(at+".status", "status %s, but there is no actual value", p.Status)
		}
		for _, q := range o.Periods[:i] {
			if !p.From.After(q.To) && !q.From.After(p.To) && (p.From != q.From || p.To != q.To) {
				c.bad(at+".from", "period %s to %s overlaps %s to %s", p.From, p.To, q.From, q.To)
			}
		}
	}
}

func (c *checker) activity(path string, o *Activity) {
	c.between(path, "percent", o.Percent, 0, 100)
	c.order(path, "starts_on", o.StartsOn, "due_on", o.DueOn)
	switch {
	case o.Status == "closed" && o.ClosedOn.IsZero():
		c.bad(path+".status", "status closed, but closed_on is missing")
	case o.Status != "closed" && !o.ClosedOn.IsZero():
		c.bad(path+".closed_on", "closed_on %s, but status is %s: only a closed activity has closed_on", o.ClosedOn, o.Status)
	default:
		c.order(path, "starts_on", o.StartsOn, "closed_on", o.ClosedOn)
	}
	c.chain(path, o.OriginalDueOn, o.DueOn, o.Revisions)
}

// chain checks that the revisions of a due date lead from the first one to the present one.
func (c *checker) chain(path string, original, due Date, revisions []Revision) {
	if due.IsZero() {
		return
	}
	if len(revisions) == 0 {
		if !original.IsZero() && original != due {
			c.bad(path+".original_due_on", "original_due_on %s differs from due_on %s, and no revision says why", original, due)
		}
		return
	}
	at := ElementNames("revisions", revisions)
	from := original
	for i, r := range revisions {
		here := path + ".revisions[" + at[i] + "]"
		switch {
		case i == 0 && !from.IsZero() && r.From != from:
			c.bad(here+".from", "the first revision is from %s, but original_due_on is %s", r.From, from)
		case i > 0 && r.From != from:
			c.bad(here+".from", "the revision is from %s, but the one before it was to %s", r.From, from)
		case i > 0 && r.Date.Before(revisions[i-1].Date):
			c.bad(here+".date", "the revision of %s stands after that of %s: oldest first", r.Date, revisions[i-1].Date)
		}
		from = r.To
	}
	if from != due {
		c.bad(path+".due_on", "due_on is %s, but the last revision is to %s", due, from)
	}
}

func (c *checker) subscription(path string, o *Subscription) {
	c.report(path, o.Report)
	switch {
	case o.Role == "" && len(o.People) == 0:
		c.bad(path, "a subscription needs people or a role")
	case o.Role != "" && len(o.People) > 0:
		c.bad(path+".role", "a subscription has people or a role, not both")
	}
}

func (c *checker) schedule(path string, o *Schedule) {
	switch {
	case o.Report == "" && o.Task == "":
		c.bad(path, "a schedule needs a report or a task")
	case o.Report != "" && o.Task != "":
		c.bad(path+".task", "a schedule runs a report or a task, not both")
	case o.Report != "":
		c.report(path, o.Report)
	}
	if o.CatchUpLimit < 1 || o.CatchUpLimit > maxCatchUp {
		c.bad(path+".catch_up_limit", "catch_up_limit %d is not from 1 to %d", o.CatchUpLimit, maxCatchUp)
	}
	if o.Holiday != "send" && c.p.Info.Code != "" && c.p.Info.Calendar == "" {
		c.bad(path+".holiday", "holiday %s needs a holiday calendar: the programme names none (programme.calendar)", quote(o.Holiday))
	}
	if c.known.Spec == nil || c.known.Zone != nil && c.known.Zone(o.Timezone) != nil {
		return
	}
	err := c.known.Spec(*o)
	c.refuse(path+".spec", "spec", err)
	if err == nil && c.known.Timing != nil {
		key, err := c.known.Timing(*o)
		c.refuse(path+"."+key, key, err)
	}
}

// maxCatchUp bounds how many missed fires a schedule makes up for in one go.
const maxCatchUp = 1000

func (c *checker) report(path, name string) {
	if c.known.Reports != nil && !slices.Contains(c.known.Reports, name) {
		c.bad(path+".report", "report %s is not known%s", quote(name), choice(name, c.known.Reports))
	}
}

// choice suggests the nearest word, or lists all.
func choice(word string, known []string) string {
	if near := DidYouMean(word, known); near != "" {
		return near
	}
	return ": one of " + strings.Join(known, ", ")
}
