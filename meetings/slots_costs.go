package meetings

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"secretariat/calendar"
)

// place returns the number of a start.
func (g *grid) place(start time.Time) int {
	if g.q.Only != nil {
		return slices.IndexFunc(g.starts, start.Equal)
	}
	return int(start.Sub(g.starts[0]) / slotStep)
}

// burdens returns what everybody invited would carry after a slot, the worst first, and what the slot alone costs all.
func (g *grid) burdens(start time.Time) (vector []int, total int) {
	s := g.at(g.place(start))
	vector = make([]int, len(g.invited))
	for n, i := range g.invited {
		own := g.points(i, s)
		vector[n], total = own+g.q.People[i].Carried, total+own
	}
	slices.SortFunc(vector, func(a, b int) int { return cmp.Compare(b, a) })
	return vector, total
}

// costs names everybody whom a slot costs something.
func (g *grid) costs(start time.Time) (costs []Cost) {
	n := g.place(start)
	s := g.at(n)
	for _, i := range g.invited {
		p, l := g.q.People[i], g.people[i]
		c := Cost{Person: p.Ref, At: start.In(p.Zone), Burden: g.points(i, s), Carried: p.Carried}
		minute := c.At.Hour()*60 + c.At.Minute()
		switch {
		case l.full[s+g.steps] > l.full[s] || g.answer(i, n) == "no":
			c.Kind = "busy"
		case l.half[s+g.steps] > l.half[s]:
			c.Kind = "maybe-busy"
		case c.Burden == 0:
			continue
		case l.offWithin(s, g.steps):
			c.Kind = "day-off"
		case minute >= nightFrom || minute < nightTo:
			c.Kind = "night"
		case minute < p.From:
			c.Kind = "early"
		default:
			c.Kind = "late"
		}
		costs = append(costs, c)
	}
	slices.SortStableFunc(costs, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.Burden+b.Carried, a.Burden+a.Carried), cmp.Compare(a.Person, b.Person))
	})
	return costs
}

// Burden returns what a session from one moment to another costs somebody with such hours, in ten-thousandths of a point.
func Burden(zone *time.Location, days calendar.Workdays, from, to int, opens, closes time.Time) int {
	steps := max(1, int((closes.Sub(opens)+slotStep-1)/slotStep))
	l := newLane(SlotPerson{Zone: zone, Workdays: days, From: from, To: to}, newDial(zone, opens.UTC(), steps))
	return meanPoints(int(l.burden[steps]), steps)
}

// String says the cost in words: who, when it is for them, why it is a burden and how much they carry already.
func (c Cost) String() string {
	words := map[string]string{"night": "night", "early": "early", "late": "late", "day-off": "day off", "busy": "busy", "maybe-busy": "perhaps busy"}[c.Kind]
	text := fmt.Sprintf("%s: %s there (%s)", c.Person, c.At.Format("Mon 15:04"), words)
	if c.Burden > 0 {
		text += fmt.Sprintf(", burden %.1f", float64(c.Burden)/burdenUnit)
	}
	if c.Carried > 0 {
		text += fmt.Sprintf(" after %.1f", float64(c.Carried)/burdenUnit)
	}
	return text
}

// Reasons says what speaks for and against a slot.
func (s Slot) Reasons() []string {
	reasons := []string{fmt.Sprintf("probability of a quorum %d %%", percent(s.Probability))}
	if len(s.Costs) == 0 {
		reasons = append(reasons, "within everybody's working day")
	}
	for _, c := range s.Costs {
		reasons = append(reasons, c.String())
	}
	return reasons
}
