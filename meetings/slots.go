package meetings

import (
	"cmp"
	"math"
	"slices"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

// slotStep is the grid of the date finder.
const slotStep = 30 * time.Minute

// DefaultFloor is the probability of a quorum from which a slot is good enough, so that burdens decide among such slots.
const DefaultFloor = 0.9

// SlotSearch asks for the best moments of a session. Every slot of the grid is looked at: the answer is exact.
type SlotSearch struct {
	From, To programme.Date // days at the council's seat, both included
	Lasts    time.Duration  // rounded up to the grid
	Zone     *time.Location // of the council
	Opens    int            // minutes since midnight there, between which the session must lie
	Closes   int
	Venue    calendar.Workdays
	Earliest programme.Date // first day that keeps all hard lead times
	People   []SlotPerson
	Seats    []SlotSeat
	Officers []SlotOffice
	Required int     // voting seats for a quorum
	Floor    float64 // probability of a quorum
	Top      int
	Only     []time.Time // look at these starts only, as the options of a poll; nil: the grid. Venue and lead times do not count then
}

// SlotPerson is somebody whose hours count.
type SlotPerson struct {
	Ref      string
	Zone     *time.Location
	Workdays calendar.Workdays
	From, To int // working hours in minutes since midnight
	Busy     []Busy
	Chance   float64              // that they come when they are free at a good hour
	Carried  int                  // burden of earlier sessions, in ten-thousandths of a point
	Answers  map[time.Time]string // of a poll: yes, if-need-be or no by start in UTC
}

// Busy is an interval in which somebody is not free. Half says that it is tentative.
type Busy struct {
	From, To time.Time
	Half     bool
}

// SlotSeat is a seat by the indexes of its people in SlotSearch.People; -1 where there is nobody.
type SlotSeat struct {
	Member, Alternate int
	Voting            bool
}

// SlotOffice is a function that must be free: one of its people, by index. Quorum says that the quorum asks for it too,
// Seat the seat that its holder sits on, -1 for none.
type SlotOffice struct {
	Kind   string
	People []int
	Quorum bool
	Seat   int
}

// Slot is one start with what speaks for and against it.
type Slot struct {
	Start       time.Time
	Probability float64 // of a quorum
	Costs       []Cost  // the worst first
	Total       int     // burden of all, in ten-thousandths of a point
	vector      []int   // carried and new burden of everybody invited, the worst first
}

// Worst returns the burden of whoever would be worst off with this and all earlier sessions, in points.
func (s Slot) Worst() float64 {
	if len(s.vector) == 0 {
		return 0
	}
	return float64(s.vector[0]) / burdenUnit
}

// Cost is what a slot costs one person.
type Cost struct {
	Person  string
	At      time.Time // the start on their clock
	Kind    string    // night, early, late, day-off, busy, maybe-busy
	Burden  int       // of this slot, in ten-thousandths of a point
	Carried int
}

// SlotResult is what a search found. Refused counts the slots that each hard rule took out; DaysOff says that no slot keeps
// everybody's days off, so that these count as a burden instead.
type SlotResult struct {
	Slots   []Slot
	Looked  int
	Kept    int // that passed the hard rules
	Refused map[string]int
	DaysOff bool
	Below   bool // no slot reaches the floor
}

// Why a slot is refused.
const (
	RefusedHours    = "outside the hours of the venue"
	RefusedVenue    = "day off at the venue"
	RefusedEarly    = "before the earliest feasible date"
	RefusedDaysOff  = "day off of a member"
	refusedOfficial = " not free"
)

// FindSlots looks at every slot. Hard rules come first: the hours and days off of the venue, lead times, officers who must
// be free, days off of everybody invited (unless nothing is left). Of what remains, slots whose probability of a quorum
// reaches the floor are kept (else those with the best one by whole percent), and go by leximin: whoever would be worst
// off with all that they carried before, then the next, then the total, then the earliest. Options of a poll are all kept:
// those that reach the floor come first, the others by whole percent, and among equals the answers decide before the date.
func FindSlots(q SlotSearch) SlotResult {
	g := newGrid(q)
	r := g.look(true)
	if len(r.Slots) == 0 && r.Refused[RefusedDaysOff] > 0 {
		r = g.look(false)
		r.DaysOff = true
	}
	order := bySlot
	if q.Only == nil {
		r.Slots, r.Below = aboveFloor(r.Slots, q.Floor)
	} else {
		order = byOption(q.Floor)
	}
	for i := range r.Slots {
		r.Slots[i].vector, r.Slots[i].Total = g.burdens(r.Slots[i].Start)
	}
	slices.SortFunc(r.Slots, order)
	if q.Top > 0 && len(r.Slots) > q.Top {
		r.Slots = r.Slots[:q.Top]
	}
	for i := range r.Slots {
		r.Slots[i].Costs = g.costs(r.Slots[i].Start)
	}
	return r
}

// bySlot compares two slots: leximin on burdens, then the total, then the earlier one.
func bySlot(a, b Slot) int {
	return cmp.Or(slices.Compare(a.vector, b.vector), cmp.Compare(a.Total, b.Total), a.Start.Compare(b.Start))
}

// byOption compares two options of a poll with answers: an option that is refused by many may be the least burden.
func byOption(floor float64) func(a, b Slot) int {
	standing := func(s Slot) int {
		if s.Probability >= floor {
			return 101
		}
		return percent(s.Probability)
	}
	return func(a, b Slot) int {
		return cmp.Or(cmp.Compare(standing(b), standing(a)), slices.Compare(a.vector, b.vector), cmp.Compare(a.Total, b.Total),
			cmp.Compare(percent(b.Probability), percent(a.Probability)), a.Start.Compare(b.Start))
	}
}

// aboveFloor keeps the slots that reach the floor; where none does, those with the best probability by whole percent.
func aboveFloor(list []Slot, floor float64) (kept []Slot, below bool) {
	best := -1
	for _, s := range list {
		best = max(best, percent(s.Probability))
		if s.Probability >= floor {
			kept = append(kept, s)
		}
	}
	if len(kept) > 0 || len(list) == 0 {
		return kept, false
	}
	for _, s := range list {
		if percent(s.Probability) == best {
			kept = append(kept, s)
		}
	}
	return kept, true
}

// percent is a probability by whole percent, rounded down; what floats add beyond 1e-9 is forgiven.
func percent(p float64) int { return int(math.Floor(100*p + 1e-9)) }

// look applies the hard rules and computes the probability of a quorum of what passes.
func (g *grid) look(daysOff bool) SlotResult {
	r := SlotResult{Refused: map[string]int{}}
	for s := range g.starts {
		r.Looked++
		if why := g.refused(s, daysOff); why != "" {
			r.Refused[why]++
			continue
		}
		r.Slots = append(r.Slots, Slot{Start: g.starts[s].In(g.q.Zone), Probability: g.quorum(s)})
	}
	r.Kept = len(r.Slots)
	return r
}

// refused returns the first hard rule that a slot breaks, "" for none.
func (g *grid) refused(s int, daysOff bool) string {
	if g.q.Only == nil {
		opens := g.starts[s].In(g.q.Zone)
		closes := opens.Add(time.Duration(g.steps) * slotStep)
		day := calendar.Day(opens)
		end := closes.Hour()*60 + closes.Minute() + 24*60*calendar.DaysBetween(day, calendar.Day(closes))
		switch {
		case opens.Hour()*60+opens.Minute() < g.q.Opens || end > g.q.Closes:
			return RefusedHours
		case !g.q.Venue.Is(day):
			return RefusedVenue
		case dateOf(day).Before(g.q.Earliest):
			return RefusedEarly
		}
	}
	for _, o := range g.q.Officers {
		if !slices.ContainsFunc(o.People, func(i int) bool { return g.free(i, s) }) {
			return o.Kind + refusedOfficial
		}
	}
	if daysOff && g.q.Only == nil {
		for _, i := range g.invited {
			if g.people[i].offWithin(g.at(s), g.steps) {
				return RefusedDaysOff
			}
		}
	}
	return ""
}

// free reports whether an officer is neither busy nor off.
func (g *grid) free(i, s int) bool {
	p, at := g.people[i], g.at(s)
	return p.full[at+g.steps] == p.full[at] && !p.offWithin(at, g.steps) && g.answer(i, s) != "no"
}
