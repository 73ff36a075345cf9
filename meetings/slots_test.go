package meetings

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/calendar"
	"secretariat/programme"
)

func zone(name string) *time.Location {
	z, err := calendar.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return z
}

// slotPerson is somebody at their desk from nine to six, with their country's weekend.
func slotPerson(ref, country, where string) SlotPerson {
	return SlotPerson{Ref: ref, Zone: zone(where), Workdays: calendar.PersonWorkdays(nil, country, calendar.Holidays{}), From: 540, To: 1080, Chance: 0.8}
}

// councilOf is a search for a council of these people, each on a voting seat.
func councilOf(from, to string, people ...SlotPerson) SlotSearch {
	q := SlotSearch{From: date(from), To: date(to), Lasts: 3 * time.Hour, Zone: zone("Asia/Tashkent"), Opens: 540, Closes: 1080, People: people,
		Venue: calendar.CalendarWorkdays("UZ", calendar.Holidays{Off: []time.Time{date("2027-03-08").Time()}}), Floor: DefaultFloor, Required: len(people)/2 + 1, Top: 20}
	for i := range people {
		q.Seats = append(q.Seats, SlotSeat{Member: i, Alternate: -1, Voting: true})
	}
	return q
}

// TestCheck24 is check 24 of the study: weekends by country and a holiday at the venue; no slot breaks a hard rule, every
// cost has its name.
func TestCheck24HardRulesAndNamedCosts(t *testing.T) {
	q := councilOf("2027-03-01", "2027-03-14", slotPerson("uz", "UZ", "Asia/Tashkent"), slotPerson("saudi", "SA", "Asia/Riyadh"),
		slotPerson("afghan", "AF", "Asia/Kabul"), slotPerson("ny", "US", "America/New_York"))
	q.Earliest, q.Top = date("2027-03-03"), 0
	q.People[0].Busy = []Busy{{From: at("2027-03-10T09:00:00+05:00"), To: at("2027-03-10T12:00:00+05:00")}}
	q.Officers = []SlotOffice{{Kind: "chair", People: []int{0}, Quorum: true, Seat: 0}}
	r := FindSlots(q)
	if len(r.Slots) == 0 || r.DaysOff {
		t.Fatalf("%d slots, days off relaxed: %v", len(r.Slots), r.DaysOff)
	}
	for _, s := range r.Slots {
		local := s.Start.In(q.Zone)
		switch day := local.Format(time.DateOnly); {
		case local.Weekday() != time.Monday && local.Weekday() != time.Tuesday && local.Weekday() != time.Wednesday:
			t.Errorf("%s is a day off for somebody", local)
		case day == "2027-03-08" || day < "2027-03-03":
			t.Errorf("%s: a holiday at the venue, or too early", local)
		case day == "2027-03-10" && local.Hour() < 12:
			t.Errorf("%s: the chair is busy", local)
		case local.Hour() < 9 || local.Add(3*time.Hour).Hour()*60+local.Minute() > 18*60:
			t.Errorf("%s is outside of the hours", local)
		}
		named := strings.Join(s.Reasons(), "\n")
		for _, p := range q.People {
			own := Burden(p.Zone, p.Workdays, p.From, p.To, s.Start, s.Start.Add(q.Lasts))
			if (own > 0) != strings.Contains(named, p.Ref+": ") {
				t.Errorf("%s costs %s %d, and the reasons say:\n%s", local, p.Ref, own, named)
			}
		}
	}
	for _, why := range []string{RefusedHours, RefusedVenue, RefusedEarly, RefusedDaysOff, "chair not free"} {
		if r.Refused[why] == 0 {
			t.Errorf("no slot was refused as %q: %v", why, r.Refused)
		}
	}
	q.People = append(q.People, slotPerson("odd", "UZ", "Asia/Tashkent"))
	q.People[4].Workdays = calendar.PersonWorkdays([]string{"mon", "tue", "wed"}, "UZ", calendar.Holidays{})
	q.Seats = append(q.Seats, SlotSeat{Member: 4, Alternate: -1, Voting: true})
	relaxed := FindSlots(q)
	if !relaxed.DaysOff || len(relaxed.Slots) == 0 {
		t.Fatalf("no day is worked by all: %+v", relaxed.Refused)
	}
	if text := strings.Join(relaxed.Slots[0].Reasons(), "\n"); !strings.Contains(text, "day off") {
		t.Errorf("a day off is not named: %s", text)
	}
}

