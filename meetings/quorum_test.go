package meetings

import (
	"math"
	"math/rand"
	"testing"

	"secretariat/programme"
)

func TestRequired(t *testing.T) {
	for _, c := range []struct {
		fraction string
		strict   bool
		n, want  int
	}{
		{"1/3", false, 14, 5}, {"1/3", false, 15, 5}, {"1/3", false, 16, 6}, {"1/3", true, 15, 6}, {"1/3", true, 14, 5},
		{"1/2", true, 14, 8}, {"1/2", true, 15, 8}, {"1/2", false, 14, 7}, {"1/2", false, 15, 8},
		{"2/3", false, 12, 8}, {"2/3", false, 13, 9}, {"2/3", true, 12, 9}, {"2/3", false, 1, 1},
		{"1/1", false, 7, 7}, {"0/1", false, 7, 1}, {"1/3", false, 0, 1}, {"1/3", false, 1, 1}, {"1/3", false, 3, 1}, {"1/3", true, 3, 2},
		{"3/4", false, 8, 6}, {"3/4", true, 8, 7}, {"1/10", false, 200, 20}, {"1/10", true, 200, 21}, {"7/13", false, 13, 7},
	} {
		if got, err := Required(programme.QuorumRule{Fraction: c.fraction, Strict: c.strict}, c.n); err != nil || got != c.want {
			t.Errorf("%s of %d, strict %v: got %d (%v), want %d", c.fraction, c.n, c.strict, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "half", "1/0", "3/2", "-1/2", "1/-2"} {
		if got, err := Required(programme.QuorumRule{Fraction: bad}, 5); err == nil {
			t.Errorf("%q: got %d", bad, got)
		}
	}
}

// The recurrence agrees with counting every subset.
func TestAtLeastAgainstEverySubset(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	for range 200 {
		chances := make([]float64, r.Intn(12))
		for i := range chances {
			chances[i] = []float64{0, 1, r.Float64(), r.Float64()}[r.Intn(4)]
		}
		for k := 0; k <= len(chances)+1; k++ {
			want := 0.0
			for set := range 1 << len(chances) {
				p, there := 1.0, 0
				for i, c := range chances {
					if set>>i&1 == 1 {
						p, there = p*c, there+1
					} else {
						p *= 1 - c
					}
				}
				if there >= k {
					want += p
				}
			}
			if got := atLeast(chances, k); math.Abs(got-want) > 1e-12 {
				t.Fatalf("at least %d of %v: got %v, want %v", k, chances, got, want)
			}
		}
	}
}

func TestQuorums(t *testing.T) {
	m := fixture().answered(t, []string{"S1", "anna", "accepted"}, []string{"S2", "bob", "declined"})
	m.Past = map[string]SeatRecord{"S3": {Sessions: 8, Attended: 8}}
	quorums, err := m.Quorums()
	if err != nil {
		t.Fatal(err)
	}
	open, decide := quorums[0], quorums[1]
	if open.Required != 1 || open.Seats != 3 || decide.Required != 2 {
		t.Errorf("required: %+v", quorums)
	}
	// To open one seat and the chair are needed: exactly the chance of the chair.
	if math.Abs(open.Probability-0.95) > 1e-12 {
		t.Errorf("to open: %v", open.Probability)
	}
	// The seat that never answered came nine of ten times, counting its record and two sessions of which it came to one.
	p1, p2, p3 := 0.95, 0.02, 0.9
	want := p1*p2*(1-p3) + p1*(1-p2)*p3 + (1-p1)*p2*p3 + p1*p2*p3
	if math.Abs(decide.Probability-want) > 1e-12 || math.Abs(decide.Expected-(p1+p2+p3)) > 1e-12 {
		t.Errorf("to decide: %+v, want %v", decide, want)
	}
	if len(decide.AskFirst) != 1 || decide.AskFirst[0] != "chen" || decide.Low >= decide.Probability || decide.High <= decide.Probability {
		t.Errorf("to decide: %+v", decide)
	}
}

func TestQuorumBase(t *testing.T) {
	for _, c := range []struct {
		base string
		want int
	}{{"voting-seats", 3}, {"filled-voting-seats", 2}, {"present", 1}} {
		m := fixture().answered(t, []string{"S1", "anna", "accepted"}, []string{"S4", "obs", "accepted"})
		m.Seats[2].Members = nil // vacant
		m.Council.Quorum = []programme.QuorumRule{{Purpose: "decide", Fraction: "1/2", Base: c.base}}
		quorums, err := m.Quorums()
		if err != nil || quorums[0].Seats != c.want {
			t.Errorf("%s: got %+v (%v), want %d seats", c.base, quorums, err, c.want)
		}
	}
}

// A member and the alternate who both accept are one seat.
func TestSeatCountsOnce(t *testing.T) {
	m := fixture().answered(t, []string{"S1", "anna", "accepted"}, []string{"S1", "alt1", "accepted"})
	quorums, err := m.Quorums()
	if err != nil || math.Abs(quorums[1].Expected-(0.95+0.5+0.5)) > 1e-12 {
		t.Errorf("expected: %+v, %v", quorums, err)
	}
}

// A chair who holds no seat, and an office that nobody holds.
func TestQuorumOffices(t *testing.T) {
	m := fixture()
	m.Council.Offices[0].Person = "sec"
	if q, _ := m.Quorums(); math.Abs(q[0].Probability-0.95*0.875) > 1e-12 {
		t.Errorf("chair without a seat: %v", q[0].Probability)
	}
	m.Council.Offices = nil
	if q, _ := m.Quorums(); q[0].Probability != 0 {
		t.Errorf("no chair: %v", q[0].Probability)
	}
}

// BenchmarkQuorum is the chance of a majority of 200 seats.
func BenchmarkQuorum(b *testing.B) {
	chances := make([]float64, 200)
	for i := range chances {
		chances[i] = 0.3 + 0.6*float64(i)/200
	}
	defer processor(b)()
	for range b.N {
		if p := atLeast(chances, 101); p <= 0 || p >= 1 {
			b.Fatal(p)
		}
	}
}
