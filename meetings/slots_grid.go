package meetings

import (
	"math"
	"slices"
	"time"

	"secretariat/calendar"
)

// Burden of half an hour, in minutes of a point: hours outside of somebody's working day count up to five points, a day off
// six, the night from 22:00 to 06:00 eight.
const (
	pointMinutes = 60
	edgeMost     = 5 * pointMinutes
	dayOffCost   = 6 * pointMinutes
	nightCost    = 8 * pointMinutes
	nightFrom    = 22 * 60
	nightTo      = 6 * 60
)

// burdenUnit is a point in the whole numbers that burdens are compared and kept in.
const burdenUnit = 10_000

// burdenDiscount says how a bad hour keeps people away: at e^(-points/24) a night costs a quarter of them. With a steeper
// one no slot of a council spread over the world would reach the floor, and memory would count for nothing.
const burdenDiscount = 24

// Chances in a date search; an answer to a poll knew the hour and is not discounted.
const (
	chanceBusy      = 0.02
	chanceIfNeedBe  = 0.75
	halfBusyDamping = 0.5
)

// grid is a search with what is computed once for all slots.
type grid struct {
	q       SlotSearch
	steps   int         // of the session
	starts  []time.Time // that are looked at, on the half-hour grid or the options of a poll
	people  []lane
	invited []int // by index of person: the members of all seats
}

// lane is one person along the grid. Sums run over half-hours: of start s they are lane[s+steps] - lane[s].
type lane struct {
	burden, full, half, off []int32
}

func newGrid(q SlotSearch) *grid {
	g := &grid{q: q, steps: int((q.Lasts + slotStep - 1) / slotStep)}
	if q.Only != nil {
		g.sparse()
	} else {
		g.dense()
	}
	for _, s := range q.Seats {
		if s.Member >= 0 && !slices.Contains(g.invited, s.Member) {
			g.invited = append(g.invited, s.Member)
		}
	}
	return g
}

// dense lays the whole grid: every half-hour from the first midnight to the last.
func (g *grid) dense() {
	begin := calendar.Moment(g.q.From.Time(), 0, g.q.Zone).UTC()
	end := calendar.Moment(g.q.To.AddDays(1).Time(), 0, g.q.Zone).UTC()
	count := max(0, int(end.Sub(begin)/slotStep))
	for s := range count {
		g.starts = append(g.starts, begin.Add(time.Duration(s)*slotStep))
	}
	g.people = make([]lane, len(g.q.People))
	dials := map[string]dial{}
	for i, p := range g.q.People {
		d, known := dials[p.Zone.String()]
		if !known {
			d = newDial(p.Zone, begin, count+g.steps)
			dials[p.Zone.String()] = d
		}
		g.people[i] = newLane(p, d)
	}
}

// sparse lays the options of a poll behind one another, each as long as the session.
func (g *grid) sparse() {
	g.people = make([]lane, len(g.q.People))
	for i := range g.q.People {
		g.people[i] = lane{burden: []int32{0}, full: []int32{0}, half: []int32{0}, off: []int32{0}}
	}
	for _, start := range g.q.Only {
		g.starts = append(g.starts, start.UTC())
		for i := range g.q.People {
			g.people[i].join(newLane(g.q.People[i], newDial(g.q.People[i].Zone, start.UTC(), g.steps)))
		}
	}
}

// join appends another stretch to a lane.
func (l *lane) join(o lane) {
	for _, pair := range [][2]*[]int32{{&l.burden, &o.burden}, {&l.full, &o.full}, {&l.half, &o.half}, {&l.off, &o.off}} {
		last := (*pair[0])[len(*pair[0])-1]
		for _, v := range (*pair[1])[1:] {
			*pair[0] = append(*pair[0], last+v)
		}
	}
}

// dial is the clock of a zone along a stretch of half-hours.
type dial struct {
	begin  time.Time
	minute []int16 // of the day
	day    []int16 // index in days
	days   []time.Time
}

func newDial(zone *time.Location, begin time.Time, count int) dial {
	d := dial{begin: begin, minute: make([]int16, count), day: make([]int16, count)}
	for s := range count {
		local := begin.Add(time.Duration(s) * slotStep).In(zone)
		if day := calendar.Day(local); len(d.days) == 0 || !day.Equal(d.days[len(d.days)-1]) {
			d.days = append(d.days, day)
		}
		d.minute[s], d.day[s] = int16(local.Hour()*60+local.Minute()), int16(len(d.days)-1)
	}
	return d
}