// TestCheck25 is check 25 of the study: a council spread over the world, nine monthly sessions. With memory nobody carries
// much more than the others; without it somebody always sits up at night.
func TestCheck25MemoryOfBurdens(t *testing.T) {
	spread := func(memory bool) float64 {
		carried := map[string]int{}
		for month := range 9 {
			day := date("2027-05-18").Time().AddDate(0, month, 0)
			q := councilOf("2027-05-18", "2027-05-18", slotPerson("tashkent", "UZ", "Asia/Tashkent"), slotPerson("newyork", "US", "America/New_York"), slotPerson("tokyo", "JP", "Asia/Tokyo"))
			q.From, q.To, q.Opens, q.Closes, q.Lasts, q.Top = dateOf(day), dateOf(day), 0, 1440, 30*time.Minute, 1
			q.Venue = calendar.NewWorkdays([]time.Weekday{}, []time.Weekday{}, calendar.Holidays{})
			for i := range q.People {
				q.People[i].Chance, q.People[i].Workdays = 0.95, q.Venue
				if memory {
					q.People[i].Carried = carried[q.People[i].Ref]
				}
			}
			best := FindSlots(q).Slots[0]
			for _, p := range q.People {
				carried[p.Ref] += Burden(p.Zone, p.Workdays, p.From, p.To, best.Start, best.Start.Add(q.Lasts))
			}
		}
		low, high := math.MaxInt, 0
		for _, c := range carried {
			low, high = min(low, c), max(high, c)
		}
		return float64(high-low) / burdenUnit
	}
	if got := spread(true); got > 3 {
		t.Errorf("with memory the burdens are %.1f apart, want at most 3", got)
	}
	if got := spread(false); got <= 10 {
		t.Errorf("without memory they are %.1f apart: the case shows nothing", got)
	}
}

