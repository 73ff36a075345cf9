package meetings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"secretariat/programme"
)

// Quorum is what a rule asks for and how likely it is.
type Quorum struct {
	Purpose     string // open or decide
	Required    int    // seats that must be there
	Seats       int    // of which the share is taken
	Expected    float64
	Probability float64
	Low, High   float64  // with every chance a tenth lower and higher
	AskFirst    []string // people whose acceptance would help most, the first the most
}

// Chances that somebody comes, by what they answered (study: defaults until the council's own counts replace them).
const (
	chanceAccepted  = 0.95
	chanceTentative = 0.75
	chanceDeclined  = 0.02
	chanceUnknown   = 0.5
	recordWeight    = 2.0 // an unknown seat's own record counts as if it had two sessions more, half of them attended
)

// Required returns how many of n are the share of a rule, in whole numbers: at least the fraction, or more than it when
// strict. At least one.
func Required(rule programme.QuorumRule, n int) (int, error) {
	above, below, ok := strings.Cut(rule.Fraction, "/")
	num, err := strconv.Atoi(above)
	den, err2 := strconv.Atoi(below)
	if !ok || err != nil || err2 != nil || num < 0 || den <= 0 || num > den {
		return 0, fmt.Errorf("quorum to %s: fraction %q is not a share such as 1/2", rule.Purpose, rule.Fraction)
	}
	required := (n*num + den - 1) / den
	if rule.Strict {
		required = n*num/den + 1
	}
	return max(required, 1), nil
}

// Quorums returns the forecast of every quorum rule of the council.
func (m *Meeting) Quorums() ([]Quorum, error) {
	var all []Quorum
	for _, rule := range m.Council.Quorum {
		q, err := m.quorum(rule)
		if err != nil {
			return nil, fmt.Errorf("session %s: %w", m.Session.Ref, err)
		}
		all = append(all, q)
	}
	return all, nil
}

func (m *Meeting) quorum(rule programme.QuorumRule) (Quorum, error) {
	voting := m.voting()
	q := Quorum{Purpose: rule.Purpose, Seats: base(rule.Base, voting)}
	var err error
	if q.Required, _, err = m.required(rule, q.Seats); err != nil {
		return q, err
	}
	chances := make([]float64, len(voting))
	for i, st := range voting {
		chances[i] = m.chance(st)
		q.Expected += chances[i]
	}
	offices := m.officesNeeded(rule, voting)
	reach := func(shift float64) float64 { return withOffices(chances, offices, q.Required, shift) }
	q.Probability, q.Low, q.High = reach(0), reach(-0.1), reach(0.1)
	q.AskFirst = askFirst(voting, chances, offices, q)
	return q, nil
}

// voting returns how the voting seats stand.
func (m *Meeting) voting() (voting []Standing) {
	for _, st := range m.Standings() {
		if st.Seat.Voting {
			voting = append(voting, st)
		}
	}
	return voting
}

// base counts the seats of which a rule takes its share. Before the session those who accepted stand for those present.
func base(kind string, voting []Standing) (n int) {
	for _, st := range voting {
		if kind == "voting-seats" || kind == "filled-voting-seats" && st.Member != "" || kind == "present" && st.Answer == "accepted" {
			n++
		}
	}
	return n
}

// chance returns how likely somebody sits on a seat. Nobody is assumed to act: an alternate who was not heard adds nothing.
func (m *Meeting) chance(st Standing) float64 {
	switch {
	case st.Acting == "":
		return 0
	case st.Answer == "accepted":
		return chanceAccepted
	case st.Answer == "tentative":
		return chanceTentative
	case st.Answer == "declined":
		return chanceDeclined
	}
	return m.RecordChance(m.Past[st.Seat.Ref])
}

// office is a function that must be there: the voting seat that its holder speaks for, or -1 and a chance of its own.
type office struct {
	seat   int
	chance float64
}

func (m *Meeting) officesNeeded(rule programme.QuorumRule, voting []Standing) (offices []office) {
	for _, kind := range rule.NeedsOffice {
		holder := m.InOffice(kind, m.OpeningDay())
		o := office{seat: slices.IndexFunc(voting, func(st Standing) bool { return holder != "" && st.Acting == holder })}
		if st, ok := m.Speaks(holder); o.seat < 0 && holder != "" {
			o.chance = chanceAccepted
			if ok { // on a seat without a vote
				o.chance = m.chance(st)
			}
		}
		offices = append(offices, o)
	}
	return offices
}

// withOffices returns the chance that the offices needed are there and the seats reach the number required, with every
// chance shifted. A seat whose holder is needed is taken as there, at the price of its chance.
func withOffices(chances []float64, offices []office, required int, shift float64) float64 {
	shifted := make([]float64, len(chances))
	for i, p := range chances {
		if p > 0 { // a vacant seat stays vacant
			p = min(1, max(0, p+shift))
		}
		shifted[i] = p
	}
	all := 1.0
	for _, o := range offices {
		if o.seat < 0 {
			all *= min(1, max(0, o.chance+shift))
			continue
		}
		all *= shifted[o.seat]
		shifted[o.seat] = 1
	}
	return all * atLeast(shifted, required)
}

// atLeast returns the chance that at least k of independent events happen (Poisson binomial, exact).
func atLeast(chances []float64, k int) float64 {
	if k <= 0 {
		return 1
	}
	exactly := make([]float64, k) // exactly i so far; the rest has reached k
	exactly[0] = 1
	reached := 0.0
	for _, p := range chances {
		reached += exactly[k-1] * p
		for i := k - 1; i > 0; i-- {
			exactly[i] = exactly[i]*(1-p) + exactly[i-1]*p
		}
		exactly[0] *= 1 - p
	}
	return reached
}

// askFirst lists those who have not accepted by how much their acceptance would add.
func askFirst(voting []Standing, chances []float64, offices []office, q Quorum) (people []string) {
	type gain struct {
		person string
		by     float64
	}
	var gains []gain
	for i, st := range voting {
		if st.Acting == "" || st.Answer == "accepted" || st.Answer == "declined" {
			continue
		}
		changed := slices.Clone(chances)
		changed[i] = chanceAccepted
		gains = append(gains, gain{st.Acting, withOffices(changed, offices, q.Required, 0) - q.Probability})
	}
	slices.SortStableFunc(gains, func(a, b gain) int {
		switch {
		case a.by > b.by:
			return -1
		case a.by < b.by:
			return 1
		}
		return 0
	})
	for _, g := range gains {
		people = append(people, g.person)
	}
	return people
}