// newLane sums what each half-hour of a stretch costs a person.
func newLane(p SlotPerson, d dial) lane {
	count := len(d.minute)
	l := lane{make([]int32, count+1), make([]int32, count+1), make([]int32, count+1), make([]int32, count+1)}
	for _, b := range p.Busy {
		mark := l.full
		if b.Half {
			mark = l.half
		}
		for s := max(0, int(b.From.Sub(d.begin)/slotStep)); s < count && d.begin.Add(time.Duration(s)*slotStep).Before(b.To); s++ {
			mark[s+1] = 1
		}
	}
	off := make([]bool, len(d.days))
	for i, day := range d.days {
		off[i] = !p.Workdays.Is(day)
	}
	for s := range count {
		l.burden[s+1] = l.burden[s] + int32(burdenOf(int(d.minute[s]), p.From, p.To, off[d.day[s]]))
		l.full[s+1] += l.full[s]
		l.half[s+1] += l.half[s]
		if l.off[s+1] = l.off[s]; off[d.day[s]] {
			l.off[s+1]++
		}
	}
	return l
}

// burdenOf returns what half an hour that begins at a minute of somebody's day costs them, in minutes of a point.
func burdenOf(minute, from, to int, off bool) int {
	cost := 0
	switch {
	case minute >= nightFrom || minute < nightTo:
		cost = nightCost
	case minute < from:
		cost = min(edgeMost, from-minute)
	case minute >= to:
		cost = min(edgeMost, minute-to)
	}
	if off {
		cost = max(cost, dayOffCost)
	}
	return cost
}

func (l lane) offWithin(s, steps int) bool { return l.off[s+steps] > l.off[s] }

// at returns where the stretch of a start begins in the lanes.
func (g *grid) at(s int) int {
	if g.q.Only != nil {
		return s * g.steps
	}
	return s
}

// points returns what a slot costs a person, in ten-thousandths of a point: the mean over its half-hours.
func (g *grid) points(i, s int) int {
	sum := int(g.people[i].burden[s+g.steps] - g.people[i].burden[s])
	return meanPoints(sum, g.steps)
}

func meanPoints(sum, steps int) int {
	whole := pointMinutes * steps
	return (sum*burdenUnit + whole/2) / whole
}

// answer returns what a person answered to a start, "" for nothing.
func (g *grid) answer(i, s int) string {
	if g.q.People[i].Answers == nil {
		return ""
	}
	return g.q.People[i].Answers[g.starts[s]]
}

// chance returns how likely a person comes to a slot.
func (g *grid) chance(i, s int) float64 {
	p, at := g.people[i], g.at(s)
	switch {
	case g.answer(i, s) == "yes":
		return chanceAccepted
	case g.answer(i, s) == "if-need-be":
		return chanceIfNeedBe
	case g.answer(i, s) == "no", p.full[at+g.steps] > p.full[at]:
		return chanceBusy
	}
	chance := g.q.People[i].Chance * math.Exp(-float64(g.points(i, at))/burdenUnit/burdenDiscount)
	if p.half[at+g.steps] > p.half[at] {
		chance *= halfBusyDamping
	}
	return chance
}

// quorum returns the probability of a quorum at a slot. A seat with an alternate is taken when either of them comes.
func (g *grid) quorum(s int) float64 {
	chances := make([]float64, 0, len(g.q.Seats))
	place := make([]int, len(g.q.Seats)) // in chances
	for i, seat := range g.q.Seats {
		place[i] = -1
		if !seat.Voting {
			continue
		}
		place[i] = len(chances)
		chances = append(chances, g.seatChance(seat, s))
	}
	var offices []office
	for _, o := range g.q.Officers {
		if !o.Quorum {
			continue
		}
		needed := office{seat: -1}
		if o.Seat >= 0 {
			needed.seat = place[o.Seat]
		}
		if needed.seat < 0 && len(o.People) > 0 {
			needed.chance = g.chance(o.People[0], s)
		}
		offices = append(offices, needed)
	}
	return withOffices(chances, offices, g.q.Required, 0)
}

func (g *grid) seatChance(seat SlotSeat, s int) float64 {
	stays := 1.0
	for _, i := range []int{seat.Member, seat.Alternate} {
		if i >= 0 {
			stays *= 1 - g.chance(i, s)
		}
	}
	return 1 - stays
}