// TestCheck23 is the second half of check 23: the finder equals a slow one that counts every minute and every subset of
// seats, on 300 random small cases.
func TestCheck23EqualsSlowFinder(t *testing.T) {
	zones := []string{"Asia/Tashkent", "Europe/Vienna", "America/New_York", "Asia/Kabul", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Riyadh"}
	countries := []string{"UZ", "AT", "US", "AF", "NP", "JP", "SA"}
	for n := range 300 {
		r := rand.New(rand.NewSource(int64(n)))
		first := date("2027-03-08").AddDays(r.Intn(30))
		q := councilOf(first.String(), first.AddDays(1+r.Intn(6)).String())
		q.Lasts, q.Top, q.Floor = time.Duration(1+r.Intn(6))*slotStep, 0, 0.5+0.5*r.Float64()
		if r.Intn(3) == 0 {
			q.Opens, q.Closes = 0, 1440
		}
		q.Seats = nil
		for i := range 2 + r.Intn(5) {
			k := r.Intn(len(zones))
			p := slotPerson(fmt.Sprint("p", i), countries[k], zones[k])
			p.Chance, p.Carried, p.From, p.To = r.Float64(), r.Intn(20)*5000, 420+30*r.Intn(6), 960+30*r.Intn(8)
			for range r.Intn(6) {
				from := first.Time().Add(time.Duration(r.Intn(7*24*4)) * 15 * time.Minute)
				p.Busy = append(p.Busy, Busy{from, from.Add(time.Duration(1+r.Intn(12)) * 15 * time.Minute), r.Intn(2) == 0})
			}
			q.People = append(q.People, p)
			if i > 0 && r.Intn(4) == 0 && q.Seats[len(q.Seats)-1].Alternate < 0 {
				q.Seats[len(q.Seats)-1].Alternate = i
			} else {
				q.Seats = append(q.Seats, SlotSeat{Member: i, Alternate: -1, Voting: r.Intn(5) > 0})
			}
		}
		q.Required = 1 + r.Intn(len(q.Seats))
		if r.Intn(2) == 0 {
			q.Officers = []SlotOffice{{Kind: "chair", People: []int{0}, Quorum: r.Intn(2) == 0, Seat: 0}}
		}
		fast, slow := FindSlots(q), slowFinder(q)
		if len(fast.Slots) != len(slow) {
			t.Fatalf("case %d: %d slots, the slow finder has %d", n, len(fast.Slots), len(slow))
		}
		for i := range slow {
			if !fast.Slots[i].Start.Equal(slow[i].Start) || math.Abs(fast.Slots[i].Probability-slow[i].Probability) > 1e-12 || fast.Slots[i].Total != slow[i].Total {
				t.Fatalf("case %d, place %d: %s p %.15f total %d, the slow finder has %s p %.15f total %d", n, i, fast.Slots[i].Start, fast.Slots[i].Probability,
					fast.Slots[i].Total, slow[i].Start, slow[i].Probability, slow[i].Total)
			}
		}
	}
}

// slowFinder finds slots by the definitions alone: it walks the minutes of every slot on every clock, adds up every subset
// of the seats, and looks for the best of the rest again and again.
func slowFinder(q SlotSearch) (order []Slot) {
	type candidate struct {
		Slot
		vector []int
	}
	find := func(daysOff bool) (list []candidate) {
		for start := calendar.Moment(q.From.Time(), 0, q.Zone); start.Before(calendar.Moment(q.To.AddDays(1).Time(), 0, q.Zone)); start = start.Add(slotStep) {
			if !slowAllowed(q, start, daysOff) {
				continue
			}
			c := candidate{Slot: Slot{Start: start, Probability: slowQuorum(q, start)}}
			for _, s := range q.Seats {
				own := slowBurden(q.People[s.Member], start, q.Lasts)
				c.Total += own
				c.vector = append(c.vector, own+q.People[s.Member].Carried)
			}
			slices.Sort(c.vector)
			slices.Reverse(c.vector)
			list = append(list, c)
		}
		return list
	}
	list := find(true)
	if len(list) == 0 {
		list = find(false)
	}
	best := 0.0
	for _, c := range list {
		best = max(best, c.Probability)
	}
	var kept []candidate
	for _, c := range list {
		if c.Probability >= q.Floor || best < q.Floor && int(100*c.Probability+1e-9) == int(100*best+1e-9) {
			kept = append(kept, c)
		}
	}
	for len(kept) > 0 {
		top := 0
		for i, c := range kept {
			if d := slices.Compare(c.vector, kept[top].vector); d < 0 || d == 0 && c.Total < kept[top].Total {
				top = i
			}
		}
		order = append(order, kept[top].Slot)
		kept = slices.Delete(kept, top, top+1)
	}
	return order
}

func slowAllowed(q SlotSearch, start time.Time, daysOff bool) bool {
	local, end := start.In(q.Zone), start.Add(q.Lasts).In(q.Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, q.Zone)
	if local.Sub(midnight) < time.Duration(q.Opens)*time.Minute || end.Sub(midnight) > time.Duration(q.Closes)*time.Minute || !q.Venue.Is(calendar.Day(local)) {
		return false
	}
	off := func(p SlotPerson) bool {
		for at := start; at.Before(start.Add(q.Lasts)); at = at.Add(slotStep) {
			if !p.Workdays.Is(calendar.DayIn(at, p.Zone)) {
				return true
			}
		}
		return false
	}
	for _, o := range q.Officers {
		if p := q.People[o.People[0]]; slowBusy(p, start, q.Lasts, false) || off(p) {
			return false
		}
	}
	for _, s := range q.Seats {
		if daysOff && off(q.People[s.Member]) {
			return false
		}
	}
	return true
}

func slowBusy(p SlotPerson, start time.Time, lasts time.Duration, half bool) bool {
	for _, b := range p.Busy {
		if b.Half == half && b.From.Before(start.Add(lasts)) && b.To.After(start) {
			return true
		}
	}
	return false
}

func slowBurden(p SlotPerson, start time.Time, lasts time.Duration) int {
	sum, steps := 0, 0
	for at := start; at.Before(start.Add(lasts)); at = at.Add(slotStep) {
		local := at.In(p.Zone)
		minute := local.Hour()*60 + local.Minute()
		cost := 0
		if minute < p.From {
			cost = min(300, p.From-minute)
		}
		if minute >= p.To {
			cost = min(300, minute-p.To)
		}
		if minute >= 22*60 || minute < 6*60 {
			cost = 480
		}
		if !p.Workdays.Is(calendar.DayIn(at, p.Zone)) {
			cost = max(cost, 360)
		}
		sum, steps = sum+cost, steps+1
	}
	return int(math.Round(float64(sum) * 10000 / float64(60*steps)))
}

// slowQuorum adds the probability of every subset of voting seats that is large enough and holds the seat that must be there.
func slowQuorum(q SlotSearch, start time.Time) (p float64) {
	var chances []float64
	needed, outside := -1, 1.0
	comes := func(i int) float64 {
		x := q.People[i]
		if slowBusy(x, start, q.Lasts, false) {
			return 0.02
		}
		c := x.Chance * math.Exp(-float64(slowBurden(x, start, q.Lasts))/10000/24)
		if slowBusy(x, start, q.Lasts, true) {
			c /= 2
		}
		return c
	}
	for i, s := range q.Seats {
		c := comes(s.Member)
		if s.Alternate >= 0 {
			c = 1 - (1-c)*(1-comes(s.Alternate))
		}
		chair := i == 0 && len(q.Officers) > 0 && q.Officers[0].Quorum
		if s.Voting {
			if chair {
				needed = len(chances)
			}
			chances = append(chances, c)
		} else if chair {
			outside = comes(s.Member)
		}
	}
	for set := range 1 << len(chances) {
		all, n := outside, 0
		for i, c := range chances {
			if set>>i&1 == 1 {
				all, n = all*c, n+1
			} else {
				all *= 1 - c
			}
		}
		if n >= q.Required && (needed < 0 || set>>needed&1 == 1) {
			p += all
		}
	}
	return p
}

func TestPollOptionsAreRankedByTheirAnswers(t *testing.T) {
	good, late := at("2027-03-03T10:00:00+05:00"), at("2027-03-03T20:00:00+05:00")
	q := councilOf("2027-03-01", "2027-03-05", slotPerson("a", "UZ", "Asia/Tashkent"), slotPerson("b", "UZ", "Asia/Tashkent"), slotPerson("c", "UZ", "Asia/Tashkent"))
	q.Only = []time.Time{good, late}
	q.People[0].Answers = map[time.Time]string{good.UTC(): "no", late.UTC(): "yes"}
	q.People[1].Answers = map[time.Time]string{good.UTC(): "no", late.UTC(): "if-need-be"}
	r := FindSlots(q)
	if len(r.Slots) != 2 || !r.Slots[0].Start.Equal(late) {
		t.Errorf("two of three cannot come at ten: %+v", r.Slots)
	}
	q.People[0].Answers[good.UTC()], q.People[1].Answers[good.UTC()] = "yes", "yes"
	if r := FindSlots(q); !r.Slots[0].Start.Equal(good) || len(r.Slots[0].Costs) != 0 {
		t.Errorf("all can come at ten: %+v", r.Slots[0])
	}
}

// BenchmarkSlots is the figure of the design: 200 members, 60 days, every half-hour.
func BenchmarkSlots(b *testing.B) {
	q := crowd(200, 60)
	defer processor(b)()
	b.ResetTimer()
	for range b.N {
		if r := FindSlots(q); r.Looked != 60*48 {
			b.Fatal(r.Looked)
		}
	}
}

// crowd is a council spread over twelve zones with three appointments a day; nothing is refused by a hard rule, so that the
// probability of every slot is computed.
func crowd(members, days int) SlotSearch {
	zones := []string{"Asia/Tashkent", "Europe/Vienna", "America/New_York", "Asia/Dhaka", "Africa/Cairo", "Asia/Tokyo", "America/Sao_Paulo", "Asia/Riyadh", "Europe/London", "Asia/Almaty", "Australia/Sydney", "America/Los_Angeles"}
	r := rand.New(rand.NewSource(1))
	every := calendar.NewWorkdays([]time.Weekday{}, []time.Weekday{}, calendar.Holidays{})
	var people []SlotPerson
	for i := range members {
		p := slotPerson(fmt.Sprint("p", i), "UZ", zones[r.Intn(len(zones))])
		p.Workdays, p.Chance = every, 0.6+0.35*r.Float64()
		for range 3 * days {
			from := date("2027-03-01").Time().Add(time.Duration(r.Intn(days*48)) * slotStep)
			p.Busy = append(p.Busy, Busy{From: from, To: from.Add(time.Duration(1+r.Intn(4)) * slotStep)})
		}
		people = append(people, p)
	}
	q := councilOf("2027-03-01", "2027-03-01", people...)
	q.To, q.Venue, q.Opens, q.Closes, q.Lasts = q.From.AddDays(days-1), every, 0, 48*60, 2*time.Hour
	return q
}

// The answers to a poll decide before the date does: of two options that burden everybody alike the one that more accept
// comes first, and one without a quorum comes last however light it is.
func TestOptionsGoByTheAnswers(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2027, 2, 2, hour, 0, 0, 0, time.UTC) }
	lonely, liked, late := at(10), at(12), at(19) // the last is outside everybody's hours
	q := SlotSearch{Lasts: time.Hour, Zone: time.UTC, Required: 3, Floor: DefaultFloor, Only: []time.Time{lonely, liked, late},
		From: programme.NewDate(2027, 2, 2), To: programme.NewDate(2027, 2, 2)}
	for i := range 5 {
		answers := map[time.Time]string{lonely: "no", liked: "yes", late: "yes"}
		if i < 3 {
			answers[lonely] = "yes"
		}
		q.People = append(q.People, SlotPerson{Ref: fmt.Sprint(i), Zone: time.UTC, From: 540, To: 1080, Chance: 0.9, Answers: answers})
		q.Seats = append(q.Seats, SlotSeat{Member: i, Alternate: -1, Voting: true})
	}
	order := func() (hours []int) {
		for _, s := range FindSlots(q).Slots {
			hours = append(hours, s.Start.Hour())
		}
		return hours
	}
	if got := order(); !slices.Equal(got, []int{12, 19, 10}) {
		t.Errorf("three of five accept 10:00, all accept 12:00 and 19:00: the order is %v", got)
	}
	q.Floor = 0.5 // now all reach the floor: burdens decide, then the answers
	if got := order(); !slices.Equal(got, []int{12, 10, 19}) {
		t.Errorf("above the floor the order is %v", got)
	}
}
