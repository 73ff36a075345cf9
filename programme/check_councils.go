package programme

import (
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxAgenda is the longest agenda taken; that of the General Assembly has about 180 points.
const maxAgenda = 500

// reservedAnchors are the moments that reminders and timetables count from; no rule may bear their names.
var reservedAnchors = []string{"opening", "closing", "action-due"}

func (c *checker) councilKind(path string, object any) {
	switch o := object.(type) {
	case *Council:
		c.ruleRefs(path, o)
		c.circles(path+".timetable", "before/after", circleOf(o.Timetable, func(r LeadTimeRule) (string, string) { return r.Ref, r.Before + r.After }))
	case *Seat:
		c.seat(path, o)
	case *Office:
		c.order(path, "since", o.Since, "until", o.Until)
	case *QuorumRule:
		c.fraction(path, o)
	case *LeadTimeRule:
		c.anchor(path, o.Before, o.After, append([]string{"opening", "closing"}, c.ruleNames()...))
	case *ReminderRule:
		c.reminder(path, o)
	case *Series:
		c.series(path, o)
	case *Session:
		c.session(path, o)
	case *AgendaItem:
		c.between(path, "number", o.Number, 1, 10_000)
		c.between(path, "minutes", o.Minutes, 0, 100_000)
	case *Document:
		c.document(path, o)
	case *Reply:
		c.reply(path, o)
	}
}

func (c *checker) ruleNames() (refs []string) {
	for _, r := range c.council.Timetable {
		refs = append(refs, r.Ref)
	}
	return refs
}

// ruleRefs checks the one namespace that timetable and reminder rules of a council share.
func (c *checker) ruleRefs(path string, o *Council) {
	for i, at := range ElementNames("timetable", o.Timetable) {
		if ref := o.Timetable[i].Ref; slices.Contains(reservedAnchors, ref) {
			c.bad(path+".timetable["+at+"].ref", "ref %q is reserved: rules count from it", ref)
		}
	}
	rules := c.ruleNames()
	for i, at := range ElementNames("reminders", o.Reminders) {
		ref, here := o.Reminders[i].Ref, path+".reminders["+at+"].ref"
		switch {
		case slices.Contains(reservedAnchors, ref):
			c.bad(here, "ref %q is reserved: rules count from it", ref)
		case slices.Contains(rules, ref):
			c.bad(here, "ref %q is used in timetable too: rules of a council share one set of refs", ref)
		}
	}
}

// anchor checks that a rule counts from exactly one thing that exists.
func (c *checker) anchor(path, before, after string, known []string) {
	key, value := "before", before
	if before == "" {
		key, value = "after", after
	}
	switch {
	case before == "" && after == "":
		c.bad(path, "a rule needs before or after: what it counts from")
	case before != "" && after != "":
		c.bad(path+".after", "a rule has before or after, not both")
	case !slices.Contains(known, value):
		c.bad(path+"."+key, "%s %s: neither %s nor the ref of a timetable rule%s", key, quote(value),
			strings.Join(known[:len(known)-len(c.council.Timetable)], " nor "), DidYouMean(value, known))
	}
}

func (c *checker) reminder(path string, o *ReminderRule) {
	c.anchor(path, o.Before, o.After, append(slices.Clone(reservedAnchors), c.ruleNames()...))
	anchor := o.Before + o.After
	switch {
	case o.To == "action-owner" && anchor != "action-due":
		c.bad(path+".to", "to action-owner, but the rule counts from %s: only action-due has an owner", anchor)
	case o.To != "action-owner" && anchor == "action-due":
		c.bad(path+".to", "to %s, but action-due concerns the action-owner only", o.To)
	case o.To == "duty-holder" && slices.Contains(reservedAnchors, anchor):
		c.bad(path+".to", "to duty-holder, but the rule counts from %s: only a timetable rule has a duty holder", anchor)
	}
	if o.LocalHour != nil {
		c.between(path, "local_hour", *o.LocalHour, 0, 23)
	}
}

func (c *checker) seat(path string, o *Seat) {
	c.order(path, "since", o.Since, "until", o.Until)
	if o.Member != "" && slices.Contains(o.Alternates, o.Member) {
		c.bad(path+".alternates", "%s is the member of the seat and cannot be an alternate of it", o.Member)
	}
	if o.Member == "" && (!o.Since.IsZero() || !o.Until.IsZero()) {
		c.bad(path, "since and until are the term of a member, and the seat has none")
	}
}

func (c *checker) fraction(path string, o *QuorumRule) {
	share, ok := new(big.Rat), fractionForm.MatchString(o.Fraction)
	if ok {
		_, ok = share.SetString(o.Fraction)
	}
	if !ok || share.Sign() == 0 || share.Cmp(big.NewRat(1, 1)) > 0 {
		c.bad(path+".fraction", `fraction %s is not a share of at most the whole such as "1/3"`, quote(o.Fraction))
	}
}

func (c *checker) series(path string, o *Series) {
	if c.known.Rule != nil {
		c.refuse(path+".rule", "rule", c.known.Rule(o.Rule))
	}
	if c.known.Clock != nil {
		c.refuse(path+".local_start", "local_start", c.known.Clock(o.LocalStart))
	}
	c.between(path, "keep_ahead", o.KeepAhead, 0, 60)
}

func (c *checker) session(path string, o *Session) {
	c.between(path, "number", o.Number, 0, 100_000)
	if len(o.Agenda) > maxAgenda {
		c.bad(path+".agenda", "agenda of %d points: more than %d", len(o.Agenda), maxAgenda)
	}
	c.moments(path, "opens_at", o.OpensAt, "closes_at", o.ClosesAt)
	if o.OnlineURL != "" {
		if u, err := url.Parse(o.OnlineURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			c.bad(path+".online_url", "online_url %s is not a web address such as https://meet.example.org/x", quote(o.OnlineURL))
		}
	}
}

func (c *checker) document(path string, o *Document) {
	if len(o.Languages) == 0 {
		c.bad(path+".languages", "languages is empty: write {en: {}} for a text that is owed in English")
	}
	for language := range o.Languages {
		if what := languageFault(language); what != "" {
			c.bad(path+".languages."+language, "language %s %s", quote(language), what)
		}
	}
}

// reply checks that a seat is handed only to an alternate of it. Who was an alternate at a past session is not known.
func (c *checker) reply(path string, o *Reply) {
	switch {
	case o.Answer == "delegated" && o.Delegate == "":
		c.bad(path+".answer", "answer delegated, but delegate is missing")
	case o.Answer != "delegated" && o.Delegate != "":
		c.bad(path+".delegate", "delegate %s, but the answer is %s", quote(o.Delegate), o.Answer)
	case o.Delegate != "" && !slices.Contains([]string{"held", "closed", "cancelled"}, c.sessionState):
		for _, s := range c.council.Seats {
			if s.Ref == o.Seat && !slices.Contains(s.Alternates, o.Delegate) {
				c.bad(path+".delegate", "delegate %s is no alternate of seat %s%s", quote(o.Delegate), s.Ref, alternates(s))
			}
		}
	}
}

func alternates(s Seat) string {
	if len(s.Alternates) == 0 {
		return ", which has none"
	}
	return " (" + strings.Join(s.Alternates, ", ") + ")"
}

func (c *checker) order(path, first string, a Date, second string, b Date) {
	if !a.IsZero() && !b.IsZero() && b.Before(a) {
		c.bad(path+"."+second, "%s %s is before %s %s", second, b, first, a)
	}
}

func (c *checker) moments(path, first string, a time.Time, second string, b time.Time) {
	if !a.IsZero() && !b.IsZero() && !b.After(a) {
		c.bad(path+"."+second, "%s is not after %s", second, first)
	}
}

func (c *checker) between(path, key string, n, low, high int) {
	if n < low || n > high {
		c.bad(path+"."+key, "%s %d is not between %d and %d", key, n, low, high)
	}
}

func (c *checker) notNegative(path, key string, d Decimal) {
	if strings.HasPrefix(string(d), "-") {
		c.bad(path+"."+key, "%s %s is negative", key, d)
	}
}

// circleOf follows the pointers of a list and returns the refs of each circle, from its first object in the list.
func circleOf[T any](list []T, pointer func(T) (ref, to string)) (circles [][]string) {
	next := map[string]string{}
	for _, o := range list {
		ref, to := pointer(o)
		next[ref] = to
	}
	done := map[string]bool{}
	for _, o := range list {
		var walk []string
		ref, _ := pointer(o)
		for ref != "" && !done[ref] {
			done[ref] = true
			walk = append(walk, ref)
			ref = next[ref]
		}
		if i := slices.Index(walk, ref); i >= 0 {
			circles = append(circles, walk[i:])
		}
	}
	return circles
}

func (c *checker) circles(path, key string, circles [][]string) {
	for _, refs := range circles {
		at := path + "[" + refs[0] + "]"
		if !strings.Contains(key, "/") {
			at += "." + key
		}
		c.bad(at, "%s runs in a circle: %s", key, strings.Join(append(refs, refs[0]), " → "))
	}
}

// once checks refs that are unique in the whole programme, not only in their list.
func (c *checker) once() {
	sessions, milestones, actions := map[string]string{}, map[string]string{}, map[string]string{}
	claim := func(taken map[string]string, what, ref, path, owner string) {
		if first, ok := taken[ref]; ok && first != owner {
			c.bad(path+"["+ref+"].ref", "ref %q is used by a %s of %s too: it must be unique in the programme", ref, what, first)
			return
		}
		taken[ref] = owner
	}
	for _, a := range c.p.Activities {
		for _, m := range a.Milestones {
			claim(milestones, "milestone", m.Ref, "activities["+a.Ref+"].milestones", a.Ref)
		}
	}
	for _, o := range c.p.Councils {
		for _, s := range o.Sessions {
			path := "councils[" + o.Ref + "].sessions"
			claim(sessions, "session", s.Ref, path, o.Ref)
			for _, a := range s.ActionItems {
				claim(actions, "session", a.Ref, path+"["+s.Ref+"].action_items", s.Ref)
			}
		}
	}
}
